//! Whether a password may be reset here now: the rows of `domain.md` §2, one check each, in their order. The first that
//! fails decides; all of them together tell an administrator why.

use super::{Edition, Feature, Scope, good_pass, is_allowed, n_needed, n_needed_with, n_usable, offered_to_anybody};
use crate::Timestamp;
use crate::account::Account;
use crate::gate::Gate;
use crate::ids::GroupId;
use crate::refusal::Refusal;
use crate::tenant::TenantSettings;
use serde::{Deserialize, Serialize};

/// One thing that has to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// There is such an account.
    Known,
    /// It is in use: neither switched off nor expired.
    InUse,
    /// Administrators may reset at all.
    AdminReset,
    /// People may reset at all.
    Scope,
    /// A method is on for them that has a way to go.
    Methods,
    /// Their edition has resets.
    Licensed,
    /// They are in a selected group, and in no excluded one.
    Group,
    /// They have a method that is on.
    Registered,
    /// They have as many as it takes.
    Enough,
    /// Their resets do not rest after too many failed proofs.
    Unblocked,
}

impl Check {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::InUse => "in-use",
            Self::AdminReset => "admin-reset",
            Self::Scope => "scope",
            Self::Methods => "methods",
            Self::Licensed => "licensed",
            Self::Group => "group",
            Self::Registered => "registered",
            Self::Enough => "enough",
            Self::Unblocked => "unblocked",
        }
    }
}

/// Why this account's password may not be reset here now; the first failing check decides.
pub fn eligible(
    account: Option<&Account>,
    settings: &TenantSettings,
    blocked_until: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), Refusal> {
    let checks = examine(account, settings, blocked_until, now);
    checks.into_iter().try_for_each(|(_, found)| found)
}

/// Why no flow of this account's begins. With a good one-time pass one does, whatever is registered: what is missing then is
/// told once the pass has shown who it is.
pub fn may_begin(
    account: Option<&Account>,
    settings: &TenantSettings,
    blocked_until: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), Refusal> {
    match account.is_some_and(|account| good_pass(account, settings, now).is_some()) {
        true => may_prove_on(account, settings, blocked_until, now),
        false => eligible(account, settings, blocked_until, now),
    }
}

/// The same but for what is registered, which is a matter of passes while a flow runs.
pub(crate) fn may_prove_on(
    account: Option<&Account>,
    settings: &TenantSettings,
    blocked_until: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), Refusal> {
    let mut checks = examine(account, settings, blocked_until, now).into_iter();
    checks.try_for_each(|(check, found)| match check {
        Check::Registered | Check::Enough => Ok(()),
        _ => found,
    })
}

/// Every check, and what it found. For nobody there is but one.
pub fn examine(
    account: Option<&Account>,
    settings: &TenantSettings,
    blocked_until: Option<Timestamp>,
    now: Timestamp,
) -> Vec<(Check, Result<(), Refusal>)> {
    let Some(account) = account else {
        return vec![(Check::Known, Err(Refusal::UserUnknown))];
    };
    let policy = &settings.policy;
    let (have, need) = counted(account, settings, now);
    let blocked = blocked_until.filter(|until| *until > now);
    let mut checks = vec![
        (Check::Known, Ok(())),
        (Check::InUse, unless(account.is_disabled(now), Refusal::AccountDisabled)),
    ];
    match account.is_admin() {
        true => checks.push((Check::AdminReset, unless(!policy.admin_reset, Refusal::AdminResetOff))),
        false => checks.extend(scope(account, settings)),
    }
    checks.push((Check::Registered, unless(have == 0, Refusal::NotRegistered)));
    checks.push((
        Check::Enough,
        unless(have < need, Refusal::TooFewMethods { have, need }),
    ));
    let blocked = blocked.map_or(Ok(()), |until| Err(Refusal::Blocked { until }));
    checks.push((Check::Unblocked, blocked));
    checks
}

/// The ways that an account has, a good one-time pass among them where it makes up for one, and how many it takes.
fn counted(account: &Account, settings: &TenantSettings, now: Timestamp) -> (u32, u32) {
    let (own, need) = (n_usable(account, settings), n_needed(Some(account), settings));
    match good_pass(account, settings, now) {
        Some(_) if own < need => (own + 1, n_needed_with(need, &[Gate::OneTimePass], settings)),
        _ => (own, need),
    }
}

/// Whether somebody who is no administrator is among those whose passwords may be reset.
pub(crate) fn in_scope(account: &Account, settings: &TenantSettings) -> Result<(), Refusal> {
    scope(account, settings).into_iter().try_for_each(|(_, found)| found)
}

fn scope(account: &Account, settings: &TenantSettings) -> [(Check, Result<(), Refusal>); 4] {
    let policy = &settings.policy;
    let holds = |groups: &[GroupId]| groups.iter().any(|group| account.groups.contains(group));
    let has_resets = Edition::of(Some(account), settings).may(Feature::Reset);
    let is_any_on = offered_to_anybody(settings)
        .into_iter()
        .any(|gate| is_allowed(gate, Some(account), policy));
    let is_out = holds(&policy.excluded_groups) || (policy.scope == Scope::Selected && !holds(&policy.groups));
    [
        (Check::Scope, unless(policy.scope == Scope::None, Refusal::TenantOff)),
        (Check::Methods, unless(!is_any_on, Refusal::NoPolicy)),
        (Check::Licensed, unless(!has_resets, Refusal::NotLicensed)),
        (Check::Group, unless(is_out, Refusal::NotInScope)),
    ]
}

fn unless(fails: bool, refusal: Refusal) -> Result<(), Refusal> {
    if fails { Err(refusal) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Status;
    use crate::gate::{Gate, MethodKind};
    use crate::role::Role;
    use crate::testing::{person, settings, with};
    use uuid::Uuid;

    const NOW: Timestamp = Timestamp::from_ms(1_000);

    fn pilot() -> GroupId {
        GroupId(Uuid::from_u128(5))
    }

    /// One row for each row of `domain.md` §2: what is changed, and the code that it leads to.
    #[test]
    fn the_first_row_that_fails_decides() {
        type Change = fn(&mut Account, &mut TenantSettings);
        let rows: [(Change, &str); 12] = [
            (|_, _| {}, ""),
            (|account, _| account.status = Status::Disabled, "account-disabled"),
            (|account, _| account.expires_at = Some(NOW), "account-disabled"),
            (|_, settings| settings.policy.scope = Scope::None, "tenant-off"),
            (|_, settings| settings.policy.gates.clear(), "no-policy"),
            (|_, settings| settings.policy.scope = Scope::Selected, "not-in-scope"),
            (
                |account, settings| {
                    account.groups = vec![pilot()];
                    (settings.policy.scope, settings.policy.groups) = (Scope::Selected, vec![pilot()]);
                },
                "",
            ),
            (
                |account, settings| {
                    account.groups = vec![pilot()];
                    settings.policy.groups = vec![pilot()];
                    settings.policy.excluded_groups = vec![pilot()];
                },
                "not-in-scope",
            ),
            (|account, _| account.methods.clear(), "not-registered"),
            (|_, settings| settings.policy.n_gates = 2, "too-few-methods"),
            (|account, _| account.roles = vec![Role::Auditor], "too-few-methods"),
            (
                |account, settings| {
                    account.roles = vec![Role::Auditor];
                    settings.policy.admin_reset = false;
                },
                "admin-reset-off",
            ),
        ];
        for (change, code) in rows {
            let mut account = with(person(), &[(MethodKind::App, "")]);
            let mut settings = settings(&[Gate::AppCode, Gate::Email]);
            change(&mut account, &mut settings);
            let found = eligible(Some(&account), &settings, None, NOW);
            assert_eq!(found.as_ref().err().map_or("", Refusal::code), code, "{account:?}");
        }
        assert_eq!(
            eligible(None, &settings(&[Gate::Email]), None, NOW),
            Err(Refusal::UserUnknown)
        );
    }

    #[test]
    fn a_block_is_the_last_thing_that_is_told_and_all_that_fails_is_found() {
        let until = NOW.plus(std::time::Duration::from_secs(1));
        let settings = settings(&[Gate::Email]);
        let able = with(person(), &[(MethodKind::Email, "uma@mail.example")]);
        assert_eq!(
            eligible(Some(&able), &settings, Some(until), NOW),
            Err(Refusal::Blocked { until })
        );
        assert_eq!(eligible(Some(&able), &settings, Some(NOW), NOW), Ok(()));
        let found = examine(Some(&person()), &settings, Some(until), NOW);
        let failing: Vec<Check> = found
            .iter()
            .filter(|(_, found)| found.is_err())
            .map(|(check, _)| *check)
            .collect();
        assert_eq!(failing, [Check::Registered, Check::Enough, Check::Unblocked]);
    }
}
