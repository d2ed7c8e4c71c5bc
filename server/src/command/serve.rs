//! `regain serve`

use super::open;
use crate::config::Config;
use crate::logs;
use crate::run::{Ground, Server};
use crate::traces::Traces;
use regain_delivery::Channel;
use regain_delivery::gateway::GatewayChannel;
use regain_service::Channels;
use regain_service::tasks::Tasks;
use std::future::pending;
use std::path::Path;
use std::sync::Arc;

/// Reads the settings, serves until told to stop, and hands the last traces over.
pub(super) async fn run(file: Option<&Path>) -> anyhow::Result<()> {
    let config = Config::load(file)?;
    let traces = Traces::start(&config.otel)?;
    logs::start(&config.log, &traces);
    let served = serve(&config).await;
    traces.close().await;
    served
}

/// Serves the configured database.
async fn serve(config: &Config) -> anyhow::Result<()> {
    config.mail_problem().map_or(Ok(()), Err)?;
    let ground = Ground::prepare(config)?;
    let mail = Arc::new(crate::mail::channel(&config.mail)?);
    let gateways = Arc::new(crate::gateways::configured(config)?);
    let channels = Channels {
        mail: Arc::clone(&mail) as Arc<dyn Channel>,
        phone: Arc::new(GatewayChannel::new(Arc::clone(&gateways))),
        push: Some(crate::authenticator::pusher(config)?),
    };
    let service = open::service_with(config, gateways.ways()).await?;
    let tasks = Tasks::default();
    let server = Server::new(&ground, config, service.clone(), tasks.clone(), gateways, None)?;
    // Its listeners are the server's own from here on, and close when it stops.
    drop(ground);
    service.settle_clock().await?;
    if let Some(key) = service.setup.begin().await? {
        // To the console and not to the log: whoever reads the key may make the first organisation.
        let port = config.listen.port();
        super::say(&format!(
            "There is no organisation yet. Make the first one at /setup, as on http://localhost:{port}/setup, with this key:\n\n    {key}\n"
        ))?;
    }
    service.start(&tasks, channels);
    drop(service);
    server.serve(pending()).await?;
    mail.close().await;
    Ok(())
}
