//! The audit, with triggers that let rows only be added (R54).

use super::table::{bytes, create, flag, id, index, number, serial, text, unique};
use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;

/// Seven days: so long a row stays, whoever wants to delete it. Retention is a matter of housekeeping.
const SQLITE: &str = "
CREATE TRIGGER audit_stays_as_written BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
WHEN OLD.at > (CAST(strftime('%s', 'now') AS INTEGER) - 7 * 86400) * 1000
BEGIN SELECT RAISE(ABORT, 'audit rows stay for seven days'); END;
";

const POSTGRES: &str = "
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.at <= (extract(epoch FROM now())::bigint - 7 * 86400) * 1000 THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'audit rows are never changed, and stay for seven days';
END $$;
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_stays_whole BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
";

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            serial("no"),
            id("id"),
            id("tenant_id").of("tenant"),
            number("at"),
            text("activity"),
            flag("is_success"),
            text("reason"),
            id("actor_id").or_null(),
            text("actor_role").or_null(),
            id("subject_id").or_null(),
            text("network"),
            bytes("device_hash"),
            text("request_id"),
            text("reference").or_null(),
        ];
        create(manager, "audit", &[], &columns).await?;
        unique(manager, "audit", &["id"]).await?;
        index(manager, "audit", &["tenant_id", "no"]).await?;
        let triggers = match manager.get_database_backend() {
            DbBackend::Postgres => POSTGRES,
            _ => SQLITE,
        };
        manager.get_connection().execute_unprepared(triggers).await?;
        Ok(())
    }
}
