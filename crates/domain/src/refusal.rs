//! Every way in which the person or the policy says no. A refusal is data: it is stored with the row, and drawn.

use crate::Timestamp;
use crate::approval::Answer;
use serde::{Deserialize, Serialize};

/// Why a post was refused; the stable codes are those of [`Refusal::code`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Refusal {
    /// No such account.
    UserUnknown,
    /// Disabled or expired account: told in the words of [`Refusal::UserUnknown`].
    AccountDisabled,
    /// The tenant's scope is None, and the account is no administrator's.
    TenantOff,
    /// Scope on, but no method enabled.
    NoPolicy,
    /// The account's edition has no resets.
    NotLicensed,
    /// In no selected group.
    NotInScope,
    /// An administrator's account while administrators' resets are off: told as [`Refusal::NotInScope`].
    AdminResetOff,
    /// No usable method on the account.
    NotRegistered,
    /// Fewer usable methods than needed.
    TooFewMethods {
        /// Usable ones.
        have: u32,
        /// Needed ones.
        need: u32,
    },
    /// Too many failed proofs: resets of this account rest.
    Blocked {
        /// When they may go on.
        until: Timestamp,
    },
    /// The flow's time is over, or the browser keeps no cookies: told alike (R07).
    Expired,
    /// The flow's failed proofs are spent.
    TriesSpent,
    /// The person left.
    Cancelled,
    /// There was no lock to be lifted: said after the proofs alone (R57).
    NotLocked,
    /// Staff have given as many one-time passes as may be, to this person or in all (R52).
    PassesEnough {
        /// When the next one may be given.
        until: Timestamp,
    },
    /// A one-time pass was right, and is not enough by itself: the account has nothing that could stand beside it (R52).
    PassAlone,
    /// The organisation opens the kiosk on enrolled workstations alone, and this is none (R58).
    KioskUnknown,

    /// No user name was typed.
    UsernameMissing,
    /// Not the form of a user name.
    UsernameForm,
    /// The check of a person failed, or was not done.
    CaptchaWrong,
    /// The check of a person is too old or was used before.
    CaptchaExpired,
    /// A method that cannot be chosen (now).
    MethodUnavailable,
    /// Not the form of an address or number.
    DestinationForm,
    /// Not the registered address or number; said in explicit mode only.
    DestinationMismatch,
    /// A kind of number that is not taken: it costs extra, no person answers it, or nobody has it (R14).
    NumberUnfit,
    /// A number of a country that the organisation does not serve (R14).
    NumberCountry,
    /// An address of the organisation itself: its mailbox lies behind this very sign-in (R53).
    DestinationOwn,
    /// An address or number that is registered on this account already.
    DestinationKnown,
    /// An address or number that as many accounts use as may (R53).
    DestinationShared,
    /// An administrator or a directory has entered it, and people may not change that.
    MethodLoaded,
    /// As many methods of this kind as an account may have.
    MethodsEnough {
        /// How many that is.
        most: u32,
    },
    /// Not the name of a method: too long, or nothing that can be read.
    MethodName,
    /// No code was typed.
    CodeMissing,
    /// Not the one-time pass, or not this person's, or over, or spent (R10).
    PassWrong {
        /// Tries that are left.
        left: u32,
    },
    /// Wrong, expired, spent and decoy alike (R10).
    CodeWrong {
        /// Tries left in this flow.
        left: u32,
    },
    /// Not all the answers to the questions asked are right; which ones nobody is told (R16).
    AnswersWrong {
        /// Tries left in this flow.
        left: u32,
    },
    /// The request in the app came to nothing. What became of it, where that may be told.
    PushEnded {
        /// How.
        why: Answer,
    },
    /// The call came to nothing. What became of it, where that may be told (R13).
    CallEnded {
        /// How.
        why: Answer,
    },
    /// The passkey does not fit, or the browser was not asked for it just now.
    PasskeyWrong {
        /// Tries left in this flow.
        left: u32,
    },
    /// No answer was typed.
    AnswerMissing {
        /// The number of its field, from 1.
        field: u32,
    },
    /// Too few characters, as typed or as compared.
    AnswerShort {
        /// The number of its field, from 1.
        field: u32,
        /// Least length in characters.
        least: u32,
    },
    /// Too many characters, as typed or as compared.
    AnswerLong {
        /// The number of its field, from 1.
        field: u32,
        /// Greatest length in characters.
        most: u32,
    },
    /// The answer of an earlier field.
    AnswerTwice {
        /// The number of its field, from 1.
        field: u32,
    },
    /// The answer is in its question.
    AnswerInQuestion {
        /// The number of its field, from 1.
        field: u32,
    },
    /// The answer is in the person's name or user name.
    AnswerIsName {
        /// The number of its field, from 1.
        field: u32,
    },
    /// No question was chosen, or none that may be.
    QuestionMissing {
        /// The number of its field, from 1.
        field: u32,
    },
    /// The question of an earlier field.
    QuestionTwice {
        /// The number of its field, from 1.
        field: u32,
    },
    /// A new code can be sent later.
    Wait {
        /// Seconds until then.
        seconds: u32,
    },
    /// As many codes were sent as may be (R20, `security.md` §2).
    SentEnough,
    /// No message has this reference, or none of late: told alike (R21).
    ReferenceUnknown,
    /// Longer than the field takes.
    TooLong,
    /// The step is over; the page shows where the flow is.
    Stale,
    /// Too many requests from this network (429).
    TooManyRequests {
        /// Seconds to wait.
        seconds: u32,
    },
    /// Too much to do at the moment (503).
    Busy {
        /// Seconds to wait.
        seconds: u32,
    },

    /// Too short.
    PwShort {
        /// Least length in code points.
        least: u32,
    },
    /// Too long.
    PwLong {
        /// Greatest length in code points.
        most: u32,
    },
    /// Holds characters that are not allowed.
    PwCharacters,
    /// Too few of the four classes.
    PwClasses,
    /// Holds the person's or the organisation's name.
    PwName,
    /// Mostly a term of the global banned list.
    PwBanned,
    /// Mostly a term that the organisation has ruled out.
    PwCustom,
    /// The present password (change only).
    PwSame,
    /// On lists of known passwords.
    PwCommon,
    /// Used before.
    PwHistory,
    /// Changed too recently.
    PwAge {
        /// From when it may be changed.
        from: Timestamp,
    },
    /// The two fields differ.
    PwMismatch,

    /// Wrong name or password, and unknown name, alike.
    SignInFailed,
    /// Too many wrong passwords: told alike for every name.
    SignInPaused,
    /// Right password, but the account is disabled or expired.
    SignInDisabled,
    /// Not the password of whoever is signed in.
    PasswordWrong,
}

impl Refusal {
    /// The stable code, as it stands in rows, pages (`data-refusal`) and audit entries.
    #[expect(clippy::too_many_lines, reason = "a table with a line for each refusal")]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UserUnknown => "user-unknown",
            Self::AccountDisabled => "account-disabled",
            Self::TenantOff => "tenant-off",
            Self::NoPolicy => "no-policy",
            Self::NotLicensed => "not-licensed",
            Self::NotInScope => "not-in-scope",
            Self::AdminResetOff => "admin-reset-off",
            Self::NotRegistered => "not-registered",
            Self::TooFewMethods { .. } => "too-few-methods",
            Self::Blocked { .. } => "blocked",
            Self::Expired => "expired",
            Self::TriesSpent => "tries-spent",
            Self::Cancelled => "cancelled",
            Self::NotLocked => "not-locked",
            Self::PassesEnough { .. } => "passes-enough",
            Self::PassAlone => "pass-alone",
            Self::PassWrong { .. } => "pass-wrong",
            Self::KioskUnknown => "kiosk-unknown",
            Self::UsernameMissing => "username-missing",
            Self::UsernameForm => "username-form",
            Self::CaptchaWrong => "captcha-wrong",
            Self::CaptchaExpired => "captcha-expired",
            Self::MethodUnavailable => "method-unavailable",
            Self::DestinationForm => "destination-form",
            Self::DestinationMismatch => "destination-mismatch",
            Self::NumberUnfit => "number-unfit",
            Self::NumberCountry => "number-country",
            Self::DestinationOwn => "destination-own",
            Self::DestinationKnown => "destination-known",
            Self::DestinationShared => "destination-shared",
            Self::MethodLoaded => "method-loaded",
            Self::MethodsEnough { .. } => "methods-enough",
            Self::MethodName => "method-name",
            Self::CodeMissing => "code-missing",
            Self::CodeWrong { .. } => "code-wrong",
            Self::AnswersWrong { .. } => "answers-wrong",
            Self::PushEnded { .. } => "push-ended",
            Self::CallEnded { .. } => "call-ended",
            Self::PasskeyWrong { .. } => "passkey-wrong",
            Self::AnswerMissing { .. } => "answer-missing",
            Self::AnswerShort { .. } => "answer-short",
            Self::AnswerLong { .. } => "answer-long",
            Self::AnswerTwice { .. } => "answer-twice",
            Self::AnswerInQuestion { .. } => "answer-in-question",
            Self::AnswerIsName { .. } => "answer-is-name",
            Self::QuestionMissing { .. } => "question-missing",
            Self::QuestionTwice { .. } => "question-twice",
            Self::Wait { .. } => "wait",
            Self::SentEnough => "sent-enough",
            Self::ReferenceUnknown => "reference-unknown",
            Self::TooLong => "too-long",
            Self::Stale => "stale",
            Self::TooManyRequests { .. } => "too-many-requests",
            Self::Busy { .. } => "busy",
            Self::PwShort { .. } => "pw-short",
            Self::PwLong { .. } => "pw-long",
            Self::PwCharacters => "pw-characters",
            Self::PwClasses => "pw-classes",
            Self::PwName => "pw-name",
            Self::PwBanned => "pw-banned",
            Self::PwCustom => "pw-custom",
            Self::PwSame => "pw-same",
            Self::PwCommon => "pw-common",
            Self::PwHistory => "pw-history",
            Self::PwAge { .. } => "pw-age",
            Self::PwMismatch => "pw-mismatch",
            Self::SignInFailed => "sign-in-failed",
            Self::SignInPaused => "sign-in-paused",
            Self::SignInDisabled => "sign-in-disabled",
            Self::PasswordWrong => "password-wrong",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_in_rows_is_the_code_on_pages() {
        for refusal in [
            Refusal::TooFewMethods { have: 1, need: 2 },
            Refusal::PwCommon,
            Refusal::AnswersWrong { left: 4 },
            Refusal::CallEnded { why: Answer::Busy },
            Refusal::AnswerInQuestion { field: 2 },
            Refusal::Wait { seconds: 3 },
        ] {
            let row = serde_json::to_value(&refusal).expect("a refusal serialises");
            assert_eq!(row["code"], refusal.code());
        }
    }
}
