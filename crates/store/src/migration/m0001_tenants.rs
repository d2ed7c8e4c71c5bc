//! Tenants, the hosts that lead to them, and what they have set.

use super::table::{create, id, index, number, text, unique};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tenant(manager).await?;
        tenant_host(manager).await?;
        settings(manager).await
    }
}

async fn tenant(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [id("id"), text("slug"), text("base_url"), number("created_at")];
    create(manager, "tenant", &["id"], &columns).await?;
    unique(manager, "tenant", &["slug"]).await
}

async fn tenant_host(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [text("host"), id("tenant_id").of("tenant")];
    create(manager, "tenant_host", &["host"], &columns).await?;
    index(manager, "tenant_host", &["tenant_id"]).await
}

async fn settings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        id("tenant_id").of("tenant"),
        number("version"),
        text("value"),
        id("saved_by").or_null(),
        number("saved_at"),
    ];
    create(manager, "settings", &["tenant_id", "version"], &columns).await
}
