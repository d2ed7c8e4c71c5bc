//! What makes an app of the page `/authenticator`: its worker and its manifest. R58.

use crate::Files;
use crate::config::Config;
use anyhow::Context;
use axum::extract::{Extension, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use regain_app::Assets;
use regain_delivery::push::{LONGEST, PushSender, PushSettings};
use regain_domain::policy;
use regain_service::{Pusher, Tenancy};
use serde_json::json;
use std::sync::Arc;

/// The page, and all that the worker may touch of this host.
const SHELL: &str = "/authenticator";
/// The worker's source, as the build names it.
const WORKER: &str = "authenticator-worker.js";
/// What the page loads.
const PROGRAM: [&str; 5] = [
    "main.css",
    "favicon.svg",
    ICON,
    "authenticator.js",
    "authenticator_bg.wasm",
];
/// The picture on a home screen and in notices, where not every system takes a drawing: 192 by 192 dots.
const ICON: &str = "icon.png";

/// Whether phones keep the app for the time without a network (`authenticator.offline`).
#[derive(Clone, Copy)]
pub(crate) struct Offline(pub(crate) bool);

/// `GET /authenticator/worker.js`: never kept, so that every start of the app learns of a new one, or that it has to go.
pub(crate) async fn worker(
    State(assets): State<Assets>,
    Extension(files): Extension<Files>,
    Extension(tenancy): Extension<Tenancy>,
    Extension(Offline(is_offline)): Extension<Offline>,
) -> Response {
    let Some(source) = files.text(assets.url(WORKER).trim_start_matches("/pkg/")) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let brand = policy::brand(&tenancy.settings);
    let logos = [&brand.logo_light, &brand.logo_dark].into_iter().flatten();
    let logos = logos.map(|logo| format!("/brand/{logo}"));
    let kept: Vec<String> = PROGRAM.iter().map(|name| assets.url(name)).chain(logos).collect();
    let last = if is_offline { "work();" } else { "retire();" };
    let script = format!(
        "const SHELL = {}, FILES = {}, NAME = {}, ICON = {};\n{source}\n{last}\n",
        json!(SHELL),
        json!(kept),
        json!(kept.join(" ")),
        json!(assets.url(ICON)),
    );
    let headers = [
        (header::CONTENT_TYPE.as_str(), "text/javascript; charset=utf-8"),
        // A worker's place is the folder that it lies in, unless it is told this one.
        ("service-worker-allowed", SHELL),
    ];
    (headers, script).into_response()
}

/// `GET /authenticator/manifest.webmanifest`
pub(crate) async fn manifest(State(assets): State<Assets>, Extension(tenancy): Extension<Tenancy>) -> Response {
    let house = &tenancy.settings.brand.name;
    let manifest = json!({
        "id": SHELL,
        "name": house,
        "short_name": house,
        "start_url": SHELL,
        "scope": SHELL,
        "display": "standalone",
        "icons": [
            {"src": assets.url("favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
            {"src": assets.url(ICON), "sizes": "192x192", "type": "image/png"},
        ],
    });
    let kind = [(header::CONTENT_TYPE, "application/manifest+json")];
    (kind, manifest.to_string()).into_response()
}

/// Checks the settings; connects at each push. Whom push services may write to is the operator's contact, if that is one.
pub(crate) fn pusher(config: &Config) -> anyhow::Result<Pusher> {
    let settings = PushSettings {
        allowed_networks: config.authenticator.allowed_networks.clone(),
        ca_file: config.authenticator.ca_file.clone(),
        timeout: LONGEST,
    };
    let sender = PushSender::new(&settings).context("cannot use the settings in `authenticator`")?;
    let contact = config.security.contact.as_deref();
    let contact = contact.filter(|contact| ["mailto:", "https:"].iter().any(|kind| contact.starts_with(kind)));
    Ok(Pusher {
        sender: Arc::new(sender),
        contact: contact.map(Arc::from),
    })
}
