//! Phones that were asked, and what they answered (R12, R13); numbers are found by their root from now on (R53).

use super::table::{bytes, create, id, index, number, text, unique};
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
            id("owner_id"),
            id("flow_id").or_null(),
            id("account_id").or_null(),
            id("method_id").or_null(),
            bytes("token_hash"),
            text("number").or_null(),
            text("about"),
            text("provider_id").or_null(),
            text("answer").or_null(),
            number("asked_at"),
            number("expires_at"),
            number("answered_at").or_null(),
            number("used_at").or_null(),
        ];
        create(manager, "approval", &["tenant_id", "id"], &columns).await?;
        unique(manager, "approval", &["tenant_id", "token_hash"]).await?;
        index(manager, "approval", &["tenant_id", "owner_id"]).await?;
        index(manager, "approval", &["tenant_id", "account_id"]).await?;
        index(manager, "approval", &["expires_at"]).await?;
        // Without what follows an extension, as the root of a number is made.
        let roots = "UPDATE method SET root = 'phone:' || CASE WHEN value LIKE '%;%' \
                     THEN substr(value, 1, strpos_semicolon) ELSE value END WHERE kind IN ('mobile', 'office')";
        let at = match manager.get_database_backend() {
            sea_orm::DbBackend::Postgres => "strpos(value, ';') - 1",
            _ => "instr(value, ';') - 1",
        };
        let roots = roots.replace("strpos_semicolon", at);
        manager.get_connection().execute_unprepared(&roots).await?;
        Ok(())
    }
}
