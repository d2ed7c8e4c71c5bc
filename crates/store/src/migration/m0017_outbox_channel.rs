//! Which way a message takes, and whether a paid one was handed to its gateway already (R34).

use super::table::{add, number, text};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Until now there was mail alone.
        let columns = [text("channel").or("mail"), number("attempted_at").or_null()];
        add(manager, "outbox", &columns).await
    }
}
