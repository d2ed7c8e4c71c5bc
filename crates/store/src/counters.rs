//! Counters by the MAC of what they count (R17). The windows are the domain's; here hits are only kept.

use crate::entity::counter;
use crate::{Error, Tx, json, rows};
use regain_domain::Timestamp;
use regain_domain::limits::{BLOCK, Hits};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};

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

/// The clock went back: a hit that lies ahead counts as of now, so that its window closes in its time, and not before (R39).
pub(crate) async fn step_back(db: &DatabaseTransaction, now: Timestamp) -> Result<(), Error> {
    for mut row in counter::Entity::find().all(db).await? {
        let hits: Hits = json::read(&row.hits)?;
        if hits.iter().all(|hit| *hit <= now) {
            continue;
        }
        let hits: Hits = hits.into_iter().map(|hit| hit.min(now)).collect();
        row.hits = json::write(&hits)?;
        row.keep_until = row.keep_until.min(now.plus(BLOCK * 2).ms());
        let at = [counter::Column::TenantId, counter::Column::Key];
        rows::upsert(db, row, &at, &[counter::Column::Hits, counter::Column::KeepUntil]).await?;
    }
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
