//! The reset flow: a row with a state, moved by posts. What may move it how is decided here, and nowhere else.

mod begin;
mod choose;
mod decide;
mod grant;
mod input;
mod prove;
mod screen;
mod state;

pub use begin::{Beginning, begin};
pub use decide::{Decision, Effect, Facts, Verdict, decide};
pub use grant::{Grant, NoGrant, grant};
pub use input::{Input, Proof};
pub use screen::{Asked, CaptchaOffer, GateOffer, Handoff, HelpRequest, Progress, ProveForm, Screen, Step, screen};
pub use state::{Attempt, Client, Flow, Purpose, Stage, State, Subject, Summary};

#[cfg(test)]
mod model;
