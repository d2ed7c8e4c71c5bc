//! The key that a tenant's pushes are signed with: made once, and kept for as long as phones are subscribed to it.

use crate::entity::push_key;
use crate::seal::Use;
use crate::{Error, Tx, rows};
use sea_orm::EntityTrait;
use zeroize::Zeroizing;

/// The tenant's key; nothing if none was made yet.
pub async fn of_tenant(tx: &Tx) -> Result<Option<Zeroizing<[u8; 32]>>, Error> {
    let Some(row) = push_key::Entity::find_by_id(tx.tenant.0).one(&tx.db).await? else {
        return Ok(None);
    };
    let opened = tx.keyring.open(Use::Seal, &aad(tx), &row.secret);
    let secret = opened.and_then(|secret| <[u8; 32]>::try_from(secret.as_slice()).ok());
    match secret {
        Some(secret) => Ok(Some(Zeroizing::new(secret))),
        None => Err(Error::Codec("the key of pushes does not open".to_owned())),
    }
}

/// Keeps the tenant's key; a second one is a conflict.
pub async fn keep(tx: &Tx, secret: &[u8; 32]) -> Result<(), Error> {
    let row = push_key::Model {
        tenant_id: tx.tenant.0,
        secret: tx.keyring.seal(Use::Seal, &aad(tx), secret),
    };
    rows::insert(&tx.db, row).await
}

/// The secret of a row, sealed with the current key; nothing if it does not open.
pub(crate) fn sealed_anew(tx: &Tx, row: &push_key::Model) -> Option<Vec<u8>> {
    let secret = tx.keyring.open(Use::Seal, &aad(tx), &row.secret)?;
    Some(tx.keyring.seal(Use::Seal, &aad(tx), &secret))
}

/// Where a secret belongs: it opens in no other tenant's row.
fn aad(tx: &Tx) -> [&[u8]; 2] {
    [b"push-key", tx.tenant.0.as_bytes()]
}
