//! Log lines: their look, what is left out, and what becomes of a panic. R59.

use crate::config::{Log, LogFormat};
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Noise of libraries that would show addresses, values or nothing of use.
const QUIET: &str = "hyper=warn,h2=warn,rustls=warn,sqlx=warn,sea_orm=warn,sea_orm_migration=warn,lettre=warn";

/// Starts logging to standard error. A second call changes nothing.
pub(crate) fn start(log: &Log) {
    let filter = EnvFilter::new(format!("{QUIET},{}", log.filter));
    let registry = tracing_subscriber::registry().with(filter);
    let started = match log.format {
        LogFormat::Text => registry
            .with(
                fmt::layer()
                    .with_writer(std::io::stderr)
                    .with_ansi(std::io::stderr().is_terminal()),
            )
            .try_init(),
        LogFormat::Json => registry
            .with(fmt::layer().json().flatten_event(true).with_writer(std::io::stderr))
            .try_init(),
    };
    if started.is_ok() {
        std::panic::set_hook(Box::new(|panic| {
            // Only the place: what a panic says may hold what somebody typed (R29).
            let place = panic.location().map(ToString::to_string).unwrap_or_default();
            tracing::error!(place, "panicked");
        }));
    }
}
