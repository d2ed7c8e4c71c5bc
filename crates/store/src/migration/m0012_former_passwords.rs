//! Former passwords, for tenants that let none come again (R27).

use super::table::{create, id, number, text};
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
            number("place"),
            text("password_hash"),
            number("set_at"),
        ];
        create(
            manager,
            "former_password",
            &["tenant_id", "account_id", "place"],
            &columns,
        )
        .await
    }
}
