//! The commands of `regain`: what each one wants, and how it ends.

mod account;
mod ask;
mod audit;
mod config;
mod demo;
mod doctor;
mod keys;
mod kiosk;
mod migrate;
mod open;
mod outbox;
mod serve;
mod tenant;

use crate::config::Config;
use crate::traces::Traces;
use crate::{hardening, logs};
use anyhow::Context;
use chrono::{DateTime, SecondsFormat};
use clap::{Args, Parser, Subcommand};
use regain_domain::Timestamp;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Regain lets people reset a forgotten password themselves.
#[derive(Parser)]
#[command(name = "regain", version, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve people.
    Serve(Settings),
    /// Start a demo with two organisations, where every message stays on this machine.
    Demo(demo::Demo),
    /// Bring the database up to this release; `serve` does it too.
    Migrate(Settings),
    /// Look at the settings.
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Make and list organisations.
    #[command(subcommand)]
    Tenant(tenant::TenantCommand),
    /// Make and change accounts, when nobody else can: audited.
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// Say what the wizard would do for somebody, and why: audited.
    Doctor(doctor::Doctor),
    /// Export the audit: audited.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Look at messages that were given up, and send one again: audited.
    #[command(subcommand)]
    Outbox(outbox::OutboxCommand),
    /// Enrol locked workstations, and remove them: audited.
    #[command(subcommand)]
    Kiosk(kiosk::KioskCommand),
    /// Rotate the keys, while the servers are at work.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
}

/// Where settings come from.
#[derive(Args)]
struct Settings {
    /// The file with the settings [default: regain.toml, if it is there]
    #[arg(long = "config", value_name = "FILE", env = "REGAIN_CONFIG")]
    file: Option<PathBuf>,
}

impl Settings {
    /// Reads them and starts logging.
    fn read(&self) -> anyhow::Result<Config> {
        let config = Config::load(self.file.as_deref())?;
        logs::start(&config.log, &Traces::off());
        Ok(config)
    }
}

impl Cli {
    /// Does it. 0 is well; 1 comes with one line on what went wrong and what to do.
    pub fn run(self) -> ExitCode {
        let done = hardening::harden().and_then(|()| {
            // Only fails when one is installed already, which is as good.
            drop(rustls::crypto::ring::default_provider().install_default());
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
            runtime.context("start the runtime")?.block_on(self.command.run())
        });
        match done {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                let words = format!("{error:#}").split_whitespace().collect::<Vec<_>>().join(" ");
                // Nobody is there to hear that standard error is gone.
                drop(writeln!(std::io::stderr(), "regain: {words}"));
                ExitCode::FAILURE
            }
        }
    }
}

impl Command {
    async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Serve(settings) => Box::pin(serve::run(settings.file.as_deref())).await,
            Self::Demo(demo) => Box::pin(demo.run()).await,
            Self::Migrate(settings) => migrate::run(&settings.read()?).await,
            Self::Config(command) => command.run(),
            Self::Tenant(command) => command.run().await,
            Self::Account(command) => command.run().await,
            Self::Doctor(doctor) => doctor.run().await,
            Self::Audit(command) => command.run().await,
            Self::Outbox(command) => command.run().await,
            Self::Kiosk(command) => command.run().await,
            Self::Keys(command) => command.run().await,
        }
    }
}

/// Writes a line to standard output.
fn say(line: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{line}").context("write to standard output")
}

/// A time as RFC 3339 has it, in UTC.
fn moment(at: Timestamp) -> String {
    DateTime::from_timestamp_millis(at.ms())
        .map(|at| at.to_rfc3339_opts(SecondsFormat::Millis, true))
        .unwrap_or_default()
}

/// Finds the log lines and the audit entry of a command.
fn request_id() -> String {
    format!("console-{:016x}", rand::random::<u64>())
}
