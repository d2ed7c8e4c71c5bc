//! Locked workstations that a tenant has enrolled: of each the fingerprint of its token (R58).

use super::table::{bytes, create, id, number, text, unique};
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
            id("id"),
            text("name"),
            bytes("fingerprint"),
            number("added_at"),
            number("opened_at").or_null(),
        ];
        create(manager, "kiosk", &["tenant_id", "id"], &columns).await?;
        unique(manager, "kiosk", &["tenant_id", "name"]).await?;
        unique(manager, "kiosk", &["tenant_id", "fingerprint"]).await
    }
}
