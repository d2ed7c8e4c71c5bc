//! Accounts whose password stays good however old it gets (`domain.md` §7).

use super::table::{add, flag};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add(manager, "account", &[flag("password_never_expires").or("FALSE")]).await
    }
}
