//! How Edge is started. Kiosk mode is a mode of its own there, always `InPrivate`, and empties itself at its end.

use crate::config::Host;
use crate::device::Ticket;

/// The arguments; only such as its makers document.
pub(crate) fn arguments(host: &Host, ticket: Option<&Ticket>) -> Vec<String> {
    vec![
        "--kiosk".to_owned(),
        page(host, ticket),
        "--edge-kiosk-type=fullscreen".to_owned(),
        "--no-first-run".to_owned(),
        // The page clears itself, sooner than Edge could count.
        "--kiosk-idle-timeout-minutes=0".to_owned(),
    ]
}

/// A ticket stands where no request carries it.
fn page(host: &Host, ticket: Option<&Ticket>) -> String {
    let page = format!("https://{}/kiosk", host.as_str());
    ticket.map_or(page.clone(), |ticket| format!("{page}/open#{}", ticket.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r58_it_opens_the_kiosk_of_the_one_host_by_tls() {
        let host = Host::parse("reset.example.org:8443").expect("a host");
        let plain = arguments(&host, None);
        assert_eq!(plain[..2], ["--kiosk", "https://reset.example.org:8443/kiosk"]);
        assert!(plain.contains(&"--edge-kiosk-type=fullscreen".to_owned()));
        let with_ticket = arguments(&host, Ticket::parse("A-z_9").as_ref());
        assert_eq!(with_ticket[1], "https://reset.example.org:8443/kiosk/open#A-z_9");
        assert_eq!(with_ticket[2..], plain[2..]);
    }
}
