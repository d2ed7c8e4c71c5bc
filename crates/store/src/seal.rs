//! Keys and what they do: MACs and sealed values, one derived key per use. Reads no file and no row.

pub use crate::keyfile::KeyError;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use rand::Rng;
use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;
use regain_domain::Timestamp;
use sha2::Sha256;
use std::path::Path;
use std::sync::Arc;
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

/// What a key is for. Each use has a key of its own, so that nothing made for one counts in another (R40).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Use {
    /// MACs of codes (R09).
    Code,
    /// Sealed columns.
    Seal,
    /// Signatures of the audit.
    Audit,
    /// Keys of counters (R17).
    Counter,
    /// MACs of captcha challenges.
    CaptchaMac,
    /// Sealed captcha tickets.
    CaptchaSeal,
    /// The sealed note between a post and its page.
    Note,
    /// What is shown where there is nobody (R22).
    Decoy,
    /// Tickets and marks of locked workstations (R58).
    Kiosk,
}

impl Use {
    /// The HKDF label; part of every value made, so never changed.
    const fn label(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Seal => "seal",
            Self::Audit => "audit",
            Self::Counter => "counter",
            Self::CaptchaMac => "captcha-mac",
            Self::CaptchaSeal => "captcha-seal",
            Self::Note => "note",
            Self::Decoy => "decoy",
            Self::Kiosk => "kiosk",
        }
    }
}

const KEY_ID_BYTES: usize = 4;
const NONCE_BYTES: usize = 24;

/// One key of the file: what is derived from it never leaves this module but through [`Keyring::keys`].
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) id: KeyId,
    /// From when on it makes new values; nothing: at once.
    pub(crate) active_from: Option<Timestamp>,
    /// The pseudo-random key of RFC 5869 §2.2.
    extracted: Zeroizing<[u8; 32]>,
}

/// What every sealed value begins with.
pub(crate) type KeyId = [u8; KEY_ID_BYTES];

impl Key {
    pub(crate) fn of(id: KeyId, secret: &[u8; 32], active_from: Option<Timestamp>) -> Self {
        let (extracted, _) = Hkdf::<Sha256>::extract(Some(b"regain"), secret);
        Self {
            id,
            active_from,
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

    fn mac(&self, of: Use, bytes: &[u8]) -> [u8; 32] {
        let mut mac = hmac(&self.derive(of.label()));
        mac.update(bytes);
        mac.finalize().into_bytes().into()
    }
}

/// The keys: the current one makes new values, all of them read (R40).
///
/// Beside older keys there may be one that is known already and not used yet, so that every node can read what the first
/// one writes with it.
#[derive(Clone)]
pub struct Keyring {
    current: Key,
    /// As they stand in the file, the current one among them.
    all: Arc<[Key]>,
    pub(crate) file: Option<Arc<Path>>,
}

impl Keyring {
    /// Nothing without keys. The last one that is not to come is current, until the database says more.
    pub(crate) fn of(all: Vec<Key>, file: Option<&Path>) -> Option<Self> {
        let settled = all.iter().rfind(|key| key.active_from.is_none());
        Some(Self {
            current: settled.or_else(|| all.first())?.clone(),
            all: all.into(),
            file: file.map(Arc::from),
        })
    }

    /// A keyring that is the same each time. Protects nothing.
    #[doc(hidden)]
    pub fn for_tests() -> Self {
        let current = Key::of(*b"test", &[7; 32], None);
        Self {
            all: Arc::from([current.clone()]),
            current,
            file: None,
        }
    }

    /// The keys of one use, the current one first.
    pub fn keys(&self, of: Use) -> Vec<Zeroizing<[u8; 32]>> {
        let others = self.all.iter().filter(|key| key.id != self.current.id);
        let keys = std::iter::once(&self.current).chain(others);
        keys.map(|key| key.derive(of.label())).collect()
    }

    /// HMAC-SHA-256 over length-prefixed parts.
    pub fn mac(&self, of: Use, parts: &[&[u8]]) -> [u8; 32] {
        self.current.mac(of, &joined(parts))
    }

    /// Whether a MAC was made of these parts, under whichever key. The same work for each answer (R10).
    pub fn is_mac(&self, of: Use, parts: &[&[u8]], mac: &[u8; 32]) -> bool {
        let bytes = joined(parts);
        let same = self.all.iter().map(|key| key.mac(of, &bytes).ct_eq(mac));
        same.fold(Choice::from(0), |any, one| any | one).into()
    }

    /// The MAC under each key, in the order of the file, which is the same on all nodes; and whether the key is current.
    pub(crate) fn macs(&self, of: Use, parts: &[&[u8]]) -> Vec<([u8; 32], bool)> {
        let bytes = joined(parts);
        let mac = |key: &Key| (key.mac(of, &bytes), key.id == self.current.id);
        self.all.iter().map(mac).collect()
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
        let key = self.all.iter().find(|key| key.id == *id)?;
        let payload = Payload {
            msg: text,
            aad: &joined(aad),
        };
        let plain = cipher(key, of).decrypt(&XNonce::from(*nonce), payload).ok()?;
        Some(Zeroizing::new(plain))
    }

    /// Whether the key that made a sealed value is there.
    pub(crate) fn may_open(&self, sealed: &[u8]) -> bool {
        sealed
            .first_chunk::<KEY_ID_BYTES>()
            .is_some_and(|id| self.position(*id).is_some())
    }

    /// The key that makes new values.
    pub(crate) fn current(&self) -> &Key {
        &self.current
    }

    /// All keys, as they stand in the file.
    pub(crate) fn all(&self) -> &[Key] {
        &self.all
    }

    /// Where a key stands in the file.
    pub(crate) fn position(&self, id: KeyId) -> Option<usize> {
        self.all.iter().position(|key| key.id == id)
    }

    /// The same keys, of which another one makes new values. A key that is not there changes nothing.
    pub(crate) fn with_current(&self, id: KeyId) -> Self {
        let current = self.all.iter().find(|key| key.id == id);
        Self {
            current: current.unwrap_or(&self.current).clone(),
            ..self.clone()
        }
    }
}

impl Key {
    /// The id as it is written.
    pub(crate) fn name(&self) -> String {
        name(self.id)
    }

    /// Tells the key from another one with its id, and tells nothing else.
    pub(crate) fn check_value(&self) -> [u8; 32] {
        *self.derive("mark")
    }
}

/// The id of a key as it is written.
pub(crate) fn name(id: KeyId) -> String {
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

/// Length-prefixed parts: no two lists of parts have the same bytes. One of them may be a secret, so all are wiped, and none is
/// moved and left behind.
pub(crate) fn joined(parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let n = parts.iter().map(|part| size_of::<u64>() + part.len()).sum();
    let mut bytes = Zeroizing::new(Vec::with_capacity(n));
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
        assert_eq!(*Keyring::for_tests().keys(Use::Code)[0], expect);
    }

    #[test]
    fn r40_no_use_shares_a_key_with_another() {
        let keys = Keyring::for_tests();
        let of = [
            Use::Code,
            Use::Seal,
            Use::Audit,
            Use::Counter,
            Use::CaptchaMac,
            Use::CaptchaSeal,
            Use::Note,
        ];
        let distinct: std::collections::HashSet<[u8; 32]> = of.into_iter().map(|of| *keys.keys(of)[0]).collect();
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

    /// The ring of the tests, and a newer key that is used if `is_turned`.
    fn rotated(is_turned: bool) -> Keyring {
        let newer = Key::of([0, 0, 0, 2], &[8; 32], Some(Timestamp::from_ms(1)));
        let both = Keyring::of(vec![Key::of(*b"test", &[7; 32], None), newer], None).unwrap();
        if is_turned {
            both.with_current([0, 0, 0, 2])
        } else {
            both
        }
    }

    #[test]
    fn r40_an_older_key_still_reads_and_makes_nothing() {
        let (old, turned) = (Keyring::for_tests(), rotated(true));
        let sealed = old.seal(Use::Seal, &[], b"secret");
        assert_eq!(turned.open(Use::Seal, &[], &sealed).unwrap().as_slice(), b"secret");
        let newer = turned.seal(Use::Seal, &[], b"secret");
        assert_eq!(newer[..4], [0, 0, 0, 2]);
        assert!(old.open(Use::Seal, &[], &newer).is_none());
        assert!(turned.may_open(&newer) && !old.may_open(&newer));
    }

    #[test]
    fn r40_a_key_to_come_reads_already_and_makes_nothing_yet() {
        let (waiting, turned) = (rotated(false), rotated(true));
        assert_eq!(waiting.seal(Use::Seal, &[], b"secret")[..4], *b"test");
        let newer = turned.seal(Use::Seal, &[], b"secret");
        assert_eq!(waiting.open(Use::Seal, &[], &newer).unwrap().as_slice(), b"secret");
    }

    #[test]
    fn r40_a_mac_holds_under_every_key_and_for_its_parts_alone() {
        let (old, turned) = (Keyring::for_tests(), rotated(true));
        for (made_by, read_by, holds) in [
            (&old, &turned, true),
            (&turned, &turned, true),
            (&turned, &rotated(false), true),
            (&turned, &old, false),
        ] {
            let mac = made_by.mac(Use::Code, &[b"ab"]);
            assert_eq!(read_by.is_mac(Use::Code, &[b"ab"], &mac), holds);
            assert!(!read_by.is_mac(Use::Code, &[b"a", b"b"], &mac));
            assert!(!read_by.is_mac(Use::Note, &[b"ab"], &mac));
        }
    }
}
