//! Wires: settings, layers, pages, functions, files, shutdown. No rule, no query, no words for people.
#![recursion_limit = "512"]

pub mod command;
pub mod config;

mod assets;
mod authenticator;
mod callback;
mod captcha;
mod demo;
mod gateways;
mod hardening;
mod kiosk;
mod layers;
mod listen;
mod logs;
mod mail;
mod operations;
mod peers;
mod run;
mod traces;
mod well_known;

pub use assets::Files;
pub use layers::AtDoor;

use any_spawner::Executor;
use authenticator::Offline;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Extension};
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use callback::Desk;
use layers::Free;
use leptos::prelude::provide_context;
use leptos_axum::{handle_server_fns_with_context, render_app_async_with_context};
use regain_app::doorstep::{AppState, plain_form, provide_page};
use regain_app::{ACCOUNT, AUTHENTICATOR, Bundle, CONSOLE, KIOSK, PUBLIC, STILL, shell};
use regain_delivery::gateway::Gateways;
use regain_service::demo::Demo;
use server_fn::axum::server_fn_paths;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;
use well_known::Contact;

/// Largest body of a post, in bytes, where nothing smaller is set (R48).
const MOST_POSTED: usize = 16 * 1024;

/// The wizard's functions: all that a kiosk may call.
const WIZARD: &str = "/fn/public/reset-";

/// Where an enrolled workstation shows its token; reads no cookie.
const DEVICE: &str = "/kiosk/device";

/// What the router is made of.
pub struct Parts {
    /// What handlers take.
    pub state: AppState,
    /// The built bundles.
    pub files: Files,
    /// What layers know.
    pub door: AtDoor,
    /// The gateways to phones, whose callbacks are taken.
    pub gateways: Arc<Gateways>,
    /// Whom finders of holes tell.
    pub contact: Option<Arc<str>>,
    /// Whether phones keep the authenticator for the time without a network.
    pub is_offline: bool,
    /// The demo, if this is one.
    pub demo: Option<Demo>,
}

/// All that people and browsers reach. The request passes the layers from the last one added to the first.
pub fn router(parts: Parts) -> Router {
    let Parts {
        state,
        files,
        door,
        gateways,
        contact,
        is_offline,
        demo,
    } = parts;
    let free = Free(match demo {
        Some(_) => &["/callback/", DEVICE, "/demo/"],
        None => &["/callback/", DEVICE],
    });
    let desk = Desk {
        gateways,
        service: state.service.clone(),
    };
    let routes = pages(&state)
        .layer(from_fn_with_state(state.clone(), plain_form))
        .route("/callback/call/{token}/{what}", post(callback::call))
        .route(DEVICE, kiosk::device())
        .route("/captcha/challenge", get(captcha::challenge))
        .route("/captcha/{file}", get(captcha::sign))
        .route("/pkg/{name}", get(assets::file))
        .route("/brand/{name}", get(assets::logo))
        .route("/authenticator/worker.js", get(authenticator::worker))
        .route("/authenticator/manifest.webmanifest", get(authenticator::manifest))
        .route("/robots.txt", get(well_known::robots))
        .route("/.well-known/security.txt", get(well_known::security))
        .route("/.well-known/change-password", get(well_known::change_password))
        .route("/.well-known/passkey-endpoints", get(well_known::passkeys));
    // Outside of `plain_form`, which gives the app's own pages to plain forms.
    let routes = match demo {
        Some(demo) => routes.merge(demo::routes(demo)),
        None => routes,
    };
    routes
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(Extension(files))
        .layer(Extension(desk))
        .layer(DefaultBodyLimit::max(MOST_POSTED))
        .layer(Extension(Contact(contact)))
        .layer(Extension(Offline(is_offline)))
        .layer(Extension(state.service.clone()))
        .layer(CatchPanicLayer::custom(layers::caught))
        .layer(from_fn(layers::body))
        .layer(from_fn_with_state(free, layers::origin))
        .layer(from_fn(layers::language))
        .layer(from_fn_with_state(door.clone(), layers::host))
        .layer(from_fn(layers::cookies))
        .layer(from_fn_with_state(door.clone(), layers::client))
        .layer(from_fn(layers::path))
        .layer(from_fn(layers::timeout))
        .layer(CatchPanicLayer::custom(layers::caught))
        .layer(from_fn_with_state(door.clone(), layers::bare))
        .layer(from_fn(layers::kiosk))
        .layer(from_fn_with_state(door, layers::headers))
        .layer(from_fn(layers::request_id))
        .with_state(state)
}

/// The pages, each with its program, and the functions.
fn pages(state: &AppState) -> Router<AppState> {
    // Once for the whole process: what pages and functions spawn runs on tokio. A second time changes nothing.
    drop(Executor::init_tokio());
    let public = PUBLIC.iter().map(|page| (Bundle::Wizard, *page));
    let still = STILL.iter().map(|page| (Bundle::None, *page));
    let account = ACCOUNT.iter().map(|page| (Bundle::Account, *page));
    let console = CONSOLE.iter().map(|page| (Bundle::Console, *page));
    let authenticator = AUTHENTICATOR.iter().map(|page| (Bundle::Authenticator, *page));
    let pages = public
        .chain(still)
        .chain(account)
        .chain(console)
        .chain(authenticator)
        .fold(Router::new(), |router, (bundle, page)| {
            let assets = state.assets.clone();
            let draw = render_app_async_with_context(context(state), move || shell(&assets, bundle, page));
            router.route(page.path, get(draw))
        });
    let functions = server_fn_paths().map(|(path, _)| path.to_owned());
    let of_kiosk = server_fn_paths()
        .filter(|(path, _)| path.starts_with(WIZARD))
        .map(|(path, _)| format!("{KIOSK}{path}"));
    functions.chain(of_kiosk).fold(pages, |router, path| {
        let context = context(state);
        router.route(
            &path,
            post(move |request| handle_server_fns_with_context(context, request)),
        )
    })
}

/// What pages and functions find around them.
fn context(state: &AppState) -> impl Fn() + Clone + Send + Sync + use<> {
    let state = state.clone();
    move || {
        provide_context(state.clone());
        provide_page();
    }
}
