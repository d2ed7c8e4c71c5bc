//! A phone of the demo that is called: it answers by the same way as a gateway tells it.

use crate::callback::Desk;
use axum::body::to_bytes;
use regain_delivery::gateway::callback::{Fields, sign};
use regain_delivery::gateway::{call_url, twiml};
use regain_domain::Secret;
use regain_service::{Callback, Tenancy};
use url::form_urlencoded;

/// Longest document of a call, in bytes.
const MOST: usize = 64 * 1024;

/// The phone, and the call that rings.
pub(super) struct Phone {
    /// By which the demo's gateway signs.
    pub(super) key: Secret,
    /// The gateway's id of the call.
    pub(super) id: String,
    pub(super) desk: Desk,
    pub(super) tenancy: Tenancy,
    /// What stands in the path of the call's callbacks.
    pub(super) token: String,
}

impl Phone {
    /// Presses the keys one after the other, and hangs up; nothing pressed: nobody answers. What the call says after each key.
    pub(super) async fn answers(&self, keys: &str) -> Vec<String> {
        let (mut said, mut what) = (Vec::new(), "key");
        for key in keys.chars().filter(|key| !key.is_whitespace()) {
            let document = self.tells(what, ("Digits", &key.to_string())).await;
            said.push(twiml::said(&document).expose().to_owned());
            what = "confirm";
        }
        let state = if keys.is_empty() { "no-answer" } else { "completed" };
        self.tells("status", ("CallStatus", state)).await;
        said
    }

    /// One callback. Without an answer the call would say nothing.
    async fn tells(&self, what: &str, field: (&str, &str)) -> String {
        let fields = [("CallSid", self.id.as_str()), field];
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let url = call_url(&self.tenancy.base_url, &self.token, what);
        let signature = Fields::parse(body.as_bytes()).and_then(|fields| sign(&self.key, &url, &fields));
        let callback = Callback {
            tenancy: &self.tenancy,
            token: &self.token,
            signature: &signature.unwrap_or_default(),
            request_id: "demo",
        };
        let answer = self.desk.take(&callback, what, body.as_bytes()).await;
        let bytes = to_bytes(answer.into_body(), MOST).await.unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
