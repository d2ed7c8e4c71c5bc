//! Passwords that an account had before, as hashes: as many as the tenant remembers, and none longer (R27).

use crate::entity::former_password;
use crate::{Error, Tx, rows};
use regain_domain::Timestamp;
use regain_domain::ids::AccountId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

/// The hashes of the last `n` passwords before the present one, in PHC form, newest first.
pub async fn hashes(tx: &Tx, account: AccountId, n: u32) -> Result<Vec<String>, Error> {
    let found = newest_first(tx.tenant.0, account.0)
        .limit(u64::from(n))
        .all(&tx.db)
        .await?;
    Ok(found.into_iter().map(|row| row.password_hash).collect())
}

/// Puts the password that is replaced now before the others, and forgets all but the newest `n`.
///
/// To be called after the account's own row was written in this transaction, so that nobody counts places beside it.
pub(crate) async fn remember(
    tx: &Tx,
    account: AccountId,
    hash: String,
    set_at: Timestamp,
    n: u32,
) -> Result<(), Error> {
    let newest = newest_first(tx.tenant.0, account.0).one(&tx.db).await?;
    let place = newest.map_or(0, |newest| newest.place + 1);
    if n > 0 {
        let row = former_password::Model {
            tenant_id: tx.tenant.0,
            account_id: account.0,
            place,
            password_hash: hash,
            set_at: set_at.ms(),
        };
        rows::insert(&tx.db, row).await?;
    }
    former_password::Entity::delete_many()
        .filter(former_password::Column::TenantId.eq(tx.tenant.0))
        .filter(former_password::Column::AccountId.eq(account.0))
        .filter(former_password::Column::Place.lte(place - i64::from(n)))
        .exec(&tx.db)
        .await?;
    Ok(())
}

pub(crate) fn newest_first(tenant: Uuid, account: Uuid) -> Select<former_password::Entity> {
    former_password::Entity::find()
        .filter(former_password::Column::TenantId.eq(tenant))
        .filter(former_password::Column::AccountId.eq(account))
        .order_by_desc(former_password::Column::Place)
}
