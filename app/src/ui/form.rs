//! A form that works without scripts, and without a page load where there are some.

use super::kiosk::{KIOSK, in_kiosk};
use leptos::{ev::SubmitEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlElement, HtmlFormElement};

/// What a form holds at the moment of sending.
pub(crate) struct Fields {
    data: FormData,
    pressed: Option<(String, String)>,
}

impl Fields {
    /// The text of a field; empty where there is none. A pressed button's name and value count.
    pub(crate) fn text(&self, name: &str) -> String {
        match &self.pressed {
            Some((pressed, value)) if pressed == name => value.clone(),
            _ => self.data.get(name).as_string().unwrap_or_default(),
        }
    }
}

/// What a form does with its fields where there are scripts.
pub(crate) type Send = Box<dyn Fn(&Fields)>;

/// Posts to the function's own address, in a kiosk beneath the kiosk's. With scripts, `send` gets the fields instead, and a second press while the first one
/// is under way does nothing.
///
/// The browser's own checks are off: a refusal is told in the page's words and language.
///
/// Leptos' `ActionForm` does the same by reading the form into the function's arguments through serde, which costs every
/// bundle that uses it 23 kB after brotli.
#[component]
pub(crate) fn Form(
    action: &'static str,
    #[prop(into)] waiting: Signal<bool>,
    send: Send,
    #[prop(optional)] class: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let submit = move |event: SubmitEvent| {
        if waiting.get_untracked() {
            event.prevent_default();
        } else if let Some(fields) = fields(&event) {
            event.prevent_default();
            send(&fields);
        }
    };
    let is_kiosk = in_kiosk();
    let action = if is_kiosk {
        format!("{KIOSK}{action}")
    } else {
        action.to_owned()
    };
    let autocomplete = is_kiosk.then_some("off");
    let busy = move || waiting.get().then_some("true");
    view! {
        <form class=class action=action method="post" novalidate=true autocomplete=autocomplete aria-busy=busy on:submit=submit>
            {children()}
        </form>
    }
}

fn fields(event: &SubmitEvent) -> Option<Fields> {
    let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
    let data = FormData::new_with_form(&form).ok()?;
    let pressed = |button: HtmlElement| {
        Some((
            button.get_attribute("name")?,
            button.get_attribute("value").unwrap_or_default(),
        ))
    };
    Some(Fields {
        data,
        pressed: event.submitter().and_then(pressed),
    })
}
