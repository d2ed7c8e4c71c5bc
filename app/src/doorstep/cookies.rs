//! Our cookies: their names, how they are read, and how they are set (R41). A layer refuses two of one name first.

use axum::http::{HeaderMap, HeaderValue, header::COOKIE};
use regain_domain::limits::KIOSK_IDLE;
use regain_service::Keep;

/// One of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// The wizard's flow.
    Flow,
    /// The session of somebody without a role.
    Session,
    /// The session of staff.
    Admin,
    /// Refusal and name of a first step, before there is a row.
    Note,
    /// The mark of a browser in which somebody has signed in (`domain.md` §10). It opens nothing.
    Device,
    /// Which enrolled workstation the browser runs on (R58).
    Kiosk,
    /// The language that the person chose; set by the layer that reads `?lang`.
    Language,
}

impl Cookie {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Flow,
        Self::Session,
        Self::Admin,
        Self::Note,
        Self::Device,
        Self::Kiosk,
        Self::Language,
    ];

    const fn text(self) -> &'static str {
        match self {
            Self::Flow => "__Host-rg_flow",
            Self::Session => "__Host-rg_session",
            Self::Admin => "__Host-rg_admin",
            Self::Note => "__Host-rg_note",
            Self::Device => "__Host-rg_device",
            Self::Kiosk => "__Host-rg_kiosk",
            Self::Language => "__Host-rg_lang",
        }
    }

    const fn site(self) -> &'static str {
        match self {
            Self::Flow | Self::Admin | Self::Kiosk => "Strict",
            Self::Session | Self::Note | Self::Device | Self::Language => "Lax",
        }
    }

    /// Seconds; sessions, and what a workstation is known by, end with the browser.
    const fn max_age(self) -> Option<u32> {
        match self {
            Self::Flow => Some(1800),
            Self::Note => Some(300),
            Self::Session | Self::Admin | Self::Kiosk => None,
            Self::Device | Self::Language => Some(31_536_000),
        }
    }
}

/// The values of all cookies of this name, byte for byte.
pub fn values(headers: &HeaderMap, cookie: Cookie) -> impl Iterator<Item = &str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim_start_matches(' ').split_once('='));
    pairs
        .filter(move |(name, _)| *name == cookie.text())
        .map(|(_, value)| value)
}

/// What to send for a cookie; nothing if it stays as it is, or if the value is none that a header can hold.
pub fn written(cookie: Cookie, keep: &Keep) -> Option<HeaderValue> {
    match keep {
        Keep::AsIs => None,
        Keep::Drop => Some(dropped(cookie)),
        Keep::Set(value) | Keep::SetBriefly(value) => {
            let brief = u32::try_from(KIOSK_IDLE.as_secs()).ok();
            let age = brief
                .filter(|_| matches!(keep, Keep::SetBriefly(_)))
                .or(cookie.max_age())
                .map(|seconds| format!("; Max-Age={seconds}"))
                .unwrap_or_default();
            let text = format!(
                "{}={value}; Path=/; Secure; HttpOnly; SameSite={}{age}",
                cookie.text(),
                cookie.site()
            );
            HeaderValue::from_str(&text).ok()
        }
    }
}

/// What to send to drop a cookie.
pub fn dropped(cookie: Cookie) -> HeaderValue {
    HeaderValue::from_static(match cookie {
        Cookie::Flow => "__Host-rg_flow=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0",
        Cookie::Session => "__Host-rg_session=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0",
        Cookie::Admin => "__Host-rg_admin=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0",
        Cookie::Note => "__Host-rg_note=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0",
        Cookie::Device => "__Host-rg_device=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0",
        Cookie::Kiosk => "__Host-rg_kiosk=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0",
        Cookie::Language => "__Host-rg_lang=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r41_names_are_compared_byte_for_byte_over_all_lines() {
        let found = |lines: &[&'static str]| {
            let headers = lines
                .iter()
                .map(|line| (COOKIE, HeaderValue::from_static(line)))
                .collect();
            values(&headers, Cookie::Flow).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(found(&[]), [""; 0]);
        assert_eq!(found(&["a=b; __Host-rg_flow=x=y; c=d"]), ["x=y"]);
        assert_eq!(found(&["__host-rg_flow=x"]), [""; 0]);
        assert_eq!(found(&["a=__Host-rg_flow=x"]), [""; 0]);
        assert_eq!(found(&["__Host-rg_flow=x; __Host-rg_flow=x"]), ["x", "x"]);
        assert_eq!(found(&["__Host-rg_flow=x", "__Host-rg_flow=y"]), ["x", "y"]);
    }

    #[test]
    fn r41_each_cookie_has_its_attributes() {
        let written =
            |cookie, keep: Keep| written(cookie, &keep).map(|value| value.to_str().expect("ascii").to_owned());
        let set = || Keep::Set("v".to_owned());
        let flow = "__Host-rg_flow=v; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=1800";
        assert_eq!(written(Cookie::Flow, set()).as_deref(), Some(flow));
        let session = "__Host-rg_session=v; Path=/; Secure; HttpOnly; SameSite=Lax";
        assert_eq!(written(Cookie::Session, set()).as_deref(), Some(session));
        assert_eq!(written(Cookie::Note, Keep::AsIs), None);
        let brief = "__Host-rg_flow=v; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=60";
        let in_kiosk = written(Cookie::Flow, Keep::SetBriefly("v".to_owned()));
        assert_eq!(in_kiosk.as_deref(), Some(brief));
        assert_eq!(written(Cookie::Note, Keep::Set("a\nb".to_owned())), None);
        for cookie in Cookie::ALL {
            let dropped = written(cookie, Keep::Drop).expect("a cookie is dropped by a header");
            let prefix = format!(
                "{}=; Path=/; Secure; HttpOnly; SameSite={}; Max-Age=0",
                cookie.text(),
                cookie.site()
            );
            assert_eq!(dropped, prefix);
        }
    }
}
