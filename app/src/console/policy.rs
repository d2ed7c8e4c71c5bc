//! A page of the policy: its settings as one form, and beside it what a change would do.

use super::api;
use super::change::{ChangePanel, Discard};
use super::converged::{Migrating, Whom};
use super::frame::ConsoleFrame;
use super::guarded::guarded;
use super::setting::Setting;
use super::versions::{Saved, Versions};
use super::words;
use crate::i18n::{isolated, locale, td_string};
use crate::ui::{Button, Facts, Heading, Notice, Rank, Tone, refusal_words};
use leptos::{prelude::*, server_fn::ServerFn};
use regain_domain::Refusal;
use regain_domain::policy::page::{PolicyPage, PolicyView, Told};
use regain_domain::policy::setting::Setting as Which;
use regain_domain::policy::{Converged, Wrong};

/// Whose passwords may be reset.
pub(crate) fn properties() -> AnyView {
    policy(PolicyPage::Properties)
}

/// How many methods, and which.
pub(crate) fn methods() -> AnyView {
    policy(PolicyPage::AuthenticationMethods)
}

/// Registering methods.
pub(crate) fn registration() -> AnyView {
    policy(PolicyPage::Registration)
}

/// Who is told.
pub(crate) fn notifications() -> AnyView {
    policy(PolicyPage::Notifications)
}

/// Where people find help.
pub(crate) fn customization() -> AnyView {
    policy(PolicyPage::Customization)
}

/// Directories and unlocking.
pub(crate) fn on_premises() -> AnyView {
    policy(PolicyPage::OnPremisesIntegration)
}

/// What holds for administrators.
pub(crate) fn administrators() -> AnyView {
    policy(PolicyPage::AdministratorPolicy)
}

/// What passwords have to be, and what wrong ones lead to.
pub(crate) fn protection() -> AnyView {
    policy(PolicyPage::PasswordProtection)
}

/// Which methods there are, and for whom.
pub(crate) fn methods_policy() -> AnyView {
    policy(PolicyPage::MethodsPolicy)
}

/// Every saved version.
pub(crate) fn versions() -> AnyView {
    policy(PolicyPage::Versions)
}

fn policy(page: PolicyPage) -> AnyView {
    let look = move || api::look_policy(page.code().to_owned());
    guarded(words::page(page).0, page.path(), look, |view| {
        view! { <Page view/> }.into_any()
    })
}

#[component]
fn Page(view: PolicyView) -> impl IntoView {
    let (name, lead) = words::page(view.page);
    let refusal = view.refusal.as_ref().map(Refusal::code);
    let refusal = refusal.or_else(|| view.wrongs.first().map(|(_, wrong)| wrong.code()));
    let (page, roles) = (view.page, view.reader.roles.clone());
    let matter = match page {
        PolicyPage::Versions => {
            let wrong = (!view.wrongs.is_empty()).then(|| view! { <Wrongs wrongs=view.wrongs.clone()/> });
            view! { {wrong} <Versions history=view.history.clone() current=view.version.number/> }.into_any()
        }
        _ => view! { <Form view=view.clone()/> }.into_any(),
    };
    let saved = (page != PolicyPage::Versions).then(|| view! { <Saved version=view.version.clone()/> });
    view! {
        <ConsoleFrame title=name step=page.code() refusal roles here=page.path()>
            <div class="stack-s">
                <Heading arrived=false words=name.to_owned() lead=Some(lead.to_owned())/>
                {saved}
            </div>
            <Notes view=view.clone()/>
            <div class="two"><Beside view/><div class="stack-l">{matter}</div></div>
        </ConsoleFrame>
    }
}

/// What is to be said of the page as a whole.
#[component]
fn Notes(view: PolicyView) -> impl IntoView {
    let locale = locale();
    let is_of_resets = view.page != PolicyPage::PasswordProtection;
    let off = (view.is_off && is_of_resets)
        .then(|| view! { <Notice tone=Tone::Warn words=td_string!(locale, console.off).to_owned()/> });
    let said = view.said.map(|said| {
        let tone = if said == Told::Same { Tone::Plain } else { Tone::Good };
        let words = match said {
            Told::Saved { n_lose, n_gain } => td_string!(locale, console.said.saved, lose = n_lose, gain = n_gain),
            Told::Same => td_string!(locale, console.change.same).to_owned(),
            Told::Discarded => td_string!(locale, console.said.discarded).to_owned(),
        };
        view! { <Notice tone is_alert=true words/> }
    });
    let refusal = view.refusal.filter(|refusal| *refusal != Refusal::PasswordWrong);
    let refusal = refusal.map(|refusal| {
        let words = match &refusal {
            Refusal::Stale => td_string!(locale, console.change.stale).to_owned(),
            refusal => refusal_words(refusal),
        };
        view! { <Notice tone=Tone::Bad is_alert=true words/> }
    });
    let wrong = (!view.wrongs.is_empty()).then(
        || view! { <Notice tone=Tone::Bad is_alert=true words=td_string!(locale, console.change.wrong).to_owned()/> },
    );
    view! { {off} {said} {refusal} {wrong} }
}

/// What keeps one from going back to a version: the page has no settings to say it at.
#[component]
fn Wrongs(wrongs: Vec<(Which, Wrong)>) -> impl IntoView {
    let rows: Vec<_> = wrongs
        .iter()
        .map(|(setting, wrong)| (words::setting(*setting).0, words::wrong(wrong).into_any()))
        .collect();
    view! { <Facts rows/> <Discard page=PolicyPage::Versions/> }
}

/// The change under way, else advice.
#[component]
fn Beside(view: PolicyView) -> impl IntoView {
    let locale = locale();
    let refusal = view.refusal.filter(|refusal| *refusal == Refusal::PasswordWrong);
    let (page, migration, has_change) = (view.page, view.migration, view.change.is_some());
    let migrating = view! { <Migrating page migration old=view.old has_change/> };
    let change = view.change.map(|change| {
        view! { <ChangePanel page=view.page change user_name=view.reader.user_name.clone() refusal/> }
    });
    let advice: Vec<_> = view
        .advice
        .into_iter()
        .map(|advice| view! { <Notice tone=Tone::Warn words=words::advice(advice).to_owned()/> })
        .collect();
    let fixed = match view.page {
        PolicyPage::AdministratorPolicy => Some(td_string!(locale, console.admin_fixed)),
        PolicyPage::Notifications => Some(td_string!(locale, console.notices_fixed)),
        PolicyPage::OnPremisesIntegration => Some(td_string!(locale, console.no_connector)),
        _ => None,
    };
    let fixed = fixed.map(|words| view! { <Notice tone=Tone::Plain words=words.to_owned()/> });
    view! { <aside class="stack">{change} {migrating} {fixed} {advice}</aside> }
}

/// All settings of the page. It leads to the page with what it would do, so that the browser sends it by itself.
#[component]
fn Form(view: PolicyView) -> impl IntoView {
    let locale = locale();
    let has_change = view.change.is_some();
    let has_draft = has_change || !view.wrongs.is_empty();
    let rank = if has_change { Rank::Second } else { Rank::First };
    let rows: Vec<_> = view
        .values
        .iter()
        .map(|(setting, value)| {
            match setting {
                Which::Converged(Converged::Groups(means)) => {
                    return view! { <Whom view=view.clone() means=*means/> }.into_any();
                }
                Which::Converged(Converged::Excluded(_)) => return ().into_any(),
                _ => {}
            }
            let why = view.wrongs.iter().find(|(wrong, _)| wrong == setting);
            let why = why.map(|(_, wrong)| words::wrong(wrong));
            let uncarried = setting.gate().is_some_and(|gate| view.uncarried.contains(&gate));
            let known = (*setting == Which::Groups).then(|| known_groups(&view.groups));
            let picks = view.catalogue.clone();
            let unlicensed = words::unlicensed(*setting, view.edition);
            let unlicensed = unlicensed.map(|words| view! { <Notice tone=Tone::Plain words/> });
            view! { <Setting setting=*setting value=value.clone() why uncarried more=known picks/> {unlicensed} }
                .into_any()
        })
        .collect();
    let version = view.version.number.to_string();
    let discard = (has_draft && !has_change).then(|| view! { <Discard page=view.page/> });
    view! {
        <form action=address(view.page) method="post" novalidate=true>
            <input type="hidden" name="version" value=version/>
            <div class="settings">{rows}</div>
            <div class="savebar">
                <Button rank words=td_string!(locale, console.change.review)/>
                <span class="small soft">{td_string!(locale, console.change.review_hint)}</span>
            </div>
        </form>
        {discard}
    }
}

fn known_groups(names: &[String]) -> String {
    let locale = locale();
    match names {
        [] => td_string!(locale, console.groups_none).to_owned(),
        names => td_string!(locale, console.groups_known, names = isolated(&names.join(", "))),
    }
}

const fn address(page: PolicyPage) -> &'static str {
    match page {
        PolicyPage::Properties => api::ChangeProperties::PATH,
        PolicyPage::AuthenticationMethods => api::ChangeMethods::PATH,
        PolicyPage::Registration => api::ChangeRegistration::PATH,
        PolicyPage::Notifications => api::ChangeNotifications::PATH,
        PolicyPage::Customization => api::ChangeCustomization::PATH,
        PolicyPage::OnPremisesIntegration => api::ChangeOnPremises::PATH,
        PolicyPage::AdministratorPolicy => api::ChangeAdministrators::PATH,
        PolicyPage::PasswordProtection => api::ChangeProtection::PATH,
        PolicyPage::MethodsPolicy => api::ChangeMethodsPolicy::PATH,
        PolicyPage::Versions => api::GoBack::PATH,
    }
}
