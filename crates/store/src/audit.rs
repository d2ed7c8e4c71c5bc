//! The audit: rows are only ever added, in the transaction of what they tell (R54). Housekeeping retires the old ones.

use crate::entity::{account, audit};
use crate::{Error, Tx, rows};
use regain_domain::Timestamp;
use regain_domain::audit::{Activity, Actor, Entry};
use regain_domain::flow::Client;
use regain_domain::ids::{AccountId, AuditId, TenantId};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use std::collections::HashMap;
use uuid::Uuid;

/// An entry to be written. Nothing in it may be a secret or a destination.
pub struct Row<'a> {
    /// What was done, and how it went.
    pub entry: &'a Entry,
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// To whom it was done.
    pub subject: Option<AccountId>,
    /// From which network address; empty where there is none.
    pub network: &'a str,
    /// SHA-256 of the browser's own words about itself, where there is a browser.
    pub device_hash: Option<[u8; 32]>,
    /// The request.
    pub request_id: &'a str,
    /// What a person tells the helpdesk.
    pub reference: Option<&'a str>,
    /// Where the visitor's page runs, where there is a visitor.
    pub client: Option<Client>,
}

impl<'a> Row<'a> {
    /// Of what no visitor did: from no network, by no browser. Whose it is, and what people tell the helpdesk, is added.
    pub fn inside(entry: &'a Entry, at: Timestamp, actor: Actor, request_id: &'a str) -> Self {
        Self {
            entry,
            at,
            actor,
            subject: None,
            network: "",
            device_hash: None,
            request_id,
            reference: None,
            client: None,
        }
    }
}

/// An entry as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Counts up: where the next page begins.
    pub no: i64,
    /// Its id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// What was done: a stable code.
    pub activity: String,
    /// Whether it went well.
    pub is_success: bool,
    /// A stable code.
    pub reason: String,
    /// Who did it.
    pub actor: Option<AccountId>,
    /// In which role: a stable code.
    pub actor_role: Option<String>,
    /// To whom.
    pub subject: Option<AccountId>,
    /// From which network address.
    pub network: String,
    /// SHA-256 of the browser's own words about itself; empty where there is no browser.
    pub device_hash: Vec<u8>,
    /// The request.
    pub request_id: String,
    /// What a person tells the helpdesk.
    pub reference: Option<String>,
    /// Where the visitor's page ran: a stable code.
    pub client: Option<String>,
}

/// Adds an entry.
pub async fn write(tx: &Tx, row: &Row<'_>) -> Result<(), Error> {
    rows::insert_active(&tx.db, new(tx.tenant, row)).await
}

/// The newest entries, newest first.
pub async fn recent(tx: &Tx, most: u64) -> Result<Vec<Shown>, Error> {
    let found = audit::Entity::find()
        .filter(audit::Column::TenantId.eq(tx.tenant.0))
        .order_by_desc(audit::Column::No)
        .limit(most)
        .all(&tx.db)
        .await?;
    Ok(found.into_iter().map(shown).collect())
}

/// Entries from a point in time on, oldest first, that come after a number: page by page, since they may be many.
pub async fn page(tx: &Tx, from: Timestamp, after_no: i64, most: u64) -> Result<Vec<Shown>, Error> {
    let found = audit::Entity::find()
        .filter(audit::Column::TenantId.eq(tx.tenant.0))
        .filter(audit::Column::No.gt(after_no))
        .filter(audit::Column::At.gte(from.ms()))
        .order_by_asc(audit::Column::No)
        .limit(most)
        .all(&tx.db)
        .await?;
    Ok(found.into_iter().map(shown).collect())
}

/// When something was done to an account last, and went well.
pub async fn last_success(tx: &Tx, subject: AccountId, activity: Activity) -> Result<Option<Timestamp>, Error> {
    let found = successes(tx.tenant.0, subject, activity).one(&tx.db).await?;
    Ok(found.map(|row| Timestamp::from_ms(row.at)))
}

pub(crate) fn successes(tenant: Uuid, subject: AccountId, activity: Activity) -> Select<audit::Entity> {
    audit::Entity::find()
        .filter(audit::Column::TenantId.eq(tenant))
        .filter(audit::Column::SubjectId.eq(subject.0))
        .filter(audit::Column::Activity.eq(activity.code()))
        .filter(audit::Column::IsSuccess.eq(true))
        .order_by_desc(audit::Column::No)
}

/// The user names of those whom entries name and who are still there.
pub async fn names(tx: &Tx, entries: &[Shown]) -> Result<HashMap<AccountId, String>, Error> {
    let named = entries.iter().flat_map(|entry| [entry.actor, entry.subject]);
    let mut ids: Vec<Uuid> = named.flatten().map(|id| id.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let found: Vec<(Uuid, String)> = account::Entity::find()
        .select_only()
        .columns([account::Column::Id, account::Column::UserName])
        .filter(account::Column::TenantId.eq(tx.tenant.0))
        .filter(account::Column::Id.is_in(ids))
        .into_tuple()
        .all(&tx.db)
        .await?;
    Ok(found.into_iter().map(|(id, name)| (AccountId(id), name)).collect())
}

/// The row of an entry, to be inserted.
pub(crate) fn new(tenant: TenantId, row: &Row<'_>) -> audit::ActiveModel {
    audit::ActiveModel {
        no: NotSet,
        id: Set(Uuid::new_v4()),
        tenant_id: Set(tenant.0),
        at: Set(row.at.ms()),
        activity: Set(row.entry.activity.code().to_owned()),
        is_success: Set(row.entry.is_success),
        reason: Set(row.entry.reason.clone()),
        actor_id: Set(row.actor.account().map(|id| id.0)),
        actor_role: Set(row.actor.role_code().map(str::to_owned)),
        subject_id: Set(row.subject.map(|id| id.0)),
        network: Set(row.network.to_owned()),
        device_hash: Set(row.device_hash.map(Vec::from).unwrap_or_default()),
        request_id: Set(row.request_id.to_owned()),
        reference: Set(row.reference.map(str::to_owned)),
        client: Set(row.client.map(|client| client.code().to_owned())),
    }
}

fn shown(row: audit::Model) -> Shown {
    Shown {
        no: row.no,
        id: AuditId(row.id),
        at: Timestamp::from_ms(row.at),
        activity: row.activity,
        is_success: row.is_success,
        reason: row.reason,
        actor: row.actor_id.map(AccountId),
        actor_role: row.actor_role,
        subject: row.subject_id.map(AccountId),
        network: row.network,
        device_hash: row.device_hash,
        request_id: row.request_id,
        reference: row.reference,
        client: row.client,
    }
}
