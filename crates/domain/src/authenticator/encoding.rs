//! Bytes as text, by base64url without padding (RFC 4648 §5), on either side of the wire.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Bytes as text.
pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Text as bytes. Nothing unless it is written in the one way that [`base64url`] writes it.
pub fn of_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
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
