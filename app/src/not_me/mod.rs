//! «This was not me»: the page that takes the reference of a message.

mod api;
mod page;

pub(crate) use page::not_me;
