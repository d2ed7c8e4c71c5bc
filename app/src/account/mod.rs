//! Signing in and out, and the page that says who one is.

mod api;
mod home;
mod role;
mod sign_in;

pub(crate) use api::look;
pub(crate) use home::home;
pub(crate) use role::role_words;
pub(crate) use sign_in::sign_in;
