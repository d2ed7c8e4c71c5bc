//! Rows of Regain: SQLite or PostgreSQL behind one concrete type. Queries and keys live here, decisions do not.

pub mod account_fields;
pub mod accounts;
pub mod address;
pub mod answers;
pub mod approvals;
pub mod audit;
pub mod census;
pub mod ceremonies;
mod connect;
pub mod counters;
pub mod demo;
pub mod desk;
pub mod devices;
pub mod enrolments;
mod entity;
mod error;
pub mod flows;
pub mod former_passwords;
pub mod groups;
pub mod housekeeping;
mod json;
mod keyfile;
pub mod keys;
pub mod kiosks;
mod marks;
pub mod methods;
mod migration;
pub mod nonces;
pub mod one_time_passes;
pub mod outbox;
pub mod people;
pub mod policy_drafts;
pub mod push_keys;
pub mod rollout;
mod rows;
pub mod seal;
mod sealed;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod spending;
pub mod tenants;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod times;
pub mod troubles;
pub mod vetoes;

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
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Notify;

/// The database: a writer and readers (on PostgreSQL one pool), and the keys that its sealed columns need. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
    /// Replaced when the file has another key, or the next one comes into use.
    keyring: RwLock<Arc<Keyring>>,
    /// Rung when a message was committed to the outbox.
    bell: Arc<Notify>,
    /// Held for as long as the store lives: what keeps other servers off the file.
    _guard: Guard,
}

/// A transaction of one tenant; every query of a tenant's rows takes one (R49). Dropping it rolls back.
pub struct Tx {
    db: DatabaseTransaction,
    tenant: TenantId,
    keyring: Arc<Keyring>,
    bell: Arc<Notify>,
    /// Whether there is a message among what was written.
    has_message: AtomicBool,
}

impl Store {
    /// Connects, migrates under a lock, and checks that the keyring is the database's own (R37, R38, R40).
    ///
    /// Refuses a newer schema, foreign keys, and an SQLite file that another server has open.
    pub async fn open(url: &str, keyring: Arc<Keyring>) -> Result<Self, Error> {
        Self::of(connect::connect(url).await?, keyring).await
    }

    /// The same with the keys of a file, which is made with a first key if nothing in the database hangs on one yet (R40).
    pub async fn start(url: &str, key_file: &Path) -> Result<Self, Error> {
        let pools = connect::connect(url).await?;
        let db = begin(&pools.writer).await?;
        migration::run(&db).await?;
        let keyring = Keyring::load_or_create(key_file, marks::is_new(&db).await?)?;
        Self::settled(pools, db, &keyring).await
    }

    /// The same beside a server that may be at work: makes neither database nor schema nor keys, and locks nobody out.
    pub async fn beside(url: &str, key_file: &Path) -> Result<Self, Error> {
        let pools = connect::beside(url).await?;
        let db = begin(&pools.writer).await?;
        migration::check(&db).await?;
        let keyring = Keyring::load_or_create(key_file, false)?;
        Self::settled(pools, db, &keyring).await
    }

    async fn of(pools: Pools, keyring: Arc<Keyring>) -> Result<Self, Error> {
        let db = begin(&pools.writer).await?;
        migration::run(&db).await?;
        Self::settled(pools, db, &keyring).await
    }

    async fn settled(pools: Pools, db: DatabaseTransaction, keyring: &Keyring) -> Result<Self, Error> {
        let keyring = marks::settle(&db, keyring).await?;
        db.commit().await?;
        let Pools { writer, reader, guard } = pools;
        let inner = Inner {
            writer,
            reader,
            keyring: RwLock::new(Arc::new(keyring)),
            bell: Arc::default(),
            _guard: guard,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The keys as they are now: [`keys::refresh`] may put others in their place.
    pub fn keyring(&self) -> Arc<Keyring> {
        let held = self.inner.keyring.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&held)
    }

    fn use_keyring(&self, keyring: Keyring) {
        *self.inner.keyring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keyring);
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
            keyring: self.keyring(),
            bell: Arc::clone(&self.inner.bell),
            has_message: AtomicBool::new(false),
        }
    }

    /// Returns once a transaction of this process has put a message into the outbox, or somebody has rung.
    pub async fn has_message(&self) {
        self.inner.bell.notified().await;
    }

    /// Wakes whoever waits for a message, as when the time was moved.
    pub fn ring(&self) {
        self.inner.bell.notify_one();
    }

    /// A writing transaction over all tenants: for what finds the tenant, the outbox and housekeeping only.
    async fn begin(&self) -> Result<DatabaseTransaction, Error> {
        begin(&self.inner.writer).await
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
        self.db.commit().await?;
        if self.has_message.into_inner() {
            self.bell.notify_one();
        }
        Ok(())
    }

    fn note_message(&self) {
        self.has_message.store(true, Ordering::Relaxed);
    }
}

async fn begin(writer: &DatabaseConnection) -> Result<DatabaseTransaction, Error> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    Ok(writer.begin_with_options(options).await?)
}
