//! Messages to be sent (R34). A message outlives its flow, so nothing ties it to one.

use super::table::{bytes, create, flag, id, index, number, text};
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
            id("id"),
            id("tenant_id").of("tenant"),
            id("account_id").or_null().of("account"),
            id("flow_id").or_null(),
            text("purpose"),
            flag("is_notice"),
            text("state"),
            bytes("recipient").or_null(),
            bytes("letter").or_null(),
            text("language"),
            number("lease_no"),
            number("due_at"),
            number("n_tries"),
            text("why").or_null(),
            number("created_at"),
            number("expires_at"),
            number("done_at").or_null(),
        ];
        create(manager, "outbox", &["id"], &columns).await?;
        index(manager, "outbox", &["state", "due_at"]).await?;
        index(manager, "outbox", &["tenant_id", "state"]).await?;
        index(manager, "outbox", &["tenant_id", "account_id"]).await?;
        index(manager, "outbox", &["tenant_id", "flow_id"]).await?;
        index(manager, "outbox", &["expires_at"]).await?;
        Ok(())
    }
}
