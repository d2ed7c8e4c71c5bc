//! References of messages, which stop what these reported. They outlive their flow, so nothing ties them to one.

use super::table::{bytes, create, id, index, number, text};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            id("tenant_id").of("tenant"),
            bytes("mac"),
            id("account_id").or_null().of("account"),
            id("flow_id").or_null(),
            text("purpose"),
            number("created_at"),
            number("expires_at"),
            number("used_at").or_null(),
        ];
        create(manager, "veto", &["tenant_id", "mac"], &columns).await?;
        index(manager, "veto", &["tenant_id", "account_id"]).await?;
        index(manager, "veto", &["expires_at"]).await
    }
}
