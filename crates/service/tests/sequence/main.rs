//! Sequences over real rows: gather, decide, apply, as the pages call them.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod grant;
mod history;
mod outbox;
mod reset;
mod sign_in;
mod walk;
