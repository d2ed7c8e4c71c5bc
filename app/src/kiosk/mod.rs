//! What a locked workstation adds to the wizard: it clears itself, and shows the way to one's own phone (R58).

mod api;
mod handoff;
mod idle;
mod kept_out;
mod open;

pub(crate) use handoff::ByPhone;
pub(crate) use idle::Idle;
pub(crate) use kept_out::KeptOut;
pub(crate) use open::opening;
