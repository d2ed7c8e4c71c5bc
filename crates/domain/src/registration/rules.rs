//! What may be registered, by whom and how many.

use super::screen::Record;
use crate::Timestamp;
use crate::account::Account;
use crate::gate::{MethodKind, Root, email};
use crate::limits::{ACCOUNTS_PER_DESTINATION, FRESH_PROOF, METHOD_NAME_MOST};
use crate::policy::is_on_for;
use crate::refusal::Refusal;
use crate::tenant::TenantSettings;

/// What people register themselves, strongest first: the order in which the page offers it.
pub const KINDS: [MethodKind; 7] = [
    MethodKind::Passkey,
    MethodKind::Authenticator,
    MethodKind::App,
    MethodKind::Email,
    MethodKind::Office,
    MethodKind::Mobile,
    MethodKind::Questions,
];

/// Whether a proof is fresh enough for a change (R50, R53). One from the future, of a clock that went back, is not.
pub fn is_fresh(proved_at: Option<Timestamp>, now: Timestamp) -> bool {
    proved_at.is_some_and(|at| at <= now && at.plus(FRESH_PROOF) > now)
}

/// The kinds that this account may add now.
pub fn offers(account: &Account, settings: &TenantSettings) -> Vec<MethodKind> {
    KINDS
        .into_iter()
        .filter(|kind| may_add(*kind, account, settings).is_ok())
        .collect()
}

/// Whether one more of a kind may be added: the tenant has a gate on that it proves, and there is room for it.
/// Administrators' methods do not hang on the tenant's choice (`domain.md` §7).
pub fn may_add(kind: MethodKind, account: &Account, settings: &TenantSettings) -> Result<(), Refusal> {
    let is_on = kind.gates().iter().any(|gate| is_on_for(*gate, account, settings));
    let n = account.methods.iter().filter(|method| method.kind == kind).count();
    let is_left_to_others = kind == MethodKind::Office && !settings.policy.registration.own_office;
    match (KINDS.contains(&kind) && is_on && !is_left_to_others, u32::try_from(n)) {
        (false, _) => Err(Refusal::MethodUnavailable),
        (true, Ok(n)) if n < kind.most() => Ok(()),
        (true, _) => Err(Refusal::MethodsEnough { most: kind.most() }),
    }
}

/// Whether a registration of a kind may begin: of one more, or of other questions in the place of those that were answered.
pub fn may_enrol(kind: MethodKind, account: &Account, settings: &TenantSettings) -> Result<(), Refusal> {
    match kind == MethodKind::Questions && renews_answers(account, settings) {
        true => Ok(()),
        false => may_add(kind, account, settings),
    }
}

/// Whether questions were answered in whose place others may be: they are on, and there is no room beside them.
pub(super) fn renews_answers(account: &Account, settings: &TenantSettings) -> bool {
    let verdict = may_add(MethodKind::Questions, account, settings);
    matches!(verdict, Err(Refusal::MethodsEnough { .. }))
}

/// Whether the person may remove one of their methods: what was loaded only where the tenant lets it be corrected.
pub fn may_remove(record: &Record, settings: &TenantSettings) -> Result<(), Refusal> {
    match record.is_verified || settings.policy.registration.correct_loaded {
        true => Ok(()),
        false => Err(Refusal::MethodLoaded),
    }
}

/// The address or number as it may be registered. `n_others`: other accounts of the tenant that have it. A number comes in its
/// canonical form; whether it is one that may be called or texted was seen when it was read.
pub(super) fn destination(
    kind: MethodKind,
    typed: &str,
    account: &Account,
    settings: &TenantSettings,
    n_others: u32,
) -> Result<String, Refusal> {
    if !kind.is_phone() {
        return address(typed, account, settings, n_others);
    }
    let root = Root::phone(typed);
    let is_known = account.methods.iter().any(|own| own.kind == kind && own.root() == root);
    match () {
        () if is_known => Err(Refusal::DestinationKnown),
        () if n_others >= ACCOUNTS_PER_DESTINATION => Err(Refusal::DestinationShared),
        () => Ok(typed.to_owned()),
    }
}

fn address(typed: &str, account: &Account, settings: &TenantSettings, n_others: u32) -> Result<String, Refusal> {
    let typed = typed.trim();
    let is_known = account
        .methods
        .iter()
        .filter(|method| method.kind == MethodKind::Email)
        .filter_map(|method| method.value.as_deref())
        .any(|own| email::canonical(own) == email::canonical(typed));
    match typed {
        _ if typed.len() > email::MOST => Err(Refusal::TooLong),
        _ if !email::is_form(typed) => Err(Refusal::DestinationForm),
        _ if !email::may_take_codes(typed, &settings.domains) => Err(Refusal::DestinationOwn),
        _ if is_known => Err(Refusal::DestinationKnown),
        _ if n_others >= ACCOUNTS_PER_DESTINATION => Err(Refusal::DestinationShared),
        _ => Ok(typed.to_owned()),
    }
}

/// The name that a person gives to a method; nothing if it is to have none.
pub fn may_name(typed: &str) -> Result<Option<String>, Refusal> {
    let name = typed.trim();
    let is_plain = crate::brand::plain_text(name) == name && !name.chars().any(char::is_control);
    match name.chars().count() {
        0 => Ok(None),
        n if n <= METHOD_NAME_MOST && is_plain => Ok(Some(name.to_owned())),
        _ => Err(Refusal::MethodName),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::Gate;
    use crate::role::Role;
    use crate::testing::{person, settings, with};
    use std::time::Duration;

    #[test]
    fn r53_a_proof_is_fresh_for_five_minutes() {
        let at = Timestamp::from_ms(1_000_000);
        for (seconds, expect) in [(0, true), (299, true), (300, false), (3600, false)] {
            assert_eq!(
                is_fresh(Some(at), at.plus(Duration::from_secs(seconds))),
                expect,
                "{seconds}"
            );
        }
        assert!(!is_fresh(None, at));
        assert!(
            !is_fresh(Some(at.plus(Duration::from_secs(1))), at),
            "the clock went back"
        );
    }

    #[test]
    fn only_what_the_tenant_has_on_is_offered_but_to_administrators() {
        let settings = settings(&[Gate::Email]);
        assert_eq!(offers(&person(), &settings), [MethodKind::Email]);
        let admin = Account {
            roles: vec![Role::Auditor],
            ..person()
        };
        let theirs = [
            MethodKind::Passkey,
            MethodKind::Authenticator,
            MethodKind::App,
            MethodKind::Email,
            MethodKind::Office,
            MethodKind::Mobile,
        ];
        assert_eq!(offers(&admin, &settings), theirs);
        assert_eq!(
            may_add(MethodKind::App, &person(), &settings),
            Err(Refusal::MethodUnavailable)
        );
    }

    #[test]
    fn what_was_loaded_is_corrected_and_an_office_phone_added_where_the_tenant_lets_people() {
        let mut settings = settings(&Gate::ALL);
        let loaded = with(person(), &[(MethodKind::Mobile, "+442079460089")]);
        let record = |is_verified| Record {
            method: loaded.methods[0].clone(),
            name: None,
            is_verified,
            added_at: Timestamp::from_ms(0),
            last_used_at: None,
        };
        assert_eq!(may_remove(&record(false), &settings), Ok(()));
        assert_eq!(may_add(MethodKind::Office, &person(), &settings), Ok(()));
        settings.policy.registration.correct_loaded = false;
        settings.policy.registration.own_office = false;
        assert_eq!(may_remove(&record(false), &settings), Err(Refusal::MethodLoaded));
        assert_eq!(may_remove(&record(true), &settings), Ok(()));
        assert_eq!(
            may_add(MethodKind::Office, &person(), &settings),
            Err(Refusal::MethodUnavailable)
        );
    }

    #[test]
    fn there_is_room_for_so_many_of_a_kind() {
        let settings = settings(&Gate::ALL);
        let full = with(
            person(),
            &[
                (MethodKind::Email, "a@mail.example"),
                (MethodKind::Email, "b@mail.example"),
            ],
        );
        assert_eq!(
            may_add(MethodKind::Email, &full, &settings),
            Err(Refusal::MethodsEnough { most: 2 })
        );
        assert_eq!(
            offers(&full, &settings),
            [
                MethodKind::Passkey,
                MethodKind::Authenticator,
                MethodKind::App,
                MethodKind::Office,
                MethodKind::Mobile
            ]
        );
    }

    #[test]
    fn r53_an_address_has_to_be_ones_own_and_outside() {
        let settings = settings(&Gate::ALL);
        let one = with(person(), &[(MethodKind::Email, "Uma@mail.example")]);
        for (typed, n_others, expect) in [
            (" new@mail.example ", 2, Ok("new@mail.example".to_owned())),
            ("new@mail.example", 3, Err(Refusal::DestinationShared)),
            ("UMA@mail.example", 0, Err(Refusal::DestinationKnown)),
            ("uma@ACORN.example", 0, Err(Refusal::DestinationOwn)),
            ("uma", 0, Err(Refusal::DestinationForm)),
            ("", 0, Err(Refusal::DestinationForm)),
            (&format!("{}@mail.example", "x".repeat(250)), 0, Err(Refusal::TooLong)),
        ] {
            assert_eq!(address(typed, &one, &settings, n_others), expect, "{typed}");
        }
    }

    #[test]
    fn r53_a_number_has_to_be_new_and_of_few() {
        let settings = settings(&Gate::ALL);
        let one = with(person(), &[(MethodKind::Mobile, "+442079460089")]);
        for (kind, typed, n_others, expect) in [
            (MethodKind::Mobile, "+442079460011", 2, Ok("+442079460011".to_owned())),
            (MethodKind::Mobile, "+442079460011", 3, Err(Refusal::DestinationShared)),
            (MethodKind::Mobile, "+442079460089", 0, Err(Refusal::DestinationKnown)),
            (
                MethodKind::Office,
                "+442079460089;ext=7",
                0,
                Ok("+442079460089;ext=7".to_owned()),
            ),
        ] {
            assert_eq!(destination(kind, typed, &one, &settings, n_others), expect, "{typed}");
        }
    }

    #[test]
    fn a_methods_name_is_short_and_plain() {
        assert_eq!(may_name("  "), Ok(None));
        assert_eq!(may_name(" Work phone "), Ok(Some("Work phone".to_owned())));
        assert_eq!(may_name("هاتف العمل"), Ok(Some("هاتف العمل".to_owned())));
        for bad in ["a\u{202e}b", "a\nb", &"x".repeat(41)] {
            assert_eq!(may_name(bad), Err(Refusal::MethodName), "{bad:?}");
        }
    }
}
