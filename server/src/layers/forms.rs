//! What may be posted, and where: every address with its fields. R47, R48.

use regain_app::doorstep::{CSV, FIELDS, PASSKEY};
use std::borrow::Cow;
use url::form_urlencoded;

/// Most bytes of a post.
const BODY_MOST: usize = 16 * 1024;
/// Most bytes of a post that carries a secret (R29), but for what a browser says of a passkey.
const SECRET_BODY_MOST: usize = 4 * 1024;

/// Most bytes of a file of new accounts (R48).
const CSV_BODY_MOST: usize = 5 * 1024 * 1024;
/// Most bytes of a post that carries a list: 1000 banned terms of 16 characters, each of which may take twelve bytes.
const LIST_BODY_MOST: usize = 256 * 1024;

/// What the demo takes beside the app's functions.
const DEMO: [Form; 3] = [
    Form {
        path: "/demo/people",
        fields: &["like"],
        is_secret: false,
        has_list: false,
    },
    Form {
        path: "/demo/clock",
        fields: &["advance"],
        is_secret: false,
        has_list: false,
    },
    Form {
        path: "/demo/fresh",
        fields: &[],
        is_secret: false,
        has_list: false,
    },
];

/// An address that takes a post.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    path: &'static str,
    fields: &'static [&'static str],
    is_secret: bool,
    has_list: bool,
}

/// The form of an address; a function that the app does not list has none, and cannot be called.
pub(super) fn of(path: &str) -> Option<Form> {
    let listed = FIELDS.iter().map(|takes| Form {
        path: takes.path,
        fields: takes.fields,
        is_secret: takes.is_secret,
        has_list: takes.has_list,
    });
    listed.chain(DEMO).find(|form| form.path == path)
}

impl Form {
    /// Most bytes that it takes.
    pub(super) fn most(self) -> usize {
        match self.is_secret && !self.fields.contains(&PASSKEY) {
            true => SECRET_BODY_MOST,
            false if self.fields.contains(&CSV) => CSV_BODY_MOST,
            false if self.has_list => LIST_BODY_MOST,
            false => BODY_MOST,
        }
    }

    /// Whether a post is longer than what people type, and brings no passkey that would be.
    pub(super) fn is_too_long(self, body: &[u8]) -> bool {
        let is_passkey = |(name, value): (Cow<'_, str>, Cow<'_, str>)| name == PASSKEY && !value.is_empty();
        self.is_secret && body.len() > SECRET_BODY_MOST && !form_urlencoded::parse(body).any(is_passkey)
    }

    /// Whether every field is one of the form's, stands once, and is text.
    pub(super) fn fits(self, body: &[u8]) -> bool {
        let mut seen = Vec::new();
        is_text(body)
            && form_urlencoded::parse(body).all(|(name, _)| {
                let is_known = self.fields.contains(&name.as_ref()) && !seen.contains(&name);
                seen.push(name);
                is_known
            })
    }
}

/// Whether percent signs are followed by two hex digits, and the whole is UTF-8 once they are resolved.
fn is_text(body: &[u8]) -> bool {
    let mut bytes = body.iter().copied();
    let mut plain = Vec::with_capacity(body.len());
    while let Some(byte) = bytes.next() {
        let mut digit = || {
            char::from(bytes.next().unwrap_or_default())
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
        };
        let resolved = match byte {
            b'%' => digit().zip(digit()).map(|(high, low)| high << 4 | low),
            byte => Some(byte),
        };
        let Some(resolved) = resolved else { return false };
        plain.push(resolved);
    }
    std::str::from_utf8(&plain).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(path: &str, body: &str) -> bool {
        of(path).expect("a form").fits(body.as_bytes())
    }

    #[test]
    fn r48_known_fields_pass_once_each() {
        assert!(fits("/fn/user/signout", "") && fits("/demo/people", "like=user%40acorn.example"));
        assert!(fits("/fn/public/reset-choose", "method=email"));
        assert!(fits("/fn/public/reset-choose", "method="));
        assert!(fits("/fn/public/reset-prove", "code=12+34&destination=a%40b"));
        assert!(fits("/fn/public/signin", "username=%C3%A4&password=%F0%9F%94%91"));
    }

    #[test]
    fn r48_unknown_double_nested_and_broken_fields_are_refused() {
        for body in [
            "user=x",
            "method=email&method=email",
            "method=email&%6Dethod=sms",
            "method[]=x",
            "method[0]=x",
            "method.x=1",
            "Method=email",
            "method=email&",
            "=x",
            "x",
            "method=%",
            "method=%4",
            "method=%zz",
            "method=%ff",
            "method=%C3",
        ] {
            assert_eq!(fits("/fn/public/reset-choose", body), body == "method=email&", "{body}");
        }
    }

    #[test]
    fn r29_posts_with_secrets_are_small() {
        assert_eq!(of("/fn/public/signin").map(Form::most), Some(4096));
        assert_eq!(of("/fn/public/reset-identify").map(Form::most), Some(16384));
        assert_eq!(of("/fn/admin/import-check").map(Form::most), Some(5_242_880));
        assert!(of("/fn/public/nothing").is_none());
    }

    #[test]
    fn r48_a_list_of_banned_terms_fits_whatever_its_script() {
        let form = of("/fn/admin/policy-password-protection").expect("a form");
        let terms = "\u{1f511}".repeat(16) + "\r\n";
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("custom_terms", &terms.repeat(1000))
            .finish();
        assert!(body.len() < form.most() && form.fits(body.as_bytes()), "{}", body.len());
        let others = FIELDS
            .iter()
            .filter(|takes| !takes.has_list && !takes.fields.contains(&CSV));
        assert!(
            others
                .into_iter()
                .all(|takes| of(takes.path).is_some_and(|form| form.most() <= BODY_MOST))
        );
    }
}
