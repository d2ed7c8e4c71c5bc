//! Methods on their way to being registered: one per session and one of each kind per account, a newer one voids it (R53).

use crate::entity::enrolment;
use crate::flows::Code;
use crate::flows::{stage_code, stage_of_code};
use crate::seal::Use;
use crate::{Error, Tx, json, rows};
use regain_domain::Timestamp;
use regain_domain::gate::MethodKind;
use regain_domain::ids::{AccountId, EnrolmentId, SessionId};
use regain_domain::registration::Enrolment;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, Select, UpdateMany};
use uuid::Uuid;
use zeroize::Zeroizing;

/// Begins one in a session. What the session, or the account in any other, had on its way of this kind is gone.
pub async fn begin(
    tx: &Tx,
    new: &Enrolment,
    session: SessionId,
    secret: Option<&[u8]>,
    now: Timestamp,
) -> Result<(), Error> {
    let same_kind = Condition::all()
        .add(enrolment::Column::AccountId.eq(new.account.0))
        .add(enrolment::Column::Kind.eq(new.kind.code()));
    enrolment::Entity::delete_many()
        .filter(enrolment::Column::TenantId.eq(tx.tenant.0))
        .filter(
            Condition::any()
                .add(enrolment::Column::SessionId.eq(session.0))
                .add(same_kind),
        )
        .exec(&tx.db)
        .await?;
    let seal = |secret: &[u8]| tx.keyring.seal(Use::Seal, &aad(tx, &new.id.0), secret);
    let row = enrolment::Model {
        tenant_id: tx.tenant.0,
        id: new.id.0,
        account_id: new.account.0,
        session_id: session.0,
        kind: new.kind.code().to_owned(),
        stage: stage_code(new.stage).to_owned(),
        value: new.value.clone(),
        secret: secret.map(seal),
        code_mac: None,
        code_expires_at: None,
        resend_at: new.resend_at.map(Timestamp::ms),
        n_failed: new.n_failed.into(),
        refusals: json::write(&new.refusals)?,
        started_at: now.ms(),
        expires_at: new.expires_at.ms(),
    };
    rows::insert(&tx.db, row).await
}

/// What a session has on its way. Whether its time is over is for the caller to judge.
pub async fn of_session(tx: &Tx, session: SessionId) -> Result<Option<Enrolment>, Error> {
    by_session(tx.tenant.0, session)
        .one(&tx.db)
        .await?
        .map(read)
        .transpose()
}

/// One by its id. Whether its time is over is for the caller to judge.
pub async fn by_id(tx: &Tx, id: EnrolmentId) -> Result<Option<Enrolment>, Error> {
    let row = enrolment::Entity::find_by_id((tx.tenant.0, id.0)).one(&tx.db).await?;
    row.map(read).transpose()
}

/// The secret of an app that is on its way; nothing if it is none.
pub async fn secret(tx: &Tx, id: EnrolmentId) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    let row = enrolment::Entity::find_by_id((tx.tenant.0, id.0)).one(&tx.db).await?;
    let Some(sealed) = row.and_then(|row| row.secret) else {
        return Ok(None);
    };
    match tx.keyring.open(Use::Seal, &aad(tx, &id.0), &sealed) {
        Some(secret) => Ok(Some(secret)),
        None => Err(Error::Codec("the secret of an enrolment does not open".to_owned())),
    }
}

/// Moves one from `before` to `after`; one that is no longer as in `before` is a conflict, and nothing changes (R02).
pub async fn update(tx: &Tx, before: &Enrolment, after: &Enrolment) -> Result<(), Error> {
    let done = change(tx, before.id)
        .filter(enrolment::Column::Stage.eq(stage_code(before.stage)))
        .filter(enrolment::Column::NFailed.eq(i64::from(before.n_failed)))
        .col_expr(enrolment::Column::Stage, Expr::value(stage_code(after.stage)))
        .col_expr(enrolment::Column::Value, Expr::value(after.value.as_str()))
        .col_expr(
            enrolment::Column::ResendAt,
            Expr::value(after.resend_at.map(Timestamp::ms)),
        )
        .col_expr(enrolment::Column::NFailed, Expr::value(i64::from(after.n_failed)))
        .col_expr(enrolment::Column::Refusals, Expr::value(json::write(&after.refusals)?))
        .exec(&tx.db)
        .await?;
    rows::hit(done.rows_affected)
}

/// Gives it a code; the former one is gone with that (R09).
pub async fn set_code(tx: &Tx, id: EnrolmentId, mac: [u8; 32], expires_at: Timestamp) -> Result<(), Error> {
    let done = change(tx, id)
        .col_expr(enrolment::Column::CodeMac, Expr::value(mac.to_vec()))
        .col_expr(enrolment::Column::CodeExpiresAt, Expr::value(expires_at.ms()))
        .exec(&tx.db)
        .await?;
    rows::hit(done.rows_affected)
}

/// Its newest code.
pub async fn code(tx: &Tx, id: EnrolmentId) -> Result<Option<Code>, Error> {
    let row = enrolment::Entity::find_by_id((tx.tenant.0, id.0)).one(&tx.db).await?;
    let Some((Some(mac), Some(expires_at))) = row.map(|row| (row.code_mac, row.code_expires_at)) else {
        return Ok(None);
    };
    Ok(Some(Code {
        mac: json::bytes32(&mac)?,
        expires_at: Timestamp::from_ms(expires_at),
        used_at: None,
    }))
}

/// Ends one, with its code and its secret: true once.
pub async fn end(tx: &Tx, id: EnrolmentId) -> Result<bool, Error> {
    let done = enrolment::Entity::delete_many()
        .filter(enrolment::Column::TenantId.eq(tx.tenant.0))
        .filter(enrolment::Column::Id.eq(id.0))
        .exec(&tx.db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Ends all of an account (R08).
pub async fn end_all(tx: &Tx, account: AccountId) -> Result<(), Error> {
    enrolment::Entity::delete_many()
        .filter(enrolment::Column::TenantId.eq(tx.tenant.0))
        .filter(enrolment::Column::AccountId.eq(account.0))
        .exec(&tx.db)
        .await?;
    Ok(())
}

pub(crate) fn by_session(tenant: Uuid, session: SessionId) -> Select<enrolment::Entity> {
    enrolment::Entity::find()
        .filter(enrolment::Column::TenantId.eq(tenant))
        .filter(enrolment::Column::SessionId.eq(session.0))
}

fn change(tx: &Tx, id: EnrolmentId) -> UpdateMany<enrolment::Entity> {
    enrolment::Entity::update_many()
        .filter(enrolment::Column::TenantId.eq(tx.tenant.0))
        .filter(enrolment::Column::Id.eq(id.0))
}

fn read(row: enrolment::Model) -> Result<Enrolment, Error> {
    Ok(Enrolment {
        id: EnrolmentId(row.id),
        account: AccountId(row.account_id),
        kind: json::of_code(&row.kind, MethodKind::of_code)?,
        stage: json::of_code(&row.stage, stage_of_code)?,
        value: row.value,
        resend_at: row.resend_at.map(Timestamp::from_ms),
        n_failed: u32::try_from(row.n_failed).unwrap_or(u32::MAX),
        refusals: json::read(&row.refusals)?,
        expires_at: Timestamp::from_ms(row.expires_at),
    })
}

/// Where a secret belongs: it opens in no other row.
fn aad<'a>(tx: &'a Tx, id: &'a Uuid) -> [&'a [u8]; 3] {
    [b"enrolment", tx.tenant.0.as_bytes(), id.as_bytes()]
}
