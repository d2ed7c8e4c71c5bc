//! Where help is found: which links a tenant may set. R56.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a person finds help, checked when read. R56.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum HelpLink {
    /// An `https:` address.
    Url(String),
    /// A mail address.
    Mail(String),
    /// A phone number as people write it.
    Phone(String),
}

/// Why a text is no helpdesk link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HelpLinkError {
    /// Longer than [`HelpLink::LONGEST`].
    TooLong,
    /// Holds a control, bidi-control or zero-width character.
    Hidden,
    /// Neither an `https:` address, nor a mail address, nor a phone number.
    Form,
}

/// Whether the pages offer to ask the helpdesk in a person's stead, by a ready-made mail (`domain.md` §2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HelpMail {
    /// They do.
    #[default]
    Sent,
    /// They do not: people find their helpdesk by its link, or by themselves.
    Off,
}

impl HelpLink {
    /// The longest text, in characters.
    pub const LONGEST: usize = 256;

    /// Reads an `https:` address, a mail address or a phone number; `mailto:` and `tel:` may stand before the last two.
    pub fn parse(text: &str) -> Result<Self, HelpLinkError> {
        let text = text.trim();
        if text.chars().count() > Self::LONGEST {
            return Err(HelpLinkError::TooLong);
        }
        if text.chars().any(super::is_hidden) {
            return Err(HelpLinkError::Hidden);
        }
        let link = match split_scheme(text) {
            Some(("https", rest)) => is_web_rest(rest).then(|| Self::Url(format!("https:{rest}"))),
            Some(("mailto", rest)) => is_mail(rest).then(|| Self::Mail(rest.to_owned())),
            Some(("tel", rest)) => is_phone(rest).then(|| Self::Phone(rest.to_owned())),
            Some(_) => None,
            None if is_mail(text) => Some(Self::Mail(text.to_owned())),
            None => is_phone(text).then(|| Self::Phone(text.to_owned())),
        };
        link.ok_or(HelpLinkError::Form)
    }

    /// The target of a link.
    pub fn href(&self) -> String {
        match self {
            Self::Url(url) => url.clone(),
            Self::Mail(mail) => format!("mailto:{mail}"),
            Self::Phone(phone) => {
                let number: String = phone.chars().filter(|c| *c == '+' || c.is_ascii_digit()).collect();
                format!("tel:{number}")
            }
        }
    }

    /// What a person reads, set from left to right in every language.
    pub fn text(&self) -> &str {
        match self {
            Self::Url(url) => url.strip_prefix("https://").unwrap_or(url).trim_end_matches('/'),
            Self::Mail(text) | Self::Phone(text) => text,
        }
    }
}

impl TryFrom<String> for HelpLink {
    type Error = HelpLinkError;

    fn try_from(text: String) -> Result<Self, HelpLinkError> {
        Self::parse(&text)
    }
}

impl From<HelpLink> for String {
    fn from(link: HelpLink) -> Self {
        match link {
            HelpLink::Url(text) | HelpLink::Mail(text) | HelpLink::Phone(text) => text,
        }
    }
}

impl fmt::Display for HelpLinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "a helpdesk link has at most 256 characters",
            Self::Hidden => "a helpdesk link holds no hidden characters",
            Self::Form => "a helpdesk link is an https: address, a mail address or a phone number",
        })
    }
}

impl std::error::Error for HelpLinkError {}

/// Splits `scheme:rest`, the scheme in small letters, by RFC 3986 §3.1.
fn split_scheme(text: &str) -> Option<(&'static str, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    let known = ["https", "mailto", "tel"]
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(scheme));
    Some((known.unwrap_or("other"), rest))
}

/// `//host[:port][/…]` of ASCII, without user and password, which only serve to mislead.
fn is_web_rest(rest: &str) -> bool {
    let Some(rest) = rest.strip_prefix("//") else {
        return false;
    };
    let clean = rest.chars().all(|c| c.is_ascii_graphic() && !"\\\"<>^`{|}".contains(c));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    clean && is_host(host) && port.parse::<u16>().is_ok_and(|port| port > 0)
}

fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.len() <= 253 && host.split('.').all(is_label)
}

/// One address without a query, so that no other header can be smuggled into the mail.
fn is_mail(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, host)| {
        (1..=64).contains(&local.len())
            && local
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._+-'".contains(&b))
            && is_host(host)
            && host.contains('.')
    })
}

/// 3 to 15 digits (E.164) in groups, perhaps with a plus before them.
fn is_phone(text: &str) -> bool {
    let grouped = text.strip_prefix('+').unwrap_or(text);
    let digits = grouped.bytes().filter(u8::is_ascii_digit).count();
    (3..=15).contains(&digits) && grouped.bytes().all(|b| b.is_ascii_digit() || b" -.()/".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_link_reads_what_it_writes_and_has_a_known_scheme(text in "\\PC{0,40}|(https://|mailto:|tel:)?[a-z0-9@.+ /:]{1,40}") {
            if let Ok(link) = HelpLink::parse(&text) {
                let href = link.href();
                prop_assert!(["https://", "mailto:", "tel:"].iter().any(|scheme| href.starts_with(scheme)));
                prop_assert!(href.chars().all(|c| c.is_ascii_graphic()));
                prop_assert_eq!(HelpLink::parse(&href).map(|again| again.href()), Ok(href));
                prop_assert_eq!(HelpLink::parse(&String::from(link.clone())), Ok(link));
            }
        }
    }

    #[test]
    fn help_links_are_told_apart() {
        for (text, href, shown) in [
            (
                "https://help.acorn.example/",
                "https://help.acorn.example/",
                "help.acorn.example",
            ),
            (
                "HTTPS://help.acorn.example:8443/a?b#c",
                "https://help.acorn.example:8443/a?b#c",
                "help.acorn.example:8443/a?b#c",
            ),
            (
                " it-help@acorn.example ",
                "mailto:it-help@acorn.example",
                "it-help@acorn.example",
            ),
            (
                "MailTo:it-help@acorn.example",
                "mailto:it-help@acorn.example",
                "it-help@acorn.example",
            ),
            ("+44 20 7946 0000", "tel:+442079460000", "+44 20 7946 0000"),
            ("tel:(020) 7946-0000", "tel:02079460000", "(020) 7946-0000"),
        ] {
            let link = HelpLink::parse(text).unwrap();
            assert_eq!((link.href().as_str(), link.text()), (href, shown));
        }
    }

    #[test]
    fn other_links_are_refused() {
        for text in [
            "",
            "http://acorn.example",
            "//acorn.example",
            "https:acorn.example",
            "https://",
            "https:///x",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://a@b.example",
            "https://acorn.example/ x",
            "https://a.example\\b",
            "https://a.example:0",
            "https://ähm.example",
            "mailto:a@b.example?bcc=c@d.example",
            "a@b",
            "@b.example",
            "a@b.example,c@d.example",
            "tel:*31#",
            "12",
            "+1234567890123456",
            "/help",
            "help",
            "vbscript:x",
            "ftp://acorn.example",
            "https://-a.example",
        ] {
            assert_eq!(HelpLink::parse(text), Err(HelpLinkError::Form), "{text}");
        }
        assert_eq!(
            HelpLink::parse("https://a.example/\u{202e}x"),
            Err(HelpLinkError::Hidden)
        );
        assert_eq!(HelpLink::parse("java\tscript:alert(1)"), Err(HelpLinkError::Hidden));
        let long = format!("https://a.example/{}", "x".repeat(240));
        assert_eq!(HelpLink::parse(&long), Err(HelpLinkError::TooLong));
    }
}
