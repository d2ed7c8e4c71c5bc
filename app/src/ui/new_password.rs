//! A new password: rules before typing, ticked while typing, and advice on strength.

use super::{PasswordField, Rules, StrengthBar, in_kiosk};
use crate::i18n::{locale, td_string};
use leptos::{html, prelude::*};
use regain_domain::password::{Mark, Shown, Strength, strength};
use zeroize::Zeroizing;

/// The two fields, and what is said of them: `why` of the new one, and of its repetition.
#[component]
pub(crate) fn NewPassword(user_name: String, rules: Shown, why: [Option<String>; 2]) -> impl IntoView {
    let locale = locale();
    let (new, repeat) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let typing = Typing::begin(rules.clone(), new, repeat);
    let [new_why, repeat_why] = why;
    let told = Callback::new(move |()| typing.look());
    view! {
        // For password managers, and none may be there in a kiosk.
        {(!in_kiosk()).then(|| view! {
            <input class="hide-visually" name="username" autocomplete="username" value=user_name readonly tabindex="-1" aria-hidden="true"/>
        })}
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
