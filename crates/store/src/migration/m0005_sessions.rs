//! Signed-in browsers.

use super::table::{bytes, create, flag, id, index, number, text, unique};
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
            id("id"),
            bytes("cookie_hash"),
            id("account_id").of("account"),
            flag("is_staff"),
            text("stage"),
            number("created_at"),
            number("seen_at"),
            number("expires_at"),
            text("network"),
            text("device"),
        ];
        create(manager, "session", &["tenant_id", "id"], &columns).await?;
        unique(manager, "session", &["tenant_id", "cookie_hash"]).await?;
        index(manager, "session", &["tenant_id", "account_id"]).await?;
        index(manager, "session", &["expires_at"]).await?;
        Ok(())
    }
}
