//! The form that makes one account.

use super::super::frame::ConsoleFrame;
use super::super::guarded::guarded;
use super::list::PATH as PEOPLE;
use super::{api, words};
use crate::i18n::{locale, td_string};
use crate::ui::{Button, Field as Line, Heading, Rank, SelectField};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::locale::Language;
use regain_domain::people::{Field, NewcomerView};

/// Its address.
const PATH: &str = "/console/users/new";

/// The page.
pub(crate) fn newcomer() -> AnyView {
    let title = td_string!(locale(), people.newcomer.name);
    guarded(title, PATH, api::look_newcomer, |view| {
        view! { <Page view/> }.into_any()
    })
}

#[component]
fn Page(view: NewcomerView) -> impl IntoView {
    let locale = locale();
    let name = td_string!(locale, people.newcomer.name);
    let refusal = view.wrongs.first().map(|(_, wrong)| wrong.code());
    let fields: Vec<_> = Field::ALL
        .into_iter()
        .map(|field| view! { <One view=view.clone() field/> })
        .collect();
    view! {
        <ConsoleFrame title=name step="person-new" refusal roles=view.reader.roles.clone() here=PEOPLE>
            <Heading arrived=false words=name.to_owned() lead=Some(td_string!(locale, people.newcomer.lead).to_owned())/>
            <form class="stack narrow" action=api::Create::PATH method="post" novalidate=true>
                {fields}
                <div class="actions">
                    <Button words=td_string!(locale, people.newcomer.make)/>
                    <a class=Rank::Second.class() href=PEOPLE>{td_string!(locale, people.leave)}</a>
                </div>
            </form>
        </ConsoleFrame>
    }
}

#[component]
fn One(view: NewcomerView, field: Field) -> impl IntoView {
    let (label, hint) = words::field(field);
    let hint = (!hint.is_empty()).then(|| hint.to_owned());
    let wrong = view.wrongs.iter().find(|(other, _)| *other == field);
    let why = wrong.map(|(_, wrong)| words::wrong(wrong));
    let value = view.fields.text(field).to_owned();
    if field == Field::Language {
        let own = |language: Language| (language.tag().to_owned(), language.own_name().to_owned());
        let none = (
            String::new(),
            td_string!(locale(), people.field.language_none).to_owned(),
        );
        let rows: Vec<_> = std::iter::once(none).chain(Language::ALL.map(own)).collect();
        return view! { <SelectField name="language" label=label.to_owned() rows chosen=value why/> }.into_any();
    }
    match hint {
        Some(hint) => {
            view! { <Line name=field.code() label autocomplete="off" value maxlength=2000 hint why/> }.into_any()
        }
        None => view! { <Line name=field.code() label autocomplete="off" value maxlength=2000 why/> }.into_any(),
    }
}
