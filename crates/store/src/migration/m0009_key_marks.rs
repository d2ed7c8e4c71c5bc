//! Marks of the keys that the database was written with (R40).

use super::table::{bytes, create, number, text, unique};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [number("no"), text("key_id"), bytes("check_value")];
        create(manager, "key_mark", &["no"], &columns).await?;
        unique(manager, "key_mark", &["key_id"]).await?;
        Ok(())
    }
}
