//! Changes of a policy that are not saved yet: one of each page and session, and gone with it.

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
            id("session_id").of("session"),
            id("id"),
            text("page"),
            number("version"),
            text("typed"),
        ];
        create(manager, "policy_draft", &["tenant_id", "session_id", "page"], &columns).await
    }
}
