//! Tenants. Most of these queries find the tenant, and so know none yet.

use crate::entity::{tenant, tenant_host};
use crate::{Error, Store, Tx, rows, settings};
use regain_domain::Timestamp;
use regain_domain::ids::TenantId;
use regain_domain::tenant::TenantSettings;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

/// An organisation, and where it is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Its short name, as on the command line.
    pub slug: String,
    /// Where links in mails lead.
    pub base_url: String,
    /// The hosts under which its pages are reached, in small letters.
    pub hosts: Vec<String>,
}

/// All tenants, by their short names.
pub async fn all(store: &Store) -> Result<Vec<Tenant>, Error> {
    let db = store.begin_read().await?;
    let found = tenant::Entity::find()
        .order_by_asc(tenant::Column::Slug)
        .all(&db)
        .await?;
    let mut tenants = Vec::new();
    for row in found {
        tenants.push(whole(&db, row).await?);
    }
    Ok(tenants)
}

/// The tenant of a host, which the caller has brought to small letters (R49).
pub async fn of_host(store: &Store, host: &str) -> Result<Option<Tenant>, Error> {
    let db = store.begin_read().await?;
    let Some(found) = tenant_host::Entity::find_by_id(host.to_owned()).one(&db).await? else {
        return Ok(None);
    };
    match tenant::Entity::find_by_id(found.tenant_id).one(&db).await? {
        Some(row) => whole(&db, row).await.map(Some),
        None => Ok(None),
    }
}

/// Where links in mails of the transaction's tenant lead.
pub async fn base_url(tx: &Tx) -> Result<Option<String>, Error> {
    let found = tenant::Entity::find_by_id(tx.tenant.0).one(&tx.db).await?;
    Ok(found.map(|row| row.base_url))
}

/// Makes a tenant with the first version of its settings; a short name or host that is taken is a conflict.
pub async fn create(store: &Store, tenant: &Tenant, settings: &TenantSettings, now: Timestamp) -> Result<(), Error> {
    let tx = store.write(tenant.id).await?;
    insert(&tx, tenant, settings, now).await?;
    tx.commit().await
}

/// The same, in a transaction of the tenant that is about to be.
pub async fn insert(tx: &Tx, tenant: &Tenant, settings: &TenantSettings, now: Timestamp) -> Result<(), Error> {
    let row = tenant::Model {
        id: tenant.id.0,
        slug: tenant.slug.clone(),
        base_url: tenant.base_url.clone(),
        created_at: now.ms(),
    };
    rows::insert(&tx.db, row).await?;
    for host in &tenant.hosts {
        rows::insert(
            &tx.db,
            tenant_host::Model {
                host: host.clone(),
                tenant_id: tenant.id.0,
            },
        )
        .await?;
    }
    settings::first(tx, settings, now).await?;
    Ok(())
}

/// Moves a tenant's pages: what absolute addresses begin with from now on.
pub async fn set_base_url(store: &Store, id: TenantId, base_url: &str) -> Result<(), Error> {
    let tx = store.write(id).await?;
    let moved = tenant::Entity::update_many()
        .col_expr(tenant::Column::BaseUrl, sea_orm::sea_query::Expr::value(base_url))
        .filter(tenant::Column::Id.eq(id.0))
        .exec(&tx.db)
        .await?;
    if moved.rows_affected == 0 {
        return Err(Error::Conflict);
    }
    tx.commit().await
}

async fn whole(db: &DatabaseTransaction, row: tenant::Model) -> Result<Tenant, Error> {
    let hosts = tenant_host::Entity::find()
        .filter(tenant_host::Column::TenantId.eq(row.id))
        .order_by_asc(tenant_host::Column::Host)
        .all(db)
        .await?;
    Ok(Tenant {
        id: TenantId(row.id),
        slug: row.slug,
        base_url: row.base_url,
        hosts: hosts.into_iter().map(|host| host.host).collect(),
    })
}
