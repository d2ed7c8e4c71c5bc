//! Changing a password that is known (`domain.md` §11): by somebody who is signed in, or has to before they are.

use crate::Timestamp;
use crate::account::Account;
use crate::password::{PasswordPolicy, Shown};
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// What the page that changes a password draws.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeScreen {
    /// Nobody is signed in.
    SignedOut,
    /// The form.
    Form(ChangeForm),
    /// It is changed, and the person is signed in.
    Done,
    /// The same, and signing in leads to the page of one's own methods first.
    AskedNext,
}

/// The form, and why the last post of it was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeForm {
    /// Whose password.
    pub user_name: String,
    /// Whether the present password is asked for.
    pub wants_password: bool,
    /// Whether it has to be replaced before anything else.
    pub is_due: bool,
    /// What the new one has to be.
    pub rules: Shown,
    /// Why the last post was refused.
    pub refusals: Vec<Refusal>,
}

impl ChangeScreen {
    /// Why the last post was refused.
    pub fn refusals(&self) -> &[Refusal] {
        match self {
            Self::Form(form) => &form.refusals,
            Self::SignedOut | Self::Done | Self::AskedNext => &[],
        }
    }
}

/// Whether the present password has to be typed: always, but by somebody who typed it at sign-in and was told there to
/// replace it. `is_typed`: not where they came in by a passkey.
pub const fn wants_password(is_due: bool, is_typed: bool) -> bool {
    !(is_due && is_typed)
}

/// Refuses a password that is too young to be replaced, where the tenant has set an age. One that has to be replaced may be.
pub fn too_young(policy: &PasswordPolicy, account: &Account, now: Timestamp) -> Option<Refusal> {
    let from = account.password_changed_at.plus(policy.least_age());
    let is_held = from > now && !account.wants_new_password(policy, now);
    is_held.then_some(Refusal::PwAge { from })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn the_present_password_is_asked_for_unless_it_was_typed_at_sign_in_and_has_to_go() {
        for (is_due, is_typed, expect) in [
            (true, true, false),
            (true, false, true),
            (false, true, true),
            (false, false, true),
        ] {
            assert_eq!(wants_password(is_due, is_typed), expect, "{is_due} {is_typed}");
        }
    }

    #[test]
    fn a_young_password_waits_unless_it_has_to_be_replaced() {
        let day = Duration::from_hours(24);
        let policy = PasswordPolicy {
            least_age_hours: 24,
            ..PasswordPolicy::default()
        };
        let set_at = Timestamp::from_ms(1_000);
        let young = Account {
            password_changed_at: set_at,
            ..crate::testing::person()
        };
        let due = Account {
            must_change: true,
            ..young.clone()
        };
        let almost = set_at.plus(day).minus(Duration::from_millis(1));
        let held = Some(Refusal::PwAge { from: set_at.plus(day) });
        assert_eq!(too_young(&policy, &young, almost), held);
        assert_eq!(too_young(&policy, &young, set_at.plus(day)), None);
        assert_eq!(too_young(&policy, &due, almost), None);
        assert_eq!(too_young(&PasswordPolicy::default(), &young, set_at), None);
    }
}
