//! Administration: the overview, and the pages that set the policy of resets.

mod api;
mod change;
mod doctor;
mod frame;
mod page;
mod policy;
mod setting;
mod versions;
mod words;

pub(crate) use doctor::doctor;
pub(crate) use page::console;
pub(crate) use policy::{
    administrators, customization, methods, notifications, on_premises, properties, protection, registration, versions,
};
