//! Sequences: gather, decide, apply. No SQL, no HTTP, no words for people.

pub mod admin;
pub mod captcha;
pub mod clock;
pub mod common_passwords;
pub mod demo;
pub mod dice;
pub mod tasks;
#[cfg(feature = "testing")]
pub mod testing;
pub mod visit;

mod account;
mod again;
mod attack;
mod audit;
mod authenticator;
mod base32;
mod browser;
mod calls;
mod ceiling;
mod console;
mod core;
mod hash;
mod hex;
mod housekeeping;
mod keys;
mod kiosk;
mod limits;
mod not_me;
mod note;
mod notice;
mod numbers;
mod outbox;
mod passkey;
mod registration;
mod reset;
mod setup;
mod tenancies;
mod time;
mod watch;
mod workers;

/// What a sequence gives when we or the outside broke; logged once, at the door.
pub use anyhow::{Error, Result};

pub use crate::account::{Account, Change};
pub use crate::authenticator::{Authenticator, Pusher, Said, Word};
pub use crate::calls::{Callback, Calls};
pub use crate::console::Console;
pub use crate::core::NetworkLimits;
pub use crate::kiosk::{Kiosk, Knock};
pub use crate::not_me::NotMe;
pub use crate::outbox::Channels;
pub use crate::registration::Registration;
pub use crate::reset::{Identify, Reset};
pub use crate::setup::{Setup, Twice};
pub use crate::visit::{Keep, Standing, Stepped, Tenancy, Visit};

use crate::captcha::Captcha;
use crate::clock::Clock;
use crate::core::Core;
use crate::dice::SystemDice;
use crate::hash::Hasher;
use crate::limits::network_bytes;
use crate::tasks::Tasks;
use crate::tenancies::Tenancies;
use crate::time::Time;
use crate::workers::Workers;
use regain_domain::limits::CLOCK_TOLERANCE;
use regain_domain::password::{BannedList, Lists};
use regain_domain::tenant::Ways;
use regain_domain::{Refusal, Timestamp};
use regain_store::{Store, tenants};
use std::sync::Arc;

/// All of the service. Cheap to clone.
#[derive(Clone)]
pub struct Service {
    /// The wizard.
    pub reset: Reset,
    /// Signing in and out.
    pub account: Account,
    /// One's own methods.
    pub registration: Registration,
    /// What references of messages stop.
    pub not_me: NotMe,
    /// Locked workstations that show who they are.
    pub kiosk: Kiosk,
    /// What gateways tell of calls.
    pub calls: Calls,
    /// What phones with the authenticator say.
    pub authenticator: Authenticator,
    /// Administration.
    pub console: Console,
    /// The set-up, while there is no organisation.
    pub setup: Setup,
    pub(crate) core: Arc<Core>,
}

/// Whether a request failed only because the database was busy, or its disk full: it may be tried again.
pub fn is_busy(error: &Error) -> bool {
    use regain_store::Error::{Busy, Full, Torn};
    matches!(error.downcast_ref(), Some(Busy | Full | Torn))
}

impl Service {
    /// On these rows, by these clocks, with these ways to phones. Nothing runs until [`Service::start`].
    pub async fn open(store: Store, clock: Arc<dyn Clock>, networks: NetworkLimits, ways: Ways) -> Result<Self> {
        let time = watch::begin(clock, &store, 0).await?;
        Self::made(store, time, networks, ways, false)
    }

    pub(crate) fn made(store: Store, time: Time, networks: NetworkLimits, ways: Ways, is_demo: bool) -> Result<Self> {
        let n_cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let core = Arc::new(Core {
            store,
            time,
            hasher: Hasher::new(n_cores)?,
            lists: Lists {
                banned: BannedList::shipped(),
                is_known: common_passwords::is_common,
            },
            networks,
            drawing: Workers::new("captcha", n_cores)?,
            tenancies: Tenancies::new(ways),
            is_demo,
        });
        let reset = Reset {
            core: Arc::clone(&core),
        };
        let account = Account {
            core: Arc::clone(&core),
        };
        let registration = Registration {
            core: Arc::clone(&core),
            account: account.clone(),
            reset: reset.clone(),
        };
        let console = Console {
            core: Arc::clone(&core),
            account: account.clone(),
        };
        let setup = Setup {
            core: Arc::clone(&core),
        };
        let not_me = NotMe {
            core: Arc::clone(&core),
        };
        let kiosk = Kiosk {
            core: Arc::clone(&core),
        };
        let calls = Calls {
            core: Arc::clone(&core),
        };
        let authenticator = Authenticator {
            core: Arc::clone(&core),
        };
        Ok(Self {
            reset,
            account,
            registration,
            not_me,
            kiosk,
            calls,
            authenticator,
            console,
            setup,
            core,
        })
    }

    /// Before the first request: looks whether the clock went back while nobody served, and if so ends what is open (R39).
    pub async fn settle_clock(&self) -> Result<()> {
        watch::settle(&self.core).await
    }

    /// Compares the clock with the reference once more; what [`Service::start`] starts does so every ten seconds.
    pub async fn look_at_clock(&self) -> Result<()> {
        watch::look(&self.core).await
    }

    /// Whether it serves, but by a clock that cannot be trusted (R39).
    pub fn is_degraded(&self) -> bool {
        self.core.time.disagreement() > CLOCK_TOLERANCE
    }

    /// Starts what goes on beside the requests: sending messages, clearing away what is over, watching the clock.
    pub fn start(&self, tasks: &Tasks, channels: Channels) {
        let outbox = outbox::Outbox {
            core: Arc::clone(&self.core),
            channels,
            tasks: tasks.clone(),
        };
        tasks.spawn(outbox::run(Arc::new(outbox)));
        tasks.spawn(housekeeping::run(Arc::clone(&self.core), tasks.clone()));
        tasks.spawn(keys::run(Arc::clone(&self.core), tasks.clone()));
        tasks.spawn(watch::run(Arc::clone(&self.core), tasks.clone()));
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.core.store.ping().await?)
    }

    /// Whether there is any tenant yet.
    pub async fn has_tenants(&self) -> Result<bool> {
        Ok(tenants::are_any(&self.core.store).await?)
    }

    /// The tenant that a host means: exactly that host, small letters, without port (R45).
    pub async fn tenancy(&self, host: &str) -> Result<Option<Tenancy>> {
        self.core.tenancies.of_host(&self.core.store, host).await
    }

    /// The time, by the service's clock.
    pub fn now(&self) -> Timestamp {
        self.core.now()
    }

    /// Brings the gauges up to date: messages that wait, and dead letters.
    pub async fn measure(&self) -> Result<()> {
        outbox::measure(&self.core).await
    }

    /// Closes the database, after the tasks have ended.
    pub async fn close(self) -> Result<()> {
        Ok(self.core.store.clone().close().await?)
    }

    /// A fresh proof of work; harder for a network that has asked often (R25). Writes nothing.
    pub async fn captcha_challenge(&self, visit: &Visit) -> Result<serde_json::Value> {
        let tx = self.core.store.read(visit.tenant.id).await?;
        let key = self.core.counter("identifies", &network_bytes(visit.network));
        let n_recent = limits::count_recent(&self.core, &tx, key).await?;
        let is_attacked = attack::is_on(&self.core, &tx).await?;
        drop(tx);
        let difficulty = self.reset.difficulty_after(n_recent, is_attacked);
        let (bound, now) = (reset::bound(visit), self.core.now());
        self.draw(move |captcha| captcha.challenge(bound, difficulty, now, &mut SystemDice))
            .await
    }

    /// The picture of a ticket, as PNG.
    pub async fn captcha_picture(&self, visit: &Visit, ticket: &str) -> Result<Result<Vec<u8>, Refusal>> {
        let (bound, now, ticket) = (reset::bound(visit), self.core.now(), ticket.to_owned());
        self.draw(move |captcha| captcha.picture(bound, &ticket, now)).await
    }

    /// The sound of a ticket, as WAV, in the page's language.
    pub async fn captcha_sound(&self, visit: &Visit, ticket: &str) -> Result<Result<Vec<u8>, Refusal>> {
        let (bound, now, ticket) = (reset::bound(visit), self.core.now(), ticket.to_owned());
        let language = visit.language;
        self.draw(move |captcha| captcha.sound(bound, &ticket, language, now))
            .await
    }

    /// Work that anybody can ask for runs beside the requests, and only so much of it at a time.
    async fn draw<T: Send + 'static>(&self, work: impl FnOnce(&Captcha) -> T + Send + 'static) -> Result<T> {
        let captcha = self.core.captcha();
        self.core.drawing.run(move || work(&captcha)).await
    }
}
