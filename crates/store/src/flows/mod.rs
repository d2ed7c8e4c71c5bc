//! Flows with their open attempt, codes and passes. Every move is conditional, and counts its rows (R02).

mod value;

pub(crate) use value::{stage_code, stage_of_code};

use crate::entity::{attempt, flow, gate_pass};
use crate::{Error, Keyring, Store, Tx, json, one_time_passes, outbox, rows};
use regain_domain::Timestamp;
use regain_domain::flow::{Attempt, Client, Flow, State};
use regain_domain::gate::{Gate, Pass, Root};
use regain_domain::ids::{AccountId, AttemptId, FlowId, MethodId, TenantId};
use regain_domain::refusal::Refusal;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, Select, SelectTwo, UpdateMany,
};
use uuid::Uuid;

/// A flow that begins.
pub struct NewFlow<'a> {
    /// The flow.
    pub flow: &'a Flow,
    /// SHA-256 of its cookie (R07).
    pub cookie_hash: [u8; 32],
    /// The version of the settings that it began under.
    pub policy_version: i64,
    /// When.
    pub started_at: Timestamp,
}

/// A code that was sent, or the lure that stands for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// Its MAC (R09).
    pub mac: [u8; 32],
    /// When it stops to count.
    pub expires_at: Timestamp,
    /// When it was spent, or made void.
    pub used_at: Option<Timestamp>,
}

/// Writes a new flow, with its open attempt if it has one.
pub async fn insert(tx: &Tx, new: &NewFlow<'_>) -> Result<(), Error> {
    rows::insert(&tx.db, value::flow_row(tx.tenant, new)?).await?;
    match value::open_attempt_of(&new.flow.state) {
        Some(attempt) => open_attempt(tx, new.flow.id, attempt, new.started_at).await,
        None => Ok(()),
    }
}

/// The flow of a cookie, whatever its state.
pub async fn of_cookie(tx: &Tx, cookie_hash: [u8; 32]) -> Result<Option<Flow>, Error> {
    let found = with_attempt(tx.tenant.0, cookie_hash).one(&tx.db).await?;
    as_flow(&tx.keyring, found)
}

/// The same outside any transaction, in one look: what a post finds that is decided about anew when it is held.
pub async fn glance(store: &Store, tenant: TenantId, cookie_hash: [u8; 32]) -> Result<Option<Flow>, Error> {
    let found = with_attempt(tenant.0, cookie_hash).one(&store.inner.reader).await?;
    as_flow(&store.keyring(), found)
}

/// The same, held against other writers until the transaction ends.
pub async fn lock(tx: &Tx, cookie_hash: [u8; 32]) -> Result<Option<Flow>, Error> {
    // Writes nothing on SQLite, where a writing transaction is alone anyway.
    let row = cookie(tx.tenant.0, cookie_hash).lock_exclusive().one(&tx.db).await?;
    // Read once the flow is held, and not joined to it: PostgreSQL locks no row that an outer join may lack.
    let open = match row.as_ref().and_then(|row| row.attempt_id) {
        Some(id) => attempt::Entity::find_by_id((tx.tenant.0, id)).one(&tx.db).await?,
        None => None,
    };
    as_flow(&tx.keyring, row.map(|row| (row, open)))
}

/// The flow of an attempt, held against other writers until the transaction ends.
pub async fn of_attempt_id(tx: &Tx, attempt: Uuid) -> Result<Option<Flow>, Error> {
    let Some(opened) = attempt::Entity::find_by_id((tx.tenant.0, attempt)).one(&tx.db).await? else {
        return Ok(None);
    };
    let row = flow::Entity::find_by_id((tx.tenant.0, opened.flow_id))
        .lock_exclusive()
        .one(&tx.db)
        .await?;
    let is_open = row.as_ref().is_some_and(|row| row.attempt_id == Some(attempt));
    as_flow(&tx.keyring, row.map(|row| (row, is_open.then_some(opened))))
}

/// What a person tells the helpdesk of a flow, while it is there.
pub async fn reference(tx: &Tx, id: Option<FlowId>) -> Result<Option<String>, Error> {
    let Some(id) = id else { return Ok(None) };
    let found = flow::Entity::find_by_id((tx.tenant.0, id.0)).one(&tx.db).await?;
    Ok(found.map(|row| row.reference))
}

/// Takes away the flow of a cookie whose value can bring another one, with all that hangs on it.
pub async fn forget(tx: &Tx, cookie_hash: [u8; 32]) -> Result<(), Error> {
    let Some(row) = cookie(tx.tenant.0, cookie_hash).one(&tx.db).await? else {
        return Ok(());
    };
    outbox::void_codes(tx, FlowId(row.id)).await?;
    flow::Entity::delete_many()
        .filter(flow::Column::TenantId.eq(tx.tenant.0))
        .filter(flow::Column::Id.eq(row.id))
        .exec(&tx.db)
        .await?;
    Ok(())
}

/// Moves a flow from `before` to `after`, and its cookie if one is given. A flow that is no longer as in `before` is a
/// conflict, and nothing changes (R02).
///
/// State, refusals, failed proofs, help and the open attempt are written; who, what for and how long are fixed. The open
/// attempt is made if it is not there yet. `after.rev` and `after.moved_at` are not read: each move
/// counts one on, and is now.
pub async fn update(
    tx: &Tx,
    before: &Flow,
    after: &Flow,
    cookie_hash: Option<[u8; 32]>,
    now: Timestamp,
) -> Result<(), Error> {
    let open = value::open_attempt_of(&after.state);
    let mut change = flow::Entity::update_many()
        .filter(flow::Column::TenantId.eq(tx.tenant.0))
        .filter(flow::Column::Id.eq(before.id.0))
        .filter(flow::Column::State.eq(before.state.code()))
        .filter(flow::Column::Rev.eq(before.rev))
        .col_expr(flow::Column::Rev, Expr::value(before.rev + 1))
        .col_expr(flow::Column::State, Expr::value(after.state.code()))
        .col_expr(flow::Column::Detail, Expr::value(value::detail_of(&after.state)?))
        .col_expr(flow::Column::AttemptId, Expr::value(open.map(|attempt| attempt.id.0)))
        .col_expr(flow::Column::NFailed, Expr::value(i64::from(after.n_failed)))
        .col_expr(flow::Column::Refusals, Expr::value(json::write(&after.refusals)?))
        .col_expr(flow::Column::IsHelpAsked, Expr::value(after.is_help_asked))
        .col_expr(flow::Column::MovedAt, Expr::value(now.ms()));
    if let Some(hash) = cookie_hash {
        change = change.col_expr(flow::Column::CookieHash, Expr::value(hash.to_vec()));
    }
    rows::hit(change.exec(&tx.db).await?.rows_affected)?;
    match open {
        Some(attempt) => put_attempt(tx, before.id, attempt, now).await,
        None => Ok(()),
    }
}

/// Somebody is still at a kiosk: its flow waits anew. Counts as no move: a post under way is not outrun by it. Tells whether
/// the flow was still open and not idle since `idle_since` (R58).
pub async fn touch(tx: &Tx, flow: FlowId, idle_since: Timestamp, now: Timestamp) -> Result<bool, Error> {
    let done = flow::Entity::update_many()
        .filter(flow::Column::TenantId.eq(tx.tenant.0))
        .filter(flow::Column::Id.eq(flow.0))
        .filter(flow::Column::Client.eq(Client::Kiosk.code()))
        .filter(flow::Column::State.is_in(OPEN))
        .filter(flow::Column::MovedAt.gt(idle_since.ms()))
        .col_expr(flow::Column::MovedAt, Expr::value(now.ms()))
        .exec(&tx.db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Writes a new attempt; one that is there stays as it is.
pub async fn open_attempt(tx: &Tx, flow: FlowId, attempt: &Attempt, now: Timestamp) -> Result<(), Error> {
    let row = value::attempt_row(tx, flow, attempt, now);
    rows::insert_new(&tx.db, row).await?;
    Ok(())
}

/// The newest attempt of a flow at a gate whose code was sent and still counts.
pub async fn earlier(tx: &Tx, flow: FlowId, gate: Gate, now: Timestamp) -> Result<Option<Attempt>, Error> {
    let found = with_code(tx.tenant.0, flow, gate, now).one(&tx.db).await?;
    found.map(|row| value::attempt_of(&tx.keyring, row)).transpose()
}

/// Gives an attempt a code; the former one is gone with that (R09).
pub async fn set_code(tx: &Tx, attempt: AttemptId, mac: [u8; 32], expires_at: Timestamp) -> Result<(), Error> {
    let done = of_attempt(tx, attempt)
        .col_expr(attempt::Column::CodeMac, Expr::value(mac.to_vec()))
        .col_expr(attempt::Column::CodeExpiresAt, Expr::value(expires_at.ms()))
        .col_expr(attempt::Column::CodeUsedAt, Expr::value(None::<i64>))
        .exec(&tx.db)
        .await?;
    rows::hit(done.rows_affected)
}

/// The newest code of an attempt.
pub async fn code(tx: &Tx, attempt: AttemptId) -> Result<Option<Code>, Error> {
    let row = attempt::Entity::find_by_id((tx.tenant.0, attempt.0))
        .one(&tx.db)
        .await?;
    let Some((Some(mac), Some(expires_at), used_at)) =
        row.map(|row| (row.code_mac, row.code_expires_at, row.code_used_at))
    else {
        return Ok(None);
    };
    Ok(Some(Code {
        mac: json::bytes32(&mac)?,
        expires_at: Timestamp::from_ms(expires_at),
        used_at: used_at.map(Timestamp::from_ms),
    }))
}

/// Spends the code of an attempt: true once, and only while it lasts (R09).
pub async fn spend_code(tx: &Tx, attempt: AttemptId, now: Timestamp) -> Result<bool, Error> {
    let done = of_attempt(tx, attempt)
        .col_expr(attempt::Column::CodeUsedAt, Expr::value(now.ms()))
        .filter(attempt::Column::CodeUsedAt.is_null())
        .filter(attempt::Column::CodeExpiresAt.gt(now.ms()))
        .exec(&tx.db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Writes the pass that an attempt has earned; a second one for the same attempt is a conflict (R03).
pub async fn pass(tx: &Tx, flow: FlowId, attempt: AttemptId, pass: &Pass, now: Timestamp) -> Result<(), Error> {
    let opened = attempt::Entity::find_by_id((tx.tenant.0, attempt.0))
        .one(&tx.db)
        .await?;
    if opened.is_none_or(|opened| opened.flow_id != flow.0 || opened.gate != pass.gate.code()) {
        return Err(Error::Conflict);
    }
    let row = gate_pass::Model {
        tenant_id: tx.tenant.0,
        attempt_id: attempt.0,
        flow_id: flow.0,
        gate: pass.gate.code().to_owned(),
        root: pass.root.as_str().to_owned(),
        method_id: pass.method.0,
        passed_at: now.ms(),
    };
    rows::insert(&tx.db, row).await
}

/// The passes of a flow, oldest first.
pub async fn passes(tx: &Tx, flow: FlowId) -> Result<Vec<Pass>, Error> {
    let found = gate_pass::Entity::find()
        .filter(gate_pass::Column::TenantId.eq(tx.tenant.0))
        .filter(gate_pass::Column::FlowId.eq(flow.0))
        .order_by_asc(gate_pass::Column::PassedAt)
        .order_by_asc(gate_pass::Column::AttemptId)
        .all(&tx.db)
        .await?;
    found
        .into_iter()
        .map(|row| {
            let gate = json::of_code(&row.gate, Gate::of_code)?;
            Ok(Pass {
                gate,
                root: Root::of_row(row.root),
                method: MethodId(row.method_id),
            })
        })
        .collect()
}

/// Ends the open flows of an account but one, with their codes, sent or not, and its one-time pass (R08). Tells how many flows.
pub async fn end_others(tx: &Tx, account: AccountId, keep: Option<FlowId>, now: Timestamp) -> Result<u64, Error> {
    let mut open = flow::Entity::find()
        .filter(flow::Column::TenantId.eq(tx.tenant.0))
        .filter(flow::Column::AccountId.eq(account.0))
        .filter(flow::Column::State.is_in(OPEN));
    if let Some(keep) = keep {
        open = open.filter(flow::Column::Id.ne(keep.0));
    }
    let mut n_ended = 0;
    for row in open.all(&tx.db).await? {
        n_ended += end(tx, row.id, now).await?;
    }
    one_time_passes::end(tx, account).await?;
    Ok(n_ended)
}

/// The states that posts still move.
pub(crate) const OPEN: [&str; 2] = [State::Gating(None).code(), State::Granted.code()];

async fn end(tx: &Tx, id: Uuid, now: Timestamp) -> Result<u64, Error> {
    let over = State::Ended(Refusal::Expired);
    let done = flow::Entity::update_many()
        .filter(flow::Column::TenantId.eq(tx.tenant.0))
        .filter(flow::Column::Id.eq(id))
        .filter(flow::Column::State.is_in(OPEN))
        .col_expr(flow::Column::Rev, Expr::col(flow::Column::Rev).add(1))
        .col_expr(flow::Column::State, Expr::value(over.code()))
        .col_expr(flow::Column::Detail, Expr::value(value::detail_of(&over)?))
        .col_expr(flow::Column::AttemptId, Expr::value(None::<Uuid>))
        .col_expr(flow::Column::MovedAt, Expr::value(now.ms()))
        .exec(&tx.db)
        .await?;
    attempt::Entity::update_many()
        .filter(attempt::Column::TenantId.eq(tx.tenant.0))
        .filter(attempt::Column::FlowId.eq(id))
        .filter(attempt::Column::CodeUsedAt.is_null())
        .col_expr(attempt::Column::CodeUsedAt, Expr::value(now.ms()))
        .exec(&tx.db)
        .await?;
    outbox::void_codes(tx, FlowId(id)).await?;
    Ok(done.rows_affected)
}

pub(crate) fn cookie(tenant: Uuid, cookie_hash: [u8; 32]) -> Select<flow::Entity> {
    flow::Entity::find()
        .filter(flow::Column::TenantId.eq(tenant))
        .filter(flow::Column::CookieHash.eq(cookie_hash.to_vec()))
}

pub(crate) fn with_attempt(tenant: Uuid, cookie_hash: [u8; 32]) -> SelectTwo<flow::Entity, attempt::Entity> {
    let open = flow::Entity::belongs_to(attempt::Entity)
        .from((flow::Column::TenantId, flow::Column::AttemptId))
        .to((attempt::Column::TenantId, attempt::Column::Id));
    cookie(tenant, cookie_hash)
        .join(JoinType::LeftJoin, open.into())
        .select_also(attempt::Entity)
}

pub(crate) fn with_code(tenant: Uuid, flow: FlowId, gate: Gate, now: Timestamp) -> Select<attempt::Entity> {
    attempt::Entity::find()
        .filter(attempt::Column::TenantId.eq(tenant))
        .filter(attempt::Column::FlowId.eq(flow.0))
        .filter(attempt::Column::Gate.eq(gate.code()))
        .filter(attempt::Column::CodeExpiresAt.gt(now.ms()))
        .filter(attempt::Column::CodeUsedAt.is_null())
        .order_by_desc(attempt::Column::OpenedAt)
}

fn of_attempt(tx: &Tx, attempt: AttemptId) -> UpdateMany<attempt::Entity> {
    attempt::Entity::update_many()
        .filter(attempt::Column::TenantId.eq(tx.tenant.0))
        .filter(attempt::Column::Id.eq(attempt.0))
}

async fn put_attempt(tx: &Tx, flow: FlowId, attempt: &Attempt, now: Timestamp) -> Result<(), Error> {
    let row = value::attempt_row(tx, flow, attempt, now);
    let done = of_attempt(tx, attempt.id)
        .filter(attempt::Column::FlowId.eq(flow.0))
        .col_expr(attempt::Column::MethodId, Expr::value(row.method_id))
        .col_expr(attempt::Column::Root, Expr::value(row.root))
        .col_expr(attempt::Column::Stage, Expr::value(row.stage))
        .col_expr(attempt::Column::ResendAt, Expr::value(row.resend_at))
        .col_expr(attempt::Column::SendKey, Expr::value(row.send_key))
        .exec(&tx.db)
        .await?;
    match done.rows_affected {
        0 => open_attempt(tx, flow, attempt, now).await,
        _ => Ok(()),
    }
}

fn as_flow(keyring: &Keyring, found: Option<(flow::Model, Option<attempt::Model>)>) -> Result<Option<Flow>, Error> {
    found.map(|(row, open)| value::flow_of(keyring, row, open)).transpose()
}
