//! Sequences over real rows: gather, decide, apply, as the pages call them.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod after;
mod asking;
mod at_once;
mod audit;
mod authenticator;
mod change;
mod console;
mod cut;
mod device;
mod disclosure;
mod edition;
mod full;
mod gateway;
mod grant;
mod history;
mod interrupt;
mod kiosk;
mod live;
mod methods;
mod not_me;
mod notices;
mod one_time_pass;
mod outbox;
mod paid;
mod passkey;
mod people;
mod phone_methods;
mod phones;
mod protection;
mod pushes;
mod questions;
mod registration;
mod reset;
#[cfg(test)]
#[path = "../../../../end2end/services/service.rs"]
mod service;
mod session;
mod setup;
mod sign_in;
mod stage;
mod time;
mod unlock;
mod walk;
mod work;
mod workstation;
