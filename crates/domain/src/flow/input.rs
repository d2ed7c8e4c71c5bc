//! What a post of the wizard may say, parsed once at the edge.

use super::state::{Attempt, Flow, Stage};
use crate::Timestamp;
use crate::gate::questions::given;
use crate::gate::{Gate, Root, email, plain_digits};
use crate::limits::CODE_FIELD_MOST;
use crate::refusal::Refusal;
use crate::secret::Secret;

/// One post, after identify.
pub enum Input {
    /// A gate; the one that is open already means: send again. Nothing means: back to the choice.
    Choose(Option<Gate>),
    /// The address or number, as the person knows it, by what it stands for.
    Destination(Root),
    /// A code, digits only.
    Code(Secret),
    /// Answers as typed, field by field; those behind the last that is asked are not read.
    Answers(Vec<Secret>),
    /// What a passkey has signed: the JSON of a `PublicKeyCredential` (Web Authentication, level 3).
    Passkey(Secret),
    /// Has the phone that was asked answered by now?
    Collect,
    /// A new password, twice.
    Password {
        /// As it shall be.
        new: Secret,
        /// Typed again.
        repeated: Secret,
    },
    /// The person leaves.
    Cancel,
    /// The person asks the helpdesk.
    Help,
}

/// The fields of a proof's form; those that a page does not have are empty.
pub struct Proof {
    /// `destination`.
    pub destination: String,
    /// `code`.
    pub code: Secret,
    /// `answer_1` to `answer_5`.
    pub answers: [Secret; 5],
    /// `passkey`.
    pub passkey: Secret,
}

impl Proof {
    /// A code alone.
    pub fn of_code(code: Secret) -> Self {
        Self {
            destination: String::new(),
            code,
            answers: [(); 5].map(|()| Secret::new(String::new())),
            passkey: Secret::new(String::new()),
        }
    }

    /// Reads whichever field is filled in. With none it is what the open try waits for. `named` reads a number.
    pub fn read(
        self,
        open: Option<&Attempt>,
        named: impl FnOnce(Gate, &str) -> Result<Root, Refusal>,
    ) -> Result<Input, Refusal> {
        let (destination, code) = (self.destination.trim(), self.code.expose().trim());
        match (destination, code) {
            _ if !self.passkey.is_empty() => Ok(Input::Passkey(self.passkey)),
            _ if self.answers.iter().any(|answer| !answer.is_empty()) => Ok(Input::Answers(self.answers.into())),
            ("", "") => nothing(open),
            ("", code) if code.chars().count() > CODE_FIELD_MOST => Err(Refusal::TooLong),
            ("", code) => Ok(Input::Code(Secret::new(plain_digits(code)))),
            (typed, _) if typed.len() > email::MOST => Err(Refusal::TooLong),
            (typed, _) => match open.filter(|open| open.gate.is_phone()) {
                Some(open) => named(open.gate, typed).map(Input::Destination),
                None if email::is_form(typed) => Ok(Input::Destination(Root::mail(typed))),
                None => Err(Refusal::DestinationForm),
            },
        }
    }
}

/// What a form with no field filled in says to the try that is open.
fn nothing(open: Option<&Attempt>) -> Result<Input, Refusal> {
    match open {
        Some(open) if open.stage == Stage::Waiting => Ok(Input::Collect),
        Some(open) if open.are_answers_awaited() => Ok(Input::Answers(Vec::new())),
        Some(open) if open.stage == Stage::Destination => Err(Refusal::DestinationForm),
        _ => Err(Refusal::CodeMissing),
    }
}

impl Input {
    /// Reads the field `method`.
    pub fn choose(method: &str) -> Result<Self, Refusal> {
        match (method, Gate::of_code(method)) {
            ("", _) => Ok(Self::Choose(None)),
            (_, Some(gate)) => Ok(Self::Choose(Some(gate))),
            (_, None) => Err(Refusal::MethodUnavailable),
        }
    }

    /// Whether this is the proof that the flow waits for, and so costs a try that is reserved before anything is compared
    /// (R10). What comes out of order, or has no form of a code or of answers, costs none (R01). `n_asked`: so many questions
    /// are asked here.
    pub fn is_awaited_by(&self, flow: &Flow, n_asked: u32, now: Timestamp) -> bool {
        let Some(open) = flow.open() else { return false };
        let is_its = match self {
            Self::Destination(_) => open.stage == Stage::Destination,
            Self::Code(code) => open.is_code_awaited() && open.gate.is_code_form(code.expose()),
            Self::Answers(answers) => open.are_answers_awaited() && given(answers, n_asked).is_ok(),
            Self::Passkey(_) => open.is_passkey_awaited(),
            Self::Collect => open.stage == Stage::Waiting,
            _ => false,
        };
        is_its && !flow.is_over(now)
    }
}
