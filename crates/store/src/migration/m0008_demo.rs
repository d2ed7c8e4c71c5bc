//! What `regain demo` keeps: mailbox, people, clock.

use super::table::{create, id, index, number, serial, text};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        demo_message(manager).await?;
        demo_person(manager).await?;
        demo_clock(manager).await
    }
}

async fn demo_message(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        serial("id"),
        id("tenant_id").of("tenant"),
        number("at"),
        text("channel"),
        text("recipient"),
        text("subject"),
        text("body"),
        text("html").or_null(),
        text("code").or_null(),
        text("message_id").or_null(),
        text("context"),
    ];
    create(manager, "demo_message", &[], &columns).await?;
    index(manager, "demo_message", &["tenant_id", "id"]).await
}

async fn demo_person(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        id("tenant_id").of("tenant"),
        id("account_id").of("account"),
        text("json"),
    ];
    create(manager, "demo_person", &["tenant_id", "account_id"], &columns).await
}

async fn demo_clock(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [number("id"), number("offset_ms")];
    create(manager, "demo_clock", &["id"], &columns).await
}
