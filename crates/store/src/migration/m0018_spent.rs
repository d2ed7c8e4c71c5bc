//! What messages of a tenant have cost, day by day (R20).

use super::table::{create, id, index, number};
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
            number("day"),
            number("micros"),
            number("told"),
        ];
        create(manager, "spent", &["tenant_id", "day"], &columns).await?;
        index(manager, "spent", &["day"]).await
    }
}
