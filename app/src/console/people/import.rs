//! Accounts of a file: pasted or chosen, looked at, and then made.

use super::super::frame::ConsoleFrame;
use super::super::guarded::guarded;
use super::list::PATH as PEOPLE;
use super::{api, words};
use crate::i18n::{isolated, locale, td_string};
use crate::ui::{Button, Heading, Notice, Rank, Tone, Why, described_by};
use leptos::{html, prelude::*, server_fn::ServerFn, task::spawn_local};
use regain_domain::limits::IMPORT_LINES_MOST;
use regain_domain::people::{Field, ImportLine, ImportView, Wrong};
use wasm_bindgen::JsCast;

/// Its address.
const PATH: &str = "/console/users/import";

/// The page.
pub(crate) fn import() -> AnyView {
    let title = td_string!(locale(), people.import.name);
    guarded(title, PATH, api::look_import, |view| view! { <Page view/> }.into_any())
}

#[component]
fn Page(view: ImportView) -> impl IntoView {
    let locale = locale();
    let name = td_string!(locale, people.import.name);
    let refusal = view.refusal.as_ref().map(Wrong::code);
    let refusal = refusal.or_else(|| (view.n_wrong > 0).then_some("lines"));
    let made = view.made.map(|n| {
        let words = td_string!(locale, people.import.made, n = n);
        view! { <Notice tone=Tone::Good is_alert=true words/> }
    });
    let is_read = view.is_posted && view.refusal.is_none();
    let outcome = is_read.then(|| view! { <Outcome view=view.clone()/> });
    view! {
        <ConsoleFrame title=name step="import" refusal roles=view.reader.roles.clone() here=PEOPLE>
            <Heading arrived=false words=name.to_owned() lead=Some(td_string!(locale, people.import.lead).to_owned())/>
            {made} {outcome}
            <File text=view.text why=view.refusal.as_ref().map(words::wrong)/>
            <Columns/>
            <div class="actions"><a class=Rank::Second.class() href=PEOPLE>{td_string!(locale, people.back)}</a></div>
        </ConsoleFrame>
    }
}

/// What the file would do, and the button that does it.
#[component]
fn Outcome(view: ImportView) -> impl IntoView {
    let locale = locale();
    let line = |n: u32, words: &'static str| {
        (n > 0).then(|| view! { <p class="counted"><span class="figure">{n}</span> " " <span>{words}</span></p> })
    };
    let unknown = (!view.unknown.is_empty()).then(|| {
        let words = td_string!(
            locale,
            people.import.unknown,
            names = isolated(&view.unknown.join(", "))
        );
        view! { <Notice tone=Tone::Warn words/> }
    });
    let n_more = view
        .n_wrong
        .saturating_sub(u32::try_from(view.wrong.len()).unwrap_or(view.n_wrong));
    let more = (n_more > 0).then(|| view! { <li>{td_string!(locale, console.change.more, n = n_more)}</li> });
    let wrong: Vec<_> = view.wrong.into_iter().map(|line| view! { <WrongLine line/> }).collect();
    let wrong = (view.n_wrong > 0).then(|| {
        view! {
            <Notice tone=Tone::Bad is_alert=true words=td_string!(locale, people.import.put_right).to_owned()/>
            <ul class="people">{wrong}{more}</ul>
        }
    });
    let run = view.seen.map(|seen| {
        view! {
            <form class="actions" action=api::RunImport::PATH method="post">
                <input type="hidden" name="seen" value=seen/>
                <Button words=td_string!(locale, people.import.run)/>
            </form>
        }
    });
    view! {
        <section class="panel stack" aria-labelledby="outcome">
            <h2 id="outcome">{td_string!(locale, people.import.outcome)}</h2>
            {line(view.n_new, td_string!(locale, people.import.fresh))}
            {line(view.n_known, td_string!(locale, people.import.known))}
            {line(view.n_wrong, td_string!(locale, people.import.wrong))}
            {unknown} {wrong} {run}
            <form class="actions" action=api::CheckImport::PATH method="post">
                <Button rank=Rank::Second words=td_string!(locale, people.import.drop)/>
            </form>
        </section>
    }
}

#[component]
fn WrongLine(line: ImportLine) -> impl IntoView {
    let number = td_string!(locale(), people.import.line, n = line.number);
    let wrongs: Vec<_> = line
        .wrongs
        .into_iter()
        .map(|(field, wrong)| format!("{}: {}", words::field(field).0, words::wrong(&wrong)))
        .collect();
    view! {
        <li>
            <b>{number}</b> " " <bdi dir="ltr">{line.user_name}</bdi>
            <br/>
            <span class="soft">{wrongs.join(" ")}</span>
        </li>
    }
}

/// The text of the file. With scripts a file can be chosen, which fills it in.
#[component]
fn File(text: String, why: Option<String>) -> impl IntoView {
    let locale = locale();
    let area = NodeRef::<html::Textarea>::new();
    let described = described_by("csv", true, why.is_some());
    let class = if why.is_some() { "field refused" } else { "field" };
    let invalid = why.is_some().then_some("true");
    view! {
        <form class="stack" action=api::CheckImport::PATH method="post" novalidate=true>
            <label class="field with-scripts">
                <span>{td_string!(locale, people.import.file)}</span>
                <input class="input" type="file" accept=".csv,text/csv,text/plain" on:change=move |event| fill(&event, area)/>
            </label>
            <div class=class>
                <label for="csv">{td_string!(locale, people.import.text)}</label>
                <span class="hint" id="csv-hint">
                    {td_string!(locale, people.import.text_hint, most = IMPORT_LINES_MOST)}
                </span>
                <Why name="csv" words=why/>
                <textarea
                    class="input"
                    id="csv"
                    name="csv"
                    rows="8"
                    autocomplete="off"
                    spellcheck="false"
                    dir="ltr"
                    node_ref=area
                    aria-describedby=described
                    aria-invalid=invalid
                >
                    {text}
                </textarea>
            </div>
            <div class="actions"><Button words=td_string!(locale, people.import.check)/></div>
        </form>
    }
}

/// Puts the text of a file that was chosen into the field.
fn fill(event: &web_sys::Event, area: NodeRef<html::Textarea>) {
    let input = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    let Some(file) = input.and_then(|input| input.files()).and_then(|files| files.get(0)) else {
        return;
    };
    let text = file.text();
    spawn_local(async move {
        if let (Ok(text), Some(area)) = (text.await, area.get_untracked()) {
            area.set_value(&text.as_string().unwrap_or_default());
        }
    });
}

/// The columns that are read.
#[component]
fn Columns() -> impl IntoView {
    let rows: Vec<_> = Field::ALL
        .into_iter()
        .map(|field| {
            let (name, hint) = words::field(field);
            view! { <dt><code>{field.code()}</code></dt><dd>{name} " " <span class="soft">{hint}</span></dd> }
        })
        .collect();
    view! {
        <details class="panel">
            <summary>{td_string!(locale(), people.import.columns)}</summary>
            <dl class="facts">{rows}</dl>
        </details>
    }
}
