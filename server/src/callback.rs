//! What gateways tell of calls: a signature, a token in the path, and the gateway's own id of the call have to fit (R36).

use crate::layers::broken;
use axum::body::Bytes;
use axum::extract::{Extension, Path};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use regain_app::doorstep::RequestId;
use regain_delivery::gateway::callback::{CallReport, Fields, Pressed};
use regain_delivery::gateway::{Gateways, call_url};
use regain_domain::Secret;
use regain_service::{Callback, Service, Tenancy};
use std::sync::Arc;

/// Who takes callbacks: the gateways that sign them, and the service that they are for. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) gateways: Arc<Gateways>,
    pub(crate) service: Service,
}

/// `POST /callback/call/{token}/{what}`; `what`: `key`, `confirm` (the key after `9`) or `status`.
pub(crate) async fn call(
    Path((token, what)): Path<(String, String)>,
    Extension(desk): Extension<Desk>,
    Extension(tenancy): Extension<Tenancy>,
    Extension(RequestId(request_id)): Extension<RequestId>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let signature = headers.get("x-twilio-signature").and_then(|value| value.to_str().ok());
    let callback = Callback {
        tenancy: &tenancy,
        token: &token,
        signature: signature.unwrap_or_default(),
        request_id: &request_id,
    };
    desk.take(&callback, &what, &body).await
}

impl Desk {
    /// Takes a callback: answers with what the call says next, or nothing. What is not signed, or belongs to no call, is refused
    /// alike, and changes nothing.
    pub(crate) async fn take(&self, callback: &Callback<'_>, what: &str, body: &[u8]) -> Response {
        let url = call_url(&callback.tenancy.base_url, callback.token, what);
        let signed =
            Fields::parse(body).filter(|fields| self.gateways.signer(&url, fields, callback.signature).is_some());
        let answer = match signed {
            Some(fields) => self.told(callback, what, &fields).await,
            None => Ok(None),
        };
        match answer {
            Ok(Some(document)) if document.is_empty() => StatusCode::NO_CONTENT.into_response(),
            Ok(Some(document)) => {
                let kind = HeaderValue::from_static("text/xml; charset=utf-8");
                ([(header::CONTENT_TYPE, kind)], document.expose().to_owned()).into_response()
            }
            Ok(None) => {
                self.service.calls.count_refused();
                StatusCode::FORBIDDEN.into_response()
            }
            Err(error) => broken("take a callback", &error),
        }
    }

    async fn told(&self, callback: &Callback<'_>, what: &str, fields: &Fields) -> anyhow::Result<Option<Secret>> {
        let calls = &self.service.calls;
        match (what, Pressed::of(fields), CallReport::of(fields)) {
            ("key" | "confirm", Some(pressed), _) => calls.pressed(callback, &pressed, what == "confirm").await,
            ("status", _, Some(report)) => {
                let is_ours = calls.moved(callback, &report).await?;
                Ok(is_ours.then(|| Secret::new(String::new())))
            }
            _ => Ok(None),
        }
    }
}
