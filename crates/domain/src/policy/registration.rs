//! What a tenant sets about registering, and who is registered, enabled and capable (`domain.md` §1, §6).

use super::eligible::in_scope;
use super::{n_needed, n_usable};
use crate::account::Account;
use crate::tenant::TenantSettings;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Most methods that may be asked for (`domain.md` §6).
pub(super) const METHODS_MOST: u32 = 5;
/// Most days after which people are asked whether their methods are still right (`domain.md` §6).
pub(super) const RECONFIRM_MOST: u16 = 730;
/// How often, and for how many days, either may be put off at most (`domain.md` §6).
pub(super) const SKIPS_MOST: u8 = 30;
pub(super) const SKIP_DAYS_MOST: u8 = 90;

/// Who is asked to register at sign-in, and what people may change of their own methods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RegistrationPolicy {
    /// Whether they may remove, and so correct, what an administrator or a directory has entered.
    pub correct_loaded: bool,
    /// Whether they register their office phone themselves; else it is left to administrators (`domain.md` §4).
    pub own_office: bool,
    /// Whether people are asked at sign-in for what they have not registered yet. Administrators are in any case.
    pub is_required: bool,
    /// How many ways are asked for: at most 5, and at least as many as a reset takes. Nothing: as many as that.
    pub n_methods: Option<u32>,
    /// After how many days people are asked at sign-in whether their methods are still right: at most 730. 0: never.
    pub reconfirm_days: u16,
    /// How often, and how long, people may put either off. Administrators may not.
    pub skips: Skips,
}

/// How often, and how long, what is asked for at sign-in may be put off. Where nothing is set there is no end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Skips {
    /// How often: at most 30.
    pub n_most: Option<u8>,
    /// For how many days after it was asked for first: at most 90.
    pub n_days: Option<u8>,
}

impl Default for RegistrationPolicy {
    fn default() -> Self {
        Self {
            correct_loaded: true,
            own_office: true,
            is_required: true,
            n_methods: None,
            reconfirm_days: 180,
            skips: Skips::default(),
        }
    }
}

impl RegistrationPolicy {
    /// After how many days people are asked whether their methods are still right, whatever is stored; nothing: never, as where
    /// nobody is asked to register at all.
    pub fn reconfirms(&self) -> Option<u16> {
        match self.reconfirm_days {
            0 => None,
            days => self.is_required.then(|| days.min(RECONFIRM_MOST)),
        }
    }
}

impl Skips {
    /// How often, whatever is stored; nothing: without end.
    pub fn most(self) -> Option<u32> {
        self.n_most.map(|n| n.min(SKIPS_MOST).into())
    }

    /// How long after it was asked for first, whatever is stored; nothing: without end.
    pub fn span(self) -> Option<Duration> {
        self.n_days.map(|days| days_long(days.min(SKIP_DAYS_MOST).into()))
    }
}

/// So many days.
pub(crate) const fn days_long(days: u16) -> Duration {
    Duration::from_hours(24 * days as u64)
}

/// How many ways count as registered for this account: as the tenant says, but no fewer than its reset takes.
pub fn n_to_register(account: &Account, settings: &TenantSettings) -> u32 {
    let need = n_needed(Some(account), settings);
    let asked = settings.policy.registration.n_methods;
    asked.map_or(need, |n| n.clamp(need, METHODS_MOST))
}

/// Registered: as many usable ways as there have to be.
pub fn is_registered(account: &Account, settings: &TenantSettings) -> bool {
    n_usable(account, settings) >= n_to_register(account, settings)
}

/// Enabled: in scope. Administrators are by their role, whatever the scope, unless their resets are switched off.
pub fn is_enabled(account: &Account, settings: &TenantSettings) -> bool {
    match account.is_admin() {
        true => settings.policy.admin_reset,
        false => in_scope(account, settings).is_ok(),
    }
}

/// Capable: registered and enabled.
pub fn is_capable(account: &Account, settings: &TenantSettings) -> bool {
    is_enabled(account, settings) && is_registered(account, settings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::{Gate, MethodKind};
    use crate::ids::GroupId;
    use crate::policy::Scope;
    use crate::role::Role;
    use crate::testing::{person, settings, with};
    use uuid::Uuid;

    #[test]
    fn settings_of_before_registration_was_asked_for_ask_for_it() {
        let older = r#"{"correct_loaded":false,"own_office":false}"#;
        let read: RegistrationPolicy = serde_json::from_str(older).expect("settings");
        let expect = RegistrationPolicy {
            correct_loaded: false,
            own_office: false,
            ..RegistrationPolicy::default()
        };
        assert_eq!(read, expect);
        assert!(read.is_required);
        assert_eq!(read.reconfirms(), Some(180));
        assert_eq!((read.skips.most(), read.skips.span()), (None, None));
    }

    #[test]
    fn what_is_stored_counts_within_its_limits() {
        for (is_required, stored, expect) in [
            (true, 0, None),
            (true, 1, Some(1)),
            (true, 730, Some(730)),
            (true, 9_999, Some(730)),
            (false, 180, None),
        ] {
            let policy = RegistrationPolicy {
                is_required,
                reconfirm_days: stored,
                ..RegistrationPolicy::default()
            };
            assert_eq!(policy.reconfirms(), expect, "{is_required} {stored}");
        }
        let skips = Skips {
            n_most: Some(200),
            n_days: Some(200),
        };
        assert_eq!((skips.most(), skips.span()), (Some(30), Some(days_long(90))));
    }

    #[test]
    fn as_many_ways_are_asked_for_as_are_set_but_never_fewer_than_a_reset_takes() {
        for (n_gates, is_admin, stored, expect) in [
            (1, false, None, 1),
            (2, false, None, 2),
            (2, false, Some(1), 2),
            (1, false, Some(3), 3),
            (1, false, Some(9), 5),
            (1, true, None, 2),
            (1, true, Some(1), 2),
            (1, true, Some(3), 3),
        ] {
            let mut settings = settings(&Gate::ALL);
            settings.policy.n_gates = n_gates;
            settings.policy.registration.n_methods = stored;
            let account = Account {
                roles: if is_admin { vec![Role::Auditor] } else { Vec::new() },
                ..person()
            };
            let found = n_to_register(&account, &settings);
            assert_eq!(found, expect, "{n_gates} {is_admin} {stored:?}");
        }
    }

    #[test]
    fn somebody_is_capable_who_is_both_registered_and_enabled() {
        let pilot = GroupId(Uuid::from_u128(5));
        let mail = [(MethodKind::Email, "uma@mail.example")];
        let app_too = [mail[0], (MethodKind::App, "")];
        for (scope, is_in, is_admin, methods, enabled, registered) in [
            (Scope::None, true, false, &mail[..], false, true),
            (Scope::None, false, true, &app_too, true, true),
            (Scope::Selected, true, false, &mail, true, true),
            (Scope::Selected, true, false, &[], true, false),
            (Scope::Selected, false, false, &mail, false, true),
            (Scope::All, false, false, &mail, true, true),
            (Scope::All, false, true, &mail, true, false),
        ] {
            let mut settings = settings(&[Gate::Email, Gate::AppCode]);
            settings.policy.scope = scope;
            settings.policy.groups = vec![pilot];
            let account = Account {
                groups: if is_in { vec![pilot] } else { Vec::new() },
                roles: if is_admin { vec![Role::Helpdesk] } else { Vec::new() },
                ..with(person(), methods)
            };
            let found = (
                is_enabled(&account, &settings),
                is_registered(&account, &settings),
                is_capable(&account, &settings),
            );
            let expect = (enabled, registered, enabled && registered);
            assert_eq!(found, expect, "{scope:?} {is_in} {is_admin} {methods:?}");
        }
        let mut settings = settings(&[Gate::Email]);
        settings.policy.admin_reset = false;
        let admin = Account {
            roles: vec![Role::GlobalAdmin],
            ..person()
        };
        assert!(!is_enabled(&admin, &settings), "resets of administrators are off");
    }
}
