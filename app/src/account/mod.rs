//! Signing in and out, the page that says who one is, and the one that changes a password.

mod api;
mod change;
mod expiring;
mod home;
mod onward;
mod role;
mod sessions;
mod sign_in;

pub(crate) use api::{SignOut, look};
pub(crate) use change::change_password;
pub(crate) use expiring::Expiring;
pub(crate) use home::home;
pub(crate) use onward::{Onward, away};
pub(crate) use role::{role_name, role_words};
pub(crate) use sign_in::sign_in;
