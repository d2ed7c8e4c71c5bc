//! A secret as it comes out of a form field. R29.

use serde::{Deserialize, Serialize, Serializer, ser::Error};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The server macro wants `Debug`, `Clone` and `Serialize` of every argument; this type gives them without giving the text
/// away: it prints its name, serialises in the browser only, and is wiped on drop.
#[derive(Clone, Default, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(transparent)]
pub struct Typed(pub(crate) String);

impl Typed {
    /// Takes what stands in the field.
    pub(crate) fn new(text: String) -> Self {
        Self(text)
    }
}

impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Typed")
    }
}

impl Serialize for Typed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if cfg!(target_family = "wasm") {
            serializer.serialize_str(&self.0)
        } else {
            Err(S::Error::custom("a secret leaves the browser only"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r29_a_typed_secret_is_neither_printed_nor_serialised() {
        let typed = Typed::new("correct horse".to_owned());
        assert_eq!(format!("{typed:?}"), "Typed");
        assert!(serde_json::to_string(&typed).is_err());
    }
}
