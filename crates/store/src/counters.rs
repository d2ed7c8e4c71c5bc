//! Counters by the MAC of what they count (R17). The windows are the domain's; here hits are only kept.

use crate::entity::counter;
use crate::{Error, Tx, json, rows};
use regain_domain::Timestamp;
use regain_domain::limits::Hits;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

/// How often a row that housekeeping takes away at this very moment is made again.
const TRIES: u32 = 3;

/// The hits, held against other writers until the transaction ends: nobody counts in between.
pub async fn take(tx: &Tx, key: [u8; 32]) -> Result<Hits, Error> {
    for _ in 0..TRIES {
        rows::insert_new(&tx.db, row(tx, key, &Hits::new(), Timestamp::from_ms(0))?).await?;
        // Writes no lock on SQLite, where a writing transaction is alone anyway.
        let held = counter::Entity::find_by_id((tx.tenant.0, key.to_vec()))
            .lock_exclusive()
            .one(&tx.db)
            .await?;
        if let Some(held) = held {
            return json::read(&held.hits);
        }
    }
    Err(Error::Busy)
}

/// The hits as they are, held against nobody.
pub async fn peek(tx: &Tx, key: [u8; 32]) -> Result<Hits, Error> {
    match counter::Entity::find_by_id((tx.tenant.0, key.to_vec()))
        .one(&tx.db)
        .await?
    {
        Some(found) => json::read(&found.hits),
        None => Ok(Hits::new()),
    }
}

/// Writes the hits; after `keep_until` they no longer matter.
pub async fn put(tx: &Tx, key: [u8; 32], hits: &Hits, keep_until: Timestamp) -> Result<(), Error> {
    let at = [counter::Column::TenantId, counter::Column::Key];
    let changed = [counter::Column::Hits, counter::Column::KeepUntil];
    rows::upsert(&tx.db, row(tx, key, hits, keep_until)?, &at, &changed).await
}

/// Forgets the hits.
pub async fn clear(tx: &Tx, key: [u8; 32]) -> Result<(), Error> {
    counter::Entity::delete_many()
        .filter(counter::Column::TenantId.eq(tx.tenant.0))
        .filter(counter::Column::Key.eq(key.to_vec()))
        .exec(&tx.db)
        .await?;
    Ok(())
}

fn row(tx: &Tx, key: [u8; 32], hits: &Hits, keep_until: Timestamp) -> Result<counter::Model, Error> {
    Ok(counter::Model {
        tenant_id: tx.tenant.0,
        key: key.to_vec(),
        hits: json::write(hits)?,
        keep_until: keep_until.ms(),
    })
}
