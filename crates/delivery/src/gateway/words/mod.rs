//! What is texted and said, from `<lang>.json`, and what it is about.

use regain_domain::locale::Language;
use regain_domain::notice::Subject;
use serde::Deserialize;
use std::sync::LazyLock;

/// All words of one language. Every language has every key: a test proves it.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) sms: BySubject,
    pub(super) call: CallWords,
}

/// A sentence for each subject.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BySubject {
    reset: String,
    unlock: String,
    registration: String,
    change: String,
}

/// What is said in a call.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CallWords {
    pub(super) from: String,
    pub(super) about: BySubject,
    pub(super) press_hash: String,
    pub(super) report: String,
    pub(super) confirm: String,
    pub(super) any_key: String,
    pub(super) code: String,
    pub(super) again: String,
    pub(super) keep: String,
    pub(super) allowed: String,
    pub(super) not_allowed: String,
    pub(super) reported: String,
    pub(super) goodbye: String,
}

impl BySubject {
    /// The sentence for a subject.
    pub(super) fn of(&self, subject: Subject) -> &str {
        match subject {
            Subject::Reset => &self.reset,
            Subject::Unlock => &self.unlock,
            Subject::Registration => &self.registration,
            Subject::Change => &self.change,
        }
    }
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
const fn source(language: Language) -> &'static str {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letter::words::next_hole;
    use serde_json::Value;
    use std::collections::BTreeMap;

    /// The holes of each text, by its place.
    fn holes(language: Language) -> BTreeMap<String, Vec<String>> {
        let mut found = BTreeMap::new();
        let mut open = vec![(String::new(), serde_json::from_str::<Value>(source(language)).unwrap())];
        while let Some((place, value)) = open.pop() {
            match value {
                Value::Object(map) => {
                    open.extend(map.into_iter().map(|(key, inner)| (format!("{place}.{key}"), inner)));
                }
                Value::String(text) => {
                    assert!(!text.trim().is_empty(), "{language:?}{place}");
                    let (mut names, mut rest) = (Vec::new(), text.as_str());
                    while let Some((_, name, after)) = next_hole(rest) {
                        names.push(name.to_owned());
                        rest = after;
                    }
                    names.sort();
                    found.insert(place, names);
                }
                other => panic!("{place} is {other}"),
            }
        }
        found
    }

    #[test]
    fn every_language_has_every_text_with_the_same_holes() {
        for language in Language::ALL {
            serde_json::from_str::<Words>(source(language)).unwrap();
            assert_eq!(holes(language), holes(Language::En), "{language:?}");
        }
    }
}
