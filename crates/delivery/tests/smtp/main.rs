//! Mail against a real SMTP server that fails on demand: `end2end/services/smtp.py`.

#[cfg(test)]
mod faults;
#[cfg(test)]
mod security;
#[cfg(test)]
mod sink;
