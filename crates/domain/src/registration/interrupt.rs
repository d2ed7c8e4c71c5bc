//! What somebody is asked for at sign-in: to register what is missing, or to say that all is still right; and how often
//! that may be put off (R53). It never holds up the sign-in itself.

use super::rules::{KINDS, may_enrol};
use crate::Timestamp;
use crate::account::{Account, Method};
use crate::gate::MethodKind;
use crate::gate::questions::listed;
use crate::policy::{Skips, days_long, is_enabled, is_on_for, is_registered, n_to_register, n_usable, usable};
use crate::tenant::TenantSettings;
use serde::{Deserialize, Serialize};
use std::iter::once;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The ways that are missing.
    Register,
    /// That those which are registered are still right.
    Reconfirm,
}

impl Wanted {
    /// The stable code in rows.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Reconfirm => "reconfirm",
        }
    }

    /// Reads a code back.
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Register, Self::Reconfirm]
            .into_iter()
            .find(|wanted| wanted.code() == code)
    }
}

/// What an account's row says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AskedFor {
    /// What is asked for.
    pub wanted: Wanted,
    /// When it was asked for first.
    pub since: Timestamp,
    /// How often it was put off.
    pub n_skipped: u32,
    /// When it was put off last.
    pub skipped_at: Option<Timestamp>,
}

/// What a page asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interrupt {
    /// The ways that are missing.
    Register {
        /// How many there are.
        have: u32,
        /// How many there have to be.
        need: u32,
        /// Whether that may be put off.
        skip: Skip,
    },
    /// That those which are registered are still right.
    Reconfirm {
        /// After how many days that is asked.
        days: u16,
        /// Whether that may be put off.
        skip: Skip,
    },
}

impl Interrupt {
    /// Whether it may be put off.
    pub const fn skip(self) -> Skip {
        match self {
            Self::Register { skip, .. } | Self::Reconfirm { skip, .. } => skip,
        }
    }
}

/// Whether something may be put off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Skip {
    /// No: it is asked for at every sign-in until it is done.
    No,
    /// Yes.
    Yes {
        /// How often still, where that has an end.
        n_left: Option<u32>,
        /// Until when, where that has an end.
        until: Option<Timestamp>,
    },
}

/// What this person is asked for now, put off or not; what can't be registered is not asked for.
pub fn wanted(account: &Account, settings: &TenantSettings, now: Timestamp) -> Option<Wanted> {
    let is_forced = account.must_register || account.is_admin() || settings.policy.registration.is_required;
    let is_missing = || !is_registered(account, settings) && !missing(account, settings).is_empty();
    match () {
        () if !is_enabled(account, settings) => None,
        () if is_forced && is_missing() => Some(Wanted::Register),
        () => reconfirm_at(account, settings)
            .filter(|at| *at <= now)
            .map(|_| Wanted::Reconfirm),
    }
}

/// When the methods are to be confirmed next: so many days after the one that was confirmed longest ago. Nothing but a
/// confirmation moves it, and no method's but its own (R53).
pub fn reconfirm_at(account: &Account, settings: &TenantSettings) -> Option<Timestamp> {
    let days = settings.policy.registration.reconfirms()?;
    let oldest = account.methods.iter().map(|method| method.confirmed_at).min()?;
    Some(oldest.plus(days_long(days)))
}

/// Answers that could be asked for only with questions which were taken away: they count until the methods are confirmed
/// the next time (`domain.md` §6).
pub fn outdated<'a>(account: &'a Account, settings: &TenantSettings) -> Option<&'a Method> {
    let policy = &settings.policy.questions;
    let (offered, n_asked) = (policy.questions(), policy.n_reset() as usize);
    let leans = |method: &&Method| {
        let answered = method.value.as_deref().map(listed).unwrap_or_default();
        let n_offered = answered.iter().filter(|one| offered.contains(one)).count();
        answered.len() >= n_asked && n_offered < n_asked
    };
    let mut questions = account
        .methods
        .iter()
        .filter(|method| method.kind == MethodKind::Questions);
    questions.find(leans)
}

/// Kinds of which one more would count as one more way, or other answers as one: an app first, since a passkey may be kept by the very
/// machine that somebody is locked out of; then the strongest.
pub fn missing(account: &Account, settings: &TenantSettings) -> Vec<MethodKind> {
    let counted: Vec<MethodKind> = usable(account, settings)
        .into_iter()
        .filter_map(|(gate, _)| gate.family())
        .collect();
    let counts = |kind: &MethodKind| {
        may_enrol(*kind, account, settings).is_ok()
            && kind.gates().iter().any(|gate| {
                is_on_for(*gate, account, settings) && gate.family().is_some_and(|family| !counted.contains(&family))
            })
    };
    let rest = KINDS.into_iter().filter(|kind| *kind != MethodKind::App);
    once(MethodKind::App).chain(rest).filter(counts).collect()
}

/// What the account's row is to say: since when it is asked for, which begins anew once it was not, or something else was.
pub fn asked(account: &Account, settings: &TenantSettings, now: Timestamp) -> Option<AskedFor> {
    let wanted = wanted(account, settings, now)?;
    let known = account.asked.filter(|asked| asked.wanted == wanted);
    Some(known.unwrap_or(AskedFor {
        wanted,
        since: now,
        n_skipped: 0,
        skipped_at: None,
    }))
}

/// What the pages of a session ask for: once in each, so that nobody is asked again who has just put it off.
pub fn interrupt(
    account: &Account,
    settings: &TenantSettings,
    signed_in_at: Timestamp,
    now: Timestamp,
) -> Option<Interrupt> {
    let asked = asked(account, settings, now)?;
    if asked.skipped_at.is_some_and(|at| at >= signed_in_at) {
        return None;
    }
    let registration = &settings.policy.registration;
    let skip = may_skip(account, registration.skips, &asked, now);
    match asked.wanted {
        Wanted::Register => Some(Interrupt::Register {
            have: n_usable(account, settings),
            need: n_to_register(account, settings),
            skip,
        }),
        Wanted::Reconfirm => registration
            .reconfirms()
            .map(|days| Interrupt::Reconfirm { days, skip }),
    }
}

/// What the row is to say once it was put off; nothing where it may not be. No date that counts moves with it (R53).
pub fn skipped(
    account: &Account,
    settings: &TenantSettings,
    signed_in_at: Timestamp,
    now: Timestamp,
) -> Option<AskedFor> {
    match interrupt(account, settings, signed_in_at, now)?.skip() {
        Skip::No => None,
        Skip::Yes { .. } => asked(account, settings, now).map(|asked| AskedFor {
            n_skipped: asked.n_skipped.saturating_add(1),
            skipped_at: Some(now),
            ..asked
        }),
    }
}

fn may_skip(account: &Account, skips: Skips, asked: &AskedFor, now: Timestamp) -> Skip {
    let n_left = skips.most().map(|most| most.saturating_sub(asked.n_skipped));
    let until = skips.span().map(|span| asked.since.plus(span));
    let is_over = n_left == Some(0) || until.is_some_and(|until| until <= now);
    match account.is_admin() || account.must_register || is_over {
        true => Skip::No,
        false => Skip::Yes { n_left, until },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::Gate;
    use crate::policy::Scope;
    use crate::role::Role;
    use crate::testing::{person, settings, with};
    use proptest::prelude::*;
    use std::time::Duration;

    const MAIL: (MethodKind, &str) = (MethodKind::Email, "uma@mail.example");
    const APP: (MethodKind, &str) = (MethodKind::App, "");

    fn day(n: u16) -> Timestamp {
        Timestamp::from_ms(1_000_000_000_000).plus(days_long(n))
    }

    /// Somebody whose methods were confirmed on day 0.
    fn somebody(methods: &[(MethodKind, &str)], is_admin: bool) -> Account {
        let mut account = with(person(), methods);
        account
            .methods
            .iter_mut()
            .for_each(|method| method.confirmed_at = day(0));
        account.roles = if is_admin { vec![Role::Auditor] } else { Vec::new() };
        account
    }

    fn two_of_all() -> TenantSettings {
        let mut settings = settings(&Gate::ALL);
        settings.policy.n_gates = 2;
        settings
    }

    #[test]
    fn answers_that_suffice_no_more_are_missing_and_others_may_take_their_place() {
        let account = somebody(
            &[MAIL, (MethodKind::Questions, "hiding_place lost_way lost_thing")],
            false,
        );
        for (n_reset, is_missing) in [(3, false), (4, true)] {
            let mut settings = two_of_all();
            settings.policy.questions.n_reset = n_reset;
            let missing = missing(&account, &settings);
            assert_eq!(
                missing.contains(&MethodKind::Questions),
                is_missing,
                "{n_reset}: {missing:?}"
            );
        }
    }

    #[test]
    fn r53_what_is_missing_is_asked_for_and_else_what_is_too_old() {
        let both = [MAIL, APP];
        for (scope, methods, is_admin, now, expect) in [
            (Scope::All, &[][..], false, day(1), Some(Wanted::Register)),
            (Scope::All, &[MAIL], false, day(1), Some(Wanted::Register)),
            (Scope::All, &[MAIL], false, day(200), Some(Wanted::Register)),
            (Scope::All, &both, false, day(179), None),
            (Scope::All, &both, false, day(180), Some(Wanted::Reconfirm)),
            (Scope::Selected, &[], false, day(1), None),
            (Scope::Selected, &both, false, day(200), None),
            (Scope::None, &[], false, day(1), None),
            (Scope::None, &both, false, day(200), None),
            (Scope::None, &[MAIL], true, day(1), Some(Wanted::Register)),
            (Scope::None, &both, true, day(200), Some(Wanted::Reconfirm)),
        ] {
            let mut settings = two_of_all();
            settings.policy.scope = scope;
            let account = somebody(methods, is_admin);
            let found = wanted(&account, &settings, now);
            assert_eq!(found, expect, "{scope:?} {methods:?} {is_admin} {now:?}");
        }
    }

    #[test]
    fn r53_the_settings_say_who_is_asked_and_how_often() {
        for (is_required, days, is_admin, now, expect) in [
            (true, 0, false, day(9_999), None),
            (true, 30, false, day(29), None),
            (true, 30, false, day(30), Some(Wanted::Reconfirm)),
            (false, 30, false, day(30), None),
            (false, 30, true, day(30), None),
        ] {
            let mut settings = two_of_all();
            settings.policy.registration.is_required = is_required;
            settings.policy.registration.reconfirm_days = days;
            let account = somebody(&[MAIL, APP], is_admin);
            let found = wanted(&account, &settings, now);
            assert_eq!(found, expect, "{is_required} {days} {is_admin} {now:?}");
        }
        let mut settings = two_of_all();
        settings.policy.registration.is_required = false;
        let asked = |is_admin| wanted(&somebody(&[MAIL], is_admin), &settings, day(1));
        assert_eq!(asked(false), None);
        assert_eq!(asked(true), Some(Wanted::Register), "by their role");
        settings.policy.admin_reset = false;
        assert_eq!(wanted(&somebody(&[MAIL], true), &settings, day(1)), None);
    }

    #[test]
    fn only_the_rest_is_asked_for_an_app_first() {
        let settings = two_of_all();
        for (methods, have, first) in [
            (&[][..], 0, MethodKind::App),
            (&[APP], 1, MethodKind::Passkey),
            (&[MAIL], 1, MethodKind::App),
        ] {
            let account = somebody(methods, false);
            let due = interrupt(&account, &settings, day(1), day(1));
            let skip = Skip::Yes {
                n_left: None,
                until: None,
            };
            let expect = Interrupt::Register { have, need: 2, skip };
            assert_eq!(due, Some(expect), "{methods:?}");
            let missing = missing(&account, &settings);
            assert_eq!(missing.first(), Some(&first), "{methods:?}");
            let counts_no_more = account.methods.iter().map(|method| method.kind);
            assert!(
                counts_no_more.into_iter().all(|kind| !missing.contains(&kind)),
                "{missing:?}"
            );
        }
    }

    #[test]
    fn what_nobody_can_register_is_not_asked_for() {
        let mut settings = settings(&[Gate::Email]);
        settings.policy.registration.n_methods = Some(3);
        assert_eq!(wanted(&somebody(&[], false), &settings, day(1)), Some(Wanted::Register));
        assert_eq!(wanted(&somebody(&[MAIL], false), &settings, day(1)), None);
        assert_eq!(
            wanted(&somebody(&[MAIL], false), &settings, day(180)),
            Some(Wanted::Reconfirm)
        );
    }

    fn put_off(n_skipped: u32, since: Timestamp) -> AskedFor {
        AskedFor {
            wanted: Wanted::Register,
            since,
            n_skipped,
            skipped_at: None,
        }
    }

    #[test]
    fn r53_it_may_be_put_off_as_often_and_as_long_as_is_set() {
        let yes = |n_left, until| Skip::Yes { n_left, until };
        for (n_most, n_days, is_admin, asked, now, expect) in [
            (None, None, false, None, day(1), yes(None, None)),
            (
                None,
                None,
                false,
                Some(put_off(1_000, day(0))),
                day(900),
                yes(None, None),
            ),
            (Some(3), None, false, None, day(1), yes(Some(3), None)),
            (
                Some(3),
                None,
                false,
                Some(put_off(2, day(0))),
                day(1),
                yes(Some(1), None),
            ),
            (Some(3), None, false, Some(put_off(3, day(0))), day(1), Skip::No),
            (Some(3), None, false, Some(put_off(9, day(0))), day(1), Skip::No),
            (Some(0), None, false, None, day(1), Skip::No),
            (None, Some(14), false, None, day(1), yes(None, Some(day(15)))),
            (
                None,
                Some(14),
                false,
                Some(put_off(5, day(0))),
                day(13),
                yes(None, Some(day(14))),
            ),
            (None, Some(14), false, Some(put_off(0, day(0))), day(14), Skip::No),
            (None, Some(0), false, None, day(1), Skip::No),
            (
                Some(3),
                Some(14),
                false,
                Some(put_off(1, day(0))),
                day(2),
                yes(Some(2), Some(day(14))),
            ),
            (Some(3), Some(14), false, Some(put_off(3, day(0))), day(2), Skip::No),
            (None, None, true, None, day(1), Skip::No),
            (Some(3), Some(14), true, None, day(1), Skip::No),
        ] {
            let mut settings = two_of_all();
            settings.policy.registration.skips = Skips { n_most, n_days };
            let account = Account {
                asked,
                ..somebody(&[MAIL], is_admin)
            };
            let found = interrupt(&account, &settings, now, now).map(Interrupt::skip);
            assert_eq!(
                found,
                Some(expect),
                "{n_most:?} {n_days:?} {is_admin} {asked:?} {now:?}"
            );
        }
    }

    #[test]
    fn whoever_has_put_it_off_is_asked_again_at_the_next_sign_in() {
        let settings = two_of_all();
        let mut account = somebody(&[MAIL], false);
        account.asked = skipped(&account, &settings, day(1), day(1).plus(Duration::from_mins(1)));
        assert_eq!(account.asked.map(|asked| asked.n_skipped), Some(1));
        let later = day(1).plus(Duration::from_hours(2));
        assert_eq!(
            interrupt(&account, &settings, day(1), later),
            None,
            "in the same session"
        );
        assert_eq!(skipped(&account, &settings, day(1), later), None, "once in each");
        assert!(interrupt(&account, &settings, later, later).is_some());
    }

    #[test]
    fn what_is_asked_for_anew_counts_from_its_own_beginning() {
        let settings = two_of_all();
        let account = Account {
            asked: Some(put_off(7, day(0))),
            ..somebody(&[MAIL, APP], false)
        };
        assert_eq!(asked(&account, &settings, day(1)), None, "it is done");
        let expect = AskedFor {
            wanted: Wanted::Reconfirm,
            ..put_off(0, day(200))
        };
        assert_eq!(asked(&account, &settings, day(200)), Some(expect));
        let still = Account {
            methods: somebody(&[MAIL], false).methods,
            ..account
        };
        assert_eq!(asked(&still, &settings, day(200)), still.asked, "it goes on");
    }

    fn skips() -> impl Strategy<Value = Skips> {
        let some = proptest::option::of(0..=u8::MAX);
        (some.clone(), some).prop_map(|(n_most, n_days)| Skips { n_most, n_days })
    }

    proptest! {
        #[test]
        fn r53_skipping_extends_no_due_date_and_lets_no_administrator_by(
            skips in skips(),
            is_admin: bool,
            n_methods in 0_usize..=2,
            days in 0_u16..=800,
            times in proptest::collection::vec(1_u16..40, 1..40),
        ) {
            let mut settings = two_of_all();
            settings.policy.registration.skips = skips;
            settings.policy.registration.reconfirm_days = days;
            let mut account = somebody(&[MAIL, APP][..n_methods], is_admin);
            let due_at = reconfirm_at(&account, &settings);
            let (mut now, mut n_skipped, mut begun) = (day(0), 0, None);
            for step in times {
                now = now.plus(days_long(step));
                account.asked = asked(&account, &settings, now);
                let since = account.asked.map(|asked| asked.since);
                begun = begun.or(since);
                prop_assert_eq!(since, begun, "it was asked for first when it was");
                let before = wanted(&account, &settings, now);
                if let Some(after) = skipped(&account, &settings, now, now) {
                    prop_assert!(!is_admin);
                    account.asked = Some(after);
                    n_skipped += 1;
                }
                prop_assert_eq!(reconfirm_at(&account, &settings), due_at);
                prop_assert_eq!(wanted(&account, &settings, now), before, "what is asked for stays");
                prop_assert!(skips.most().is_none_or(|most| n_skipped <= most));
            }
        }
    }
}
