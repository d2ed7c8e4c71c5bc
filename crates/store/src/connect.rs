//! From an address to pools: pragmas, file modes and the lock beside an SQLite file. Knows no table.

use crate::address;
use crate::error::Error;
use sea_orm::sqlx::{self, Connection};
use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use std::fs::{File, OpenOptions, Permissions, TryLockError};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Readers beside the one writer of an SQLite file.
const READERS: u32 = 8;
/// Connections to PostgreSQL.
const CONNECTIONS: u32 = 16;
/// Rows that SQLite's thread may be ahead of whoever reads them: with few of them the two wait for each other in turn.
const ROWS_AHEAD: usize = 500;
/// How long to wait for a connection or a lock.
const PATIENCE: Duration = Duration::from_secs(5);

/// What lives as long as the pools.
#[derive(Default)]
pub(crate) struct Guard {
    /// The locked file; nothing for PostgreSQL and memory.
    _lock: Option<File>,
    /// The folder of a test's database, which goes with it.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) folder: Option<tempfile::TempDir>,
}

/// Connections to one database.
pub(crate) struct Pools {
    pub(crate) writer: DatabaseConnection,
    pub(crate) reader: DatabaseConnection,
    pub(crate) guard: Guard,
}

/// Connects to `sqlite:…` or `postgres://…`.
pub(crate) async fn connect(url: &str) -> Result<Pools, Error> {
    if let Some(why) = address::problem(url) {
        return Err(Error::Address(why));
    }
    match sqlite_path(url) {
        None => one_pool(postgres(url)).await,
        Some(":memory:") => one_pool(sqlite(url, 1, false)).await,
        Some(path) => file(url, Path::new(path)).await,
    }
}

/// The same beside a server that has the file: takes no lock, and makes no file.
pub(crate) async fn beside(url: &str) -> Result<Pools, Error> {
    let Some(path) = sqlite_path(url).filter(|path| *path != ":memory:") else {
        return connect(url).await;
    };
    let path = Path::new(path);
    path.metadata().map_err(|source| Error::File {
        path: path.to_owned(),
        source,
    })?;
    pools(url, Guard::default()).await
}

async fn one_pool(options: ConnectOptions) -> Result<Pools, Error> {
    let pool = Database::connect(options).await?;
    Ok(Pools {
        writer: pool.clone(),
        reader: pool,
        guard: Guard::default(),
    })
}

async fn file(url: &str, path: &Path) -> Result<Pools, Error> {
    let lock = lock(path)?;
    make_private(path)?;
    let guard = Guard {
        _lock: Some(lock),
        ..Guard::default()
    };
    pools(url, guard).await
}

async fn pools(url: &str, guard: Guard) -> Result<Pools, Error> {
    let writer = Database::connect(sqlite(url, 1, false)).await?;
    let reader = Database::connect(sqlite(url, READERS, true)).await?;
    Ok(Pools { writer, reader, guard })
}

/// The path within an SQLite address; nothing for other databases.
fn sqlite_path(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("sqlite:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    Some(rest.split_once('?').map_or(rest, |(path, _)| path))
}

/// Takes the lock file beside the database, which belongs to one server at a time (R37).
fn lock(path: &Path) -> Result<File, Error> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let name = PathBuf::from(name);
    let file = private(&name)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::InUse(path.to_owned())),
        Err(TryLockError::Error(source)) => Err(Error::File { path: name, source }),
    }
}

/// Makes the file readable for its owner alone, before SQLite opens it: what SQLite puts beside it copies its mode.
fn make_private(path: &Path) -> Result<(), Error> {
    let of_path = |source| Error::File {
        path: path.to_owned(),
        source,
    };
    let file = private(path)?;
    file.set_permissions(Permissions::from_mode(0o600)).map_err(of_path)
}

fn private(path: &Path) -> Result<File, Error> {
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .mode(0o600)
        .open(path)
        .map_err(|source| Error::File {
            path: path.to_owned(),
            source,
        })
}

fn quiet(url: &str, most: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    // Values must not reach logs.
    options.sqlx_logging(false).record_stmt_in_spans(false);
    options
        .max_connections(most)
        .acquire_timeout(PATIENCE)
        .connect_timeout(PATIENCE);
    options
}

fn postgres(url: &str) -> ConnectOptions {
    let mut options = quiet(url, CONNECTIONS);
    options.map_sqlx_postgres_opts(|options| options.options([("synchronous_commit", "on")]));
    options
}

fn sqlite(url: &str, most: u32, is_reader: bool) -> ConnectOptions {
    let mut options = quiet(url, most);
    // A database in memory is gone with its connection.
    options.min_connections(1).idle_timeout(None).max_lifetime(None);
    // A file does not go away as a server does; what may be wrong with a connection is asked for below.
    options.test_before_acquire(false);
    options.map_sqlx_sqlite_opts(move |options| {
        options
            .row_buffer_size(ROWS_AHEAD)
            .pragma("journal_mode", "WAL")
            .pragma("synchronous", "FULL")
            .pragma("busy_timeout", "5000")
            .pragma("foreign_keys", "ON")
            .pragma("secure_delete", "ON")
            .pragma("trusted_schema", "OFF")
            .pragma("query_only", if is_reader { "ON" } else { "OFF" })
    });
    options.map_sqlx_sqlite_before_acquire(|connection, _| Box::pin(is_free(connection)));
    options
}

/// Whether a connection that waits in its pool is in no transaction; if it is, another takes its place.
///
/// When the disk is full SQLite itself rolls back, and the pool's rollback then fails: the pool would take the connection
/// to be in that transaction for good, and each later one for a part of it, whose commit writes nothing (F12).
async fn is_free(connection: &mut sqlx::SqliteConnection) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        // A rollback may still be on its way to the connection's thread: an answer from there comes after it.
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
}

#[cfg(test)]
mod tests {
    use crate::Store;
    use sea_orm::{ConnectionTrait, TransactionTrait};

    #[tokio::test]
    async fn f12_what_sqlite_rolled_back_by_itself_leaves_a_writer_that_commits() {
        let store = Store::for_tests().await;
        store.run("CREATE TABLE thing (n INTEGER)").await;
        for n in 1..=3 {
            // What SQLite does when the disk is full at a commit.
            let broken = store.begin().await.expect("a transaction");
            broken.execute_unprepared("ROLLBACK").await.expect("an end");
            drop(broken);
            drop(store.begin().await.expect("a transaction that is given up"));

            let whole = store.begin().await.expect("a transaction");
            let insert = format!("INSERT INTO thing VALUES ({n})");
            whole.execute_unprepared(&insert).await.expect("a row");
            whole.commit().await.expect("a commit");
            // As another connection sees it, which sees nothing but commits.
            let reader = store.inner.reader.begin().await.expect("a snapshot");
            let found = reader.query_one_raw(sea_orm::Statement::from_string(
                reader.get_database_backend(),
                "SELECT count(*) FROM thing",
            ));
            let row = found.await.expect("an answer").expect("a row");
            assert_eq!(row.try_get_by_index::<i64>(0).expect("a number"), n);
        }
    }
}
