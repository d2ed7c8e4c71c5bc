//! The outbox by kind and time: codes go before notices, however many of these wait (R34).

use super::table::index;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        index(manager, "outbox", &["state", "is_notice", "due_at"]).await?;
        let former = Index::drop().name("outbox_by_state_due_at").table("outbox").to_owned();
        manager.drop_index(former).await
    }
}
