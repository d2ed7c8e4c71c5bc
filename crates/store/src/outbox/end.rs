//! How a message ends: handed over, put off, or given up. Whatever ends leaves an audit row in the same transaction (R54).

use super::paid::UNKNOWN;
use super::{DEAD, LEASED, READY, SENT};
use crate::audit::{self, Row};
use crate::entity::{audit as audit_row, flow, outbox};
use crate::{Error, Store};
use regain_domain::Timestamp;
use regain_domain::audit::{Activity, Actor, Entry};
use regain_domain::ids::{AccountId, MessageId, TenantId};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, LockBehavior, LockType};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect, UpdateMany,
};
use std::collections::HashMap;
use uuid::Uuid;

/// It went out. True if the lease was still ours.
pub async fn sent(store: &Store, id: MessageId, lease_no: i64, now: Timestamp) -> Result<bool, Error> {
    let db = store.begin().await?;
    let rows = wiped(SENT)
        .col_expr(outbox::Column::Why, Expr::value(None::<String>))
        .col_expr(outbox::Column::DoneAt, Expr::value(now.ms()))
        .filter(outbox::Column::Id.eq(id.0))
        .filter(leased(lease_no))
        .exec_with_returning(&db)
        .await?;
    if rows.is_empty() {
        return Ok(false);
    }
    trail(&db, &rows, now, |purpose| {
        Entry::success(Activity::MessageSent, purpose)
    })
    .await?;
    db.commit().await?;
    Ok(true)
}

/// It did not go out, and is tried again later. True if the lease was still ours.
pub async fn later(store: &Store, id: MessageId, lease_no: i64, why: &str, next_at: Timestamp) -> Result<bool, Error> {
    let db = store.begin().await?;
    let done = outbox::Entity::update_many()
        .filter(outbox::Column::Id.eq(id.0))
        .filter(leased(lease_no))
        .col_expr(outbox::Column::State, Expr::value(READY))
        .col_expr(outbox::Column::DueAt, Expr::value(next_at.ms()))
        .col_expr(outbox::Column::AttemptedAt, Expr::value(None::<i64>))
        .col_expr(outbox::Column::Why, Expr::value(why))
        .exec(&db)
        .await?;
    db.commit().await?;
    Ok(done.rows_affected == 1)
}

/// It will never go out: a dead letter. True if the lease was still ours.
pub async fn dead(store: &Store, id: MessageId, lease_no: i64, why: &str, now: Timestamp) -> Result<bool, Error> {
    let db = store.begin().await?;
    let Some(row) = held(&db, id, lease_no).await? else {
        return Ok(false);
    };
    given_up(&db, &[row], Some(why), now).await?;
    db.commit().await?;
    Ok(true)
}

/// Gives up what has expired and is in nobody's hands, at most so many; tells how many.
pub(crate) async fn give_up_expired(db: &DatabaseTransaction, now: Timestamp, most: u64) -> Result<u64, Error> {
    let idle = Condition::any().add(outbox::Column::State.eq(READY)).add(
        outbox::Column::State
            .eq(LEASED)
            .and(outbox::Column::DueAt.lte(now.ms())),
    );
    let expired = outbox::Entity::find()
        .filter(outbox::Column::State.is_in([READY, LEASED]))
        .filter(outbox::Column::ExpiresAt.lte(now.ms()))
        .filter(idle)
        .order_by_asc(outbox::Column::ExpiresAt)
        .limit(most)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(db)
        .await?;
    let n = expired.len();
    let (attempted, idle): (Vec<_>, Vec<_>) = expired.into_iter().partition(|row| row.attempted_at.is_some());
    given_up(db, &attempted, Some(UNKNOWN), now).await?;
    given_up(db, &idle, None, now).await?;
    Ok(u64::try_from(n).unwrap_or(u64::MAX))
}

/// Makes dead letters of rows that this transaction holds. Without a reason of its own each keeps the last answer it got.
pub(super) async fn given_up(
    db: &DatabaseTransaction,
    rows: &[outbox::Model],
    why: Option<&str>,
    now: Timestamp,
) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let why = match why {
        Some(why) => Expr::value(why),
        None => Expr::col(outbox::Column::Why).if_null("expired"),
    };
    // The address stays, sealed, for whoever looks why; a notice may be tried once more, a code is gone (R35).
    let letter: CaseStatement = Expr::case(outbox::Column::IsNotice.eq(true), Expr::col(outbox::Column::Letter))
        .finally(Expr::value(None::<Vec<u8>>));
    outbox::Entity::update_many()
        .filter(outbox::Column::Id.is_in(rows.iter().map(|row| row.id)))
        .col_expr(outbox::Column::State, Expr::value(DEAD))
        .col_expr(outbox::Column::Letter, letter.into())
        .col_expr(outbox::Column::DoneAt, Expr::value(now.ms()))
        .col_expr(outbox::Column::Why, why)
        .exec(db)
        .await?;
    trail(db, rows, now, |purpose| {
        Entry::failure(Activity::MessageGivenUp, purpose)
    })
    .await
}

/// Rows that are over, without address and letter; which ones, the caller says.
pub(super) fn wiped(state: &str) -> UpdateMany<outbox::Entity> {
    outbox::Entity::update_many()
        .col_expr(outbox::Column::State, Expr::value(state))
        .col_expr(outbox::Column::Recipient, Expr::value(None::<Vec<u8>>))
        .col_expr(outbox::Column::Letter, Expr::value(None::<Vec<u8>>))
}

/// In nobody else's hands since: what fences a lease.
pub(super) fn leased(lease_no: i64) -> Condition {
    Condition::all()
        .add(outbox::Column::State.eq(LEASED))
        .add(outbox::Column::LeaseNo.eq(lease_no))
}

/// The row of a lease, fenced by its number, and held until the transaction ends.
async fn held(db: &DatabaseTransaction, id: MessageId, lease_no: i64) -> Result<Option<outbox::Model>, Error> {
    // Writes no lock on SQLite, where a writing transaction is alone anyway.
    Ok(outbox::Entity::find_by_id(id.0)
        .filter(leased(lease_no))
        .lock_exclusive()
        .one(db)
        .await?)
}

/// One audit row for each message, which names it in place of a request, and the flow that a code was for.
async fn trail(
    db: &DatabaseTransaction,
    messages: &[outbox::Model],
    now: Timestamp,
    entry: impl Fn(&str) -> Entry,
) -> Result<(), Error> {
    let references = references(db, messages).await?;
    let row = |message: &outbox::Model| {
        let (entry, request_id) = (entry(&message.purpose), format!("outbox-{}", message.id));
        let row = Row {
            subject: message.account_id.map(AccountId),
            reference: message.flow_id.and_then(|id| references.get(&id)).map(String::as_str),
            ..Row::inside(&entry, now, Actor::Server, &request_id)
        };
        audit::new(TenantId(message.tenant_id), &row)
    };
    audit_row::Entity::insert_many(messages.iter().map(row))
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// What people tell the helpdesk, by flow; those of flows that are gone already are missing.
async fn references(db: &DatabaseTransaction, messages: &[outbox::Model]) -> Result<HashMap<Uuid, String>, Error> {
    let ids: Vec<Uuid> = messages.iter().filter_map(|message| message.flow_id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let tenants = messages.iter().map(|message| message.tenant_id);
    let found = flow::Entity::find()
        .filter(flow::Column::TenantId.is_in(tenants))
        .filter(flow::Column::Id.is_in(ids))
        .all(db)
        .await?;
    Ok(found.into_iter().map(|flow| (flow.id, flow.reference)).collect())
}
