//! Tenants, made and listed.

use super::Wrong;
use super::find::trail;
use crate::Service;
use regain_domain::audit::{Activity, AuditDays};
use regain_domain::brand::Brand;
use regain_domain::ids::TenantId;
use regain_domain::limits::MESSAGE_CEILING;
use regain_domain::lockout::Lockout;
use regain_domain::password::PasswordPolicy;
use regain_domain::policy::{Edition, Policy};
use regain_domain::tenant::{TenantSettings, Ways};
use regain_store::tenants::Tenant;
use regain_store::{settings, tenants};
use uuid::Uuid;

/// A tenant to be made.
pub struct NewTenant {
    /// Short name for commands.
    pub slug: String,
    /// The organisation's name.
    pub name: String,
    /// Where its pages are.
    pub base_url: String,
    /// Hosts that mean it.
    pub hosts: Vec<String>,
    /// Its own domains, the first one completes bare user names.
    pub domains: Vec<String>,
}

/// A tenant, for a list.
pub struct TenantLine {
    /// Short name for commands.
    pub slug: String,
    /// The organisation's name.
    pub name: String,
    /// Where its pages are.
    pub base_url: String,
    /// Hosts that mean it.
    pub hosts: Vec<String>,
}

/// All tenants.
pub async fn tenants(service: &Service) -> anyhow::Result<Vec<TenantLine>> {
    let store = &service.core.store;
    let mut lines = Vec::new();
    for tenant in tenants::all(store).await? {
        let tx = store.read(tenant.id).await?;
        let name = settings::current(&tx).await?.value.brand.name;
        lines.push(TenantLine {
            slug: tenant.slug,
            name,
            base_url: tenant.base_url,
            hosts: tenant.hosts,
        });
    }
    Ok(lines)
}

/// The settings of a new organisation: nobody's password can be reset until a policy says so.
pub(crate) fn fresh_settings(name: String, domains: Vec<String>) -> TenantSettings {
    TenantSettings {
        ways: Ways::default(),
        brand: Brand {
            name,
            ..Brand::default()
        },
        domains,
        policy: Policy::of_new_tenant(),
        password: PasswordPolicy::default(),
        lockout: Lockout::default(),
        edition: Edition::Full,
        audit_days: AuditDays::default(),
        message_ceiling: MESSAGE_CEILING,
    }
}

/// Makes a tenant with default settings: nobody's password can be reset until a policy says so.
pub async fn create_tenant(
    service: &Service,
    new: NewTenant,
    request_id: &str,
) -> anyhow::Result<Result<TenantId, Wrong>> {
    let store = &service.core.store;
    let existing = tenants::all(store).await?;
    if existing.iter().any(|tenant| tenant.slug == new.slug) {
        return Ok(Err(format!(
            "there is a tenant `{}` already; `regain tenant list` shows them",
            new.slug
        )));
    }
    if let Some(host) = new
        .hosts
        .iter()
        .find(|host| existing.iter().any(|tenant| tenant.hosts.contains(host)))
    {
        return Ok(Err(format!(
            "the host `{host}` means another tenant already; choose another one"
        )));
    }
    let value = fresh_settings(new.name, new.domains);
    let tenant = Tenant {
        id: TenantId(Uuid::new_v4()),
        slug: new.slug,
        base_url: new.base_url,
        hosts: new.hosts,
    };
    let tx = store.write(tenant.id).await?;
    tenants::insert(&tx, &tenant, &value, service.now()).await?;
    trail(
        service,
        &tx,
        &tenant,
        None,
        Activity::TenantCreated,
        "created",
        request_id,
    )
    .await?;
    tx.commit().await?;
    Ok(Ok(tenant.id))
}
