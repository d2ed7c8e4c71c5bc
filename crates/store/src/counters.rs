//! Counters by the MAC of what they count (R17). The windows are the domain's; here hits are only kept.

use crate::entity::counter;
use crate::seal::joined;
use crate::{Error, Tx, Use, json, rows};
use regain_domain::Timestamp;
use regain_domain::limits::{BLOCK, Hits};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, DeleteMany, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Select,
};
use sha2::{Digest, Sha256};

/// What a counter counts, as the other functions take it. Rows hold its MAC under the keyring instead (R17).
///
/// It is the same after a rotation of the keys, and so may be kept, but sealed: it tells what was counted to whoever guesses.
pub fn subject(parts: &[&[u8]]) -> [u8; 32] {
    Sha256::digest(joined(parts)).into()
}

/// The hits, held against other writers until the transaction ends: nobody counts in between.
///
/// After a rotation of the keys the hits are under an older key, or a newer one where another node uses that already: they
/// move, so that none is lost and none counts twice (R40).
pub async fn take(tx: &Tx, subject: [u8; 32]) -> Result<Hits, Error> {
    let (mut hits, mut moved_until) = (Hits::new(), None);
    // On all nodes in the same order, so that no two wait for each other.
    for (key, is_current) in places(tx, subject) {
        let held = match is_current {
            true => Some(held(tx, key).await?),
            // Writes no lock on SQLite, where a writing transaction is alone anyway.
            false => at(tx, key).lock_exclusive().one(&tx.db).await?,
        };
        let Some(held) = held else { continue };
        hits.extend(json::read::<Hits>(&held.hits)?);
        if !is_current {
            at_key(tx, key).exec(&tx.db).await?;
            moved_until = moved_until.max(Some(held.keep_until));
        }
    }
    if let Some(until) = moved_until {
        hits.sort_unstable();
        put(tx, subject, &hits, Timestamp::from_ms(until)).await?;
    }
    Ok(hits)
}

/// The row of a key, made if there is none, and held: one statement, so that it cannot go away in between.
async fn held(tx: &Tx, key: [u8; 32]) -> Result<counter::Model, Error> {
    let row = row(tx, key, &Hits::new(), Timestamp::from_ms(0))?.into_active_model();
    // Writes the key that is there already, which is what holds the row.
    let untouched = OnConflict::columns([counter::Column::TenantId, counter::Column::Key])
        .update_column(counter::Column::Key)
        .to_owned();
    let made = counter::Entity::insert(row).on_conflict(untouched);
    made.exec_with_returning(&tx.db).await.map_err(Error::of_insert)
}

/// The hits as they are, held against nobody.
pub async fn peek(tx: &Tx, subject: [u8; 32]) -> Result<Hits, Error> {
    let mut hits = Hits::new();
    for (key, _) in places(tx, subject) {
        if let Some(found) = at(tx, key).one(&tx.db).await? {
            hits.extend(json::read::<Hits>(&found.hits)?);
        }
    }
    hits.sort_unstable();
    Ok(hits)
}

/// Writes the hits; after `keep_until` they no longer matter.
pub async fn put(tx: &Tx, subject: [u8; 32], hits: &Hits, keep_until: Timestamp) -> Result<(), Error> {
    let at = [counter::Column::TenantId, counter::Column::Key];
    let changed = [counter::Column::Hits, counter::Column::KeepUntil];
    for (key, _) in places(tx, subject).into_iter().filter(|(_, is_current)| *is_current) {
        rows::upsert(&tx.db, row(tx, key, hits, keep_until)?, &at, &changed).await?;
    }
    Ok(())
}

/// Forgets the hits.
pub async fn clear(tx: &Tx, subject: [u8; 32]) -> Result<(), Error> {
    for (key, _) in places(tx, subject) {
        at_key(tx, key).exec(&tx.db).await?;
    }
    Ok(())
}

/// Where the hits of a subject may be, and whether that is where they belong now.
fn places(tx: &Tx, subject: [u8; 32]) -> Vec<([u8; 32], bool)> {
    tx.keyring.macs(Use::Counter, &[&subject])
}

fn at(tx: &Tx, key: [u8; 32]) -> Select<counter::Entity> {
    counter::Entity::find_by_id((tx.tenant.0, key.to_vec()))
}

fn at_key(tx: &Tx, key: [u8; 32]) -> DeleteMany<counter::Entity> {
    counter::Entity::delete_many()
        .filter(counter::Column::TenantId.eq(tx.tenant.0))
        .filter(counter::Column::Key.eq(key.to_vec()))
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
