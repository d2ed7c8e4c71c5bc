//! The proof of work in the browser: asks for a challenge, and has it solved away from the page's thread.

use js_sys::{Object, Reflect};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{MessageEvent, Response, Worker};

/// A challenge is good for five minutes (`security.md` §2): half a minute before that it is solved anew.
const FRESH: Duration = Duration::from_secs(270);

/// How far the proof is.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Proof {
    /// Not begun: there are no scripts, or they are still being loaded.
    Idle,
    /// Being worked on; percent.
    Working(u32),
    /// The text for the field `captcha`.
    Done(String),
    /// This browser can't.
    Failed,
}

impl Proof {
    /// Whether it is worth waiting for.
    pub(super) const fn is_under_way(&self) -> bool {
        matches!(self, Self::Working(_))
    }

    /// The solution, once there is one.
    pub(super) fn solution(&self) -> Option<&str> {
        match self {
            Self::Done(solution) => Some(solution),
            _ => None,
        }
    }
}

type Listener = Closure<dyn FnMut(MessageEvent)>;

/// Begins as soon as the page is alive, and ends with it.
pub(super) fn prove_work() -> RwSignal<Proof> {
    let proof = RwSignal::new(Proof::Idle);
    let round = RwSignal::new(0_u32);
    Effect::new(move || {
        round.track();
        proof.set(Proof::Working(0));
        let Some((worker, listener)) = worker(proof, round) else {
            proof.set(Proof::Failed);
            return;
        };
        let at_work = worker.clone();
        let kept = StoredValue::new_local(Some((worker, listener)));
        on_cleanup(move || {
            if let Some((worker, _)) = kept.try_update_value(Option::take).flatten() {
                worker.terminate();
            }
        });
        spawn_local(async move {
            let handed_over = challenge().await.and_then(|challenge| at_work.post_message(&challenge));
            if handed_over.is_err() {
                let _ = proof.try_set(Proof::Failed);
            }
        });
    });
    proof
}

fn worker(proof: RwSignal<Proof>, round: RwSignal<u32>) -> Option<(Worker, Listener)> {
    let address = document().get_element_by_id("app")?.get_attribute("data-worker")?;
    let worker = Worker::new(&address).ok()?;
    let listener = Listener::new(move |event: MessageEvent| hear(&event.data(), proof, round));
    worker.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    Some((worker, listener))
}

/// What the worker says; see `frontend/proof-worker.js`.
fn hear(said: &JsValue, proof: RwSignal<Proof>, round: RwSignal<u32>) {
    let field = |name: &str| Reflect::get(said, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED);
    let next = match (field("solution").as_string(), field("progress").as_f64()) {
        (Some(solution), _) => {
            set_timeout(move || round.try_update(|round| *round += 1).unwrap_or_default(), FRESH);
            Proof::Done(solution)
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates, and is 0 to 100"
        )]
        (None, Some(share)) => Proof::Working((share * 100.0) as u32),
        (None, None) => Proof::Failed,
    };
    let _ = proof.try_set(next);
}

/// `{challenge}`, as the worker takes it.
async fn challenge() -> Result<JsValue, JsValue> {
    let response: Response = window().fetch_with_str("/captcha/challenge").await?.dyn_into()?;
    if !response.ok() {
        return Err(JsValue::NULL);
    }
    let challenge = response.json()?.await?;
    let message = Object::new();
    Reflect::set(&message, &JsValue::from_str("challenge"), &challenge)?;
    Ok(message.into())
}
