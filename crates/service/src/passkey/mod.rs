//! Passkeys: the two ceremonies of `WebAuthn`, from what a browser is asked to whether its answer is right. Checks and
//! challenges are webauthn-rs'; rows, limits and what a passkey opens are the callers'.

mod answer;
mod ceremony;
mod party;
mod stranger;

#[cfg(test)]
mod tests;

pub(crate) use answer::{Answer, NewKey};
pub(crate) use ceremony::{Ceremony, key_bytes, key_of_bytes};
pub(crate) use party::{Holder, No, RelyingParty};
