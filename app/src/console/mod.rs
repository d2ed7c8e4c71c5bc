//! Administration: the overview, the pages that set the policy of resets, and people and groups.

mod api;
mod change;
mod converged;
mod doctor;
mod frame;
mod guarded;
mod kiosks;
mod page;
mod people;
mod policy;
mod rollout;
mod setting;
mod versions;
mod words;

pub(crate) use doctor::doctor;
pub(crate) use kiosks::kiosks;
pub(crate) use page::console;
pub(crate) use people::{field_words, group, groups, import, newcomer, people, person, wrong_words};
pub(crate) use policy::{
    administrators, customization, methods, methods_policy, notifications, on_premises, properties, protection,
    registration, versions,
};
pub(crate) use rollout::rollout;
