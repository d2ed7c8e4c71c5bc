//! Words of fields, and why they are not taken.

use crate::console::{field_words, wrong_words};
use crate::i18n::{locale, td_string};
use crate::ui::refusal_words;
use regain_domain::setup::{SetupField, SetupStep, SetupWrong};

/// The name of a page, and what comes on it.
pub(super) fn step(step: SetupStep) -> (&'static str, &'static str) {
    let locale = locale();
    match step {
        SetupStep::Organisation => (
            td_string!(locale, setup.organisation.heading),
            td_string!(locale, setup.organisation.lead),
        ),
        SetupStep::Admin => (
            td_string!(locale, setup.admin.heading),
            td_string!(locale, setup.admin.lead),
        ),
        SetupStep::App => (
            td_string!(locale, setup.app.heading),
            td_string!(locale, setup.app.lead),
        ),
        SetupStep::People => (
            td_string!(locale, setup.people.heading),
            td_string!(locale, setup.people.lead),
        ),
        SetupStep::Review => (
            td_string!(locale, setup.review.heading),
            td_string!(locale, setup.review.lead),
        ),
    }
}

/// The name of a field, and what stands in it.
pub(super) fn field(field: SetupField) -> (&'static str, &'static str) {
    let locale = locale();
    match field {
        SetupField::Key => (td_string!(locale, setup.key.label), td_string!(locale, setup.key.hint)),
        SetupField::Name => (td_string!(locale, setup.organisation.name), ""),
        SetupField::Address => (
            td_string!(locale, setup.organisation.address),
            td_string!(locale, setup.organisation.address_hint),
        ),
        SetupField::Domains => (
            td_string!(locale, setup.organisation.domains),
            td_string!(locale, setup.organisation.domains_hint),
        ),
        SetupField::Group => (
            td_string!(locale, setup.people.group),
            td_string!(locale, setup.people.group_hint),
        ),
        SetupField::Person(field) => field_words(field),
        SetupField::NewPassword | SetupField::ConfirmPassword | SetupField::Code => ("", ""),
    }
}

/// Why it is not taken.
pub(super) fn wrong(wrong: &SetupWrong) -> String {
    let locale = locale();
    match wrong {
        SetupWrong::Field(wrong) => wrong_words(wrong),
        SetupWrong::Refused(refusal) => refusal_words(refusal),
        SetupWrong::KeyUnknown => td_string!(locale, setup.key.unknown).to_owned(),
        SetupWrong::KeyUsed => td_string!(locale, setup.key.used).to_owned(),
        SetupWrong::CodeWrong => td_string!(locale, setup.app.wrong).to_owned(),
        SetupWrong::AddressForm => td_string!(locale, setup.organisation.address_wrong).to_owned(),
        SetupWrong::DomainForm => td_string!(locale, setup.organisation.domains_wrong).to_owned(),
    }
}
