//! One's own methods: proving anew who one is, adding, naming and removing.

mod api;
mod confirm;
mod destination;
mod enrol;
mod methods;
mod page;
mod phone;

pub(crate) use page::security;
