//! What a new password must be (`domain.md` §7 and §9): rules, banned terms and advice; hashing and lists of known ones are elsewhere.

mod banned;
mod names;
mod policy;
mod rules;
mod score;
mod shown;
mod strength;
mod terms;

pub use banned::BannedList;
pub use names::Names;
pub use policy::{AGE_HOURS, Alphabet, EXPIRY_DAYS, LEAST_LENGTHS, PasswordPolicy, Profile, REMEMBERED, TermsRefused};
pub use rules::{Lists, NewPassword, normal_form, refusals};
pub use shown::{Mark, Rule, Shown};
pub use strength::{Strength, strength};
pub use terms::normalised;
