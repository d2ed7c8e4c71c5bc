//! Mail against real SMTP servers: one that fails on demand, `end2end/services/smtp.py`, and Postfix, `postfix.sh`.

#[cfg(test)]
mod faults;
#[cfg(test)]
mod postfix;
#[cfg(test)]
mod security;
#[cfg(test)]
#[path = "../../../../end2end/services/service.rs"]
mod service;
#[cfg(test)]
mod sink;
