//! Messages to be sent, written with what causes them, leased, sent and marked (R34). Content is sealed, and wiped at
//! the end (R35).
//!
//! A paid message is marked before it is handed over: whoever finds such a mark without a result sends nothing again.

mod content;
mod dead;
mod end;
mod paid;

pub use dead::{DeadLetter, Retry, SHOWN, dead_letters, retry, tallies};
pub(crate) use end::give_up_expired;
pub use end::{dead, later, sent};
pub use paid::attempt;

use crate::entity::outbox;
use crate::{Error, Keyring, Store, Tx, rows, vetoes};
use end::{given_up, wiped};
use paid::UNKNOWN;
use regain_domain::Timestamp;
use regain_domain::ids::{AccountId, FlowId, MessageId, TenantId};
use regain_domain::limits::{OUTBOX_BACKOFF_MOST, OUTBOX_LEASE};
use regain_domain::locale::Language;
use regain_domain::not_me::Reference;
use regain_domain::notice::{ChannelKind, Letter};
use sea_orm::sea_query::{Expr, LockBehavior, LockType, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};

/// Waits for its time.
const READY: &str = "ready";
/// Belongs to a worker until its time.
const LEASED: &str = "leased";
/// Went out.
const SENT: &str = "sent";
/// Never goes out: a decoy, or a code that was dropped.
const VOID: &str = "void";
/// Was given up; shown to administrators.
const DEAD: &str = "dead";

/// Rows that one lease gives up at most before it begins.
const GIVEN_UP_AT_ONCE: u64 = 100;

/// States in which a row is over and of no use to anybody.
pub(crate) const SPENT: [&str; 2] = [SENT, VOID];

/// A message to be sent.
pub struct NewMessage<'a> {
    /// Its id, from which its `Message-ID` is made.
    pub id: MessageId,
    /// To whom, where that is an account.
    pub account: Option<AccountId>,
    /// The flow that a code belongs to.
    pub flow: Option<FlowId>,
    /// Which way.
    pub channel: ChannelKind,
    /// What to say.
    pub letter: &'a Letter,
    /// What its reader types to stop what it reports, where it reports something of theirs.
    pub reference: Option<&'a Reference>,
    /// The address, or the number in its canonical form; nothing for a decoy, which writes a row of like size that never goes out (R21).
    pub to: Option<&'a str>,
    /// In which language.
    pub language: Language,
    /// After this it is not sent any more.
    pub expires_at: Timestamp,
}

/// A message that belongs to this worker until its lease is over.
pub struct Leased {
    /// Its id.
    pub id: MessageId,
    /// Its tenant.
    pub tenant: TenantId,
    /// What the mark has to bring back; an older lease marks nothing.
    pub lease_no: i64,
    /// Which way.
    pub channel: ChannelKind,
    /// The address, or the number in its canonical form.
    pub to: String,
    /// What to say.
    pub letter: Letter,
    /// What stops what it reports.
    pub reference: Option<Reference>,
    /// In which language.
    pub language: Language,
    /// Tries so far, this one included.
    pub n_tries: u32,
    /// When it was written.
    pub created_at: Timestamp,
    /// After this it is not sent any more.
    pub expires_at: Timestamp,
}

/// Writes a message, and what its reference stops, in the transaction that causes it.
pub async fn put(tx: &Tx, message: &NewMessage<'_>, now: Timestamp) -> Result<(), Error> {
    let (recipient, letter) = content::seal(tx, message)?;
    let state = if message.to.is_some() { READY } else { VOID };
    let row = outbox::Model {
        id: message.id.0,
        tenant_id: tx.tenant.0,
        account_id: message.account.map(|id| id.0),
        flow_id: message.flow.map(|id| id.0),
        purpose: message.letter.purpose().to_owned(),
        is_notice: message.letter.is_notice(),
        state: state.to_owned(),
        recipient: Some(recipient),
        letter: Some(letter),
        language: message.language.tag().to_owned(),
        channel: message.channel.code().to_owned(),
        attempted_at: None,
        lease_no: 0,
        due_at: now.ms(),
        n_tries: 0,
        why: None,
        created_at: now.ms(),
        expires_at: message.expires_at.ms(),
        done_at: None,
    };
    rows::insert(&tx.db, row).await?;
    if let Some(reference) = message.reference {
        vetoes::insert(tx, message, reference, now).await?;
    }
    tx.note_message();
    Ok(())
}

/// Leases what is due, of all tenants. What has expired is given up and wiped first: an expired code is never sent.
pub async fn lease(store: &Store, now: Timestamp, most: u64) -> Result<Vec<Leased>, Error> {
    // A look first, so that idle polling leaves the writer alone.
    let next = next_of_kinds(store).await?;
    let kinds: Vec<Kind> = next
        .into_iter()
        .filter_map(|(kind, due_at)| (due_at <= now).then_some(kind))
        .collect();
    if kinds.is_empty() {
        return Ok(Vec::new());
    }
    let db = store.begin().await?;
    give_up_expired(&db, now, GIVEN_UP_AT_ONCE).await?;
    let mut leased = Vec::new();
    for kind in kinds {
        let n_free = most.saturating_sub(u64::try_from(leased.len()).unwrap_or(u64::MAX));
        if n_free == 0 {
            break;
        }
        let due = waiting(kind, now)
            .limit(n_free)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .all(&db)
            .await?;
        leased.extend(taken(store, &db, due, now).await?);
    }
    db.commit().await?;
    Ok(leased)
}

/// Those of the rows whose lease this transaction gets.
async fn taken(
    store: &Store,
    db: &DatabaseTransaction,
    due: Vec<outbox::Model>,
    now: Timestamp,
) -> Result<Vec<Leased>, Error> {
    let mut leased = Vec::new();
    let keyring = store.keyring();
    for row in due {
        // What was sealed with a key that this node does not know is for the nodes that do (R40).
        let may_open = row.recipient.as_deref().is_none_or(|sealed| keyring.may_open(sealed));
        if row.attempted_at.is_some() {
            // Whoever held it is gone, and it may have gone out.
            given_up(db, &[row], Some(UNKNOWN), now).await?;
            continue;
        }
        if !may_open || !take(db, &row, now).await? {
            continue;
        }
        if let Some(message) = as_leased(&keyring, &row) {
            leased.push(message);
        } else {
            // Given up, so that it holds nobody else back.
            given_up(db, &[row], Some("unreadable"), now).await?;
        }
    }
    Ok(leased)
}

/// The clock went back: drops every code, and lets out what would wait until the clock is there again (R39).
pub(crate) async fn step_back(db: &DatabaseTransaction, now: Timestamp) -> Result<(), Error> {
    let unsent = outbox::Column::State.is_in([READY, LEASED]);
    wiped(VOID)
        .filter(outbox::Column::IsNotice.eq(false))
        .filter(unsent.clone())
        .exec(db)
        .await?;
    outbox::Entity::update_many()
        .filter(unsent)
        .filter(outbox::Column::DueAt.gt(now.plus(OUTBOX_BACKOFF_MOST).ms()))
        .col_expr(outbox::Column::DueAt, Expr::value(now.plus(OUTBOX_LEASE).ms()))
        .exec(db)
        .await?;
    Ok(())
}

/// Drops the codes of a flow that have not gone out.
pub async fn void_codes(tx: &Tx, flow: FlowId) -> Result<(), Error> {
    wiped(VOID)
        .filter(outbox::Column::TenantId.eq(tx.tenant.0))
        .filter(outbox::Column::FlowId.eq(flow.0))
        .filter(outbox::Column::IsNotice.eq(false))
        .filter(outbox::Column::State.is_in([READY, LEASED]))
        .exec(&tx.db)
        .await?;
    Ok(())
}

/// When the next message is due, of all tenants; may lie in the past.
pub async fn next_due(store: &Store) -> Result<Option<Timestamp>, Error> {
    let next = next_of_kinds(store).await?;
    Ok(next.into_iter().map(|(_, due_at)| due_at).min())
}

/// Messages that wait alike: their state, and whether they are notices.
type Kind = (&'static str, bool);

/// Codes first: somebody waits for each of them.
const KINDS: [Kind; 4] = [(READY, false), (LEASED, false), (READY, true), (LEASED, true)];

/// When the next message of each kind is due, in one look.
async fn next_of_kinds(store: &Store) -> Result<Vec<(Kind, Timestamp)>, Error> {
    let reader = &store.inner.reader;
    let Some(row) = reader.query_one(&next()).await? else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for (column, kind) in KINDS.into_iter().enumerate() {
        let due_at: Option<i64> = row.try_get_by_index(column)?;
        found.extend(due_at.map(|at| (kind, Timestamp::from_ms(at))));
    }
    Ok(found)
}

/// What is due of a kind. What has expired by now is not: whatever becomes of it, it is not sent.
pub(crate) fn waiting((state, is_notice): Kind, now: Timestamp) -> Select<outbox::Entity> {
    of_kind(state, is_notice)
        .filter(outbox::Column::DueAt.lte(now.ms()))
        .filter(outbox::Column::ExpiresAt.gt(now.ms()))
        .order_by_asc(outbox::Column::DueAt)
}

/// The least time of each kind: as many steps into the index.
pub(crate) fn next() -> SelectStatement {
    let least = |(state, is_notice): Kind| {
        of_kind(state, is_notice)
            .select_only()
            .column_as(outbox::Column::DueAt.min(), "due_at")
            .into_query()
    };
    let columns = KINDS.map(|kind| Expr::SubQuery(None, Box::new(least(kind).into())));
    Query::select().exprs(columns).to_owned()
}

fn of_kind(state: &str, is_notice: bool) -> Select<outbox::Entity> {
    outbox::Entity::find()
        .filter(outbox::Column::State.eq(state))
        .filter(outbox::Column::IsNotice.eq(is_notice))
}

/// Dead letters that were given up before a point in time.
pub(crate) fn dead_before(at: Timestamp) -> Condition {
    Condition::all()
        .add(outbox::Column::State.eq(DEAD))
        .add(outbox::Column::DoneAt.lte(at.ms()))
}

/// Takes the next lease of a row, unless somebody else did.
async fn take(db: &DatabaseTransaction, row: &outbox::Model, now: Timestamp) -> Result<bool, Error> {
    let done = outbox::Entity::update_many()
        .filter(outbox::Column::Id.eq(row.id))
        .filter(outbox::Column::State.eq(row.state.as_str()))
        .filter(outbox::Column::LeaseNo.eq(row.lease_no))
        .col_expr(outbox::Column::State, Expr::value(LEASED))
        .col_expr(outbox::Column::LeaseNo, Expr::value(row.lease_no + 1))
        .col_expr(outbox::Column::NTries, Expr::value(row.n_tries + 1))
        .col_expr(outbox::Column::DueAt, Expr::value(now.plus(OUTBOX_LEASE).ms()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// A row whose next lease was taken; nothing if it cannot be read.
fn as_leased(keyring: &Keyring, row: &outbox::Model) -> Option<Leased> {
    let (to, letter, reference) = content::open(keyring, row)?;
    Some(Leased {
        id: MessageId(row.id),
        tenant: TenantId(row.tenant_id),
        lease_no: row.lease_no + 1,
        channel: ChannelKind::of_code(&row.channel)?,
        to,
        letter,
        reference,
        language: Language::of_tag(&row.language)?,
        n_tries: u32::try_from(row.n_tries + 1).unwrap_or(u32::MAX),
        created_at: Timestamp::from_ms(row.created_at),
        expires_at: Timestamp::from_ms(row.expires_at),
    })
}
