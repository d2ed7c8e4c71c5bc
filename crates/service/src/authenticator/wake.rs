//! Wakes a person's phones: by pushes that say nothing but that something waits (R12).

use crate::core::Core;
use crate::dice;
use crate::visit::Tenancy;
use anyhow::Context;
use regain_delivery::Outcome;
use regain_delivery::push::{self, Push, PushSender, Subscription, VapidKey};
use regain_domain::ids::{AccountId, DeviceId, EnrolmentId, MessageId, RequestId};
use regain_domain::notice::{ChannelKind, Letter};
use regain_store::approvals::Request;
use regain_store::outbox::Leased;
use regain_store::{Tx, devices, outbox, push_keys};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;
use zeroize::Zeroizing;

/// A push that a phone has not fetched yet is replaced by the next one: the newest request is the one that counts.
const TOPIC: &str = "request";

/// The way to push services.
#[derive(Clone)]
pub struct Pusher {
    /// What sends.
    pub sender: Arc<PushSender>,
    /// Whom a push service may write to, `mailto:` or `https:`; without one the tenant's pages.
    pub contact: Option<Arc<str>>,
}

/// Where a phone is woken, as its row holds it.
#[derive(Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) endpoint: String,
    pub(super) p256dh: String,
    pub(super) auth: String,
}

impl Place {
    pub(super) fn written(&self) -> anyhow::Result<String> {
        Ok(serde_json::to_string(self)?)
    }

    fn read(text: &str) -> Option<Subscription> {
        let place: Self = serde_json::from_str(text).ok()?;
        Subscription::parse(&place.endpoint, &place.p256dh, &place.auth)
    }
}

/// The tenant's key, made at its first use.
pub(super) async fn push_key(core: &Core, tx: &Tx) -> anyhow::Result<VapidKey> {
    if let Some(secret) = push_keys::of_tenant(tx).await? {
        return VapidKey::from_bytes(&secret).context("the key of pushes is none");
    }
    loop {
        let secret = Zeroizing::new(dice::bytes::<32>(&mut core.dice()));
        // All but one of four thousand million draws are keys.
        if let Some(key) = VapidKey::from_bytes(&secret) {
            push_keys::keep(tx, &secret).await?;
            return Ok(key);
        }
    }
}

/// A push to the phones of an account; nothing to nobody, in the same row (R21).
///
/// `enrolment`: only the phone of that registration, which is not a registered one yet.
pub(crate) async fn call(
    core: &Core,
    tx: &Tx,
    request: &Request,
    enrolment: Option<EnrolmentId>,
) -> anyhow::Result<()> {
    let letter = Letter::Push {
        request: request.id,
        enrolment,
    };
    let to = request.account.map(|account| account.to_string());
    let message = outbox::NewMessage {
        id: MessageId(Uuid::new_v4()),
        account: request.account,
        flow: request.flow,
        channel: ChannelKind::Push,
        letter: &letter,
        reference: None,
        to: to.as_deref(),
        language: request.about.language,
        expires_at: request.expires_at,
    };
    Ok(outbox::put(tx, &message, core.now()).await?)
}

/// Wakes the phones that a leased message is for. Those that cannot be woken find what waits when they are opened.
pub(crate) async fn wake(
    core: &Core,
    pusher: &Pusher,
    tenancy: &Tenancy,
    message: &Leased,
    (request, enrolment): (RequestId, Option<EnrolmentId>),
) -> anyhow::Result<Outcome> {
    let account = AccountId(Uuid::parse_str(&message.to).context("the account of a push")?);
    let tx = core.store.read(tenancy.id).await?;
    let places = devices::wakeable(&tx, account, enrolment).await?;
    let key = push_keys::of_tenant(&tx).await?;
    drop(tx);
    let Some(key) = key.and_then(|secret| VapidKey::from_bytes(&secret)) else {
        return Ok(Outcome::Sent);
    };
    let id = request.to_string();
    let mut outcomes = Vec::new();
    for (device, place) in places {
        let Some(subscription) = Place::read(&place) else {
            continue;
        };
        let push = Push {
            subscription: &subscription,
            key: &key,
            contact: pusher.contact.as_deref().unwrap_or(&tenancy.base_url),
            id: &id,
            topic: TOPIC,
            time_left: message.expires_at.since(core.now()),
            now: core.now(),
        };
        let outcome = pusher.sender.send(&push).await;
        if outcome == push::Outcome::Gone {
            forget(core, tenancy, device).await?;
        }
        outcomes.push(outcome);
    }
    Ok(all_told(outcomes))
}

/// The push service knows this phone no more: until it subscribes anew, it is not woken.
async fn forget(core: &Core, tenancy: &Tenancy, device: DeviceId) -> anyhow::Result<()> {
    let tx = core.store.write(tenancy.id).await?;
    if devices::by_id(&tx, device).await?.is_some() {
        devices::place(&tx, device, None).await?;
    }
    Ok(tx.commit().await?)
}

/// One phone that was woken is enough; else it is tried again if that may help.
fn all_told(outcomes: Vec<push::Outcome>) -> Outcome {
    let mut told = Outcome::Sent;
    for outcome in outcomes {
        match outcome {
            push::Outcome::Taken => return Outcome::Sent,
            push::Outcome::Later { why, after } => told = Outcome::Later { why, after },
            push::Outcome::Never { why } if told == Outcome::Sent => told = Outcome::Never { why },
            push::Outcome::Gone | push::Outcome::Never { .. } => {}
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_phone_that_was_woken_is_enough() {
        use push::Outcome::{Gone, Later, Never, Taken};
        let later = || Later {
            why: "later".to_owned(),
            after: None,
        };
        let never = || Never {
            why: "never".to_owned(),
        };
        let code = |outcomes: Vec<push::Outcome>| match all_told(outcomes) {
            Outcome::Sent => "sent",
            Outcome::Later { .. } => "later",
            Outcome::Never { .. } => "never",
            other => panic!("{other:?}"),
        };
        for (outcomes, expect) in [
            (vec![], "sent"),
            (vec![Gone], "sent"),
            (vec![never()], "never"),
            (vec![never(), later()], "later"),
            (vec![later(), never()], "later"),
            (vec![later(), Taken, never()], "sent"),
        ] {
            assert_eq!(code(outcomes), expect);
        }
    }
}
