//! Roles of staff. Whoever holds one is an administrator in the sense of the reset rules.

use serde::{Deserialize, Serialize};

/// A role within one tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// May do everything but read and export what is the auditor's.
    GlobalAdmin,
    /// Sets policy, scope and connectors.
    PolicyAdmin,
    /// Sets logo, colours and texts.
    BrandOwner,
    /// Assists callers.
    Helpdesk,
    /// Reads and exports the audit.
    Auditor,
}

impl Role {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 5] = [
        Self::GlobalAdmin,
        Self::PolicyAdmin,
        Self::BrandOwner,
        Self::Helpdesk,
        Self::Auditor,
    ];

    /// The stable code, as in rows and in the demo's account list.
    pub const fn code(self) -> &'static str {
        match self {
            Self::GlobalAdmin => "global_admin",
            Self::PolicyAdmin => "policy_admin",
            Self::BrandOwner => "brand_owner",
            Self::Helpdesk => "helpdesk",
            Self::Auditor => "auditor",
        }
    }

    /// Reads a code back.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}
