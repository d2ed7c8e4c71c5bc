//! Typed words out of `locales/`, and the page's language, which never changes without a reload.
//!
//! Words are taken as text (`td_string!`), not as views (`t!`, `td!`): each view of a key is a type of its own, and a hundred
//! of them cost four times the bytes.

use leptos::prelude::*;
use regain_domain::locale::Language;

#[expect(
    unused_imports,
    unused_qualifications,
    dead_code,
    clippy::pedantic,
    clippy::expect_used,
    reason = "generated; also holds what we do not use"
)]
mod words {
    include!(concat!(env!("OUT_DIR"), "/i18n.rs"));
}
pub(crate) use words::i18n::{Locale, td_string};

/// The page's language: on the server the negotiated one, in the browser what `<html lang>` says.
pub(crate) fn language() -> Language {
    use_context().or_else(marked).unwrap_or_default()
}

/// The page's language, as the catalogue knows it.
pub(crate) fn locale() -> Locale {
    match language() {
        Language::En => Locale::en,
        Language::De => Locale::de,
        Language::Fr => Locale::fr,
        Language::Es => Locale::es,
        Language::Ar => Locale::ar,
    }
}

/// An address, number or code within words: in a script from right to left it is isolated, so that it still reads right.
pub(crate) fn isolated(text: &str) -> String {
    match language().direction() {
        "rtl" => format!("\u{2066}{text}\u{2069}"),
        _ => text.to_owned(),
    }
}

/// A span as minutes and seconds, as a countdown shows it.
pub(crate) fn span(seconds: u32) -> String {
    isolated(&format!("{}:{:02}", seconds / 60, seconds % 60))
}

fn marked() -> Option<Language> {
    if !cfg!(target_family = "wasm") {
        return None;
    }
    Language::of_tag(&document().document_element()?.get_attribute("lang")?)
}
