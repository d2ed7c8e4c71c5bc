//! The list of known passwords, as a filter: it says "on the list" of all that are, and of one other in four thousand million.

use regain_domain::Secret;
use regain_domain::password::normalised;
use sha2::{Digest, Sha256};
use xorf::{BinaryFuse32, BinaryFuse32Ref, DmaSerializable, Filter, FilterRef};

/// The filter as `examples/build_common_filter.rs` writes it: descriptor, then fingerprints, little-endian.
static FILTER: &Aligned<[u8]> = &Aligned(*include_bytes!("../data/common_passwords.bfuse32"));

/// Fingerprints are read in place as numbers of four bytes, so they have to lie where such numbers may.
#[repr(C, align(4))]
struct Aligned<T: ?Sized>(T);

/// Whether the password is on lists of known ones, in this or an easily guessed spelling. R27.
///
/// The listed words went into the filter normalised, hence one look finds the raw spelling and its variants in case
/// and substitutions alike.
pub fn is_common(password: &Secret) -> bool {
    let (descriptor, fingerprints) = FILTER.0.split_at(BinaryFuse32::DESCRIPTOR_LEN);
    BinaryFuse32Ref::from_dma(descriptor, fingerprints).contains(&key(password.expose()))
}

/// The filter's key of a word: the beginning of SHA-256 of its normalised form.
pub fn key(word: &str) -> u64 {
    let digest = Sha256::digest(normalised(word).as_bytes());
    digest.iter().take(8).fold(0, |key, byte| (key << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_known(word: &str) -> bool {
        is_common(&Secret::new(word.to_owned()))
    }

    #[test]
    fn r27_known_passwords_are_known_in_any_spelling() {
        for word in [
            "password1",
            "iloveyou1",
            "qwertyuiop",
            "PassWord1",
            "P@ssw0rd",
            "ＱＷＥＲＴＹＵＩＯＰ",
            "baseball1",
        ] {
            assert!(is_known(word), "{word}");
        }
    }

    #[test]
    fn a_listed_word_within_a_longer_one_is_not_the_word() {
        for word in ["", "password1 and river", "tram-violet-spoon-27", "correcthorse lamp"] {
            assert!(!is_known(word), "{word}");
        }
    }

    #[test]
    fn r27_false_hits_are_rare() {
        let letters: Vec<char> = ('a'..='z').chain('A'..='Z').chain('2'..='9').collect();
        let mut state: u64 = 27;
        let mut letter = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            letters[(state >> 33) as usize % letters.len()]
        };
        let hits = (0..100_000).filter(|_| is_known(&(0..16).map(|_| letter()).collect::<String>()));
        assert!(hits.count() <= 1);
    }
}
