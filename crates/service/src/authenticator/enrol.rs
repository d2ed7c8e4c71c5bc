//! A phone is added by a link, asks what waits, and says where it can be woken.

use super::said::{self, Said};
use super::wake::{Place, push_key};
use super::{Authenticator, bound_to, link};
use crate::again::again;
use crate::audit;
use crate::visit::Visit;
use regain_delivery::push::Subscription;
use regain_domain::audit::{Activity, Entry};
use regain_domain::authenticator::{Act, Added, Reply, Request, Waiting, base64url, of_base64url};
use regain_domain::flow::Stage;
use regain_domain::gate::MethodKind;
use regain_domain::ids::DeviceId;
use regain_domain::registration::Enrolment;
use regain_domain::{Secret, Timestamp};
use regain_store::approvals;
use regain_store::devices::{self, Device};
use regain_store::{Tx, accounts, enrolments};
use uuid::Uuid;

impl Authenticator {
    /// Adds a phone by the token of a link. Nothing unless that waits for one: each link serves once (R53).
    ///
    /// The phone counts for nothing yet: its first approval, collected by the page with the link, registers it.
    pub async fn enrol(&self, visit: &Visit, token: &Secret, key: &str) -> anyhow::Result<Option<Added>> {
        let Some(key) = of_base64url(key).filter(|key| said::is_key(key)) else {
            return Ok(None);
        };
        let Some(id) = link::of_token(&self.core, visit.tenant.id, token.expose()) else {
            return Ok(None);
        };
        again(|| async {
            let tx = self.core.store.write(visit.tenant.id).await?;
            let pending = enrolments::by_id(&tx, id).await?;
            match pending.filter(|pending| self.waits_for_phone(pending)) {
                Some(pending) => self.added(visit, tx, &pending, key.clone()).await,
                None => Ok(None),
            }
        })
        .await
    }

    fn waits_for_phone(&self, pending: &Enrolment) -> bool {
        pending.kind == MethodKind::Authenticator && pending.stage == Stage::Code && !pending.is_over(self.core.now())
    }

    async fn added(&self, visit: &Visit, tx: Tx, pending: &Enrolment, key: Vec<u8>) -> anyhow::Result<Option<Added>> {
        let now = self.core.now();
        let device = Device {
            id: DeviceId(Uuid::new_v4()),
            account: pending.account,
            method: None,
            enrolment: Some(pending.id),
            key,
            said_at: Timestamp::default(),
        };
        let (person, secret) = (
            accounts::by_id(&tx, pending.account).await?,
            enrolments::secret(&tx, pending.id).await?,
        );
        let (Some(person), Some(secret)) = (person, secret) else {
            return Ok(None);
        };
        if !devices::add(&tx, &device, now).await? {
            return Ok(None);
        }
        let push_key = push_key(&self.core, &tx).await?.public();
        let entry = Entry::success(Activity::MethodRegistered, "phone-added");
        audit::write(&tx, visit, &entry, None, Some(person.id), None, now).await?;
        tx.commit().await?;
        Ok(Some(Added {
            device: device.id,
            tenant: visit.tenant.id,
            user_name: person.user_name.as_str().to_owned(),
            house: visit.tenant.settings.brand.name.clone(),
            secret: base64url(&secret),
            push_key,
            now,
        }))
    }

    /// What waits for a phone's word. Writes nothing.
    pub async fn waiting(&self, visit: &Visit, said: &Said) -> anyhow::Result<Reply<Waiting>> {
        let tx = self.core.store.read(visit.tenant.id).await?;
        let device = match said::believed(&self.core, &tx, visit, said, Act::Look).await? {
            Reply::Done(device) => device,
            Reply::Clock { now } => return Ok(Reply::Clock { now }),
            Reply::Removed => return Ok(Reply::Removed),
        };
        let now = self.core.now();
        let waiting = match (device.enrolment, device.method) {
            (Some(enrolment), _) => approvals::latest(&tx, enrolment.0).await?.into_iter().collect(),
            (None, Some(_)) => approvals::of_account(&tx, device.account).await?,
            (None, None) => Vec::new(),
        };
        let is_open = |request: &approvals::Request| {
            request.number.is_some() && request.answer.is_none() && !request.is_spent && request.expires_at > now
        };
        let requests = waiting.into_iter().filter(is_open).map(shown).collect();
        Ok(Reply::Done(Waiting { requests, now }))
    }

    /// Where a phone can be woken from now on; without an endpoint nowhere. False if these parts are no subscription.
    pub async fn subscribe(&self, visit: &Visit, said: &Said, parts: [String; 3]) -> anyhow::Result<Reply<bool>> {
        let [endpoint, p256dh, auth] = parts;
        let act = Act::Subscribe {
            endpoint: &endpoint,
            p256dh: &p256dh,
            auth: &auth,
        };
        let tx = self.core.store.write(visit.tenant.id).await?;
        let device = match said::believed(&self.core, &tx, visit, said, act).await? {
            Reply::Done(device) => device,
            Reply::Clock { now } => return Ok(Reply::Clock { now }),
            Reply::Removed => return Ok(Reply::Removed),
        };
        if !endpoint.is_empty() && Subscription::parse(&endpoint, &p256dh, &auth).is_none() {
            return Ok(Reply::Done(false));
        }
        if !said::once(&self.core, &tx, &device, said).await? {
            return Ok(Reply::Clock { now: self.core.now() });
        }
        let is_somewhere = !endpoint.is_empty();
        let place = Place { endpoint, p256dh, auth };
        let place = is_somewhere.then(|| place.written()).transpose()?;
        devices::place(&tx, device.id, place.as_deref()).await?;
        tx.commit().await?;
        Ok(Reply::Done(true))
    }
}

/// A request as its phone sees it: never with the number.
fn shown(request: approvals::Request) -> Request {
    Request {
        id: request.id,
        bound_to: bound_to(request.id, request.owner, request.flow),
        subject: request.about.subject,
        network: request.about.network,
        browser: request.about.device,
        asked_at: request.asked_at,
        expires_at: request.expires_at,
    }
}
