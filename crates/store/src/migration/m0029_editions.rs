//! Accounts with an edition of their own (`domain.md` §8).

use super::table::{add, text};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Where nothing is written the tenant's edition holds.
        add(manager, "account", &[text("edition").or_null()]).await
    }
}
