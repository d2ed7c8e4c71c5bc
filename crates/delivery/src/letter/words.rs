//! The words of each language, from `<lang>.json`, and the holes in them.

use regain_domain::locale::Language;
use serde::Deserialize;
use std::sync::LazyLock;

/// All words of one language. Every language has every key: a test proves it.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) moment: MomentWords,
    pub(super) label: Labels,
    pub(super) reset_code: LetterWords,
    pub(super) unlock_code: LetterWords,
    pub(super) confirm_code: LetterWords,
    pub(super) methods_changed: LetterWords,
    pub(super) change: Changes,
    pub(super) method: Methods,
    pub(super) password_reset: LetterWords,
    pub(super) password_changed: LetterWords,
    pub(super) account_unlocked: LetterWords,
    pub(super) refused: LetterWords,
    pub(super) unlock_refused: LetterWords,
    pub(super) reason: Reasons,
    pub(super) blocked: LetterWords,
    pub(super) admin_reset: LetterWords,
    pub(super) help_request: LetterWords,
    pub(super) denied: LetterWords,
    pub(super) reported: LetterWords,
    pub(super) reported_staff: LetterWords,
    pub(super) stopped: LetterWords,
    pub(super) stopped_staff: LetterWords,
    pub(super) by_staff: LetterWords,
    pub(super) staff: StaffActs,
    pub(super) roles_changed: LetterWords,
    pub(super) role: Roles,
    pub(super) under_attack: LetterWords,
    pub(super) ceiling_reached: LetterWords,
    pub(super) ceiling: Ceilings,
    pub(super) foot: String,
}

/// How a point in time is told.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MomentWords {
    pub(super) text: String,
    pub(super) first_day: String,
    pub(super) months: Vec<String>,
}

/// What stands before a fact.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Labels {
    pub(super) account: String,
    pub(super) at: String,
    pub(super) good_until: String,
    pub(super) network: String,
    pub(super) device: String,
    pub(super) sessions_ended: String,
    pub(super) method: String,
    pub(super) reason_code: String,
    pub(super) reference: String,
    pub(super) helpdesk: String,
    pub(super) roles: String,
    pub(super) by: String,
}

/// The sentences of one letter.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LetterWords {
    pub(super) subject: String,
    pub(super) heading: String,
    pub(super) intro: String,
    pub(super) notes: Vec<String>,
}

/// What became of a method.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Changes {
    pub(super) added: String,
    pub(super) removed: String,
    pub(super) replaced: String,
}

/// What staff did.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StaffActs {
    pub(super) lifted: String,
    pub(super) register_again: String,
    pub(super) one_time_pass: String,
}

/// Roles.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Roles {
    pub(super) global_admin: String,
    pub(super) policy_admin: String,
    pub(super) brand_owner: String,
    pub(super) helpdesk: String,
    pub(super) auditor: String,
    pub(super) none: String,
}

/// How much of the ceiling for paid messages is spent.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ceilings {
    pub(super) near: String,
    pub(super) reached: String,
}

/// Kinds of methods.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Methods {
    pub(super) email: String,
    pub(super) mobile: String,
    pub(super) office: String,
    pub(super) app: String,
    pub(super) authenticator: String,
    pub(super) passkey: String,
    pub(super) questions: String,
}

/// Why a reset was refused.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reasons {
    pub(super) tenant_off: String,
    pub(super) no_policy: String,
    pub(super) not_licensed: String,
    pub(super) not_in_scope: String,
    pub(super) not_registered: String,
    pub(super) too_few_methods: String,
    pub(super) blocked: String,
    pub(super) other: String,
}

impl Words {
    /// The words of a language.
    pub(super) fn of(language: Language) -> &'static Self {
        static EN: LazyLock<Words> = LazyLock::new(|| read(Language::En));
        static DE: LazyLock<Words> = LazyLock::new(|| read(Language::De));
        static FR: LazyLock<Words> = LazyLock::new(|| read(Language::Fr));
        static ES: LazyLock<Words> = LazyLock::new(|| read(Language::Es));
        static AR: LazyLock<Words> = LazyLock::new(|| read(Language::Ar));
        match language {
            Language::En => &EN,
            Language::De => &DE,
            Language::Fr => &FR,
            Language::Es => &ES,
            Language::Ar => &AR,
        }
    }
}

/// The file of a language.
pub(super) const fn source(language: Language) -> &'static str {
    match language {
        Language::En => include_str!("en.json"),
        Language::De => include_str!("de.json"),
        Language::Fr => include_str!("fr.json"),
        Language::Es => include_str!("es.json"),
        Language::Ar => include_str!("ar.json"),
    }
}

/// The files are part of the program, and a test reads each of them: the default never stands in.
fn read(language: Language) -> Words {
    serde_json::from_str(source(language)).unwrap_or_default()
}

/// Values for the holes `{{ name }}` of a text.
pub(crate) struct Holes {
    values: Vec<(&'static str, String)>,
    is_isolated: bool,
}

impl Holes {
    /// None yet. Where `is_isolated`, values keep their own direction inside a text of the other one (UAX #9 isolates).
    pub(crate) const fn new(is_isolated: bool) -> Self {
        Self {
            values: Vec::new(),
            is_isolated,
        }
    }

    /// Adds a value.
    pub(crate) fn put(&mut self, name: &'static str, value: &str) {
        self.values.push((name, value.to_owned()));
    }

    /// Whether there is a value for every hole of a text.
    pub(super) fn fit(&self, text: &str) -> bool {
        let mut rest = text;
        while let Some((_, name, after)) = next_hole(rest) {
            if !self.values.iter().any(|(known, _)| *known == name) {
                return false;
            }
            rest = after;
        }
        true
    }

    /// The text with its holes filled.
    pub(crate) fn fill(&self, text: &str) -> String {
        self.filled(text, self.is_isolated)
    }

    /// The same for a subject line, where mail programs may draw isolates as boxes.
    pub(super) fn fill_line(&self, text: &str) -> String {
        self.filled(text, false)
    }

    /// One pass, so that a value that looks like a hole stays what it is.
    fn filled(&self, text: &str, is_isolated: bool) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, name, after)) = next_hole(rest) {
            filled.push_str(before);
            if let Some((_, value)) = self.values.iter().find(|(known, _)| *known == name) {
                if is_isolated {
                    filled.extend(["\u{2068}", value, "\u{2069}"]);
                } else {
                    filled.push_str(value);
                }
            }
            rest = after;
        }
        filled.push_str(rest);
        filled
    }
}

/// What stands before the next hole, its name, and what follows.
pub(crate) fn next_hole(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (name, after) = rest.split_once("}}")?;
    Some((before, name.trim(), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_looks_like_a_hole_stays_text() {
        let mut holes = Holes::new(true);
        holes.put("org", "{{ code }}");
        holes.put("code", "481516");
        assert_eq!(holes.fill("At {{ org }}."), "At \u{2068}{{ code }}\u{2069}.");
        assert_eq!(holes.fill_line("{{code}} at {{ org }}"), "481516 at {{ code }}");
    }
}
