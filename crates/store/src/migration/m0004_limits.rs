//! Counters (R17), and nonces that were spent.

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
        counter(manager).await?;
        nonce(manager).await
    }
}

async fn counter(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        id("tenant_id").of("tenant"),
        bytes("key"),
        text("hits"),
        number("keep_until"),
    ];
    create(manager, "counter", &["tenant_id", "key"], &columns).await?;
    index(manager, "counter", &["keep_until"]).await
}

async fn nonce(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [id("tenant_id").of("tenant"), bytes("nonce"), number("expires_at")];
    create(manager, "nonce", &["tenant_id", "nonce"], &columns).await?;
    index(manager, "nonce", &["expires_at"]).await
}
