//! `regain migrate`

use super::{open, say};
use crate::config::Config;

/// Opening a database brings it up to this release.
pub(super) async fn run(config: &Config) -> anyhow::Result<()> {
    open::store(&config.database.url, &config.keys.file)
        .await?
        .close()
        .await?;
    say("The database fits this release.")
}
