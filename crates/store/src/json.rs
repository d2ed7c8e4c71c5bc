//! Columns that hold JSON: never searched, each with the version of its form.

use crate::error::Error;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A value as it stands in a column. A form that changes gets a further variant, and the older ones stay readable.
#[derive(Serialize, Deserialize)]
#[serde(tag = "v", content = "value")]
enum Versioned<T> {
    #[serde(rename = "1")]
    First(T),
}

/// The text for a column.
pub(crate) fn write<T: Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(&Versioned::First(value)).map_err(|error| codec(&error))
}

/// The value of a column.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    read_bytes(text.as_bytes())
}

/// The value of an unsealed column.
pub(crate) fn read_bytes<T: DeserializeOwned>(text: &[u8]) -> Result<T, Error> {
    let Versioned::First(value) = serde_json::from_slice(text).map_err(|error| codec(&error))?;
    Ok(value)
}

/// What a code in a column means.
pub(crate) fn of_code<T>(code: &str, of: impl FnOnce(&str) -> Option<T>) -> Result<T, Error> {
    of(code).ok_or_else(|| Error::Codec(format!("unknown code {code:?}")))
}

/// 32 bytes of a column.
pub(crate) fn bytes32(bytes: &[u8]) -> Result<[u8; 32], Error> {
    bytes
        .try_into()
        .map_err(|_| Error::Codec(format!("{} bytes instead of 32", bytes.len())))
}

fn codec(error: &serde_json::Error) -> Error {
    // Only the place: the text may hold what was typed.
    Error::Codec(format!("{:?} at column {}", error.classify(), error.column()))
}
