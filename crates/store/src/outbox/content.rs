//! The sealed half of a message: address and letter, of the same length for all of a kind.

use super::NewMessage;
use crate::entity::outbox;
use crate::seal::{Keyring, Use};
use crate::{Error, Tx, json};
use regain_domain::ids::TenantId;
use regain_domain::not_me::Reference;
use regain_domain::notice::Letter;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

/// Lengths are rounded up to multiples of these, so that they tell neither address nor code.
const ADDRESS_STEP: usize = 64;
const LETTER_STEP: usize = 256;

/// What is sealed of a message: the letter, and the reference that stops what it reports.
#[derive(Serialize, Deserialize)]
struct Content<L> {
    #[serde(flatten)]
    letter: L,
    #[serde(default)]
    veto: Option<Reference>,
}

/// Address and letter, sealed; for a decoy filler of the same form.
pub(super) fn seal(tx: &Tx, message: &NewMessage<'_>) -> Result<(Vec<u8>, Vec<u8>), Error> {
    let content = Content {
        letter: message.letter,
        veto: message.reference.cloned(),
    };
    let letter = Zeroizing::new(json::write(&content)?);
    let letter = padded(letter.as_bytes(), LETTER_STEP);
    let (to, letter) = match message.to {
        Some(to) => (to, letter),
        None => ("", Zeroizing::new(vec![b' '; letter.len()])),
    };
    let of = |aad: &[&[u8]], plain: &[u8]| tx.keyring.seal(Use::Seal, aad, plain);
    let (id, tenant, channel) = (message.id.0, tx.tenant, message.channel.code());
    let sealed_to = of(&to_aad(&id, &tenant, channel), &padded(to.as_bytes(), ADDRESS_STEP));
    Ok((sealed_to, of(&letter_aad(&id, &tenant, channel, &hash(to)), &letter)))
}

/// Address, letter and reference of a row; nothing if they are gone, of another row, or of lost keys.
pub(super) fn open(keyring: &Keyring, row: &outbox::Model) -> Option<(String, Letter, Option<Reference>)> {
    let tenant = TenantId(row.tenant_id);
    let to = address(keyring, row)?;
    let letter = keyring.open(
        Use::Seal,
        &letter_aad(&row.id, &tenant, &row.channel, &hash(&to)),
        row.letter.as_deref()?,
    )?;
    let content: Content<Letter> = json::read_bytes(&letter).ok()?;
    Some((to, content.letter, content.veto))
}

/// The address of a row alone.
pub(super) fn address(keyring: &Keyring, row: &outbox::Model) -> Option<String> {
    let tenant = TenantId(row.tenant_id);
    let to = keyring.open(
        Use::Seal,
        &to_aad(&row.id, &tenant, &row.channel),
        row.recipient.as_deref()?,
    )?;
    Some(std::str::from_utf8(&to).ok()?.trim_end().to_owned())
}

/// R35: row, tenant and channel.
fn to_aad<'a>(id: &'a Uuid, tenant: &'a TenantId, channel: &'a str) -> [&'a [u8]; 4] {
    [b"outbox-to", id.as_bytes(), tenant.0.as_bytes(), channel.as_bytes()]
}

/// R35: row, tenant, channel and address. A letter goes to nobody else, and no other way.
fn letter_aad<'a>(id: &'a Uuid, tenant: &'a TenantId, channel: &'a str, hash: &'a [u8; 32]) -> [&'a [u8]; 5] {
    [
        b"outbox-letter",
        id.as_bytes(),
        tenant.0.as_bytes(),
        channel.as_bytes(),
        hash,
    ]
}

fn hash(to: &str) -> [u8; 32] {
    Sha256::digest(to.as_bytes()).into()
}

/// With blanks at the end, which neither JSON nor an address minds.
fn padded(bytes: &[u8], step: usize) -> Zeroizing<Vec<u8>> {
    let length = bytes.len().max(1).next_multiple_of(step);
    let mut all = Zeroizing::new(Vec::with_capacity(length));
    all.extend_from_slice(bytes);
    all.resize(length, b' ');
    all
}
