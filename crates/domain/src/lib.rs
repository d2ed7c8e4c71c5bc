//! Decisions of Regain: pure functions over values, without clock, dice or IO. Also runs in the browser.

pub mod account;
pub mod approval;
pub mod audit;
pub mod authenticator;
pub mod brand;
pub mod change;
pub mod cost;
pub mod device;
pub mod flow;
pub mod gate;
pub mod ids;
pub mod kiosk;
pub mod limits;
pub mod locale;
pub mod lockout;
pub mod not_me;
pub mod notice;
pub mod password;
pub mod people;
pub mod policy;
pub mod refusal;
pub mod registration;
pub mod role;
pub mod secret;
pub mod setup;
pub mod sign_in;
pub mod staff;
pub mod tenant;
pub mod text;
pub mod time;

#[cfg(test)]
mod rules;
#[cfg(test)]
mod testing;

pub use cost::Cost;
pub use refusal::Refusal;
pub use secret::Secret;
pub use time::Timestamp;
