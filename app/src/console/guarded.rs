//! What a page of the console is to whoever asks: itself, or the reason why not.

use super::page::{Broken, Forbidden, SignedOut, kept};
use crate::Fault;
use crate::looked::looked;
use leptos::prelude::*;
use regain_domain::staff::Guarded;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The page that `look` gives, by `draw`; else what is said to those who may not see it. `here`: its address.
pub(super) fn guarded<T, F>(
    title: &'static str,
    here: &'static str,
    look: impl Fn() -> F + Send + Sync + 'static,
    draw: fn(T) -> AnyView,
) -> AnyView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Result<Guarded<T>, Fault>> + Send + 'static,
{
    let looked = looked(look);
    kept();
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match looked.await {
                    Ok(Guarded::Page(page)) => draw(*page),
                    Ok(Guarded::Forbidden(reader)) => view! { <Forbidden title here reader/> }.into_any(),
                    Ok(Guarded::SignedOut) | Err(Fault::SignedOut) => view! { <SignedOut/> }.into_any(),
                    Err(fault) => view! { <Broken fault path=here/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}
