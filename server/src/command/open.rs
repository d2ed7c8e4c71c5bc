//! Opens what every command works on: keys, rows, the service.

use crate::config::Config;
use anyhow::Context;
use regain_domain::tenant::Ways;
use regain_service::clock::SystemClock;
use regain_service::{NetworkLimits, Service};
use regain_store::{Error, Store};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The service on the configured database. Nothing runs yet.
pub(super) async fn service(config: &Config) -> anyhow::Result<Service> {
    service_with(config, Ways::default()).await
}

/// The same, with these ways to phones.
pub(super) async fn service_with(config: &Config, ways: Ways) -> anyhow::Result<Service> {
    let store = store(&config.database.url, &config.keys.file).await?;
    Service::open(store, Arc::new(SystemClock), networks(config), ways).await
}

/// The service on the database of a server that may be at work: nothing is made, and nothing runs.
pub(super) async fn beside(config: &Config) -> anyhow::Result<Service> {
    beside_with(config, Ways::default()).await
}

/// The same, with these ways to phones.
pub(super) async fn beside_with(config: &Config, ways: Ways) -> anyhow::Result<Service> {
    let store = Store::beside(&config.database.url, &config.keys.file)
        .await
        .map_err(told)?;
    Service::open(store, Arc::new(SystemClock), networks(config), ways).await
}

/// Keys and rows. A key ring is made only where there are no rows yet that another one sealed (R40).
pub(super) async fn store(url: &str, keys: &Path) -> anyhow::Result<Store> {
    let file = sqlite_file(url);
    for path in file.iter().map(PathBuf::as_path).chain([keys]) {
        make_folder(path)?;
    }
    Store::start(url, keys).await.map_err(told)
}

/// What went wrong, with the setting that it is about.
fn told(error: Error) -> anyhow::Error {
    let setting = match error {
        Error::Keys(_) | Error::KeyFile(_) => "cannot use `keys.file`",
        _ => "cannot use `database.url`",
    };
    anyhow::Error::new(error).context(setting)
}

fn networks(config: &Config) -> NetworkLimits {
    NetworkLimits {
        n_easy_identifies: config.limits.easy_identifies_per_network,
        n_most: config.limits.identifies_per_network,
    }
}

fn make_folder(file: &Path) -> anyhow::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let made = folder.map_or(Ok(()), std::fs::create_dir_all);
    made.with_context(|| format!("cannot make the folder of {}", file.display()))
}

/// The file of an SQLite address; nothing for memory and PostgreSQL.
fn sqlite_file(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let path = rest.split('?').next().unwrap_or_default();
    (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_an_address() {
        for (url, expect) in [
            ("sqlite://data/regain.db?mode=rwc", Some("data/regain.db")),
            ("sqlite:///var/lib/regain/regain.db", Some("/var/lib/regain/regain.db")),
            ("sqlite::memory:", None),
            ("postgres://regain@db/regain", None),
        ] {
            assert_eq!(sqlite_file(url), expect.map(PathBuf::from), "{url}");
        }
    }

    #[tokio::test]
    async fn r40_no_new_keys_for_old_rows() {
        let folder = tempfile::tempdir().unwrap();
        let (database, keys) = (folder.path().join("sub/regain.db"), folder.path().join("keys"));
        let url = format!("sqlite://{}?mode=rwc", database.display());
        store(&url, &keys).await.unwrap().close().await.unwrap();
        std::fs::remove_file(&keys).unwrap();
        assert!(store(&url, &keys).await.is_err());
        assert!(!keys.exists());
    }
}
