//! Passkeys and rows: what a browser is asked goes sealed into a row, its one answer takes it out again, and a key that its
//! use has changed is written back.

use super::{Answer, Ceremony, Holder, NewKey, No, RelyingParty, key_bytes, key_of_bytes};
use crate::hex;
use crate::visit::Visit;
use anyhow::anyhow;
use regain_domain::account::Account;
use regain_domain::gate::{MethodKind, Root};
use regain_domain::ids::{AccountId, MethodId};
use regain_domain::{Secret, Timestamp};
use regain_store::ceremonies::{self, Owner};
use regain_store::{Tx, methods};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use webauthn_rs::prelude::Passkey;
use zeroize::Zeroizing;

/// A new key, and what it is found by wherever else it may be registered (R53).
pub(crate) struct Made {
    pub(crate) secret: Zeroizing<Vec<u8>>,
    pub(crate) root: Root,
}

/// Whether the tenant can have passkeys at all: its address has to be a name.
pub(crate) fn are_possible(visit: &Visit) -> bool {
    party(visit).is_ok()
}

/// Asks for a passkey, whoever's (R22).
pub(crate) async fn ask(tx: &Tx, visit: &Visit, owner: Owner, until: Timestamp) -> anyhow::Result<()> {
    let ceremony = party(visit)?.ask()?;
    Ok(ceremonies::put(tx, owner, &ceremony.to_bytes()?, until).await?)
}

/// Asks for a new passkey of a person's, on a device that holds none of theirs yet.
pub(crate) async fn ask_new(
    tx: &Tx,
    visit: &Visit,
    owner: Owner,
    person: &Account,
    until: Timestamp,
) -> anyhow::Result<()> {
    let keys = keys_of(tx, Some(person.id)).await?;
    let known: Vec<Passkey> = keys.into_iter().map(|(_, key)| key).collect();
    let display_name = person.display_name();
    let holder = Holder {
        id: person.id,
        user_name: person.user_name.as_str(),
        display_name: &display_name,
    };
    let ceremony = party(visit)?.ask_new(&holder, &known)?;
    Ok(ceremonies::put(tx, owner, &ceremony.to_bytes()?, until).await?)
}

/// The options of what was asked, for the page.
pub(crate) async fn options(tx: &Tx, owner: Owner, now: Timestamp) -> anyhow::Result<Option<String>> {
    let Some(bytes) = ceremonies::waiting(tx, owner, now).await? else {
        return Ok(None);
    };
    Ok(Some(Ceremony::of_bytes(&bytes)?.options().to_owned()))
}

/// Which of a person's passkeys has answered. The ceremony is spent by this very call, right or wrong, so it must run in
/// the transaction that passes the gate (R03). Nobody's answer costs the same work (R10).
pub(crate) async fn proved(
    tx: &Tx,
    visit: &Visit,
    owner: Owner,
    person: Option<AccountId>,
    answer: &Secret,
    now: Timestamp,
) -> anyhow::Result<Option<MethodId>> {
    let spent = ceremonies::spend(tx, owner, now).await?;
    let keys = keys_of(tx, person).await?;
    let party = party(visit)?;
    let Some(bytes) = spent else { return Ok(None) };
    let ceremony = Ceremony::of_bytes(&bytes)?;
    let read = Answer::read(answer.expose());
    let proved = match read.and_then(|answer| party.proved(&ceremony, &answer, person, keys)) {
        Ok(proved) => proved,
        Err(why) => return Ok(refused(visit, why)),
    };
    if let Some(key) = proved.changed {
        methods::change_secret(tx, proved.name, &key_bytes(&key)?).await?;
    }
    Ok(Some(proved.name))
}

/// The new key of an answer, if it is right; the ceremony is spent either way.
pub(crate) async fn made(
    tx: &Tx,
    visit: &Visit,
    owner: Owner,
    person: AccountId,
    answer: &Secret,
    now: Timestamp,
) -> anyhow::Result<Option<Made>> {
    let Some(bytes) = ceremonies::spend(tx, owner, now).await? else {
        return Ok(None);
    };
    let ceremony = Ceremony::of_bytes(&bytes)?;
    let party = party(visit)?;
    let key = match NewKey::read(answer.expose()).and_then(|answer| party.made(&ceremony, &answer)) {
        Ok(key) => key,
        Err(why) => return Ok(refused(visit, why)),
    };
    let root = root_of(&key);
    if methods::n_others(tx, person, &root).await? > 0 {
        return Ok(refused(visit, No::Foreign));
    }
    let secret = key_bytes(&key)?;
    Ok(Some(Made { secret, root }))
}

/// Whose passkey an answer claims to be: a hint until it is proved.
pub(crate) fn claimed(answer: &Secret) -> Option<AccountId> {
    Answer::read(answer.expose()).ok()?.account()
}

fn party(visit: &Visit) -> anyhow::Result<RelyingParty> {
    let (base_url, name) = (&visit.tenant.base_url, &visit.tenant.settings.brand.name);
    RelyingParty::of(base_url, name).ok_or_else(|| anyhow!("{base_url} is no address that can have passkeys"))
}

/// A person's keys; the same look-up for nobody.
async fn keys_of(tx: &Tx, person: Option<AccountId>) -> anyhow::Result<Vec<(MethodId, Passkey)>> {
    let account = person.unwrap_or(AccountId(Uuid::nil()));
    let secrets = methods::secrets(tx, account, MethodKind::Passkey).await?;
    secrets
        .iter()
        .map(|(id, secret)| Ok((*id, key_of_bytes(secret)?)))
        .collect()
}

/// A key is known by what its device calls it; hashed, since that may be a kilobyte.
fn root_of(key: &Passkey) -> Root {
    let hash = hex::encode(&Sha256::digest(key.cred_id()));
    Root::of_row(format!("credential:{hash}"))
}

/// Told to the log: a page says no more than that it was not accepted.
fn refused<T>(visit: &Visit, why: No) -> Option<T> {
    tracing::info!(request.id = visit.request_id, tenant = %visit.tenant.id, ?why, "a passkey was refused");
    None
}
