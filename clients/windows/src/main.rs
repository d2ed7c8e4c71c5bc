//! The shell of a Windows account that can reset passwords and nothing else: it opens Edge on the organisation's `/kiosk`
//! over the whole screen, and signs the account out when that ends or has been there for too long. R58.
//!
//! `regain-kiosk policies HOST FILE` writes what Edge has to be told for that account, to be imported by an administrator.
#![cfg_attr(windows, windows_subsystem = "windows")]

mod config;
mod device;
mod edge;
mod policies;

use config::{Config, Host};
use device::Ticket;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode};
use std::thread::sleep;
use std::time::Duration;
use std::{env, fs};

/// The longest that somebody may be there: a flow's quarter of an hour, and a little to read its end.
const LONGEST: Duration = Duration::from_mins(20);
/// How often it looks whether Edge is still there.
const PAUSE: Duration = Duration::from_millis(500);
/// What signs the account out, and so leads back to the sign-in screen.
const SIGN_OUT: &str = r"C:\Windows\System32\shutdown.exe";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        [] => session(),
        ["policies", host, file] => write_policies(host, file),
        _ => Err("usage: regain-kiosk, or regain-kiosk policies HOST FILE".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            note(&why);
            ExitCode::FAILURE
        }
    }
}

/// Without a window nobody reads it; the file beside the program is for whoever sets the account up.
fn note(why: &str) {
    drop(writeln!(io::stderr(), "regain-kiosk: {why}"));
    drop(fs::write(beside("regain-kiosk.log"), format!("{why}\r\n")));
}

/// One person at the screen. Whatever comes of it, the account is signed out.
fn session() -> Result<(), String> {
    let shown = show();
    let left = Command::new(SIGN_OUT).arg("/l").status();
    shown?;
    left.map(drop)
        .map_err(|why| format!("cannot sign out by {SIGN_OUT}: {why}"))
}

fn show() -> Result<(), String> {
    let file = beside("regain-kiosk.conf");
    let text = fs::read_to_string(&file).map_err(|why| format!("cannot read {}: {why}", file.display()))?;
    let config = Config::parse(&text)?;
    let ticket = ticket(&config.host);
    let browser = Command::new(&config.browser)
        .args(edge::arguments(&config.host, ticket.as_ref()))
        .spawn()
        .map_err(|why| format!("cannot start {}: {why}", config.browser))?;
    wait(browser).map_err(|why| format!("cannot wait for {}: {why}", config.browser))
}

/// The ticket of a machine that has a token. Where it gets none the page itself says what is wrong.
fn ticket(host: &Host) -> Option<Ticket> {
    let token = beside("regain-kiosk.token");
    let is_there = token.try_exists().unwrap_or(true);
    let ticket = is_there.then(|| device::ticket(host, &token))?;
    ticket.inspect_err(|why| note(why)).ok()
}

/// Waits for its end, or makes one.
fn wait(mut browser: Child) -> io::Result<()> {
    let mut waited = Duration::ZERO;
    while browser.try_wait()?.is_none() {
        if waited >= LONGEST {
            browser.kill()?;
            return browser.wait().map(drop);
        }
        sleep(PAUSE);
        waited += PAUSE;
    }
    Ok(())
}

fn write_policies(host: &str, file: &str) -> Result<(), String> {
    let host = Host::parse(host)?;
    fs::write(file, policies::registry(&host)).map_err(|why| format!("cannot write {file}: {why}"))
}

/// A file in the folder of the program, where administrators alone may write.
fn beside(name: &str) -> PathBuf {
    env::current_exe().map_or_else(|_| PathBuf::from(name), |program| program.with_file_name(name))
}
