//! A passkey: the browser asks for it in its own window, and its answer goes on as text. Nothing of it works without scripts.
//!
//! The wizard loads all of this, so it is kept small: parts that are there anyway, and the browser's functions by their names.

use super::{Button, Fields, Form, Notice, Rank, Tone};
use crate::i18n::{locale, td_string};
use js_sys::{Function, JSON, Object, Promise, Reflect};
use leptos::{prelude::*, task::spawn_local};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};

/// What is done with the browser's answer.
pub(crate) type Answered = Rc<dyn Fn(String)>;

/// Has the browser ask, and hands on what it says.
///
/// `options`: JSON, for a new passkey if `is_new`. `starts`: the person has just asked for it, so that the browser asks at
/// once; it asks again by the button.
#[component]
pub(crate) fn Passkey(
    action: &'static str,
    words: &'static str,
    options: String,
    is_new: bool,
    starts: bool,
    #[prop(optional)] rank: Rank,
    send: Answered,
) -> impl IntoView {
    let locale = locale();
    let (is_asking, is_failed) = (RwSignal::new(false), RwSignal::new(false));
    let ask = move || {
        is_asking.set(true);
        is_failed.set(false);
        let (promise, send) = (asked(&options, is_new), Rc::clone(&send));
        spawn_local(async move {
            let answer = match promise {
                Some(promise) => promise.await.ok(),
                None => None,
            };
            // A page that has gone on meanwhile wants no answer any more.
            if is_asking.try_set(false).is_some() {
                return;
            }
            match answer.and_then(|answer| JSON::stringify(&answer).ok()) {
                Some(answer) => send(answer.into()),
                None => is_failed.set(true),
            }
        });
    };
    // Never while the server draws the page: nobody has pressed anything yet.
    if starts {
        ask();
    }
    let press = Box::new(move |_: &Fields| ask());
    view! {
        <div class="without-scripts">
            <Notice tone=Tone::Warn words=td_string!(locale, frame.passkey_scripts).to_owned()/>
        </div>
        <div class="with-scripts stack">
            <div hidden=move || !is_failed.get()>
                <Notice tone=Tone::Bad is_alert=true words=td_string!(locale, frame.passkey_failed).to_owned()/>
            </div>
            <Form class="actions" action waiting=is_asking send=press>
                <Button rank words waiting=is_asking/>
            </Form>
        </div>
    }
}

/// `navigator.credentials.create()` or `.get()`, from JSON to JSON (`WebAuthn` Level 3 §5.1); nothing where the browser has
/// no passkeys, or does not read them from JSON.
fn asked(options: &str, is_new: bool) -> Option<Promise> {
    let (read, act) = match is_new {
        true => ("parseCreationOptionsFromJSON", "create"),
        false => ("parseRequestOptionsFromJSON", "get"),
    };
    let window = js_sys::global();
    let options = call(&of(&window, "PublicKeyCredential")?, read, &JSON::parse(options).ok()?)?;
    let asked = Object::new();
    Reflect::set(&asked, &"publicKey".into(), &options).ok()?;
    let credentials = of(&of(&window, "navigator")?, "credentials")?;
    call(&credentials, act, &asked)?.dyn_into().ok()
}

fn of(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok()
}

fn call(object: &JsValue, name: &str, argument: &JsValue) -> Option<JsValue> {
    let function: Function = of(object, name)?.dyn_into().ok()?;
    function.call1(object, argument).ok()
}
