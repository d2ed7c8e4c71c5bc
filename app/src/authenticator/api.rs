//! What a phone says to the server. No cookie is read: a link's token or the signature of the phone's own key stands for it.

use crate::{Fault, Typed};
use leptos::prelude::*;
use regain_domain::authenticator::{Added, Reply, Taken, Waiting};

/// Adds the phone to the account whose page has shown the link. `key`: its public key, 65 bytes in base64url. 409 unless the
/// token is that of a link that waits: it serves once.
#[server(prefix = "/fn/public", endpoint = "authenticator-enrol")]
pub async fn enrol(#[server(default)] token: Typed, #[server(default)] key: String) -> Result<Added, Fault> {
    let token = token.secret();
    let door = crate::doorstep::open()?;
    let added = door.service.authenticator.enrol(&door.visit, &token, &key).await;
    door.show_added(added)
}

/// What waits for the phone's word. 401, as each of these, unless the signature is that of a phone that counts.
#[server(prefix = "/fn/public", endpoint = "authenticator-waiting")]
pub async fn look(
    #[server(default)] device: String,
    #[server(default)] at: i64,
    #[server(default)] signature: String,
) -> Result<Reply<Waiting>, Fault> {
    let door = crate::doorstep::open()?;
    let said = regain_service::Said::new(&device, at, &signature);
    let waiting = door.service.authenticator.waiting(&door.visit, &said).await;
    door.show_phone(waiting)
}

/// The person's word on a request. `verdict`: `approve`, `deny` or `not-me`; `number`: the digits that were typed.
#[server(prefix = "/fn/public", endpoint = "authenticator-answer")]
pub async fn answer(
    #[server(default)] device: String,
    #[server(default)] request: String,
    #[server(default)] verdict: String,
    #[server(default)] number: String,
    #[server(default)] at: i64,
    #[server(default)] signature: String,
) -> Result<Reply<Taken>, Fault> {
    let door = crate::doorstep::open()?;
    let said = regain_service::Said::new(&device, at, &signature);
    let word = regain_service::Word::new(&request, &verdict, &number);
    let taken = door.service.authenticator.answer(&door.visit, &said, &word).await;
    door.show_phone(taken)
}

/// Where the phone can be woken from now on: the parts of a `PushSubscription`, or nothing for nowhere. False if they are none.
#[server(prefix = "/fn/public", endpoint = "authenticator-subscribe")]
pub async fn subscribe(
    #[server(default)] device: String,
    #[server(default)] endpoint: String,
    #[server(default)] p256dh: String,
    #[server(default)] auth: String,
    #[server(default)] at: i64,
    #[server(default)] signature: String,
) -> Result<Reply<bool>, Fault> {
    let door = crate::doorstep::open()?;
    let said = regain_service::Said::new(&device, at, &signature);
    let parts = [endpoint, p256dh, auth];
    let done = door.service.authenticator.subscribe(&door.visit, &said, parts).await;
    door.show_phone(done)
}
