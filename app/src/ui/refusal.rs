//! Words for each refusal: what, why, what next; and the place where they stand.

use super::moment::moment;
use crate::i18n::{locale, span, td_string};
use regain_domain::Refusal;
use regain_domain::approval::Answer;

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
        Refusal::DestinationForm
        | Refusal::DestinationMismatch
        | Refusal::NumberUnfit
        | Refusal::NumberCountry
        | Refusal::DestinationOwn
        | Refusal::DestinationKnown
        | Refusal::DestinationShared => Place::Destination,
        Refusal::CodeMissing | Refusal::CodeWrong { .. } | Refusal::PassWrong { .. } => Place::Code,
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
        | Refusal::PwAge { .. }
        | Refusal::PasswordWrong => Place::Password,
        Refusal::TooLong | Refusal::ReferenceUnknown => Place::Field,
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

/// What to say of a refusal.
pub(crate) fn refusal_words(refusal: &Refusal) -> String {
    plain_words(refusal).map_or_else(|| words_with(refusal), str::to_owned)
}

fn push_words(why: Answer) -> &'static str {
    let locale = locale();
    match why {
        Answer::Denied | Answer::NotMe => td_string!(locale, refusal.push_denied),
        _ => td_string!(locale, refusal.push_ended),
    }
}

fn call_words(why: Answer) -> &'static str {
    let locale = locale();
    match why {
        Answer::Denied | Answer::NotMe => td_string!(locale, refusal.call_denied),
        Answer::Wrong => td_string!(locale, refusal.call_wrong),
        Answer::Busy => td_string!(locale, refusal.call_busy),
        Answer::Unreachable => td_string!(locale, refusal.call_unreachable),
        Answer::Missed | Answer::Approved => td_string!(locale, refusal.call_missed),
    }
}

/// Exhaustive on purpose: a new refusal without words does not compile. Those that name a number or a time have theirs below.
#[expect(clippy::too_many_lines, reason = "a table with a line for each refusal")]
fn plain_words(refusal: &Refusal) -> Option<&'static str> {
    let locale = locale();
    Some(match refusal {
        Refusal::UserUnknown | Refusal::AccountDisabled => td_string!(locale, refusal.user_unknown),
        Refusal::TenantOff => td_string!(locale, refusal.tenant_off),
        Refusal::NoPolicy => td_string!(locale, refusal.no_policy),
        Refusal::NotLicensed => td_string!(locale, refusal.not_licensed),
        Refusal::NotInScope | Refusal::AdminResetOff => td_string!(locale, refusal.not_in_scope),
        Refusal::NotRegistered => td_string!(locale, refusal.not_registered),
        Refusal::Expired => td_string!(locale, refusal.expired),
        Refusal::TriesSpent => td_string!(locale, refusal.tries_spent),
        Refusal::Cancelled => td_string!(locale, refusal.cancelled),
        Refusal::UsernameMissing => td_string!(locale, refusal.username_missing),
        Refusal::UsernameForm => td_string!(locale, refusal.username_form),
        Refusal::CaptchaWrong => td_string!(locale, refusal.captcha_wrong),
        Refusal::CaptchaExpired => td_string!(locale, refusal.captcha_expired),
        Refusal::MethodUnavailable => td_string!(locale, refusal.method_unavailable),
        Refusal::DestinationForm => td_string!(locale, refusal.destination_form),
        Refusal::DestinationMismatch => td_string!(locale, refusal.destination_mismatch),
        Refusal::MethodLoaded => td_string!(locale, refusal.method_loaded),
        Refusal::NumberUnfit => td_string!(locale, refusal.number_unfit),
        Refusal::NumberCountry => td_string!(locale, refusal.number_country),
        Refusal::PushEnded { why } => push_words(*why),
        Refusal::CallEnded { why } => call_words(*why),
        Refusal::CodeMissing => td_string!(locale, refusal.code_missing),
        Refusal::SentEnough => td_string!(locale, refusal.sent_enough),
        Refusal::ReferenceUnknown => td_string!(locale, refusal.reference_unknown),
        Refusal::TooLong => td_string!(locale, refusal.too_long),
        Refusal::Stale => td_string!(locale, refusal.stale),
        Refusal::PwCharacters => td_string!(locale, refusal.pw_characters),
        Refusal::PwClasses => td_string!(locale, refusal.pw_classes),
        Refusal::PwName => td_string!(locale, refusal.pw_name),
        Refusal::PwBanned => td_string!(locale, refusal.pw_banned),
        Refusal::PwCustom => td_string!(locale, refusal.pw_custom),
        Refusal::NotLocked => td_string!(locale, refusal.not_locked),
        Refusal::PassAlone => td_string!(locale, refusal.pass_alone),
        Refusal::KioskUnknown => td_string!(locale, refusal.kiosk_unknown),
        Refusal::PwSame => td_string!(locale, refusal.pw_same),
        Refusal::PwCommon => td_string!(locale, refusal.pw_common),
        Refusal::PwHistory => td_string!(locale, refusal.pw_history),
        Refusal::PwMismatch => td_string!(locale, refusal.pw_mismatch),
        Refusal::SignInFailed => td_string!(locale, refusal.sign_in_failed),
        Refusal::SignInPaused => td_string!(locale, refusal.sign_in_paused),
        Refusal::SignInDisabled => td_string!(locale, refusal.sign_in_disabled),
        Refusal::DestinationOwn => td_string!(locale, refusal.destination_own),
        Refusal::DestinationKnown => td_string!(locale, refusal.destination_known),
        Refusal::DestinationShared => td_string!(locale, refusal.destination_shared),
        Refusal::MethodName => td_string!(locale, refusal.method_name),
        Refusal::PasswordWrong => td_string!(locale, refusal.password_wrong),
        Refusal::AnswerMissing { .. } => td_string!(locale, refusal.answer_missing),
        Refusal::AnswerTwice { .. } => td_string!(locale, refusal.answer_twice),
        Refusal::AnswerInQuestion { .. } => td_string!(locale, refusal.answer_in_question),
        Refusal::AnswerIsName { .. } => td_string!(locale, refusal.answer_is_name),
        Refusal::QuestionMissing { .. } => td_string!(locale, refusal.question_missing),
        Refusal::QuestionTwice { .. } => td_string!(locale, refusal.question_twice),
        Refusal::TooFewMethods { .. }
        | Refusal::Blocked { .. }
        | Refusal::CodeWrong { .. }
        | Refusal::Wait { .. }
        | Refusal::TooManyRequests { .. }
        | Refusal::Busy { .. }
        | Refusal::PwShort { .. }
        | Refusal::PwLong { .. }
        | Refusal::PwAge { .. }
        | Refusal::MethodsEnough { .. }
        | Refusal::AnswersWrong { .. }
        | Refusal::PasskeyWrong { .. }
        | Refusal::PassWrong { .. }
        | Refusal::PassesEnough { .. }
        | Refusal::AnswerShort { .. }
        | Refusal::AnswerLong { .. } => return None,
    })
}

/// The words of those that name a number or a time.
fn words_with(refusal: &Refusal) -> String {
    let locale = locale();
    match refusal {
        Refusal::TooFewMethods { have, need } => {
            td_string!(locale, refusal.too_few_methods, have = *have, need = *need)
        }
        Refusal::Blocked { until } => td_string!(locale, refusal.blocked, time = moment(*until)),
        Refusal::CodeWrong { left } => td_string!(locale, refusal.code_wrong, left = *left),
        Refusal::PasskeyWrong { left } => td_string!(locale, refusal.passkey_wrong, left = *left),
        Refusal::PassWrong { left } => td_string!(locale, refusal.pass_wrong, left = *left),
        Refusal::PassesEnough { until } => td_string!(locale, refusal.passes_enough, time = moment(*until)),
        Refusal::AnswersWrong { left } => td_string!(locale, refusal.answers_wrong, left = *left),
        Refusal::AnswerShort { least, .. } => td_string!(locale, refusal.answer_short, least = *least),
        Refusal::AnswerLong { most, .. } => td_string!(locale, refusal.answer_long, most = *most),
        Refusal::Wait { seconds } => td_string!(locale, refusal.wait, wait = span(*seconds)),
        Refusal::TooManyRequests { seconds } => td_string!(locale, refusal.too_many_requests, wait = span(*seconds)),
        Refusal::Busy { seconds } => td_string!(locale, refusal.busy, wait = span(*seconds)),
        Refusal::PwShort { least } => td_string!(locale, refusal.pw_short, least = *least),
        Refusal::PwLong { most } => td_string!(locale, refusal.pw_long, most = *most),
        Refusal::PwAge { from } => td_string!(locale, refusal.pw_age, time = moment(*from)),
        Refusal::MethodsEnough { most } => td_string!(locale, refusal.methods_enough, most = *most),
        // A test below goes through all of them.
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regain_domain::Timestamp;

    #[test]
    fn a_refusal_with_a_number_or_a_time_names_it() {
        let until = Timestamp::from_ms(1_795_271_520_000);
        for (refusal, named) in [
            (Refusal::TooFewMethods { have: 1, need: 2 }, "2"),
            (Refusal::Blocked { until }, "2026-11-21"),
            (Refusal::CodeWrong { left: 3 }, "3"),
            (Refusal::Wait { seconds: 65 }, "1:05"),
            (Refusal::TooManyRequests { seconds: 65 }, "1:05"),
            (Refusal::Busy { seconds: 65 }, "1:05"),
            (Refusal::PwShort { least: 12 }, "12"),
            (Refusal::PwLong { most: 256 }, "256"),
            (Refusal::PwAge { from: until }, "2026-11-21"),
            (Refusal::MethodsEnough { most: 5 }, "5"),
            (Refusal::AnswersWrong { left: 3 }, "3"),
            (Refusal::PassWrong { left: 4 }, "4"),
            (Refusal::PassesEnough { until }, "2026-11-21"),
            (Refusal::AnswerShort { field: 1, least: 3 }, "3"),
            (Refusal::AnswerLong { field: 1, most: 40 }, "40"),
        ] {
            assert!(plain_words(&refusal).is_none(), "{refusal:?}");
            assert!(refusal_words(&refusal).contains(named), "{refusal:?}");
        }
    }
}
