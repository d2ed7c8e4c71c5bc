//! Looks at rows as they are, past the program: counts, texts, and the lock of somebody else.

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, QueryResult, Statement};
use tokio::runtime::{Builder, Runtime};

/// One connection of its own to the database.
pub(crate) struct Rows {
    runtime: Runtime,
    db: DatabaseConnection,
}

impl Rows {
    pub(crate) fn open(url: &str) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).min_connections(1).sqlx_logging(false);
        let db = runtime.block_on(Database::connect(options)).expect("a database");
        Self { runtime, db }
    }

    pub(crate) fn execute(&self, sql: &str) {
        let done = self.runtime.block_on(self.db.execute_unprepared(sql));
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// Saves a further version of the settings of all tenants whose brand's name begins so; `value` is what becomes of the former.
    pub(crate) fn set(&self, brand: &str, value: &str) {
        self.execute(&format!(
            "INSERT INTO settings (tenant_id, version, value, saved_by, saved_at) \
             SELECT tenant_id, max(version) + 1, {value}, saved_by, saved_at FROM settings \
             WHERE json_extract(value, '$.value.brand.name') LIKE '{brand}%' GROUP BY tenant_id"
        ));
    }

    /// The first column of all rows, as numbers.
    pub(crate) fn numbers(&self, sql: &str) -> Vec<i64> {
        self.all(sql)
            .iter()
            .map(|row| row.try_get_by_index(0).expect("a number"))
            .collect()
    }

    /// The one number.
    pub(crate) fn number(&self, sql: &str) -> i64 {
        *self.numbers(sql).first().expect("a row")
    }

    /// The first column of all rows, as texts.
    pub(crate) fn texts(&self, sql: &str) -> Vec<String> {
        self.all(sql)
            .iter()
            .map(|row| row.try_get_by_index(0).expect("a text"))
            .collect()
    }

    fn all(&self, sql: &str) -> Vec<QueryResult> {
        let statement = Statement::from_string(self.db.get_database_backend(), sql);
        let found = self.runtime.block_on(self.db.query_all_raw(statement));
        found.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// SQLite: changes with every commit of any other connection that wrote anything.
    pub(crate) fn data_version(&self) -> i64 {
        self.number("PRAGMA data_version")
    }

    /// How many rows each table has that the product writes; not what the demo keeps for its own pages, and not what the
    /// audit tells about messages: workers write that in their own time.
    pub(crate) fn sizes(&self) -> Vec<(&'static str, i64)> {
        const TABLES: [&str; 10] = [
            "flow",
            "attempt",
            "gate_pass",
            "ceremony",
            "counter",
            "nonce",
            "outbox",
            "audit",
            "session",
            "method",
        ];
        let size = |table| {
            let apart = match table {
                "audit" => " WHERE activity NOT IN ('message-sent', 'message-given-up')",
                _ => "",
            };
            (table, self.number(&format!("SELECT count(*) FROM {table}{apart}")))
        };
        TABLES.into_iter().map(size).collect()
    }
}
