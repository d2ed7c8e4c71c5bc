//! Keys and what they do: MACs and sealed values, one derived key per use. Reads no file and no row.

pub use crate::keyfile::KeyError;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use rand::Rng;
use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;
use sha2::Sha256;
use zeroize::Zeroizing;

/// What a key is for. Each use has a key of its own, so that nothing made for one counts in another (R40).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Use {
    /// MACs of codes (R09).
    Code,
    /// Sealed columns.
    Seal,
    /// What decoys are drawn from.
    Decoy,
    /// Signatures of the audit.
    Audit,
    /// Cookies.
    Cookie,
    /// Keys of counters (R17).
    Counter,
    /// MACs of captcha challenges.
    CaptchaMac,
    /// Sealed captcha tickets.
    CaptchaSeal,
    /// The sealed note between a post and its page.
    Note,
}

impl Use {
    /// The HKDF label; part of every value made, so never changed.
    const fn label(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Seal => "seal",
            Self::Decoy => "decoy",
            Self::Audit => "audit",
            Self::Cookie => "cookie",
            Self::Counter => "counter",
            Self::CaptchaMac => "captcha-mac",
            Self::CaptchaSeal => "captcha-seal",
            Self::Note => "note",
        }
    }
}

const KEY_ID_BYTES: usize = 4;
const NONCE_BYTES: usize = 24;

/// One key of the file: what is derived from it never leaves this module but through [`Keyring::key`].
pub(crate) struct Key {
    pub(crate) id: [u8; KEY_ID_BYTES],
    /// The pseudo-random key of RFC 5869 §2.2.
    extracted: Zeroizing<[u8; 32]>,
}

impl Key {
    pub(crate) fn of(id: [u8; KEY_ID_BYTES], secret: &[u8; 32]) -> Self {
        let (extracted, _) = Hkdf::<Sha256>::extract(Some(b"regain"), secret);
        Self {
            id,
            extracted: Zeroizing::new(extracted.into()),
        }
    }

    /// The first block of RFC 5869 §2.3: as much as a key takes.
    fn derive(&self, label: &str) -> Zeroizing<[u8; 32]> {
        let mut mac = hmac(&self.extracted);
        mac.update(label.as_bytes());
        mac.update(&[1]);
        Zeroizing::new(mac.finalize().into_bytes().into())
    }
}

/// The keys: the newest makes new values, older ones only read (R40).
pub struct Keyring {
    current: Key,
    older: Vec<Key>,
}

impl Keyring {
    pub(crate) fn of(current: Key, older: Vec<Key>) -> Self {
        Self { current, older }
    }

    /// A keyring that is the same each time. Protects nothing.
    #[doc(hidden)]
    pub fn for_tests() -> Self {
        Self::of(Key::of(*b"test", &[7; 32]), Vec::new())
    }

    /// The current key of one use.
    pub fn key(&self, of: Use) -> [u8; 32] {
        *self.current.derive(of.label())
    }

    /// HMAC-SHA-256 over length-prefixed parts: no two lists of parts have the same bytes.
    pub fn mac(&self, of: Use, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = hmac(&self.current.derive(of.label()));
        mac.update(&joined(parts));
        mac.finalize().into_bytes().into()
    }

    /// Seals with XChaCha20-Poly1305: key id, nonce, text. What is in `aad` has to be the same at opening.
    pub fn seal(&self, of: Use, aad: &[&[u8]], plain: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE_BYTES];
        UnwrapErr(SysRng).fill_bytes(&mut nonce);
        let payload = Payload {
            msg: plain,
            aad: &joined(aad),
        };
        // Fails for more than 256 GiB alone; the empty text that stands for it then opens for nobody.
        let text = cipher(&self.current, of)
            .encrypt(&XNonce::from(nonce), payload)
            .unwrap_or_default();
        [&self.current.id[..], &nonce[..], &text[..]].concat()
    }

    /// Opens what was sealed with this or an older key; nothing if it is not ours, was changed, or moved elsewhere.
    pub fn open(&self, of: Use, aad: &[&[u8]], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (id, rest) = sealed.split_first_chunk::<KEY_ID_BYTES>()?;
        let (nonce, text) = rest.split_first_chunk::<NONCE_BYTES>()?;
        let key = self.keys().find(|key| key.id == *id)?;
        let payload = Payload {
            msg: text,
            aad: &joined(aad),
        };
        let plain = cipher(key, of).decrypt(&XNonce::from(*nonce), payload).ok()?;
        Some(Zeroizing::new(plain))
    }

    /// Id and check value of each key, oldest first.
    pub(crate) fn marks(&self) -> Vec<(String, [u8; 32])> {
        let mark = |key: &Key| (name(key.id), *key.derive("mark"));
        self.older.iter().chain([&self.current]).map(mark).collect()
    }

    fn keys(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.current).chain(&self.older)
    }
}

/// The id of a key as it is written.
pub(crate) fn name(id: [u8; KEY_ID_BYTES]) -> String {
    format!("{:08x}", u32::from_be_bytes(id))
}

fn cipher(key: &Key, of: Use) -> XChaCha20Poly1305 {
    let key = key.derive(of.label());
    XChaCha20Poly1305::new((&*key).into())
}

/// HMAC with a key of 32 bytes, which RFC 2104 pads with zeros to a block.
fn hmac(key: &[u8; 32]) -> Hmac<Sha256> {
    let mut block = Zeroizing::new([0; 64]);
    let (used, _) = block.split_at_mut(32);
    used.copy_from_slice(key);
    Hmac::new((&*block).into())
}

fn joined(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend((part.len() as u64).to_be_bytes());
        bytes.extend(*part);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_derived_key_is_that_of_rfc_5869() {
        let mut expect = [0; 32];
        Hkdf::<Sha256>::new(Some(b"regain"), &[7; 32])
            .expand(b"code", &mut expect)
            .unwrap();
        assert_eq!(Keyring::for_tests().key(Use::Code), expect);
    }

    #[test]
    fn r40_no_use_shares_a_key_with_another() {
        let keys = Keyring::for_tests();
        let of = [
            Use::Code,
            Use::Seal,
            Use::Decoy,
            Use::Audit,
            Use::Cookie,
            Use::Counter,
            Use::CaptchaMac,
            Use::CaptchaSeal,
            Use::Note,
        ];
        let distinct: std::collections::HashSet<[u8; 32]> = of.into_iter().map(|of| keys.key(of)).collect();
        assert_eq!(distinct.len(), of.len());
    }

    #[test]
    fn parts_of_a_mac_cannot_flow_into_each_other() {
        let keys = Keyring::for_tests();
        assert_ne!(keys.mac(Use::Code, &[b"ab", b"c"]), keys.mac(Use::Code, &[b"a", b"bc"]));
        assert_ne!(keys.mac(Use::Code, &[b"ab"]), keys.mac(Use::Code, &[b"ab", b""]));
    }

    #[test]
    fn a_sealed_value_opens_in_its_place_alone() {
        let keys = Keyring::for_tests();
        let sealed = keys.seal(Use::Seal, &[b"row"], b"secret");
        assert_eq!(keys.open(Use::Seal, &[b"row"], &sealed).unwrap().as_slice(), b"secret");
        assert!(keys.open(Use::Seal, &[b"other"], &sealed).is_none());
        assert!(keys.open(Use::Note, &[b"row"], &sealed).is_none());
        assert_ne!(keys.seal(Use::Seal, &[b"row"], b"secret"), sealed);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(keys.open(Use::Seal, &[b"row"], &changed).is_none(), "byte {at}");
            assert!(keys.open(Use::Seal, &[b"row"], &sealed[..at]).is_none(), "{at} bytes");
        }
    }

    #[test]
    fn an_older_key_still_reads() {
        let old = Keyring::for_tests();
        let sealed = old.seal(Use::Seal, &[], b"secret");
        let both = Keyring::of(Key::of([0, 0, 0, 2], &[8; 32]), vec![Key::of(*b"test", &[7; 32])]);
        assert_eq!(both.open(Use::Seal, &[], &sealed).unwrap().as_slice(), b"secret");
        assert!(
            old.open(Use::Seal, &[], &both.seal(Use::Seal, &[], b"secret"))
                .is_none()
        );
    }
}
