//! One-time passes that staff give: of each account the last one (R52).

use super::table::{create, id, index, number, text};
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
            id("account_id").of("account"),
            id("id"),
            text("hash"),
            number("expires_at"),
            number("spent_at").or_null(),
        ];
        create(manager, "one_time_pass", &["tenant_id", "account_id"], &columns).await?;
        index(manager, "one_time_pass", &["expires_at"]).await
    }
}
