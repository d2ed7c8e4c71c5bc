//! Fields of an account that nobody but an operator sets.

use super::Wrong;
use super::find::{Opened, open, trail};
use crate::Service;
use regain_domain::audit::Activity;
use regain_store::accounts;

/// Sets whether an account's password stays good however old it gets, whatever the tenant has set (`domain.md` §7).
pub async fn set_password_never_expires(
    service: &Service,
    tenant: &str,
    user_name: &str,
    never: bool,
    request_id: &str,
) -> anyhow::Result<Result<(), Wrong>> {
    let opened = match open(service, tenant, user_name).await? {
        Ok(opened) => opened,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let Opened {
        tenant, tx, account, ..
    } = opened;
    accounts::set_password_never_expires(&tx, account.id, never).await?;
    let act = if never {
        "password-never-expires"
    } else {
        "password-expires-as-set"
    };
    let (subject, activity) = (Some(account.id), Activity::AccountChanged);
    trail(service, &tx, &tenant, subject, activity, act, request_id).await?;
    tx.commit().await?;
    Ok(Ok(()))
}
