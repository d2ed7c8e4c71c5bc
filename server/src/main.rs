//! The program `regain`: reads the command line, and does what it says.

use clap::Parser;
use regain_server::command::Cli;
use std::process::ExitCode;

fn main() -> ExitCode {
    // Wrong usage ends in here, with 2.
    Cli::parse().run()
}
