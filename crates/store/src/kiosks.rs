//! Locked workstations that a tenant has enrolled, by the fingerprints of their tokens (R58).

use crate::entity::kiosk::{self, Column, Entity};
use crate::{Error, Tx, rows};
use regain_domain::Timestamp;
use regain_domain::ids::KioskId;
use regain_domain::kiosk::{Fingerprint, KioskRow};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select};
use uuid::Uuid;

/// All of them, by name.
pub async fn all(tx: &Tx) -> Result<Vec<KioskRow>, Error> {
    let found = Entity::find().filter(Column::TenantId.eq(tx.tenant.0));
    let found = found.order_by_asc(Column::Name).all(&tx.db).await?;
    found.into_iter().map(read).collect()
}

/// Enrols one; a name or a fingerprint that is there already is a conflict.
pub async fn add(tx: &Tx, name: &str, fingerprint: Fingerprint, now: Timestamp) -> Result<KioskId, Error> {
    let id = KioskId(Uuid::new_v4());
    let row = kiosk::Model {
        tenant_id: tx.tenant.0,
        id: id.0,
        name: name.to_owned(),
        fingerprint: fingerprint.0.to_vec(),
        added_at: now.ms(),
        opened_at: None,
    };
    rows::insert(&tx.db, row).await?;
    Ok(id)
}

/// Removes one; gives its name, if it was there.
pub async fn remove(tx: &Tx, id: KioskId) -> Result<Option<String>, Error> {
    let key = (tx.tenant.0, id.0);
    let found = Entity::find_by_id(key).one(&tx.db).await?;
    let done = Entity::delete_by_id(key).exec(&tx.db).await?;
    Ok(found.filter(|_| done.rows_affected == 1).map(|row| row.name))
}

/// Whether one is there.
pub async fn is_there(tx: &Tx, id: KioskId) -> Result<bool, Error> {
    let found = Entity::find_by_id((tx.tenant.0, id.0)).one(&tx.db).await?;
    Ok(found.is_some())
}

/// The one with this fingerprint, and its name.
pub async fn of_fingerprint(tx: &Tx, fingerprint: Fingerprint) -> Result<Option<(KioskId, String)>, Error> {
    let row = with_fingerprint(tx.tenant.0, fingerprint).one(&tx.db).await?;
    Ok(row.map(|row| (KioskId(row.id), row.name)))
}

/// It was opened now; tells whether it is still there.
pub async fn opened(tx: &Tx, id: KioskId, now: Timestamp) -> Result<bool, Error> {
    let done = Entity::update_many()
        .filter(Column::TenantId.eq(tx.tenant.0))
        .filter(Column::Id.eq(id.0))
        .col_expr(Column::OpenedAt, Expr::value(now.ms()))
        .exec(&tx.db)
        .await?;
    Ok(done.rows_affected == 1)
}

pub(crate) fn with_fingerprint(tenant: Uuid, fingerprint: Fingerprint) -> Select<Entity> {
    Entity::find()
        .filter(Column::TenantId.eq(tenant))
        .filter(Column::Fingerprint.eq(fingerprint.0.to_vec()))
}

fn read(row: kiosk::Model) -> Result<KioskRow, Error> {
    let fingerprint: [u8; 32] = row
        .fingerprint
        .try_into()
        .map_err(|_| Error::Codec("a workstation's fingerprint is not of 32 bytes".to_owned()))?;
    Ok(KioskRow {
        id: KioskId(row.id),
        name: row.name,
        fingerprint: Fingerprint(fingerprint).to_string(),
        opened_at: row.opened_at.map(Timestamp::from_ms),
    })
}
