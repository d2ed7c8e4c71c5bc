//! Locked workstations that an organisation has enrolled: what it knows of each, and what an administrator sees (R58).

use crate::Timestamp;
use crate::ids::KioskId;
use crate::people::Wrong;
use crate::staff::Reader;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The SHA-256 of a workstation's token. The token itself has 256 bits of chance and stays on the workstation: whoever reads a
/// fingerprint can open nothing with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    /// Reads 64 hexadecimal digits, in groups or not, as `sha256sum` and `Get-FileHash` print them.
    pub fn parse(typed: &str) -> Result<Self, Wrong> {
        let digits: Vec<u8> = typed
            .chars()
            .filter(|c| !c.is_whitespace() && *c != ':')
            .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect::<Option<_>>()
            .ok_or(Wrong::Fingerprint)?;
        let (pairs, rest) = digits.as_chunks::<2>();
        let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high * 16 + low).collect();
        match (bytes.is_empty(), rest.is_empty(), bytes.try_into()) {
            (true, true, _) => Err(Wrong::Missing),
            (false, true, Ok(bytes)) => Ok(Self(bytes)),
            _ => Err(Wrong::Fingerprint),
        }
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Whether a text can be a workstation's token: 256 bits of chance in base64url, or more. What is shorter is nobody's, whoever has
/// enrolled its fingerprint.
pub fn is_token(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (43..=128).contains(&text.len()) && text.bytes().all(is_plain)
}

/// An enrolled workstation, or several of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KioskRow {
    /// Its id.
    pub id: KioskId,
    /// What administrators call it.
    pub name: String,
    /// Its fingerprint in hexadecimal digits.
    pub fingerprint: String,
    /// When it was opened last.
    pub opened_at: Option<Timestamp>,
}

/// What a post of the page did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KioskSaid {
    /// One was enrolled.
    Added,
    /// One was removed.
    Removed,
}

/// The console's page of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KiosksView {
    /// Who looks.
    pub reader: Reader,
    /// Whether only these may open the kiosk's page.
    pub is_required: bool,
    /// All of them, by name.
    pub kiosks: Vec<KioskRow>,
    /// What was typed and refused: name and fingerprint, each with why.
    pub typed: [(String, Option<Wrong>); 2],
    /// What the last post did, and to which.
    pub said: Option<(KioskSaid, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of `abc` (FIPS 180-4, the first example).
    const TEXT: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn r58_a_fingerprint_is_read_as_tools_print_it() {
        let one = Fingerprint::parse(TEXT).expect("a fingerprint");
        assert_eq!((one.0[0], one.0[31], one.to_string().as_str()), (0xba, 0xad, TEXT));
        let grouped: Vec<&str> = (0..64).step_by(2).filter_map(|at| TEXT.get(at..at + 2)).collect();
        for typed in [
            TEXT.to_uppercase(),
            format!("  {TEXT}\r\n"),
            grouped.join(":"),
            grouped.join(" "),
        ] {
            assert_eq!(Fingerprint::parse(&typed), Ok(one), "{typed}");
        }
    }

    #[test]
    fn r58_nothing_else_is_a_fingerprint() {
        assert_eq!(Fingerprint::parse(" \n"), Err(Wrong::Missing));
        for typed in [
            &TEXT[1..],
            &TEXT[2..],
            &format!("{TEXT}0"),
            &format!("{TEXT}00"),
            &TEXT.replace('b', "g"),
            "token",
        ] {
            assert_eq!(Fingerprint::parse(typed), Err(Wrong::Fingerprint), "{typed}");
        }
    }

    #[test]
    fn r58_a_token_has_256_bits_at_least() {
        let least = "q4nGvFq0Jb3kXw2yYt5mHs8dLr7cZe1uAo6iPf9jK-_";
        assert!(is_token(least) && is_token(&least.repeat(2)));
        for bad in [
            "",
            &least[1..],
            &least.repeat(3),
            &least.replace('q', "+"),
            &least.replace('q', " "),
        ] {
            assert!(!is_token(bad), "{bad}");
        }
    }
}
