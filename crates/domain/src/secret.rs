//! The one type for passwords, codes and keys in memory. R29.

use zeroize::{Zeroize, ZeroizeOnDrop};

/// A secret: wiped on drop, and on purpose neither printed, serialised, compared nor cloned.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Secret(String);

impl Secret {
    /// Takes the text over.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// Shows the text, at the one place of use.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
