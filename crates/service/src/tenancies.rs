//! Tenants with their settings. Each request asks the database how the tenant stands, in one look; settings are read, and
//! kept, when their version is new: a saved version never changes, so no node ever serves older ones.

use crate::visit::Tenancy;
use regain_domain::ids::TenantId;
use regain_domain::tenant::{TenantSettings, Ways};
use regain_store::tenants::Standing;
use regain_store::{Store, settings, tenants};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The newest version that was read, by tenant.
type Known = HashMap<TenantId, (i64, Arc<TenantSettings>)>;

/// What is known of tenants.
pub(crate) struct Tenancies {
    known: RwLock<Known>,
    /// The installation's ways to phones, which each tenant's settings are given.
    ways: Ways,
}

impl Tenancies {
    pub(crate) fn new(ways: Ways) -> Self {
        Self {
            known: RwLock::default(),
            ways,
        }
    }

    /// The installation's ways to phones.
    pub(crate) const fn ways(&self) -> Ways {
        self.ways
    }

    /// The tenant that a host means.
    pub(crate) async fn of_host(&self, store: &Store, host: &str) -> anyhow::Result<Option<Tenancy>> {
        self.whole(store, tenants::of_host(store, host).await?).await
    }

    /// The tenant of an id.
    pub(crate) async fn of_id(&self, store: &Store, id: TenantId) -> anyhow::Result<Option<Tenancy>> {
        self.whole(store, tenants::of_id(store, id).await?).await
    }

    async fn whole(&self, store: &Store, standing: Option<Standing>) -> anyhow::Result<Option<Tenancy>> {
        let Some(standing) = standing else { return Ok(None) };
        let settings = match self.known(&standing) {
            Some(settings) => settings,
            None => self.learnt(store, &standing).await?,
        };
        Ok(Some(Tenancy {
            id: standing.id,
            base_url: standing.base_url,
            settings,
            version: standing.version,
        }))
    }

    fn known(&self, standing: &Standing) -> Option<Arc<TenantSettings>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let (version, settings) = known.get(&standing.id)?;
        (*version == standing.version).then(|| Arc::clone(settings))
    }

    async fn learnt(&self, store: &Store, standing: &Standing) -> anyhow::Result<Arc<TenantSettings>> {
        let stored = settings::at(store, standing.id, standing.version).await?;
        let settings = Arc::new(TenantSettings {
            ways: self.ways,
            ..stored
        });
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(standing.id, (standing.version, Arc::clone(&settings)));
        Ok(settings)
    }
}
