//! What can go wrong with rows. A refusal is never in here.

use crate::keyfile::KeyError;
use sea_orm::{DbErr, RuntimeErr, SqlErr, SqlxError};
use std::path::PathBuf;

/// A fault of the database, or a write that came too late.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A conditional write hit no row, or what is new was there already: nothing was changed (R02).
    ///
    /// On PostgreSQL the transaction may be spent; roll it back.
    #[error("the row was changed meanwhile, is there already, or hangs on one that is not there")]
    Conflict,
    /// Locked for too long, or no connection free, or the database asks to try again.
    #[error("the database is busy")]
    Busy,
    /// The disk that holds the database is full: nothing was written, and it may be tried again (F12).
    #[error("the disk of the database is full")]
    Full,
    /// Two transactions waited for each other, or saw each other too late, and this one was undone: it may be tried again.
    #[error("the database undid a transaction for the sake of another one")]
    Torn,
    /// The schema is newer than this release (R38).
    #[error("the database has migration {found}, which this release does not know: start the release that wrote it")]
    Newer {
        /// The migration that is unknown here.
        found: String,
    },
    /// The address of the database is none, or not safe to use (R37).
    #[error("{0}")]
    Address(String),
    /// The schema is older than this release, where nothing may be changed about it.
    #[error("the database is one of an older release: run `regain migrate` first")]
    Older,
    /// Another server has the SQLite file open (R37).
    #[error("{} is in use by another server; stop that one first", .0.display())]
    InUse(PathBuf),
    /// The SQLite file cannot be made or locked.
    #[error("the database file {}: {source}", .path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// There are no keys.
    #[error(transparent)]
    KeyFile(#[from] KeyError),
    /// The keyring is not the one that this database was written with (R40).
    #[error("{0}")]
    Keys(String),
    /// A column holds what this release cannot read.
    #[error("a column cannot be read: {0}")]
    Codec(String),
    /// Any other fault.
    #[error(transparent)]
    Db(DbErr),
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match code(&error) {
            Code::Busy => Self::Busy,
            Code::Torn => Self::Torn,
            Code::Full => Self::Full,
            Code::Other => Self::Db(error),
        }
    }
}

impl Error {
    /// For new rows: one that is there already, or hangs on nothing, is a conflict.
    pub(crate) fn of_insert(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_) | SqlErr::ForeignKeyConstraintViolation(_)) => Self::Conflict,
            _ => error.into(),
        }
    }
}

/// What a fault of the database means for whoever waits.
enum Code {
    Busy,
    Torn,
    Full,
    Other,
}

fn code(error: &DbErr) -> Code {
    match error {
        DbErr::ConnectionAcquire(_) => Code::Busy,
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
            if matches!(**cause, SqlxError::Io(_)) {
                // The next connection finds the server again, or its successor.
                return Code::Busy;
            }
            let code = cause
                .as_database_error()
                .and_then(sea_orm::sqlx::error::DatabaseError::code);
            match code.as_deref() {
                // SQLITE_BUSY with its extended codes, SQLITE_LOCKED; PostgreSQL: lock, connections, it stops, it crashed,
                // it starts, it is no primary any more.
                Some(
                    "5" | "6" | "261" | "262" | "517" | "773" | "55P03" | "53300" | "57P01" | "57P02" | "57P03"
                    | "25006",
                ) => Code::Busy,
                // PostgreSQL: serialisation, deadlock.
                Some("40001" | "40P01") => Code::Torn,
                // SQLITE_FULL, no room for the index of its log; PostgreSQL: disk full.
                Some("13" | "4874" | "53100") => Code::Full,
                _ => Code::Other,
            }
        }
        _ => Code::Other,
    }
}
