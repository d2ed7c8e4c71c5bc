//! Registering one's own methods: names and a preferred one, what is on its way, and how fresh a session's proof is (R53).

use super::table::{add, bytes, create, id, index, number, text, unique};
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
            text("name").or_null(),
            number("preferred_at").or_null(),
            text("root").or_null(),
        ];
        add(manager, "method", &columns).await?;
        // As good as the canonical form for what people type; an address in other capitals is found by its next change.
        let roots = "UPDATE method SET root = 'mail:' || lower(value) WHERE kind = 'email'";
        manager.get_connection().execute_unprepared(roots).await?;
        index(manager, "method", &["tenant_id", "root"]).await?;
        let columns = [number("proved_at").or_null(), text("proved_for").or_null()];
        add(manager, "session", &columns).await?;
        enrolment(manager).await
    }
}

async fn enrolment(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        id("tenant_id").of("tenant"),
        id("id"),
        id("account_id").of("account"),
        id("session_id").of("session"),
        text("kind"),
        text("stage"),
        text("value"),
        bytes("secret").or_null(),
        bytes("code_mac").or_null(),
        number("code_expires_at").or_null(),
        number("resend_at").or_null(),
        number("n_failed"),
        text("refusals"),
        number("started_at"),
        number("expires_at"),
    ];
    create(manager, "enrolment", &["tenant_id", "id"], &columns).await?;
    unique(manager, "enrolment", &["tenant_id", "account_id", "kind"]).await?;
    unique(manager, "enrolment", &["tenant_id", "session_id"]).await?;
    index(manager, "enrolment", &["expires_at"]).await
}
