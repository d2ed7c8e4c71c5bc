//! What the file beside the program says: the host, and where Edge is.

/// Where Edge is, unless the file says otherwise.
const EDGE: &str = r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe";

/// The organisation's host, with a port if it needs one. Nothing else fits into it: it becomes part of an address, of an
/// argument and of a line of the registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Host(String);

impl Host {
    /// Reads it as it was typed.
    pub(crate) fn parse(typed: &str) -> Result<Self, String> {
        let (name, port) = typed.split_once(':').unwrap_or((typed, "443"));
        let is_label = |label: &str| {
            let is_plain = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            !label.is_empty() && is_plain && !label.starts_with('-') && !label.ends_with('-')
        };
        let is_port = port.parse::<u16>().is_ok_and(|port| port > 0) && port.bytes().all(|byte| byte.is_ascii_digit());
        match name.split('.').all(is_label) && name.len() <= 253 && is_port {
            true => Ok(Self(typed.to_owned())),
            false => Err(format!("{typed:?} is no host, such as reset.example.org")),
        }
    }

    /// As it stands in an address.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The whole file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Config {
    /// Whose page it opens.
    pub(crate) host: Host,
    /// What it opens it with.
    pub(crate) browser: String,
}

impl Config {
    /// Reads lines of `key = value`; what begins with `#` is for people.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (mut host, mut browser) = (None, EDGE.to_owned());
        // Notepad writes a mark of its own before the first line.
        for line in text.trim_start_matches('\u{feff}').lines().map(str::trim) {
            match line.split_once('=').map(|(key, value)| (key.trim(), value.trim())) {
                _ if line.is_empty() || line.starts_with('#') => {}
                Some(("host", value)) => host = Some(Host::parse(value)?),
                Some(("browser", value)) if !value.is_empty() => value.clone_into(&mut browser),
                _ => return Err(format!("cannot read the line {line:?}: host = …, or browser = …")),
            }
        }
        let host = host.ok_or("the file names no host: host = reset.example.org")?;
        Ok(Self { host, browser })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r58_a_host_is_a_name_and_nothing_else() {
        for good in ["reset.example.org", "localhost", "reset.example.org:8443", "a-b.c1"] {
            assert_eq!(
                Host::parse(good).map(|host| host.as_str().to_owned()),
                Ok(good.to_owned())
            );
        }
        for bad in [
            "",
            "https://reset.example.org",
            "reset.example.org/",
            "reset.example.org --app",
            "reset..org",
            "-a.org",
            "a-.org",
            "a@b",
            "a:0",
            "a:70000",
            "a:+1",
            "a:",
            "ä.org",
            "a\"b",
            "a:1:2",
        ] {
            assert!(Host::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_file_names_a_host_and_may_name_a_browser() {
        let config = Config::parse("\u{feff}# for people\r\n\r\nhost = reset.example.org\r\n").expect("a file");
        assert_eq!(
            (config.host.as_str(), config.browser.as_str()),
            ("reset.example.org", EDGE)
        );
        let config = Config::parse("browser=D:\\Edge\\msedge.exe\nhost=a.example").expect("a file");
        assert_eq!(config.browser, r"D:\Edge\msedge.exe");
        for bad in [
            "",
            "# host = a.example",
            "host",
            "host = a b",
            "browser = x",
            "host = a.example\nurl = x",
            "browser =",
        ] {
            assert!(Config::parse(bad).is_err(), "{bad}");
        }
    }
}
