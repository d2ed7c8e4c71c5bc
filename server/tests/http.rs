//! The whole program from outside, with scripts and without: order, cookies, origins, headers, hosts, input, quiet, operation.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that gets no answer has failed, and shows the log"
)]

#[expect(dead_code, reason = "other test programs use more of it")]
mod client;

#[path = "http/audit.rs"]
mod audit;
#[path = "http/authenticator.rs"]
mod authenticator;
#[path = "http/captcha.rs"]
mod captcha;
#[path = "http/cookies.rs"]
mod cookies;
#[path = "http/discreet.rs"]
mod discreet;
#[path = "http/functions.rs"]
mod functions;
#[path = "http/headers.rs"]
mod headers;
#[path = "http/history.rs"]
mod history;
#[path = "http/hosts.rs"]
mod hosts;
#[path = "http/hung_up.rs"]
mod hung_up;
#[path = "http/input.rs"]
mod input;
#[path = "http/interrupt.rs"]
mod interrupt;
#[path = "http/keys.rs"]
mod keys;
#[path = "http/kiosk.rs"]
mod kiosk;
#[path = "http/language.rs"]
mod language;
#[path = "http/locked.rs"]
mod locked;
#[path = "http/not_me.rs"]
mod not_me;
#[path = "http/one_time_pass.rs"]
mod one_time_pass;
#[path = "http/operation.rs"]
mod operation;
#[path = "http/order.rs"]
mod order;
#[path = "http/origin.rs"]
mod origin;
#[path = "http/passes.rs"]
mod passes;
#[path = "http/passkeys.rs"]
mod passkeys;
#[path = "http/sessions.rs"]
mod sessions;
#[path = "http/setup.rs"]
mod setup;
