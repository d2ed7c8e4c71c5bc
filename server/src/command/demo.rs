//! `regain demo`: two organisations to play with; its own database, and no message leaves the machine.

use super::{open, say};
use crate::config::Config;
use crate::logs;
use crate::run::{Ground, Server};
use crate::traces::Traces;
use anyhow::{Context, bail};
use clap::Args;
use regain_service::demo as service;
use regain_service::tasks::Tasks;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What tells a folder as a demo's.
const MARK: &str = "demo.db";
/// What a demo's folder may hold.
const OWN: [&str; 6] = [
    MARK,
    "demo.db-wal",
    "demo.db-shm",
    "demo.db-journal",
    "demo.db.lock",
    "demo.keys",
];

/// Starts the demo.
#[derive(Args)]
pub(super) struct Demo {
    /// Where to serve
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
    /// Forget everything of former demos
    #[arg(long)]
    fresh: bool,
    /// Where the demo keeps its database, between starts too
    #[arg(long, value_name = "FOLDER", default_value = "data/demo")]
    data: PathBuf,
}

impl Demo {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let config = self.config()?;
        let traces = Traces::start(&config.otel)?;
        logs::start(&config.log, &traces);
        let served = self.serve(&config).await;
        traces.close().await;
        served
    }

    /// Round after round, until told to stop.
    async fn serve(&self, config: &Config) -> anyhow::Result<()> {
        let ground = Ground::prepare(config)?;
        let mut is_fresh = self.fresh;
        loop {
            if is_fresh {
                forget(&self.data)?;
            }
            is_fresh = self.round(&ground, config).await?;
            if !is_fresh {
                return Ok(());
            }
        }
    }

    /// From start to stop; true if an empty database is wanted next.
    async fn round(&self, ground: &Ground, config: &Config) -> anyhow::Result<bool> {
        let store = open::store(&config.database.url, &config.keys.file).await?;
        let (service, demo) = service::Demo::start(store, self.listen.port()).await?;
        let tasks = Tasks::default();
        let gateways = Arc::new(crate::gateways::of_demo(demo.gateway_key())?);
        let server = Server::new(
            ground,
            config,
            service.clone(),
            tasks.clone(),
            gateways,
            Some(demo.clone()),
        )?;
        service.settle_clock().await?;
        service.start(&tasks, demo.channels());
        greet(&demo).await?;
        server.serve(demo.fresh_wanted()).await
    }

    /// The settings of the environment, but for what makes it a demo: address, database, keys, limits, no mail server.
    fn config(&self) -> anyhow::Result<Config> {
        let mut config = Config::of_environment()?;
        if config.database.url != Config::default().database.url {
            bail!("a demo keeps a database of its own: take `database.url` out of the environment");
        }
        let folder = self.data.display();
        config.listen = self.listen;
        config.database.url = format!("sqlite://{folder}/{MARK}?mode=rwc");
        config.keys.file = self.data.join("demo.keys");
        config.limits.connections_per_network = usize::MAX;
        Ok(config)
    }
}

/// Removes a demo's files, and refuses a folder that holds anything else.
fn forget(folder: &Path) -> anyhow::Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot look into {}", folder.display()))?;
    let names: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.file_name())).collect();
    if let Some(foreign) = names.iter().find(|name| !OWN.iter().any(|own| own == name)) {
        bail!(
            "{} holds `{}`, which is no demo's: choose another folder by --data",
            folder.display(),
            foreign.display()
        );
    }
    for name in names {
        let file = folder.join(name);
        std::fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
    }
    Ok(())
}

async fn greet(demo: &service::Demo) -> anyhow::Result<()> {
    for tenancy in demo.tenants().await? {
        say(&format!(
            "\n{}: {}/reset",
            tenancy.settings.brand.name, tenancy.base_url
        ))?;
        for person in demo.accounts(&tenancy).await? {
            say(&format!("  {:<28} {}", person.username, person.password))?;
        }
        say(&format!("  codes and notices arrive at {}/demo", tenancy.base_url))?;
    }
    say("\nStop with Ctrl+C.")
}
