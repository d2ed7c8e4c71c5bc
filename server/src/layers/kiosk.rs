//! The kiosk's addresses: its page, and the wizard's functions once more beneath it, so that a locked workstation has to reach
//! nothing else. R58.

use axum::extract::Request;
use axum::http::Uri;
use axum::middleware::Next;
use axum::response::Response;
use regain_app::KIOSK;
use regain_domain::flow::Client;

/// Notes on the request that it comes from a kiosk. What lies further in sees the function's own address: it is the same one.
pub(crate) async fn kiosk(mut request: Request, next: Next) -> Response {
    let rest = request.uri().path().strip_prefix(KIOSK);
    if let Some(rest) = rest.filter(|rest| rest.is_empty() || rest.starts_with('/')) {
        let function = rest.starts_with("/fn/").then(|| address(rest, request.uri().query()));
        request.extensions_mut().insert(Client::Kiosk);
        if let Some(Ok(address)) = function {
            *request.uri_mut() = address;
        }
    }
    next.run(request).await
}

fn address(path: &str, query: Option<&str>) -> Result<Uri, axum::http::Error> {
    let address = match query {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    Uri::builder().path_and_query(address).build()
}
