//! What a page of the console is to whoever asks: itself, or the reason why not.

use super::page::{Broken, Forbidden, SignedOut};
use crate::Fault;
use leptos::prelude::*;
use regain_domain::staff::Guarded;

/// The page, by `draw`; else what is said to those who may not see it. `here`: its address.
pub(super) fn guarded<T>(
    looked: Result<Guarded<T>, Fault>,
    title: &'static str,
    here: &'static str,
    draw: impl FnOnce(T) -> AnyView,
) -> AnyView {
    match looked {
        Ok(Guarded::Page(page)) => draw(*page),
        Ok(Guarded::Forbidden(reader)) => view! { <Forbidden title here reader/> }.into_any(),
        Ok(Guarded::SignedOut) | Err(Fault::SignedOut) => view! { <SignedOut/> }.into_any(),
        Err(fault) => view! { <Broken fault path=here/> }.into_any(),
    }
}
