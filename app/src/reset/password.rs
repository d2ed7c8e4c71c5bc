//! A new password: rules before typing, ticked while typing, and advice on strength.

use super::api;
use super::choose::Where;
use super::leave::Leave;
use super::page::Around;
use super::wizard::Post;
use crate::Typed;
use crate::i18n::{isolated, locale, td_string};
use crate::ui::{Button, Fields, Form, Heading, PasswordField, Place, Rules, StrengthBar};
use leptos::{html, prelude::*, server_fn::ServerFn};
use regain_domain::flow::Progress;
use regain_domain::password::{Mark, Shown, Strength, strength};
use zeroize::Zeroizing;

/// The form.
#[component]
pub(super) fn Password(around: Around, user_name: String, rules: Shown, progress: Progress) -> impl IntoView {
    let locale = locale();
    let wizard = around.wizard;
    let (new, repeat) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let typing = Typing::begin(rules.clone(), new, repeat);
    let (new_why, repeat_why) = (
        around.why(&[Place::Password, Place::Field]),
        around.why(&[Place::Repeat]),
    );
    let told = Callback::new(move |()| typing.look());
    let send = Box::new(move |fields: &Fields| {
        let (new, repeated) = (
            Typed::new(fields.text("new_password")),
            Typed::new(fields.text("confirm_password")),
        );
        wizard.post(Post::Password(new, repeated));
    });
    view! {
        <Where progress is_proved=true/>
        <Heading
            arrived=around.arrived
            words=td_string!(locale, reset.password.heading).to_owned()
            lead=Some(td_string!(locale, reset.password.lead, name = isolated(&user_name)))
        />
        <Form class="stack-l" action=api::Password::PATH waiting=wizard.waiting() send>
            // For password managers.
            <input class="hide-visually" name="username" autocomplete="username" value=user_name readonly tabindex="-1" aria-hidden="true"/>
            <PasswordField
                name="new_password"
                autocomplete="new-password"
                label=td_string!(locale, reset.password.new_label)
                input=new
                why=new_why
                more_id="rules"
                on_typed=told
            />
            <StrengthBar strength=typing.strength.into()/>
            <Rules shown=rules marks=typing.marks.into()/>
            <PasswordField
                name="confirm_password"
                autocomplete="new-password"
                label=td_string!(locale, reset.password.repeat_label)
                input=repeat
                why=repeat_why
                on_typed=told
            />
            <div class="stack-s">
                <div class="actions"><Button words=td_string!(locale, reset.password.send) waiting=wizard.waiting()/></div>
                <p class="small soft">{td_string!(locale, reset.password.after)}</p>
            </div>
        </Form>
        <Leave around/>
    }
}

/// How what is typed stands to the rules. Holds marks, never the text.
#[derive(Clone, Copy)]
struct Typing {
    rules: StoredValue<Shown>,
    fields: (NodeRef<html::Input>, NodeRef<html::Input>),
    marks: RwSignal<Vec<Mark>>,
    strength: RwSignal<Option<Strength>>,
}

impl Typing {
    fn begin(rules: Shown, new: NodeRef<html::Input>, repeat: NodeRef<html::Input>) -> Self {
        let marks = marks(&rules, "", "");
        Self {
            rules: StoredValue::new(rules),
            fields: (new, repeat),
            marks: RwSignal::new(marks),
            strength: RwSignal::new(None),
        }
    }

    fn look(self) {
        let text = |field: NodeRef<html::Input>| {
            Zeroizing::new(field.get_untracked().map(|input| input.value()).unwrap_or_default())
        };
        let (new, repeated) = (text(self.fields.0), text(self.fields.1));
        self.marks
            .set(self.rules.with_value(|rules| marks(rules, &new, &repeated)));
        self.strength.set((!new.is_empty()).then(|| strength(&new)));
    }
}

fn marks(rules: &Shown, new: &str, repeated: &str) -> Vec<Mark> {
    rules
        .rules()
        .into_iter()
        .map(|rule| rules.mark(rule, new, repeated))
        .collect()
}
