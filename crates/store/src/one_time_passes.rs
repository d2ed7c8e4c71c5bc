//! One-time passes that staff give (R52): of each account the last one, of which only a hash is kept. Spent, its row stays while
//! a flow may stand on it; ended, it is gone.

use crate::entity::one_time_pass::{self, Column, Entity};
use crate::rows::Whose;
use crate::{Error, Tx, rows};
use regain_domain::Timestamp;
use regain_domain::gate::one_time::OneTimePass;
use regain_domain::ids::{AccountId, MethodId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};
use std::collections::HashMap;
use uuid::Uuid;

/// Gives an account a pass; the former one is over with that, and what was proved with it. `hash`: in PHC form.
pub async fn give(tx: &Tx, account: AccountId, id: MethodId, hash: &str, expires_at: Timestamp) -> Result<(), Error> {
    let row = one_time_pass::Model {
        tenant_id: tx.tenant.0,
        account_id: account.0,
        id: id.0,
        hash: hash.to_owned(),
        expires_at: expires_at.ms(),
        spent_at: None,
    };
    let key = [Column::TenantId, Column::AccountId];
    let columns = [Column::Id, Column::Hash, Column::ExpiresAt, Column::SpentAt];
    rows::upsert(&tx.db, row, &key, &columns).await
}

/// The hash of an account's pass with its id, spent or not: what is typed is compared with it whatever has become of it (R10).
pub async fn hash(tx: &Tx, account: AccountId) -> Result<Option<(MethodId, String)>, Error> {
    let row = of_account(tx.tenant.0, account).one(&tx.db).await?;
    Ok(row.map(|row| (MethodId(row.id), row.hash)))
}

/// Spends a pass: true once, and only while it lasts.
pub async fn spend(tx: &Tx, account: AccountId, id: MethodId, now: Timestamp) -> Result<bool, Error> {
    let done = Entity::update_many()
        .filter(Column::TenantId.eq(tx.tenant.0))
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::Id.eq(id.0))
        .filter(Column::SpentAt.is_null())
        .filter(Column::ExpiresAt.gt(now.ms()))
        .col_expr(Column::SpentAt, Expr::value(now.ms()))
        .exec(&tx.db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Ends the pass of an account, spent or not; tells how many that were.
pub(crate) async fn end(tx: &Tx, account: AccountId) -> Result<u64, Error> {
    let done = Entity::delete_many()
        .filter(Column::TenantId.eq(tx.tenant.0))
        .filter(Column::AccountId.eq(account.0))
        .exec(&tx.db)
        .await?;
    Ok(done.rows_affected)
}

/// The passes of some accounts.
pub(crate) async fn of_accounts(tx: &Tx, whose: &Whose<'_>) -> Result<HashMap<Uuid, OneTimePass>, Error> {
    let found = Entity::find()
        .filter(Column::TenantId.eq(tx.tenant.0))
        .filter(whose.are(Column::AccountId))
        .all(&tx.db)
        .await?;
    let pass = |row: one_time_pass::Model| {
        let pass = OneTimePass {
            id: MethodId(row.id),
            expires_at: Timestamp::from_ms(row.expires_at),
            is_spent: row.spent_at.is_some(),
        };
        (row.account_id, pass)
    };
    Ok(found.into_iter().map(pass).collect())
}

pub(crate) fn of_account(tenant: Uuid, account: AccountId) -> Select<Entity> {
    Entity::find()
        .filter(Column::TenantId.eq(tenant))
        .filter(Column::AccountId.eq(account.0))
}
