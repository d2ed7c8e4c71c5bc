//! Takes messages out of the outbox and hands them to their channel: at least once, each under one lease (R34).

use crate::core::Core;
use crate::dice::below;
use crate::tasks::Tasks;
use crate::visit::Tenancy;
use anyhow::Context as _;
use regain_delivery::{Channel, Envelope, Outcome, message_id};
use regain_domain::limits::{OUTBOX_BACKOFF, OUTBOX_BACKOFF_MOST};
use regain_store::outbox;
use regain_store::outbox::Leased;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// The longest nap; a message put by another node is found after it.
const NAP: Duration = Duration::from_secs(2);
/// Messages on their way at a time, those included whose mark waits for the one writer: a slow server holds up this many,
/// not all.
const MOST_AT_ONCE: usize = 32;

/// What the worker works with.
pub(crate) struct Outbox {
    pub(crate) core: Arc<Core>,
    pub(crate) channel: Arc<dyn Channel>,
    pub(crate) tasks: Tasks,
}

/// Runs until told to stop; what is on its way by then is finished.
pub(crate) async fn run(outbox: Arc<Outbox>) {
    let permits = Arc::new(Semaphore::new(MOST_AT_ONCE));
    while !outbox.tasks.is_stopping() {
        match round(&outbox, &permits).await {
            Ok(true) => {}
            Ok(false) => outbox.nap().await,
            Err(error) => {
                tracing::error!(
                    error = format!("{error:#}"),
                    "the outbox could not be read; it is tried again"
                );
                outbox.nap().await;
            }
        }
    }
}

/// Leases as many as may be on their way, and starts them; tells whether more may be waiting.
async fn round(outbox: &Arc<Outbox>, permits: &Arc<Semaphore>) -> anyhow::Result<bool> {
    // One message may always be on its way before the outbox is looked at.
    tokio::select! {
        permit = permits.acquire() => drop(permit?),
        () = outbox.tasks.stopping() => return Ok(false),
    }
    let n_free = permits.available_permits();
    let leased = outbox::lease(&outbox.core.store, outbox.core.now(), u64::try_from(n_free)?).await?;
    let may_be_more = leased.len() == n_free;
    for message in leased {
        let permit = Arc::clone(permits).acquire_owned().await?;
        let worker = Arc::clone(outbox);
        outbox.tasks.spawn(async move {
            if let Err(error) = worker.send(&message).await {
                let id = message.id.to_string();
                tracing::error!(
                    message.id = id,
                    error = format!("{error:#}"),
                    "a message could not be handled; its lease will run out"
                );
            }
            drop(permit);
        });
    }
    Ok(may_be_more)
}

/// How many messages wait, and how many are dead letters, of all tenants: for whoever watches the server.
pub(crate) async fn measure(core: &Core) -> anyhow::Result<()> {
    let tallies = outbox::tallies(&core.store).await?;
    for (state, n) in ["waiting", "dead"].into_iter().zip(tallies) {
        metrics::gauge!("regain_messages", "state" => state).set(f64::from(u32::try_from(n).unwrap_or(u32::MAX)));
    }
    Ok(())
}

impl Outbox {
    async fn nap(&self) {
        tokio::select! {
            () = self.tasks.stopping() => {}
            () = self.core.store.has_message() => {}
            () = tokio::time::sleep(NAP) => {}
        }
    }

    async fn send(&self, message: &Leased) -> anyhow::Result<()> {
        let envelope = self.envelope(message).await?;
        let outcome = self.channel.deliver(&message.letter, &envelope).await;
        let (store, now) = (&self.core.store, self.core.now());
        let kind = message.letter.purpose();
        let is_ours = match outcome {
            Outcome::Sent => {
                metrics::counter!("regain_messages_total", "purpose" => kind, "outcome" => "sent").increment(1);
                outbox::sent(store, message.id, message.lease_no, now).await?
            }
            Outcome::Later { why, after } => {
                metrics::counter!("regain_messages_total", "purpose" => kind, "outcome" => "later").increment(1);
                tracing::warn!(
                    message.id = message.id.to_string(),
                    why,
                    "a message could not be sent yet"
                );
                let next = now.plus(after.unwrap_or_else(|| self.backoff(message.n_tries)));
                outbox::later(store, message.id, message.lease_no, &why, next).await?
            }
            Outcome::Never { why } => {
                metrics::counter!("regain_messages_total", "purpose" => kind, "outcome" => "never").increment(1);
                tracing::error!(
                    message.id = message.id.to_string(),
                    why,
                    "a message was refused for good"
                );
                outbox::dead(store, message.id, message.lease_no, &why, now).await?
            }
        };
        if !is_ours {
            tracing::warn!(
                message.id = message.id.to_string(),
                "a message's lease was over before it was marked"
            );
        }
        Ok(())
    }

    /// The tenant's house around a letter.
    async fn envelope(&self, message: &Leased) -> anyhow::Result<Envelope> {
        let core = &self.core;
        let tenancy = core.tenancies.of_id(&core.store, message.tenant).await?;
        let Tenancy { base_url, settings, .. } = tenancy.context("the tenant of a message")?;
        let host = base_url
            .split("://")
            .nth(1)
            .unwrap_or("localhost")
            .split(':')
            .next()
            .unwrap_or("localhost")
            .to_owned();
        Ok(Envelope {
            tenant: message.tenant,
            to: message.to.clone(),
            message_id: message_id(message.id, &host),
            at: message.created_at,
            language: message.language,
            base_url,
            brand: settings.brand.clone(),
        })
    }

    /// 5 s after the first try, doubling to 5 min, ± 10 %.
    fn backoff(&self, n_tries: u32) -> Duration {
        let doubled = OUTBOX_BACKOFF
            .saturating_mul(2_u32.saturating_pow(n_tries.saturating_sub(1).min(16)))
            .min(OUTBOX_BACKOFF_MOST);
        let percent = 90 + below(&mut self.core.dice(), 21);
        doubled * percent / 100
    }
}
