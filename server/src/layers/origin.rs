//! Who may post: pages of the same origin only. R42.

use super::is_reading;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use regain_service::Tenancy;
use url::Url;

/// Paths that read no cookie, and so need no origin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Free(pub(crate) &'static [&'static str]);

/// Refuses a post from elsewhere, with a cookie or without.
pub(crate) async fn origin(State(free): State<Free>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_free = free.0.iter().any(|prefix| path.starts_with(prefix));
    let base_url = request
        .extensions()
        .get::<Tenancy>()
        .map_or("", |tenancy| tenancy.base_url.as_str());
    if is_reading(request.method()) || is_free || is_same_origin(request.headers(), base_url) {
        return next.run(request).await;
    }
    StatusCode::FORBIDDEN.into_response()
}

/// `Sec-Fetch-Site` decides where it is there; else `Origin`, which has to be the tenant's base address.
fn is_same_origin(headers: &HeaderMap, base_url: &str) -> bool {
    let only = |name: &str| {
        let mut values = headers.get_all(name).iter();
        let first = values.next()?.to_str().ok();
        Some(first.filter(|_| values.next().is_none()).unwrap_or_default().to_owned())
    };
    match only("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => only(header::ORIGIN.as_str()).is_some_and(|origin| is_origin_of(&origin, base_url)),
    }
}

fn is_origin_of(origin: &str, base_url: &str) -> bool {
    Url::parse(base_url).is_ok_and(|base| base.origin().is_tuple() && base.origin().ascii_serialization() == origin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    const BASE: &str = "https://reset.acorn.example";

    fn check(headers: &[(&'static str, &str)], expect: bool) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        assert_eq!(is_same_origin(&map, BASE), expect, "{headers:?}");
    }

    #[test]
    fn r42_the_browser_says_where_a_post_comes_from() {
        check(&[("sec-fetch-site", "same-origin")], true);
        for site in ["none", "cross-site", "same-site", "Same-Origin", ""] {
            check(&[("sec-fetch-site", site)], false);
            check(&[("sec-fetch-site", site), ("origin", BASE)], false);
        }
        check(
            &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "same-origin")],
            false,
        );
    }

    #[test]
    fn r42_without_it_the_origin_has_to_be_the_tenants() {
        check(&[], false);
        check(&[("origin", BASE)], true);
        for origin in [
            "null",
            "",
            "http://reset.acorn.example",
            "https://reset.acorn.example:8443",
            "https://acorn.example",
            "https://reset.acorn.example.evil.example",
            "https://reset.acorn.example/",
            "https://RESET.acorn.example",
        ] {
            check(&[("origin", origin)], false);
        }
        check(&[("origin", BASE), ("origin", BASE)], false);
        check(&[("referer", "https://reset.acorn.example/reset")], false);
    }

    #[test]
    fn a_tenant_without_a_usable_address_takes_no_posts() {
        assert!(!is_origin_of("null", "data:x") && !is_origin_of("", ""));
        assert!(is_origin_of(
            "http://birch.localhost:3000",
            "http://birch.localhost:3000"
        ));
    }
}
