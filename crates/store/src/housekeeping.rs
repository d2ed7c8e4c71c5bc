//! Takes away what is over, of all tenants, in small batches (R38); the audit, tenant by tenant, as each has set.

use crate::entity::{
    approval, audit, ceremony, counter, enrolment, flow, nonce, one_time_pass, outbox, session, spent, veto,
};
use crate::outbox::{SPENT, dead_before, give_up_expired};
use crate::{Error, Store};
use regain_domain::Timestamp;
use regain_domain::ids::TenantId;
use regain_domain::limits::spending_day;
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, Iterable, PrimaryKeyToColumn,
    QueryFilter, QuerySelect,
};
use std::time::Duration;

/// Most rows of one table in one transaction (R38).
const BATCH: u64 = 500;
/// How long an expired flow stays, for the page that tells about it.
const FLOW_REST: Duration = Duration::from_hours(1);
/// For how many days it is known what messages have cost.
const SPENT_DAYS: i64 = 90;
/// How long administrators see a dead letter.
const DEAD_LETTER_REST: Duration = Duration::from_hours(30 * 24);

/// Takes away what is over, and gives up messages that are, at most so many rows per table; tells how many. Zero: there
/// is nothing left to do.
///
/// `window_now` is the time that counters are kept by: it may lag behind `now`, never the other way round (R39).
pub async fn sweep(store: &Store, now: Timestamp, window_now: Timestamp, most: u64) -> Result<u64, Error> {
    let most = Ord::min(most, BATCH);
    let db = store.begin().await?;
    let n_given_up = give_up_expired(&db, now, most).await?;
    // Attempts and passes go with their flow.
    let flows = flow::Column::ExpiresAt.lte(now.minus(FLOW_REST).ms());
    let messages = outbox::Column::ExpiresAt
        .lte(now.ms())
        .and(outbox::Column::State.is_in(SPENT));
    let n = [
        delete::<flow::Entity>(&db, flows, most).await?,
        delete::<ceremony::Entity>(&db, ceremony::Column::ExpiresAt.lte(now.ms()), most).await?,
        delete::<nonce::Entity>(&db, nonce::Column::ExpiresAt.lte(now.ms()), most).await?,
        delete::<counter::Entity>(&db, counter::Column::KeepUntil.lte(window_now.ms()), most).await?,
        delete::<approval::Entity>(&db, approval::Column::ExpiresAt.lte(now.minus(FLOW_REST).ms()), most).await?,
        delete::<enrolment::Entity>(&db, enrolment::Column::ExpiresAt.lte(now.ms()), most).await?,
        delete::<one_time_pass::Entity>(
            &db,
            one_time_pass::Column::ExpiresAt.lte(now.minus(FLOW_REST).ms()),
            most,
        )
        .await?,
        delete::<veto::Entity>(&db, veto::Column::ExpiresAt.lte(now.ms()), most).await?,
        delete::<session::Entity>(&db, session::Column::ExpiresAt.lte(now.ms()), most).await?,
        delete::<spent::Entity>(&db, spent::Column::Day.lt(spending_day(window_now) - SPENT_DAYS), most).await?,
        delete::<outbox::Entity>(&db, messages, most).await?,
        delete::<outbox::Entity>(&db, dead_before(now.minus(DEAD_LETTER_REST)), most).await?,
    ];
    db.commit().await?;
    Ok(n_given_up + n.into_iter().sum::<u64>())
}

/// Takes away audit rows of a tenant from before a point in time, at most so many; tells how many.
///
/// What is younger than seven days by the database's own clock stays in any case: its triggers insist (R54).
pub async fn retire_audit(store: &Store, tenant: TenantId, before: Timestamp, most: u64) -> Result<u64, Error> {
    // A look first, so that the writer is left alone while there is nothing to do.
    let db = store.begin_read().await?;
    let over = retired(tenant, before, db.get_database_backend());
    let oldest = audit::Entity::find().filter(over.clone()).limit(1).one(&db).await?;
    drop(db);
    if oldest.is_none() {
        return Ok(0);
    }
    let db = store.begin().await?;
    let n = delete::<audit::Entity>(&db, over, Ord::min(most, BATCH)).await?;
    db.commit().await?;
    Ok(n)
}

/// The seven days are those of the triggers, by the same clock: the service's may run ahead, as the demo's does.
fn retired(tenant: TenantId, before: Timestamp, backend: DbBackend) -> Condition {
    let held_from = match backend {
        DbBackend::Postgres => "(extract(epoch FROM now())::bigint - 7 * 86400) * 1000",
        _ => "(CAST(strftime('%s', 'now') AS INTEGER) - 7 * 86400) * 1000",
    };
    Condition::all()
        .add(audit::Column::TenantId.eq(tenant.0))
        .add(audit::Column::At.lt(before.ms()))
        .add(Expr::col(audit::Column::At).lte(Expr::cust(held_from)))
}

async fn delete<E: EntityTrait>(db: &DatabaseTransaction, over: impl IntoCondition, most: u64) -> Result<u64, Error> {
    let over: Condition = over.into_condition();
    let key: Vec<E::Column> = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column).collect();
    let some = Query::select()
        .columns(key.iter().copied())
        .from(E::default())
        .cond_where(over.clone())
        .limit(most)
        .to_owned();
    let row = Expr::tuple(key.into_iter().map(Expr::col));
    let delete = Query::delete()
        .from_table(E::default())
        .cond_where(row.in_subquery(some))
        // Asked again: a row that somebody held meanwhile may be in use again.
        .cond_where(over)
        .to_owned();
    Ok(db.execute(&delete).await?.rows_affected())
}
