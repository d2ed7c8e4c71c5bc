//! Languages, and which one a page speaks.

use serde::{Deserialize, Serialize};

/// The languages that ship, English first: it is the source and the last resort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// German.
    De,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Arabic.
    Ar,
}

impl Language {
    /// All of them, in the order of the language switch.
    pub const ALL: [Self; 5] = [Self::En, Self::De, Self::Fr, Self::Es, Self::Ar];

    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Fr => "fr",
            Self::Es => "es",
            Self::Ar => "ar",
        }
    }

    /// The language's own name.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "Deutsch",
            Self::Fr => "Français",
            Self::Es => "Español",
            Self::Ar => "العربية",
        }
    }

    /// `ltr` or `rtl`.
    pub const fn direction(self) -> &'static str {
        match self {
            Self::Ar => "rtl",
            Self::En | Self::De | Self::Fr | Self::Es => "ltr",
        }
    }

    /// Reads a tag by its primary part: `ar-EG` is Arabic.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or(tag);
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(primary))
    }
}

/// What may say which language a page speaks, strongest first.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wishes<'a> {
    /// The cookie in which the person's own choice is kept.
    pub chosen: Option<Language>,
    /// What the tenant forces: beats the browser, never the person.
    pub forced: Option<Language>,
    /// The browser's `Accept-Language`.
    pub accepted: &'a str,
    /// The tenant's default.
    pub fallback: Option<Language>,
}

/// The language of a page: own choice, forced, browser by weight, tenant's default, English.
pub fn negotiate(wishes: &Wishes<'_>) -> Language {
    wishes
        .chosen
        .or(wishes.forced)
        .or_else(|| best_accepted(wishes.accepted))
        .or(wishes.fallback)
        .unwrap_or_default()
}

/// The heaviest known language of an `Accept-Language` header (RFC 9110 §12.5.4), the earlier one among equals.
///
/// `*` names no language, so it decides nothing; weight 0 and weights that are no weights forbid.
fn best_accepted(header: &str) -> Option<Language> {
    let mut best: Option<(Language, f32)> = None;
    for range in header.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let language = parts.next().and_then(Language::of_tag);
        let weight = parts
            .find_map(|part| part.strip_prefix("q="))
            .map_or(Ok(1.0), str::parse::<f32>)
            .unwrap_or(0.0);
        let is_weight = weight > 0.0 && weight <= 1.0;
        if let (Some(language), true) = (language, is_weight)
            && best.is_none_or(|(_, heaviest)| weight > heaviest)
        {
            best = Some((language, weight));
        }
    }
    best.map(|(language, _)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_weights_and_blanks_count() {
        for (header, expect) in [
            ("", None),
            ("ar", Some(Language::Ar)),
            ("ar-EG, en;q=0.5", Some(Language::Ar)),
            ("en;q=0.3, ar;q=0.8", Some(Language::Ar)),
            ("it, ar;q=0.2", Some(Language::Ar)),
            ("ar;q=0, en;q=0.1", Some(Language::En)),
            ("it", None),
            ("*", None),
            ("ar ; q=0.9,en;q=0.95", Some(Language::En)),
            ("de;q=2, fr;q=0.1", Some(Language::Fr)),
        ] {
            assert_eq!(best_accepted(header), expect, "{header}");
        }
    }

    #[test]
    fn the_person_beats_the_tenant_and_the_tenant_beats_the_browser() {
        let mut wishes = Wishes {
            chosen: Some(Language::Fr),
            forced: Some(Language::De),
            accepted: "ar",
            fallback: Some(Language::Es),
        };
        assert_eq!(negotiate(&wishes), Language::Fr);
        wishes.chosen = None;
        assert_eq!(negotiate(&wishes), Language::De);
        wishes.forced = None;
        assert_eq!(negotiate(&wishes), Language::Ar);
        wishes.accepted = "";
        assert_eq!(negotiate(&wishes), Language::Es);
        wishes.fallback = None;
        assert_eq!(negotiate(&wishes), Language::En);
    }
}
