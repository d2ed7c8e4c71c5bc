//! Passkeys: the two ceremonies of `WebAuthn`, from what a browser is asked to whether its answer is right, and the rows in
//! between. Checks and challenges are webauthn-rs'; limits and what a passkey opens are the callers'.

mod answer;
mod ceremony;
mod party;
mod rows;
mod stranger;

#[cfg(test)]
mod tests;

pub(crate) use rows::{Made, are_possible, ask, ask_new, claimed, made, options, proved};

use answer::{Answer, NewKey};
use ceremony::{Ceremony, key_bytes, key_of_bytes};
use party::{Holder, No, RelyingParty};
