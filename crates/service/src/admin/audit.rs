//! The audit, exported page by page; that it was is the first thing told (R54).

use super::Wrong;
use super::find::{chosen, trail};
use crate::{Service, hex};
use regain_domain::Timestamp;
use regain_domain::audit::Activity;
use regain_domain::ids::AccountId;
use regain_store::audit::{self, Shown};
use regain_store::tenants::Tenant;
use std::collections::{HashMap, VecDeque};

/// Entries that are in memory at a time.
const PAGE: u64 = 500;

/// The columns of an export, beside the time. They may grow at the end.
///
/// Ids of accounts are empty where nobody had shown yet who it was; names are today's, and empty once an account is gone.
pub const COLUMNS: [&str; 15] = [
    "tenant",
    "id",
    "activity",
    "result",
    "reason",
    "actor",
    "actor_name",
    "actor_role",
    "subject",
    "subject_name",
    "network",
    "device_hash",
    "request_id",
    "reference",
    "client",
];

/// An entry as it is exported.
#[derive(Debug)]
pub struct Line {
    /// When.
    pub at: Timestamp,
    /// The values of [`COLUMNS`].
    pub values: [String; COLUMNS.len()],
}

/// An export that goes on: tenant after tenant, page after page.
pub struct Export {
    service: Service,
    from: Timestamp,
    tenants: VecDeque<Tenant>,
    after_no: i64,
}

impl Export {
    /// Begins one, and tells so in the audit of every tenant that it is about, before anything is read. `tenant`: a short
    /// name or a host; nothing for all.
    pub async fn begin(
        service: &Service,
        tenant: Option<&str>,
        from: Option<Timestamp>,
        request_id: &str,
    ) -> anyhow::Result<Result<Self, Wrong>> {
        let tenants = match chosen(service, tenant).await? {
            Ok(tenants) => tenants,
            Err(wrong) => return Ok(Err(wrong)),
        };
        for tenant in &tenants {
            let tx = service.core.store.write(tenant.id).await?;
            let activity = Activity::AuditExported;
            trail(service, &tx, tenant, None, activity, "exported", request_id).await?;
            tx.commit().await?;
        }
        Ok(Ok(Self {
            service: service.clone(),
            from: from.unwrap_or_default(),
            tenants: tenants.into(),
            after_no: 0,
        }))
    }

    /// The next page; nothing at the end.
    pub async fn next(&mut self) -> anyhow::Result<Option<Vec<Line>>> {
        while let Some(tenant) = self.tenants.front() {
            let tx = self.service.core.store.read(tenant.id).await?;
            let page = audit::page(&tx, self.from, self.after_no, PAGE).await?;
            if let Some(last) = page.last() {
                self.after_no = last.no;
                let names = audit::names(&tx, &page).await?;
                let lines = page.into_iter().map(|entry| line(tenant, entry, &names));
                return Ok(Some(lines.collect()));
            }
            self.tenants.pop_front();
            self.after_no = 0;
        }
        Ok(None)
    }
}

fn line(tenant: &Tenant, entry: Shown, names: &HashMap<AccountId, String>) -> Line {
    let name = |id: Option<AccountId>| id.and_then(|id| names.get(&id)).cloned().unwrap_or_default();
    let id = |id: Option<AccountId>| id.map(|id| id.to_string()).unwrap_or_default();
    let result = if entry.is_success { "success" } else { "failure" };
    Line {
        at: entry.at,
        values: [
            tenant.slug.clone(),
            entry.id.to_string(),
            entry.activity,
            result.to_owned(),
            entry.reason,
            id(entry.actor),
            name(entry.actor),
            entry.actor_role.unwrap_or_default(),
            id(entry.subject),
            name(entry.subject),
            entry.network,
            hex::encode(&entry.device_hash),
            entry.request_id,
            entry.reference.unwrap_or_default(),
            entry.client.unwrap_or_default(),
        ],
    }
}
