//! Signing in: a password, for staff an app code or a passkey as well (R50), or a passkey alone, and pauses that are told alike for every name (R24).

use crate::Timestamp;
use crate::account::{Account, Status};
use crate::brand::HelpLink;
use crate::limits::{Hits, SIGN_IN_FORGET, sign_in_pause};
use crate::refusal::Refusal;
use crate::role::Role;
use serde::{Deserialize, Serialize};

/// What the sign-in page and the signed-in home draw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountScreen {
    /// Name and password.
    SignIn {
        /// What was typed before.
        user_name: String,
        /// Why the last post was refused.
        refusal: Option<Refusal>,
        /// Where the helpdesk is, if the tenant says.
        help: Option<HelpLink>,
    },
    /// Staff: the app's code, or a passkey.
    Code {
        /// What the browser is asked, where the person has a passkey: JSON of `PublicKeyCredentialRequestOptions`.
        passkey: Option<String>,
        /// Why the last post was refused.
        refusal: Option<Refusal>,
    },
    /// A passkey in place of name and password.
    Passkey {
        /// What the browser is asked, the same for everybody: JSON of `PublicKeyCredentialRequestOptions`.
        options: String,
        /// Why the last post was refused.
        refusal: Option<Refusal>,
    },
    /// The password is right but has to be replaced.
    NewPasswordNext {
        /// Whose.
        user_name: String,
    },
    /// Signed in.
    In(Who),
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// The account's name.
    pub user_name: String,
    /// The person's.
    pub display_name: String,
    /// Roles, if any.
    pub roles: Vec<Role>,
    /// When the password was set.
    pub password_changed_at: Timestamp,
    /// When this session began.
    pub signed_in_at: Timestamp,
}

/// What a right or wrong password leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Signed in.
    In,
    /// Staff: the app's code is asked for next.
    CodeNext,
    /// The password is right but has to be replaced: on to the wizard.
    NewPasswordNext,
    /// Refused; whether the failure counts stands beside it.
    No {
        /// In words that are alike for all names, unless the password was right.
        refusal: Refusal,
        /// Whether it counts towards a pause.
        counts: bool,
    },
}

/// When a pause that so many failures caused will be over; nothing if none runs.
pub fn paused_until(failures: &Hits, now: Timestamp) -> Option<Timestamp> {
    let last = *failures.last()?;
    let recent = failures.iter().filter(|hit| **hit > last.minus(SIGN_IN_FORGET)).count();
    let until = last.plus(sign_in_pause(recent)?);
    (until > now).then_some(until)
}

/// Decides a sign-in. `account` is nothing for unknown names; `is_right` is the password's comparison.
pub fn decide(account: Option<&Account>, is_right: bool, is_paused: bool, now: Timestamp) -> Verdict {
    let no = |refusal, counts| Verdict::No { refusal, counts };
    match account {
        _ if is_paused => no(Refusal::SignInPaused, false),
        Some(account) if is_right && account.is_disabled(now) => no(Refusal::SignInDisabled, false),
        Some(account) if is_right && account.status == Status::Locked => no(Refusal::SignInPaused, false),
        Some(account) if is_right && account.wants_new_password(now) => Verdict::NewPasswordNext,
        Some(account) if is_right && account.is_admin() => Verdict::CodeNext,
        Some(_) if is_right => Verdict::In,
        _ => no(Refusal::SignInFailed, true),
    }
}

/// Decides a sign-in by passkey: both factors at once, so that nothing more is asked of staff (R50). A pause that wrong
/// passwords have caused does not hold it up: nobody guesses a passkey, and anybody can cause a pause.
pub fn decide_passkey(account: &Account, now: Timestamp) -> Verdict {
    match decide(Some(account), true, false, now) {
        Verdict::CodeNext => Verdict::In,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn ten_failures_pause_and_each_further_one_doubles() {
        let start = Timestamp::from_ms(1_000_000);
        let mut failures: Hits = (0..9).map(|n| start.plus(Duration::from_secs(n))).collect();
        assert_eq!(paused_until(&failures, start.plus(Duration::from_secs(9))), None);
        failures.push(start.plus(Duration::from_secs(9)));
        let now = start.plus(Duration::from_secs(10));
        assert_eq!(paused_until(&failures, now), Some(start.plus(Duration::from_secs(69))));
        failures.push(start.plus(Duration::from_secs(70)));
        let now = start.plus(Duration::from_secs(71));
        assert_eq!(paused_until(&failures, now), Some(start.plus(Duration::from_secs(190))));
    }

    #[test]
    fn an_unknown_name_is_refused_like_a_wrong_password() {
        let now = Timestamp::from_ms(0);
        let expect = Verdict::No {
            refusal: Refusal::SignInFailed,
            counts: true,
        };
        assert_eq!(decide(None, false, false, now), expect);
        assert_eq!(decide(None, true, false, now), expect);
        let paused = Verdict::No {
            refusal: Refusal::SignInPaused,
            counts: false,
        };
        assert_eq!(decide(None, false, true, now), paused);
    }

    #[test]
    fn r50_a_passkey_signs_in_whoever_may_sign_in_and_nobody_else() {
        let now = Timestamp::from_ms(1_000);
        let person = crate::testing::person;
        let no = |refusal| Verdict::No { refusal, counts: false };
        let with = |status| Account { status, ..person() };
        let staff = Account {
            roles: vec![Role::Helpdesk],
            ..person()
        };
        let over = Account {
            expires_at: Some(now),
            ..person()
        };
        let to_be_changed = Account {
            must_change: true,
            ..person()
        };
        for (account, expect) in [
            (person(), Verdict::In),
            (staff, Verdict::In),
            (with(Status::Disabled), no(Refusal::SignInDisabled)),
            (with(Status::Locked), no(Refusal::SignInPaused)),
            (over, no(Refusal::SignInDisabled)),
            (to_be_changed, Verdict::NewPasswordNext),
        ] {
            assert_eq!(decide_passkey(&account, now), expect);
        }
    }
}
