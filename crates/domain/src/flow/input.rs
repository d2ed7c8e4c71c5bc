//! What a post of the wizard may say, parsed once at the edge.

use super::state::{Flow, Stage, State};
use crate::Timestamp;
use crate::gate::questions::given;
use crate::gate::{Gate, email, is_code_form, plain_digits};
use crate::limits::CODE_FIELD_MOST;
use crate::refusal::Refusal;
use crate::secret::Secret;

/// One post, after identify.
pub enum Input {
    /// A gate; the one that is open already means: send again. Nothing means: back to the choice.
    Choose(Option<Gate>),
    /// The address, as the person knows it.
    Destination(String),
    /// A code, digits only.
    Code(Secret),
    /// Answers as typed, field by field; those behind the last that is asked are not read.
    Answers(Vec<Secret>),
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

impl Input {
    /// Reads the field `method`.
    pub fn choose(method: &str) -> Result<Self, Refusal> {
        match (method, Gate::of_code(method)) {
            ("", _) => Ok(Self::Choose(None)),
            (_, Some(gate)) => Ok(Self::Choose(Some(gate))),
            (_, None) => Err(Refusal::MethodUnavailable),
        }
    }

    /// Reads the fields `answer_1` to `answer_5`; nothing if none is filled in.
    pub fn answered(answers: [Secret; 5]) -> Option<Self> {
        let is_any = answers.iter().any(|answer| !answer.is_empty());
        is_any.then(|| Self::Answers(answers.into()))
    }

    /// Reads the fields `destination` and `code`: whichever is there.
    pub fn prove(destination: &str, code: &Secret) -> Result<Self, Refusal> {
        let destination = destination.trim();
        match (destination, code.expose().trim()) {
            ("", "") => Err(Refusal::CodeMissing),
            ("", code) if code.chars().count() > CODE_FIELD_MOST => Err(Refusal::TooLong),
            ("", code) => Ok(Self::Code(Secret::new(plain_digits(code)))),
            (address, _) if address.len() > email::MOST => Err(Refusal::TooLong),
            (address, _) if email::is_form(address) => Ok(Self::Destination(email::canonical(address))),
            _ => Err(Refusal::DestinationForm),
        }
    }

    /// Whether this is the proof that the flow waits for, and so costs a try that is reserved before anything is compared
    /// (R10). What comes out of order, or has no form of a code or of answers, costs none (R01). `n_asked`: so many questions
    /// are asked here.
    pub fn is_awaited_by(&self, flow: &Flow, n_asked: u32, now: Timestamp) -> bool {
        let State::Gating(Some(open)) = &flow.state else {
            return false;
        };
        let is_its = match self {
            Self::Destination(_) => open.stage == Stage::Destination,
            Self::Code(code) => open.is_code_awaited() && is_code_form(code.expose()),
            Self::Answers(answers) => open.are_answers_awaited() && given(answers, n_asked).is_ok(),
            _ => false,
        };
        is_its && !flow.is_over(now)
    }
}
