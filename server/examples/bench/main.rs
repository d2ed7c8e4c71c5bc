//! `make bench`: the built server in a process of its own, measured from outside against its goals and its peers.

#![expect(
    clippy::disallowed_methods,
    reason = "a stopwatch reads the clock and the environment itself, and its tasks end with it"
)]
#![expect(clippy::cast_precision_loss, reason = "counts of a bench are far below 2^52")]

mod bare;
mod bundle;
mod console;
mod disk;
mod figures;
mod handing;
mod load;
mod mailbox;
mod pages;
mod people;
mod phone;
mod plan;
mod proof;
mod server;
mod sign_in;
mod site;
mod stats;
mod table;
mod timing;
mod walk;
mod watch;
mod wire;

use clap::Parser;
use plan::Options;
use std::process::ExitCode;
use table::say;

fn main() -> ExitCode {
    let options = Options::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let done = runtime
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(plan::run(&options)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("bench: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
