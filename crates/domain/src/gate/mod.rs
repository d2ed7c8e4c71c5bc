//! Gates: the ways of proving who one is during a reset. Names and codes are those of `contract.md`.

pub mod email;
pub mod one_time;
pub mod phone;
pub mod questions;

use crate::notice::ChannelKind;
use serde::{Deserialize, Serialize};

/// A way of proving who one is during a reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// A passkey, with the person verified by their own device (`WebAuthn`).
    Passkey,
    /// Approval in Regain's own authenticator, by typing the number that the page shows (R12).
    AppPush,
    /// A code from an authenticator app (RFC 6238).
    AppCode,
    /// A code mailed to an address outside the accounts that the reset serves.
    Email,
    /// A call to the phone on the desk, approved by `#` (R13).
    OfficeCall,
    /// A code by `WhatsApp`.
    MobileWhatsapp,
    /// A call to the mobile, approved by `#` or answered with a code that is typed (R13).
    MobileCall,
    /// A code by text message.
    MobileSms,
    /// Answers to security questions, all right at once. Never alone, and never administrators' (R16).
    Questions,
    /// A one-time pass that staff have given. Never administrators' (R52).
    OneTimePass,
}

impl Gate {
    /// All that a person registers something for, strongest first: the order in which pages offer them.
    pub const ALL: [Self; 9] = [
        Self::Passkey,
        Self::AppPush,
        Self::AppCode,
        Self::Email,
        Self::OfficeCall,
        Self::MobileWhatsapp,
        Self::MobileCall,
        Self::MobileSms,
        Self::Questions,
    ];

    /// The stable code: form value, row and audit entry.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::AppPush => "app_push",
            Self::AppCode => "app_code",
            Self::Email => "email",
            Self::OfficeCall => "office_call",
            Self::MobileWhatsapp => "mobile_whatsapp",
            Self::MobileCall => "mobile_call",
            Self::MobileSms => "mobile_sms",
            Self::Questions => "questions",
            Self::OneTimePass => "one_time_pass",
        }
    }

    /// Reads a code back.
    pub fn of_code(code: &str) -> Option<Self> {
        let all = Self::ALL.into_iter().chain([Self::OneTimePass]);
        all.into_iter().find(|gate| gate.code() == code)
    }

    /// What it proves that one has: gates of one family count as one, however often they are passed (R04). Nothing for a
    /// one-time pass, which nobody has by themselves: it is a family of its own.
    pub const fn family(self) -> Option<MethodKind> {
        Some(match self {
            Self::Passkey => MethodKind::Passkey,
            Self::AppPush | Self::AppCode => MethodKind::App,
            Self::Email => MethodKind::Email,
            Self::OfficeCall => MethodKind::Office,
            Self::MobileWhatsapp | Self::MobileCall | Self::MobileSms => MethodKind::Mobile,
            Self::Questions => MethodKind::Questions,
            Self::OneTimePass => return None,
        })
    }

    /// The way its message takes, where one is sent.
    pub const fn channel(self) -> Option<ChannelKind> {
        match self {
            Self::Email => Some(ChannelKind::Mail),
            Self::MobileSms => Some(ChannelKind::Sms),
            Self::MobileWhatsapp => Some(ChannelKind::WhatsApp),
            Self::MobileCall | Self::OfficeCall => Some(ChannelKind::Call),
            Self::Passkey | Self::AppPush | Self::AppCode | Self::Questions | Self::OneTimePass => None,
        }
    }

    /// Whether a phone is asked and answers by itself: a call, or the app.
    pub const fn asks_phone(self) -> bool {
        matches!(self, Self::AppPush | Self::OfficeCall | Self::MobileCall)
    }

    /// Whether it goes to a number, so that the person types it in full before anything is sent (R15).
    pub const fn is_phone(self) -> bool {
        matches!(self.family(), Some(MethodKind::Mobile | MethodKind::Office))
    }

    /// Whether this can be what it asks for as a code at all.
    pub fn is_code_form(self, plain: &str) -> bool {
        match self {
            Self::OneTimePass => one_time::is_form(plain),
            _ => is_code_form(plain),
        }
    }
}

/// What an account holds: the data that one or more gates prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MethodKind {
    /// A mail address.
    Email,
    /// A mobile number, E.164.
    Mobile,
    /// An office number, E.164, with an extension if it has one.
    Office,
    /// The secret of an authenticator app.
    App,
    /// Regain's own authenticator on one phone: its key, and the secret of its codes.
    Authenticator,
    /// A passkey.
    Passkey,
    /// Answers to security questions.
    Questions,
}

impl MethodKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Email,
        Self::Mobile,
        Self::Office,
        Self::App,
        Self::Authenticator,
        Self::Passkey,
        Self::Questions,
    ];

    /// The gates that it proves, strongest first.
    pub const fn gates(self) -> &'static [Gate] {
        match self {
            Self::Email => &[Gate::Email],
            Self::App => &[Gate::AppCode],
            Self::Authenticator => &[Gate::AppPush, Gate::AppCode],
            Self::Passkey => &[Gate::Passkey],
            Self::Questions => &[Gate::Questions],
            Self::Mobile => &[Gate::MobileWhatsapp, Gate::MobileCall, Gate::MobileSms],
            Self::Office => &[Gate::OfficeCall],
        }
    }

    /// How many of them one account may have (`domain.md` §11).
    pub const fn most(self) -> u32 {
        match self {
            Self::App | Self::Authenticator | Self::Passkey => 5,
            Self::Email => 2,
            Self::Mobile | Self::Office | Self::Questions => 1,
        }
    }

    /// The stable code in rows.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Mobile => "mobile",
            Self::Office => "office",
            Self::App => "app",
            Self::Authenticator => "authenticator",
            Self::Passkey => "passkey",
            Self::Questions => "questions",
        }
    }

    /// Reads a code back.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether it is a number.
    pub const fn is_phone(self) -> bool {
        matches!(self, Self::Mobile | Self::Office)
    }
}

/// The root of a proof: the thing that really holds the factor (R04). Two passes count as two only if their roots differ.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Root(String);

impl Root {
    /// The root of a mail address: its canonical form.
    pub fn mail(address: &str) -> Self {
        Self(format!("mail:{}", email::canonical(address)))
    }

    /// The root of an authenticator app, by the id of its registration.
    pub fn app(id: crate::ids::MethodId) -> Self {
        Self(format!("app:{id}"))
    }

    /// The root of a number, whichever way it is reached: E.164, an extension dropped.
    pub fn phone(canonical: &str) -> Self {
        let e164 = canonical.split(';').next().unwrap_or(canonical);
        Self(format!("phone:{e164}"))
    }

    /// The root of a passkey, by the id of its registration.
    pub fn passkey(id: crate::ids::MethodId) -> Self {
        Self(format!("passkey:{id}"))
    }

    /// The root of answers: what the person remembers.
    pub fn questions(id: crate::ids::MethodId) -> Self {
        Self(format!("questions:{id}"))
    }

    /// The root of a one-time pass, by its id.
    pub fn one_time_pass(id: crate::ids::MethodId) -> Self {
        Self(format!("one-time-pass:{id}"))
    }

    /// As it stands in a row.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As it was read from a row.
    pub fn of_row(text: String) -> Self {
        Self(text)
    }
}

/// A passed gate, as grants count them (R03, R04).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// The gate.
    pub gate: Gate,
    /// What it was proved with.
    pub root: Root,
    /// The registration that was used.
    pub method: crate::ids::MethodId,
}

impl Pass {
    /// Whether another one counts beside it: neither the same kind of thing, nor on the same root (R04).
    pub fn is_independent_of(&self, gate: Gate, root: &Root) -> bool {
        self.gate.family() != gate.family() && self.root != *root
    }
}

/// How many of the passes are independent of each other: different kinds of things on different roots (R04).
pub fn n_independent(passes: &[Pass]) -> usize {
    let mut counted: Vec<&Pass> = Vec::new();
    for pass in passes {
        if counted
            .iter()
            .all(|other| other.is_independent_of(pass.gate, &pass.root))
        {
            counted.push(pass);
        }
    }
    counted.len()
}

/// Digits of any script as ASCII, blanks and hyphens dropped (`domain.md` §4); other characters stay.
pub fn plain_digits(typed: &str) -> String {
    typed
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{200e}' | '\u{200f}'))
        .map(|c| decimal_value(c).unwrap_or(c))
        .collect()
}

/// The ASCII digit for a decimal digit of any script; of those that NFKC makes ASCII only the wide ones.
fn decimal_value(c: char) -> Option<char> {
    const ZEROS: [u32; 62] = [
        0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6, 0x0E50,
        0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50,
        0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x10D40, 0x11066, 0x110F0,
        0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50,
        0x11DA0, 0x11F50, 0x16A60, 0x16AC0, 0x16B50, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E950,
    ];
    let code = u32::from(c);
    let zero = ZEROS.into_iter().find(|zero| (*zero..*zero + 10).contains(&code))?;
    char::from_digit(code - zero, 10)
}

/// Whether this can be a six-digit code at all.
pub fn is_code_form(plain: &str) -> bool {
    plain.len() == 6 && plain.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::MethodId;
    use uuid::Uuid;

    fn pass(gate: Gate, root: Root) -> Pass {
        Pass {
            gate,
            root,
            method: MethodId(Uuid::nil()),
        }
    }

    #[test]
    fn r04_two_gates_need_two_kinds_and_two_roots() {
        let app = || pass(Gate::AppCode, Root::app(MethodId(Uuid::from_u128(1))));
        let mail = |address: &str| pass(Gate::Email, Root::mail(address));
        let answers = || pass(Gate::Questions, Root::questions(MethodId(Uuid::from_u128(2))));
        let push = |n| pass(Gate::AppPush, Root::app(MethodId(Uuid::from_u128(n))));
        let phone = |gate, number: &str| pass(gate, Root::phone(number));
        let given = |n| pass(Gate::OneTimePass, Root::one_time_pass(MethodId(Uuid::from_u128(n))));
        let (one, other) = ("+442079460089", "+442079460011");
        for (passes, expect) in [
            (vec![], 0),
            (vec![app()], 1),
            (vec![app(), app()], 1),
            (vec![app(), mail("a@mail.example")], 2),
            (vec![answers(), mail("a@mail.example")], 2),
            (vec![answers(), answers()], 1),
            (vec![mail("a@mail.example"), mail("b@mail.example")], 1),
            (vec![mail("a@mail.example"), mail("A@MAIL.example")], 1),
            (vec![app(), push(1)], 1),
            (vec![app(), push(3)], 1),
            (vec![phone(Gate::MobileSms, one), phone(Gate::MobileCall, one)], 1),
            (vec![phone(Gate::MobileWhatsapp, one), phone(Gate::OfficeCall, one)], 1),
            (
                vec![
                    phone(Gate::MobileSms, one),
                    phone(Gate::OfficeCall, "+442079460089;ext=7"),
                ],
                1,
            ),
            (vec![phone(Gate::MobileSms, one), phone(Gate::OfficeCall, other)], 2),
            (vec![push(1), phone(Gate::MobileSms, one)], 2),
            (vec![given(3)], 1),
            (vec![given(3), given(4)], 1),
            (vec![given(3), answers()], 2),
            (vec![given(3), mail("a@mail.example")], 2),
        ] {
            assert_eq!(n_independent(&passes), expect, "{passes:?}");
        }
    }

    #[test]
    fn codes_may_be_typed_in_any_script_and_with_gaps() {
        for typed in [
            "123456",
            "123 456",
            "12-34-56",
            "١٢٣٤٥٦",
            "۱۲۳ ۴۵۶",
            "１２３４５６",
            "123\u{2013}456",
        ] {
            assert_eq!(plain_digits(typed), "123456", "{typed}");
        }
        assert!(!is_code_form("12345"));
        assert!(!is_code_form("12345x"));
    }
}
