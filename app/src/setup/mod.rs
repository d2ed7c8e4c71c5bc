//! The set-up: the one page while there is no organisation.

mod api;
mod page;
mod steps;
mod words;

pub(crate) use page::setup;
