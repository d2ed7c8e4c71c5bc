//! Text as a part of an address (RFC 3986), and Unicode normalisation (Annex 15). This one is in the browser its own, since
//! the tables would be a sixth of the program there; what
//! counts is what the server says, so that a browser with an older Unicode only ticks a rule differently.

/// The text as a part of an address: all but letters, digits and `-._~` of ASCII is escaped (RFC 3986 §2.3).
pub fn percent_escaped(text: &str) -> String {
    let escaped = |byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(escaped).collect()
}

/// The text in groups of four, as people copy a key and say a pass.
pub fn in_fours(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

#[cfg(target_family = "wasm")]
pub(crate) use browser::{nfc, nfkc};
#[cfg(not(target_family = "wasm"))]
pub(crate) use tables::{nfc, nfkc};

#[cfg(not(target_family = "wasm"))]
mod tables {
    use unicode_normalization::UnicodeNormalization;

    /// Composed.
    pub(crate) fn nfc(text: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
        text.nfc()
    }

    /// Composed, and compatible characters made one.
    pub(crate) fn nfkc(text: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
        text.nfkc()
    }
}

#[cfg(target_family = "wasm")]
mod browser {
    use js_sys::JsString;

    pub(crate) fn nfc(text: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
        normal(text, "NFC")
    }

    pub(crate) fn nfkc(text: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
        normal(text, "NFKC")
    }

    fn normal(text: impl Iterator<Item = char>, form: &str) -> std::vec::IntoIter<char> {
        let text: String = text.collect();
        let normal = String::from(JsString::from(text).normalize(form));
        normal.chars().collect::<Vec<_>>().into_iter()
    }
}
