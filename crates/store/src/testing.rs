//! Databases for tests: SQLite in a file of its own, PostgreSQL in a database of its own. Faults are panics here.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a test that gets no database has failed"
)]

use crate::connect::Pools;
use crate::{Keyring, Store, connect};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement, TryGetable};
use std::sync::Arc;
use uuid::Uuid;

impl Store {
    /// A new SQLite database in a file that goes with the store; with a reader and a writer, as in earnest.
    pub async fn for_tests() -> Self {
        Self::for_tests_told(|_| {}).await
    }

    /// The same, and every statement is told as it is carried out, its values left out.
    pub async fn for_tests_told(tell: impl Fn(&str) + Clone + Send + Sync + 'static) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("regain.db").display());
        let Pools {
            mut writer,
            mut reader,
            mut guard,
        } = connect::connect(&url).await.expect("a database");
        guard.folder = Some(folder);
        let tell_too = tell.clone();
        writer.set_metric_callback(move |info| tell(&info.statement.sql));
        reader.set_metric_callback(move |info| tell_too(&info.statement.sql));
        let pools = Pools { writer, reader, guard };
        Self::of(pools, Arc::new(Keyring::for_tests())).await.expect("a schema")
    }

    /// A new database on the PostgreSQL server that the tests are given.
    pub async fn for_tests_on_postgres() -> Self {
        let url = new_postgres_database().await;
        Self::open(&url, Arc::new(Keyring::for_tests()))
            .await
            .expect("a schema")
    }

    /// The writer's connection: to look at rows as they are.
    pub fn database(&self) -> &DatabaseConnection {
        &self.inner.writer
    }

    /// Runs statements on the writer's connection, past every rule.
    pub async fn run(&self, sql: &str) {
        let done = self.database().execute_unprepared(sql).await;
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// The first column of all rows, as the writer sees them: numbers or texts.
    pub async fn column<T: TryGetable>(&self, sql: &str) -> Vec<T> {
        let statement = Statement::from_string(self.database().get_database_backend(), sql);
        let found = self.database().query_all_raw(statement).await;
        let rows = found.unwrap_or_else(|error| panic!("{sql}: {error}"));
        rows.iter()
            .map(|row| row.try_get_by_index(0).expect("a value"))
            .collect()
    }
}

/// Makes an empty database and gives its address.
pub async fn new_postgres_database() -> String {
    let server = server();
    let name = format!("regain_test_{}", Uuid::new_v4().simple());
    let admin = Database::connect(&server)
        .await
        .expect("REGAIN_TEST_POSTGRES can be reached");
    admin
        .execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await
        .expect("a new database");
    admin.close().await.expect("a closed connection");
    let (before, _) = server
        .rsplit_once('/')
        .expect("REGAIN_TEST_POSTGRES ends in /<database>");
    format!("{before}/{name}")
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests have no configuration but this one address"
)]
fn server() -> String {
    std::env::var("REGAIN_TEST_POSTGRES").expect("run through `make test`, or set REGAIN_TEST_POSTGRES")
}
