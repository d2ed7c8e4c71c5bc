//! Passkeys: ceremonies under way, and whether a session began with a password that was typed (R53).

use super::table::{add, bytes, create, id, index, number};
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
            bytes("owner"),
            bytes("sealed"),
            number("expires_at"),
        ];
        create(manager, "ceremony", &["tenant_id", "owner"], &columns).await?;
        index(manager, "ceremony", &["expires_at"]).await?;
        // Of sessions that are open now nothing is known: they are asked for the password.
        add(manager, "session", &[number("password_at").or_null()]).await
    }
}
