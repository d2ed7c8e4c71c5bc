//! The audit: rows are only ever added, in the transaction of what they tell (R54).

use crate::entity::audit;
use crate::{Error, Tx, rows};
use regain_domain::Timestamp;
use regain_domain::audit::Entry;
use regain_domain::ids::{AccountId, AuditId};
use regain_domain::role::Role;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// An entry to be written. Nothing in it may be a secret or a destination.
pub struct Row<'a> {
    /// What was done, and how it went.
    pub entry: &'a Entry,
    /// When.
    pub at: Timestamp,
    /// Who did it, where that is known.
    pub actor: Option<AccountId>,
    /// In which role.
    pub actor_role: Option<Role>,
    /// To whom it was done.
    pub subject: Option<AccountId>,
    /// From which network address.
    pub network: &'a str,
    /// SHA-256 of the browser's own words about itself.
    pub device_hash: [u8; 32],
    /// The request.
    pub request_id: &'a str,
    /// What a person tells the helpdesk.
    pub reference: Option<&'a str>,
}

/// An entry as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
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
    /// The request.
    pub request_id: String,
    /// What a person tells the helpdesk.
    pub reference: Option<String>,
}

/// Adds an entry.
pub async fn write(tx: &Tx, row: &Row<'_>) -> Result<(), Error> {
    let new = audit::ActiveModel {
        no: NotSet,
        id: Set(Uuid::new_v4()),
        tenant_id: Set(tx.tenant.0),
        at: Set(row.at.ms()),
        activity: Set(row.entry.activity.code().to_owned()),
        is_success: Set(row.entry.is_success),
        reason: Set(row.entry.reason.clone()),
        actor_id: Set(row.actor.map(|id| id.0)),
        actor_role: Set(row.actor_role.map(|role| role.code().to_owned())),
        subject_id: Set(row.subject.map(|id| id.0)),
        network: Set(row.network.to_owned()),
        device_hash: Set(row.device_hash.to_vec()),
        request_id: Set(row.request_id.to_owned()),
        reference: Set(row.reference.map(str::to_owned)),
    };
    rows::insert_active(&tx.db, new).await
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

fn shown(row: audit::Model) -> Shown {
    Shown {
        id: AuditId(row.id),
        at: Timestamp::from_ms(row.at),
        activity: row.activity,
        is_success: row.is_success,
        reason: row.reason,
        actor: row.actor_id.map(AccountId),
        actor_role: row.actor_role,
        subject: row.subject_id.map(AccountId),
        network: row.network,
        request_id: row.request_id,
        reference: row.reference,
    }
}
