//! Answers to security questions: a hash of each, sealed (R16).

use super::table::{bytes, create, id, text};
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
            id("method_id").of("method"),
            text("question"),
            bytes("hash"),
        ];
        create(manager, "answer", &["tenant_id", "method_id", "question"], &columns).await
    }
}
