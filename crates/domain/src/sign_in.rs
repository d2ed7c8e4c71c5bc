//! Signing in: a password, for staff an app code or a passkey as well (R50), or a passkey alone, and pauses that are told alike for every name (R24).

use crate::Timestamp;
use crate::account::{Account, Status};
use crate::brand::HelpLink;
use crate::ids::SessionId;
use crate::password::PasswordPolicy;
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
    /// Who it is has been shown, but the password has to be replaced: on to the page that changes it.
    NewPasswordNext,
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
    /// When it stops to be good, where that is near.
    pub password_ends_at: Option<Timestamp>,
    /// When this session began.
    pub signed_in_at: Timestamp,
    /// Every browser in which the person is signed in, the present one first, then by when it was used last.
    pub sessions: Vec<OpenSession>,
    /// What a post has just done, for the page that follows it.
    pub said: Option<Said>,
    /// Whether signing in leads to the page of one's own methods: something is missing there, or to be looked over.
    pub is_asked: bool,
}

/// A browser in which somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSession {
    /// Which.
    pub id: SessionId,
    /// Whether it is the one that asks.
    pub is_this: bool,
    /// Browser and system, in few words. Empty where unknown.
    pub device: String,
    /// From where: a network address.
    pub network: String,
    /// When it began.
    pub began_at: Timestamp,
    /// When it was used last, to the minute.
    pub used_at: Timestamp,
}

/// What a post of somebody who is signed in has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// The password is a new one.
    PasswordChanged {
        /// Sessions on other browsers that ended with it.
        n_sessions_ended: u32,
    },
    /// Sessions on other browsers were ended.
    SessionsEnded {
        /// How many.
        n: u32,
    },
    /// All methods were said to be right.
    MethodsConfirmed,
}

/// What a right or wrong password leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Signed in.
    In,
    /// Staff: the app's code is asked for next.
    CodeNext,
    /// It is this person, but the password has to be replaced before anything else.
    NewPasswordNext,
    /// Refused; whether the failure counts stands beside it.
    No {
        /// In words that are alike for all names, unless the password was right.
        refusal: Refusal,
        /// Whether it counts towards a pause.
        counts: bool,
    },
}

/// Decides a sign-in. `account` is nothing for unknown names; `is_right` is the password's comparison.
pub fn decide(
    account: Option<&Account>,
    is_right: bool,
    is_paused: bool,
    policy: &PasswordPolicy,
    now: Timestamp,
) -> Verdict {
    let no = |refusal, counts| Verdict::No { refusal, counts };
    match account {
        _ if is_paused => no(Refusal::SignInPaused, false),
        Some(account) if is_right && account.is_disabled(now) => no(Refusal::SignInDisabled, false),
        Some(account) if is_right && account.status == Status::Locked => no(Refusal::SignInPaused, false),
        Some(account) if is_right && account.is_admin() => Verdict::CodeNext,
        Some(account) if is_right => shown(account, policy, now),
        _ => no(Refusal::SignInFailed, true),
    }
}

/// What follows once all that is asked of this person at sign-in is right.
pub fn shown(account: &Account, policy: &PasswordPolicy, now: Timestamp) -> Verdict {
    match account.wants_new_password(policy, now) {
        true => Verdict::NewPasswordNext,
        false => Verdict::In,
    }
}

/// Decides a sign-in by passkey: both factors at once, so that nothing more is asked of staff (R50). A pause that wrong
/// passwords have caused does not hold it up: nobody guesses a passkey, and anybody can cause a pause.
pub fn decide_passkey(account: &Account, policy: &PasswordPolicy, now: Timestamp) -> Verdict {
    match decide(Some(account), true, false, policy, now) {
        Verdict::CodeNext => shown(account, policy, now),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decide(account: Option<&Account>, is_right: bool, is_paused: bool, now: Timestamp) -> Verdict {
        super::decide(account, is_right, is_paused, &PasswordPolicy::default(), now)
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
    fn r50_staff_give_their_code_before_a_password_that_has_to_be_replaced_is() {
        let now = Timestamp::from_ms(1_000);
        let due = |roles| Account {
            must_change: true,
            roles,
            ..crate::testing::person()
        };
        let decided = |roles| decide(Some(&due(roles)), true, false, now);
        assert_eq!(decided(vec![]), Verdict::NewPasswordNext);
        assert_eq!(decided(vec![Role::Auditor]), Verdict::CodeNext);
        assert_eq!(
            shown(&due(vec![Role::Auditor]), &PasswordPolicy::default(), now),
            Verdict::NewPasswordNext
        );
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
        let to_be_changed = |roles| Account {
            must_change: true,
            roles,
            ..person()
        };
        for (account, expect) in [
            (person(), Verdict::In),
            (staff, Verdict::In),
            (with(Status::Disabled), no(Refusal::SignInDisabled)),
            (with(Status::Locked), no(Refusal::SignInPaused)),
            (over, no(Refusal::SignInDisabled)),
            (to_be_changed(vec![]), Verdict::NewPasswordNext),
            (to_be_changed(vec![Role::Helpdesk]), Verdict::NewPasswordNext),
        ] {
            assert_eq!(decide_passkey(&account, &PasswordPolicy::default(), now), expect);
        }
    }
}
