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
use regain_domain::locale::Language;
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
    let page = still_page(Some(nonce), language, Some(tenancy), assets, "Demo", move || {
        view! { <DemoApp view/> }.into_any()
    });
    page.into_response()
}

/// A page that is finished as it is.
pub(super) fn still_page(
    nonce: Option<&PageNonce>,
    language: Language,
    tenancy: Option<&Tenancy>,
    assets: &Assets,
    title: &str,
    body: impl FnOnce() -> AnyView,
) -> Html<String> {
    // A root: what `Owner::new` makes would inherit the contexts of any page that this thread is in the middle of, and so
    // show one tenant's name and brand to another's visitor.
    let owner = Owner::new_root(None);
    let html = owner.with(|| {
        provide(nonce, Some(language), tenancy);
        leptos_meta::provide_meta_context();
        still(assets, title, body()).to_html()
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
        provide_context(tenancy.settings.brand.clone());
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
        let Html(page) = still_page(None, Language::En, None, &Assets::default(), "Title", draw);
        assert!(page.contains("here") && !page.contains("Acorn"), "{page}");
        assert!(other.with(use_context::<Brand>).is_some());
    }
}
