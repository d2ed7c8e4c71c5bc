//! The schema, by migrations: forward only, one idea each, never edited once merged.

#![expect(
    elided_lifetimes_in_paths,
    reason = "the trait of sea-orm-migration elides them, and an impl has to do as it does"
)]

mod m0001_tenants;
mod m0002_accounts;
mod m0003_flows;
mod m0004_limits;
mod m0005_sessions;
mod m0006_outbox;
mod m0007_audit;
mod m0008_demo;
mod m0009_key_marks;
mod m0010_time_mark;
mod m0012_former_passwords;
mod m0013_audit_by_time;
mod m0014_outbox_by_kind;
mod m0015_registration;
mod m0016_answers;
mod m0017_outbox_channel;
mod m0018_spent;
mod m0019_approvals;
mod m0020_passkeys;
mod m0021_authenticators;
mod m0022_channel_trouble;
mod m0023_vetoes;
mod m0024_interrupts;
mod m0025_policy_drafts;
mod m0026_people;
mod m0028_never_expires;
mod m0029_editions;
mod m0030_kiosk;
mod m0031_one_time_passes;
mod m0033_setup;
mod m0034_kiosks;
#[cfg(test)]
mod shape;
mod table;

use crate::error::Error;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend};
use sea_orm_migration::{MigrationTrait, MigratorTrait, async_trait};

/// Names the lock that migrating nodes wait for on PostgreSQL: "regain" in ASCII.
const LOCK: &str = "SELECT pg_advisory_xact_lock(x'72656761696e'::bigint)";

/// The migrations, in order.
struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_tenants::Migration),
            Box::new(m0002_accounts::Migration),
            Box::new(m0003_flows::Migration),
            Box::new(m0004_limits::Migration),
            Box::new(m0005_sessions::Migration),
            Box::new(m0006_outbox::Migration),
            Box::new(m0007_audit::Migration),
            Box::new(m0008_demo::Migration),
            Box::new(m0009_key_marks::Migration),
            Box::new(m0010_time_mark::Migration),
            Box::new(m0012_former_passwords::Migration),
            Box::new(m0013_audit_by_time::Migration),
            Box::new(m0014_outbox_by_kind::Migration),
            Box::new(m0015_registration::Migration),
            Box::new(m0016_answers::Migration),
            Box::new(m0017_outbox_channel::Migration),
            Box::new(m0018_spent::Migration),
            Box::new(m0019_approvals::Migration),
            Box::new(m0020_passkeys::Migration),
            Box::new(m0021_authenticators::Migration),
            Box::new(m0022_channel_trouble::Migration),
            Box::new(m0023_vetoes::Migration),
            Box::new(m0024_interrupts::Migration),
            Box::new(m0025_policy_drafts::Migration),
            Box::new(m0026_people::Migration),
            Box::new(m0028_never_expires::Migration),
            Box::new(m0029_editions::Migration),
            Box::new(m0030_kiosk::Migration),
            Box::new(m0031_one_time_passes::Migration),
            Box::new(m0033_setup::Migration),
            Box::new(m0034_kiosks::Migration),
        ]
    }
}

/// Brings the schema up to this release, all of it or nothing, one node at a time (R38).
///
/// On SQLite the transaction itself, which is an immediate one, keeps others out.
pub(crate) async fn run(db: &DatabaseTransaction) -> Result<(), Error> {
    if db.get_database_backend() == DbBackend::Postgres {
        db.execute_unprepared(LOCK).await?;
    }
    n_missing(db).await?;
    Ok(Migrator::up(db, None).await?)
}

/// Refuses a schema that is not the one of this release.
pub(crate) async fn check(db: &DatabaseTransaction) -> Result<(), Error> {
    match n_missing(db).await? {
        0 => Ok(()),
        _ => Err(Error::Older),
    }
}

/// Migrations that the schema lacks; one that has more is refused.
async fn n_missing(db: &DatabaseTransaction) -> Result<usize, Error> {
    let known: Vec<String> = Migrator::migrations()
        .iter()
        .map(|migration| migration.name().to_owned())
        .collect();
    let applied = Migrator::get_migration_models(db).await?;
    let n_applied = applied.len();
    match applied.into_iter().find(|row| !known.contains(&row.version)) {
        Some(newer) => Err(Error::Newer { found: newer.version }),
        None => Ok(known.len().saturating_sub(n_applied)),
    }
}
