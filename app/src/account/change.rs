//! The page that changes a password which is known, or has to be replaced.

use super::{Onward, api, away};
use crate::i18n::{isolated, locale, td_string};
use crate::looked::looked;
use crate::posting::{self, Posting};
use crate::roots::go;
use crate::ui::{Button, Fields, Form, Frame, Heading, NewPassword, Notice, PasswordField, Place, Rank, Tone, why};
use crate::{Fault, Typed};
use leptos::{html, prelude::*, server_fn::ServerFn, task::spawn_local};
use regain_domain::Refusal;
use regain_domain::change::{ChangeForm, ChangeScreen};
use regain_domain::text::percent_escaped;

/// The one post of the page: the present password, the new one, and that again.
#[derive(Clone)]
struct Post([Typed; 3]);

impl posting::Post for Post {
    type Screen = ChangeScreen;

    async fn answered(self) -> Result<ChangeScreen, Fault> {
        let [present, new, repeated] = self.0;
        match api::change_password(String::new(), present, new, repeated).await {
            // It may have come twice: one's own page says what the first one did.
            Err(Fault::Stale) => Ok(ChangeScreen::Done),
            other => other,
        }
    }
}

type Change = Posting<Post>;

/// The page.
pub(crate) fn change_password() -> AnyView {
    let looked = looked(api::look_change);
    // To open the page is use of the session, but drawing it writes nothing: the page says so itself, once it is alive.
    Effect::new(|| spawn_local(async { drop(api::look().await) }));
    Change::new().page(looked, draw)
}

fn draw(state: Change, screen: Result<ChangeScreen, Fault>, arrived: bool) -> AnyView {
    let locale = locale();
    let title = td_string!(locale, account.change.heading).to_owned();
    match screen {
        Ok(ChangeScreen::SignedOut) => view! { <Away/> }.into_any(),
        Ok(ChangeScreen::Done) => view! { <Leave to="/"/> }.into_any(),
        Ok(ChangeScreen::AskedNext) => view! { <Leave to=Onward::Security.page()/> }.into_any(),
        Ok(ChangeScreen::Form(form)) => {
            let refusal = form.refusals.first().map(Refusal::code);
            view! {
                <Frame title step="password" refusal fault=state.fault><Ask state form arrived/></Frame>
            }
            .into_any()
        }
        Err(fault) => {
            state.fault.set(Some(fault));
            let again = view! { <a class="button" href="/change-password">{td_string!(locale, frame.again)}</a> };
            view! { <Frame title step="stopped" fault=state.fault>{again}</Frame> }.into_any()
        }
    }
}

#[component]
fn Ask(state: Change, form: ChangeForm, arrived: bool) -> impl IntoView {
    let locale = locale();
    let ChangeForm {
        user_name,
        wants_password,
        is_due,
        rules,
        refusals,
    } = form;
    let (heading, lead) = match is_due {
        true => (
            td_string!(locale, account.change.due_heading),
            td_string!(locale, account.change.due_lead).to_owned(),
        ),
        false => (
            td_string!(locale, account.change.heading),
            td_string!(locale, account.change.lead, name = isolated(&user_name)),
        ),
    };
    let is_of_present =
        |refusal: &Refusal| wants_password && matches!(refusal, Refusal::PasswordWrong | Refusal::SignInPaused);
    let (of_present, of_new): (Vec<_>, Vec<_>) = refusals.into_iter().partition(is_of_present);
    let is_at_field = |place| matches!(place, Place::Password | Place::Repeat | Place::Field);
    let above = why(&of_new, |place| !is_at_field(place));
    let whys = [
        why(&of_new, |place| matches!(place, Place::Password | Place::Field)),
        why(&of_new, |place| place == Place::Repeat),
    ];
    let send = Box::new(move |fields: &Fields| {
        let typed = ["password", "new_password", "confirm_password"].map(|name| Typed::new(fields.text(name)));
        state.post(Post(typed));
    });
    let forgotten = format!("/reset?username={}", percent_escaped(&user_name));
    let input = NodeRef::<html::Input>::new();
    let present = wants_password.then(|| {
        view! {
            <PasswordField
                name="password"
                autocomplete="current-password"
                label=td_string!(locale, account.change.present_label)
                input
                why=why(&of_present, |_| true)
            />
        }
    });
    let forgotten = wants_password.then(|| {
        view! { <a class=Rank::Quiet.class() href=forgotten>{td_string!(locale, account.change.forgotten)}</a> }
    });
    // Leads to another page, so that the browser sends it by itself.
    let leave = is_due.then(|| {
        view! {
            <form class="actions" action=api::SignOut::PATH method="post">
                <Button rank=Rank::Quiet words=td_string!(locale, account.code.other)/>
            </form>
        }
    });
    let back = (!is_due)
        .then(|| view! { <a class=Rank::Quiet.class() href="/">{td_string!(locale, account.change.back)}</a> });
    view! {
        <Heading arrived words=heading.to_owned() lead=Some(lead)/>
        {above.map(|words| view! { <Notice tone=Tone::Bad is_alert=true words/> })}
        <Form class="stack-l" action=api::ChangePassword::PATH waiting=state.waiting() send>
            {present}
            <NewPassword user_name rules why=whys/>
            <div class="stack-s">
                <div class="actions">
                    <Button words=td_string!(locale, account.change.send) waiting=state.waiting()/>
                    {forgotten}
                    {back}
                </div>
                <p class="small soft">{td_string!(locale, account.change.after)}</p>
            </div>
        </Form>
        {leave}
    }
}

/// Not signed in.
#[component]
fn Away() -> impl IntoView {
    away(Onward::Password);
}

/// Changed: one's own page says so, or the one that signing in leads to.
#[component]
fn Leave(to: &'static str) -> impl IntoView {
    go(to);
}
