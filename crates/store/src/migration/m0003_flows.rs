//! Flows, tries at gates, and passed gates (R01, R03).

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
        flow(manager).await?;
        attempt(manager).await?;
        gate_pass(manager).await
    }
}

async fn flow(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        id("tenant_id").of("tenant"),
        id("id"),
        bytes("cookie_hash"),
        number("rev"),
        id("account_id").or_null().of("account"),
        text("hollow").or_null(),
        text("user_name"),
        text("purpose"),
        text("mode"),
        text("state"),
        text("detail").or_null(),
        id("attempt_id").or_null(),
        number("n_needed"),
        number("n_failed"),
        number("policy_version"),
        number("password_changed_at").or_null(),
        text("refusals"),
        text("reference"),
        flag("is_help_asked"),
        number("started_at"),
        number("moved_at"),
        number("expires_at"),
    ];
    create(manager, "flow", &["tenant_id", "id"], &columns).await?;
    unique(manager, "flow", &["tenant_id", "cookie_hash"]).await?;
    index(manager, "flow", &["tenant_id", "account_id"]).await?;
    index(manager, "flow", &["expires_at"]).await
}

async fn attempt(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        id("tenant_id").of("tenant"),
        id("id"),
        id("flow_id").of("flow"),
        text("gate"),
        id("method_id").or_null(),
        text("root").or_null(),
        text("stage"),
        number("resend_at").or_null(),
        bytes("send_key").or_null(),
        number("opened_at"),
        bytes("code_mac").or_null(),
        number("code_expires_at").or_null(),
        number("code_used_at").or_null(),
    ];
    create(manager, "attempt", &["tenant_id", "id"], &columns).await?;
    index(manager, "attempt", &["tenant_id", "flow_id"]).await
}

async fn gate_pass(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        id("tenant_id").of("tenant"),
        id("attempt_id").of("attempt"),
        id("flow_id").of("flow"),
        text("gate"),
        text("root"),
        id("method_id"),
        number("passed_at"),
    ];
    create(manager, "gate_pass", &["tenant_id", "attempt_id"], &columns).await?;
    index(manager, "gate_pass", &["tenant_id", "flow_id"]).await
}
