//! Registering one's own methods: what may be added, what a new one has to prove, what is asked for
//! at sign-in, and what the page shows (R53).
//! How a person proves anew who it is beforehand is the flow's matter.

mod enrol;
mod interrupt;
mod rules;
mod screen;

pub use enrol::{Enrolment, Facts, Next, Post, decide, proving_channel};
pub use interrupt::{
    AskedFor, Interrupt, Skip, Wanted, asked, interrupt, missing, outdated, reconfirm_at, skipped, wanted,
};
pub use rules::{KINDS, is_fresh, may_add, may_enrol, may_name, may_remove, offers};
pub use screen::{
    Advice, AppKey, EnrolForm, Enrolling, Listed, Overview, Picture, Record, Said, SecurityScreen, Standing, Worth,
    hint, overview,
};
