//! Where an organisation's pages are: `https://` and a host alone (R41, R45).

use url::Url;

/// The address without a slash at its end, and its host, in small letters. Only this machine is reached without HTTPS (R41).
/// Nothing for anything else.
pub fn read(text: &str) -> Result<(String, String), NoAddress> {
    let url = Url::parse(text).map_err(|_| NoAddress)?;
    let host = url.host_str().unwrap_or_default().to_owned();
    let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if !(url.scheme() == "https" || url.scheme() == "http" && is_here(&host)) || host.is_empty() || !is_bare {
        return Err(NoAddress);
    }
    Ok((url.origin().ascii_serialization(), host))
}

/// Whether a host, in small letters, is this machine.
pub fn is_here(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost")
}

/// Not an address that pages can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoAddress;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_https_and_a_host() {
        for (text, expect) in [
            (
                "https://Reset.Acorn.Example/",
                Some(("https://reset.acorn.example", "reset.acorn.example")),
            ),
            (
                "https://reset.acorn.example:8443",
                Some(("https://reset.acorn.example:8443", "reset.acorn.example")),
            ),
            (
                "http://birch.localhost:3000",
                Some(("http://birch.localhost:3000", "birch.localhost")),
            ),
            ("http://reset.acorn.example", None),
            ("https://reset.acorn.example/x", None),
            ("https://me@reset.acorn.example", None),
            ("reset.acorn.example", None),
        ] {
            let expect = expect.map(|(url, host): (&str, &str)| (url.to_owned(), host.to_owned()));
            assert_eq!(read(text).ok(), expect, "{text}");
        }
    }
}
