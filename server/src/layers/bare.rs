//! Gives a page to errors that have none: what a layer or the router refused.

use super::AtDoor;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use regain_app::doorstep::{PageNonce, Problem, RequestId, problem_page, wants_page};
use regain_domain::flow::Client;
use regain_domain::locale::Language;
use regain_service::Tenancy;

/// Draws an error that came without a body; its headers stay. A script that calls a function gets the status alone.
pub(crate) async fn bare(State(door): State<AtDoor>, request: Request, next: Next) -> Response {
    let nonce = request.extensions().get::<PageNonce>().cloned();
    let request_id = request.extensions().get::<RequestId>().cloned();
    let client = request.extensions().get::<Client>().copied().unwrap_or_default();
    let is_call = request.uri().path().starts_with("/fn/") && !wants_page(request.headers());
    let response = next.run(request).await;
    if is_call || !is_bare(response.status(), response.headers()) {
        return response;
    }
    let (parts, _) = response.into_parts();
    let retry_after = parts
        .headers
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok());
    let mut page = problem_page(Problem {
        tenancy: parts.extensions.get::<Tenancy>(),
        language: parts.extensions.get::<Language>().copied().unwrap_or_default(),
        client,
        nonce: nonce.as_ref(),
        assets: &door.assets,
        status: parts.status,
        request_id: request_id.as_ref().map_or("", |id| id.0.as_ref()),
        wait_seconds: retry_after.and_then(|text| text.parse().ok()),
    });
    for (name, value) in &parts.headers {
        if name != header::CONTENT_LENGTH {
            page.headers_mut().append(name, value.clone());
        }
    }
    page.extensions_mut().extend(parts.extensions);
    page
}

fn is_bare(status: StatusCode, headers: &HeaderMap) -> bool {
    (status.is_client_error() || status.is_server_error()) && !headers.contains_key(header::CONTENT_TYPE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_errors_without_a_body_are_drawn() {
        let mut headers = HeaderMap::new();
        assert!(is_bare(StatusCode::NOT_FOUND, &headers) && is_bare(StatusCode::INTERNAL_SERVER_ERROR, &headers));
        assert!(!is_bare(StatusCode::OK, &headers) && !is_bare(StatusCode::SEE_OTHER, &headers));
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
        assert!(!is_bare(StatusCode::NOT_FOUND, &headers));
    }
}
