//! What the product tells people by message, as values: words and channels are `regain-delivery`'s.

mod about;

pub use about::{MethodChange, ReportedOn, StaffAct, Subject};

use crate::gate::MethodKind;
use crate::ids::{EnrolmentId, RequestId};
use crate::limits::NOTICE_LIFE;
use crate::role::Role;
use crate::{Refusal, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A code on its way to a person: wiped on drop and never printed. It is serialised only to be sealed into its outbox row.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(transparent)]
pub struct LetterCode(String);

impl LetterCode {
    /// Takes the code over.
    pub fn new(code: String) -> Self {
        Self(code)
    }

    /// Shows the code, where the message is written.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for LetterCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LetterCode(…)")
    }
}

/// Which way a message takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// Mail. Free, and sent again whenever it is not known to have gone out.
    Mail,
    /// A text message.
    Sms,
    /// A message of `WhatsApp`.
    WhatsApp,
    /// A voice call.
    Call,
    /// A push to the phones of an account, which are looked up when it goes. Free, and replaced by a newer one.
    Push,
}

impl ChannelKind {
    const ALL: [Self; 5] = [Self::Mail, Self::Sms, Self::WhatsApp, Self::Call, Self::Push];

    /// The code in rows, as in the demo's list of messages (`contract.md`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Sms => "sms",
            Self::WhatsApp => "whatsapp",
            Self::Call => "call",
            Self::Push => "push",
        }
    }

    /// Reads a code back.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether each message costs: then none goes out twice (R34), and there is a ceiling (R20).
    pub const fn is_paid(self) -> bool {
        !matches!(self, Self::Mail | Self::Push)
    }
}

/// A message to one mailbox or number: what it says, without how. Sealed into the outbox row as JSON (R35).
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "letter", rename_all = "kebab-case")]
pub enum Letter {
    /// The code of the mail gate. Never with the user name (R35).
    ResetCode {
        /// What is to be typed.
        code: LetterCode,
        /// What it is for: a reset, or an unlocking.
        #[serde(default = "reset")]
        subject: Subject,
        /// Until when it is good.
        expires_at: Timestamp,
        /// What the person tells the helpdesk of the flow, as its page shows it.
        reference: String,
        /// Where the reset was started, roughly: a network address. Empty where unknown.
        #[serde(default)]
        network: String,
    },
    /// A call to a phone that approves by a key, or hears a code once a key was pressed (R13). It holds no code.
    Call {
        /// What it is about.
        subject: Subject,
        /// What stands in the path of the gateway's callbacks: of this one request, and unguessable (R36).
        token: LetterCode,
        /// Whether it speaks a code.
        speaks_code: bool,
    },
    /// Wakes the phones of an account: a request waits for its approval. It says nothing but which (R12).
    Push {
        /// The request.
        request: RequestId,
        /// The registration whose phone is meant, where it is not a registered one.
        enrolment: Option<EnrolmentId>,
    },
    /// A code that confirms an address, or who is signed in. Never with the user name (R35).
    ConfirmCode {
        /// What is to be typed.
        code: LetterCode,
        /// What it confirms.
        #[serde(default = "change")]
        subject: Subject,
        /// Until when it is good.
        expires_at: Timestamp,
        /// From where it was asked for. Empty where unknown.
        network: String,
    },
    /// A method was registered or removed (R53): to every mailbox, that of the method itself included.
    MethodsChanged {
        /// Whose.
        user_name: String,
        /// What became of it.
        change: MethodChange,
        /// What kind of method.
        kind: MethodKind,
        /// Which one: masked, or its name. Empty where it has neither.
        hint: String,
        /// When.
        at: Timestamp,
        /// From where. Empty where unknown.
        network: String,
        /// With what: browser and system. Empty where unknown.
        device: String,
    },
    /// The password was reset (R57).
    PasswordReset {
        /// Whose.
        user_name: String,
        /// When.
        at: Timestamp,
        /// From where: a network address. Empty where unknown.
        network: String,
        /// With what: browser and system, in few words. Empty where unknown.
        device: String,
        /// Signed-in browsers that were signed out.
        sessions_ended: u32,
    },
    /// The password was changed by somebody who knew the one before.
    PasswordChanged {
        /// Whose.
        user_name: String,
        /// When.
        at: Timestamp,
        /// From where: a network address. Empty where unknown.
        network: String,
        /// With what: browser and system, in few words. Empty where unknown.
        device: String,
        /// Signed-in browsers that were signed out.
        sessions_ended: u32,
    },
    /// The account was unlocked, and its password stayed (R57).
    AccountUnlocked {
        /// Whose.
        user_name: String,
        /// When.
        at: Timestamp,
        /// From where: a network address. Empty where unknown.
        network: String,
        /// With what: browser and system, in few words. Empty where unknown.
        device: String,
        /// Signed-in browsers that were signed out.
        sessions_ended: u32,
    },
    /// A reset was refused in discreet mode: the account's own mailbox gets the true reason.
    Refused {
        /// Whose.
        user_name: String,
        /// Why.
        reason: Refusal,
        /// What was wanted: a reset, or an unlocking.
        #[serde(default = "reset")]
        subject: Subject,
        /// Where the reset was started. Empty where unknown.
        #[serde(default)]
        network: String,
    },
    /// Too many failed proofs: resets of the account rest.
    Blocked {
        /// Until when.
        until: Timestamp,
    },
    /// An administrator's password was reset: to the other administrators (R50).
    AdminReset {
        /// The administrator's user name.
        who: String,
        /// When.
        at: Timestamp,
    },
    /// Somebody asks the helpdesk for help with a reset.
    HelpRequest {
        /// Who, as typed and found.
        user_name: String,
        /// When.
        at: Timestamp,
        /// The code of the refusal that stopped the reset.
        reason_code: String,
        /// From where: a network address. Empty where unknown.
        network: String,
        /// What the person may name on the telephone, as the page shows it. Empty where unknown.
        #[serde(default)]
        reference: String,
    },
    /// A request was denied on a phone, or answered there with a wrong number (R12): to the account's owner.
    Denied {
        /// Whose account.
        user_name: String,
        /// When.
        at: Timestamp,
        /// From where the request came. Empty where unknown.
        network: String,
        /// With what: browser and system. Empty where unknown.
        device: String,
    },
    /// It was said that something was not its owner's (R12, R13): to the owner.
    Reported {
        /// Whose account.
        user_name: String,
        /// Where it was said.
        #[serde(default)]
        on: ReportedOn,
        /// When.
        at: Timestamp,
        /// From where the request came that was reported on a phone, or the post of the page. Empty where unknown.
        network: String,
        /// With what: browser and system. Empty where unknown.
        device: String,
    },
    /// The same to those who may look into it.
    ReportedToStaff {
        /// Whose account.
        user_name: String,
        /// Where it was said.
        #[serde(default)]
        on: ReportedOn,
        /// When.
        at: Timestamp,
        /// From where, as in [`Self::Reported`]. Empty where unknown.
        network: String,
        /// With what: browser and system. Empty where unknown.
        device: String,
    },
    /// Staff did something to the account (R52): to its owner.
    ByStaff {
        /// Whose.
        user_name: String,
        /// What.
        act: StaffAct,
        /// When.
        at: Timestamp,
    },
    /// Roles were given or taken (R51): to whoever rules over the tenant's settings.
    RolesChanged {
        /// Whose.
        who: String,
        /// By whom: their user name.
        by: String,
        /// What they hold now.
        roles: Vec<Role>,
        /// When.
        at: Timestamp,
    },
    /// Attack mode came on (R20): to all administrators, once.
    UnderAttack {
        /// When.
        at: Timestamp,
    },
    /// Messages that cost came near their daily ceiling, or to it (R20): to those who may raise it, once each day.
    CeilingReached {
        /// How much of it is spent: 80 or 100.
        percent: u8,
        /// When.
        at: Timestamp,
    },
}

/// What a code was for before it was told.
const fn reset() -> Subject {
    Subject::Reset
}

/// What a code confirmed before it was told.
const fn change() -> Subject {
    Subject::Change
}

impl Letter {
    /// The stable code of what the message is for.
    pub const fn purpose(&self) -> &'static str {
        match self {
            Self::ResetCode { .. } => "reset-code",
            Self::Call { .. } => "call",
            Self::Push { .. } => "push",
            Self::ConfirmCode { .. } => "confirm-code",
            Self::MethodsChanged { .. } => "methods-changed",
            Self::PasswordReset { .. } => "password-reset",
            Self::PasswordChanged { .. } => "password-changed",
            Self::AccountUnlocked { .. } => "account-unlocked",
            Self::Refused { .. } => "refused",
            Self::Blocked { .. } => "blocked",
            Self::AdminReset { .. } => "admin-reset",
            Self::HelpRequest { .. } => "help-request",
            Self::Denied { .. } => "denied",
            Self::Reported { .. } => "reported",
            Self::ReportedToStaff { .. } => "reported-to-staff",
            Self::ByStaff { .. } => "by-staff",
            Self::RolesChanged { .. } => "roles-changed",
            Self::UnderAttack { .. } => "under-attack",
            Self::CeilingReached { .. } => "ceiling-reached",
        }
    }

    /// Whether it reports something about an account to its owner: as mail it has a reference that stops it, and says where
    /// help is.
    pub const fn is_to_owner(&self) -> bool {
        match self {
            Self::ResetCode { .. }
            | Self::ConfirmCode { .. }
            | Self::MethodsChanged { .. }
            | Self::PasswordReset { .. }
            | Self::PasswordChanged { .. }
            | Self::AccountUnlocked { .. }
            | Self::Refused { .. }
            | Self::Blocked { .. }
            | Self::Denied { .. }
            | Self::Reported { .. }
            | Self::ByStaff { .. } => true,
            Self::Call { .. }
            | Self::Push { .. }
            | Self::AdminReset { .. }
            | Self::HelpRequest { .. }
            | Self::ReportedToStaff { .. }
            | Self::RolesChanged { .. }
            | Self::UnderAttack { .. }
            | Self::CeilingReached { .. } => false,
        }
    }

    /// Whether it only tells: it carries no code, and nobody waits for it.
    pub fn is_notice(&self) -> bool {
        self.code().is_none() && !matches!(self, Self::Call { .. } | Self::Push { .. })
    }

    /// The code, in a message that carries one.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::ResetCode { code, .. } | Self::ConfirmCode { code, .. } => Some(code.expose()),
            Self::Call { .. }
            | Self::Push { .. }
            | Self::MethodsChanged { .. }
            | Self::PasswordReset { .. }
            | Self::PasswordChanged { .. }
            | Self::AccountUnlocked { .. }
            | Self::Refused { .. }
            | Self::Blocked { .. }
            | Self::AdminReset { .. }
            | Self::HelpRequest { .. }
            | Self::Denied { .. }
            | Self::Reported { .. }
            | Self::ReportedToStaff { .. }
            | Self::ByStaff { .. }
            | Self::RolesChanged { .. }
            | Self::UnderAttack { .. }
            | Self::CeilingReached { .. } => None,
        }
    }

    /// Until when it is worth sending: codes until they expire, notices 24 h from when they were written (R34).
    pub fn good_until(&self, written_at: Timestamp) -> Timestamp {
        match self {
            Self::ResetCode { expires_at, .. } | Self::ConfirmCode { expires_at, .. } => *expires_at,
            _ => written_at.plus(NOTICE_LIFE),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_is_read_back_by_its_code() {
        for kind in ChannelKind::ALL {
            assert_eq!(ChannelKind::of_code(kind.code()), Some(kind));
        }
        assert_eq!(ChannelKind::of_code("pigeon"), None);
        assert!(ChannelKind::Sms.is_paid() && !ChannelKind::Mail.is_paid());
    }

    fn code_letter() -> Letter {
        Letter::ResetCode {
            code: LetterCode::new("481516".to_owned()),
            subject: Subject::Reset,
            expires_at: Timestamp::from_ms(600_000),
            reference: "K7QM".to_owned(),
            network: String::new(),
        }
    }

    #[test]
    fn a_code_is_never_printed_but_survives_its_row() {
        let letter = code_letter();
        assert!(!format!("{letter:?}").contains("481516"));
        let row = serde_json::to_string(&letter).unwrap();
        let again: Letter = serde_json::from_str(&row).unwrap();
        assert_eq!(again.code(), Some("481516"));
        assert_eq!(serde_json::to_string(&again).unwrap(), row);
    }

    #[test]
    fn the_purpose_is_the_tag_in_the_row() {
        let refused = Letter::Refused {
            user_name: "user@acorn.example".to_owned(),
            reason: Refusal::TooFewMethods { have: 1, need: 2 },
            subject: Subject::Reset,
            network: "192.0.2.7".to_owned(),
        };
        let blocked = Letter::Blocked {
            until: Timestamp::default(),
        };
        let attacked = Letter::UnderAttack {
            at: Timestamp::default(),
        };
        let spent = Letter::CeilingReached {
            percent: 80,
            at: Timestamp::default(),
        };
        for letter in [code_letter(), refused, blocked, attacked, spent] {
            assert_eq!(serde_json::to_value(&letter).unwrap()["letter"], letter.purpose());
            assert_eq!(letter.is_notice(), letter.purpose() != "reset-code");
        }
    }

    #[test]
    fn a_report_written_before_it_said_where_was_made_on_a_phone() {
        let row = r#"{"letter":"reported","user_name":"user@acorn.example","at":1,"network":"","device":""}"#;
        let letter: Letter = serde_json::from_str(row).unwrap();
        assert!(matches!(
            letter,
            Letter::Reported {
                on: ReportedOn::Phone,
                ..
            }
        ));
    }

    #[test]
    fn a_help_request_written_before_it_had_a_reference_is_still_read() {
        let row = r#"{"letter":"help-request","user_name":"user@acorn.example","at":1,"reason_code":"x","network":""}"#;
        let letter: Letter = serde_json::from_str(row).unwrap();
        assert!(matches!(letter, Letter::HelpRequest { reference, .. } if reference.is_empty()));
    }

    #[test]
    fn r34_codes_end_with_their_life_and_notices_after_a_day() {
        let written_at = Timestamp::from_ms(1);
        assert_eq!(code_letter().good_until(written_at), Timestamp::from_ms(600_000));
        let notice = Letter::Blocked {
            until: Timestamp::default(),
        };
        assert_eq!(notice.good_until(written_at), Timestamp::from_ms(24 * 3_600_000 + 1));
    }
}
