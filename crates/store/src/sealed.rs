//! Which rows hold sealed values: whether one of them needs a key, and sealing them anew (R40). A column that is sealed
//! for longer than a message lives has to be named here.

use crate::entity::{answer, device, method, outbox, push_key};
use crate::seal::KeyId;
use crate::{Error, Store, Tx, tenants};
use crate::{answers, devices, methods, push_keys};
use sea_orm::sea_query::{Expr, ExprTrait, Func, SimpleExpr};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

/// Values that are sealed anew in one transaction.
const BATCH: u64 = 500;

/// Whether something is sealed under a key, by its name.
pub(crate) async fn needs(db: &impl ConnectionTrait, name: &str) -> Result<bool, Error> {
    let Ok(id) = u32::from_str_radix(name, 16).map(u32::to_be_bytes) else {
        return Ok(false);
    };
    let secret = method::Entity::find().filter(key_of(method::Column::Secret).eq(id.to_vec()));
    let hash = answer::Entity::find().filter(key_of(answer::Column::Hash).eq(id.to_vec()));
    let place = device::Entity::find().filter(key_of(device::Column::Place).eq(id.to_vec()));
    let push = push_key::Entity::find().filter(key_of(push_key::Column::Secret).eq(id.to_vec()));
    if secret.one(db).await?.is_some()
        || hash.one(db).await?.is_some()
        || place.one(db).await?.is_some()
        || push.one(db).await?.is_some()
    {
        return Ok(true);
    }
    let message = outbox::Entity::find().filter(
        key_of(outbox::Column::Recipient)
            .eq(id.to_vec())
            .or(key_of(outbox::Column::Letter).eq(id.to_vec())),
    );
    Ok(message.one(db).await?.is_some())
}

/// Seals what lasts with the current key, in small batches; tells how many values. Messages are not worth it: they go.
pub(crate) async fn renew(store: &Store) -> Result<u64, Error> {
    let mut n_renewed = 0;
    for tenant in tenants::all(store).await? {
        loop {
            let tx = store.write(tenant.id).await?;
            let n = renew_secrets(&tx).await?
                + renew_answers(&tx).await?
                + renew_places(&tx).await?
                + renew_push_key(&tx).await?;
            tx.commit().await?;
            n_renewed += n;
            if n == 0 {
                break;
            }
        }
    }
    Ok(n_renewed)
}

async fn renew_secrets(tx: &Tx) -> Result<u64, Error> {
    let current: KeyId = tx.keyring.current().id;
    let older = method::Entity::find()
        .filter(method::Column::TenantId.eq(tx.tenant.0))
        .filter(key_of(method::Column::Secret).ne(current.to_vec()))
        .limit(BATCH)
        .all(&tx.db)
        .await?;
    let mut n_renewed = 0;
    for row in older {
        // What does not open stays as it is: its key may come back.
        if let Some(sealed) = methods::sealed_anew(tx, &row) {
            let done = method::Entity::update_many()
                .filter(method::Column::TenantId.eq(tx.tenant.0))
                .filter(method::Column::Id.eq(row.id))
                .filter(method::Column::Secret.eq(row.secret))
                .col_expr(method::Column::Secret, Expr::value(sealed))
                .exec(&tx.db)
                .await?;
            n_renewed += done.rows_affected;
        }
    }
    Ok(n_renewed)
}

async fn renew_answers(tx: &Tx) -> Result<u64, Error> {
    let current: KeyId = tx.keyring.current().id;
    let older = answer::Entity::find()
        .filter(answer::Column::TenantId.eq(tx.tenant.0))
        .filter(key_of(answer::Column::Hash).ne(current.to_vec()))
        .limit(BATCH)
        .all(&tx.db)
        .await?;
    let mut n_renewed = 0;
    for row in older {
        if let Some(sealed) = answers::sealed_anew(tx, &row) {
            let done = answer::Entity::update_many()
                .filter(answer::Column::TenantId.eq(tx.tenant.0))
                .filter(answer::Column::MethodId.eq(row.method_id))
                .filter(answer::Column::Question.eq(row.question))
                .filter(answer::Column::Hash.eq(row.hash))
                .col_expr(answer::Column::Hash, Expr::value(sealed))
                .exec(&tx.db)
                .await?;
            n_renewed += done.rows_affected;
        }
    }
    Ok(n_renewed)
}

async fn renew_places(tx: &Tx) -> Result<u64, Error> {
    let current: KeyId = tx.keyring.current().id;
    let older = device::Entity::find()
        .filter(device::Column::TenantId.eq(tx.tenant.0))
        .filter(key_of(device::Column::Place).ne(current.to_vec()))
        .limit(BATCH)
        .all(&tx.db)
        .await?;
    let mut n_renewed = 0;
    for row in older {
        if let Some(sealed) = devices::sealed_anew(tx, &row) {
            let done = device::Entity::update_many()
                .filter(device::Column::TenantId.eq(tx.tenant.0))
                .filter(device::Column::Id.eq(row.id))
                .filter(device::Column::Place.eq(row.place))
                .col_expr(device::Column::Place, Expr::value(sealed))
                .exec(&tx.db)
                .await?;
            n_renewed += done.rows_affected;
        }
    }
    Ok(n_renewed)
}

async fn renew_push_key(tx: &Tx) -> Result<u64, Error> {
    let current: KeyId = tx.keyring.current().id;
    let older = push_key::Entity::find_by_id(tx.tenant.0)
        .filter(key_of(push_key::Column::Secret).ne(current.to_vec()))
        .one(&tx.db)
        .await?;
    let Some((row, sealed)) = older.and_then(|row| push_keys::sealed_anew(tx, &row).map(|sealed| (row, sealed))) else {
        return Ok(0);
    };
    let done = push_key::Entity::update_many()
        .filter(push_key::Column::TenantId.eq(tx.tenant.0))
        .filter(push_key::Column::Secret.eq(row.secret))
        .col_expr(push_key::Column::Secret, Expr::value(sealed))
        .exec(&tx.db)
        .await?;
    Ok(done.rows_affected)
}

/// What a sealed value begins with.
fn key_of(column: impl ColumnTrait) -> SimpleExpr {
    let length = i32::try_from(size_of::<KeyId>()).unwrap_or(i32::MAX);
    Func::cust("substr")
        .args([Expr::col(column), Expr::value(1), Expr::value(length)])
        .into()
}
