//! Dead letters as an operator sees them: for whom, why and since when, never what they say (R34). A notice may be retried.

use super::{DEAD, LEASED, READY, content};
use crate::entity::outbox;
use crate::{Error, Store, Tx};
use regain_domain::Timestamp;
use regain_domain::ids::{AccountId, MessageId};
use regain_domain::limits::NOTICE_LIFE;
use regain_domain::notice::ChannelKind;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

/// Most dead letters that are shown of one tenant: the newest.
pub const SHOWN: u64 = 500;

/// A message that was given up, without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// Its id.
    pub id: MessageId,
    /// What it was for: a stable code.
    pub purpose: String,
    /// The channel that it was to take; nothing if this release knows no such one.
    pub channel: Option<ChannelKind>,
    /// The address or number, to be masked where it is shown; nothing if it cannot be read any more.
    pub to: Option<String>,
    /// How often it was tried.
    pub n_tries: u32,
    /// Why it was given up: the last answer that it got.
    pub why: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was given up.
    pub dead_at: Timestamp,
    /// Whether [`retry`] would send it.
    pub may_retry: bool,
}

/// What became of a wish to send a dead letter once more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Retry {
    /// It waits to be sent, for another day.
    Ready {
        /// To whom it goes, where that is an account.
        account: Option<AccountId>,
        /// What it is for: a stable code.
        purpose: String,
    },
    /// There is no such dead letter.
    Unknown,
    /// It was a code, which is never sent late.
    Code,
    /// What it said is gone, or of lost keys.
    Gone,
}

/// What was given up, newest first; at most [`SHOWN`].
pub async fn dead_letters(tx: &Tx) -> Result<Vec<DeadLetter>, Error> {
    let found = outbox::Entity::find()
        .filter(outbox::Column::TenantId.eq(tx.tenant.0))
        .filter(outbox::Column::State.eq(DEAD))
        .order_by_desc(outbox::Column::DoneAt)
        .limit(SHOWN)
        .all(&tx.db)
        .await?;
    let letter = |row: outbox::Model| DeadLetter {
        id: MessageId(row.id),
        channel: ChannelKind::of_code(&row.channel),
        to: content::address(&tx.keyring, &row),
        n_tries: u32::try_from(row.n_tries).unwrap_or(u32::MAX),
        created_at: Timestamp::from_ms(row.created_at),
        dead_at: Timestamp::from_ms(row.done_at.unwrap_or(row.created_at)),
        may_retry: row.is_notice && content::open(&tx.keyring, &row).is_some(),
        purpose: row.purpose,
        why: row.why.unwrap_or_default(),
    };
    Ok(found.into_iter().map(letter).collect())
}

/// Puts a dead notice back into the outbox, for another day; a code never.
pub async fn retry(tx: &Tx, id: MessageId, now: Timestamp) -> Result<Retry, Error> {
    let dead = outbox::Entity::find_by_id(id.0)
        .filter(outbox::Column::TenantId.eq(tx.tenant.0))
        .filter(outbox::Column::State.eq(DEAD))
        .lock_exclusive()
        .one(&tx.db)
        .await?;
    let Some(row) = dead else { return Ok(Retry::Unknown) };
    if !row.is_notice {
        return Ok(Retry::Code);
    }
    if content::open(&tx.keyring, &row).is_none() {
        return Ok(Retry::Gone);
    }
    outbox::Entity::update_many()
        .filter(outbox::Column::Id.eq(id.0))
        .col_expr(outbox::Column::State, Expr::value(READY))
        .col_expr(outbox::Column::DueAt, Expr::value(now.ms()))
        .col_expr(outbox::Column::NTries, Expr::value(0_i64))
        .col_expr(outbox::Column::AttemptedAt, Expr::value(None::<i64>))
        .col_expr(outbox::Column::ExpiresAt, Expr::value(now.plus(NOTICE_LIFE).ms()))
        .col_expr(outbox::Column::DoneAt, Expr::value(None::<i64>))
        .exec(&tx.db)
        .await?;
    tx.note_message();
    Ok(Retry::Ready {
        account: row.account_id.map(AccountId),
        purpose: row.purpose,
    })
}

/// How many messages wait, and how many are dead letters, of all tenants.
pub async fn tallies(store: &Store) -> Result<[u64; 2], Error> {
    let db = store.begin_read().await?;
    let count = |states: &'static [&'static str]| {
        outbox::Entity::find()
            .filter(outbox::Column::State.is_in(states.iter().copied()))
            .count(&db)
    };
    Ok([count(&[READY, LEASED]).await?, count(&[DEAD]).await?])
}
