//! Bytes as text, by base64url without padding (RFC 4648 §5), on either side of the wire.

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Bytes as text.
pub fn base64url(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = [0, 1, 2].map(|nth| u32::from(chunk.get(nth).copied().unwrap_or(0)));
        let [first, second, third] = group;
        let bits = first << 16 | second << 8 | third;
        for shift in [18, 12, 6, 0].into_iter().take(chunk.len() + 1) {
            let letter = usize::try_from(bits >> shift & 63).ok().and_then(|at| LETTERS.get(at));
            text.extend(letter.map(|letter| char::from(*letter)));
        }
    }
    text
}

/// Text as bytes. Nothing unless it is written in the one way that [`base64url`] writes it.
pub fn of_base64url(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    for chunk in text.as_bytes().chunks(4) {
        let mut bits = 0;
        for letter in chunk {
            let value = LETTERS.iter().position(|known| known == letter)?;
            bits = bits << 6 | u32::try_from(value).ok()?;
        }
        bits <<= 6 * (4 - chunk.len());
        let [_, group @ ..] = bits.to_be_bytes();
        bytes.extend(group.into_iter().take(chunk.len() - 1));
    }
    (base64url(&bytes) == text).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bytes_are_written_as_the_standard_says() {
        for (bytes, text) in [
            (&b""[..], ""),
            (b"f", "Zg"),
            (b"fo", "Zm8"),
            (b"foo", "Zm9v"),
            (b"foob", "Zm9vYg"),
            (&[0xfb, 0xff, 0xfe], "-__-"),
        ] {
            assert_eq!(base64url(bytes), text);
            assert_eq!(of_base64url(text).as_deref(), Some(bytes));
        }
        for odd in ["Z", "Zg==", "Zh", "Zm9+", "Zm9/", "Zm 9", "é"] {
            assert_eq!(of_base64url(odd), None, "{odd}");
        }
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_back(bytes: Vec<u8>) {
            prop_assert_eq!(of_base64url(&base64url(&bytes)), Some(bytes));
        }
    }
}
