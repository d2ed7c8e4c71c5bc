//! Serves people and operators until told to stop, and finishes what is in hand. R59.

use crate::config::Config;
use crate::layers::AtDoor;
use crate::listen::{DRAIN, listen};
use crate::operations::{self, Operators};
use crate::peers::Peers;
use crate::{Files, Parts, assets, router};
use anyhow::Context;
use axum::Router;
use axum_prometheus::metrics_exporter_prometheus::PrometheusHandle;
use axum_prometheus::{EndpointLabel, PrometheusMetricLayer, PrometheusMetricLayerBuilder};
use regain_app::Assets;
use regain_app::doorstep::AppState;
use regain_delivery::gateway::Gateways;
use regain_domain::Secret;
use regain_service::Service;
use regain_service::demo::Demo;
use regain_service::tasks::Tasks;
use std::net::{SocketAddr, TcpListener as Open};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// What is there once in a process, before there is a service.
pub(crate) struct Ground {
    people: Open,
    operators: Open,
    names: Assets,
    files: Files,
    counting: PrometheusMetricLayer<'static>,
    metrics: PrometheusHandle,
}

impl Ground {
    /// Reads the pages, opens both listeners, installs the counters. Once in a process.
    pub(crate) fn prepare(config: &Config) -> anyhow::Result<Self> {
        let (names, files) = assets::load(&config.assets.dir)?;
        let people = listener("listen", config.listen)?;
        let operators = listener("operations.listen", config.operations.listen)?;
        let (counting, metrics) = PrometheusMetricLayerBuilder::new()
            .with_endpoint_label_type(EndpointLabel::MatchedPathWithFallbackFn(|_| "unmatched".to_owned()))
            .with_default_metrics()
            .build_pair();
        Ok(Self {
            people,
            operators,
            names,
            files,
            counting,
            metrics,
        })
    }
}

/// Everything that serves.
pub(crate) struct Server {
    people: TcpListener,
    operators: TcpListener,
    router: Router,
    peers: Peers,
    operations: Router,
    service: Service,
    tasks: Tasks,
}

impl Server {
    /// Puts the parts together.
    pub(crate) fn new(
        ground: &Ground,
        config: &Config,
        service: Service,
        tasks: Tasks,
        gateways: Arc<Gateways>,
        demo: Option<Demo>,
    ) -> anyhow::Result<Self> {
        let trusted_proxies: Arc<[_]> = config.http.trusted_proxies.as_slice().into();
        let router = router(Parts {
            state: AppState {
                service: service.clone(),
                assets: ground.names.clone(),
            },
            files: ground.files.clone(),
            door: AtDoor {
                service: service.clone(),
                assets: ground.names.clone(),
                trusted_proxies: Arc::clone(&trusted_proxies),
                hsts_preload: config.http.hsts_preload,
            },
            gateways,
            contact: config.security.contact.as_deref().map(Arc::from),
            is_offline: config.authenticator.offline,
            demo,
        });
        let token = config
            .operations
            .token
            .as_ref()
            .map(|token| Arc::new(Secret::new(token.expose().to_owned())));
        let metrics = ground.metrics.clone();
        let operators = Operators {
            service: service.clone(),
            tasks: tasks.clone(),
            metrics,
            token,
        };
        Ok(Self {
            people: TcpListener::from_std(ground.people.try_clone()?)?,
            operators: TcpListener::from_std(ground.operators.try_clone()?)?,
            router: router.layer(ground.counting.clone()),
            peers: Peers::new(config.limits.connections_per_network, trusted_proxies),
            operations: operations::router(operators),
            service,
            tasks,
        })
    }

    /// Serves until SIGTERM, SIGINT or `over`: not ready at once, nothing new, then what is in hand. True: it was `over`.
    pub(crate) async fn serve(self, over: impl Future<Output = ()>) -> anyhow::Result<bool> {
        let Self {
            people,
            operators,
            router,
            peers,
            operations,
            service,
            tasks,
        } = self;
        let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        tracing::info!(address = %people.local_addr()?, "serving");
        // Operators still see what goes on while people's requests are finished.
        let watching = Tasks::default();
        let stopping = async {
            let is_over = tokio::select! {
                _ = terminate.recv() => false,
                _ = interrupt.recv() => false,
                () = over => true,
            };
            tracing::info!("stopping");
            tasks.stop();
            is_over
        };
        let serving = async {
            let (is_over, ()) = tokio::join!(stopping, listen(people, router, peers, &tasks));
            if !tasks.finished(DRAIN).await {
                tracing::warn!("some work was not finished in time; it goes on at the next start");
            }
            watching.stop();
            is_over
        };
        let all = Peers::new(usize::MAX, Arc::from([]));
        let (is_over, ()) = tokio::join!(serving, listen(operators, operations, all, &watching));
        service.close().await?;
        tracing::info!("stopped");
        Ok(is_over)
    }
}

fn listener(key: &str, address: SocketAddr) -> anyhow::Result<Open> {
    let opened = Open::bind(address).and_then(|open| open.set_nonblocking(true).map(|()| open));
    opened.with_context(|| format!("cannot listen on {address}: stop what uses it, or set `{key}` to another address"))
}
