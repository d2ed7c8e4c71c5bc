//! Acts, fields and what is wrong, in words.

use crate::i18n::{isolated, locale, td_string};
use regain_domain::account::Status;
use regain_domain::people::{Field, Only, PersonAct, Wrong};

/// The name of an act, and what it does.
pub(super) fn act(act: PersonAct) -> (&'static str, &'static str) {
    let locale = locale();
    match act {
        PersonAct::Lift => (
            td_string!(locale, people.act.lift),
            td_string!(locale, people.act.lift_hint),
        ),
        PersonAct::RemoveMethod => (
            td_string!(locale, people.act.remove_method),
            td_string!(locale, people.act.remove_method_hint),
        ),
        PersonAct::RegisterAgain => (
            td_string!(locale, people.act.register_again),
            td_string!(locale, people.act.register_again_hint),
        ),
        PersonAct::Roles => (
            td_string!(locale, people.act.roles),
            td_string!(locale, people.act.roles_hint),
        ),
        PersonAct::Disable => (
            td_string!(locale, people.act.disable),
            td_string!(locale, people.act.disable_hint),
        ),
        PersonAct::Enable => (
            td_string!(locale, people.act.enable),
            td_string!(locale, people.act.enable_hint),
        ),
        PersonAct::OneTimePass => (
            td_string!(locale, people.act.one_time_pass),
            td_string!(locale, people.act.one_time_pass_hint),
        ),
    }
}

/// What was done.
pub(super) fn done(act: PersonAct) -> &'static str {
    let locale = locale();
    match act {
        PersonAct::Lift => td_string!(locale, people.done.lift),
        PersonAct::RemoveMethod => td_string!(locale, people.done.remove_method),
        PersonAct::RegisterAgain => td_string!(locale, people.done.register_again),
        PersonAct::Roles => td_string!(locale, people.done.roles),
        PersonAct::Disable => td_string!(locale, people.done.disable),
        PersonAct::Enable => td_string!(locale, people.done.enable),
        PersonAct::OneTimePass => td_string!(locale, people.done.one_time_pass),
    }
}

/// Which people a list shows.
pub(super) fn only(only: Only) -> &'static str {
    let locale = locale();
    match only {
        Only::Everyone => td_string!(locale, people.only.everyone),
        Only::Staff => td_string!(locale, people.only.staff),
        Only::Locked => td_string!(locale, people.only.locked),
        Only::Disabled => td_string!(locale, people.only.disabled),
    }
}

/// Whether an account may be used, and the look of its tag; nothing where it may.
pub(super) fn status(status: Status) -> Option<(&'static str, &'static str)> {
    let locale = locale();
    match status {
        Status::Active => None,
        Status::Locked => Some(("tag warn", td_string!(locale, people.status.locked))),
        Status::Disabled => Some(("tag bad", td_string!(locale, people.status.disabled))),
    }
}

/// The name of a field, and what stands in it.
pub(crate) fn field(field: Field) -> (&'static str, &'static str) {
    let locale = locale();
    match field {
        Field::UserName => (
            td_string!(locale, people.field.user_name),
            td_string!(locale, people.field.user_name_hint),
        ),
        Field::GivenName => (td_string!(locale, people.field.given_name), ""),
        Field::FamilyName => (td_string!(locale, people.field.family_name), ""),
        Field::Mail => (
            td_string!(locale, people.field.mail),
            td_string!(locale, people.field.mail_hint),
        ),
        Field::AlternateMail => (
            td_string!(locale, people.field.alternate_mail),
            td_string!(locale, people.field.alternate_mail_hint),
        ),
        Field::Mobile => (
            td_string!(locale, people.field.mobile),
            td_string!(locale, people.field.mobile_hint),
        ),
        Field::Office => (
            td_string!(locale, people.field.office),
            td_string!(locale, people.field.office_hint),
        ),
        Field::Language => (
            td_string!(locale, people.field.language),
            td_string!(locale, people.field.language_hint),
        ),
        Field::Groups => (
            td_string!(locale, people.field.groups),
            td_string!(locale, people.field.groups_hint),
        ),
    }
}

/// Why it is not taken.
pub(crate) fn wrong(wrong: &Wrong) -> String {
    let locale = locale();
    match wrong {
        Wrong::Missing => td_string!(locale, people.wrong.missing).to_owned(),
        Wrong::TooLong { most } => td_string!(locale, people.wrong.too_long, most = *most),
        Wrong::NameForm => td_string!(locale, people.wrong.name_form).to_owned(),
        Wrong::Taken => td_string!(locale, people.wrong.taken).to_owned(),
        Wrong::Twice => td_string!(locale, people.wrong.twice).to_owned(),
        Wrong::Characters => td_string!(locale, people.wrong.characters).to_owned(),
        Wrong::MailForm => td_string!(locale, people.wrong.mail_form).to_owned(),
        Wrong::MailOwn => td_string!(locale, people.wrong.mail_own).to_owned(),
        Wrong::NumberForm => td_string!(locale, people.wrong.number_form).to_owned(),
        Wrong::NumberCountry => td_string!(locale, people.wrong.number_country).to_owned(),
        Wrong::NumberUnfit => td_string!(locale, people.wrong.number_unfit).to_owned(),
        Wrong::Shared => td_string!(locale, people.wrong.shared).to_owned(),
        Wrong::LanguageUnknown => td_string!(locale, people.wrong.language_unknown).to_owned(),
        Wrong::PersonUnknown => td_string!(locale, people.wrong.person_unknown).to_owned(),
        Wrong::GroupUnknown { name } => td_string!(locale, people.wrong.group_unknown, name = isolated(name)),
        Wrong::Circle => td_string!(locale, people.wrong.circle).to_owned(),
        Wrong::Fingerprint => td_string!(locale, people.wrong.fingerprint).to_owned(),
        Wrong::Enough { most } => td_string!(locale, people.wrong.enough, most = *most),
        Wrong::GroupNamed => td_string!(locale, people.wrong.group_named).to_owned(),
        Wrong::NoNames => td_string!(locale, people.wrong.no_names).to_owned(),
        Wrong::NoLines => td_string!(locale, people.wrong.no_lines).to_owned(),
        Wrong::TooManyLines { most } => td_string!(locale, people.wrong.too_many_lines, most = *most),
        Wrong::LineForm { line } => td_string!(locale, people.wrong.line_form, line = *line),
    }
}
