//! Locked workstations that show who they are: a token opens the kiosk's page by way of a ticket, and the browser keeps a badge that
//! says which workstation it is (R58, `docs/adr/0024-a-workstation-is-known-by-a-fingerprint.md`).

use crate::again::again;
use crate::core::{Core, cookie_hash};
use crate::limits::network_bytes;
use crate::visit::{Keep, Stepped, Visit};
use crate::{attack, audit};
use regain_domain::audit::{Activity, Entry};
use regain_domain::flow::Client;
use regain_domain::ids::KioskId;
use regain_domain::kiosk::{Fingerprint, is_token};
use regain_domain::limits::KIOSK_TICKET_LIFE;
use regain_domain::policy::Workstations;
use regain_domain::{Refusal, Secret, Timestamp};
use regain_store::{Tx, Use, kiosks, nonces};
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
            tell_unknown(&self.core, visit).await?;
            return Ok(Knock::Unknown);
        };
        again(|| self.opened(visit, id, &name)).await
    }

    async fn opened(&self, visit: &Visit, id: KioskId, name: &str) -> anyhow::Result<Knock> {
        let (tx, now) = (self.core.store.write(visit.tenant.id).await?, self.core.now());
        if let Err(seconds) = attack::take_from_network(&self.core, &tx, visit, "kiosk").await? {
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
        Ok(Knock::Ticket(self.core.sealed(
            Use::Kiosk,
            &within(visit, TICKET),
            &ticket,
        )?))
    }

    /// The workstation's browser brings the ticket, and gets its badge. A ticket that is spent or too old changes nothing.
    pub async fn enter(&self, visit: &Visit, ticket: &Secret) -> anyhow::Result<Stepped<()>> {
        let ticket = ticket.expose();
        let found: Option<(KioskId, Timestamp)> = self.core.unsealed(Use::Kiosk, &within(visit, TICKET), ticket);
        let Some((id, until)) = found.filter(|(_, until)| *until > self.core.now()) else {
            return Ok(Stepped::new(()));
        };
        Ok(match again(|| self.spent(visit, ticket, id, until)).await? {
            true => Stepped {
                kiosk: Keep::Set(self.core.sealed(Use::Kiosk, &within(visit, BADGE), &id)?),
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
    match badge.and_then(|badge| core.unsealed(Use::Kiosk, &within(visit, BADGE), badge)) {
        Some(id) => Ok(kiosks::is_there(tx, id).await?),
        None => Ok(false),
    }
}

/// A workstation that is none of the tenant's is told to the audit, the first time within a while. Nearly always it was told
/// already: only a reader looks then.
pub(crate) async fn tell_unknown(core: &Core, visit: &Visit) -> anyhow::Result<()> {
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

/// Where a value of a tenant's opens, and as what.
fn within<'a>(visit: &'a Visit, what: &'a [u8]) -> [&'a [u8]; 2] {
    [visit.tenant.id.0.as_bytes(), what]
}
