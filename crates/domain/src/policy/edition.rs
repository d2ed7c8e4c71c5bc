//! Editions: which features a plan has (`domain.md` §8), as one table. A tenant of one's own server starts in
//! [`Edition::Full`], which has everything; the others are there for whoever wants the table to hold.

use super::setting::Setting;
use super::{Converged, Means, Protection};
use crate::account::Account;
use crate::audit::AuditDays;
use crate::brand::Brand;
use crate::gate::Gate;
use crate::lockout::Lockout;
use crate::notice::ChannelKind;
use crate::tenant::TenantSettings;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::time::Duration;

/// A plan, of a tenant or of one account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Edition {
    /// Everything, and the audit as long as the tenant sets.
    #[default]
    Full,
    /// Free.
    Free,
    /// Basic, which is sold no more.
    Basic,
    /// Office 365 and Business Standard.
    Office,
    /// Business Premium.
    BusinessPremium,
    /// P1.
    P1,
    /// P2.
    P2,
    /// A trial.
    Trial,
}

/// What an edition has or lacks, and Regain asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Feature {
    /// Changing a password that is known.
    Change,
    /// Resetting one that is not.
    Reset,
    /// Unlocking without a new password.
    Unlock,
    /// Calls to phones.
    Calls,
    /// An organisation's own banned terms.
    CustomTerms,
    /// An organisation's own lockout.
    Lockout,
    /// An organisation's own accent and logos.
    Branding,
}

impl Feature {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Change,
        Self::Reset,
        Self::Unlock,
        Self::Calls,
        Self::CustomTerms,
        Self::Lockout,
        Self::Branding,
    ];

    /// The editions that have it.
    pub fn editions(self) -> Vec<Edition> {
        Edition::ALL.into_iter().filter(|edition| edition.may(self)).collect()
    }
}

impl Edition {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Full,
        Self::Free,
        Self::Basic,
        Self::Office,
        Self::BusinessPremium,
        Self::P1,
        Self::P2,
        Self::Trial,
    ];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Free => "free",
            Self::Basic => "basic",
            Self::Office => "office",
            Self::BusinessPremium => "business-premium",
            Self::P1 => "p1",
            Self::P2 => "p2",
            Self::Trial => "trial",
        }
    }

    /// Reads a code back.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|edition| edition.code() == code)
    }

    /// Whether it has a feature: the table.
    pub const fn may(self, feature: Feature) -> bool {
        use Edition::{Basic, Free, Office, Trial};
        match feature {
            Feature::Change => true,
            Feature::Reset | Feature::Branding => !matches!(self, Free),
            Feature::Unlock | Feature::CustomTerms | Feature::Lockout => !matches!(self, Free | Basic | Office),
            Feature::Calls => !matches!(self, Free | Trial),
        }
    }

    /// The one that holds for somebody: their own, else the tenant's.
    pub fn of(account: Option<&Account>, settings: &TenantSettings) -> Self {
        account.and_then(|account| account.edition).unwrap_or(settings.edition)
    }

    /// How long the audit is kept at most; nothing: as long as the tenant sets.
    const fn most_audit_days(self) -> Option<u64> {
        match self {
            Self::Full => None,
            Self::Free | Self::Basic | Self::Office => Some(7),
            Self::BusinessPremium | Self::P1 | Self::P2 | Self::Trial => Some(30),
        }
    }

    /// How long the audit is kept in this edition.
    pub fn audit_span(self, days: AuditDays) -> Duration {
        // An hour more, so that nothing goes before the seven days which the database itself insists on.
        let most = self.most_audit_days().map(|days| Duration::from_hours(24 * days + 1));
        most.map_or(days.span(), |most| most.min(days.span()))
    }
}

/// Whether a gate is in the edition of whoever it is for: calls are not in every one.
pub fn is_in_edition(gate: Gate, account: Option<&Account>, settings: &TenantSettings) -> bool {
    gate.channel() != Some(ChannelKind::Call) || Edition::of(account, settings).may(Feature::Calls)
}

/// Whether the tenant offers to unlock without a new password.
pub fn offers_unlock(settings: &TenantSettings) -> bool {
    may_unlock(None, settings)
}

/// Whether this person may: the tenant has it on, and their edition has it.
pub fn may_unlock(account: Option<&Account>, settings: &TenantSettings) -> bool {
    settings.policy.unlock.is_on && Edition::of(account, settings).may(Feature::Unlock)
}

/// The lockout that holds: the tenant's own, where its edition has that.
pub fn lockout(settings: &TenantSettings) -> Lockout {
    match settings.edition.may(Feature::Lockout) {
        true => settings.lockout,
        false => Lockout::default(),
    }
}

/// The brand that people see: without branding in the tenant's edition its name stays, and where help is.
pub fn brand(settings: &TenantSettings) -> Cow<'_, Brand> {
    match settings.edition.may(Feature::Branding) {
        true => Cow::Borrowed(&settings.brand),
        false => Cow::Owned(Brand {
            accent: None,
            logo_light: None,
            logo_dark: None,
            ..settings.brand.clone()
        }),
    }
}

impl Setting {
    /// The feature without which it has no effect.
    pub const fn feature(self) -> Option<Feature> {
        match self {
            Self::Scope => Some(Feature::Reset),
            Self::Gate(Gate::MobileCall | Gate::OfficeCall)
            | Self::CallSpeaksCode
            | Self::Converged(Converged::On(Means::Voice) | Converged::Way(Gate::OfficeCall)) => Some(Feature::Calls),
            Self::UnlockOn | Self::UnlockClearsLockout => Some(Feature::Unlock),
            Self::Protection(Protection::EnforceCustom | Protection::Custom) => Some(Feature::CustomTerms),
            Self::Protection(Protection::LockoutTries | Protection::LockoutFirst | Protection::LockoutMost) => {
                Some(Feature::Lockout)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;
    use crate::gate::MethodKind;
    use crate::policy::{eligible, usable};
    use crate::refusal::Refusal;
    use crate::role::Role;
    use crate::testing::{person, settings, with};

    /// The rows of `domain.md` §8, in the order of [`Edition::ALL`].
    #[test]
    fn each_edition_has_what_the_table_says() {
        let rows = [
            (Feature::Change, "full free basic office business-premium p1 p2 trial"),
            (Feature::Reset, "full basic office business-premium p1 p2 trial"),
            (Feature::Unlock, "full business-premium p1 p2 trial"),
            (Feature::Calls, "full basic office business-premium p1 p2"),
            (Feature::CustomTerms, "full business-premium p1 p2 trial"),
            (Feature::Lockout, "full business-premium p1 p2 trial"),
            (Feature::Branding, "full basic office business-premium p1 p2 trial"),
        ];
        assert_eq!(rows.map(|(feature, _)| feature), Feature::ALL);
        for (feature, expect) in rows {
            let codes: Vec<&str> = feature.editions().into_iter().map(Edition::code).collect();
            assert_eq!(codes.join(" "), expect, "{feature:?}");
        }
        let days = Edition::ALL.map(|edition| edition.audit_span(AuditDays::default()).as_secs() / 86_400);
        assert_eq!(days, [400, 7, 7, 7, 30, 30, 30, 30]);
        for edition in Edition::ALL {
            assert_eq!(Edition::of_code(edition.code()), Some(edition));
        }
    }

    #[test]
    fn without_a_plan_that_has_resets_nobody_but_administrators_resets() {
        let now = Timestamp::from_ms(1);
        let able = with(
            person(),
            &[(MethodKind::App, ""), (MethodKind::Email, "uma@mail.example")],
        );
        let mut settings = settings(&[Gate::AppCode, Gate::Email]);
        let of = |edition, roles: Vec<Role>| Account {
            edition,
            roles,
            ..able.clone()
        };
        for (tenants, own, expect) in [
            (Edition::Full, None, true),
            (Edition::Free, None, false),
            (Edition::Free, Some(Edition::P1), true),
            (Edition::P1, Some(Edition::Free), false),
        ] {
            settings.edition = tenants;
            let found = eligible(Some(&of(own, vec![])), &settings, None, now);
            let refused = if expect { Ok(()) } else { Err(Refusal::NotLicensed) };
            assert_eq!(found, refused, "{tenants:?} {own:?}");
            let admin = eligible(Some(&of(own, vec![Role::Auditor])), &settings, None, now);
            assert_eq!(admin, Ok(()), "{tenants:?} {own:?}");
        }
        // In the order of `domain.md` §2: before the groups.
        settings.edition = Edition::Free;
        settings.policy.scope = crate::policy::Scope::Selected;
        assert_eq!(
            eligible(Some(&of(None, vec![])), &settings, None, now),
            Err(Refusal::NotLicensed)
        );
    }

    #[test]
    fn calls_are_absent_where_the_plan_has_none_for_administrators_too() {
        let mut settings = settings(&[Gate::MobileSms, Gate::MobileCall, Gate::OfficeCall]);
        let called = with(
            person(),
            &[
                (MethodKind::Mobile, "+442079460089"),
                (MethodKind::Office, "+442079460011"),
            ],
        );
        let n_calls = |account: &Account, settings: &TenantSettings| {
            let gates = usable(account, settings).into_iter().map(|(gate, _)| gate);
            gates.filter(|gate| gate.channel() == Some(ChannelKind::Call)).count()
        };
        for (tenants, own, expect) in [
            (Edition::Full, None, 2),
            (Edition::Trial, None, 0),
            (Edition::Trial, Some(Edition::Basic), 2),
            (Edition::Basic, Some(Edition::Free), 0),
        ] {
            settings.edition = tenants;
            for roles in [vec![], vec![Role::Helpdesk]] {
                let account = Account {
                    edition: own,
                    roles,
                    ..called.clone()
                };
                assert_eq!(n_calls(&account, &settings), expect, "{tenants:?} {own:?}");
            }
        }
    }

    #[test]
    fn without_branding_the_name_and_the_help_stay() {
        let mut settings = settings(&[Gate::Email]);
        settings.brand = Brand {
            accent: "#0b6e4f".to_owned().try_into().ok(),
            logo_light: Some("a.svg".to_owned()),
            logo_dark: Some("b.svg".to_owned()),
            help: "tel:+442079460000".to_owned().try_into().ok(),
            ..Brand::named("Acorn Works")
        };
        assert!(settings.brand.accent.is_some() && settings.brand.help.is_some());
        assert_eq!(*brand(&settings), settings.brand);
        settings.edition = Edition::Free;
        let plain = Brand {
            help: settings.brand.help.clone(),
            ..Brand::named("Acorn Works")
        };
        assert_eq!(*brand(&settings), plain);
    }

    #[test]
    fn unlocking_and_the_lockout_hang_on_the_plan() {
        let mut settings = settings(&[Gate::Email]);
        settings.policy.unlock.is_on = true;
        settings.lockout.tries = 3;
        assert!(offers_unlock(&settings) && lockout(&settings).tries == 3);
        settings.edition = Edition::Office;
        assert!(!offers_unlock(&settings) && lockout(&settings) == Lockout::default());
        let own = Account {
            edition: Some(Edition::P2),
            ..person()
        };
        assert!(may_unlock(Some(&own), &settings));
    }
}
