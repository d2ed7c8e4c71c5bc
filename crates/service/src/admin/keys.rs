//! The keys, rotated at the server's console (R40). Every tenant's audit tells of it: the keys are everybody's.

use crate::Service;
use anyhow::Context;
use regain_domain::audit::{Activity, Actor, Entry};
use regain_store::audit::Row;
use regain_store::keys::{self, Cleaned};
use regain_store::times;
use std::time::Duration;

/// Adds a key to the key file, to be used after a while; gives its name, and what became of older ones.
pub async fn rotate_keys(service: &Service, after: Duration, request_id: &str) -> anyhow::Result<(String, Cleaned)> {
    let cleaned = clean_keys(service, request_id).await?;
    let now = service.now();
    let key = keys::rotate(&service.core.store, now, now.plus(after))?;
    tell(service, "added", request_id)
        .await
        .with_context(|| format!("key {key} was added to the key file, but the audit does not tell of it"))?;
    Ok((key, cleaned))
}

/// Brings the keys in order: what lasts is sealed with the one in use, and old ones go once nothing needs them.
pub async fn clean_keys(service: &Service, request_id: &str) -> anyhow::Result<Cleaned> {
    let store = &service.core.store;
    keys::refresh(store, service.now()).await?;
    let cleaned = keys::clean(store, service.now()).await?;
    if !cleaned.gone.is_empty() {
        tell(service, "removed", request_id).await?;
    }
    Ok(cleaned)
}

async fn tell(service: &Service, what: &str, request_id: &str) -> anyhow::Result<()> {
    let entry = Entry::success(Activity::KeysRotated, what);
    let row = Row::inside(&entry, service.now(), Actor::Operator, request_id);
    tracing::warn!(what, "the keys were changed at the server's console");
    Ok(times::tell_all(&service.core.store, &row).await?)
}
