//! The set-up of an installation that has no organisation yet, and whom the pilot of one is tried with.

use super::table::{bytes, create, id, index, number};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // No tenant's: there is none. At most one row.
        let columns = [
            number("no"),
            bytes("key_hash"),
            bytes("browser_hash").or_null(),
            bytes("draft").or_null(),
            number("revision"),
            number("expires_at").or_null(),
        ];
        create(manager, "setup", &["no"], &columns).await?;
        let columns = [
            id("tenant_id").of("tenant"),
            id("account_id").or_null(),
            id("group_id").or_null(),
        ];
        create(manager, "rollout", &["tenant_id"], &columns).await?;
        // What was done to one person, the newest first.
        index(manager, "audit", &["tenant_id", "subject_id", "no"]).await
    }
}
