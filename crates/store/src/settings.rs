//! What tenants have set: every version stays, the newest counts.

use crate::entity::settings;
use crate::{Error, Store, Tx, json, rows};
use regain_domain::Timestamp;
use regain_domain::ids::{AccountId, TenantId};
use regain_domain::tenant::TenantSettings;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// The settings that count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Current {
    /// Their version, from 1.
    pub version: i64,
    /// The settings.
    pub value: TenantSettings,
}

/// The newest version; a tenant without any is not there, which is a conflict.
pub async fn current(tx: &Tx) -> Result<Current, Error> {
    let newest = settings::Entity::find()
        .filter(settings::Column::TenantId.eq(tx.tenant.0))
        .order_by_desc(settings::Column::Version)
        .one(&tx.db)
        .await?
        .ok_or(Error::Conflict)?;
    Ok(Current {
        version: newest.version,
        value: json::read(&newest.value)?,
    })
}

/// A saved version, and who saved it when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Its number, from 1.
    pub version: i64,
    /// The settings.
    pub value: TenantSettings,
    /// By whom; nobody: by an operator or the set-up.
    pub by: Option<AccountId>,
    /// When.
    pub at: Timestamp,
}

/// The newest versions, newest first.
pub async fn history(tx: &Tx, most: u64) -> Result<Vec<Saved>, Error> {
    let found = settings::Entity::find()
        .filter(settings::Column::TenantId.eq(tx.tenant.0))
        .order_by_desc(settings::Column::Version)
        .limit(most)
        .all(&tx.db)
        .await?;
    found.iter().map(saved).collect()
}

/// One version.
pub async fn of_version(tx: &Tx, version: i64) -> Result<Option<Saved>, Error> {
    let found = settings::Entity::find_by_id((tx.tenant.0, version)).one(&tx.db).await?;
    found.as_ref().map(saved).transpose()
}

fn saved(row: &settings::Model) -> Result<Saved, Error> {
    Ok(Saved {
        version: row.version,
        value: json::read(&row.value)?,
        by: row.saved_by.map(AccountId),
        at: Timestamp::from_ms(row.saved_at),
    })
}

/// A version that was saved: it never changes, so whoever knows it need not ask again.
pub async fn at(store: &Store, tenant: TenantId, version: i64) -> Result<TenantSettings, Error> {
    let found = settings::Entity::find_by_id((tenant.0, version))
        .one(&store.inner.reader)
        .await?;
    json::read(&found.ok_or(Error::Conflict)?.value)
}

/// Saves a further version, if `after_version` is still the newest; else it is a conflict, and nothing is saved.
pub async fn save(
    tx: &Tx,
    after_version: i64,
    value: &TenantSettings,
    by: Option<AccountId>,
    now: Timestamp,
) -> Result<i64, Error> {
    if current(tx).await?.version != after_version {
        return Err(Error::Conflict);
    }
    // Of two who saw the same version the primary key lets one through.
    add(tx, after_version + 1, value, by, now).await
}

/// The first version of a new tenant.
pub(crate) async fn first(tx: &Tx, value: &TenantSettings, now: Timestamp) -> Result<i64, Error> {
    add(tx, 1, value, None, now).await
}

async fn add(
    tx: &Tx,
    version: i64,
    value: &TenantSettings,
    by: Option<AccountId>,
    now: Timestamp,
) -> Result<i64, Error> {
    let row = settings::Model {
        tenant_id: tx.tenant.0,
        version,
        value: json::write(value)?,
        saved_by: by.map(|by| by.0),
        saved_at: now.ms(),
    };
    rows::insert(&tx.db, row).await?;
    Ok(version)
}
