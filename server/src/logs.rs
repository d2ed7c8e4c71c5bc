//! Log lines: their look, what is left out, and what becomes of a panic. R59.

use crate::config::{Log, LogFormat};
use crate::traces::Traces;
use std::io::IsTerminal;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

/// Noise of libraries that would show addresses, numbers, values or nothing of use.
const QUIET: &str = "hyper=warn,h2=warn,rustls=warn,sqlx=warn,sea_orm=warn,sea_orm_migration=warn,lettre=warn,\
    reqwest=warn,rlibphonenumber=off";

/// Starts logging to standard error, and the traces beside it. A second call changes nothing.
pub(crate) fn start(log: &Log, traces: &Traces) {
    let filter = EnvFilter::new(format!("{QUIET},{}", log.filter));
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = match log.format {
        LogFormat::Text => lines
            .with_ansi(std::io::stderr().is_terminal())
            .with_filter(filter)
            .boxed(),
        LogFormat::Json => lines.json().flatten_event(true).with_filter(filter).boxed(),
    };
    let spans = traces.layer::<Registry>().map(Layer::boxed);
    let layers: Vec<_> = std::iter::once(lines).chain(spans).collect();
    if tracing_subscriber::registry().with(layers).try_init().is_ok() {
        std::panic::set_hook(Box::new(|panic| {
            // Only the place: what a panic says may hold what somebody typed (R29).
            let place = panic.location().map(ToString::to_string).unwrap_or_default();
            tracing::error!(place, "panicked");
        }));
    }
}
