//! The tenant's house: name, accent, logos, helpdesk and languages. Draws nothing.

mod colour;
mod help;
mod theme;

pub use colour::{Colour, ColourError};
pub use help::{HelpLink, HelpLinkError, HelpMail};
pub use theme::Theme;

use crate::locale::Language;
use serde::{Deserialize, Serialize};

/// What makes a page the tenant's; all but the name may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Brand {
    /// The organisation's name, plain text.
    pub name: String,
    /// The accent as the tenant chose it; [`Theme::of`] mends it for pages and mails.
    pub accent: Option<Colour>,
    /// Asset name of the logo for light pages.
    pub logo_light: Option<String>,
    /// Asset name of the logo for dark pages.
    pub logo_dark: Option<String>,
    /// Where a person finds help.
    pub help: Option<HelpLink>,
    /// Whether the pages pass on a request for help.
    pub help_mail: HelpMail,
    /// The language when the browser asks for none that ships.
    pub default_language: Option<Language>,
    /// The language that beats the browser, but not the person.
    pub forced_language: Option<Language>,
}

impl Brand {
    /// A brand with a name alone, cleaned by [`plain_text`].
    pub fn named(name: &str) -> Self {
        Self {
            name: plain_text(name),
            ..Self::default()
        }
    }

    /// The theme of the accent, if there is one.
    pub fn theme(&self) -> Option<Theme> {
        self.accent.map(Theme::of)
    }

    /// The first letter of the name, capital: what stands where no logo is.
    pub fn initial(&self) -> String {
        self.name
            .chars()
            .find(|c| c.is_alphanumeric())
            .map(|c| c.to_uppercase().collect())
            .unwrap_or_default()
    }
}

/// Brand text as it may be shown: trimmed, without control, bidi-control and zero-width characters. R56.
pub fn plain_text(text: &str) -> String {
    let shown: String = text.chars().filter(|c| !is_hidden(*c)).collect();
    shown.trim().to_owned()
}

/// Whether a character steers or hides text instead of being text.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_loses_what_steers_or_hides() {
        let brand = Brand::named(" \u{202e}Acorn\u{200b} Works\n");
        assert_eq!((brand.name.as_str(), brand.initial().as_str()), ("Acorn Works", "A"));
        assert_eq!(brand.theme(), None);
    }

    #[test]
    fn a_brand_is_stored_as_plain_words() {
        let json = r##"{"name":"Acorn Works","accent":"#0b6e4f","logo_light":"acorn-light.svg","logo_dark":"acorn-dark.svg","help":"+44 20 7946 0000","help_mail":"sent","default_language":"en","forced_language":null}"##;
        let brand: Brand = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&brand).unwrap(), json);
        assert!(serde_json::from_str::<Brand>(r#"{"name":"x","help":"javascript:alert(1)"}"#).is_err());
        assert_eq!(
            serde_json::from_str::<Brand>(r#"{"name":"Birch"}"#).unwrap(),
            Brand::named("Birch")
        );
    }
}
