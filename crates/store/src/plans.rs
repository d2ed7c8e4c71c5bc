//! The plans of the look-ups that every request makes: all by index, on both databases.

use crate::{Store, accounts, flows, outbox, sessions};
use regain_domain::Timestamp;
use regain_domain::account::UserName;
use sea_orm::{ConnectionTrait, DbBackend, QueryTrait, Statement};
use uuid::Uuid;

/// Look-ups, each with the columns that an index has to narrow it by.
fn look_ups(backend: DbBackend) -> [(Statement, [&'static str; 2]); 5] {
    let tenant = Uuid::new_v4();
    let name = UserName::of_row("ada@acorn.example".to_owned());
    [
        (
            accounts::named(tenant, &name).build(backend),
            ["tenant_id", "user_name"],
        ),
        (
            flows::cookie(tenant, [1; 32]).build(backend),
            ["tenant_id", "cookie_hash"],
        ),
        (
            sessions::cookie(tenant, [1; 32]).build(backend),
            ["tenant_id", "cookie_hash"],
        ),
        (
            outbox::waiting(Timestamp::from_ms(0)).build(backend),
            ["state", "due_at"],
        ),
        (outbox::next("ready").build(backend), ["state", "state"]),
    ]
}

/// Holds the plan of each look-up against its columns; an empty table counts as dear to be read whole.
async fn check(store: &Store, explain: &str, column: usize, by_index: &str) {
    let db = store.begin().await.unwrap();
    if !store.is_sqlite() {
        db.execute_unprepared("SET LOCAL enable_seqscan = off").await.unwrap();
    }
    for (mut look_up, columns) in look_ups(db.get_database_backend()) {
        look_up.sql = format!("{explain} {}", look_up.sql);
        let rows = db.query_all_raw(look_up).await.unwrap();
        let plan: Vec<String> = rows.iter().map(|row| row.try_get_by_index(column).unwrap()).collect();
        let narrowed = plan
            .iter()
            .find(|line| line.contains(by_index))
            .unwrap_or_else(|| panic!("{plan:?}"));
        assert!(columns.iter().all(|column| narrowed.contains(column)), "{plan:?}");
        assert!(
            !plan
                .iter()
                .any(|line| line.contains("SCAN") || line.contains("Seq Scan") || line.contains("Sort")),
            "{plan:?}"
        );
    }
}

#[tokio::test]
async fn look_ups_use_indexes_on_sqlite() {
    check(&Store::for_tests().await, "EXPLAIN QUERY PLAN", 3, "SEARCH").await;
}

#[tokio::test]
async fn look_ups_use_indexes_on_postgresql() {
    check(&Store::for_tests_on_postgres().await, "EXPLAIN", 0, "Index Cond").await;
}
