//! Administration: the overview, the pages that set the policy of resets, and people and groups.

mod api;
mod change;
mod converged;
mod doctor;
mod frame;
mod guarded;
mod page;
mod people;
mod policy;
mod setting;
mod versions;
mod words;

pub(crate) use doctor::doctor;
pub(crate) use page::console;
pub(crate) use people::{group, groups, import, newcomer, people, person};
pub(crate) use policy::{
    administrators, customization, methods, methods_policy, notifications, on_premises, properties, protection,
    registration, versions,
};
