//! The sign-in page: name and password, then for staff the app's code or a passkey; or a passkey alone.

use super::{Onward, api};
use crate::i18n::{locale, td_string};
use crate::looked::looked;
use crate::posting::{self, Posting};
use crate::roots::go;
use crate::shell::house_name;
use crate::ui::{
    Answered, Button, CodeField, Field, Fields, Form, Frame, Heading, Notice, Passkey, PasswordField, Place, Rank,
    Tone, why,
};
use crate::{Fault, Typed};
use leptos::{html, prelude::*, server_fn::ServerFn};
use regain_domain::Refusal;
use regain_domain::sign_in::AccountScreen;
use regain_domain::text::percent_escaped;
use std::rc::Rc;

/// A post of this page.
#[derive(Clone)]
enum Post {
    Password(String, Typed),
    Code(Typed),
    /// What the browser says of a passkey; nothing yet: it is asked for.
    Passkey(Typed),
    Out,
}

impl posting::Post for Post {
    type Screen = AccountScreen;

    async fn answered(self) -> Result<AccountScreen, Fault> {
        let answer = match self {
            Self::Password(user_name, password) => api::sign_in(user_name, password, String::new()).await,
            Self::Code(code) => api::sign_in_code(code, String::new()).await,
            Self::Passkey(answer) => api::sign_in_passkey(answer, String::new()).await,
            Self::Out => api::sign_out().await,
        };
        // Too late means that the sign-in was over: the page shows where it stands.
        match answer {
            Err(Fault::Stale) => api::look().await,
            other => other,
        }
    }
}

/// What the page holds on the client.
type SignIn = Posting<Post>;

/// The page.
pub(crate) fn sign_in() -> AnyView {
    let looked = looked(api::look);
    SignIn::new().page(looked, draw)
}

fn draw(state: SignIn, screen: Result<AccountScreen, Fault>, arrived: bool) -> AnyView {
    let locale = locale();
    let (step, refusal, matter) = match screen {
        Ok(AccountScreen::SignIn { user_name, refusal, .. }) => (
            "signin",
            refusal.clone(),
            view! { <PasswordStep state user_name refusal arrived/> }.into_any(),
        ),
        Ok(AccountScreen::Code { passkey, refusal }) => (
            "signin-code",
            refusal.clone(),
            view! { <CodeStep state passkey refusal arrived/> }.into_any(),
        ),
        Ok(AccountScreen::Passkey { options, refusal }) => (
            "signin-passkey",
            refusal.clone(),
            view! { <PasskeyStep state options refusal arrived/> }.into_any(),
        ),
        Ok(AccountScreen::NewPasswordNext) => return view! { <Leave to=Onward::Password.page()/> }.into_any(),
        Ok(AccountScreen::In(who)) if who.is_asked => {
            return view! { <Leave to=Onward::asked().past_security()/> }.into_any();
        }
        Ok(AccountScreen::In(_)) => return view! { <Leave to=Onward::asked().page()/> }.into_any(),
        Err(fault) => {
            state.fault.set(Some(fault));
            let again = view! { <a class="button" href="/signin">{td_string!(locale, frame.again)}</a> };
            ("stopped", None, again.into_any())
        }
    };
    let title = td_string!(locale, account.signin.heading).to_owned();
    let refusal = refusal.as_ref().map(Refusal::code);
    view! { <Frame title step refusal fault=state.fault>{matter}</Frame> }.into_any()
}

#[component]
fn PasswordStep(state: SignIn, user_name: String, refusal: Option<Refusal>, arrived: bool) -> impl IntoView {
    let locale = locale();
    let refusals: Vec<Refusal> = refusal.into_iter().collect();
    let send = Box::new(move |fields: &Fields| {
        state.post(Post::Password(
            fields.text("username"),
            Typed::new(fields.text("password")),
        ));
    });
    let ask = Box::new(move |_: &Fields| state.post(Post::Passkey(Typed::default())));
    let input = NodeRef::<html::Input>::new();
    let name_why = why(&refusals, |place| matches!(place, Place::Name | Place::Field));
    let above = why(&refusals, |place| !matches!(place, Place::Name | Place::Field));
    view! {
        <Heading
            arrived
            words=td_string!(locale, account.signin.heading).to_owned()
            lead=Some(td_string!(locale, account.signin.lead, org = house_name()))
        />
        <Form class="stack-l" action=api::SignIn::PATH waiting=state.waiting() send>
            <To/>
            {above.map(|words| view! { <Notice tone=Tone::Bad is_alert=true words/> })}
            <Field
                name="username"
                autocomplete="username"
                label=td_string!(locale, account.signin.name_label)
                value=user_name.clone()
                why=name_why
            />
            <PasswordField
                name="password"
                autocomplete="current-password"
                label=td_string!(locale, account.signin.password_label)
                input=input
            />
            <div class="actions">
                <Button words=td_string!(locale, account.signin.send) waiting=state.waiting()/>
                <a class=Rank::Quiet.class() href=reset_address(&user_name)>{td_string!(locale, frame.cannot_sign_in)}</a>
            </div>
        </Form>
        <Form class="actions" action=api::SignInPasskey::PATH waiting=state.waiting() send=ask>
            <To/>
            <Button rank=Rank::Second words=td_string!(locale, account.passkey.heading) waiting=state.waiting()/>
        </Form>
    }
}

/// What becomes of the answer of a passkey.
fn with_passkey(state: SignIn) -> Answered {
    Rc::new(move |answer| state.post(Post::Passkey(Typed::new(answer))))
}

/// A passkey in place of name and password.
#[component]
fn PasskeyStep(state: SignIn, options: String, refusal: Option<Refusal>, arrived: bool) -> impl IntoView {
    let locale = locale();
    let starts = arrived && refusal.is_none();
    let refusals: Vec<Refusal> = refusal.into_iter().collect();
    let back = Box::new(move |_: &Fields| state.post(Post::Out));
    view! {
        <Heading
            arrived
            words=td_string!(locale, account.passkey.heading).to_owned()
            lead=Some(td_string!(locale, reset.choose.passkey_hint).to_owned())
        />
        {why(&refusals, |_| true).map(|words| view! { <Notice tone=Tone::Bad is_alert=true words/> })}
        <Passkey
            action=api::SignInPasskey::PATH
            words=td_string!(locale, reset.prove.passkey_send)
            options
            is_new=false
            starts
            send=with_passkey(state)
        />
        <Form class="actions" action=api::SignOut::PATH waiting=state.waiting() send=back>
            <Button rank=Rank::Quiet words=td_string!(locale, account.passkey.other)/>
        </Form>
    }
}

#[component]
fn CodeStep(state: SignIn, passkey: Option<String>, refusal: Option<Refusal>, arrived: bool) -> impl IntoView {
    let locale = locale();
    let refusals: Vec<Refusal> = refusal.into_iter().collect();
    let send = Box::new(move |fields: &Fields| {
        state.post(Post::Code(Typed::new(fields.text("code"))));
    });
    let code_why = why(&refusals, |_| true);
    let out = Box::new(move |_: &Fields| {
        state.post(Post::Out);
    });
    view! {
        <Heading
            arrived
            words=td_string!(locale, account.code.heading).to_owned()
            lead=Some(td_string!(locale, account.code.lead).to_owned())
        />
        <Form class="stack-l" action=api::SignInCode::PATH waiting=state.waiting() send>
            <To/>
            <CodeField
                label=td_string!(locale, account.code.label)
                hint=td_string!(locale, account.code.hint)
                why=code_why
            />
            <div class="actions"><Button words=td_string!(locale, account.code.send) waiting=state.waiting()/></div>
        </Form>
        {passkey.map(|options| view! {
            <Passkey
                action=api::SignInPasskey::PATH
                words=td_string!(locale, account.code.passkey)
                options
                is_new=false
                starts=false
                rank=Rank::Second
                send=with_passkey(state)
            />
        })}
        <Form class="actions" action=api::SignOut::PATH waiting=state.waiting() send=out>
            <Button rank=Rank::Quiet words=td_string!(locale, account.code.other)/>
        </Form>
    }
}

/// Nothing more is asked here.
#[component]
fn Leave(to: &'static str) -> impl IntoView {
    go(to);
}

/// Where one goes from here; a form without scripts takes it along.
#[component]
fn To() -> impl IntoView {
    view! { <input type="hidden" name="to" value=Onward::asked().code()/> }
}

/// The wizard, with the user name filled in if one was typed.
fn reset_address(user_name: &str) -> String {
    if user_name.is_empty() {
        return "/reset".to_owned();
    }
    format!("/reset?username={}", percent_escaped(user_name))
}

#[cfg(test)]
mod tests {
    use super::reset_address;

    #[test]
    fn a_name_in_an_address_is_escaped() {
        assert_eq!(reset_address(""), "/reset");
        assert_eq!(
            reset_address("o'hara&x=1@acorn.example"),
            "/reset?username=o%27hara%26x%3D1%40acorn.example"
        );
        assert_eq!(reset_address("é"), "/reset?username=%C3%A9");
    }
}
