//! Administration: so far one page that says which staff member is signed in.

mod api;
mod page;

pub(crate) use page::console;
