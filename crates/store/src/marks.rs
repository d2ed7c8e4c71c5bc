//! Marks that tie a database to its keys: without the newest key a start is refused instead of making rows nobody can read.

use crate::entity::key_mark;
use crate::error::Error;
use crate::rows;
use crate::seal::Keyring;
use sea_orm::{DatabaseTransaction, EntityTrait, QueryOrder};

/// Refuses a keyring that lacks the newest key of the database, and marks keys that are new (R40).
pub(crate) async fn check(db: &DatabaseTransaction, keyring: &Keyring) -> Result<(), Error> {
    let marks = key_mark::Entity::find()
        .order_by_asc(key_mark::Column::No)
        .all(db)
        .await?;
    let own = keyring.marks();
    let is_own = |mark: &key_mark::Model| {
        own.iter()
            .any(|(id, check)| *id == mark.key_id && check[..] == mark.check_value)
    };
    if let Some(mark) = marks.last().filter(|mark| !is_own(mark)) {
        return Err(Error::Keys(format!(
            "the key file does not hold key {}, which this database was last written with; \
             put the key file back that belongs to this database",
            mark.key_id
        )));
    }
    let mut no = marks.last().map_or(0, |mark| mark.no);
    for (key_id, check) in own {
        if marks.iter().any(|mark| mark.key_id == key_id) {
            continue;
        }
        no += 1;
        rows::insert(
            db,
            key_mark::Model {
                no,
                key_id,
                check_value: check.to_vec(),
            },
        )
        .await?;
    }
    Ok(())
}
