//! Statements of the phone: signed, sent, and said again by the server's clock where ours is off.

use super::api;
use super::crypto;
use super::keep::{self, Kept, Keys};
use super::phone::{Clock, failed};
use crate::{Fault, Typed};
use js_sys::JsString;
use regain_domain::authenticator::{Act, Added, Reply, Request, Statement, Taken, Verdict, Waiting, of_base64url};
use wasm_bindgen::JsValue;

/// Where a phone can be woken: the parts of a `PushSubscription`, or nothing for nowhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wakeable {
    pub(super) endpoint: String,
    pub(super) p256dh: String,
    pub(super) auth: String,
}

/// Adds this phone to the account whose page has shown the link; nothing if the link serves no more.
pub(super) async fn enrol(token: String, clock: Clock) -> Result<Option<Kept>, Fault> {
    let (sign, public) = crypto::signing_key().await.map_err(failed)?;
    let added = match api::enrol(Typed::new(token), public).await {
        Ok(added) => added,
        Err(Fault::Stale) => return Ok(None),
        Err(fault) => return Err(fault),
    };
    clock.set(added.now);
    let secret = of_base64url(&added.secret).ok_or_else(|| failed(JsValue::NULL))?;
    let codes = crypto::code_key(&secret).await.map_err(failed)?;
    let kept = kept(added);
    keep::add(&kept, &Keys { sign, codes }).await.map_err(failed)?;
    Ok(Some(kept))
}

fn kept(added: Added) -> Kept {
    Kept {
        device: added.device,
        tenant: added.tenant,
        user_name: added.user_name,
        house: added.house,
        push_key: added.push_key,
    }
}

/// What waits for an account; nothing if the account has removed this phone.
pub(super) async fn waiting(kept: &Kept, clock: Clock) -> Result<Option<Vec<Request>>, Fault> {
    let said = async || {
        let (at, signature) = signed(kept, clock, Act::Look).await?;
        api::look(kept.device.to_string(), at, signature).await
    };
    let waiting: Option<Waiting> = believed(clock, said).await?;
    Ok(waiting.map(|waiting| {
        clock.set(waiting.now);
        waiting.requests
    }))
}

/// The person's word on a request.
pub(super) async fn answer(
    kept: &Kept,
    request: &Request,
    verdict: Verdict,
    number: &str,
    clock: Clock,
) -> Result<Option<Taken>, Fault> {
    let act = Act::Answer {
        request: request.id,
        bound_to: &request.bound_to,
        verdict,
        number,
        expires_at: request.expires_at,
    };
    let said = async || {
        let (at, signature) = signed(kept, clock, act).await?;
        let (device, request) = (kept.device.to_string(), request.id.to_string());
        let (verdict, number) = (verdict.code().to_owned(), number.to_owned());
        api::answer(device, request, verdict, number, at, signature).await
    };
    believed(clock, said).await
}

/// Where this phone can be woken from now on; false if the server takes no such place.
pub(super) async fn subscribe(kept: &Kept, at: &Wakeable, clock: Clock) -> Result<Option<bool>, Fault> {
    let act = Act::Subscribe {
        endpoint: &at.endpoint,
        p256dh: &at.p256dh,
        auth: &at.auth,
    };
    let said = async || {
        let (moment, signature) = signed(kept, clock, act).await?;
        let parts = at.clone();
        let device = kept.device.to_string();
        api::subscribe(device, parts.endpoint, parts.p256dh, parts.auth, moment, signature).await
    };
    believed(clock, said).await
}

/// Says it, and once more by the server's clock if it is not believed for its time.
async fn believed<T>(clock: Clock, say: impl AsyncFn() -> Result<Reply<T>, Fault>) -> Result<Option<T>, Fault> {
    for _ in 0..2 {
        match say().await {
            Ok(Reply::Done(done)) => return Ok(Some(done)),
            Ok(Reply::Removed) | Err(Fault::SignedOut) => return Ok(None),
            Ok(Reply::Clock { now }) => clock.set(now),
            Err(fault) => return Err(fault),
        }
    }
    Err(failed(JsString::from("clock").into()))
}

/// When it is said, and the signature.
async fn signed(kept: &Kept, clock: Clock, act: Act<'_>) -> Result<(i64, String), Fault> {
    let keys = keep::keys(kept.device).await.map_err(failed)?;
    let at = clock.next();
    let statement = Statement {
        tenant: kept.tenant,
        device: kept.device,
        at,
        act,
    };
    let signature = crypto::sign(&keys.sign, &statement.bytes()).await.map_err(failed)?;
    Ok((at.ms(), signature))
}
