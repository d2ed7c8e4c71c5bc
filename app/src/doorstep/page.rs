//! What a page needs while it renders: the nonce of its header, the language, the tenant's brand, and a hand on its own answer.

use super::PageNonce;
use crate::roots::{PageAnswer, PageQuery};
use crate::{Assets, DemoApp, DemoView, still};
use axum::extract::Query;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use leptos::nonce::Nonce;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use regain_domain::flow::Client;
use regain_domain::locale::Language;
use regain_domain::policy;
use regain_service::Tenancy;
use std::sync::Arc;

/// The context closure of every page.
pub fn provide_page() {
    let Some(parts) = use_context::<Parts>() else { return };
    let extensions = &parts.extensions;
    provide(
        extensions.get::<PageNonce>(),
        extensions.get::<Language>().copied(),
        extensions.get::<Tenancy>(),
    );
    provide_context(extensions.get::<Client>().copied().unwrap_or_default());
    let fields = Query::try_from_uri(&parts.uri).map_or_else(|_| Vec::new(), |Query(fields)| fields);
    provide_context(PageQuery(fields));
    if let Some(response) = use_context::<ResponseOptions>() {
        provide_context(answer_of(response));
    }
}

/// The demo's page. Whole, and without a program.
pub fn demo_page(
    view: DemoView,
    tenancy: &Tenancy,
    language: Language,
    nonce: &PageNonce,
    assets: &Assets,
) -> Response {
    let around = Still {
        nonce: Some(nonce),
        language,
        tenancy: Some(tenancy),
        client: Client::Browser,
        assets,
    };
    let page = still_page(around, "Demo", move || view! { <DemoApp view/> }.into_any());
    page.into_response()
}

/// What a page without a program needs of its request.
pub(super) struct Still<'a> {
    pub(super) nonce: Option<&'a PageNonce>,
    pub(super) language: Language,
    pub(super) tenancy: Option<&'a Tenancy>,
    pub(super) client: Client,
    pub(super) assets: &'a Assets,
}

/// A page that is finished as it is.
pub(super) fn still_page(around: Still<'_>, title: &str, body: impl FnOnce() -> AnyView) -> Html<String> {
    // A root: what `Owner::new` makes would inherit the contexts of any page that this thread is in the middle of, and so
    // show one tenant's name and brand to another's visitor.
    let owner = Owner::new_root(None);
    let html = owner.with(|| {
        provide(around.nonce, Some(around.language), around.tenancy);
        provide_context(around.client);
        leptos_meta::provide_meta_context();
        still(around.assets, title, body()).to_html()
    });
    Html(html)
}

fn provide(nonce: Option<&PageNonce>, language: Option<Language>, tenancy: Option<&Tenancy>) {
    if let Some(nonce) = nonce {
        provide_context(Nonce::from_value(Arc::clone(&nonce.0)));
    }
    if let Some(language) = language {
        provide_context(language);
    }
    if let Some(tenancy) = tenancy {
        provide_context(policy::brand(&tenancy.settings).into_owned());
    }
}

fn answer_of(response: ResponseOptions) -> PageAnswer {
    PageAnswer {
        see_other: Arc::new(move |page| {
            response.set_status(StatusCode::SEE_OTHER);
            response.insert_header(header::LOCATION, HeaderValue::from_static(page));
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regain_domain::brand::Brand;

    #[test]
    fn r49_a_still_page_knows_nothing_of_the_page_that_its_thread_is_in_the_middle_of() {
        let other = Owner::new_root(None);
        other.with(|| {
            provide_context(Brand {
                name: "Acorn Works".to_owned(),
                ..Brand::default()
            });
        });
        let draw = || view! { <p>"here"</p> }.into_any();
        let around = Still {
            nonce: None,
            language: Language::En,
            tenancy: None,
            client: Client::Browser,
            assets: &Assets::default(),
        };
        let Html(page) = still_page(around, "Title", draw);
        assert!(page.contains("here") && !page.contains("Acorn"), "{page}");
        assert!(other.with(use_context::<Brand>).is_some());
    }
}
