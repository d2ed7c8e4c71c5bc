//! The doctor at the server's console: what the wizard would do for somebody.

use super::Wrong;
use super::find::{find, no_tenant, no_user_name};
use crate::Service;
use crate::console::found;
use regain_domain::account::UserName;
use regain_domain::audit::{Activity, Entry};
use regain_domain::policy::doctor::Findings;
use regain_domain::tenant::TenantSettings;

/// Looks at the account of a name; that it was looked at is told to the audit (R54).
pub async fn doctor(
    service: &Service,
    tenant: &str,
    typed: &str,
    request_id: &str,
) -> anyhow::Result<Result<Findings, Wrong>> {
    let Some((tenant, value)) = find(service, tenant).await? else {
        return Ok(Err(no_tenant(tenant)));
    };
    let settings = TenantSettings {
        ways: service.core.tenancies.ways(),
        ..value
    };
    let name = match UserName::parse(typed, settings.first_domain()) {
        Ok(name) => name,
        Err(refusal) => return Ok(Err(no_user_name(typed, &refusal, &settings))),
    };
    let tx = service.core.store.write(tenant.id).await?;
    let (findings, subject) = found(&service.core, &tx, &settings, &name).await?;
    let entry = Entry::success(Activity::PersonRead, "doctor");
    crate::audit::write_of_operator(&tx, &entry, subject, request_id, service.now()).await?;
    tx.commit().await?;
    Ok(Ok(findings))
}
