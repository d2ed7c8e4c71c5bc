//! Phones that are asked, and their answers: each request is answered once, and an approval spent once (R12, R13, R36).

use crate::entity::approval;
use crate::{Error, Tx, json, rows};
use regain_domain::Timestamp;
use regain_domain::approval::{About, Answer};
use regain_domain::ids::{AccountId, FlowId, MethodId, RequestId};
use regain_domain::limits::ASK_LIFE;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, UpdateMany};
use uuid::Uuid;

/// Requests that are looked through for one that waits: more than a person can be sent within the life of one.
const NEWEST: u64 = 5;

/// A request to a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// The attempt, or the method on its way, that it belongs to.
    pub owner: Uuid,
    /// The flow of the attempt.
    pub flow: Option<FlowId>,
    /// Whose phone it is; nothing for a decoy.
    pub account: Option<AccountId>,
    /// The registration that is asked; nothing for a decoy, and while it is on its way.
    pub method: Option<MethodId>,
    /// The two digits to be typed in the app; nothing for a call.
    pub number: Option<String>,
    /// What it is about.
    pub about: About,
    /// The gateway's id of the call, once it is known (R36).
    pub provider_id: Option<String>,
    /// What was answered.
    pub answer: Option<Answer>,
    /// Whether the answer was collected, or the request is void.
    pub is_spent: bool,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// Until when it may be answered.
    pub expires_at: Timestamp,
}

impl Request {
    /// A request that waits from now on: to nobody's phone, by no flow, without a number.
    pub fn new(owner: Uuid, about: About, now: Timestamp) -> Self {
        Self {
            id: RequestId(Uuid::new_v4()),
            owner,
            flow: None,
            account: None,
            method: None,
            number: None,
            about,
            provider_id: None,
            answer: None,
            is_spent: false,
            asked_at: now,
            expires_at: now.plus(ASK_LIFE),
        }
    }
}

/// Asks a phone; `token_hash` is SHA-256 of what stands in the callbacks' path. Former requests of the same owner are void.
pub async fn ask(tx: &Tx, request: &Request, token_hash: [u8; 32], now: Timestamp) -> Result<(), Error> {
    void(tx, request.owner, now).await?;
    let row = approval::Model {
        tenant_id: tx.tenant.0,
        id: request.id.0,
        owner_id: request.owner,
        flow_id: request.flow.map(|id| id.0),
        account_id: request.account.map(|id| id.0),
        method_id: request.method.map(|id| id.0),
        token_hash: token_hash.to_vec(),
        number: request.number.clone(),
        about: json::write(&request.about)?,
        provider_id: None,
        answer: None,
        asked_at: request.asked_at.ms(),
        expires_at: request.expires_at.ms(),
        answered_at: None,
        used_at: None,
    };
    rows::insert(&tx.db, row).await
}

/// Makes the requests of an owner void.
pub async fn void(tx: &Tx, owner: Uuid, now: Timestamp) -> Result<(), Error> {
    approval::Entity::update_many()
        .filter(approval::Column::TenantId.eq(tx.tenant.0))
        .filter(approval::Column::OwnerId.eq(owner))
        .filter(approval::Column::UsedAt.is_null())
        .col_expr(approval::Column::UsedAt, Expr::value(now.ms()))
        .exec(&tx.db)
        .await?;
    Ok(())
}

/// Makes all requests to an account's phones void, and those that were answered but not collected.
pub async fn void_all(tx: &Tx, account: AccountId, now: Timestamp) -> Result<(), Error> {
    approval::Entity::update_many()
        .filter(approval::Column::TenantId.eq(tx.tenant.0))
        .filter(approval::Column::AccountId.eq(account.0))
        .filter(approval::Column::UsedAt.is_null())
        .col_expr(approval::Column::UsedAt, Expr::value(now.ms()))
        .exec(&tx.db)
        .await?;
    Ok(())
}

/// The newest request of an owner.
pub async fn latest(tx: &Tx, owner: Uuid) -> Result<Option<Request>, Error> {
    let found = of_owner(tx.tenant.0, owner).one(&tx.db).await?;
    found.map(read).transpose()
}

/// A request by its id.
pub async fn by_id(tx: &Tx, id: RequestId) -> Result<Option<Request>, Error> {
    let found = approval::Entity::find_by_id((tx.tenant.0, id.0)).one(&tx.db).await?;
    found.map(read).transpose()
}

/// The newest requests to an account's phones, as many as one person can be sent in their time.
pub async fn of_account(tx: &Tx, account: AccountId) -> Result<Vec<Request>, Error> {
    let found = by_account(tx.tenant.0, account).all(&tx.db).await?;
    found.into_iter().map(read).collect()
}

/// The request whose callbacks have this token in their path.
pub async fn of_token(tx: &Tx, token_hash: [u8; 32]) -> Result<Option<Request>, Error> {
    let found = of_hash(tx.tenant.0, token_hash).one(&tx.db).await?;
    found.map(read).transpose()
}

/// Notes the gateway's id of the call. False if another one is known already.
pub async fn bind(tx: &Tx, id: RequestId, provider_id: &str) -> Result<bool, Error> {
    let is_ours = approval::Column::ProviderId
        .is_null()
        .or(approval::Column::ProviderId.eq(provider_id));
    let done = change(tx, id)
        .filter(is_ours)
        .col_expr(approval::Column::ProviderId, Expr::value(provider_id))
        .exec(&tx.db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Writes an answer down: true once, and only while the request lasts.
pub async fn answer(tx: &Tx, id: RequestId, answer: Answer, now: Timestamp) -> Result<bool, Error> {
    let done = change(tx, id)
        .filter(approval::Column::Answer.is_null())
        .filter(approval::Column::UsedAt.is_null())
        .filter(approval::Column::ExpiresAt.gt(now.ms()))
        .col_expr(approval::Column::Answer, Expr::value(answer.code()))
        .col_expr(approval::Column::AnsweredAt, Expr::value(now.ms()))
        .exec(&tx.db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Writes down that a request was not its owner's: true once, also after it was denied, or answered with a wrong number.
pub async fn report(tx: &Tx, id: RequestId, now: Timestamp) -> Result<bool, Error> {
    let unmade = [Answer::Denied.code(), Answer::Wrong.code()];
    let is_open = approval::Column::Answer
        .is_null()
        .and(approval::Column::UsedAt.is_null())
        .and(approval::Column::ExpiresAt.gt(now.ms()));
    let done = change(tx, id)
        .filter(is_open.or(approval::Column::Answer.is_in(unmade)))
        .col_expr(approval::Column::Answer, Expr::value(Answer::NotMe.code()))
        .col_expr(approval::Column::AnsweredAt, Expr::value(now.ms()))
        .exec(&tx.db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Spends an approval: true once.
pub async fn spend(tx: &Tx, id: RequestId, now: Timestamp) -> Result<bool, Error> {
    let done = change(tx, id)
        .filter(approval::Column::Answer.eq(Answer::Approved.code()))
        .filter(approval::Column::UsedAt.is_null())
        .col_expr(approval::Column::UsedAt, Expr::value(now.ms()))
        .exec(&tx.db)
        .await?;
    Ok(done.rows_affected == 1)
}

pub(crate) fn of_owner(tenant: Uuid, owner: Uuid) -> Select<approval::Entity> {
    approval::Entity::find()
        .filter(approval::Column::TenantId.eq(tenant))
        .filter(approval::Column::OwnerId.eq(owner))
        .order_by_desc(approval::Column::AskedAt)
}

pub(crate) fn by_account(tenant: Uuid, account: AccountId) -> Select<approval::Entity> {
    approval::Entity::find()
        .filter(approval::Column::TenantId.eq(tenant))
        .filter(approval::Column::AccountId.eq(account.0))
        .order_by_desc(approval::Column::AskedAt)
        .limit(NEWEST)
}

pub(crate) fn of_hash(tenant: Uuid, token_hash: [u8; 32]) -> Select<approval::Entity> {
    approval::Entity::find()
        .filter(approval::Column::TenantId.eq(tenant))
        .filter(approval::Column::TokenHash.eq(token_hash.to_vec()))
}

fn change(tx: &Tx, id: RequestId) -> UpdateMany<approval::Entity> {
    approval::Entity::update_many()
        .filter(approval::Column::TenantId.eq(tx.tenant.0))
        .filter(approval::Column::Id.eq(id.0))
}

fn read(row: approval::Model) -> Result<Request, Error> {
    Ok(Request {
        id: RequestId(row.id),
        owner: row.owner_id,
        flow: row.flow_id.map(FlowId),
        account: row.account_id.map(AccountId),
        method: row.method_id.map(MethodId),
        number: row.number,
        about: json::read(&row.about)?,
        provider_id: row.provider_id,
        answer: row
            .answer
            .map(|code| json::of_code(&code, Answer::of_code))
            .transpose()?,
        is_spent: row.used_at.is_some(),
        asked_at: Timestamp::from_ms(row.asked_at),
        expires_at: Timestamp::from_ms(row.expires_at),
    })
}
