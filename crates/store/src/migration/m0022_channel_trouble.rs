//! How often a channel has failed in a row, whatever node saw it.

use super::table::{create, number, text};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [text("channel"), number("n_failed"), number("failed_at")];
        create(manager, "channel_trouble", &["channel"], &columns).await
    }
}
