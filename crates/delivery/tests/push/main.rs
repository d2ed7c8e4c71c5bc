//! Pushes against a push service that is the phone as well, `end2end/services/push_service.py`.

#[cfg(test)]
mod faults;
#[cfg(test)]
mod phone;
#[cfg(test)]
#[path = "../../../../end2end/services/service.rs"]
mod service;
#[cfg(test)]
mod wake;
