//! What the migrations make against what the entities expect, on both databases.

use crate::Store;
use crate::entity::{
    account, account_group, account_role, answer, approval, attempt, audit, ceremony, channel_trouble, counter,
    demo_clock, demo_message, demo_person, desk, device, enrolment, flow, former_password, gate_pass, group_account,
    group_group, key_mark, kiosk, method, nonce, one_time_pass, outbox, policy_draft, push_key, rollout, session,
    settings, setup, spent, tenant, tenant_host, time_mark, veto,
};
use sea_orm::{ConnectionTrait, EntityTrait, IdenStatic, Iterable, Statement};
use std::collections::BTreeMap;

type Tables = BTreeMap<String, Vec<String>>;

fn table<E: EntityTrait + Default>() -> (String, Vec<String>) {
    let mut columns: Vec<String> = E::Column::iter().map(|column| column.as_str().to_owned()).collect();
    columns.sort_unstable();
    (E::default().table_name().to_owned(), columns)
}

fn expected() -> Tables {
    BTreeMap::from([
        table::<account::Entity>(),
        table::<account_group::Entity>(),
        table::<account_role::Entity>(),
        table::<answer::Entity>(),
        table::<approval::Entity>(),
        table::<attempt::Entity>(),
        table::<audit::Entity>(),
        table::<ceremony::Entity>(),
        table::<channel_trouble::Entity>(),
        table::<counter::Entity>(),
        table::<demo_clock::Entity>(),
        table::<demo_message::Entity>(),
        table::<demo_person::Entity>(),
        table::<desk::Entity>(),
        table::<device::Entity>(),
        table::<enrolment::Entity>(),
        table::<flow::Entity>(),
        table::<former_password::Entity>(),
        table::<gate_pass::Entity>(),
        table::<group_account::Entity>(),
        table::<group_group::Entity>(),
        table::<key_mark::Entity>(),
        table::<kiosk::Entity>(),
        table::<method::Entity>(),
        table::<nonce::Entity>(),
        table::<one_time_pass::Entity>(),
        table::<outbox::Entity>(),
        table::<policy_draft::Entity>(),
        table::<push_key::Entity>(),
        table::<rollout::Entity>(),
        table::<session::Entity>(),
        table::<settings::Entity>(),
        table::<setup::Entity>(),
        table::<spent::Entity>(),
        table::<tenant::Entity>(),
        table::<tenant_host::Entity>(),
        table::<time_mark::Entity>(),
        table::<veto::Entity>(),
    ])
}

/// The first two columns of each row, gathered by the first.
async fn gathered(store: &Store, sql: &str) -> Tables {
    let db = store.database();
    let rows = db
        .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .unwrap();
    let mut tables = Tables::new();
    for row in rows {
        let value = |index: usize| row.try_get_by_index::<String>(index).unwrap();
        tables.entry(value(0)).or_default().push(value(1));
    }
    tables
}

#[tokio::test]
async fn sqlite_has_the_tables_of_the_entities() {
    let store = Store::for_tests().await;
    let columns = "SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
        WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name <> 'seaql_migrations' ORDER BY 1, 2";
    assert_eq!(gathered(&store, columns).await, expected());
}

#[tokio::test]
async fn postgresql_has_the_tables_of_the_entities() {
    let store = Store::for_tests_on_postgres().await;
    let columns = "SELECT table_name::text, column_name::text FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name <> 'seaql_migrations' ORDER BY 1, column_name COLLATE \"C\"";
    assert_eq!(gathered(&store, columns).await, expected());
}

#[tokio::test]
async fn r37_every_text_column_compares_bytewise_on_postgresql() {
    let store = Store::for_tests_on_postgres().await;
    let others = "SELECT table_name::text, column_name::text FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name <> 'seaql_migrations' AND data_type = 'text'
        AND collation_name IS DISTINCT FROM 'C'";
    assert_eq!(gathered(&store, others).await, Tables::new());
}

#[tokio::test]
async fn every_foreign_key_has_an_index() {
    let store = Store::for_tests().await;
    let keys = "SELECT t.name || '.' || k.id, k.\"from\" FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) k
        WHERE t.type = 'table' ORDER BY 1, k.seq";
    let indexes = "SELECT t.name || '.' || i.name, c.name FROM sqlite_schema t JOIN pragma_index_list(t.name) i
        JOIN pragma_index_info(i.name) c WHERE t.type = 'table' ORDER BY 1, c.seqno";
    let indexes = gathered(&store, indexes).await;
    let keys = gathered(&store, keys).await;
    assert!(keys.len() > 20);
    for (key, columns) in keys {
        let (table, _) = key.split_once('.').unwrap();
        let is_indexed = indexes
            .iter()
            .any(|(index, of)| index.starts_with(&format!("{table}.")) && of.starts_with(&columns));
        assert!(is_indexed, "{table} {columns:?}");
    }
}

#[tokio::test]
async fn both_databases_have_the_same_indexes() {
    let sqlite = "SELECT i.name, c.name FROM sqlite_schema i JOIN pragma_index_info(i.name) c
        WHERE i.type = 'index' AND i.sql IS NOT NULL ORDER BY 1, c.seqno";
    let postgres = "SELECT i.relname::text, a.attname::text FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
        JOIN pg_attribute a ON a.attrelid = i.oid WHERE i.relname LIKE '%\\_by\\_%' ORDER BY 1, a.attnum";
    let sqlite = gathered(&Store::for_tests().await, sqlite).await;
    assert!(sqlite.len() > 20);
    assert_eq!(gathered(&Store::for_tests_on_postgres().await, postgres).await, sqlite);
}
