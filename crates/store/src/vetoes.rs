//! References that stop what a message reported: kept as MACs beside the message, found by what is typed, used once.

use crate::entity::veto;
use crate::outbox::NewMessage;
use crate::seal::Use;
use crate::{Error, Tx, rows};
use regain_domain::Timestamp;
use regain_domain::ids::{AccountId, FlowId, TenantId};
use regain_domain::limits::REFERENCE_LIFE;
use regain_domain::not_me::Reference;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};
use uuid::Uuid;

/// What a reference stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Veto {
    mac: Vec<u8>,
    /// Whose self-service.
    pub account: AccountId,
    /// The flow that the message belonged to.
    pub flow: Option<FlowId>,
    /// What the message was for.
    pub purpose: String,
}

/// Keeps the reference of a message. That of a message to nobody is a row of like size that stops nothing, and is over at once
/// (R21).
pub(crate) async fn insert(
    tx: &Tx,
    message: &NewMessage<'_>,
    reference: &Reference,
    now: Timestamp,
) -> Result<(), Error> {
    let expires_at = match message.to {
        Some(_) => now.plus(REFERENCE_LIFE),
        None => now,
    };
    let row = veto::Model {
        tenant_id: tx.tenant.0,
        mac: tx.keyring.mac(Use::Code, &parts(&tx.tenant, reference)).to_vec(),
        account_id: message.to.and(message.account).map(|id| id.0),
        flow_id: message.flow.map(|id| id.0),
        purpose: message.letter.purpose().to_owned(),
        created_at: now.ms(),
        expires_at: expires_at.ms(),
        used_at: None,
    };
    rows::insert(&tx.db, row).await
}

/// What a reference stops, used or not; nothing if it is nobody's, of another tenant, or too old.
pub async fn of_reference(tx: &Tx, reference: &Reference, now: Timestamp) -> Result<Option<Veto>, Error> {
    // Under whichever key: one made before a rotation is as good.
    let macs = tx.keyring.macs(Use::Code, &parts(&tx.tenant, reference));
    let macs = macs.into_iter().map(|(mac, _)| mac.to_vec()).collect();
    let found = with_mac(tx.tenant.0, macs, now).one(&tx.db).await?;
    Ok(found.and_then(|row| {
        Some(Veto {
            account: AccountId(row.account_id?),
            mac: row.mac,
            flow: row.flow_id.map(FlowId),
            purpose: row.purpose,
        })
    }))
}

/// Uses it: true once.
pub async fn spend(tx: &Tx, veto: &Veto, now: Timestamp) -> Result<bool, Error> {
    let done = veto::Entity::update_many()
        .filter(veto::Column::TenantId.eq(tx.tenant.0))
        .filter(veto::Column::Mac.eq(veto.mac.clone()))
        .filter(veto::Column::UsedAt.is_null())
        .col_expr(veto::Column::UsedAt, Expr::value(now.ms()))
        .exec(&tx.db)
        .await?;
    Ok(done.rows_affected == 1)
}

pub(crate) fn with_mac(tenant: Uuid, macs: Vec<Vec<u8>>, now: Timestamp) -> Select<veto::Entity> {
    veto::Entity::find()
        .filter(veto::Column::TenantId.eq(tenant))
        .filter(veto::Column::Mac.is_in(macs))
        .filter(veto::Column::ExpiresAt.gt(now.ms()))
}

fn parts<'a>(tenant: &'a TenantId, reference: &'a Reference) -> [&'a [u8]; 3] {
    [b"veto", tenant.0.as_bytes(), reference.as_str().as_bytes()]
}
