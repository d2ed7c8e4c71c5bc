//! Our cookies: their names, how they are read, and how they are set (R41).

use axum::http::{HeaderMap, HeaderValue, header::COOKIE};
use regain_service::Keep;

/// One of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// The wizard's flow.
    Flow,
    /// The session of somebody without a role.
    Session,
    /// The session of staff.
    Admin,
    /// Refusal and name of a first step, before there is a row.
    Note,
    /// The language that the person chose; set by the layer that reads `?lang`.
    Language,
}

impl Name {
    /// All of them.
    pub(super) const ALL: [Self; 5] = [Self::Flow, Self::Session, Self::Admin, Self::Note, Self::Language];

    const fn text(self) -> &'static str {
        match self {
            Self::Flow => "__Host-rg_flow",
            Self::Session => "__Host-rg_session",
            Self::Admin => "__Host-rg_admin",
            Self::Note => "__Host-rg_note",
            Self::Language => "__Host-rg_lang",
        }
    }

    const fn site(self) -> &'static str {
        match self {
            Self::Flow | Self::Admin => "Strict",
            Self::Session | Self::Note | Self::Language => "Lax",
        }
    }

    /// Seconds; sessions end with the browser.
    const fn max_age(self) -> Option<u32> {
        match self {
            Self::Flow => Some(1800),
            Self::Note => Some(300),
            Self::Session | Self::Admin => None,
            Self::Language => Some(31_536_000),
        }
    }
}

/// Two cookies of one name.
pub(super) struct Twice;

/// The value of a cookie, by its name byte for byte.
pub(super) fn read(headers: &HeaderMap, name: Name) -> Result<Option<String>, Twice> {
    let pairs = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'));
    let mut values = pairs
        .filter_map(|pair| pair.trim_start_matches(' ').split_once('='))
        .filter(|(key, _)| *key == name.text())
        .map(|(_, value)| value.to_owned());
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        _ => Err(Twice),
    }
}

/// What to send for a cookie; nothing if it stays as it is, or if the value is none that a header can hold.
pub(super) fn written(name: Name, keep: &Keep) -> Option<HeaderValue> {
    match keep {
        Keep::AsIs => None,
        Keep::Drop => Some(dropped(name)),
        Keep::Set(value) => {
            let age = name
                .max_age()
                .map(|seconds| format!("; Max-Age={seconds}"))
                .unwrap_or_default();
            let text = format!(
                "{}={value}; Path=/; Secure; HttpOnly; SameSite={}{age}",
                name.text(),
                name.site()
            );
            HeaderValue::from_str(&text).ok()
        }
    }
}

/// What to send to drop a cookie.
pub(super) fn dropped(name: Name) -> HeaderValue {
    HeaderValue::from_static(match name {
        Name::Flow => "__Host-rg_flow=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0",
        Name::Session => "__Host-rg_session=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0",
        Name::Admin => "__Host-rg_admin=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0",
        Name::Note => "__Host-rg_note=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0",
        Name::Language => "__Host-rg_lang=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&'static str]) -> HeaderMap {
        lines
            .iter()
            .map(|line| (COOKIE, HeaderValue::from_static(line)))
            .collect()
    }

    #[test]
    fn r41_names_are_compared_byte_for_byte_and_twice_is_refused() {
        let read = |lines: &[&'static str]| read(&headers(lines), Name::Flow).map_err(|Twice| ());
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&["a=b; __Host-rg_flow=x=y; c=d"]), Ok(Some("x=y".to_owned())));
        assert_eq!(read(&["__host-rg_flow=x"]), Ok(None));
        assert_eq!(read(&["a=__Host-rg_flow=x"]), Ok(None));
        assert_eq!(read(&["__Host-rg_flow=x; __Host-rg_flow=x"]), Err(()));
        assert_eq!(read(&["__Host-rg_flow=x", "__Host-rg_flow=y"]), Err(()));
    }

    #[test]
    fn r41_each_cookie_has_its_attributes() {
        let written = |name, keep: Keep| written(name, &keep).map(|value| value.to_str().expect("ascii").to_owned());
        let set = || Keep::Set("v".to_owned());
        let flow = "__Host-rg_flow=v; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=1800";
        assert_eq!(written(Name::Flow, set()).as_deref(), Some(flow));
        let session = "__Host-rg_session=v; Path=/; Secure; HttpOnly; SameSite=Lax";
        assert_eq!(written(Name::Session, set()).as_deref(), Some(session));
        assert_eq!(written(Name::Note, Keep::AsIs), None);
        assert_eq!(written(Name::Note, Keep::Set("a\nb".to_owned())), None);
        for name in Name::ALL {
            let dropped = written(name, Keep::Drop).expect("a cookie is dropped by a header");
            let prefix = format!(
                "{}=; Path=/; Secure; HttpOnly; SameSite={}; Max-Age=0",
                name.text(),
                name.site()
            );
            assert_eq!(dropped, prefix);
        }
    }
}
