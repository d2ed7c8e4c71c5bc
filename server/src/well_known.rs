//! Fixed addresses that standards name, and `robots.txt`.

use axum::Json;
use axum::extract::Extension;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, SecondsFormat};
use regain_domain::Timestamp;
use regain_domain::locale::Language;
use regain_service::{Service, Tenancy};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// How far ahead `Expires` lies; RFC 9116 §2.5.5 wants less than a year.
const FRESH: Duration = Duration::from_hours(180 * 24);
/// What crawlers may read.
const ROBOTS: &str = include_str!("../../public/robots.txt");

/// Whom finders of holes tell.
#[derive(Clone)]
pub(crate) struct Contact(pub(crate) Option<Arc<str>>);

/// `GET /.well-known/security.txt` (RFC 9116), where an operator has set a contact.
pub(crate) async fn security(
    Extension(contact): Extension<Contact>,
    Extension(tenancy): Extension<Tenancy>,
    Extension(service): Extension<Service>,
) -> Response {
    match contact.0 {
        Some(contact) => text(security_txt(&contact, &tenancy.base_url, service.now())),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `GET /.well-known/change-password`: where password managers send people who want a new one.
pub(crate) async fn change_password() -> Redirect {
    Redirect::to("/change-password")
}

/// `GET /.well-known/passkey-endpoints`: where password managers send people who want a passkey, or to see those they have
/// (W3C, A Well-Known URL for Relying Party Passkey Endpoints).
pub(crate) async fn passkeys(Extension(tenancy): Extension<Tenancy>) -> Json<Value> {
    let own = format!("{}/security-info", tenancy.base_url);
    Json(json!({"enroll": own, "manage": own}))
}

/// `GET /robots.txt`
pub(crate) async fn robots() -> Response {
    text(ROBOTS.to_owned())
}

fn text(text: String) -> Response {
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

fn security_txt(contact: &str, base_url: &str, now: Timestamp) -> String {
    let expires = DateTime::from_timestamp(now.plus(FRESH).seconds(), 0).unwrap_or_default();
    let expires = expires.to_rfc3339_opts(SecondsFormat::Secs, true);
    let languages = Language::ALL.map(Language::tag).join(", ");
    format!(
        "Contact: {contact}\nExpires: {expires}\nPreferred-Languages: {languages}\n\
         Canonical: {base_url}/.well-known/security.txt\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contact_file_has_what_rfc_9116_demands() {
        let made = security_txt(
            "mailto:security@acorn.example",
            "https://reset.acorn.example",
            Timestamp::from_ms(0),
        );
        assert_eq!(
            made,
            "Contact: mailto:security@acorn.example\nExpires: 1970-06-30T00:00:00Z\nPreferred-Languages: en, de, fr, es, ar\n\
             Canonical: https://reset.acorn.example/.well-known/security.txt\n"
        );
    }
}
