//! What is sent to a number, and on which way.

use crate::phone::Number;
use regain_domain::Secret;
use regain_domain::locale::Language;
use std::time::Duration;

/// The ways to a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// A text message.
    Sms,
    /// A message of `WhatsApp`, by a template that its owner has approved.
    WhatsApp,
    /// A voice call.
    Call,
}

impl Way {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Sms, Self::WhatsApp, Self::Call];

    /// The code in settings and rows, as in the demo's list of messages (`contract.md`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::WhatsApp => "whatsapp",
            Self::Call => "call",
        }
    }

    /// Reads a code back.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.code() == code)
    }
}

/// One message to one number. Not printable on purpose: it may hold a code.
pub struct Message<'a> {
    /// The one recipient, as stored (R15).
    pub to: &'a Number,
    /// The language of its words.
    pub language: Language,
    /// The same for each attempt at this message: gateways that know repetitions by a key are given it (R34).
    pub reference: &'a str,
    /// Public address where the gateway reports what became of it, with the attempt's own token in the path (R36).
    pub report_to: Option<&'a str>,
    /// How long the message is of use. A gateway that queues drops it afterwards; whole seconds.
    pub valid_for: Duration,
    /// What it says.
    pub content: Content<'a>,
}

/// What a message says.
pub enum Content<'a> {
    /// A text message.
    Sms {
        /// The whole text.
        text: &'a Secret,
    },
    /// A message by template: the gateway's settings say which, the values fill its holes.
    WhatsApp {
        /// The code.
        code: &'a Secret,
        /// Who sends it, in words.
        organisation: &'a str,
    },
    /// A call.
    Call {
        /// What is said in it.
        script: Script<'a>,
    },
}

/// What a call says: a document of [`super::twiml`]. It never holds a code, since nobody has pressed a key yet (R13).
pub enum Script<'a> {
    /// The document itself.
    Inline(&'a str),
    /// Where the gateway fetches it when somebody has answered.
    At(&'a str),
}

impl Content<'_> {
    /// The way that it needs.
    pub const fn way(&self) -> Way {
        match self {
            Self::Sms { .. } => Way::Sms,
            Self::WhatsApp { .. } => Way::WhatsApp,
            Self::Call { .. } => Way::Call,
        }
    }
}
