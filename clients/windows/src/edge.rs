//! How Edge is started. Kiosk mode is a mode of its own there, always `InPrivate`, and empties itself at its end.

use crate::config::Host;

/// The arguments; only such as its makers document.
pub(crate) fn arguments(host: &Host) -> Vec<String> {
    vec![
        "--kiosk".to_owned(),
        format!("https://{}/kiosk", host.as_str()),
        "--edge-kiosk-type=fullscreen".to_owned(),
        "--no-first-run".to_owned(),
        // The page clears itself, sooner than Edge could count.
        "--kiosk-idle-timeout-minutes=0".to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r58_it_opens_the_kiosk_of_the_one_host_by_tls() {
        let host = Host::parse("reset.example.org:8443").expect("a host");
        let arguments = arguments(&host);
        assert_eq!(arguments[..2], ["--kiosk", "https://reset.example.org:8443/kiosk"]);
        assert!(arguments.contains(&"--edge-kiosk-type=fullscreen".to_owned()));
    }
}
