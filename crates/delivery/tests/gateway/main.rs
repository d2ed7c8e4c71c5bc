//! Gateways against a stand-in for Twilio, `end2end/services/gateway.py`, and against small servers of the tests.

#[cfg(test)]
mod calls;
#[cfg(test)]
mod fake;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod listener;
#[cfg(test)]
mod messages;
#[cfg(test)]
#[path = "../../../../end2end/services/service.rs"]
mod service;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod templates;
