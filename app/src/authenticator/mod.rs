//! The authenticator: an app on the phone that approves requests by a number to be typed, and shows codes, offline too. R12, R58.
//!
//! What it keeps, it keeps in the browser's own database; the page that the server draws is empty and the same for everybody.

mod add;
mod answer;
mod api;
mod codes;
mod crypto;
mod keep;
mod page;
mod phone;
mod speak;
mod wake;

pub(crate) use page::authenticator;
