//! Phones with Regain's own authenticator, and the key that pushes to them are signed with (R12).

use super::table::{bytes, create, id, index, number, unique};
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
            id("account_id").of("account"),
            // One of them: what it is registered as, or the registration that it waits for.
            id("method_id").of("method").or_null(),
            id("enrolment_id").of("enrolment").or_null(),
            bytes("key"),
            bytes("place").or_null(),
            number("said_at"),
            number("added_at"),
        ];
        create(manager, "device", &["tenant_id", "id"], &columns).await?;
        unique(manager, "device", &["tenant_id", "key"]).await?;
        unique(manager, "device", &["tenant_id", "enrolment_id"]).await?;
        index(manager, "device", &["tenant_id", "account_id"]).await?;
        index(manager, "device", &["tenant_id", "method_id"]).await?;
        let columns = [id("tenant_id").of("tenant"), bytes("secret")];
        create(manager, "push_key", &["tenant_id"], &columns).await
    }
}
