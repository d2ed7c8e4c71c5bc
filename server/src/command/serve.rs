//! `regain serve`

use super::open;
use crate::config::Config;
use crate::run::{Ground, Server};
use regain_delivery::Channel;
use regain_service::tasks::Tasks;
use std::future::pending;
use std::sync::Arc;

/// Serves the configured database.
pub(super) async fn run(config: &Config) -> anyhow::Result<()> {
    config.mail_problem().map_or(Ok(()), Err)?;
    let ground = Ground::prepare(config)?;
    let channel = Arc::new(crate::mail::channel(&config.mail)?);
    let service = open::service(config).await?;
    let tasks = Tasks::default();
    let server = Server::new(&ground, config, service.clone(), tasks.clone(), None)?;
    // Its listeners are the server's own from here on, and close when it stops.
    drop(ground);
    service.start(&tasks, Arc::clone(&channel) as Arc<dyn Channel>);
    drop(service);
    server.serve(pending()).await?;
    channel.close().await;
    Ok(())
}
