//! Whom a tenant tries its pilot with.

use crate::entity::rollout;
use crate::{Error, Tx, rows};
use regain_domain::ids::{AccountId, GroupId};
use regain_domain::setup::Rollout;
use sea_orm::EntityTrait;

/// Whom; nobody where nothing was said yet.
pub async fn get(tx: &Tx) -> Result<Option<Rollout>, Error> {
    let found = rollout::Entity::find_by_id(tx.tenant.0).one(&tx.db).await?;
    Ok(found.map(|row| Rollout {
        person: row.account_id.map(AccountId),
        group: row.group_id.map(GroupId),
    }))
}

/// Says whom.
pub async fn put(tx: &Tx, rollout: Rollout) -> Result<(), Error> {
    use rollout::Column::{AccountId, GroupId, TenantId};
    let row = rollout::Model {
        tenant_id: tx.tenant.0,
        account_id: rollout.person.map(|id| id.0),
        group_id: rollout.group.map(|id| id.0),
    };
    rows::upsert(&tx.db, row, &[TenantId], &[AccountId, GroupId]).await
}
