//! Sessions of signed-in browsers. A session that ends is deleted: what is not there cannot be revived.

use crate::entity::session;
use crate::{Error, Tx, json, rows};
use regain_domain::Timestamp;
use regain_domain::flow::Purpose;
use regain_domain::ids::{AccountId, SessionId};
use regain_domain::limits::{SESSION_IDLE, STAFF_SESSION_IDLE};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select, UpdateMany};
use uuid::Uuid;

/// How far a sign-in has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The password was right; staff owe the code of their app as well.
    CodeDue,
    /// It is this person; a new password is due before anything else.
    PasswordDue,
    /// Signed in.
    SignedIn,
}

impl Stage {
    const fn code(self) -> &'static str {
        match self {
            Self::CodeDue => "code-due",
            Self::PasswordDue => "password-due",
            Self::SignedIn => "signed-in",
        }
    }

    fn of_code(code: &str) -> Option<Self> {
        [Self::CodeDue, Self::PasswordDue, Self::SignedIn]
            .into_iter()
            .find(|stage| stage.code() == code)
    }
}

/// A signed-in browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Who.
    pub account: AccountId,
    /// Whether the shorter times of staff hold.
    pub is_staff: bool,
    /// How far the sign-in has come.
    pub stage: Stage,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was used last.
    pub seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// From where, roughly.
    pub network: String,
    /// With what, roughly.
    pub device: String,
    /// When whoever is signed in proved it anew, and for what (R08).
    pub proved: Option<(Timestamp, Purpose)>,
    /// When the password was typed that it began with; nothing where it began with a passkey.
    pub password_at: Option<Timestamp>,
}

impl Session {
    /// Whether it still counts: neither over nor left alone for too long.
    pub fn is_alive(&self, now: Timestamp) -> bool {
        let idle = if self.is_staff {
            STAFF_SESSION_IDLE
        } else {
            SESSION_IDLE
        };
        self.expires_at > now && self.seen_at.plus(idle) > now
    }
}

/// Writes a new session with the SHA-256 of its cookie.
pub async fn insert(tx: &Tx, session: &Session, cookie_hash: [u8; 32]) -> Result<(), Error> {
    let row = session::Model {
        tenant_id: tx.tenant.0,
        id: session.id.0,
        cookie_hash: cookie_hash.to_vec(),
        account_id: session.account.0,
        is_staff: session.is_staff,
        stage: session.stage.code().to_owned(),
        created_at: session.created_at.ms(),
        seen_at: session.seen_at.ms(),
        expires_at: session.expires_at.ms(),
        network: session.network.clone(),
        device: session.device.clone(),
        proved_at: session.proved.map(|(at, _)| at.ms()),
        proved_for: session.proved.map(|(_, purpose)| purpose.code().to_owned()),
        password_at: session.password_at.map(Timestamp::ms),
    };
    rows::insert(&tx.db, row).await
}

/// The session of a cookie, unless it was ended. Whether its time is over is for the caller to judge.
pub async fn of_cookie(tx: &Tx, cookie_hash: [u8; 32]) -> Result<Option<Session>, Error> {
    cookie(tx.tenant.0, cookie_hash)
        .one(&tx.db)
        .await?
        .map(read)
        .transpose()
}

/// The sessions of an account, the one that was used last first. Whether their time is over is for the caller to judge.
pub async fn of_account(tx: &Tx, account: AccountId) -> Result<Vec<Session>, Error> {
    session::Entity::find()
        .filter(session::Column::TenantId.eq(tx.tenant.0))
        .filter(session::Column::AccountId.eq(account.0))
        .order_by_desc(session::Column::SeenAt)
        .order_by_asc(session::Column::Id)
        .all(&tx.db)
        .await?
        .into_iter()
        .map(read)
        .collect()
}

/// Notes that it was used; one that has ended stays ended.
pub async fn touch(tx: &Tx, id: SessionId, now: Timestamp) -> Result<(), Error> {
    session::Entity::update_many()
        .filter(session::Column::TenantId.eq(tx.tenant.0))
        .filter(session::Column::Id.eq(id.0))
        .filter(session::Column::SeenAt.lt(now.ms()))
        .col_expr(session::Column::SeenAt, Expr::value(now.ms()))
        .exec(&tx.db)
        .await?;
    Ok(())
}

/// Brings a session further, under a new cookie: true once, and only while it lasts. What it has proved anew counts no more.
///
/// `from`: the stage that it has to be in.
pub async fn promote(
    tx: &Tx,
    session: &Session,
    (from, to): (Stage, Stage),
    cookie_hash: [u8; 32],
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<bool, Error> {
    let done = renewed(tx, session.id, from, cookie_hash, now)
        .col_expr(session::Column::Stage, Expr::value(to.code()))
        .col_expr(session::Column::ProvedAt, Expr::value(None::<i64>))
        .col_expr(session::Column::ExpiresAt, Expr::value(expires_at.ms()))
        .exec(&tx.db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Notes that whoever is signed in proved it anew, under a new cookie (R41): true only while the session lasts.
pub async fn prove(
    tx: &Tx,
    id: SessionId,
    cookie_hash: [u8; 32],
    purpose: Purpose,
    now: Timestamp,
) -> Result<bool, Error> {
    let done = renewed(tx, id, Stage::SignedIn, cookie_hash, now)
        .col_expr(session::Column::ProvedAt, Expr::value(now.ms()))
        .col_expr(session::Column::ProvedFor, Expr::value(purpose.code()))
        .exec(&tx.db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Gives a session another cookie, once whoever is signed in typed the password again (R41): true only while it lasts.
pub async fn renew(tx: &Tx, id: SessionId, cookie_hash: [u8; 32], now: Timestamp) -> Result<bool, Error> {
    let done = renewed(tx, id, Stage::SignedIn, cookie_hash, now).exec(&tx.db).await?;
    Ok(done.rows_affected == 1)
}

/// What other sessions of an account have proved anew counts no more (R08).
pub async fn unprove_others(tx: &Tx, account: AccountId, keep: SessionId) -> Result<(), Error> {
    session::Entity::update_many()
        .filter(session::Column::TenantId.eq(tx.tenant.0))
        .filter(session::Column::AccountId.eq(account.0))
        .filter(session::Column::Id.ne(keep.0))
        .col_expr(session::Column::ProvedAt, Expr::value(None::<i64>))
        .exec(&tx.db)
        .await?;
    Ok(())
}

/// Ends a session; tells whether it was there, and its time not over.
pub async fn end(tx: &Tx, id: SessionId, now: Timestamp) -> Result<bool, Error> {
    let done = session::Entity::delete_many()
        .filter(session::Column::TenantId.eq(tx.tenant.0))
        .filter(session::Column::Id.eq(id.0))
        .filter(session::Column::ExpiresAt.gt(now.ms()))
        .exec(&tx.db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Ends all sessions of an account, but the one that is to be kept; tells how many of them were signed in and alive.
pub async fn end_all(tx: &Tx, account: AccountId, keep: Option<SessionId>, now: Timestamp) -> Result<u64, Error> {
    let mut all = session::Entity::delete_many()
        .filter(session::Column::TenantId.eq(tx.tenant.0))
        .filter(session::Column::AccountId.eq(account.0));
    if let Some(keep) = keep {
        all = all.filter(session::Column::Id.ne(keep.0));
    }
    let gone = all.exec_with_returning(&tx.db).await?;
    let mut n_alive = 0;
    for row in gone {
        let session = read(row)?;
        n_alive += u64::from(session.stage == Stage::SignedIn && session.is_alive(now));
    }
    Ok(n_alive)
}

/// A session that lasts still and is in that stage, under a new cookie: it is in use.
fn renewed(tx: &Tx, id: SessionId, stage: Stage, cookie_hash: [u8; 32], now: Timestamp) -> UpdateMany<session::Entity> {
    session::Entity::update_many()
        .filter(session::Column::TenantId.eq(tx.tenant.0))
        .filter(session::Column::Id.eq(id.0))
        .filter(session::Column::Stage.eq(stage.code()))
        .filter(session::Column::ExpiresAt.gt(now.ms()))
        .col_expr(session::Column::CookieHash, Expr::value(cookie_hash.to_vec()))
        .col_expr(session::Column::SeenAt, Expr::value(now.ms()))
}

pub(crate) fn cookie(tenant: Uuid, cookie_hash: [u8; 32]) -> Select<session::Entity> {
    session::Entity::find()
        .filter(session::Column::TenantId.eq(tenant))
        .filter(session::Column::CookieHash.eq(cookie_hash.to_vec()))
}

fn read(row: session::Model) -> Result<Session, Error> {
    Ok(Session {
        id: SessionId(row.id),
        account: AccountId(row.account_id),
        is_staff: row.is_staff,
        stage: json::of_code(&row.stage, Stage::of_code)?,
        created_at: Timestamp::from_ms(row.created_at),
        seen_at: Timestamp::from_ms(row.seen_at),
        expires_at: Timestamp::from_ms(row.expires_at),
        network: row.network,
        device: row.device,
        proved: match (row.proved_at, row.proved_for) {
            (Some(at), Some(purpose)) => {
                let purpose = json::of_code(&purpose, Purpose::of_code)?;
                Some((Timestamp::from_ms(at), purpose))
            }
            _ => None,
        },
        password_at: row.password_at.map(Timestamp::from_ms),
    })
}
