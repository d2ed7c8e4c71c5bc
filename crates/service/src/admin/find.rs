//! Finds what a command names, and leaves a trail of what it did.

use super::Wrong;
use crate::Service;
use crate::audit;
use anyhow::Context;
use regain_domain::Refusal;
use regain_domain::account::{Account, UserName};
use regain_domain::audit::{Activity, Entry};
use regain_domain::ids::AccountId;
use regain_domain::tenant::TenantSettings;
use regain_store::tenants::Tenant;
use regain_store::{Tx, accounts, settings, tenants};

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

/// Changes an account in one transaction, and leaves a trail of it.
pub(super) async fn change<T>(
    service: &Service,
    (tenant, user_name): (&str, &str),
    act: &str,
    request_id: &str,
    apply: impl AsyncFnOnce(&Opened) -> anyhow::Result<T>,
) -> anyhow::Result<Result<T, Wrong>> {
    let opened = match open(service, tenant, user_name).await? {
        Ok(opened) => opened,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let done = apply(&opened).await?;
    let Opened {
        tenant, tx, account, ..
    } = opened;
    let (subject, activity) = (Some(account.id), Activity::AccountChanged);
    trail(service, &tx, &tenant, subject, activity, act, request_id).await?;
    tx.commit().await?;
    Ok(Ok(done))
}

/// The tenants that a command is about: the one of a short name or host, or all of them if none is named.
pub(super) async fn chosen(service: &Service, named: Option<&str>) -> anyhow::Result<Result<Vec<Tenant>, Wrong>> {
    let all = tenants::all(&service.core.store).await?;
    let Some(named) = named else { return Ok(Ok(all)) };
    let is_host = |tenant: &Tenant| tenant.hosts.iter().any(|host| host.eq_ignore_ascii_case(named));
    let found = all.iter().find(|tenant| tenant.slug == named);
    let found = found.or_else(|| all.iter().find(|tenant| is_host(tenant)));
    Ok(found.map(|tenant| vec![tenant.clone()]).ok_or_else(|| no_tenant(named)))
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
    tracing::warn!(
        tenant = tenant.slug,
        activity = activity.code(),
        act,
        "break-glass: done at the server's console"
    );
    audit::write_of_operator(tx, &Entry::success(activity, act), subject, request_id, service.now()).await
}

pub(super) fn no_tenant(slug: &str) -> Wrong {
    format!("there is no tenant `{slug}`; `regain tenant list` shows them")
}

pub(super) fn no_account(user_name: &str) -> Wrong {
    format!("there is no account `{user_name}` in this tenant; check the spelling")
}

pub(super) fn no_user_name(typed: &str, refusal: &Refusal, settings: &TenantSettings) -> Wrong {
    format!(
        "`{typed}` is no user name ({}); use a form like name@{}",
        refusal.code(),
        settings.first_domain()
    )
}
