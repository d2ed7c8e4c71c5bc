//! The fields of a callback as values: what became of a message or a call, and which key was pressed in it.

use super::Fields;
use chrono::DateTime;
use regain_domain::Timestamp;

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageReport {
    /// The gateway's id of the message.
    pub id: String,
    /// How far it has come.
    pub state: MessageState,
}

/// How far a message has come. Reports may arrive in any order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageState {
    /// Taken by the gateway, and not further yet.
    Queued,
    /// Taken by the network.
    Sent,
    /// On the phone.
    Delivered,
    /// Seen by a person, where that is told.
    Read,
    /// The network could not deliver it.
    Undelivered {
        /// The gateway's number for the reason.
        code: Option<u32>,
    },
    /// The gateway could not send it.
    Failed {
        /// The gateway's number for the reason.
        code: Option<u32>,
    },
}

/// How far a call has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallReport {
    /// The gateway's id of the call.
    pub id: String,
    /// How far.
    pub state: CallState,
    /// Its place among the reports of the call, from 0 on.
    pub sequence: Option<u32>,
    /// When the gateway saw it; for the window of 5 minutes (R36).
    pub at: Option<Timestamp>,
}

/// How far a call has come. Not shown in discreet mode (R13).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallState {
    /// About to be dialled.
    Queued,
    /// The phone rings.
    Ringing,
    /// Somebody, or a machine, has answered.
    Answered,
    /// The call is over after somebody had answered.
    Completed,
    /// Engaged.
    Busy,
    /// Nobody answered.
    NoAnswer,
    /// The number could not be reached.
    Failed,
    /// Called off before anybody answered.
    Canceled,
}

/// A key in a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pressed {
    /// The gateway's id of the call.
    pub id: String,
    /// Which.
    pub keys: Keys,
}

/// What was pressed. R13.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// `#` alone.
    Hash,
    /// `9` alone: the beginning of a report, to be confirmed by `#`.
    Nine,
    /// Anything else.
    Other,
    /// Nothing.
    Nothing,
}

impl MessageReport {
    /// Reads the report of a message. None if it is none, or of an unknown kind.
    pub fn of(fields: &Fields) -> Option<Self> {
        let code = fields.get("ErrorCode").and_then(|code| code.parse().ok());
        let state = match fields.get("MessageStatus")? {
            "accepted" | "scheduled" | "queued" | "sending" => MessageState::Queued,
            "sent" => MessageState::Sent,
            "delivered" => MessageState::Delivered,
            "read" => MessageState::Read,
            "undelivered" => MessageState::Undelivered { code },
            "failed" | "canceled" => MessageState::Failed { code },
            _ => return None,
        };
        let id = id(fields, "MessageSid")?;
        Some(Self { id, state })
    }
}

impl CallReport {
    /// Reads the report of a call. None if it is none, or of an unknown kind.
    pub fn of(fields: &Fields) -> Option<Self> {
        let state = match fields.get("CallStatus")? {
            "queued" | "initiated" => CallState::Queued,
            "ringing" => CallState::Ringing,
            "in-progress" | "answered" => CallState::Answered,
            "completed" => CallState::Completed,
            "busy" => CallState::Busy,
            "no-answer" => CallState::NoAnswer,
            "failed" => CallState::Failed,
            "canceled" => CallState::Canceled,
            _ => return None,
        };
        Some(Self {
            id: id(fields, "CallSid")?,
            state,
            sequence: fields.get("SequenceNumber").and_then(|number| number.parse().ok()),
            at: fields.get("Timestamp").and_then(time),
        })
    }
}

impl Pressed {
    /// Reads what a call's `<Gather>` has collected. None if it is no callback of a call.
    pub fn of(fields: &Fields) -> Option<Self> {
        let keys = match fields.get("Digits").unwrap_or_default() {
            "" => Keys::Nothing,
            "#" => Keys::Hash,
            "9" => Keys::Nine,
            _ => Keys::Other,
        };
        let id = id(fields, "CallSid")?;
        Some(Self { id, keys })
    }
}

fn id(fields: &Fields, name: &str) -> Option<String> {
    fields.get(name).filter(|id| !id.is_empty()).map(str::to_owned)
}

/// RFC 2822 §3.3.
fn time(text: &str) -> Option<Timestamp> {
    let time = DateTime::parse_from_rfc2822(text).ok()?;
    Some(Timestamp::from_ms(time.timestamp_millis()))
}
