//! The outermost layer: an id that finds the log lines of a request, its nonce, and one line when it is done. R59.

use crate::traces;
use axum::extract::{MatchedPath, Request};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use opentelemetry::trace::Status;
use regain_app::doorstep::{PageNonce, RequestId};
use tokio::time::Instant;
use tracing::Instrument;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// Names the request. Neither its address nor its fields are logged, only the route that it matched.
pub(crate) async fn request_id(mut request: Request, next: Next) -> Response {
    let id = format!("{:016x}", rand::random::<u64>());
    let nonce = format!("{:032x}", rand::random::<u128>());
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("unmatched", MatchedPath::as_str);
    let span = tracing::info_span!("request", id, method = request.method().as_str(), route);
    let extensions = request.extensions_mut();
    extensions.insert(RequestId(id.as_str().into()));
    extensions.insert(PageNonce(nonce.into()));
    let began = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", id);
    }
    let status = response.status();
    span.set_attribute(traces::STATUS, i64::from(status.as_u16()));
    if status.is_server_error() {
        span.set_status(Status::error(""));
    }
    span.in_scope(|| {
        let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(status = status.as_u16(), duration_ms, "answered");
    });
    response
}
