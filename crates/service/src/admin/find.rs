//! Finds what a command names, and leaves a trail of what it did.

use super::Wrong;
use crate::Service;
use crate::visit::{Tenancy, Visit};
use anyhow::Context;
use regain_domain::account::{Account, UserName};
use regain_domain::audit::{Activity, Entry};
use regain_domain::ids::AccountId;
use regain_domain::locale::Language;
use regain_domain::tenant::TenantSettings;
use regain_store::tenants::Tenant;
use regain_store::{Tx, accounts, settings, tenants};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

/// An account with the transaction that was opened for it.
pub(super) struct Opened {
    pub(super) tenant: Tenant,
    pub(super) value: TenantSettings,
    pub(super) tx: Tx,
    pub(super) account: Account,
}

pub(super) async fn open(service: &Service, tenant: &str, user_name: &str) -> anyhow::Result<Result<Opened, Wrong>> {
    let Some((tenant, value)) = find(service, tenant).await? else {
        return Ok(Err(no_tenant(tenant)));
    };
    let Ok(name) = UserName::parse(user_name, value.first_domain()) else {
        return Ok(Err(no_account(user_name)));
    };
    let tx = service.core.store.write(tenant.id).await?;
    match accounts::by_name(&tx, &name).await? {
        Some(account) => Ok(Ok(Opened {
            tenant,
            value,
            tx,
            account,
        })),
        None => Ok(Err(no_account(user_name))),
    }
}

pub(super) async fn find(service: &Service, slug: &str) -> anyhow::Result<Option<(Tenant, TenantSettings)>> {
    let store = &service.core.store;
    let Some(tenant) = tenants::all(store)
        .await?
        .into_iter()
        .find(|tenant| tenant.slug == slug)
    else {
        return Ok(None);
    };
    let tx = store.read(tenant.id).await?;
    let value = settings::current(&tx)
        .await
        .with_context(|| format!("read the settings of tenant {slug}"))?
        .value;
    Ok(Some((tenant, value)))
}

pub(super) async fn trail(
    service: &Service,
    tx: &Tx,
    tenant: &Tenant,
    subject: Option<AccountId>,
    activity: Activity,
    act: &str,
    request_id: &str,
) -> anyhow::Result<()> {
    let value = settings::current(tx).await?;
    let visit = Visit {
        tenant: Tenancy {
            id: tenant.id,
            base_url: tenant.base_url.clone(),
            settings: Arc::new(value.value),
            version: value.version,
        },
        network: IpAddr::V4(Ipv4Addr::LOCALHOST),
        device: "server console".to_owned(),
        request_id: request_id.to_owned(),
        language: Language::En,
        flow: None,
        session: None,
        note: None,
        arrived_at: service.now(),
        is_posted: false,
    };
    tracing::warn!(
        tenant = tenant.slug,
        act,
        "break-glass: an account or tenant was changed at the server's console"
    );
    crate::audit::write(
        tx,
        &visit,
        &Entry::success(activity, act),
        None,
        subject,
        None,
        service.now(),
    )
    .await
}

pub(super) fn no_tenant(slug: &str) -> Wrong {
    format!("there is no tenant `{slug}`; `regain tenant list` shows them")
}

pub(super) fn no_account(user_name: &str) -> Wrong {
    format!("there is no account `{user_name}` in this tenant; check the spelling")
}
