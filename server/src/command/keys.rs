//! `regain keys rotate|clean`: the keys of the key file, changed beside a server at work. R40.

use super::{Settings, open, request_id, say};
use crate::config::Config;
use clap::{Args, Subcommand};
use regain_service::admin::{self, CleanedKeys};
use std::time::Duration;

/// The keys.
#[derive(Subcommand)]
pub(super) enum KeysCommand {
    /// Add a key to the key file, to be used in a while; the servers at work notice without a restart.
    Rotate(Rotate),
    /// Seal with the key in use what older ones sealed, and remove those that were replaced 30 days ago.
    Clean(Settings),
}

/// A key to be added.
#[derive(Args)]
pub(super) struct Rotate {
    #[command(flatten)]
    settings: Settings,
    /// How long it waits: the time to copy the key file to the other nodes
    #[arg(long, value_name = "MINUTES", default_value_t = 10)]
    after: u32,
}

impl KeysCommand {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Rotate(rotate) => rotate.run().await,
            Self::Clean(settings) => clean(&settings.read()?).await,
        }
    }
}

impl Rotate {
    async fn run(self) -> anyhow::Result<()> {
        let config = self.settings.read()?;
        let service = open::beside(&config).await?;
        let after = Duration::from_secs(u64::from(self.after) * 60);
        let (key, cleaned) = admin::rotate_keys(&service, after, &request_id()).await?;
        service.close().await?;
        told(&cleaned)?;
        let (file, minutes) = (config.keys.file.display(), self.after);
        say(&format!("Added key {key} to {file}; it is used in {minutes} minutes."))?;
        say("With several nodes, copy the file to all of them before; none needs a restart.")?;
        say("Back it up again, apart from the database. In 30 days, `regain keys clean` removes the former key.")
    }
}

async fn clean(config: &Config) -> anyhow::Result<()> {
    let service = open::beside(config).await?;
    let cleaned = admin::clean_keys(&service, &request_id()).await?;
    service.close().await?;
    told(&cleaned)?;
    if cleaned.gone.is_empty() {
        say("No key was removed.")?;
    } else {
        say("With several nodes, copy the key file to all of them.")?;
    }
    Ok(())
}

fn told(cleaned: &CleanedKeys) -> anyhow::Result<()> {
    if cleaned.n_renewed > 0 {
        say(&format!("Sealed {} values with the key in use.", cleaned.n_renewed))?;
    }
    for key in &cleaned.gone {
        say(&format!("Removed key {key}, which nothing needs any more."))?;
    }
    for key in &cleaned.needed {
        say(&format!("Key {key} stays: something is still sealed with it."))?;
    }
    Ok(())
}
