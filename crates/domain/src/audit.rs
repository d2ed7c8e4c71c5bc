//! What the audit records: activities and results (`domain.md` §14, R54).

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// A step of the wizard was passed or failed.
    FlowProgress,
    /// A password was reset by its owner.
    PasswordReset,
    /// Resets of an account came to rest.
    Blocked,
    /// A person asked the helpdesk.
    HelpAsked,
    /// Signing in.
    SignIn,
    /// Signing out.
    SignOut,
    /// An account was made, changed or switched off at the server's console.
    AccountChanged,
    /// A tenant was made.
    TenantCreated,
    /// Attack mode began for the tenant.
    AttackMode,
}

impl Activity {
    /// The stable code in rows.
    pub const fn code(self) -> &'static str {
        match self {
            Self::FlowProgress => "flow-progress",
            Self::PasswordReset => "password-reset",
            Self::Blocked => "blocked",
            Self::HelpAsked => "help-asked",
            Self::SignIn => "sign-in",
            Self::SignOut => "sign-out",
            Self::AccountChanged => "account-changed",
            Self::TenantCreated => "tenant-created",
            Self::AttackMode => "attack-mode",
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
