//! A phone that is asked: by a call or by a push, and what it answers. R12, R13.
//!
//! An answer passes nothing by itself: it is written down, and the post that collects it passes the gate.

use crate::Timestamp;
use crate::locale::Language;
use crate::notice::Subject;
use serde::{Deserialize, Serialize};

/// What a phone, or the network on the way to it, has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// `#` was pressed in the call, or the right number typed in the app.
    Approved,
    /// It was denied.
    Denied,
    /// It was reported: `9#` in the call, "it wasn't me" in the app.
    NotMe,
    /// Another key, or another number.
    Wrong,
    /// Nobody answered in time.
    Missed,
    /// Engaged.
    Busy,
    /// The phone could not be reached.
    Unreachable,
}

impl Answer {
    const ALL: [Self; 7] = [
        Self::Approved,
        Self::Denied,
        Self::NotMe,
        Self::Wrong,
        Self::Missed,
        Self::Busy,
        Self::Unreachable,
    ];

    /// The code in rows.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Denied => "denied",
            Self::NotMe => "not-me",
            Self::Wrong => "wrong",
            Self::Missed => "missed",
            Self::Busy => "busy",
            Self::Unreachable => "unreachable",
        }
    }

    /// Reads a code back.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|answer| answer.code() == code)
    }
}

/// What a request is about, as the phone is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// What for.
    pub subject: Subject,
    /// The language of the page from which it was asked.
    pub language: Language,
    /// From where: a network address.
    pub network: String,
    /// With what: browser and system, in few words. Empty where unknown.
    pub device: String,
    /// Whether a call speaks a code instead of asking for `#`.
    pub speaks_code: bool,
}

/// What is known of an answer by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Nothing yet.
    Nothing,
    /// This.
    Answered(Answer),
    /// Nothing, and the time is over.
    Over,
}

/// A phone that is being asked, as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asking {
    /// The two digits to be typed in the app; nothing for a call.
    pub number: Option<String>,
    /// What came back.
    pub heard: Heard,
    /// Until when an answer counts.
    pub until: Timestamp,
}

/// What may be told of an answer: where nothing may be told, only an approval, and the end of the time (R13, R22).
pub fn heard(answer: Option<Answer>, until: Timestamp, is_discreet: bool, now: Timestamp) -> Heard {
    match answer {
        Some(Answer::Approved) => Heard::Answered(Answer::Approved),
        _ if is_discreet && until > now => Heard::Nothing,
        _ if is_discreet => Heard::Over,
        Some(answer) => Heard::Answered(answer),
        None if until > now => Heard::Nothing,
        None => Heard::Over,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_back_by_its_code() {
        for answer in Answer::ALL {
            assert_eq!(Answer::of_code(answer.code()), Some(answer));
        }
    }

    #[test]
    fn r13_r22_where_nothing_may_be_told_only_an_approval_and_the_end_show() {
        let (until, before, after) = (Timestamp::from_ms(9), Timestamp::from_ms(8), Timestamp::from_ms(9));
        for (answer, is_discreet, now, expect) in [
            (None, true, before, Heard::Nothing),
            (None, false, before, Heard::Nothing),
            (None, true, after, Heard::Over),
            (None, false, after, Heard::Over),
            (Some(Answer::Busy), true, before, Heard::Nothing),
            (Some(Answer::Busy), true, after, Heard::Over),
            (Some(Answer::Busy), false, before, Heard::Answered(Answer::Busy)),
            (Some(Answer::Denied), true, before, Heard::Nothing),
            (Some(Answer::Approved), true, before, Heard::Answered(Answer::Approved)),
            (Some(Answer::Approved), true, after, Heard::Answered(Answer::Approved)),
        ] {
            assert_eq!(
                heard(answer, until, is_discreet, now),
                expect,
                "{answer:?} {is_discreet}"
            );
        }
    }
}
