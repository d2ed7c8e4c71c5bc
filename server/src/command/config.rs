//! `regain config check|show`

use super::{Settings, say};
use crate::config::Config;
use clap::Subcommand;

/// Looks at the settings.
#[derive(Subcommand)]
pub(super) enum ConfigCommand {
    /// Say whether `regain serve` could use the settings.
    Check(Settings),
    /// Show every setting as it holds now, secrets masked.
    Show(Settings),
}

impl ConfigCommand {
    pub(super) fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Check(settings) => {
                let config = Config::load(settings.file.as_deref())?;
                config.mail_problem().map_or(Ok(()), Err)?;
                crate::mail::channel(&config.mail)?;
                crate::gateways::configured(&config)?;
                say("The settings can be used.")
            }
            Self::Show(settings) => {
                let config = Config::load(settings.file.as_deref())?;
                config.shown().iter().try_for_each(|line| say(line))
            }
        }
    }
}
