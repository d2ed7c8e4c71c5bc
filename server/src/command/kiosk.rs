//! `regain kiosk add|remove|list`: locked workstations that may open the reset (R58).

use super::{Settings, moment, open, request_id, say};
use anyhow::anyhow;
use clap::{Args, Subcommand};
use regain_service::admin;

/// Locked workstations.
#[derive(Subcommand)]
pub(super) enum KioskCommand {
    /// Enrol one, or several that share a token.
    Add(Add),
    /// Remove one: what it shows is over at once.
    Remove(Remove),
    /// Show all of them: name, fingerprint, when it was opened last.
    List(Of),
}

/// Whose.
#[derive(Args)]
pub(super) struct Of {
    #[command(flatten)]
    settings: Settings,
    /// The organisation's short name
    #[arg(long, value_name = "SLUG")]
    tenant: String,
}

/// One to be enrolled.
#[derive(Args)]
pub(super) struct Add {
    #[command(flatten)]
    of: Of,
    /// What administrators call it
    name: String,
    /// The SHA-256 of its token, as its installer prints it
    fingerprint: String,
}

/// One to be removed.
#[derive(Args)]
pub(super) struct Remove {
    #[command(flatten)]
    of: Of,
    /// What administrators call it
    name: String,
}

impl KioskCommand {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Add(add) => add.run().await,
            Self::Remove(remove) => remove.run().await,
            Self::List(of) => list(&of).await,
        }
    }
}

impl Add {
    async fn run(self) -> anyhow::Result<()> {
        let service = open::beside(&self.of.settings.read()?).await?;
        let what = (self.name.as_str(), self.fingerprint.as_str());
        let done = admin::add_kiosk(&service, &self.of.tenant, what, &request_id()).await?;
        service.close().await?;
        done.map_err(|wrong| anyhow!(wrong))?;
        say("Enrolled; it holds at once.")
    }
}

impl Remove {
    async fn run(self) -> anyhow::Result<()> {
        let service = open::beside(&self.of.settings.read()?).await?;
        let done = admin::remove_kiosk(&service, &self.of.tenant, &self.name, &request_id()).await?;
        service.close().await?;
        done.map_err(|wrong| anyhow!(wrong))?;
        say("Removed; what it shows is over.")
    }
}

async fn list(of: &Of) -> anyhow::Result<()> {
    let service = open::beside(&of.settings.read()?).await?;
    let all = admin::kiosks(&service, &of.tenant).await?;
    service.close().await?;
    for kiosk in all.map_err(|wrong| anyhow!(wrong))? {
        let opened = kiosk.opened_at.map_or_else(|| "-".to_owned(), moment);
        say(&format!("{}\t{}\t{opened}", kiosk.name, kiosk.fingerprint))?;
    }
    Ok(())
}
