//! What a change would do, beside it, before it is saved: whom it touches, and what differs.

use super::{api, words};
use crate::i18n::{locale, td_string};
use crate::ui::{Button, Notice, PasswordField, Rank, Tone, refusal_words};
use leptos::{html, prelude::*, server_fn::ServerFn};
use regain_domain::Refusal;
use regain_domain::policy::page::{Change, Difference, PolicyPage};
use regain_domain::policy::preview::Preview;

/// The panel with its two forms: save and discard. Both lead to the page as it then is, so that the browser sends them by itself.
#[component]
pub(super) fn ChangePanel(
    page: PolicyPage,
    change: Change,
    user_name: String,
    #[prop(optional_no_strip)] refusal: Option<Refusal>,
) -> impl IntoView {
    let locale = locale();
    let overtaken = change.is_overtaken.then(|| {
        view! { <Notice tone=Tone::Warn words=td_string!(locale, console.change.overtaken).to_owned()/> }
    });
    let input = NodeRef::<html::Input>::new();
    let password = change.wants_password.then(|| {
        let why = refusal.as_ref().map(refusal_words);
        view! {
            <input type="text" name="username" value=user_name autocomplete="username" hidden=true/>
            <PasswordField
                name="password"
                autocomplete="current-password"
                label=td_string!(locale, console.change.password_label)
                input
                why
                more_id="password-more"
            />
            <p class="small soft" id="password-more">{td_string!(locale, console.change.password_hint)}</p>
        }
    });
    view! {
        <section class="panel stack" aria-labelledby="change">
            <h2 id="change">{td_string!(locale, console.change.heading)}</h2>
            {overtaken}
            <Touched preview=change.preview/>
            <h3>{td_string!(locale, console.change.what)}</h3>
            <Differences differences=change.differences/>
            <form class="stack" action=api::Save::PATH method="post">
                <input type="hidden" name="page" value=page.code()/>
                <input type="hidden" name="seen" value=change.seen/>
                {password}
                <div class="actions"><Button words=td_string!(locale, console.change.save)/></div>
            </form>
            <Discard page/>
        </section>
    }
}

/// Drops what is under way.
#[component]
pub(super) fn Discard(page: PolicyPage) -> impl IntoView {
    view! {
        <form class="actions" action=api::Discard::PATH method="post">
            <input type="hidden" name="page" value=page.code()/>
            <Button rank=Rank::Second words=td_string!(locale(), console.change.discard)/>
        </form>
    }
}

/// The counts, and the names behind them.
#[component]
fn Touched(preview: Preview) -> impl IntoView {
    let locale = locale();
    let Preview {
        n_all,
        n_before,
        n_lose,
        n_gain,
        lose,
        gain,
        n_expire,
        ..
    } = preview;
    let lose = lose
        .into_iter()
        .map(|(name, refusal)| (name, Some(words::why(&refusal))));
    let gain = gain.into_iter().map(|name| (name, None));
    let lose = (n_lose > 0).then(|| {
        let (words, see) = (
            td_string!(locale, console.change.lose, n = n_all),
            td_string!(locale, console.change.see_lose),
        );
        view! { <Count n=n_lose words see people=lose.collect()/> }
    });
    let gain = (n_gain > 0).then(|| {
        let (words, see) = (
            td_string!(locale, console.change.gain).to_owned(),
            td_string!(locale, console.change.see_gain),
        );
        view! { <Count n=n_gain words see people=gain.collect()/> }
    });
    let nobody = (n_lose == 0 && n_gain == 0)
        .then(|| view! { <p>{td_string!(locale, console.change.nobody, n = n_before, all = n_all)}</p> });
    let expire = (n_expire > 0).then(|| {
        view! {
            <p class="counted"><span class="figure">{n_expire}</span> " " <span>{td_string!(locale, console.change.expire)}</span></p>
        }
    });
    view! { {lose} {gain} {nobody} {expire} }
}

#[component]
fn Count(n: u32, words: String, see: &'static str, people: Vec<(String, Option<String>)>) -> impl IntoView {
    let n_more = n.saturating_sub(u32::try_from(people.len()).unwrap_or(n));
    let more = (n_more > 0).then(|| view! { <li>{td_string!(locale(), console.change.more, n = n_more)}</li> });
    let rows: Vec<_> = people
        .into_iter()
        .map(|(name, why)| {
            let why = why.map(|why| view! { <span class="soft">" · " {why}</span> });
            view! { <li><bdi dir="ltr">{name}</bdi>{why}</li> }
        })
        .collect();
    view! {
        <div class="stack-s">
            <p class="counted"><span class="figure">{n}</span> " " <span>{words}</span></p>
            <details>
                <summary>{see}</summary>
                <ul class="people">{rows}{more}</ul>
            </details>
        </div>
    }
}

/// What differs: each setting, from what, to what.
#[component]
pub(super) fn Differences(differences: Vec<Difference>) -> impl IntoView {
    let locale = locale();
    let rows: Vec<_> = differences
        .into_iter()
        .map(|difference| {
            let (name, _) = words::setting(difference.setting);
            let [before, after] =
                [difference.before, difference.after].map(|text| words::value(difference.setting, &text));
            let words = td_string!(locale, console.change.becomes, before = before, after = after);
            view! { <dt>{name}</dt><dd>{words}</dd> }
        })
        .collect();
    view! { <dl class="facts">{rows}</dl> }
}
