//! The database's own time, and the mark of the greatest time seen: it tells a start that the clock went back (R39).

use crate::audit::{self, Row};
use crate::entity::{flow, session, tenant, time_mark};
use crate::{Error, Store, counters, flows, outbox, rows};
use regain_domain::Timestamp;
use regain_domain::ids::TenantId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, Statement};
use uuid::Uuid;

/// The one row of the mark.
const MARK: i64 = 1;
/// In milliseconds since 1970; not the time at which a transaction began.
const DATABASE_TIME: &str = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";

/// What time it is by the database; nothing on SQLite, which has no clock of its own.
pub async fn of_database(store: &Store) -> Result<Option<Timestamp>, Error> {
    if store.is_sqlite() {
        return Ok(None);
    }
    let db = &store.inner.reader;
    let asked = Statement::from_string(db.get_database_backend(), DATABASE_TIME);
    let row = db.query_one_raw(asked).await?;
    let ms: Option<i64> = row.map(|row| row.try_get_by_index(0)).transpose()?;
    Ok(ms.map(Timestamp::from_ms))
}

/// The greatest time that was marked; nothing in a new database.
pub async fn seen(store: &Store) -> Result<Option<Timestamp>, Error> {
    let row = time_mark::Entity::find_by_id(MARK).one(&store.inner.reader).await?;
    Ok(row.map(|row| Timestamp::from_ms(row.seen_at)))
}

/// Marks a time, unless a greater one is marked: the mark only grows, whichever node writes it.
pub async fn mark(store: &Store, now: Timestamp) -> Result<(), Error> {
    let db = store.begin().await?;
    let row = time_mark::Model {
        id: MARK,
        seen_at: now.ms(),
    };
    if !rows::insert_new(&db, row).await? {
        time_mark::Entity::update_many()
            .filter(time_mark::Column::Id.eq(MARK))
            .filter(time_mark::Column::SeenAt.lt(now.ms()))
            .col_expr(time_mark::Column::SeenAt, Expr::value(now.ms()))
            .exec(&db)
            .await?;
    }
    Ok(db.commit().await?)
}

/// The clock went back from the mark to `now`: ends what is open in all tenants, tells each of them in its audit, and
/// moves the mark. Of several nodes that start at once one does it; for the others it is false.
pub async fn step_back(store: &Store, seen: Timestamp, now: Timestamp, told: &Row<'_>) -> Result<bool, Error> {
    let db = store.begin().await?;
    let moved = time_mark::Entity::update_many()
        .filter(time_mark::Column::Id.eq(MARK))
        .filter(time_mark::Column::SeenAt.eq(seen.ms()))
        .col_expr(time_mark::Column::SeenAt, Expr::value(now.ms()))
        .exec(&db)
        .await?;
    if moved.rows_affected == 0 {
        return Ok(false);
    }
    session::Entity::delete_many().exec(&db).await?;
    // Codes and passes go with their flow; a cookie whose flow is gone shows the page of an expired one (R07).
    flow::Entity::delete_many()
        .filter(flow::Column::State.is_in(flows::OPEN))
        .exec(&db)
        .await?;
    outbox::step_back(&db, now).await?;
    counters::step_back(&db, now).await?;
    tell(store, db, told).await?;
    Ok(true)
}

/// Adds an entry to the audit of every tenant: for what befalls a whole server.
pub async fn tell_all(store: &Store, told: &Row<'_>) -> Result<(), Error> {
    tell(store, store.begin().await?, told).await
}

/// The same at the end of a transaction.
async fn tell(store: &Store, db: DatabaseTransaction, told: &Row<'_>) -> Result<(), Error> {
    let tenants = tenant::Entity::find().all(&db).await?;
    let mut tx = store.tx(db, TenantId(Uuid::nil()));
    for row in tenants {
        tx.tenant = TenantId(row.id);
        audit::write(&tx, told).await?;
    }
    tx.commit().await
}
