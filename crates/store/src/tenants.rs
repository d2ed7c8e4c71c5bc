//! Tenants. Most of these queries find the tenant, and so know none yet.

use crate::entity::{settings as settings_row, tenant, tenant_host};
use crate::{Error, Store, Tx, rows, settings};
use regain_domain::Timestamp;
use regain_domain::ids::TenantId;
use regain_domain::tenant::TenantSettings;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

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

/// Whether there is any.
pub async fn are_any(store: &Store) -> Result<bool, Error> {
    let found = tenant::Entity::find().one(&store.inner.reader).await?;
    Ok(found.is_some())
}

/// How a tenant stands at this moment: one look tells whether what is known of it still holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its id.
    pub id: TenantId,
    /// Where its links lead.
    pub base_url: String,
    /// The newest version of its settings.
    pub version: i64,
}

/// The tenant of a host, which the caller has brought to small letters (R49).
pub async fn of_host(store: &Store, host: &str) -> Result<Option<Standing>, Error> {
    stands(store, standing_of_host(host)).await
}

/// The tenant of an id.
pub async fn of_id(store: &Store, id: TenantId) -> Result<Option<Standing>, Error> {
    stands(store, standing().filter(tenant::Column::Id.eq(id.0))).await
}

async fn stands(store: &Store, found: Select<tenant::Entity>) -> Result<Option<Standing>, Error> {
    let found = found
        .into_tuple::<(Uuid, String, i64)>()
        .one(&store.inner.reader)
        .await?;
    Ok(found.map(|(id, base_url, version)| Standing {
        id: TenantId(id),
        base_url,
        version,
    }))
}

pub(crate) fn standing_of_host(host: &str) -> Select<tenant::Entity> {
    let hosts = tenant::Entity::belongs_to(tenant_host::Entity)
        .from(tenant::Column::Id)
        .to(tenant_host::Column::TenantId);
    standing()
        .join(JoinType::InnerJoin, hosts.into())
        .filter(tenant_host::Column::Host.eq(host))
}

/// Tenants with their settings, the newest version first.
fn standing() -> Select<tenant::Entity> {
    let versions = tenant::Entity::belongs_to(settings_row::Entity)
        .from(tenant::Column::Id)
        .to(settings_row::Column::TenantId);
    tenant::Entity::find()
        .select_only()
        .columns([tenant::Column::Id, tenant::Column::BaseUrl])
        .column(settings_row::Column::Version)
        .join(JoinType::InnerJoin, versions.into())
        .order_by_desc(settings_row::Column::Version)
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
