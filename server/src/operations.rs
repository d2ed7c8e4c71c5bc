//! What operators look at, on a listener of its own, for any host. R59.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum_prometheus::metrics_exporter_prometheus::PrometheusHandle;
use regain_domain::Secret;
use regain_service::Service;
use regain_service::tasks::Tasks;
use std::sync::Arc;
use std::time::Duration;
use subtle::ConstantTimeEq;

/// The database has to answer within this time to count as there.
const ANSWER: Duration = Duration::from_secs(2);

/// What the answers are made of.
#[derive(Clone)]
pub(crate) struct Operators {
    pub(crate) service: Service,
    pub(crate) tasks: Tasks,
    pub(crate) metrics: PrometheusHandle,
    pub(crate) token: Option<Arc<Secret>>,
}

/// The three addresses; anything else is 404. `degraded` is as ready as `ready`: it serves, but goes by two clocks (R39).
pub(crate) fn router(operators: Operators) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(from_fn_with_state(operators.clone(), with_token))
        .with_state(operators)
}

async fn ready(State(operators): State<Operators>) -> Response {
    if operators.tasks.is_stopping() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response();
    }
    match tokio::time::timeout(ANSWER, operators.service.ping()).await {
        Ok(Ok(())) if operators.service.is_degraded() => "degraded\n".into_response(),
        Ok(Ok(())) => "ready\n".into_response(),
        Ok(Err(error)) => {
            tracing::warn!(error = format!("{error:#}"), "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response()
        }
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response(),
    }
}

async fn metrics(State(operators): State<Operators>) -> Response {
    // A database that is away leaves the gauges as they were; `/readyz` says that it is.
    drop(tokio::time::timeout(ANSWER, operators.service.measure()).await);
    operators.metrics.run_upkeep();
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], operators.metrics.render()).into_response()
}

async fn with_token(State(operators): State<Operators>, request: Request, next: Next) -> Response {
    let token = operators.token.as_deref().map(Secret::expose);
    if !may(request.headers(), token) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let mut response = next.run(request).await;
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Whether the caller shows the token, where there is one.
fn may(headers: &HeaderMap, token: Option<&str>) -> bool {
    let shown = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    token.is_none_or(|token| shown.is_some_and(|shown| bool::from(shown.ct_eq(token.as_bytes()))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum_prometheus::metrics_exporter_prometheus::PrometheusBuilder;
    use regain_domain::Timestamp;
    use regain_domain::tenant::Ways;
    use regain_service::NetworkLimits;
    use regain_service::clock::Clock;
    use regain_store::Store;
    use std::sync::atomic::{AtomicI64, Ordering};

    #[test]
    fn r59_a_token_that_is_set_has_to_be_shown() {
        let mut headers = HeaderMap::new();
        assert!(may(&headers, None));
        assert!(!may(&headers, Some("t0ken")));
        headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Bearer t0ke"));
        assert!(!may(&headers, Some("t0ken")));
        headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Bearer t0ken"));
        assert!(may(&headers, Some("t0ken")));
    }

    /// A machine's clocks, of which the time of day can be set.
    #[derive(Default)]
    struct Settable(AtomicI64);

    impl Clock for Settable {
        fn now(&self) -> Timestamp {
            Timestamp::from_ms(4_000_000_000_000 + self.0.load(Ordering::SeqCst))
        }

        fn steady(&self) -> Duration {
            Duration::from_hours(1)
        }
    }

    async fn body(of: Response) -> (StatusCode, Vec<u8>) {
        let status = of.status();
        let bytes = axum::body::to_bytes(of.into_body(), 100).await;
        (status, bytes.expect("a body").to_vec())
    }

    #[tokio::test]
    async fn r39_a_clock_that_jumped_is_ready_but_degraded() {
        let clock = Arc::new(Settable::default());
        let store = Store::for_tests().await;
        let service = Service::open(
            store,
            Arc::clone(&clock) as Arc<dyn Clock>,
            NetworkLimits::default(),
            Ways::default(),
        )
        .await;
        let service = service.expect("a service");
        let operators = Operators {
            service: service.clone(),
            tasks: Tasks::default(),
            metrics: PrometheusBuilder::new().build_recorder().handle(),
            token: None,
        };
        let (status, said) = body(ready(State(operators.clone())).await).await;
        assert_eq!((status, said.as_slice()), (StatusCode::OK, b"ready\n".as_slice()));
        clock.0.store(-7_200_000, Ordering::SeqCst);
        service.look_at_clock().await.expect("a look");
        let (status, said) = body(ready(State(operators)).await).await;
        assert_eq!((status, said.as_slice()), (StatusCode::OK, b"degraded\n".as_slice()));
    }
}
