//! The push service of the tests, phones at it, and pushes to send to them.

use crate::service::Service;
use regain_delivery::push::{Outcome, Push, PushSender, PushSettings, Subscription, VapidKey};
use regain_domain::Timestamp;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What is carried.
pub(crate) const ID: &str = "9f4c1e0a7b3d4c52";
/// Whom a push service may write to.
pub(crate) const CONTACT: &str = "mailto:admin@acorn.example";

/// A running push service; stopped when dropped.
pub(crate) struct Pushes(Service);

/// A phone that has subscribed there.
pub(crate) struct Phone {
    pub(crate) endpoint: String,
    pub(crate) p256dh: String,
    pub(crate) auth: String,
}

impl Pushes {
    pub(crate) fn start(options: &[&str]) -> Self {
        Self(Service::start("push_service.py", options))
    }

    pub(crate) fn url(&self) -> &str {
        self.0.fact("PUSH_URL")
    }

    pub(crate) fn ca_file(&self) -> Option<PathBuf> {
        Some(self.0.fact("PUSH_CA_FILE"))
            .filter(|path| !path.is_empty())
            .map(PathBuf::from)
    }

    /// A phone subscribes, and expects pushes from this key only.
    pub(crate) fn subscribe(&self, key: &VapidKey) -> Phone {
        let told = self.side("POST", "subscriptions", &json!({"applicationServerKey": key.public()}));
        let told: Value = serde_json::from_str(&told).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Phone {
            endpoint: text(&told["endpoint"]),
            p256dh: text(&told["keys"]["p256dh"]),
            auth: text(&told["keys"]["auth"]),
        }
    }

    /// The person takes the permission back.
    pub(crate) fn withdraw(&self, phone: &Phone) {
        self.side("DELETE", &format!("subscriptions/{}", phone.id()), &json!({}));
    }

    pub(crate) fn fault(&self, fault: &Value) {
        self.side("PUT", "faults", fault);
    }

    /// What the phone has got.
    pub(crate) fn messages(&self, phone: &Phone) -> Vec<Value> {
        let got = self.side("GET", &format!("messages?to={}", phone.id()), &json!({}));
        serde_json::from_str(&got).unwrap()
    }

    fn side(&self, method: &str, path: &str, body: &Value) -> String {
        self.0.side("PUSH_SIDE_URL", method, path, &body.to_string())
    }
}

impl Phone {
    pub(crate) fn id(&self) -> &str {
        self.endpoint.rsplit('/').next().unwrap()
    }

    pub(crate) fn subscription(&self) -> Subscription {
        Subscription::parse(&self.endpoint, &self.p256dh, &self.auth).unwrap()
    }

    /// The same phone, said to be elsewhere.
    pub(crate) fn at(&self, endpoint: &str) -> Subscription {
        Subscription::parse(endpoint, &self.p256dh, &self.auth).unwrap()
    }
}

pub(crate) fn key(n: u8) -> VapidKey {
    VapidKey::from_bytes(&[n; 32]).unwrap()
}

/// Settings for this very machine.
pub(crate) fn settings() -> PushSettings {
    PushSettings {
        allowed_networks: vec!["127.0.0.0/8".parse().unwrap()],
        ca_file: None,
        timeout: Duration::from_secs(10),
    }
}

pub(crate) fn sender() -> PushSender {
    PushSender::new(&settings()).unwrap()
}

/// The time as push services see it: they judge tokens by it.
#[expect(clippy::disallowed_methods, reason = "the push service has a clock of its own")]
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Timestamp::from_ms(i64::try_from(since.as_millis()).unwrap())
}

pub(crate) fn push<'a>(subscription: &'a Subscription, key: &'a VapidKey) -> Push<'a> {
    Push {
        subscription,
        key,
        contact: CONTACT,
        id: ID,
        topic: "request",
        time_left: Duration::from_mins(2),
        now: now(),
    }
}

pub(crate) async fn wake(sender: &PushSender, subscription: &Subscription, key: &VapidKey) -> Outcome {
    sender.send(&push(subscription, key)).await
}
