//! Gateways to phones: SMS, `WhatsApp` and calls.

pub mod callback;
pub mod text;
pub mod twiml;
mod words;

pub use words::Subject;
