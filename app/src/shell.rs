//! The document around a root: head, the tenant's frame, boot script. Rendered on the server only: the browser's program takes
//! over `#app` and nothing else.

use crate::i18n::{language, locale, td_string};
use crate::roots::Page;
use crate::ui::{Icon, icon, in_kiosk};
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;
use regain_domain::brand::Brand;
use regain_domain::locale::Language;
use std::{collections::HashMap, sync::Arc};

/// Folds what is open for those without scripts, before the page is painted.
const FOLD: &str = "document.querySelectorAll('details[data-fold]').forEach((d) => { d.open = false })";

/// What a kiosk's page does where its program does not come: it clears itself all the same, and never comes back out of the
/// browser's memory (R58).
const GUARD: &str = "setTimeout(() => { document.querySelector('#app[data-alive]') || location.replace('/kiosk?lang') }, 60000);\
    addEventListener('pageshow', (shown) => { shown.persisted && location.reload() })";

/// Which program the page loads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bundle {
    /// The public pages.
    Wizard,
    /// The pages of whoever is signed in.
    Account,
    /// Administration.
    Console,
    /// The authenticator.
    Authenticator,
    /// None: the page is finished as it is.
    None,
}

impl Bundle {
    const fn name(self) -> Option<&'static str> {
        match self {
            Self::Wizard => Some("wizard"),
            Self::Account => Some("account"),
            Self::Console => Some("console"),
            Self::Authenticator => Some("authenticator"),
            Self::None => None,
        }
    }
}

/// Plain name → hashed name, as the build wrote it into `manifest.json`.
#[derive(Clone, Debug, Default)]
pub struct Assets(pub Arc<HashMap<String, String>>);

impl Assets {
    /// The address of an asset.
    pub fn url(&self, name: &str) -> String {
        format!("/pkg/{}", self.0.get(name).map_or(name, String::as_str))
    }
}

/// The name of the tenant whose page this is: on the server its brand's, in the browser what the document says.
pub(crate) fn house_name() -> String {
    use_context::<Brand>()
        .map(|brand| brand.name)
        .or_else(marked)
        .unwrap_or_default()
}

fn marked() -> Option<String> {
    if !cfg!(target_family = "wasm") {
        return None;
    }
    document().get_element_by_id("app")?.get_attribute("data-house")
}

/// The whole document of a page. Wants the language, the nonce and the tenant's brand as contexts.
pub fn shell(assets: &Assets, bundle: Bundle, page: Page) -> AnyView {
    let head = view! { <MetaTags/> };
    document_of(assets, bundle, head.into_any(), page.draw())
}

/// A document with a title and a body, and no program.
pub fn still(assets: &Assets, title: &str, body: AnyView) -> AnyView {
    let title = format!("{title} · {}", house_name());
    document_of(assets, Bundle::None, view! { <title>{title}</title> }.into_any(), body)
}

fn document_of(assets: &Assets, bundle: Bundle, head: AnyView, body: AnyView) -> AnyView {
    let language = language();
    let brand = use_context::<Brand>().unwrap_or_default();
    let is_kiosk = in_kiosk();
    let class = is_kiosk.then_some("kiosk");
    let theme = brand
        .theme()
        .map(|theme| view! { <style nonce=use_nonce()>{theme.css()}</style> });
    view! {
        <!DOCTYPE html>
        <html lang=language.tag() dir=language.direction() class=class>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="stylesheet" href=assets.url("main.css")/>
                <link rel="icon" href=assets.url("favicon.svg") r#type="image/svg+xml"/>
                {theme}
                {manifest(bundle, assets)}
                {head}
                {bundle.name().map(|name| boot(assets, name))}
            </head>
            <body class="page">
                <Topbar brand=brand.clone()/>
                <div id="app" data-house=brand.name.clone() data-worker=assets.url("proof-worker.js")>{body}</div>
                <script nonce=use_nonce()>{FOLD}</script>
                {is_kiosk.then(|| view! { <script nonce=use_nonce()>{GUARD}</script> })}
                <Foot brand/>
            </body>
        </html>
    }
    .into_any()
}

/// What makes an app of a page: only the authenticator is one.
fn manifest(bundle: Bundle, assets: &Assets) -> Option<impl IntoView> {
    (bundle == Bundle::Authenticator).then(|| {
        view! {
            <link rel="manifest" href="/authenticator/manifest.webmanifest"/>
            <link rel="apple-touch-icon" href=assets.url("icon.png")/>
        }
    })
}

/// Loads the program; its `main` hydrates, so nothing has to be called by name.
fn boot(assets: &Assets, name: &str) -> impl IntoView {
    let (js, wasm) = (
        assets.url(&format!("{name}.js")),
        assets.url(&format!("{name}_bg.wasm")),
    );
    // Both are asked for at once, and by a script: a page without scripts loads neither.
    let script = format!(
        "const program = fetch('{wasm}'); const glue = await import('{js}'); await glue.default({{ module_or_path: program }});"
    );
    view! {
        <script r#type="module" nonce=use_nonce()>{script}</script>
    }
}

/// The tenant's logo and name, and the language switch.
#[component]
fn Topbar(brand: Brand) -> impl IntoView {
    let locale = locale();
    let present = language();
    let rows: Vec<_> = Language::ALL
        .into_iter()
        .map(|language| {
            let tag = language.tag();
            let current = (language == present).then_some("true");
            view! {
                <li>
                    <a href=format!("?lang={tag}") hreflang=tag lang=tag rel="nofollow" aria-current=current>
                        <bdi>{language.own_name()}</bdi>
                    </a>
                </li>
            }
        })
        .collect();
    view! {
        <header class="topbar">
            <a class="skip button" href="#main">{td_string!(locale, frame.skip)}</a>
            {house(&brand)}
            <details class="lang">
                <summary>
                    {icon(Icon::Globe)}
                    <span><span class="hide-visually">{td_string!(locale, frame.language)} " "</span>{present.own_name()}</span>
                </summary>
                <ul>{rows}</ul>
            </details>
        </header>
    }
}

/// Logo and name; they lead to where everybody begins, but for a kiosk's, which lead nowhere.
fn house(brand: &Brand) -> AnyView {
    let inside = view! { {mark(brand)}<span>{brand.name.clone()}</span> };
    match in_kiosk() {
        true => view! { <span class="brand">{inside}</span> }.into_any(),
        false => view! { <a class="brand" href="/">{inside}</a> }.into_any(),
    }
}

/// The logo, or the first letter of the name where there is none.
fn mark(brand: &Brand) -> AnyView {
    match (&brand.logo_light, &brand.logo_dark) {
        (Some(light), dark) => {
            let dark = dark.as_ref().unwrap_or(light);
            view! {
                <picture>
                    <source media="(prefers-color-scheme: dark)" srcset=format!("/brand/{dark}")/>
                    <img src=format!("/brand/{light}") alt="" width="36" height="36"/>
                </picture>
            }
            .into_any()
        }
        _ => view! { <span class="mark" aria-hidden="true">{brand.initial()}</span> }.into_any(),
    }
}

/// Where a person finds help on any page.
#[component]
fn Foot(brand: Brand) -> impl IntoView {
    let locale = locale();
    brand.help.map(|link| {
        let words = link.text().to_owned();
        let inside = view! { {td_string!(locale, frame.helpdesk)} " " <bdi dir="ltr" class="number">{words}</bdi> };
        let inside = match in_kiosk() {
            true => view! { <p>{inside}</p> }.into_any(),
            false => view! { <a href=link.href()>{inside}</a> }.into_any(),
        };
        view! { <footer class="foot">{inside}</footer> }
    })
}
