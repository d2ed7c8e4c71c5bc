//! People and groups: found, looked at, helped, made, and put into groups.

mod act;
mod api;
mod group;
mod groups;
mod import;
mod list;
mod newcomer;
mod person;
mod words;

pub(crate) use group::group;
pub(crate) use groups::groups;
pub(crate) use import::import;
pub(crate) use list::people;
pub(crate) use newcomer::newcomer;
pub(crate) use person::person;

pub(super) use groups::PATH as GROUPS;
pub(super) use list::PATH as USERS;
pub(crate) use words::{field as field_words, wrong as wrong_words};
