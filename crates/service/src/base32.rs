//! Base32 without padding (RFC 4648 §6): how people and authenticator apps read a secret.

/// The text of some bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::new();
    for chunk in bytes.chunks(5) {
        let mut five = [0_u8; 8];
        for (place, byte) in five.iter_mut().skip(3).zip(chunk) {
            *place = *byte;
        }
        let bits = u64::from_be_bytes(five);
        let n_letters = (chunk.len() * 8).div_ceil(5);
        for at in 0..n_letters {
            let index = usize::try_from((bits >> (35 - 5 * at)) & 31).unwrap_or(0);
            text.extend(LETTERS.get(index).map(|letter| char::from(*letter)));
        }
    }
    text
}

/// The bytes of a text, blanks and case ignored; nothing if it is no base32.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let (mut bits, mut n_bits, mut bytes) = (0_u32, 0_u32, Vec::new());
    for letter in text.chars().filter(|c| !c.is_whitespace() && *c != '=') {
        let value = match letter.to_ascii_uppercase() {
            letter @ 'A'..='Z' => u32::from(letter) - u32::from('A'),
            digit @ '2'..='7' => u32::from(digit) - u32::from('2') + 26,
            _ => return None,
        };
        bits = bits << 5 | value;
        n_bits += 5;
        if n_bits >= 8 {
            n_bits -= 8;
            bytes.push(u8::try_from(bits >> n_bits & 0xff).ok()?);
            bits &= (1 << n_bits) - 1;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn the_examples_of_rfc_4648() {
        for (bytes, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()));
        }
    }
}
