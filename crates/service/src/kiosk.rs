//! Locked workstations that show who they are: a token opens the kiosk's page by way of a ticket, and the browser keeps a badge that
//! says which workstation it is (R58, `docs/adr/0024-a-workstation-is-known-by-a-fingerprint.md`).

use crate::again::again;
use crate::core::{Core, cookie_hash};
use crate::limits::{self, network_bytes, per_network};
use crate::visit::{Keep, Stepped, Visit};
use crate::{attack, audit};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use regain_domain::audit::{Activity, Entry};
use regain_domain::flow::Client;
use regain_domain::ids::KioskId;
use regain_domain::kiosk::{Fingerprint, is_token};
use regain_domain::limits::KIOSK_TICKET_LIFE;
use regain_domain::policy::Workstations;
use regain_domain::{Refusal, Secret, Timestamp};
use regain_store::{Tx, Use, kiosks, nonces};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// What a value was sealed for: one is never good as another.
const TICKET: &[u8] = b"ticket";
const BADGE: &[u8] = b"badge";

/// The workstations' service. Cheap to clone.
#[derive(Clone)]
pub struct Kiosk {
    pub(crate) core: Arc<Core>,
}

/// What a workstation gets for its token.
#[derive(Debug, PartialEq, Eq)]
pub enum Knock {
    /// For its browser: good once, for a minute, at this tenant.
    Ticket(String),
    /// The token is nobody's.
    Unknown,
    /// Too many from this network.
    TooMany {
        /// Seconds to wait.
        seconds: u32,
    },
}

impl Kiosk {
    /// A workstation shows its token.
    pub async fn knock(&self, visit: &Visit, token: &Secret) -> anyhow::Result<Knock> {
        let token = token.expose().trim();
        let tx = self.core.store.read(visit.tenant.id).await?;
        let known = match is_token(token) {
            true => kiosks::of_fingerprint(&tx, Fingerprint(cookie_hash(token))).await?,
            false => None,
        };
        drop(tx);
        let Some((id, name)) = known else {
            shut_out(&self.core, visit).await?;
            return Ok(Knock::Unknown);
        };
        again(|| self.opened(visit, id, &name)).await
    }

    async fn opened(&self, visit: &Visit, id: KioskId, name: &str) -> anyhow::Result<Knock> {
        let (tx, now) = (self.core.store.write(visit.tenant.id).await?, self.core.now());
        let key = self.core.counter("kiosks", &network_bytes(visit.network));
        let windows = per_network(&self.core, [false, attack::is_on(&self.core, &tx).await?]);
        if let Err(seconds) = limits::take_one(&self.core, &tx, key, &windows).await? {
            let entry = Entry::failure(Activity::NetworkSlowed, "kiosk");
            audit::write_first(&self.core, &tx, visit, &entry).await?;
            tx.commit().await?;
            return Ok(Knock::TooMany { seconds });
        }
        if !kiosks::opened(&tx, id, now).await? {
            return Ok(Knock::Unknown);
        }
        let entry = Entry::success(Activity::KioskOpened, name);
        audit::write(&tx, visit, &entry, None, None, None, now).await?;
        tx.commit().await?;
        let ticket = (id, now.plus(KIOSK_TICKET_LIFE));
        Ok(Knock::Ticket(sealed(&self.core, visit, TICKET, &ticket)?))
    }

    /// The workstation's browser brings the ticket, and gets its badge. A ticket that is spent or too old changes nothing.
    pub async fn enter(&self, visit: &Visit, ticket: &Secret) -> anyhow::Result<Stepped<()>> {
        let ticket = ticket.expose();
        let found: Option<(KioskId, Timestamp)> = unsealed(&self.core, visit, TICKET, ticket);
        let Some((id, until)) = found.filter(|(_, until)| *until > self.core.now()) else {
            return Ok(Stepped::new(()));
        };
        Ok(match again(|| self.spent(visit, ticket, id, until)).await? {
            true => Stepped {
                kiosk: Keep::Set(sealed(&self.core, visit, BADGE, &id)?),
                ..Stepped::new(())
            },
            false => Stepped::new(()),
        })
    }

    async fn spent(&self, visit: &Visit, ticket: &str, id: KioskId, until: Timestamp) -> anyhow::Result<bool> {
        let tx = self.core.store.write(visit.tenant.id).await?;
        let is_good = nonces::spend(&tx, cookie_hash(ticket), until).await? && kiosks::is_there(&tx, id).await?;
        if is_good {
            tx.commit().await?;
        }
        Ok(is_good)
    }
}

/// Whether a page is a kiosk's whose workstation the tenant wants to know.
pub(crate) fn wants_badge(visit: &Visit, client: Client) -> bool {
    client == Client::Kiosk && visit.tenant.settings.policy.workstations == Workstations::Enrolled
}

/// Whether a page of a kiosk may be shown: everywhere, unless the tenant wants to know the workstation. By the rows as they are
/// now, so that one that was removed is out at once.
pub(crate) async fn may_show(core: &Core, tx: &Tx, visit: &Visit, client: Client) -> anyhow::Result<bool> {
    if !wants_badge(visit, client) {
        return Ok(true);
    }
    let badge = visit.kiosk.as_deref();
    match badge.and_then(|badge| unsealed(core, visit, BADGE, badge)) {
        Some(id) => Ok(kiosks::is_there(tx, id).await?),
        None => Ok(false),
    }
}

/// A workstation that is none of the tenant's is told to the audit, the first time within a while. Nearly always it was told
/// already: only a reader looks then.
pub(crate) async fn shut_out(core: &Core, visit: &Visit) -> anyhow::Result<()> {
    let source = network_bytes(visit.network);
    let tx = core.store.read(visit.tenant.id).await?;
    let would_tell = audit::would_tell(core, &tx, Activity::KioskOpened, &source).await?;
    drop(tx);
    if !would_tell {
        return Ok(());
    }
    again(async || {
        let tx = core.store.write(visit.tenant.id).await?;
        let entry = Entry::failure(Activity::KioskOpened, Refusal::KioskUnknown.code());
        audit::write_first(core, &tx, visit, &entry).await?;
        Ok(tx.commit().await?)
    })
    .await
}

fn sealed(core: &Core, visit: &Visit, what: &[u8], value: &impl Serialize) -> anyhow::Result<String> {
    let plain = serde_json::to_vec(value)?;
    let sealed = core
        .keys()
        .seal(Use::Kiosk, &[visit.tenant.id.0.as_bytes(), what], &plain);
    Ok(URL_SAFE_NO_PAD.encode(sealed))
}

fn unsealed<T: DeserializeOwned>(core: &Core, visit: &Visit, what: &[u8], value: &str) -> Option<T> {
    let sealed = URL_SAFE_NO_PAD.decode(value).ok()?;
    let plain = core
        .keys()
        .open(Use::Kiosk, &[visit.tenant.id.0.as_bytes(), what], &sealed)?;
    serde_json::from_slice(&plain).ok()
}
