//! What gateways tell by callbacks, and whether it is they who tell it. R36. Pure: states and limits are the caller's.
//!
//! Gateways report a time for calls alone. As the id of an event serves the signature itself: the same event told twice,
//! by the gateway or by somebody who overheard it, has the same one.

mod report;
mod signature;

pub use report::{CallReport, CallState, Keys, MessageReport, MessageState, Pressed};
pub use signature::{is_signed, sign};

use url::form_urlencoded;

/// Largest body of a callback, in bytes (R48).
const MOST_BYTES: usize = 16 * 1024;
/// Most fields of a callback; a call's has some thirty.
const MOST_FIELDS: usize = 100;

/// The fields of a callback. Not printable on purpose: they hold numbers.
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads the raw body, `application/x-www-form-urlencoded`. None if it is too large, or names a field twice.
    pub fn parse(body: &[u8]) -> Option<Self> {
        if body.len() > MOST_BYTES {
            return None;
        }
        let mut fields: Vec<_> = form_urlencoded::parse(body)
            .take(MOST_FIELDS + 1)
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        fields.sort();
        let is_twice = fields
            .windows(2)
            .any(|pair| matches!(pair, [(one, _), (other, _)] if one == other));
        (fields.len() <= MOST_FIELDS && !is_twice).then_some(Self(fields))
    }

    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Names with their values, sorted by name.
    fn sorted(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

#[cfg(test)]
mod tests;
