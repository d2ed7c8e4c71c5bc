//! Spans to an OpenTelemetry collector, where one is configured: OTLP over HTTP, and only what is on the list here. R59.

use crate::config::Otel;
use anyhow::{Context, anyhow};
use opentelemetry::trace::{SpanKind, TracerProvider};
use opentelemetry::{Key, KeyValue};
use opentelemetry_otlp::{Protocol, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanEvents, SpanExporter, SpanLinks};
use reqwest::blocking::Client;
use reqwest::redirect::Policy;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tracing::{Level, Subscriber};
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, filter_fn};
use tracing_subscriber::registry::LookupSpan;

/// What a request's answer is called on its span.
pub(crate) const STATUS: &str = "http.response.status_code";
/// Fields of our spans that leave, and what collectors call them. Nothing else leaves: no event, no other field.
const NAMES: [(&str, &str); 4] = [
    ("id", "regain.request_id"),
    ("method", METHOD),
    ("route", ROUTE),
    (STATUS, STATUS),
];
const METHOD: &str = "http.request.method";
const ROUTE: &str = "http.route";
/// The longest that one hand-over may take, and that the last one may hold up the end.
const HAND_OVER: Duration = Duration::from_secs(5);

/// Where spans go; nowhere if no collector is configured.
pub(crate) struct Traces(Option<SdkTracerProvider>);

impl Traces {
    /// For commands that serve nobody.
    pub(crate) const fn off() -> Self {
        Self(None)
    }

    /// Starts the thread that hands spans over; without a collector nothing starts. Connects at the first span.
    pub(crate) fn start(otel: &Otel) -> anyhow::Result<Self> {
        let Some(endpoint) = &otel.endpoint else {
            return Ok(Self::off());
        };
        let exporter = opentelemetry_otlp::SpanExporter::builder()
            .with_http()
            .with_http_client(client()?)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
            .with_timeout(HAND_OVER)
            .build()
            .context("cannot use `otel.endpoint`")?;
        let about = Resource::builder()
            .with_service_name("regain")
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(Listed::new(exporter))
            .with_resource(about)
            .build();
        Ok(Self(Some(provider)))
    }

    /// The layer that turns our spans into theirs, whatever `log.filter` says.
    pub(crate) fn layer<S>(&self) -> Option<impl Layer<S> + Send + Sync + use<S>>
    where
        S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync,
    {
        let ours = filter_fn(|it| it.is_span() && *it.level() <= Level::INFO && it.target().starts_with("regain_"));
        self.0.as_ref().map(|provider| {
            OpenTelemetryLayer::new(provider.tracer("regain"))
                .with_location(false)
                .with_threads(false)
                .with_target(false)
                .with_tracked_inactivity(false)
                .with_filter(ours.with_max_level_hint(LevelFilter::INFO))
        })
    }

    /// Hands over what is left, for the end of the process.
    pub(crate) async fn close(self) {
        let Some(provider) = self.0 else { return };
        let closing = tokio::task::spawn_blocking(move || provider.shutdown_with_timeout(HAND_OVER));
        if !matches!(closing.await, Ok(Ok(()))) {
            tracing::warn!("some traces were not handed over in time");
        }
    }
}

/// A client that follows nobody. Made on a thread of its own: it brings a runtime, which may not begin inside another.
fn client() -> anyhow::Result<Client> {
    let making = std::thread::spawn(|| {
        Client::builder()
            .timeout(HAND_OVER)
            .redirect(Policy::none())
            .no_proxy()
            .build()
    });
    let made = making
        .join()
        .map_err(|_| anyhow!("the thread for traces ended early"))?;
    made.context("cannot make the client for `otel.endpoint`")
}

/// An exporter that takes from each span what is on the list, under the names of the semantic conventions.
#[derive(Debug)]
struct Listed<E> {
    to: E,
    is_failing: AtomicBool,
}

impl<E> Listed<E> {
    const fn new(to: E) -> Self {
        Self {
            to,
            is_failing: AtomicBool::new(false),
        }
    }

    /// One line when it begins to fail and one when it works again: batches leave every few seconds.
    fn tell(&self, result: &OTelSdkResult) {
        let was_failing = self.is_failing.swap(result.is_err(), Ordering::Relaxed);
        match result {
            Err(error) if !was_failing => tracing::warn!(%error, "cannot hand traces over"),
            Ok(()) if was_failing => tracing::info!("traces are handed over again"),
            Ok(()) | Err(_) => {}
        }
    }
}

impl<E: SpanExporter> SpanExporter for Listed<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let result = self.to.export(batch.into_iter().map(listed).collect()).await;
        self.tell(&result);
        result
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.to.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.to.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.to.set_resource(resource);
    }
}

fn listed(mut span: SpanData) -> SpanData {
    span.attributes = span.attributes.into_iter().filter_map(renamed).collect();
    let value = |key: &str| span.attributes.iter().find(|field| field.key.as_str() == key);
    if let (Some(method), Some(route)) = (value(METHOD), value(ROUTE)) {
        span.name = format!("{} {}", method.value, route.value).into();
        span.span_kind = SpanKind::Server;
    }
    span.events = SpanEvents::default();
    span.links = SpanLinks::default();
    span
}

fn renamed(field: KeyValue) -> Option<KeyValue> {
    let (_, name) = NAMES.iter().find(|(ours, _)| *ours == field.key.as_str())?;
    Some(KeyValue::new(Key::from_static_str(name), field.value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::request_id;
    use axum::Router;
    use axum::body::Body;
    use axum::http::{Request, StatusCode};
    use axum::middleware::from_fn;
    use axum::routing::get;
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread::JoinHandle;
    use tower::ServiceExt;
    use tracing::Instrument;
    use tracing::instrument::WithSubscriber;
    use tracing_subscriber::layer::SubscriberExt;

    /// A collector that takes one request, and gives it back whole.
    fn collector() -> (Otel, JoinHandle<Vec<u8>>) {
        drop(rustls::crypto::ring::default_provider().install_default());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let otel = Otel {
            endpoint: Some(format!("http://{}/", listener.local_addr().unwrap())),
        };
        let taking = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.set_read_timeout(Some(HAND_OVER)).unwrap();
            let mut taken = Vec::new();
            let mut piece = [0; 4096];
            while !is_whole(&taken) {
                let length = stream.read(&mut piece).unwrap();
                assert!(length > 0, "ended early");
                taken.extend_from_slice(&piece[..length]);
            }
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n")
                .unwrap();
            taken
        });
        (otel, taking)
    }

    fn is_whole(taken: &[u8]) -> bool {
        let text = String::from_utf8_lossy(taken).to_lowercase();
        let Some((_, after)) = text.split_once("content-length: ") else {
            return false;
        };
        let Some(head) = taken.windows(4).position(|end| end == b"\r\n\r\n") else {
            return false;
        };
        let length: usize = after.lines().next().unwrap().trim().parse().unwrap();
        taken.len() >= head + 4 + length
    }

    async fn ask(router: Router) -> StatusCode {
        let request = Request::get("/people/ada@acorn.example?code=481516").body(Body::empty());
        router.oneshot(request.unwrap()).await.unwrap().status()
    }

    #[tokio::test]
    async fn r59_a_request_reaches_the_collector_without_anything_personal() {
        let (otel, taking) = collector();
        let traces = Traces::start(&otel).unwrap();
        let subscriber = tracing_subscriber::registry().with(traces.layer());
        let answer = || async {
            let inner = tracing::info_span!("inner", user = "ada@acorn.example");
            async { tracing::error!(code = 481_516, "told") }
                .instrument(inner)
                .await;
            StatusCode::BAD_GATEWAY
        };
        let router = Router::new()
            .route("/people/{name}", get(answer))
            .layer(from_fn(request_id));
        assert_eq!(ask(router).with_subscriber(subscriber).await, StatusCode::BAD_GATEWAY);
        traces.close().await;
        let taken = String::from_utf8_lossy(&taking.join().unwrap()).into_owned();
        assert!(taken.starts_with("POST /v1/traces HTTP/1.1\r\n"), "{taken}");
        for part in [
            "GET /people/{name}",
            "regain.request_id",
            METHOD,
            ROUTE,
            STATUS,
            "service.name",
        ] {
            assert!(taken.contains(part), "{part}: {taken}");
        }
        for secret in ["ada", "481516", "told", env!("CARGO_MANIFEST_DIR")] {
            assert!(!taken.contains(secret), "{secret}: {taken}");
        }
    }

    #[tokio::test]
    async fn without_a_collector_nothing_starts() {
        let traces = Traces::start(&Otel::default()).unwrap();
        assert!(traces.0.is_none() && traces.layer::<tracing_subscriber::Registry>().is_none());
        traces.close().await;
    }

    #[tokio::test]
    async fn a_collector_that_is_gone_holds_nobody_up() {
        drop(rustls::crypto::ring::default_provider().install_default());
        let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let traces = Traces::start(&Otel {
            endpoint: Some(format!("http://{gone}")),
        })
        .unwrap();
        let subscriber = tracing_subscriber::registry().with(traces.layer());
        let router = Router::new()
            .route("/people/{name}", get(|| async { StatusCode::OK }))
            .layer(from_fn(request_id));
        assert_eq!(ask(router).with_subscriber(subscriber).await, StatusCode::OK);
        tokio::time::timeout(HAND_OVER * 2, traces.close()).await.unwrap();
    }
}
