//! People, found by their names; whom staff have register anew; and what a session of staff has before it.

use super::table::{add, create, id, index, number, text};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Empty until housekeeping fills it in, for rows that the former release writes as well.
        let columns = [text("found_by").or(""), number("register_again_at").or_null()];
        add(manager, "account", &columns).await?;
        // Whole, so that a search reads the index alone.
        index(manager, "account", &["tenant_id", "user_name", "found_by"]).await?;
        let columns = [
            id("tenant_id").of("tenant"),
            id("session_id").of("session"),
            text("page"),
            text("what"),
        ];
        create(manager, "desk", &["tenant_id", "session_id", "page"], &columns).await
    }
}
