//! The wizard's one page: draws the screen that the last post returned, else the one that the row gives.

use super::wizard::{Post, Wizard};
use super::{api, choose::Choose, done::Done, identify::Identify, password::Password, prove::Prove, stopped::Stopped};
use crate::Fault;
use crate::i18n::{locale, td_string};
use crate::kiosk::{Idle, KeptOut};
use crate::looked::looked;
use crate::roots::{go, query};
use crate::ui::{Frame, KIOSK, Notice, Place, Tone, in_kiosk, why};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::Refusal;
use regain_domain::brand::HelpLink;
use regain_domain::flow::{Handoff, HelpRequest, Screen, Step};
use std::future::Future;
use std::pin::Pin;

/// What every step of the wizard may need beside its own.
#[derive(Clone)]
pub(super) struct Around {
    /// Where posts go.
    pub(super) wizard: Wizard,
    /// Why the last post was refused.
    pub(super) refusals: Vec<Refusal>,
    /// What to say to the helpdesk.
    pub(super) reference: Option<String>,
    /// Where the helpdesk is.
    pub(super) help: Option<HelpLink>,
    /// Whether it can be asked from here.
    pub(super) help_request: HelpRequest,
    /// The way to one's own phone.
    pub(super) handoff: Option<Handoff>,
    /// Seconds until the flow ends by itself.
    pub(super) seconds_left: Option<u32>,
    /// The person came here by a step, not by loading the page.
    pub(super) arrived: bool,
}

impl Around {
    /// The words of refusals that stand at these places.
    pub(super) fn why(&self, places: &[Place]) -> Option<String> {
        why(&self.refusals, |place| places.contains(&place))
    }
}

/// The wizard, in a kiosk as well.
pub(crate) fn reset() -> AnyView {
    let (is_started, user_name) = (
        query("started").is_some(),
        query("username").filter(|_| !in_kiosk()).unwrap_or_default(),
    );
    let looked = looked(move || api::look(is_started, user_name.clone()));
    Wizard::new().page(looked, |wizard, screen, arrived| match screen {
        Ok(screen) => draw(wizard, screen, arrived),
        Err(fault) => broken(fault),
    })
}

fn draw(wizard: Wizard, screen: Screen, arrived: bool) -> AnyView {
    if screen.is_kiosk() && !in_kiosk() {
        go(KIOSK);
        return ().into_any();
    }
    let Screen {
        step,
        refusals,
        reference,
        help,
        help_request,
        seconds_left,
        idle_in,
        handoff,
    } = screen;
    let (code, step_code) = (code(&step, &refusals), step.code());
    let around = Around {
        wizard,
        refusals,
        reference,
        help,
        help_request,
        handoff,
        seconds_left,
        arrived,
    };
    let (is_open, clear) = (
        seconds_left.is_some(),
        Callback::new(move |()| wizard.post(Post::Cancel)),
    );
    // What no field of the step takes stands above it.
    let note = why(&around.refusals, |place| is_above(&step, place));
    let matter = match step {
        Step::Identify {
            user_name,
            captcha,
            is_off,
            domain,
            unlock,
        } => view! { <Identify around user_name captcha is_off domain unlock/> }.into_any(),
        Step::Choose { progress, gates } => view! { <Choose around progress gates/> }.into_any(),
        Step::Prove { progress, gate, form } => view! { <Prove around progress gate form/> }.into_any(),
        Step::Password {
            user_name,
            rules,
            progress,
        } => view! { <Password around user_name rules progress/> }.into_any(),
        Step::Done(summary) => view! { <Done around summary/> }.into_any(),
        Step::Stopped(Refusal::KioskUnknown) => view! { <KeptOut arrived handoff=around.handoff/> }.into_any(),
        Step::Stopped(refusal) => view! { <Stopped around refusal/> }.into_any(),
    };
    let title = td_string!(locale(), reset.identify.heading).to_owned();
    view! {
        <Frame title step=step_code refusal=code fault=wizard.fault>
            {note.map(|words| view! { <Notice tone=Tone::Bad is_alert=true words/> })}
            {matter}
            {idle_in.map(|idle_in| view! { <Idle idle_in is_open clear touch action=api::Touch::PATH/> })}
        </Frame>
    }
    .into_any()
}

/// Why the last post was refused, or why it is over.
fn code(step: &Step, refusals: &[Refusal]) -> Option<&'static str> {
    let stopped = match step {
        Step::Stopped(refusal) => Some(refusal),
        _ => None,
    };
    refusals.first().or(stopped).map(Refusal::code)
}

/// Tells the server that somebody is still there; gives the seconds that the page waits anew.
fn touch() -> Pin<Box<dyn Future<Output = Option<u32>>>> {
    Box::pin(async { api::touch().await.ok().and_then(|screen| screen.idle_in) })
}

/// Whether refusals of this place have no field in this step.
fn is_above(step: &Step, place: Place) -> bool {
    match step {
        Step::Identify { .. } => !matches!(place, Place::Name | Place::Captcha | Place::Field),
        Step::Prove { .. } => !matches!(
            place,
            Place::Destination | Place::Code | Place::Field | Place::Answer(_)
        ),
        Step::Password { .. } => !matches!(place, Place::Password | Place::Repeat | Place::Field),
        Step::Choose { .. } | Step::Done(_) | Step::Stopped(_) => true,
    }
}

/// An `Err` that is drawn as it is would leave the page empty.
fn broken(fault: Fault) -> AnyView {
    let locale = locale();
    let title = td_string!(locale, reset.identify.heading).to_owned();
    let fault = Signal::stored(Some(fault));
    view! {
        <Frame title step="stopped" fault>
            <div class="actions"><a class="button" href=if in_kiosk() { KIOSK } else { "/reset" }>{td_string!(locale, frame.again)}</a></div>
        </Frame>
    }
    .into_any()
}
