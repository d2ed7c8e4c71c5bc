//! Phones with Regain's own authenticator: each belongs to a registered method, or waits for its registration to be proved (R12).

use crate::entity::device;
use crate::seal::Use;
use crate::{Error, Tx, rows};
use regain_domain::Timestamp;
use regain_domain::ids::{AccountId, DeviceId, EnrolmentId, MethodId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select, UpdateMany};
use uuid::Uuid;
use zeroize::Zeroizing;

/// A phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// Whose.
    pub account: AccountId,
    /// What it is registered as.
    pub method: Option<MethodId>,
    /// The registration that it waits for.
    pub enrolment: Option<EnrolmentId>,
    /// The public half of its key: an uncompressed point of P-256.
    pub key: Vec<u8>,
    /// The time of the newest statement that was believed: an older one is not (R12).
    pub said_at: Timestamp,
}

/// Adds a phone to a registration on its way. False if there is one already, or the key is some phone's: it serves once (R53).
pub async fn add(tx: &Tx, new: &Device, now: Timestamp) -> Result<bool, Error> {
    let row = device::Model {
        tenant_id: tx.tenant.0,
        id: new.id.0,
        account_id: new.account.0,
        method_id: new.method.map(|id| id.0),
        enrolment_id: new.enrolment.map(|id| id.0),
        key: new.key.clone(),
        place: None,
        said_at: new.said_at.ms(),
        added_at: now.ms(),
    };
    let with_key = all(tx)
        .filter(device::Column::Key.eq(new.key.clone()))
        .one(&tx.db)
        .await?;
    let waiting = match new.enrolment {
        Some(enrolment) => of_enrolment(tx, enrolment).await?,
        None => None,
    };
    if with_key.is_some() || waiting.is_some() {
        return Ok(false);
    }
    rows::insert(&tx.db, row).await?;
    Ok(true)
}

/// A phone by its id.
pub async fn by_id(tx: &Tx, id: DeviceId) -> Result<Option<Device>, Error> {
    let row = device::Entity::find_by_id((tx.tenant.0, id.0)).one(&tx.db).await?;
    Ok(row.map(read))
}

/// The phone that waits for a registration.
pub async fn of_enrolment(tx: &Tx, enrolment: EnrolmentId) -> Result<Option<Device>, Error> {
    let row = by_enrolment(tx.tenant.0, enrolment).one(&tx.db).await?;
    Ok(row.map(read))
}

/// Takes the phone of a registration out of it, so that it stays when that ends: until it is registered it is nobody's.
pub async fn take(tx: &Tx, enrolment: EnrolmentId) -> Result<Option<DeviceId>, Error> {
    let Some(device) = of_enrolment(tx, enrolment).await? else {
        return Ok(None);
    };
    change(tx, device.id)
        .col_expr(device::Column::EnrolmentId, Expr::value(None::<Uuid>))
        .exec(&tx.db)
        .await?;
    Ok(Some(device.id))
}

/// A phone counts from now on, as this method.
pub async fn register(tx: &Tx, id: DeviceId, method: MethodId) -> Result<(), Error> {
    let done = change(tx, id)
        .col_expr(device::Column::MethodId, Expr::value(method.0))
        .exec(&tx.db)
        .await?;
    rows::hit(done.rows_affected)
}

/// Believes a statement of this time: true once, and never for one that is not newer than the last (R12). A last one from
/// after `horizon` is from before the clock went back, and counts no more.
pub async fn believe(tx: &Tx, id: DeviceId, at: Timestamp, horizon: Timestamp) -> Result<bool, Error> {
    let is_newer = device::Column::SaidAt
        .lt(at.ms())
        .or(device::Column::SaidAt.gt(horizon.ms()));
    let done = change(tx, id)
        .filter(is_newer)
        .col_expr(device::Column::SaidAt, Expr::value(at.ms()))
        .exec(&tx.db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Where a phone can be woken from now on, in the caller's own words; nothing for nowhere.
pub async fn place(tx: &Tx, id: DeviceId, place: Option<&str>) -> Result<(), Error> {
    let sealed = place.map(|place| tx.keyring.seal(Use::Seal, &aad(tx, &id.0), place.as_bytes()));
    let done = change(tx, id)
        .col_expr(device::Column::Place, Expr::value(sealed))
        .exec(&tx.db)
        .await?;
    rows::hit(done.rows_affected)
}

/// The phones of an account that can be woken, each with its place: the registered ones, or the one that waits for a
/// registration.
pub async fn wakeable(
    tx: &Tx,
    account: AccountId,
    enrolment: Option<EnrolmentId>,
) -> Result<Vec<(DeviceId, Zeroizing<String>)>, Error> {
    let rows = of_account(tx.tenant.0, account).all(&tx.db).await?;
    let wanted = rows
        .into_iter()
        .filter(|row| row.enrolment_id == enrolment.map(|id| id.0));
    let mut found = Vec::new();
    for row in wanted {
        let Some(sealed) = &row.place else { continue };
        let opened = tx.keyring.open(Use::Seal, &aad(tx, &row.id), sealed);
        let place = opened.and_then(|place| String::from_utf8(place.to_vec()).ok());
        let place = place.ok_or_else(|| Error::Codec("the place of a phone does not open".to_owned()))?;
        found.push((DeviceId(row.id), Zeroizing::new(place)));
    }
    Ok(found)
}

/// The place of a row, sealed with the current key; nothing if it has none, or it does not open.
pub(crate) fn sealed_anew(tx: &Tx, row: &device::Model) -> Option<Vec<u8>> {
    let aad = aad(tx, &row.id);
    let place = tx.keyring.open(Use::Seal, &aad, row.place.as_deref()?)?;
    Some(tx.keyring.seal(Use::Seal, &aad, &place))
}

pub(crate) fn of_account(tenant: Uuid, account: AccountId) -> Select<device::Entity> {
    device::Entity::find()
        .filter(device::Column::TenantId.eq(tenant))
        .filter(device::Column::AccountId.eq(account.0))
}

pub(crate) fn by_enrolment(tenant: Uuid, enrolment: EnrolmentId) -> Select<device::Entity> {
    device::Entity::find()
        .filter(device::Column::TenantId.eq(tenant))
        .filter(device::Column::EnrolmentId.eq(enrolment.0))
}

fn all(tx: &Tx) -> Select<device::Entity> {
    device::Entity::find().filter(device::Column::TenantId.eq(tx.tenant.0))
}

fn change(tx: &Tx, id: DeviceId) -> UpdateMany<device::Entity> {
    device::Entity::update_many()
        .filter(device::Column::TenantId.eq(tx.tenant.0))
        .filter(device::Column::Id.eq(id.0))
}

fn read(row: device::Model) -> Device {
    Device {
        id: DeviceId(row.id),
        account: AccountId(row.account_id),
        method: row.method_id.map(MethodId),
        enrolment: row.enrolment_id.map(EnrolmentId),
        key: row.key,
        said_at: Timestamp::from_ms(row.said_at),
    }
}

/// Where a place belongs: it opens in no other row.
fn aad<'a>(tx: &'a Tx, id: &'a Uuid) -> [&'a [u8]; 3] {
    [b"device", tx.tenant.0.as_bytes(), id.as_bytes()]
}
