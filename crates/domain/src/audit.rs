//! What the audit records: who, what, how it went, and how long it is kept (`domain.md` §14, R38, R54).

use crate::account::Account;
use crate::ids::AccountId;
use crate::role::Role;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Nobody has shown yet who it is: whoever visits a page.
    Visitor,
    /// An account that has shown to be itself, by a password or by its gates.
    Account {
        /// Which one.
        id: AccountId,
        /// Its highest role, if it has any.
        role: Option<Role>,
    },
    /// Whoever works at the server's own console.
    Operator,
    /// The server by itself, such as when it sends a message.
    Server,
}

impl Actor {
    /// The account, where it is one.
    pub const fn account(self) -> Option<AccountId> {
        match self {
            Self::Account { id, .. } => Some(id),
            Self::Visitor | Self::Operator | Self::Server => None,
        }
    }

    /// The stable code of the role in rows; nothing for people without one.
    pub const fn role_code(self) -> Option<&'static str> {
        match self {
            Self::Account { role: Some(role), .. } => Some(role.code()),
            Self::Account { role: None, .. } | Self::Visitor => None,
            Self::Operator => Some("operator"),
            Self::Server => Some("server"),
        }
    }
}

impl From<&Account> for Actor {
    fn from(account: &Account) -> Self {
        Self::Account {
            id: account.id,
            role: account.roles.iter().min().copied(),
        }
    }
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// A step of the wizard was passed or failed.
    FlowProgress,
    /// A password was reset by its owner.
    PasswordReset,
    /// A password was changed by its owner, who knew the one before.
    PasswordChanged,
    /// An account was unlocked by its owner.
    AccountUnlocked,
    /// Somebody signed in proved anew who it is, or failed to.
    Reauthenticated,
    /// A method was registered, or failed to be.
    MethodRegistered,
    /// A method got another name, or became the preferred one; or questions were answered in the place of others.
    MethodChanged,
    /// A method was removed.
    MethodRemoved,
    /// All ways that a person has to register are registered now.
    RegistrationComplete,
    /// A person said that their methods are still right.
    MethodsReviewed,
    /// A person put off what was asked for at sign-in, or wanted to.
    RegistrationSkipped,
    /// Resets of an account came to rest.
    Blocked,
    /// On a phone, or by the reference of a message, it was said that something was not its owner's, or a request was denied
    /// there (R12, R13).
    Reported,
    /// A person asked the helpdesk.
    HelpAsked,
    /// Signing in.
    SignIn,
    /// Signing out.
    SignOut,
    /// An account was made, changed or switched off, by staff or at the server's own console.
    AccountChanged,
    /// Staff ended a block of resets, a pause of signing in, or a lock.
    Lifted,
    /// Staff gave or took roles; the reason tells which there were, and which there are.
    RolesChanged,
    /// Staff made, changed or removed a group; the reason tells what.
    GroupChanged,
    /// Staff made accounts of a file; the reason tells how many.
    AccountsImported,
    /// A tenant was made.
    TenantCreated,
    /// A setting of the policy was changed; the reason tells which, from what, to what.
    PolicyChanged,
    /// Somebody with a role looked at a person.
    PersonRead,
    /// Somebody looked whom a change of the policy would touch.
    PolicyPreviewed,
    /// Attack mode began for the tenant.
    AttackMode,
    /// A key was added to the key file, or removed from it.
    KeysRotated,
    /// The server's clock and its monotonic clock disagree, agree again, or the clock was found to have gone back (R39).
    Clock,
    /// A captcha was not solved: the first one of a network within a while.
    CaptchaFailed,
    /// A network was told to wait: the first time within a while.
    NetworkSlowed,
    /// Somebody who is signed in wanted what their role does not allow.
    AccessRefused,
    /// A message was handed over.
    MessageSent,
    /// A message was given up: a dead letter.
    MessageGivenUp,
    /// Messages that cost came near their daily ceiling, or to it (R20).
    MessageCeiling,
    /// A dead letter is to be sent once more.
    MessageRetried,
    /// The dead letters were listed.
    OutboxRead,
    /// The audit was exported.
    AuditExported,
    /// Staff gave a one-time pass; the reason tells why (R52).
    PassGiven,
    /// A one-time pass proved who somebody is; the reason tells whether another gate stood beside it in the end.
    PassUsed,
    /// Staff enrolled or removed a locked workstation; the reason tells which.
    KioskChanged,
    /// A locked workstation showed its token, or one that is nobody's; the reason tells its name (R58).
    KioskOpened,
}

impl Activity {
    /// The stable code in rows.
    pub const fn code(self) -> &'static str {
        match self {
            Self::FlowProgress => "flow-progress",
            Self::PasswordReset => "password-reset",
            Self::PasswordChanged => "password-changed",
            Self::AccountUnlocked => "account-unlocked",
            Self::Reauthenticated => "reauthenticated",
            Self::MethodRegistered => "method-registered",
            Self::MethodChanged => "method-changed",
            Self::MethodRemoved => "method-removed",
            Self::RegistrationComplete => "registration-complete",
            Self::MethodsReviewed => "methods-reviewed",
            Self::RegistrationSkipped => "registration-skipped",
            Self::Blocked => "blocked",
            Self::Reported => "reported",
            Self::HelpAsked => "help-asked",
            Self::SignIn => "sign-in",
            Self::SignOut => "sign-out",
            Self::AccountChanged => "account-changed",
            Self::Lifted => "lifted",
            Self::RolesChanged => "roles-changed",
            Self::GroupChanged => "group-changed",
            Self::AccountsImported => "accounts-imported",
            Self::TenantCreated => "tenant-created",
            Self::PolicyChanged => "policy-changed",
            Self::PersonRead => "person-read",
            Self::PolicyPreviewed => "policy-previewed",
            Self::AttackMode => "attack-mode",
            Self::KeysRotated => "keys-rotated",
            Self::Clock => "clock",
            Self::CaptchaFailed => "captcha-failed",
            Self::NetworkSlowed => "network-slowed",
            Self::AccessRefused => "access-refused",
            Self::MessageSent => "message-sent",
            Self::MessageGivenUp => "message-given-up",
            Self::MessageCeiling => "message-ceiling",
            Self::MessageRetried => "message-retried",
            Self::OutboxRead => "outbox-read",
            Self::AuditExported => "audit-exported",
            Self::PassGiven => "one-time-pass-given",
            Self::PassUsed => "one-time-pass-used",
            Self::KioskChanged => "kiosk-changed",
            Self::KioskOpened => "kiosk-opened",
        }
    }
}

/// What an entry says beside who, where and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What was done.
    pub activity: Activity,
    /// Whether it went well.
    pub is_success: bool,
    /// A stable code: a refusal's, a step's or a gate's. Never a secret, never a destination.
    pub reason: String,
}

impl Entry {
    /// It went well.
    pub fn success(activity: Activity, reason: &str) -> Self {
        Self {
            activity,
            is_success: true,
            reason: reason.to_owned(),
        }
    }

    /// It did not.
    pub fn failure(activity: Activity, reason: &str) -> Self {
        Self {
            activity,
            is_success: false,
            reason: reason.to_owned(),
        }
    }
}

/// For how many days entries are kept (R38).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct AuditDays(u16);

impl AuditDays {
    /// A month: what is found late is still there, and the seven days that the database itself insists on are past.
    pub const LEAST: u16 = 30;
    /// Ten years.
    pub const MOST: u16 = 3_650;

    /// So many days, from [`Self::LEAST`] to [`Self::MOST`].
    pub const fn new(days: u16) -> Option<Self> {
        match days {
            Self::LEAST..=Self::MOST => Some(Self(days)),
            _ => None,
        }
    }

    /// The same as a span.
    pub const fn span(self) -> Duration {
        Duration::from_hours(24 * self.0 as u64)
    }
}

impl Default for AuditDays {
    /// A year, and a month to look back at it.
    fn default() -> Self {
        Self(400)
    }
}

impl From<AuditDays> for u16 {
    fn from(days: AuditDays) -> Self {
        days.0
    }
}

impl TryFrom<u16> for AuditDays {
    type Error = String;

    fn try_from(days: u16) -> Result<Self, String> {
        Self::new(days).ok_or_else(|| format!("the audit is kept for {} to {} days", Self::LEAST, Self::MOST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r38_the_audit_is_kept_for_a_month_at_least() {
        for (days, is_taken) in [
            ("29", false),
            ("30", true),
            ("400", true),
            ("3650", true),
            ("3651", false),
            ("-1", false),
        ] {
            assert_eq!(serde_json::from_str::<AuditDays>(days).is_ok(), is_taken, "{days}");
        }
        assert_eq!(AuditDays::default().span(), Duration::from_hours(400 * 24));
    }

    #[test]
    fn r54_an_actor_is_named_with_the_highest_role() {
        let id = AccountId(uuid::Uuid::from_u128(7));
        for (actor, account, role) in [
            (Actor::Visitor, None, None),
            (Actor::Operator, None, Some("operator")),
            (Actor::Server, None, Some("server")),
            (
                Actor::Account {
                    id,
                    role: Some(Role::Auditor),
                },
                Some(id),
                Some("auditor"),
            ),
        ] {
            assert_eq!((actor.account(), actor.role_code()), (account, role));
        }
        assert!(Role::GlobalAdmin < Role::Auditor, "the least of them is the highest");
    }
}
