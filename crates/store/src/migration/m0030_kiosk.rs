//! Where the wizard runs: in a browser, or in a kiosk (R58). An entry of the audit says so where it is about the wizard.

use super::table::{add, text};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add(manager, "flow", &[text("client").or("browser")]).await?;
        add(manager, "audit", &[text("client").or_null()]).await
    }
}
