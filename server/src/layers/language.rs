//! Which language a page speaks; `?lang=` becomes a cookie and goes out of the address.

use super::is_reading;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use regain_app::doorstep::cookies::{Cookie, values, written};
use regain_domain::locale::{Language, Wishes, negotiate};
use regain_service::{Keep, Tenancy};

/// Puts the language on the request, and on the answer for the layers outside.
pub(crate) async fn language(mut request: Request, next: Next) -> Response {
    if is_reading(request.method())
        && let Some((wish, query)) = without_lang(request.uri().query().unwrap_or_default())
    {
        return switched(request.uri().path(), &query, &wish);
    }
    let language = wished(request.headers(), request.extensions().get::<Tenancy>());
    request.extensions_mut().insert(language);
    let mut response = next.run(request).await;
    response.extensions_mut().insert(language);
    // What says how long it may be kept, a file, is the same in every language.
    if !response.headers().contains_key(header::CACHE_CONTROL) {
        response
            .headers_mut()
            .append(header::VARY, HeaderValue::from_static("Accept-Language, Cookie"));
    }
    response
}

fn wished(headers: &HeaderMap, tenancy: Option<&Tenancy>) -> Language {
    let brand = tenancy.map(|tenancy| &tenancy.settings.brand);
    let accepted = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    negotiate(&Wishes {
        chosen: values(headers, Cookie::Language).next().and_then(Language::of_tag),
        forced: brand.and_then(|brand| brand.forced_language),
        accepted: accepted.unwrap_or_default(),
        fallback: brand.and_then(|brand| brand.default_language),
    })
}

/// What `lang` says, and the other pairs as they were; nothing if it is not in the query.
fn without_lang(query: &str) -> Option<(String, String)> {
    let is_lang = |pair: &&str| pair.split('=').next() == Some("lang");
    let (wishes, others): (Vec<&str>, Vec<&str>) = query.split('&').partition(is_lang);
    let wish = wishes.first()?.split_once('=').map_or("", |(_, wish)| wish);
    Some((wish.to_owned(), others.join("&")))
}

/// To the clean address; no language forgets the one that was chosen, and one that does not ship changes nothing.
fn switched(path: &str, query: &str, wish: &str) -> Response {
    let address = if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    };
    let Ok(address) = HeaderValue::from_str(&address) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response();
    let keep = match (wish, Language::of_tag(wish)) {
        ("", _) => Keep::Drop,
        (_, Some(language)) => Keep::Set(language.tag().to_owned()),
        (_, None) => Keep::AsIs,
    };
    let cookie = written(Cookie::Language, &keep);
    response
        .headers_mut()
        .extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lang_goes_and_the_rest_stays() {
        let cases = [
            ("lang=de", Some(("de", ""))),
            ("started&lang=ar", Some(("ar", "started"))),
            ("username=a%40b&lang=fr&started", Some(("fr", "username=a%40b&started"))),
            ("lang", Some(("", ""))),
            ("lang=xx&lang=de", Some(("xx", ""))),
            ("language=de", None),
            ("", None),
        ];
        for (query, expect) in cases {
            let expect = expect.map(|(wish, rest): (&str, &str)| (wish.to_owned(), rest.to_owned()));
            assert_eq!(without_lang(query), expect, "{query}");
        }
    }

    #[test]
    fn the_switch_leads_to_this_host_and_sets_one_cookie() {
        let response = switched("/reset", "started", "ar");
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        assert_eq!(response.headers()[header::LOCATION], "/reset?started");
        let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
        assert!(cookie.starts_with("__Host-rg_lang=ar; Path=/; Secure; HttpOnly; SameSite=Lax"));
        assert!(!switched("/reset", "", "xx").headers().contains_key(header::SET_COOKIE));
        let forgotten = switched("/kiosk", "", "");
        let cookie = forgotten.headers()[header::SET_COOKIE].to_str().unwrap();
        assert!(
            cookie.starts_with("__Host-rg_lang=;") && cookie.ends_with("Max-Age=0"),
            "{cookie}"
        );
    }

    #[test]
    fn the_cookie_beats_the_browser() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("fr"));
        assert_eq!(wished(&headers, None), Language::Fr);
        headers.insert(header::COOKIE, HeaderValue::from_static("__Host-rg_lang=de"));
        assert_eq!(wished(&headers, None), Language::De);
    }
}
