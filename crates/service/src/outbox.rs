//! Takes messages out of the outbox and hands them to their channel, each under one lease: mail at least once, what costs
//! at most once unless it is known that nobody took it (R34).

use crate::authenticator::{self, Pusher};
use crate::calls;
use crate::ceiling::{self, Reserved};
use crate::core::Core;
use crate::dice::below;
use crate::tasks::Tasks;
use crate::visit::Tenancy;
use anyhow::Context as _;
use regain_delivery::{Channel, Envelope, Outcome, message_id};
use regain_domain::limits::{OUTBOX_BACKOFF, OUTBOX_BACKOFF_MOST};
use regain_domain::notice::{ChannelKind, Letter};
use regain_domain::policy;
use regain_domain::tenant::TenantSettings;
use regain_domain::{Cost, Timestamp};
use regain_store::outbox::Leased;
use regain_store::{outbox, troubles};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// The longest nap; a message put by another node is found after it.
const NAP: Duration = Duration::from_secs(2);
/// Messages on their way at a time, those included whose mark waits for the one writer: a slow server holds up this many,
/// not all.
const MOST_AT_ONCE: usize = 32;
/// Why a message was given up that would have cost too much.
const CEILING: &str = "the daily ceiling for messages is reached";

/// The ways to people.
#[derive(Clone)]
pub struct Channels {
    /// Mail.
    pub mail: Arc<dyn Channel>,
    /// Whatever costs: text messages, `WhatsApp`, calls.
    pub phone: Arc<dyn Channel>,
    /// Pushes to phones with the authenticator; without it they find what waits when they are opened.
    pub push: Option<Pusher>,
}

impl Channels {
    /// One for everything.
    pub fn all(channel: Arc<dyn Channel>) -> Self {
        Self {
            mail: Arc::clone(&channel),
            phone: channel,
            push: None,
        }
    }

    fn of(&self, kind: ChannelKind) -> &dyn Channel {
        let channel = if kind.is_paid() { &self.phone } else { &self.mail };
        channel.as_ref()
    }
}

/// What the worker works with.
pub(crate) struct Outbox {
    pub(crate) core: Arc<Core>,
    pub(crate) channels: Channels,
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
        let tenancy = self.core.tenancies.of_id(&self.core.store, message.tenant).await?;
        let tenancy = tenancy.context("the tenant of a message")?;
        let envelope = envelope(message, &tenancy, self.core.now());
        let channel = self.channels.of(message.channel);
        if !message.channel.is_paid() {
            let outcome = match (&message.letter, &self.channels.push) {
                (Letter::Push { request, enrolment }, Some(pusher)) => {
                    authenticator::wake(&self.core, pusher, &tenancy, message, (*request, *enrolment)).await?
                }
                _ => channel.deliver(&message.letter, &envelope).await,
            };
            return self.mark(message, &outcome).await;
        }
        let settings = &tenancy.settings;
        let Some(reserved) = self.begin(message, settings, channel.cost(&envelope)).await? else {
            return Ok(());
        };
        let outcome = channel.deliver(&message.letter, &envelope).await;
        self.mark(message, &outcome).await?;
        if let Letter::Call { token, .. } = &message.letter {
            calls::placed(&self.core, message.tenant, token.expose(), &outcome).await?;
        }
        let real = match outcome {
            Outcome::Charged { price, .. } => price,
            Outcome::Unknown { .. } => return Ok(()),
            Outcome::Sent | Outcome::Later { .. } | Outcome::Never { .. } => Cost::ZERO,
        };
        ceiling::settle(&self.core, message.tenant, settings, reserved, real).await
    }

    /// Sets the price of a message aside, and marks that it is handed over now: in one commit, before that happens.
    /// Nothing if it may not be.
    async fn begin(
        &self,
        message: &Leased,
        settings: &TenantSettings,
        price: Cost,
    ) -> anyhow::Result<Option<Reserved>> {
        let core = &self.core;
        let tx = core.store.write(message.tenant).await?;
        let Some(reserved) = ceiling::reserve(core, &tx, settings, price).await? else {
            tx.commit().await?;
            let why = CEILING.to_owned();
            self.mark(message, &Outcome::Never { why }).await?;
            return Ok(None);
        };
        if !outbox::attempt(&tx, message.id, message.lease_no, core.now()).await? {
            // With the price, which was not spent.
            drop(tx);
            too_late(message);
            return Ok(None);
        }
        tx.commit().await?;
        Ok(Some(reserved))
    }

    /// Writes down how an attempt ended, unless somebody else has the message by now.
    async fn mark(&self, message: &Leased, outcome: &Outcome) -> anyhow::Result<()> {
        let (store, now) = (&self.core.store, self.core.now());
        let (id, lease_no) = (message.id, message.lease_no);
        let (code, why) = told(outcome);
        let (purpose, channel) = (message.letter.purpose(), message.channel.code());
        metrics::counter!("regain_messages_total", "purpose" => purpose, "channel" => channel, "outcome" => code)
            .increment(1);
        let is_ours = match outcome {
            Outcome::Sent | Outcome::Charged { .. } => outbox::sent(store, id, lease_no, now).await?,
            Outcome::Later { after, .. } => {
                tracing::warn!(message.id = id.to_string(), why, "a message could not be sent yet");
                let next = now.plus(after.unwrap_or_else(|| self.backoff(message.n_tries)));
                outbox::later(store, id, lease_no, why, next).await?
            }
            Outcome::Never { .. } => {
                tracing::error!(message.id = id.to_string(), why, "a message was refused for good");
                outbox::dead(store, id, lease_no, why, now).await?
            }
            Outcome::Unknown { .. } => {
                tracing::error!(
                    message.id = id.to_string(),
                    why,
                    "a message may have gone out; it is not sent again"
                );
                outbox::dead(store, id, lease_no, &format!("unknown: {why}"), now).await?
            }
        };
        if !is_ours {
            too_late(message);
        }
        self.watch(message, outcome).await
    }

    /// Whether the channel works: what was refused for good says nothing about that.
    async fn watch(&self, message: &Leased, outcome: &Outcome) -> anyhow::Result<()> {
        let (store, channel) = (&self.core.store, message.channel);
        match outcome {
            Outcome::Sent | Outcome::Charged { .. } => Ok(troubles::worked(store, channel).await?),
            Outcome::Later { .. } | Outcome::Unknown { .. } => {
                Ok(troubles::failed(store, channel, self.core.now()).await?)
            }
            Outcome::Never { .. } => Ok(()),
        }
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

/// What the metrics call an outcome, and its reason.
fn told(outcome: &Outcome) -> (&'static str, &str) {
    match outcome {
        Outcome::Sent | Outcome::Charged { .. } => ("sent", ""),
        Outcome::Later { why, .. } => ("later", why),
        Outcome::Never { why } => ("never", why),
        Outcome::Unknown { why } => ("unknown", why),
    }
}

fn too_late(message: &Leased) {
    tracing::warn!(
        message.id = message.id.to_string(),
        "a message's lease was over before it was marked"
    );
}

/// The tenant's house around a letter.
fn envelope(message: &Leased, tenancy: &Tenancy, now: Timestamp) -> Envelope {
    let base_url = tenancy.base_url.clone();
    let host = base_url
        .split("://")
        .nth(1)
        .unwrap_or("localhost")
        .split(':')
        .next()
        .unwrap_or("localhost");
    Envelope {
        tenant: message.tenant,
        channel: message.channel,
        to: message.to.clone(),
        message_id: message_id(message.id, host),
        at: message.created_at,
        time_left: message.expires_at.since(now),
        language: message.language,
        reference: message.reference.clone(),
        brand: policy::brand(&tenancy.settings).into_owned(),
        base_url,
    }
}
