//! The outside of the page: the link that was followed, the worker that keeps the app offline, and the push service.

use super::crypto::field;
use super::keep::{self, Kept};
use super::phone::Phone;
use super::speak::{self, Wakeable};
use crate::i18n::{locale, td_string};
use crate::shell::house_name;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{
    MessageEvent, Notification, NotificationPermission, PushManager, PushSubscription, PushSubscriptionOptionsInit,
    RegistrationOptions, ServiceWorkerContainer, ServiceWorkerRegistration,
};

/// The worker, and the pages that it serves.
const WORKER: &str = "/authenticator/worker.js";
const SCOPE: &str = "/authenticator";
/// The word under which the last told place of waking is kept, by account.
const PLACE: &str = "woken-at";

/// Whether this phone can be woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alerts {
    /// It can.
    On,
    /// Nobody was asked yet.
    Off,
    /// The person has said no, in the browser's own question.
    Denied,
    /// This browser, or its push service, can't.
    Unable,
}

/// The token of the link that was followed. It stands behind `#`, which no server is sent, and goes from the address at once.
pub(super) fn token() -> Option<String> {
    let hash = window().location().hash().ok()?;
    let token = hash.strip_prefix('#').filter(|token| !token.is_empty())?.to_owned();
    if let Ok(history) = window().history() {
        drop(history.replace_state_with_url(&JsValue::NULL, "", Some(SCOPE)));
    }
    Some(token)
}

fn container() -> Option<ServiceWorkerContainer> {
    // Absent where the page is no secure one.
    let container = field(&window().navigator(), "serviceWorker");
    container.dyn_into().ok()
}

/// Calls back when the worker was woken while the page is open, and when the person comes back to it.
pub(super) fn on_call(called: impl Fn() + Copy + 'static) {
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |_| called());
    if let Some(container) = container() {
        container.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    }
    let seen = window_event_listener(leptos::ev::focus, move |_| called());
    let kept = StoredValue::new_local(Some((listener, seen)));
    on_cleanup(move || {
        if let Some((_, seen)) = kept.try_update_value(Option::take).flatten() {
            seen.remove();
        }
    });
}

/// Keeps the app for the time without a network, and renews where the phone can be woken.
pub(super) async fn begin(phone: Phone) -> Alerts {
    let Some(registration) = register().await else {
        return Alerts::Unable;
    };
    let house = house_name();
    let words = [
        ("title", td_string!(locale(), authenticator.alert.title, house = house)),
        ("body", td_string!(locale(), authenticator.alert.body).to_owned()),
    ];
    for (name, word) in words {
        drop(keep::keep_word(name, &word).await);
    }
    match permission() {
        Some(NotificationPermission::Granted) => woken(&registration, phone).await,
        Some(NotificationPermission::Denied) => Alerts::Denied,
        Some(_) => Alerts::Off,
        None => Alerts::Unable,
    }
}

/// Asks the person, by the browser's own question.
pub(super) async fn ask(phone: Phone) -> Alerts {
    if permission().is_none() {
        return Alerts::Unable;
    }
    if let Ok(asked) = Notification::request_permission() {
        drop(asked.await);
    }
    begin(phone).await
}

async fn register() -> Option<ServiceWorkerRegistration> {
    let options = RegistrationOptions::new();
    options.set_scope(SCOPE);
    let registering = container()?.register_with_options(WORKER, &options);
    drop(registering.await.ok()?);
    container()?.ready().ok()?.await.ok()?.dyn_into().ok()
}

/// What the person has said to notices; nothing where the browser has none.
fn permission() -> Option<NotificationPermission> {
    let has_notices = !field(&window(), "Notification").is_undefined();
    let has_push = !field(&window(), "PushManager").is_undefined();
    (has_notices && has_push).then(Notification::permission)
}

/// Subscribes where that is needed, and tells every account of this phone.
async fn woken(registration: &ServiceWorkerRegistration, phone: Phone) -> Alerts {
    let accounts = phone.accounts.get_untracked().unwrap_or_default();
    let Some(first) = accounts.first() else {
        return Alerts::On;
    };
    let Some(place) = place(registration, &first.push_key).await else {
        return Alerts::Unable;
    };
    let mut alerts = Alerts::On;
    for kept in &accounts {
        if !tell(kept, &place, phone).await {
            alerts = Alerts::Unable;
        }
    }
    alerts
}

async fn tell(kept: &Kept, place: &Wakeable, phone: Phone) -> bool {
    let name = format!("{PLACE} {}", kept.device);
    if keep::word(&name).await.as_ref() == Some(&place.endpoint) {
        return true;
    }
    let told = speak::subscribe(kept, place, phone.clock).await;
    let is_told = matches!(told, Ok(Some(true)));
    if is_told {
        drop(keep::keep_word(&name, &place.endpoint).await);
    }
    is_told
}

async fn place(registration: &ServiceWorkerRegistration, push_key: &str) -> Option<Wakeable> {
    let pushes: PushManager = registration.push_manager().ok()?;
    let present = pushes.get_subscription().ok()?.await.ok()?;
    let subscription: PushSubscription = if let Ok(present) = present.dyn_into() {
        present
    } else {
        let options = PushSubscriptionOptionsInit::new();
        options.set_user_visible_only(true);
        options.set_application_server_key(&push_key.into());
        pushes
            .subscribe_with_options(&options)
            .ok()?
            .await
            .ok()?
            .dyn_into()
            .ok()?
    };
    let parts = js_sys::JSON::parse(&String::from(js_sys::JSON::stringify(&subscription).ok()?)).ok()?;
    let keys = field(&parts, "keys");
    Some(Wakeable {
        endpoint: field(&parts, "endpoint").as_string()?,
        p256dh: field(&keys, "p256dh").as_string()?,
        auth: field(&keys, "auth").as_string()?,
    })
}

/// Asks the browser not to throw away what is kept when space runs short.
pub(super) async fn persist() {
    let storage = field(&window().navigator(), "storage");
    let persist = field(&storage, "persist");
    if let Ok(persist) = persist.dyn_into::<js_sys::Function>() {
        let asked = persist
            .call0(&storage)
            .ok()
            .and_then(|asked| asked.dyn_into::<js_sys::Promise>().ok());
        if let Some(asked) = asked {
            drop(asked.await);
        }
    }
}
