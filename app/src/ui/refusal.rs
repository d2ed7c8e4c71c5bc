//! Words for each refusal: what, why, what next; and the place where they stand.

use super::moment::moment;
use crate::i18n::{locale, span, td_string};
use regain_domain::Refusal;

/// Where a refusal stands on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// At the user name.
    Name,
    /// At the check of a person.
    Captcha,
    /// At the address.
    Destination,
    /// At the code.
    Code,
    /// At the choice of this question, counted from 1.
    Question(u32),
    /// At the answer of this field, counted from 1.
    Answer(u32),
    /// At the new password.
    Password,
    /// At the new password, typed again.
    Repeat,
    /// At whichever field the page has.
    Field,
    /// Above everything.
    Page,
}

/// The place of a refusal.
const fn place(refusal: &Refusal) -> Place {
    match refusal {
        Refusal::UsernameMissing | Refusal::UsernameForm | Refusal::UserUnknown | Refusal::AccountDisabled => {
            Place::Name
        }
        Refusal::CaptchaWrong | Refusal::CaptchaExpired => Place::Captcha,
        Refusal::DestinationForm | Refusal::DestinationMismatch => Place::Destination,
        Refusal::CodeMissing | Refusal::CodeWrong { .. } => Place::Code,
        Refusal::QuestionMissing { field } | Refusal::QuestionTwice { field } => Place::Question(*field),
        Refusal::AnswerMissing { field }
        | Refusal::AnswerShort { field, .. }
        | Refusal::AnswerLong { field, .. }
        | Refusal::AnswerTwice { field }
        | Refusal::AnswerInQuestion { field }
        | Refusal::AnswerIsName { field } => Place::Answer(*field),
        Refusal::PwMismatch => Place::Repeat,
        Refusal::PwShort { .. }
        | Refusal::PwLong { .. }
        | Refusal::PwCharacters
        | Refusal::PwClasses
        | Refusal::PwName
        | Refusal::PwBanned
        | Refusal::PwCustom
        | Refusal::PwSame
        | Refusal::PwCommon
        | Refusal::PwHistory
        | Refusal::PwAge { .. } => Place::Password,
        Refusal::TooLong => Place::Field,
        _ => Place::Page,
    }
}

/// The words of those refusals that stand at one of these places; none if there are none.
pub(crate) fn why(refusals: &[Refusal], at: impl Fn(Place) -> bool) -> Option<String> {
    let here: Vec<String> = refusals
        .iter()
        .filter(|refusal| at(place(refusal)))
        .map(refusal_words)
        .collect();
    (!here.is_empty()).then(|| here.join(" "))
}

/// Exhaustive on purpose: a new refusal without words does not compile.
pub(crate) fn refusal_words(refusal: &Refusal) -> String {
    let locale = locale();
    match refusal {
        Refusal::UserUnknown | Refusal::AccountDisabled => td_string!(locale, refusal.user_unknown).into(),
        Refusal::TenantOff => td_string!(locale, refusal.tenant_off).into(),
        Refusal::NoPolicy => td_string!(locale, refusal.no_policy).into(),
        Refusal::NotInScope | Refusal::AdminResetOff => td_string!(locale, refusal.not_in_scope).into(),
        Refusal::NotRegistered => td_string!(locale, refusal.not_registered).into(),
        Refusal::TooFewMethods { have, need } => {
            td_string!(locale, refusal.too_few_methods, have = *have, need = *need)
        }
        Refusal::Blocked { until } => td_string!(locale, refusal.blocked, time = moment(*until)),
        Refusal::Expired => td_string!(locale, refusal.expired).into(),
        Refusal::TriesSpent => td_string!(locale, refusal.tries_spent).into(),
        Refusal::Cancelled => td_string!(locale, refusal.cancelled).into(),
        Refusal::UsernameMissing => td_string!(locale, refusal.username_missing).into(),
        Refusal::UsernameForm => td_string!(locale, refusal.username_form).into(),
        Refusal::CaptchaWrong => td_string!(locale, refusal.captcha_wrong).into(),
        Refusal::CaptchaExpired => td_string!(locale, refusal.captcha_expired).into(),
        Refusal::MethodUnavailable => td_string!(locale, refusal.method_unavailable).into(),
        Refusal::DestinationForm => td_string!(locale, refusal.destination_form).into(),
        Refusal::DestinationMismatch => td_string!(locale, refusal.destination_mismatch).into(),
        Refusal::CodeMissing => td_string!(locale, refusal.code_missing).into(),
        Refusal::CodeWrong { left } => td_string!(locale, refusal.code_wrong, left = *left),
        Refusal::AnswersWrong { left } => td_string!(locale, refusal.answers_wrong, left = *left),
        Refusal::AnswerMissing { .. } => td_string!(locale, refusal.answer_missing).into(),
        Refusal::AnswerShort { least, .. } => td_string!(locale, refusal.answer_short, least = *least),
        Refusal::AnswerLong { most, .. } => td_string!(locale, refusal.answer_long, most = *most),
        Refusal::AnswerTwice { .. } => td_string!(locale, refusal.answer_twice).into(),
        Refusal::AnswerInQuestion { .. } => td_string!(locale, refusal.answer_in_question).into(),
        Refusal::AnswerIsName { .. } => td_string!(locale, refusal.answer_is_name).into(),
        Refusal::QuestionMissing { .. } => td_string!(locale, refusal.question_missing).into(),
        Refusal::QuestionTwice { .. } => td_string!(locale, refusal.question_twice).into(),
        Refusal::Wait { seconds } => td_string!(locale, refusal.wait, wait = span(*seconds)),
        Refusal::SentEnough => td_string!(locale, refusal.sent_enough).into(),
        Refusal::TooLong => td_string!(locale, refusal.too_long).into(),
        Refusal::Stale => td_string!(locale, refusal.stale).into(),
        Refusal::TooManyRequests { seconds } => {
            td_string!(locale, refusal.too_many_requests, wait = span(*seconds))
        }
        Refusal::Busy { seconds } => td_string!(locale, refusal.busy, wait = span(*seconds)),
        Refusal::PwShort { least } => td_string!(locale, refusal.pw_short, least = *least),
        Refusal::PwLong { most } => td_string!(locale, refusal.pw_long, most = *most),
        Refusal::PwCharacters => td_string!(locale, refusal.pw_characters).into(),
        Refusal::PwClasses => td_string!(locale, refusal.pw_classes).into(),
        Refusal::PwName => td_string!(locale, refusal.pw_name).into(),
        Refusal::PwBanned => td_string!(locale, refusal.pw_banned).into(),
        Refusal::PwCustom => td_string!(locale, refusal.pw_custom).into(),
        Refusal::PwSame => td_string!(locale, refusal.pw_same).into(),
        Refusal::PwCommon => td_string!(locale, refusal.pw_common).into(),
        Refusal::PwHistory => td_string!(locale, refusal.pw_history).into(),
        Refusal::PwAge { from } => td_string!(locale, refusal.pw_age, time = moment(*from)),
        Refusal::PwMismatch => td_string!(locale, refusal.pw_mismatch).into(),
        Refusal::SignInFailed => td_string!(locale, refusal.sign_in_failed).into(),
        Refusal::SignInPaused => td_string!(locale, refusal.sign_in_paused).into(),
        Refusal::SignInDisabled => td_string!(locale, refusal.sign_in_disabled).into(),
    }
}
