//! Fields of accounts and tenants that nobody but an operator sets.

use super::Wrong;
use super::find::{change, find, no_tenant, trail};
use crate::Service;
use regain_domain::audit::Activity;
use regain_domain::gate::Gate;
use regain_domain::policy::Edition;
use regain_store::{account_fields, settings};

/// Sets whether an account's password stays good however old it gets, whatever the tenant has set (`domain.md` §7).
pub async fn set_password_never_expires(
    service: &Service,
    tenant: &str,
    user_name: &str,
    never: bool,
    request_id: &str,
) -> anyhow::Result<Result<(), Wrong>> {
    let act = if never {
        "password-never-expires"
    } else {
        "password-expires-as-set"
    };
    change(service, (tenant, user_name), act, request_id, async |opened| {
        let id = opened.account.id;
        Ok(account_fields::set_password_never_expires(&opened.tx, id, never).await?)
    })
    .await
}

/// Sets an account's own edition; nothing: the tenant's holds (`domain.md` §8).
pub async fn set_account_edition(
    service: &Service,
    tenant: &str,
    user_name: &str,
    edition: Option<Edition>,
    request_id: &str,
) -> anyhow::Result<Result<(), Wrong>> {
    let act = format!("edition: {}", edition.map_or("-", Edition::code));
    change(service, (tenant, user_name), &act, request_id, async |opened| {
        Ok(account_fields::set_edition(&opened.tx, opened.account.id, edition).await?)
    })
    .await
}

/// Sets a tenant's edition, as a further version of its settings.
pub async fn set_tenant_edition(
    service: &Service,
    tenant: &str,
    edition: Edition,
    request_id: &str,
) -> anyhow::Result<Result<(), Wrong>> {
    let Some((tenant, _)) = find(service, tenant).await? else {
        return Ok(Err(no_tenant(tenant)));
    };
    let tx = service.core.store.write(tenant.id).await?;
    let mut current = settings::current(&tx).await?;
    let act = format!("edition: {} > {}", current.value.edition.code(), edition.code());
    current.value.edition = edition;
    settings::save(&tx, current.version, &current.value, None, service.now()).await?;
    let activity = Activity::PolicyChanged;
    trail(service, &tx, &tenant, None, activity, &act, request_id).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// Marks a tenant as one that comes from elsewhere: every policy of methods counts until its administrators say that the methods
/// policy is complete (`domain.md` §16). `sign_in`: what sign-in allowed there.
pub async fn set_tenant_migration(
    service: &Service,
    tenant: &str,
    sign_in: Vec<Gate>,
    request_id: &str,
) -> anyhow::Result<Result<(), Wrong>> {
    let Some((tenant, _)) = find(service, tenant).await? else {
        return Ok(Err(no_tenant(tenant)));
    };
    let tx = service.core.store.write(tenant.id).await?;
    let mut current = settings::current(&tx).await?;
    let codes: Vec<&str> = sign_in.iter().map(|gate| gate.code()).collect();
    let before = current.value.policy.methods.state.code();
    let act = format!("methods_state: {before} > in-progress, sign-in: {}", codes.join(" "));
    current.value.policy.import(sign_in);
    settings::save(&tx, current.version, &current.value, None, service.now()).await?;
    let activity = Activity::PolicyChanged;
    trail(service, &tx, &tenant, None, activity, &act, request_id).await?;
    tx.commit().await?;
    Ok(Ok(()))
}
