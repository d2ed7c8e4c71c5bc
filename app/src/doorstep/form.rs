//! A form sent without scripts: hides from the framework that a page is wanted, and gives one in the end.
//!
//! `leptos_axum` would answer `Accept: text/html` with 302 to the Referer, errors in the address.

use super::once::{Once, Shown, once_page};
use super::page::Still;
use super::problem::{Problem, problem_page};
use super::{AppState, PageNonce, RequestId};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use regain_domain::flow::Client;
use regain_domain::locale::Language;
use regain_service::Tenancy;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Noted on the request: the caller is a plain form.
#[derive(Clone, Copy)]
pub(super) struct WantsPage;

/// Noted on the request: whether its function was reached. If not, the post could not be read.
#[derive(Clone, Default)]
pub(super) struct Knock(Arc<AtomicBool>);

impl Knock {
    /// The function was reached.
    pub(super) fn answer(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_answered(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The layer around pages and functions. Only for POST: what a page reads while rendering must not redirect the page to itself.
pub async fn plain_form(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if is_forged(&request) {
        return Redirect::to(request.uri().path()).into_response();
    }
    if request.method() != Method::POST || !request.uri().path().starts_with("/fn/") {
        return next.run(request).await;
    }
    let wants_page = wants_page(request.headers());
    let around = Around::of(&request);
    let knock = Knock::default();
    let once = Once::default();
    let mut response = next.run(prepared(request, (&knock, &once), wants_page)).await;
    if response.status() == StatusCode::INTERNAL_SERVER_ERROR && !knock.is_answered() {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    match (wants_page, response.status()) {
        (false, _) => response,
        // The body is the screen for a script; a person follows the address.
        (true, StatusCode::SEE_OTHER) => {
            response.headers_mut().remove(header::CONTENT_TYPE);
            response.headers_mut().remove(header::CONTENT_LENGTH);
            *response.body_mut() = Body::empty();
            response
        }
        (true, StatusCode::OK) if let Some(shown) = once.take() => around.once(&state, shown, response.headers()),
        (true, status) => around.page(
            &state,
            if status.is_success() {
                StatusCode::BAD_REQUEST
            } else {
                status
            },
            response.headers(),
        ),
    }
}

/// Leptos draws any error that stands in the address: such a link is sent to the clean one.
fn is_forged(request: &Request) -> bool {
    let query = request.uri().query().unwrap_or_default();
    let mut keys = query.split('&').filter_map(|pair| pair.split('=').next());
    request.method() == Method::GET && keys.any(|key| key == "__path" || key == "__err")
}

/// A person's browser, not a script.
pub fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

fn prepared(mut request: Request, (knock, once): (&Knock, &Once), wants_page: bool) -> Request {
    request.extensions_mut().insert(knock.clone());
    if wants_page {
        request.extensions_mut().insert(once.clone());
        request.extensions_mut().insert(WantsPage);
    }
    request
        .headers_mut()
        .insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    request.headers_mut().remove(header::REFERER);
    request
}

/// What an error page needs of the request.
struct Around {
    tenancy: Option<Tenancy>,
    language: Language,
    client: Client,
    nonce: Option<PageNonce>,
    request_id: Option<RequestId>,
}

impl Around {
    fn of(request: &Request) -> Self {
        let extensions = request.extensions();
        Self {
            tenancy: extensions.get().cloned(),
            language: extensions.get().copied().unwrap_or_default(),
            client: extensions.get().copied().unwrap_or_default(),
            nonce: extensions.get().cloned(),
            request_id: extensions.get().cloned(),
        }
    }

    /// The page that shows something once, with the answer's cookies.
    fn once(self, state: &AppState, shown: Shown, former: &HeaderMap) -> Response {
        let still = Still {
            nonce: self.nonce.as_ref(),
            language: self.language,
            tenancy: self.tenancy.as_ref(),
            client: self.client,
            assets: &state.assets,
        };
        let mut response = once_page(still, shown);
        keep_cookies(&mut response, former);
        response
    }

    /// An error page that keeps the answer's cookies and its `Retry-After`.
    fn page(self, state: &AppState, status: StatusCode, former: &HeaderMap) -> Response {
        let retry_after = former.get(header::RETRY_AFTER);
        let wait_seconds = retry_after
            .and_then(|value| value.to_str().ok())
            .and_then(|text| text.parse().ok());
        let mut response = problem_page(Problem {
            tenancy: self.tenancy.as_ref(),
            language: self.language,
            client: self.client,
            nonce: self.nonce.as_ref(),
            assets: &state.assets,
            status,
            request_id: self.request_id.as_ref().map(|id| id.0.as_ref()).unwrap_or_default(),
            wait_seconds,
        });
        keep_cookies(&mut response, former);
        if let Some(value) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, value.clone());
        }
        response
    }
}

fn keep_cookies(response: &mut Response, former: &HeaderMap) {
    for value in former.get_all(header::SET_COOKIE) {
        response.headers_mut().append(header::SET_COOKIE, value.clone());
    }
}
