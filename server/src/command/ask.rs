//! Reads a password without showing it: from the terminal, else the first line of standard input. R29.

use anyhow::{Context, bail};
use regain_domain::Secret;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use std::io::{BufRead, IsTerminal, Stdin, Write};

/// Longest line that is read: what `domain` allows, and its line break.
const LINE_MOST: u64 = 1026;

/// A new password; at a terminal it is asked for twice.
pub(super) fn password() -> anyhow::Result<Secret> {
    let stdin = std::io::stdin();
    let password = if stdin.is_terminal() {
        let quiet = Quiet::on(&stdin)?;
        let first = quiet.ask("New password: ")?;
        if quiet.ask("Once more: ")?.expose() != first.expose() {
            bail!("the two are not the same: try again");
        }
        first
    } else {
        line(&stdin)?
    };
    if password.is_empty() {
        bail!("no password came: type it, or give it as the first line of standard input");
    }
    Ok(password)
}

/// A terminal that does not show what is typed, until this is dropped.
struct Quiet<'a> {
    stdin: &'a Stdin,
    before: Termios,
}

impl<'a> Quiet<'a> {
    fn on(stdin: &'a Stdin) -> anyhow::Result<Self> {
        let before = tcgetattr(stdin).context("look at the terminal")?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO);
        tcsetattr(stdin, OptionalActions::Flush, &quiet).context("hide what is typed")?;
        Ok(Self { stdin, before })
    }

    fn ask(&self, prompt: &str) -> anyhow::Result<Secret> {
        let mut stderr = std::io::stderr();
        write!(stderr, "{prompt}")
            .and_then(|()| stderr.flush())
            .context("ask at the terminal")?;
        let typed = line(self.stdin);
        writeln!(stderr).context("ask at the terminal")?;
        typed
    }
}

impl Drop for Quiet<'_> {
    fn drop(&mut self) {
        // If the terminal is gone there is nothing to put back.
        let _ = tcsetattr(self.stdin, OptionalActions::Flush, &self.before);
    }
}

fn line(stdin: &Stdin) -> anyhow::Result<Secret> {
    let mut text = String::new();
    std::io::Read::take(stdin.lock(), LINE_MOST)
        .read_line(&mut text)
        .context("read the password")?;
    text.truncate(text.trim_end_matches(['\r', '\n']).len());
    Ok(Secret::new(text))
}
