//! How the machine shows that it is enrolled: curl brings its token to the host, and a ticket for the browser comes back. R58.
//! The token stays in its file: no argument, address or line of the log holds it.

use crate::config::Host;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Part of Windows since 10, 1803.
const CURL: &str = r"C:\Windows\System32\curl.exe";
/// How long a host is asked that gives no answer, and how long to wait before the next try.
const PATIENCE: Duration = Duration::from_mins(2);
const PAUSE: Duration = Duration::from_secs(5);
/// Tickets are shorter.
const TICKET_BYTES: usize = 400;

/// What opens the page of an enrolled machine, good once and for a minute. It becomes part of an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ticket(String);

impl Ticket {
    /// Reads what the host gave.
    pub(crate) fn parse(given: &str) -> Option<Self> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        let is_ticket = !given.is_empty() && given.len() < TICKET_BYTES && given.bytes().all(is_plain);
        is_ticket.then(|| Self(given.to_owned()))
    }

    /// As it stands in an address.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// What came of one try.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    /// The machine is known.
    Ticket(Ticket),
    /// It is not.
    Unknown,
    /// Anything else, or nothing.
    None,
}

/// A ticket for the token in a file; else why there is none.
pub(crate) fn ticket(host: &Host, token: &Path) -> Result<Ticket, String> {
    #[expect(clippy::disallowed_methods, reason = "there is no service here that has a clock")]
    let began = Instant::now();
    let name = host.as_str();
    loop {
        match knock(host, token)? {
            Answer::Ticket(ticket) => return Ok(ticket),
            Answer::Unknown => return Err(format!("{name} does not know the machine's token")),
            Answer::None if began.elapsed() >= PATIENCE => return Err(format!("{name} gives no ticket")),
            Answer::None => sleep(PAUSE),
        }
    }
}

fn knock(host: &Host, token: &Path) -> Result<Answer, String> {
    let mut curl = Command::new(CURL);
    without_window(curl.args(arguments(host, token)));
    let done = curl.output().map_err(|why| format!("cannot start {CURL}: {why}"))?;
    Ok(answer(&String::from_utf8_lossy(&done.stdout)))
}

fn arguments(host: &Host, token: &Path) -> Vec<String> {
    [
        // No settings of anybody's; has to be the first.
        "--disable",
        "--silent",
        "--fail",
        "--proto",
        "=https",
        "--max-time",
        "10",
        "--write-out",
        " %{http_code}",
        "--data-binary",
        &format!("@{}", token.display()),
        "--header",
        "Content-Type: text/plain",
        &format!("https://{}/kiosk/device", host.as_str()),
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Reads what curl says: the answer and its status.
fn answer(said: &str) -> Answer {
    match said.rsplit_once(' ') {
        Some((ticket, "200")) => Ticket::parse(ticket).map_or(Answer::None, Answer::Ticket),
        Some((_, "403")) => Answer::Unknown,
        _ => Answer::None,
    }
}

/// A window of curl's would be one with a menu, on a screen that nobody is signed in to.
#[cfg(windows)]
fn without_window(command: &mut Command) {
    use std::os::windows::process::CommandExt;
    const CREATE_NO_WINDOW: u32 = 0x0800_0000;
    command.creation_flags(CREATE_NO_WINDOW);
}

#[cfg(not(windows))]
fn without_window(_: &mut Command) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r58_a_ticket_is_letters_digits_and_two_signs() {
        for good in ["a", "A-z_9", &"a".repeat(399)] {
            assert_eq!(Ticket::parse(good).expect("a ticket").as_str(), good);
        }
        for bad in ["", "a b", "a\r\n", "a\"", "a/b", "a#b", "ä", &"a".repeat(400)] {
            assert_eq!(Ticket::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn r58_only_a_ticket_opens_and_only_403_means_unknown() {
        assert_eq!(answer("A-z_9 200"), Answer::Ticket(Ticket("A-z_9".to_owned())));
        assert_eq!(answer(" 403"), Answer::Unknown);
        for none in ["", " 000", " 503", " 200", "a b 200", "ticket 302", "403", "200"] {
            assert_eq!(answer(none), Answer::None, "{none}");
        }
    }

    #[test]
    fn r58_curl_reads_the_token_from_its_file_and_speaks_tls() {
        let host = Host::parse("reset.example.org:8443").expect("a host");
        let arguments = arguments(&host, Path::new(r"C:\Program Files\Regain\regain-kiosk.token"));
        for pair in [
            ["--proto", "=https"],
            ["--data-binary", r"@C:\Program Files\Regain\regain-kiosk.token"],
        ] {
            assert!(arguments.windows(2).any(|two| two == pair), "{pair:?}");
        }
        assert_eq!(
            arguments.last().map(String::as_str),
            Some("https://reset.example.org:8443/kiosk/device")
        );
    }
}
