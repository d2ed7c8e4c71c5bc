//! What people are asked for at sign-in: since when, how often they have put it off, and when a method was confirmed (R53).

use super::table::{add, number, text};
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
            text("asked_for").or_null(),
            number("asked_at").or_null(),
            number("n_skipped").or("0"),
            number("skipped_at").or_null(),
        ];
        add(manager, "account", &columns).await?;
        // Where nothing is written its registration is its confirmation.
        add(manager, "method", &[number("confirmed_at").or_null()]).await
    }
}
