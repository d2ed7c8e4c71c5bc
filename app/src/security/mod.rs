//! One's own methods: proving anew who one is, adding, naming, removing, and what sign-in asks for.

mod api;
mod confirm;
mod destination;
mod enrol;
mod interrupt;
mod methods;
mod page;
mod phone;

pub(crate) use enrol::AppSecret;
pub(crate) use methods::kind_words as kind;
pub(crate) use page::security;
