//! Pages, settings, values and what is wrong with them, in words.

use super::converged;
use crate::i18n::{isolated, locale, td_string};
use regain_domain::Refusal;
use regain_domain::gate::Gate;
use regain_domain::policy::page::{Advice, PolicyPage};
use regain_domain::policy::setting::{Kind, Setting};
use regain_domain::policy::{Check, Edition, Event, Protection, Wrong};

/// Lines that are told of a setting.
const LISTED: usize = 20;

/// A name and what it means: keys are types, so that no function can take them.
macro_rules! words {
    ($part:ident, $name:ident, $hint:ident) => {{
        let locale = locale();
        (
            td_string!(locale, console.$part.$name),
            td_string!(locale, console.$part.$hint),
        )
    }};
}

/// The name of a page, and what it is for.
pub(super) fn page(page: PolicyPage) -> (&'static str, &'static str) {
    match page {
        PolicyPage::Properties => words!(page, properties, properties_lead),
        PolicyPage::AuthenticationMethods => words!(page, methods, methods_lead),
        PolicyPage::Registration => words!(page, registration, registration_lead),
        PolicyPage::Notifications => words!(page, notifications, notifications_lead),
        PolicyPage::Customization => words!(page, customization, customization_lead),
        PolicyPage::OnPremisesIntegration => words!(page, on_premises, on_premises_lead),
        PolicyPage::AdministratorPolicy => words!(page, administrators, administrators_lead),
        PolicyPage::PasswordProtection => words!(page, protection, protection_lead),
        PolicyPage::MethodsPolicy => words!(page, methods_policy, methods_policy_lead),
        PolicyPage::Versions => words!(page, versions, versions_lead),
    }
}

/// The name of a setting, and what it does.
pub(super) fn setting(setting: Setting) -> (&'static str, &'static str) {
    match setting {
        Setting::Scope => words!(setting, scope, scope_hint),
        Setting::Groups => words!(setting, groups, groups_hint),
        Setting::ExcludedGroups => words!(setting, excluded_groups, excluded_groups_hint),
        Setting::Disclosure => words!(setting, disclosure, disclosure_hint),
        Setting::TrustedNetworks => words!(setting, trusted_networks, trusted_networks_hint),
        Setting::KioskEnrolled => words!(setting, kiosk_enrolled, kiosk_enrolled_hint),
        Setting::NGates => words!(setting, n_gates, n_gates_hint),
        Setting::Gate(gate) => gate_words(gate),
        Setting::NMethods => words!(setting, n_methods, n_methods_hint),
        Setting::QuestionsRegister => words!(setting, questions_register, questions_register_hint),
        Setting::QuestionsReset => words!(setting, questions_reset, questions_reset_hint),
        Setting::QuestionsPicked => words!(setting, questions_picked, questions_picked_hint),
        Setting::QuestionsOwn => words!(setting, questions_own, questions_own_hint),
        Setting::PhoneCountry => words!(setting, phone_country, phone_country_hint),
        Setting::PhoneCountries => words!(setting, phone_countries, phone_countries_hint),
        Setting::CallSpeaksCode => words!(setting, call_speaks_code, call_speaks_code_hint),
        Setting::RegistrationRequired => words!(setting, registration_required, registration_required_hint),
        Setting::ReconfirmDays => words!(setting, reconfirm_days, reconfirm_days_hint),
        Setting::SkipsMost => words!(setting, skips_most, skips_most_hint),
        Setting::SkipDays => words!(setting, skip_days, skip_days_hint),
        Setting::OwnOffice => words!(setting, own_office, own_office_hint),
        Setting::CorrectLoaded => words!(setting, correct_loaded, correct_loaded_hint),
        Setting::NotifyUsers => words!(setting, notify_users, notify_users_hint),
        Setting::NotifyAllAdmins => words!(setting, notify_all_admins, notify_all_admins_hint),
        Setting::Notice(event) => event_words(event),
        Setting::HelpCustom => words!(setting, help_custom, help_custom_hint),
        Setting::HelpLink => words!(setting, help_link, help_link_hint),
        Setting::HelpMail => words!(setting, help_mail, help_mail_hint),
        Setting::UnlockOn => words!(setting, unlock_on, unlock_on_hint),
        Setting::UnlockClearsLockout => words!(setting, unlock_clears_lockout, unlock_clears_lockout_hint),
        Setting::AdminReset => words!(setting, admin_reset, admin_reset_hint),
        Setting::Protection(protection) => protection_words(protection),
        Setting::OneTimePass => words!(setting, one_time_pass, one_time_pass_hint),
        Setting::Converged(setting) => converged::setting(setting),
    }
}

fn event_words(event: Event) -> (&'static str, &'static str) {
    match event {
        Event::Change => words!(setting, notify_changes, notify_changes_hint),
        Event::Veto => words!(setting, notify_vetoes, notify_vetoes_hint),
        Event::Denial => words!(setting, notify_denials, notify_denials_hint),
    }
}

fn protection_words(protection: Protection) -> (&'static str, &'static str) {
    match protection {
        Protection::Profile => words!(setting, profile, profile_hint),
        Protection::Least => words!(setting, least_length, least_length_hint),
        Protection::Unicode => words!(setting, unicode, unicode_hint),
        Protection::History => words!(setting, history, history_hint),
        Protection::LeastAge => words!(setting, least_age, least_age_hint),
        Protection::Expiry => words!(setting, expiry, expiry_hint),
        Protection::EnforceCustom => words!(setting, enforce_custom, enforce_custom_hint),
        Protection::Custom => words!(setting, custom_terms, custom_terms_hint),
        Protection::LockoutTries => words!(setting, lockout_tries, lockout_tries_hint),
        Protection::LockoutFirst => words!(setting, lockout_first, lockout_first_hint),
        Protection::LockoutMost => words!(setting, lockout_most, lockout_most_hint),
    }
}

fn gate_words(gate: Gate) -> (&'static str, &'static str) {
    match gate {
        Gate::Passkey => words!(setting, passkey, passkey_hint),
        Gate::AppPush => words!(setting, app_push, app_push_hint),
        Gate::AppCode => words!(setting, app_code, app_code_hint),
        Gate::Email => words!(setting, email, email_hint),
        Gate::OfficeCall => words!(setting, office_call, office_call_hint),
        Gate::MobileWhatsapp => words!(setting, mobile_whatsapp, mobile_whatsapp_hint),
        Gate::MobileCall => words!(setting, mobile_call, mobile_call_hint),
        Gate::MobileSms => words!(setting, mobile_sms, mobile_sms_hint),
        Gate::Questions => words!(setting, questions, questions_hint),
        Gate::OneTimePass => words!(setting, one_time_pass, one_time_pass_hint),
    }
}

/// A choice, and what it means.
pub(super) fn choice(code: &str) -> (&'static str, &'static str) {
    match code {
        "none" => words!(value, none, none_hint),
        "selected" => words!(value, selected, selected_hint),
        "all" => words!(value, all, all_hint),
        "discreet" => words!(value, discreet, discreet_hint),
        "auto" => words!(value, auto, auto_hint),
        "explicit" => words!(value, explicit, explicit_hint),
        "modern" => words!(value, modern, modern_hint),
        "entra" => words!(value, entra, entra_hint),
        "no_pass" => words!(value, no_pass, no_pass_hint),
        "beside" => words!(value, beside, beside_hint),
        "alone" => words!(value, alone, alone_hint),
        "pre-migration" => words!(value, pre_migration, pre_migration_hint),
        "in-progress" => words!(value, in_progress, in_progress_hint),
        "complete" => words!(value, complete, complete_hint),
        "2" => (td_string!(locale(), console.value.two), ""),
        _ => (td_string!(locale(), console.value.one), ""),
    }
}

/// The value of a setting, as a change tells it.
pub(super) fn value(setting: Setting, text: &str) -> String {
    let locale = locale();
    match (setting.kind(), text) {
        (Kind::Switch, "on") => td_string!(locale, console.value.on).to_owned(),
        (Kind::Switch, _) => td_string!(locale, console.value.off).to_owned(),
        (Kind::Choice(_), code) => choice(code).0.to_owned(),
        (_, "") => td_string!(locale, console.value.empty).to_owned(),
        (_, text) => listed(text),
    }
}

/// Where the tenant's edition lacks what a setting needs: which editions have it.
pub(super) fn unlicensed(setting: Setting, edition: Edition) -> Option<String> {
    let feature = setting.feature().filter(|feature| !edition.may(*feature))?;
    let names: Vec<&str> = feature.editions().into_iter().map(edition_name).collect();
    Some(td_string!(
        locale(),
        console.unlicensed,
        names = isolated(&names.join(", "))
    ))
}

/// The name of a plan, which is the same in every language.
const fn edition_name(edition: Edition) -> &'static str {
    match edition {
        Edition::Full => "Full",
        Edition::Free => "Free",
        Edition::Basic => "Basic",
        Edition::Office => "Office 365",
        Edition::BusinessPremium => "Business Premium",
        Edition::P1 => "P1",
        Edition::P2 => "P2",
        Edition::Trial => "Trial",
    }
}

/// Lines as a list within a sentence: the first of them, where there are many.
fn listed(text: &str) -> String {
    let some: Vec<&str> = text.lines().take(LISTED).collect();
    let n_more = u32::try_from(text.lines().count().saturating_sub(LISTED)).unwrap_or(u32::MAX);
    let listed = isolated(&some.join(", "));
    match n_more {
        0 => listed,
        n => format!("{listed}, {}", td_string!(locale(), console.change.more, n = n)),
    }
}

/// Why a setting cannot be saved.
pub(super) fn wrong(wrong: &Wrong) -> String {
    let locale = locale();
    match wrong {
        Wrong::Choice => td_string!(locale, console.wrong.choice).to_owned(),
        Wrong::Range { least, most } => td_string!(locale, console.wrong.range, least = *least, most = *most),
        Wrong::TooMany { most } => td_string!(locale, console.wrong.too_many, most = *most),
        Wrong::GroupUnknown { name } => td_string!(locale, console.wrong.group_unknown, name = isolated(name)),
        Wrong::GroupsMissing => td_string!(locale, console.wrong.groups_missing).to_owned(),
        Wrong::NetworkForm { line } => td_string!(locale, console.wrong.network_form, line = isolated(line)),
        Wrong::TooFewGates { need } => td_string!(locale, console.wrong.too_few_gates, need = *need),
        Wrong::AppAlone { others } => td_string!(locale, console.wrong.app_alone, others = *others),
        Wrong::PushAlone => td_string!(locale, console.wrong.push_alone).to_owned(),
        Wrong::QuestionsAlone => td_string!(locale, console.wrong.questions_alone).to_owned(),
        Wrong::QuestionsOrder => td_string!(locale, console.wrong.questions_order).to_owned(),
        Wrong::QuestionsFew => td_string!(locale, console.wrong.questions_few).to_owned(),
        Wrong::QuestionForm { line } => td_string!(locale, console.wrong.question_form, line = *line),
        Wrong::QuestionAlike { number } => td_string!(locale, console.wrong.question_alike, line = *number),
        Wrong::CountryUnknown { line } => td_string!(locale, console.wrong.country_unknown, line = isolated(line)),
        Wrong::RegisterFewer { need } => td_string!(locale, console.wrong.register_fewer, need = *need),
        Wrong::HelpForm => td_string!(locale, console.wrong.help_form).to_owned(),
        Wrong::HelpMissing => td_string!(locale, console.wrong.help_missing).to_owned(),
        Wrong::TermLength { line } => td_string!(locale, console.wrong.term_length, line = *line),
        Wrong::LockoutOrder => td_string!(locale, console.wrong.lockout_order).to_owned(),
        Wrong::StateOrder => td_string!(locale, console.wrong.state_order).to_owned(),
        Wrong::ReasonMissing { most } => td_string!(locale, console.wrong.reason_missing, most = *most),
        Wrong::WaysMissing => td_string!(locale, console.wrong.ways_missing).to_owned(),
    }
}

/// Advice.
pub(super) fn advice(advice: Advice) -> &'static str {
    let locale = locale();
    match advice {
        Advice::MoreMethods => td_string!(locale, console.advice.more_methods),
        Advice::PreferApp => td_string!(locale, console.advice.prefer_app),
        Advice::MobileWeak => td_string!(locale, console.advice.mobile_weak),
        Advice::QuestionsWeak => td_string!(locale, console.advice.questions_weak),
        Advice::TellsOutsiders => td_string!(locale, console.advice.tells_outsiders),
        Advice::TellAdmins => td_string!(locale, console.advice.tell_admins),
        Advice::HelpNowhere => td_string!(locale, console.advice.help_nowhere),
        Advice::HelpBehindReset => td_string!(locale, console.advice.help_behind_reset),
        Advice::NoticesOff => td_string!(locale, console.advice.notices_off),
        Advice::ExpiryWeakens => td_string!(locale, console.advice.expiry_weakens),
        Advice::TermsIdle => td_string!(locale, console.advice.terms_idle),
        Advice::LockoutLax => td_string!(locale, console.advice.lockout_lax),
        Advice::PassAlone => td_string!(locale, console.advice.pass_alone),
    }
}

/// A gate.
pub(super) fn gate(gate: Gate) -> &'static str {
    gate_words(gate).0
}

/// A check of the doctor.
pub(super) fn check(check: Check) -> &'static str {
    let locale = locale();
    match check {
        Check::Known => td_string!(locale, console.check.known),
        Check::InUse => td_string!(locale, console.check.in_use),
        Check::AdminReset => td_string!(locale, console.check.admin_reset),
        Check::Scope => td_string!(locale, console.check.scope),
        Check::Methods => td_string!(locale, console.check.methods),
        Check::Licensed => td_string!(locale, console.check.licensed),
        Check::Group => td_string!(locale, console.check.group),
        Check::Registered => td_string!(locale, console.check.registered),
        Check::Enough => td_string!(locale, console.check.enough),
        Check::Unblocked => td_string!(locale, console.check.unblocked),
    }
}

/// Why somebody could not reset, in few words.
pub(super) fn why(refusal: &Refusal) -> String {
    let locale = locale();
    match refusal {
        Refusal::NotRegistered => td_string!(locale, console.why.not_registered).to_owned(),
        Refusal::TooFewMethods { have, need } => {
            td_string!(locale, console.why.too_few, have = *have, need = *need)
        }
        Refusal::NotLicensed => td_string!(locale, console.why.not_licensed).to_owned(),
        Refusal::NotInScope => td_string!(locale, console.why.not_in_scope).to_owned(),
        Refusal::TenantOff => td_string!(locale, console.why.off).to_owned(),
        Refusal::NoPolicy => td_string!(locale, console.why.no_policy).to_owned(),
        Refusal::AdminResetOff => td_string!(locale, console.why.admin_off).to_owned(),
        Refusal::UserUnknown => td_string!(locale, console.why.unknown).to_owned(),
        Refusal::Blocked { .. } => td_string!(locale, console.why.blocked).to_owned(),
        Refusal::AccountDisabled => td_string!(locale, console.why.disabled).to_owned(),
        _ => td_string!(locale, console.why.other).to_owned(),
    }
}
