//! Bytes as lower-case hexadecimal digits.

/// The text of some bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let halves = |byte: &u8| [byte >> 4, byte & 15].map(|half| char::from_digit(half.into(), 16).unwrap_or('?'));
    bytes.iter().flat_map(halves).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_two_digits() {
        assert_eq!(encode(&[0, 9, 10, 255]), "00090aff");
        assert_eq!(encode(&[]), "");
    }
}
