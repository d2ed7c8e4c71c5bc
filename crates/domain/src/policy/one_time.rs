//! One-time passes in the policy: whether they are given, to whom, and what they are worth (R52).

use super::eligible::in_scope;
use super::{n_needed, n_usable};
use crate::Timestamp;
use crate::account::Account;
use crate::gate::Gate;
use crate::gate::one_time::OneTimePass;
use crate::tenant::TenantSettings;
use serde::{Deserialize, Serialize};

/// What a one-time pass is worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PassUse {
    /// None is given, and none counts.
    Off,
    /// One gate, beside one of the person's own.
    #[default]
    Beside,
    /// One gate, and enough where a reset takes one.
    Alone,
}

impl PassUse {
    /// All of them, from the strictest.
    pub const ALL: [Self; 3] = [Self::Off, Self::Beside, Self::Alone];
    /// Their codes.
    pub const CODES: &'static [&'static str] = &["no_pass", "beside", "alone"];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Off => "no_pass",
            Self::Beside => "beside",
            Self::Alone => "alone",
        }
    }

    /// Reads a code back.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// Whether the tenant has staff give passes at all: then the wizard offers them to everybody alike (R22).
pub fn gives_passes(settings: &TenantSettings) -> bool {
    settings.policy.one_time_pass != PassUse::Off
}

/// The same for one person: never for staff.
fn counts_for(person: &Account, settings: &TenantSettings) -> bool {
    gives_passes(settings) && !person.is_admin()
}

/// Whether a pass would open anything for this person: never for staff, nor for whoever may not reset here (R52).
pub fn takes_pass(person: &Account, settings: &TenantSettings, now: Timestamp) -> bool {
    counts_for(person, settings) && !person.is_disabled(now) && in_scope(person, settings).is_ok()
}

/// The pass that this account may prove something with now.
pub fn good_pass<'a>(account: &'a Account, settings: &TenantSettings, now: Timestamp) -> Option<&'a OneTimePass> {
    let given = account.one_time_pass.as_ref();
    given.filter(|pass| counts_for(account, settings) && pass.is_good(now))
}

/// Whether what was proved with a pass still stands: it is the one that was given last, and the tenant still takes them.
pub(super) fn stands(pass: &crate::gate::Pass, account: &Account, settings: &TenantSettings) -> bool {
    let is_last = |given: &OneTimePass| given.id == pass.method && given.root() == pass.root;
    counts_for(account, settings) && account.one_time_pass.as_ref().is_some_and(is_last)
}

/// Whether a reset takes one of the person's own methods beside a pass; nobody: people's in general.
pub fn is_beside(person: Option<&Account>, settings: &TenantSettings) -> bool {
    n_needed_with(n_needed(person, settings), &[Gate::OneTimePass], settings) > 1
}

/// Whether a pass would not be enough for this person: a reset takes one of their own beside it, and they have none.
pub fn lacks_beside(person: &Account, settings: &TenantSettings) -> bool {
    is_beside(Some(person), settings) && n_usable(person, settings) == 0
}

/// Gates that a flow takes with these passed: a one-time pass wants another one beside it, unless the tenant says otherwise.
pub fn n_needed_with(n_needed: u32, passed: &[Gate], settings: &TenantSettings) -> u32 {
    let is_beside = settings.policy.one_time_pass != PassUse::Alone;
    match is_beside && passed.contains(&Gate::OneTimePass) {
        true => n_needed.max(2),
        false => n_needed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Status;
    use crate::ids::MethodId;
    use crate::policy::{Scope, usable};
    use crate::role::Role;
    use crate::testing::{person, settings};

    const NOW: Timestamp = Timestamp::from_ms(1_000);

    fn given(is_spent: bool) -> Account {
        let pass = OneTimePass {
            id: MethodId(uuid::Uuid::from_u128(52)),
            expires_at: Timestamp::from_ms(2_000),
            is_spent,
        };
        Account {
            one_time_pass: Some(pass),
            ..person()
        }
    }

    #[test]
    fn r52_a_pass_is_for_people_who_may_reset_here_and_never_for_staff() {
        type Change = fn(&mut Account, &mut TenantSettings);
        let rows: [(Change, bool); 6] = [
            (|_, _| {}, true),
            (|_, settings| settings.policy.one_time_pass = PassUse::Off, false),
            (|account, _| account.status = Status::Disabled, false),
            (|account, _| account.status = Status::Locked, true),
            (|_, settings| settings.policy.scope = Scope::None, false),
            (|account, _| account.roles = vec![Role::Auditor], false),
        ];
        for (change, expect) in rows {
            let (mut account, mut settings) = (given(false), settings(&[Gate::Email]));
            change(&mut account, &mut settings);
            assert_eq!(takes_pass(&account, &settings, NOW), expect, "{account:?}");
        }
    }

    #[test]
    fn r52_one_that_is_spent_over_off_or_an_administrators_proves_nothing() {
        let mut settings = settings(&Gate::ALL);
        let id =
            |account: &Account, settings: &TenantSettings, now| good_pass(account, settings, now).map(|pass| pass.id);
        assert!(id(&given(false), &settings, NOW).is_some());
        assert_eq!(id(&given(true), &settings, NOW), None);
        assert_eq!(id(&given(false), &settings, Timestamp::from_ms(2_000)), None);
        let staff = Account {
            roles: vec![Role::Helpdesk],
            ..given(false)
        };
        assert_eq!(id(&staff, &settings, NOW), None);
        assert!(usable(&given(false), &settings).is_empty(), "it is no method of theirs");
        settings.policy.one_time_pass = PassUse::Off;
        assert_eq!(id(&given(false), &settings, NOW), None);
    }

    #[test]
    fn r52_a_pass_wants_another_gate_beside_it_unless_the_tenant_says_otherwise() {
        let mut settings = settings(&[Gate::Email]);
        for (one_time_pass, need, passed, expect) in [
            (PassUse::Beside, 1, vec![Gate::OneTimePass], 2),
            (PassUse::Beside, 1, vec![Gate::Email], 1),
            (PassUse::Beside, 2, vec![Gate::OneTimePass], 2),
            (PassUse::Alone, 1, vec![Gate::OneTimePass], 1),
            (PassUse::Alone, 2, vec![Gate::OneTimePass], 2),
        ] {
            settings.policy.one_time_pass = one_time_pass;
            assert_eq!(
                n_needed_with(need, &passed, &settings),
                expect,
                "{one_time_pass:?} {passed:?}"
            );
        }
        for one in PassUse::ALL {
            assert_eq!(PassUse::of_code(one.code()), Some(one));
        }
        assert_eq!(PassUse::CODES, PassUse::ALL.map(PassUse::code));
    }
}
