//! The demo: two tenants with people, a mailbox instead of the world, and a clock that can be moved.

mod channel;
mod people;
mod seed;

pub use people::Person;

use crate::clock::{Clock, SystemClock};
use crate::core::NetworkLimits;
use crate::watch;
use crate::{Channels, Service, Tenancy, Visit};
use channel::DemoChannel;
use regain_domain::notice::ChannelKind;
use regain_domain::tenant::Ways;
use regain_domain::{Secret, Timestamp};
use regain_store::{Store, demo as rows, tenants};
use serde::Serialize;
use std::sync::Arc;
use tokio::sync::Notify;

/// A message as `/demo/messages.json` shows it.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    /// Counts up.
    pub id: i64,
    /// Unix seconds.
    pub at: i64,
    /// `mail`, `sms`, `whatsapp`, `call`, `push` or `captcha`.
    pub channel: String,
    /// Where it would have gone.
    pub to: String,
    /// Subject of a mail.
    pub subject: String,
    /// Plain text; of a push what it carries: the id of the request.
    pub text: String,
    /// The mail's other half.
    pub html: Option<String>,
    /// The code; nothing in notices.
    pub code: Option<String>,
    /// The mail's `Message-ID`; of a call what stands in the path of its callbacks.
    pub message_id: Option<String>,
    /// The captcha's ticket, else the message's purpose.
    pub context: String,
}

/// The demo's own service. Cheap to clone.
#[derive(Clone)]
pub struct Demo {
    service: Service,
    port: u16,
    fresh: Arc<Notify>,
    gateway_key: Arc<Secret>,
}

impl Demo {
    /// Seeds an empty database, and starts the clock where it was left. `port` is what the base URLs name.
    pub async fn start(store: Store, port: u16) -> anyhow::Result<(Service, Self)> {
        Self::start_by(store, port, Arc::new(SystemClock)).await
    }

    /// The same, by clocks that a test moves.
    pub async fn start_by(store: Store, port: u16, clock: Arc<dyn Clock>) -> anyhow::Result<(Service, Self)> {
        let time = watch::begin(clock, &store, rows::clock_offset_ms(&store).await?).await?;
        let networks = NetworkLimits {
            n_easy_identifies: 1_000_000,
            n_most: 1_000_000,
        };
        let service = Service::made(store, time, networks, Ways::ALL, true)?;
        let demo = Self {
            service: service.clone(),
            port,
            fresh: Arc::default(),
            gateway_key: Arc::new(Secret::new(service.core.cookie())),
        };
        demo.seed().await?;
        Ok((service, demo))
    }

    async fn seed(&self) -> anyhow::Result<()> {
        let store = &self.service.core.store;
        match tenants::are_any(store).await? {
            false => seed::seed(&self.service, self.port).await,
            true => seed::move_to(store, self.port).await,
        }
    }

    /// Keeps messages instead of sending them, whichever way they would take.
    pub fn channels(&self) -> Channels {
        Channels::all(Arc::new(DemoChannel {
            core: Arc::clone(&self.service.core),
        }))
    }

    /// The people of a tenant.
    pub async fn accounts(&self, tenancy: &Tenancy) -> anyhow::Result<Vec<Person>> {
        let tx = self.service.core.store.read(tenancy.id).await?;
        let rows = rows::people(&tx).await?;
        let read = |row: &rows::Person| serde_json::from_str::<Person>(&row.json);
        let mut people = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        people.sort_by_key(people::place);
        Ok(people)
    }

    /// What arrived after a message, oldest first.
    pub async fn messages(&self, tenancy: &Tenancy, after: i64) -> anyhow::Result<Vec<Message>> {
        let tx = self.service.core.store.read(tenancy.id).await?;
        let kept = rows::after(&tx, after).await?;
        Ok(kept.into_iter().map(Message::of).collect())
    }

    /// What stands in the path of the callbacks of a call that was placed, by its message's id.
    pub async fn call_token(&self, tenancy: &Tenancy, message: i64) -> anyhow::Result<Option<String>> {
        let tx = self.service.core.store.read(tenancy.id).await?;
        let kept = rows::after(&tx, message.saturating_sub(1)).await?;
        let found = kept
            .into_iter()
            .find(|row| row.id == message && row.channel == ChannelKind::Call.code());
        Ok(found.and_then(|row| row.message_id))
    }

    /// The key by which the demo's own gateway signs what it tells of calls: as good as a cookie.
    pub fn gateway_key(&self) -> Secret {
        Secret::new(self.gateway_key.expose().to_owned())
    }

    /// One more such person, with mails, numbers and secrets of their own.
    pub async fn another(&self, tenancy: &Tenancy, like: &str) -> anyhow::Result<Result<Person, String>> {
        people::another(&self.service, tenancy, like).await
    }

    /// Moves the clock forward for everything at once; gives the new now in Unix seconds.
    pub async fn advance(&self, seconds: i64) -> anyhow::Result<i64> {
        // Ten years at a time are enough, and no number bends the clock.
        let offset = self.service.core.time.advance(seconds.clamp(0, 315_360_000) * 1000);
        rows::set_clock_offset_ms(&self.service.core.store, offset).await?;
        self.service.core.store.ring();
        Ok(self.now())
    }

    /// Now, in Unix seconds.
    pub fn now(&self) -> i64 {
        self.service.now().seconds()
    }

    /// Asks for an empty database: whoever runs the demo hears it by [`Demo::fresh_wanted`], and starts over.
    pub fn start_over(&self) {
        self.fresh.notify_one();
    }

    /// Returns once somebody asked for an empty database.
    pub async fn fresh_wanted(&self) {
        self.fresh.notified().await;
    }

    /// Both tenants.
    pub async fn tenants(&self) -> anyhow::Result<Vec<Tenancy>> {
        let mut tenancies = Vec::new();
        for tenant in tenants::all(&self.service.core.store).await? {
            if let Some(host) = tenant.hosts.first() {
                tenancies.extend(self.service.tenancy(host).await?);
            }
        }
        Ok(tenancies)
    }
}

impl Message {
    fn of(row: rows::Message) -> Self {
        Self {
            id: row.id,
            at: row.at.seconds(),
            channel: row.channel,
            to: row.to,
            subject: row.subject,
            text: row.text,
            html: row.html,
            code: row.code,
            message_id: row.message_id,
            context: row.context,
        }
    }
}

impl crate::core::Core {
    /// In the demo a captcha's answer is listed beside the messages, so that a walk without scripts can be tried.
    pub(crate) async fn show_captcha(&self, visit: &Visit, ticket: &str, answer: &str) -> anyhow::Result<()> {
        if !self.is_demo {
            return Ok(());
        }
        let tx = self.store.write(visit.tenant.id).await?;
        let message = rows::Message {
            id: 0,
            at: self.now(),
            channel: "captcha".to_owned(),
            to: String::new(),
            subject: String::new(),
            text: answer.to_owned(),
            html: None,
            code: Some(answer.to_owned()),
            message_id: None,
            context: ticket.to_owned(),
        };
        rows::keep(&tx, &message).await?;
        Ok(tx.commit().await?)
    }
}

/// The code of an authenticator app at a time, for the people's list on `/demo`.
pub fn app_code(totp_secret: &str, now: Timestamp) -> Option<String> {
    let secret = crate::base32::decode(totp_secret)?;
    let seconds = u64::try_from(now.seconds()).ok()?;
    Some(crate::reset::totp(&secret).ok()?.generate(seconds).to_string())
}
