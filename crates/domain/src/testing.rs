//! People and settings for tests of decisions.

use crate::Timestamp;
use crate::account::{Account, Method, Status, UserName};
use crate::audit::AuditDays;
use crate::brand::Brand;
use crate::gate::{Gate, MethodKind};
use crate::ids::{AccountId, MethodId};
use crate::limits::MESSAGE_CEILING;
use crate::lockout::Lockout;
use crate::password::PasswordPolicy;
use crate::policy::{Edition, Policy, Scope};
use crate::tenant::{TenantSettings, Ways};
use uuid::Uuid;

/// Uma, of Acorn, without any method.
pub(crate) fn person() -> Account {
    Account {
        id: AccountId(Uuid::from_u128(1)),
        user_name: UserName::of_row("uma@acorn.example".to_owned()),
        given_name: "Uma".to_owned(),
        family_name: String::new(),
        primary_mail: None,
        status: Status::Active,
        expires_at: None,
        password_changed_at: Timestamp::from_ms(0),
        password_expires_at: None,
        password_never_expires: false,
        edition: None,
        must_change: false,
        must_register: false,
        language: None,
        roles: Vec::new(),
        groups: Vec::new(),
        asked: None,
        methods: Vec::new(),
        one_time_pass: None,
    }
}

/// The same person with these methods; a value that is empty is none.
pub(crate) fn with(account: Account, methods: &[(MethodKind, &str)]) -> Account {
    let method = |(n, (kind, value)): (usize, &(MethodKind, &str))| Method {
        id: MethodId(Uuid::from_u128(100 + n as u128)),
        kind: *kind,
        value: Some((*value).to_owned()).filter(|value| !value.is_empty()),
        is_preferred: false,
        confirmed_at: Timestamp::from_ms(0),
    };
    Account {
        methods: methods.iter().enumerate().map(method).collect(),
        ..account
    }
}

/// Everybody may reset, with one of these gates.
pub(crate) fn settings(gates: &[Gate]) -> TenantSettings {
    TenantSettings {
        brand: Brand::default(),
        domains: vec!["acorn.example".to_owned()],
        policy: Policy {
            scope: Scope::All,
            gates: gates.to_vec(),
            ..Policy::default()
        },
        password: PasswordPolicy::default(),
        lockout: Lockout::default(),
        audit_days: AuditDays::default(),
        ways: Ways::ALL,
        edition: Edition::Full,
        message_ceiling: MESSAGE_CEILING,
    }
}
