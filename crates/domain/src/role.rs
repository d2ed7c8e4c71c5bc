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

/// What staff may do (R51).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Find a person, see masked methods, lift a block, give a one-time pass.
    Assist,
    /// Make, import and switch off people and groups.
    ManageUsers,
    /// Logo, colours, texts.
    Brand,
    /// The helpdesk link.
    HelpLink,
    /// Policy, scope, connectors, what outsiders may learn.
    Policy,
    /// Give roles to others.
    GrantRoles,
    /// Read the audit, reports and dead letters of all.
    ReadAudit,
    /// Export the audit.
    ExportAudit,
}

impl Act {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Assist,
        Self::ManageUsers,
        Self::Brand,
        Self::HelpLink,
        Self::Policy,
        Self::GrantRoles,
        Self::ReadAudit,
        Self::ExportAudit,
    ];

    /// Whether one of these roles allows it; none does by default.
    pub fn is_allowed(self, roles: &[Role]) -> bool {
        let may: &[Role] = match self {
            Self::Assist => &[Role::Helpdesk, Role::GlobalAdmin],
            Self::ManageUsers | Self::GrantRoles => &[Role::GlobalAdmin],
            Self::Brand => &[Role::BrandOwner, Role::GlobalAdmin],
            Self::HelpLink => &[Role::BrandOwner, Role::PolicyAdmin, Role::GlobalAdmin],
            Self::Policy => &[Role::PolicyAdmin, Role::GlobalAdmin],
            Self::ReadAudit => &[Role::PolicyAdmin, Role::GlobalAdmin, Role::Auditor],
            Self::ExportAudit => &[Role::Auditor],
        };
        roles.iter().any(|role| may.contains(role))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The matrix of `security.md` §3.11, column by column.
    #[test]
    fn r51_each_role_may_do_what_is_its_own_and_nothing_else() {
        use Act::{Assist, Brand, ExportAudit, GrantRoles, HelpLink, ManageUsers, Policy, ReadAudit};
        for (roles, expect) in [
            (vec![], vec![]),
            (vec![Role::Helpdesk], vec![Assist]),
            (vec![Role::BrandOwner], vec![Brand, HelpLink]),
            (vec![Role::PolicyAdmin], vec![HelpLink, Policy, ReadAudit]),
            (
                vec![Role::GlobalAdmin],
                vec![Assist, ManageUsers, Brand, HelpLink, Policy, GrantRoles, ReadAudit],
            ),
            (vec![Role::Auditor], vec![ReadAudit, ExportAudit]),
            (
                vec![Role::Helpdesk, Role::Auditor],
                vec![Assist, ReadAudit, ExportAudit],
            ),
        ] {
            let may: Vec<Act> = Act::ALL.into_iter().filter(|act| act.is_allowed(&roles)).collect();
            assert_eq!(may, expect, "{roles:?}");
        }
    }
}
