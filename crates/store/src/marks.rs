//! Marks that tie a database to its keys: which ones it was written with, in the order in which they came into use. Without
//! the keys that it needs a start is refused instead of making rows nobody can read.

use crate::entity::{key_mark, tenant};
use crate::error::Error;
use crate::seal::{Key, Keyring};
use crate::{rows, sealed};
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, QueryOrder};

/// Whether nothing in the database hangs on a key: only then may new ones be made (R40).
pub(crate) async fn is_new(db: &DatabaseTransaction) -> Result<bool, Error> {
    let mark = key_mark::Entity::find().one(db).await?;
    let tenant = tenant::Entity::find().one(db).await?;
    Ok(mark.is_none() && tenant.is_none())
}

/// The keyring with the key that this database is written with, which is marked. Refuses a keyring that lacks a key
/// which is in use, or under which something is sealed (R40).
pub(crate) async fn settle(db: &DatabaseTransaction, keyring: &Keyring) -> Result<Keyring, Error> {
    let marks = all(db).await?;
    for mark in &marks {
        let is_newest = marks.last().is_some_and(|last| last.no == mark.no);
        match own(keyring, mark) {
            Some(key) if key.check_value()[..] == mark.check_value => {}
            Some(_) => return Err(missing(mark)),
            None if is_newest || sealed::needs(db, &mark.key_id).await? => return Err(missing(mark)),
            None => {}
        }
    }
    let settled = match marks.last().and_then(|mark| own(keyring, mark)) {
        Some(marked) => later(keyring, marked, keyring.current()),
        None => keyring.current(),
    };
    put(db, &marks, settled).await?;
    Ok(keyring.with_current(settled.id))
}

/// The newest mark's key, of those that are there. A database that another node writes with a key that is not is an error.
pub(crate) async fn newest<'a>(db: &impl ConnectionTrait, keyring: &'a Keyring) -> Result<Option<&'a Key>, Error> {
    let newest = key_mark::Entity::find()
        .order_by_desc(key_mark::Column::No)
        .one(db)
        .await?;
    match newest {
        Some(mark) => own(keyring, &mark).map(Some).ok_or_else(|| missing(&mark)),
        None => Ok(None),
    }
}

/// Marks a key as the one in use, unless it was in use before. Of two nodes that do it at once, one does.
pub(crate) async fn mark(db: &DatabaseTransaction, key: &Key) -> Result<(), Error> {
    put(db, &all(db).await?, key).await
}

/// Of two keys the one that stands later in the file.
pub(crate) fn later<'a>(keyring: &Keyring, one: &'a Key, other: &'a Key) -> &'a Key {
    if keyring.position(one.id) < keyring.position(other.id) {
        other
    } else {
        one
    }
}

async fn all(db: &impl ConnectionTrait) -> Result<Vec<key_mark::Model>, Error> {
    let marks = key_mark::Entity::find().order_by_asc(key_mark::Column::No);
    Ok(marks.all(db).await?)
}

async fn put(db: &DatabaseTransaction, marks: &[key_mark::Model], key: &Key) -> Result<(), Error> {
    if marks.iter().any(|mark| mark.key_id == key.name()) {
        return Ok(());
    }
    let row = key_mark::Model {
        no: marks.last().map_or(0, |mark| mark.no) + 1,
        key_id: key.name(),
        check_value: key.check_value().to_vec(),
    };
    rows::insert_new(db, row).await?;
    Ok(())
}

fn own<'a>(keyring: &'a Keyring, mark: &key_mark::Model) -> Option<&'a Key> {
    keyring.all().iter().find(|key| key.name() == mark.key_id)
}

fn missing(mark: &key_mark::Model) -> Error {
    Error::Keys(format!(
        "the key file does not hold key {}, which this database was written with; \
         put the key file back that belongs to this database, or copy it from the node where the keys were rotated",
        mark.key_id
    ))
}
