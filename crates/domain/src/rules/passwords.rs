//! New passwords (`domain.md` §§7, 9).

use super::*;
use crate::brand::Brand;
use crate::password::{Mark, Rule as Line, normalised};

/// What is wrong with a new password, typed twice alike, where the tenant changes this.
fn refused(change: fn(&mut PasswordPolicy), typed: &str) -> String {
    let mut policy = PasswordPolicy::default();
    change(&mut policy);
    judged(&policy, &Names::default(), BannedList::shipped(), [typed, typed], None)
}

fn judged(
    policy: &PasswordPolicy,
    names: &Names,
    banned: &BannedList,
    typed: [&str; 2],
    present: Option<&str>,
) -> String {
    let [typed, repeated] = typed.map(|text| Secret::new(text.to_owned()));
    let present = present.map(|text| Secret::new(text.to_owned()));
    let new = NewPassword {
        typed: &typed,
        repeated: &repeated,
        present: present.as_ref(),
    };
    let lists = Lists {
        banned,
        is_known: |typed| typed.expose() == "marmalade squadron",
    };
    let found = refusals(policy, names, lists, new);
    found.iter().map(Refusal::code).collect::<Vec<_>>().join(" ")
}

/// The published examples, by their terms and a name. Those of fewer than eight characters are refused for that.
fn example(typed: &str) -> String {
    let terms = BannedList::read("contoso\nblank\nabcdef\nharbour\nregain\nwelcome");
    let policy = PasswordPolicy {
        least: Some(8),
        ..PasswordPolicy::default()
    };
    judged(&policy, &Names::new(["Poll"]), &terms, [typed, typed], None)
}

/// What is wrong with a new password where the global list was replaced by one term.
fn newer(typed: &str) -> String {
    let newer = BannedList::replaced_by("zeppelin");
    judged(&usual().password, &Names::default(), &newer, [typed, typed], None)
}

fn entra(policy: &mut PasswordPolicy) {
    policy.profile = Profile::Entra;
}

/// Whether a name of somebody of Acorn Works is in a text.
fn holds(change: fn(&mut Account), text: &str) -> String {
    let mut account = person();
    change(&mut account);
    let settings = TenantSettings {
        brand: Brand::named("Acorn Works"),
        ..usual()
    };
    Names::of(Some(&account), &settings).are_in(text).to_string()
}

/// The organisation's own list as it is kept.
fn kept(typed: &str) -> String {
    let setting = Setting::Protection(Protection::Custom);
    let (settings, _) = written(&usual(), &[], &[(setting, typed.to_owned())]);
    setting.read(&settings, &[])
}

fn terms(n: usize) -> String {
    let lines: Vec<String> = (0..n).map(|n| format!("term{n}x")).collect();
    typed(Setting::Protection(Protection::Custom), &lines.join("\n"))
}

/// How a rule is ticked while this is typed.
fn ticked(rule: Line, typed: &str, repeated: &str) -> String {
    let mut policy = PasswordPolicy::default();
    entra(&mut policy);
    let mark = policy.shown(Names::new(["Poll"])).mark(rule, typed, repeated);
    match mark {
        Mark::Open => "open",
        Mark::Met => "met",
        Mark::Broken => "broken",
        Mark::OnServer => "on the server",
    }
    .to_owned()
}

/// Whether somebody whose password was set so many days ago is told that it expires after 90.
fn is_warned(age_days: u64) -> String {
    let policy = PasswordPolicy {
        expiry_days: Some(90),
        ..PasswordPolicy::default()
    };
    let account = able();
    let at = account.password_changed_at.plus(Duration::from_hours(24 * age_days));
    account.password_ends_soon(&policy, at).is_some().to_string()
}

pub(super) const POLICY: &[Rule] = &[
    ("§7", "12 characters", || refused(|_| {}, "kX9!qT4#vB2?"), ""),
    (
        "§7",
        "256 characters",
        || refused(|_| {}, &"quaint lantern x".repeat(16)),
        "",
    ),
    (
        "§7",
        "any script, no classes",
        || refused(|_| {}, "عصفور على غصن الزيتون"),
        "",
    ),
    ("§7", "entra: 7 characters", || refused(entra, "kX9!qT4"), "pw-short"),
    ("§7", "entra: 8 characters", || refused(entra, "kX9!qT4#"), ""),
    (
        "§7",
        "entra: 257 characters",
        || refused(entra, &format!("{}x", "kX9!qT4#".repeat(32))),
        "pw-long",
    ),
    (
        "§7",
        "entra: every sign on its list",
        || refused(entra, "aA @#$%^&*-_!+=[]{}|\\:',.?/`~\"();<>"),
        "",
    ),
    (
        "§7",
        "entra: other characters by setting",
        || {
            refused(
                |p| {
                    entra(p);
                    p.unicode = true;
                },
                "Quäint lantern 7",
            )
        },
        "",
    ),
    (
        "§7",
        "a least length of 7",
        || typed(Setting::Protection(Protection::Least), "7"),
        "range",
    ),
    (
        "§7",
        "a least length of 65",
        || typed(Setting::Protection(Protection::Least), "65"),
        "range",
    ),
    (
        "§7",
        "a least length of one's own",
        || refused(|p| p.least = Some(20), "quaint lantern six"),
        "pw-short",
    ),
    (
        "§7",
        "expiry after 0 days",
        || typed(Setting::Protection(Protection::Expiry), "0"),
        "range",
    ),
    ("§7", "14 days ahead it is told", || is_warned(76), "true"),
    ("§7", "15 days ahead it is not", || is_warned(75), "false"),
    (
        "§7",
        "a history of 25",
        || typed(Setting::Protection(Protection::History), "25"),
        "range",
    ),
    (
        "§7",
        "whatever is stored, 24 at most",
        || {
            let policy = PasswordPolicy {
                history: 99,
                ..PasswordPolicy::default()
            };
            policy.n_remembered().to_string()
        },
        "24",
    ),
    (
        "§7",
        "a change does not repeat the last password",
        || {
            let typed = "quaint lantern seven";
            judged(
                &usual().password,
                &Names::default(),
                BannedList::shipped(),
                [typed, typed],
                Some(typed),
            )
        },
        "pw-same",
    ),
    (
        "§7",
        "a reset, which does not know it, may",
        || refused(|_| {}, "quaint lantern seven"),
        "",
    ),
];

pub(super) const WORDS: &[Rule] = &[
    (
        "§9",
        "length, classes and characters are told together",
        || refused(entra, "wörd"),
        "pw-short pw-classes pw-characters",
    ),
    (
        "§9",
        "and the present password with them",
        || {
            let typed = "quaint";
            judged(
                &usual().password,
                &Names::default(),
                BannedList::shipped(),
                [typed, typed],
                Some(typed),
            )
        },
        "pw-short pw-same",
    ),
    (
        "§9",
        "terms only after these",
        || refused(|_| {}, "password"),
        "pw-short",
    ),
    (
        "§9",
        "known passwords after the terms",
        || refused(|_| {}, "marmalade squadron"),
        "pw-common",
    ),
    (
        "§9",
        "and not with them",
        || {
            let terms = BannedList::read("marmalade\nsquadron");
            let typed = "marmalade squadron";
            judged(&usual().password, &Names::default(), &terms, [typed, typed], None)
        },
        "pw-banned",
    ),
    (
        "§9",
        "the two are not the same",
        || {
            let typed = ["quaint lantern seven", "quaint lantern six"];
            judged(&usual().password, &Names::default(), BannedList::shipped(), typed, None)
        },
        "pw-mismatch",
    ),
    ("§9", "normalised", || normalised("ＣoNt0$O@1").to_string(), "contosoal"),
    (
        "§9",
        "no other substitution",
        || normalised("!3457|").to_string(),
        "!3457|",
    ),
    ("§9", "contoso·blank·l·2", || example("C0ntos0Blank12"), "pw-banned"),
    ("§9", "contoso·blank·f·9·!", || example("ContoS0Bl@nkf9!"), ""),
    ("§9", "~harbour·!·2·7", || example("Harb0r!27"), "pw-banned"),
    ("§9", "~regain·harbour", || example("R3gainHarbour"), "pw-banned"),
    ("§9", "harbour·!·2·o·2·7", || example("Harb0ur!2027"), ""),
    ("§9", "welcome·l", || example("Welcome1"), "pw-banned"),
    ("§9", "poll", || example("p0LL23fb"), "pw-name"),
    (
        "§9",
        "the given name",
        || holds(|a| a.given_name = "Lotte".to_owned(), "acres of L0tte"),
        "true",
    ),
    (
        "§9",
        "a word of the family name",
        || holds(|a| a.family_name = "King Lovelace".to_owned(), "lovelaces seven"),
        "true",
    ),
    (
        "§9",
        "the name before the @",
        || {
            holds(
                |a| a.user_name = UserName::of_row("lott@acorn.example".to_owned()),
                "lotteries galore",
            )
        },
        "true",
    ),
    (
        "§9",
        "a word of the tenant's name",
        || holds(|_| {}, "the @corn falls"),
        "true",
    ),
    (
        "§9",
        "a name of three characters",
        || holds(|_| {}, "puma in the zoo"),
        "false",
    ),
    (
        "§9",
        "the list of one's own counts where that is set",
        || {
            refused(
                |p| (p.custom, p.enforce_custom) = (vec!["Zeppelin".to_owned()], true),
                "zeppelinZeppelin",
            )
        },
        "pw-custom",
    ),
    (
        "§9",
        "and not until then",
        || refused(|p| p.custom = vec!["Zeppelin".to_owned()], "zeppelinZeppelin"),
        "",
    ),
    (
        "§9",
        "a term of 17 characters",
        || typed(Setting::Protection(Protection::Custom), "seventeenletters!"),
        "term-length",
    ),
    ("§9", "1000 terms", || terms(1000), ""),
    ("§9", "1001 terms", || terms(1001), "too-many"),
    (
        "§9",
        "those that are alike are one",
        || kept("Contoso\n\nC0NTOS0\nHarbour"),
        "Contoso\nHarbour",
    ),
    (
        "§9",
        "a newer global list keeps the shipped one",
        || newer("passwordpassword"),
        "pw-banned",
    ),
    ("§9", "and adds to it", || newer("zeppelinzeppelin"), "pw-banned"),
    (
        "§9",
        "the page ticks length",
        || ticked(Line::Length, "quaint1", ""),
        "broken",
    ),
    (
        "§9",
        "once it is enough",
        || ticked(Line::Length, "quaint12", ""),
        "met",
    ),
    (
        "§9",
        "classes",
        || ticked(Line::Classes, "quaint lantern", ""),
        "broken",
    ),
    ("§9", "characters", || ticked(Line::Characters, "Quäint", ""), "broken"),
    ("§9", "names", || ticked(Line::Names, "p0LL23fb", ""), "broken"),
    (
        "§9",
        "the repetition",
        || ticked(Line::Repeat, "quaint", "quain"),
        "broken",
    ),
    (
        "§9",
        "lists are asked by the server",
        || ticked(Line::Lists, "password", ""),
        "on the server",
    ),
    (
        "§9",
        "and so is the history",
        || ticked(Line::History, "password", ""),
        "on the server",
    ),
];
