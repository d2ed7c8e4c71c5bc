//! Rows of Regain: SQLite or PostgreSQL behind one concrete type. Queries and keys live here, decisions do not.

pub mod accounts;
pub mod address;
pub mod audit;
mod connect;
pub mod counters;
pub mod demo;
mod entity;
mod error;
pub mod flows;
pub mod former_passwords;
pub mod groups;
pub mod housekeeping;
mod json;
mod keyfile;
mod marks;
pub mod methods;
mod migration;
pub mod nonces;
pub mod outbox;
mod rows;
pub mod seal;
pub mod sessions;
pub mod settings;
pub mod tenants;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod times;

#[cfg(test)]
mod plans;

pub use error::Error;
pub use seal::{KeyError, Keyring, Use};

use connect::{Guard, Pools};
use regain_domain::ids::TenantId;
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, IsolationLevel,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use std::sync::Arc;

/// The database: a writer and readers (on PostgreSQL one pool), and the keys that its sealed columns need. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
    keyring: Arc<Keyring>,
    /// Held for as long as the store lives: what keeps other servers off the file.
    _guard: Guard,
}

/// A transaction of one tenant; every query of a tenant's rows takes one (R49). Dropping it rolls back.
pub struct Tx {
    db: DatabaseTransaction,
    tenant: TenantId,
    keyring: Arc<Keyring>,
}

impl Store {
    /// Connects, migrates under a lock, and checks that the keyring is the database's own (R37, R38, R40).
    ///
    /// Refuses a newer schema, foreign keys, and an SQLite file that another server has open.
    pub async fn open(url: &str, keyring: Arc<Keyring>) -> Result<Self, Error> {
        Self::of(connect::connect(url).await?, keyring).await
    }

    async fn of(pools: Pools, keyring: Arc<Keyring>) -> Result<Self, Error> {
        let Pools { writer, reader, guard } = pools;
        let inner = Inner {
            writer,
            reader,
            keyring,
            _guard: guard,
        };
        let store = Self { inner: Arc::new(inner) };
        let db = store.begin().await?;
        migration::run(&db).await?;
        marks::check(&db, &store.inner.keyring).await?;
        db.commit().await?;
        Ok(store)
    }

    /// The keys.
    pub fn keyring(&self) -> &Keyring {
        &self.inner.keyring
    }

    /// A transaction that only reads, and sees one point in time.
    pub async fn read(&self, tenant: TenantId) -> Result<Tx, Error> {
        Ok(self.tx(self.begin_read().await?, tenant))
    }

    /// A transaction that may write; on SQLite it has the one writer from its beginning (R37).
    pub async fn write(&self, tenant: TenantId) -> Result<Tx, Error> {
        Ok(self.tx(self.begin().await?, tenant))
    }

    /// Whether a read works and the writer can be reached.
    pub async fn ping(&self) -> Result<(), Error> {
        self.inner.reader.execute_unprepared("SELECT 1").await?;
        self.begin().await?.rollback().await?;
        Ok(())
    }

    /// Closes the connections, once those in use have come back.
    pub async fn close(self) -> Result<(), Error> {
        self.inner.reader.close_by_ref().await?;
        self.inner.writer.close_by_ref().await?;
        Ok(())
    }

    /// Whether it is SQLite; else it is PostgreSQL.
    pub fn is_sqlite(&self) -> bool {
        self.inner.writer.get_database_backend() == DbBackend::Sqlite
    }

    fn tx(&self, db: DatabaseTransaction, tenant: TenantId) -> Tx {
        Tx {
            db,
            tenant,
            keyring: Arc::clone(&self.inner.keyring),
        }
    }

    /// A writing transaction over all tenants: for what finds the tenant, the outbox and housekeeping only.
    async fn begin(&self) -> Result<DatabaseTransaction, Error> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.inner.writer.begin_with_options(options).await?)
    }

    /// A reading transaction over all tenants.
    async fn begin_read(&self) -> Result<DatabaseTransaction, Error> {
        let options = if self.is_sqlite() {
            // Deferred, so a snapshot; it knows no isolation levels.
            TransactionOptions::default()
        } else {
            TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..TransactionOptions::default()
            }
        };
        Ok(self.inner.reader.begin_with_options(options).await?)
    }
}

impl Tx {
    /// Whose rows it sees.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Makes what was written last.
    pub async fn commit(self) -> Result<(), Error> {
        Ok(self.db.commit().await?)
    }
}
