//! What a post of the wizard may say, parsed once at the edge.

use crate::gate::{Gate, email, plain_digits};
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

    /// Whether this claims to prove something, and so costs a try that is reserved before anything is compared (R10).
    pub const fn is_proof(&self) -> bool {
        matches!(self, Self::Destination(_) | Self::Code(_))
    }
}
