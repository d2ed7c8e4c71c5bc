//! Accounts with their roles, groups and methods.

use super::table::{bytes, create, flag, id, index, number, text, unique};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        account(manager).await?;
        account_role(manager).await?;
        account_group(manager).await?;
        group_account(manager).await?;
        group_group(manager).await?;
        method(manager).await
    }
}

async fn account(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        id("tenant_id").of("tenant"),
        id("id"),
        text("user_name"),
        text("given_name"),
        text("family_name"),
        text("primary_mail").or_null(),
        text("status"),
        number("expires_at").or_null(),
        text("password_hash"),
        number("password_changed_at"),
        number("password_expires_at").or_null(),
        flag("must_change"),
        text("language").or_null(),
        number("created_at"),
    ];
    create(manager, "account", &["tenant_id", "id"], &columns).await?;
    unique(manager, "account", &["tenant_id", "user_name"]).await
}

async fn account_role(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        id("tenant_id").of("tenant"),
        id("account_id").of("account"),
        text("role"),
    ];
    create(manager, "account_role", &["tenant_id", "account_id", "role"], &columns).await
}

async fn account_group(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        id("tenant_id").of("tenant"),
        id("id"),
        text("name"),
        number("created_at"),
    ];
    create(manager, "account_group", &["tenant_id", "id"], &columns).await?;
    unique(manager, "account_group", &["tenant_id", "name"]).await
}

async fn group_account(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        id("tenant_id").of("tenant"),
        id("group_id").of("account_group"),
        id("account_id").of("account"),
    ];
    create(
        manager,
        "group_account",
        &["tenant_id", "group_id", "account_id"],
        &columns,
    )
    .await?;
    index(manager, "group_account", &["tenant_id", "account_id"]).await
}

async fn group_group(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        id("tenant_id").of("tenant"),
        id("parent_id").of("account_group"),
        id("child_id").of("account_group"),
    ];
    create(
        manager,
        "group_group",
        &["tenant_id", "parent_id", "child_id"],
        &columns,
    )
    .await?;
    index(manager, "group_group", &["tenant_id", "child_id"]).await
}

async fn method(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        id("tenant_id").of("tenant"),
        id("id"),
        id("account_id").of("account"),
        number("place"),
        text("kind"),
        text("value").or_null(),
        bytes("secret").or_null(),
        flag("is_verified"),
        number("last_step"),
        number("added_at"),
        number("last_used_at").or_null(),
    ];
    create(manager, "method", &["tenant_id", "id"], &columns).await?;
    unique(manager, "method", &["tenant_id", "account_id", "place"]).await
}
