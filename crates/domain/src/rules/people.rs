//! Passwords, sign-in, registration and notices (`domain.md` §§7, 9–12).

use super::*;

pub(super) const PASSWORDS: &[Rule] = &[
    (
        "§7",
        "11 characters",
        || password(Profile::Modern, "elevenlette"),
        "pw-short",
    ),
    (
        "§7",
        "257 characters",
        || password(Profile::Modern, &"quaint lantern ".repeat(18)),
        "pw-long",
    ),
    (
        "§7",
        "two classes of four",
        || password(Profile::Entra, "quaint lantern"),
        "pw-classes",
    ),
    (
        "§7",
        "a character that is not on the list",
        || password(Profile::Entra, "Quäint lantern 7"),
        "pw-characters",
    ),
    (
        "§9",
        "a name in look-alikes",
        || password(Profile::Modern, "acres of p0LL23fb"),
        "pw-name",
    ),
    (
        "§9",
        "mostly a common word",
        || password(Profile::Modern, "passwordpassword"),
        "pw-banned",
    ),
    (
        "§9",
        "leans on the tenant's own word",
        || password(Profile::Modern, "harbourHarb0ur"),
        "pw-custom",
    ),
    (
        "§9",
        "unrelated words",
        || password(Profile::Modern, "quaint lantern seven"),
        "",
    ),
    (
        "§9",
        "a term of 3 characters",
        || typed(Setting::Protection(Protection::Custom), "oak"),
        "term-length",
    ),
    (
        "§7",
        "expiry after 731 days",
        || typed(Setting::Protection(Protection::Expiry), "731"),
        "range",
    ),
    ("§7", "older than what is set", || over(30, 30, false), "true"),
    ("§7", "a day younger", || over(29, 30, false), "false"),
    ("§7", "per user never", || over(999, 30, true), "false"),
    (
        "§7",
        "never by default",
        || able().wants_new_password(&PasswordPolicy::default(), NOW).to_string(),
        "false",
    ),
    ("§10", "9 wrong ones", || pause(9), ""),
    ("§10", "10 wrong ones", || pause(10), "60"),
    ("§10", "one more doubles it", || pause(11), "120"),
    ("§10", "to a quarter of an hour", || pause(20), "900"),
    (
        "§10",
        "51 tries",
        || typed(Setting::Protection(Protection::LockoutTries), "51"),
        "range",
    ),
    (
        "§10",
        "a first pause of 4 seconds",
        || typed(Setting::Protection(Protection::LockoutFirst), "4"),
        "range",
    ),
    (
        "§10",
        "a first pause longer than the longest",
        || wrong(|s| s.lockout.first_seconds = 901),
        "lockout-order",
    ),
    (
        "§10",
        "paused, even the right one is refused",
        || sign_in(|_| {}, true, true),
        "sign-in-paused",
    ),
];

pub(super) const PEOPLE: &[Rule] = &[
    (
        "§11",
        "a wrong password, as an unknown name",
        || sign_in(|_| {}, false, false),
        "sign-in-failed",
    ),
    (
        "§11",
        "disabled is told after the right password alone",
        || sign_in(|a| a.status = Status::Disabled, true, false),
        "sign-in-disabled",
    ),
    (
        "§11",
        "and not after a wrong one",
        || sign_in(|a| a.status = Status::Disabled, false, false),
        "sign-in-failed",
    ),
    (
        "§11",
        "an expired password leads to change",
        || sign_in(|a| a.password_expires_at = Some(NOW), true, false),
        "new-password",
    ),
    (
        "§11",
        "staff give their code first",
        || sign_in(|a| a.roles = vec![Role::Helpdesk], true, false),
        "code",
    ),
    (
        "§11",
        "a young password waits",
        || {
            too_young(&of_age(24), &able(), Timestamp::from_ms(1))
                .is_some()
                .to_string()
        },
        "true",
    ),
    (
        "§11",
        "unless it has to go",
        || {
            too_young(
                &of_age(24),
                &Account {
                    must_change: true,
                    ..able()
                },
                Timestamp::from_ms(1),
            )
            .is_some()
            .to_string()
        },
        "false",
    ),
    (
        "§11",
        "too few ways are asked for at sign-in",
        || asked(&person(), &usual()),
        "register",
    ),
    (
        "§11",
        "what is too old is asked for again",
        || asked(&able(), &usual()),
        "reconfirm",
    ),
    (
        "§11",
        "never, where 0 days are set",
        || asked(&able(), &set(|s| s.policy.registration.reconfirm_days = 0)),
        "",
    ),
    (
        "§11",
        "whoever is out of scope is not asked",
        || asked(&person(), &set(|s| s.policy.scope = Scope::None)),
        "",
    ),
    ("§11", "administrators may not put it off", || skip(&staff()), "No"),
    (
        "§1",
        "registered: as many as needed",
        || is_registered(&able(), &usual()).to_string(),
        "true",
    ),
    (
        "§1",
        "capable: enabled as well",
        || is_capable(&able(), &set(|s| s.policy.scope = Scope::None)).to_string(),
        "false",
    ),
    ("§12", "a change is told by default", || told(|_| {}, &person()), "true"),
    (
        "§12",
        "unless it is switched off",
        || told(|s| s.policy.notices.put(Event::Change, false), &person()),
        "false",
    ),
    (
        "§12",
        "and to administrators always",
        || told(|s| s.policy.notices.put(Event::Change, false), &staff()),
        "true",
    ),
];
