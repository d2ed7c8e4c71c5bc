//! The rules that need nothing but the password and its policy: what the page ticks and what the post refuses is this code.

use super::policy::Alphabet;
use super::{BannedList, Names, PasswordPolicy, Profile, banned};
use crate::text::nfc;
use crate::{Refusal, Secret};

/// Most code points, whatever a policy says. R27. In UTF-8 these are at most 1024 bytes.
const MOST: u32 = 256;
/// Classes of the `entra` profile that must be there, of four.
const LEAST_CLASSES: usize = 3;

/// The password as it is measured, hashed and written: composed (NFC), and not changed in any other way. R27.
pub fn normal_form(typed: &Secret) -> Secret {
    Secret::new(composed(typed.expose()))
}

/// Lists that stay on the server.
#[derive(Clone, Copy)]
pub struct Lists<'a> {
    /// Terms that are banned for every tenant.
    pub banned: &'a BannedList,
    /// Whether a password, in its normal form, is on lists of known ones.
    pub is_known: fn(&Secret) -> bool,
}

/// A new password, as it was typed.
#[derive(Clone, Copy)]
pub struct NewPassword<'a> {
    /// As it shall be.
    pub typed: &'a Secret,
    /// Typed again.
    pub repeated: &'a Secret,
    /// The present one, where it was typed as well.
    pub present: Option<&'a Secret>,
}

/// Why a password is not taken, as far as neither history nor the directory are asked. Length, classes, characters, the
/// present password and names are told together; what is on a list only once these are right, one list at a time; the
/// repetition always.
pub fn refusals(policy: &PasswordPolicy, names: &Names, lists: Lists<'_>, new: NewPassword<'_>) -> Vec<Refusal> {
    let (typed, repeated) = (normal_form(new.typed), normal_form(new.repeated));
    let text = typed.expose();
    let is_present = new.present.is_some_and(|present| normal_form(present).expose() == text);
    let first = [
        length(policy.least(), policy.most, text),
        classes(policy.profile, text),
        characters(policy.alphabet(), text),
        is_present.then_some(Refusal::PwSame),
        holds_no_name(names, text),
    ];
    let mut refusals: Vec<Refusal> = first.into_iter().flatten().collect();
    if refusals.is_empty() {
        let known = || (lists.is_known)(&typed).then_some(Refusal::PwCommon);
        refusals.extend(banned::refusal(policy, lists.banned, text).or_else(known));
    }
    if text != repeated.expose() {
        refusals.push(Refusal::PwMismatch);
    }
    refusals
}

/// Refuses what is too short or too long, in code points of the normal form.
pub(super) fn length(least: u32, most: u32, text: &str) -> Option<Refusal> {
    let most = most.min(MOST);
    let n_points = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    if n_points < least {
        return Some(Refusal::PwShort { least });
    }
    (n_points > most).then_some(Refusal::PwLong { most })
}

/// Refuses too few classes, where the profile asks for them. A space is a symbol, and a letter that has no case counts
/// as a small one, so that no script is shut out.
pub(super) fn classes(profile: Profile, text: &str) -> Option<Refusal> {
    let class_has: [fn(char) -> bool; 4] = [
        |c| c.is_alphabetic() && !c.is_uppercase(),
        char::is_uppercase,
        char::is_numeric,
        |c| !c.is_alphanumeric() && !c.is_control(),
    ];
    let n_classes = class_has.iter().filter(|has| text.chars().any(**has)).count();
    (profile == Profile::Entra && n_classes < LEAST_CLASSES).then_some(Refusal::PwClasses)
}

/// Refuses characters that the policy doesn't allow.
pub(super) fn characters(alphabet: Alphabet, text: &str) -> Option<Refusal> {
    let is_allowed = match alphabet {
        Alphabet::Any => |c: char| !c.is_control(),
        Alphabet::Listed => |c: char| matches!(c, ' '..='~'),
    };
    (!text.chars().all(is_allowed)).then_some(Refusal::PwCharacters)
}

/// Refuses names of the person and of the organisation.
pub(super) fn holds_no_name(names: &Names, text: &str) -> Option<Refusal> {
    names.are_in(text).then_some(Refusal::PwName)
}

/// The text in NFC.
pub(super) fn composed(text: &str) -> String {
    // Composition makes a text at most three times as long in UTF-8, so that nothing is moved and left behind.
    let mut composed = String::with_capacity(text.len().saturating_mul(3));
    composed.extend(nfc(text.chars()));
    composed
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn policy(profile: Profile) -> PasswordPolicy {
        PasswordPolicy {
            profile,
            least: Some(8),
            ..PasswordPolicy::default()
        }
    }

    fn only(banned: &BannedList) -> Lists<'_> {
        Lists {
            banned,
            is_known: |_| false,
        }
    }

    fn judged(policy: &PasswordPolicy, names: &Names, banned: &BannedList, typed: &str) -> Vec<Refusal> {
        let typed = Secret::new(typed.to_owned());
        refusals(policy, names, only(banned), twice(&typed))
    }

    fn twice(typed: &Secret) -> NewPassword<'_> {
        NewPassword {
            typed,
            repeated: typed,
            present: None,
        }
    }

    #[test]
    fn the_published_examples() {
        let check = |typed, terms: &str, expected: Option<Refusal>| {
            let policy = policy(Profile::Modern);
            let names = Names::new(["Poll"]);
            // Some of the examples are shorter than any policy allows: their length is not what they show.
            let judged = |policy: &PasswordPolicy, lists: &BannedList| {
                let first = [holds_no_name(&names, typed)].into_iter().flatten();
                first.chain(banned::refusal(policy, lists, typed)).next()
            };
            assert_eq!(judged(&policy, &BannedList::read(terms)), expected, "{typed}, global");
            let custom = PasswordPolicy {
                enforce_custom: true,
                custom: terms.lines().map(str::to_owned).collect(),
                ..policy
            };
            let found = judged(&custom, &BannedList::read(""));
            assert_eq!(found, expected.as_ref().map(as_custom), "{typed}, custom");
            let found = judged(&custom, BannedList::shipped());
            assert_eq!(
                found.is_some(),
                expected.is_some(),
                "{typed}, custom beside the shipped list"
            );
        };
        check("C0ntos0Blank12", "contoso\nblank", Some(Refusal::PwBanned));
        check("ContoS0Bl@nkf9!", "contoso\nblank", None);
        check("abcdeg", "abcdef", Some(Refusal::PwBanned));
        check("abcdefg", "abcdef", Some(Refusal::PwBanned));
        check("abcde", "abcdef", Some(Refusal::PwBanned));
        check("Harb0r!27", "harbour", Some(Refusal::PwBanned));
        check("R3gainHarbour", "regain\nharbour", Some(Refusal::PwBanned));
        check("Harb0ur!2027", "harbour", None);
        check("Welcome1", "welcome", Some(Refusal::PwBanned));
        check("p0LL23fb", "", Some(Refusal::PwName));
    }

    fn as_custom(refusal: &Refusal) -> Refusal {
        match refusal {
            Refusal::PwBanned => Refusal::PwCustom,
            other => other.clone(),
        }
    }

    #[test]
    fn the_first_rules_are_told_together_and_the_terms_after_them() {
        let names = Names::new(["Poll"]);
        let lists = BannedList::read("poll\npassword");
        let entra = policy(Profile::Entra);
        assert_eq!(
            judged(&entra, &names, &lists, "pöll"),
            [Refusal::PwShort { least: 8 }, Refusal::PwClasses, Refusal::PwCharacters]
        );
        assert_eq!(
            judged(&entra, &names, &lists, "poll"),
            [Refusal::PwShort { least: 8 }, Refusal::PwClasses, Refusal::PwName]
        );
        assert_eq!(judged(&entra, &names, &lists, "Passw0rd"), [Refusal::PwBanned]);
    }

    #[test]
    fn r27_known_passwords_are_told_once_nothing_else_is_wrong_even_if_it_was_typed_twice_unlike() {
        let lists = Lists {
            banned: &BannedList::read("password"),
            is_known: |typed| typed.expose().contains("\u{f6}wn"),
        };
        let check = |typed: &str, repeated: &str, expected: &[Refusal]| {
            let (typed, repeated) = (Secret::new(typed.to_owned()), Secret::new(repeated.to_owned()));
            let new = NewPassword {
                repeated: &repeated,
                ..twice(&typed)
            };
            let found = refusals(&policy(Profile::Modern), &Names::new(["Poll"]), lists, new);
            assert_eq!(found, expected, "{}", typed.expose());
        };
        check("kno\u{308}wn one", "kno\u{308}wn one", &[Refusal::PwCommon]);
        check("kn\u{f6}wn one", "", &[Refusal::PwCommon, Refusal::PwMismatch]);
        check("kn\u{f6}wn poll", "kn\u{f6}wn poll", &[Refusal::PwName]);
        check("passw\u{f6}wn", "passw\u{f6}wn", &[Refusal::PwCommon]);
        check("password", "password", &[Refusal::PwBanned]);
    }

    #[test]
    fn the_present_password_is_told_beside_the_first_rules() {
        let lists = BannedList::read("password");
        let found = |typed: &str, present: &str| {
            let (typed, present) = (Secret::new(typed.to_owned()), Secret::new(present.to_owned()));
            let new = NewPassword {
                present: Some(&present),
                ..twice(&typed)
            };
            refusals(&policy(Profile::Modern), &Names::default(), only(&lists), new)
        };
        assert_eq!(
            found("short", "short"),
            [Refusal::PwShort { least: 8 }, Refusal::PwSame]
        );
        assert_eq!(found("password", "password"), [Refusal::PwSame]);
        assert_eq!(found("l\u{f6}ng enough", "lo\u{308}ng enough"), [Refusal::PwSame]);
        assert_eq!(found("long enough", "Long enough"), []);
    }

    #[test]
    fn entra_takes_unicode_where_the_tenant_says_so() {
        let lists = BannedList::read("");
        let entra = policy(Profile::Entra);
        let unicode = PasswordPolicy {
            unicode: true,
            ..entra.clone()
        };
        let found = |policy, typed| judged(policy, &Names::default(), &lists, typed);
        assert_eq!(found(&entra, "Überfluß 7"), [Refusal::PwCharacters]);
        assert_eq!(found(&unicode, "Überfluß 7"), []);
        assert_eq!(found(&unicode, "عصفور على ٧"), []);
        assert_eq!(found(&unicode, "überflußig"), [Refusal::PwClasses]);
        assert_eq!(found(&unicode, "Über\tfluß 7"), [Refusal::PwCharacters]);
    }

    #[test]
    fn the_repetition_is_always_told() {
        let pair = |typed: &str, repeated: &str| {
            let (typed, repeated) = (Secret::new(typed.to_owned()), Secret::new(repeated.to_owned()));
            let lists = BannedList::read("");
            let new = NewPassword {
                repeated: &repeated,
                ..twice(&typed)
            };
            refusals(&policy(Profile::Modern), &Names::default(), only(&lists), new)
        };
        assert_eq!(pair("short", ""), [Refusal::PwShort { least: 8 }, Refusal::PwMismatch]);
        assert_eq!(pair("long enough", "long enough "), [Refusal::PwMismatch]);
        assert_eq!(pair("l\u{f6}ng enough", "lo\u{308}ng enough"), []);
    }

    #[test]
    fn r27_length_is_counted_in_code_points_of_the_normal_form() {
        let modern = policy(Profile::Modern);
        let lists = BannedList::read("");
        let check = |typed: String, expected: &[Refusal]| {
            assert_eq!(judged(&modern, &Names::default(), &lists, &typed), expected, "{typed}");
        };
        check("o\u{308}".repeat(7), &[Refusal::PwShort { least: 8 }]);
        check("o\u{308}".repeat(8), &[]);
        check("🦉".repeat(256), &[]);
        check("🦉".repeat(257), &[Refusal::PwLong { most: 256 }]);
        check("  spaces stay  ".to_owned(), &[]);
        check("tab\tinside it".to_owned(), &[Refusal::PwCharacters]);
        check("nul\0inside it".to_owned(), &[Refusal::PwCharacters]);
        let lax = PasswordPolicy { most: 9999, ..modern };
        assert_eq!(
            judged(&lax, &Names::default(), &lists, &"🦉".repeat(257)),
            [Refusal::PwLong { most: 256 }]
        );
    }

    #[test]
    fn entra_takes_all_its_symbols() {
        let entra = policy(Profile::Entra);
        let typed = "aA @#$%^&*-_!+=[]{}|\\:',.?/`~\"();<>";
        assert_eq!(judged(&entra, &Names::default(), &BannedList::read(""), typed), []);
    }

    #[test]
    fn custom_terms_count_only_if_enforced() {
        let mut policy = PasswordPolicy {
            custom: vec!["Zeppelin".to_owned()],
            ..policy(Profile::Modern)
        };
        let lists = BannedList::read("");
        assert_eq!(judged(&policy, &Names::default(), &lists, "zeppelin7"), []);
        policy.enforce_custom = true;
        assert_eq!(
            judged(&policy, &Names::default(), &lists, "zeppelin7"),
            [Refusal::PwCustom]
        );
    }

    proptest! {
        #[test]
        fn any_text_gets_a_verdict(typed in any::<String>(), repeated in any::<String>(), is_entra in any::<bool>()) {
            let profile = if is_entra { Profile::Entra } else { Profile::Modern };
            let policy = PasswordPolicy { enforce_custom: true, custom: vec![repeated.clone()], ..policy(profile) };
            let names = Names::new([repeated.as_str()]);
            let (typed, repeated) = (Secret::new(typed), Secret::new(repeated));
            let new = NewPassword { typed: &typed, repeated: &repeated, present: None };
            let refusals = refusals(&policy, &names, only(BannedList::shipped()), new);
            let is_alike = normal_form(&typed).expose() == normal_form(&repeated).expose();
            prop_assert_eq!(refusals.contains(&Refusal::PwMismatch), !is_alike);
        }

        #[test]
        fn the_page_and_the_post_agree(typed in "\\PC{0,20}|[a-zA-Z0-9 !\\t]{0,20}", is_entra in any::<bool>(), unicode in any::<bool>()) {
            use crate::password::{Mark, Rule};
            let profile = if is_entra { Profile::Entra } else { Profile::Modern };
            let policy = PasswordPolicy { unicode, ..policy(profile) };
            let names = Names::new(["abcd", "efgh"]);
            let refusals = judged(&policy, &names, &BannedList::read(""), &typed);
            let shown = policy.shown(names);
            for (rule, refusal) in [
                (Rule::Characters, Refusal::PwCharacters),
                (Rule::Classes, Refusal::PwClasses),
                (Rule::Names, Refusal::PwName),
                (Rule::Length, Refusal::PwShort { least: 8 }),
            ] {
                let is_broken = shown.mark(rule, &typed, "") == Mark::Broken;
                prop_assert!(typed.is_empty() || is_broken == refusals.contains(&refusal), "{:?}", rule);
            }
        }

        #[test]
        fn the_normal_form_is_normal(typed in any::<String>()) {
            let once = composed(&typed);
            prop_assert!(once.len() <= typed.len() * 3);
            prop_assert_eq!(composed(&once), once);
        }
    }
}
