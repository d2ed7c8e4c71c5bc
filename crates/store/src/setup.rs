//! The set-up of an installation that has no organisation yet: its key, the one browser that has used it, and what was typed so
//! far, sealed. No tenant's row: there is none.

use crate::entity::setup;
use crate::seal::Use;
use crate::{Error, Store, Tx, json, rows};
use regain_domain::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The one row.
const NO: i64 = 1;
/// Where a draft belongs: it opens nowhere else.
const AAD: [&[u8]; 1] = [b"setup"];

/// What a browser that has used the key has typed so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft<T> {
    /// What it is; nothing yet, right after the key.
    pub value: Option<T>,
    /// How often it was kept.
    pub revision: i64,
}

/// How a key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// It is not the one.
    Unknown,
    /// A browser has used it.
    Used,
    /// It is the one, and this browser has used it now.
    Taken,
}

/// Begins anew with another key: what was typed before is gone.
pub async fn begin(store: &Store, key_hash: [u8; 32]) -> Result<(), Error> {
    use setup::Column;
    let row = setup::Model {
        no: NO,
        key_hash: key_hash.to_vec(),
        browser_hash: None,
        draft: None,
        revision: 0,
        expires_at: None,
    };
    let db = store.begin().await?;
    let others = [
        Column::KeyHash,
        Column::BrowserHash,
        Column::Draft,
        Column::Revision,
        Column::ExpiresAt,
    ];
    rows::upsert(&db, row, &[Column::No], &others).await?;
    Ok(db.commit().await?)
}

/// Lets a browser in that brings the key, once.
pub async fn take(
    store: &Store,
    key_hash: [u8; 32],
    browser_hash: [u8; 32],
    expires_at: Timestamp,
) -> Result<Key, Error> {
    let db = store.begin().await?;
    let Some(row) = setup::Entity::find_by_id(NO).one(&db).await? else {
        return Ok(Key::Unknown);
    };
    if row.key_hash != key_hash {
        return Ok(Key::Unknown);
    }
    let taken = setup::Entity::update_many()
        .filter(setup::Column::No.eq(NO))
        .filter(setup::Column::KeyHash.eq(key_hash.to_vec()))
        .filter(setup::Column::BrowserHash.is_null())
        .col_expr(setup::Column::BrowserHash, Expr::value(browser_hash.to_vec()))
        .col_expr(setup::Column::ExpiresAt, Expr::value(expires_at.ms()))
        .exec(&db)
        .await?;
    db.commit().await?;
    Ok(match taken.rows_affected {
        0 => Key::Used,
        _ => Key::Taken,
    })
}

/// What a browser has typed so far; nothing for one that has not used the key, or too long ago.
pub async fn draft<T: DeserializeOwned>(
    store: &Store,
    browser_hash: [u8; 32],
    now: Timestamp,
) -> Result<Option<Draft<T>>, Error> {
    let found = setup::Entity::find_by_id(NO)
        .filter(setup::Column::BrowserHash.eq(browser_hash.to_vec()))
        .filter(setup::Column::ExpiresAt.gt(now.ms()))
        .one(&store.inner.reader)
        .await?;
    let Some(row) = found else { return Ok(None) };
    let value = match row.draft {
        None => None,
        Some(sealed) => {
            let plain = store.keyring().open(Use::Seal, &AAD, &sealed);
            let plain = plain.ok_or_else(|| Error::Codec("the set-up does not open".to_owned()))?;
            Some(json::read_bytes(&plain)?)
        }
    };
    Ok(Some(Draft {
        value,
        revision: row.revision,
    }))
}

/// Keeps what was typed, if nothing was kept since `seen`.
pub async fn keep<T: Serialize + Sync>(
    store: &Store,
    browser_hash: [u8; 32],
    seen: i64,
    value: &T,
) -> Result<bool, Error> {
    let plain = zeroize::Zeroizing::new(json::write(value)?);
    let sealed = store.keyring().seal(Use::Seal, &AAD, plain.as_bytes());
    let db = store.begin().await?;
    let kept = setup::Entity::update_many()
        .filter(setup::Column::No.eq(NO))
        .filter(setup::Column::BrowserHash.eq(browser_hash.to_vec()))
        .filter(setup::Column::Revision.eq(seen))
        .col_expr(setup::Column::Draft, Expr::value(sealed))
        .col_expr(setup::Column::Revision, Expr::value(seen + 1))
        .exec(&db)
        .await?;
    db.commit().await?;
    Ok(kept.rows_affected == 1)
}

/// Ends the set-up in the transaction that makes its organisation: true once, and only for what was seen last.
pub async fn finish(tx: &Tx, browser_hash: [u8; 32], seen: i64) -> Result<bool, Error> {
    let ended = setup::Entity::delete_many()
        .filter(setup::Column::No.eq(NO))
        .filter(setup::Column::BrowserHash.eq(browser_hash.to_vec()))
        .filter(setup::Column::Revision.eq(seen))
        .exec(&tx.db)
        .await?;
    Ok(ended.rows_affected == 1)
}
