//! The gate of security questions: what may be asked, what may be answered, and who is asked what. R16, R22.

mod answer;
mod asked;
mod catalogue;
mod fold;
mod own;
mod policy;
mod question;
#[cfg(not(target_family = "wasm"))]
mod words;

pub use answer::{Chosen, Filled, are_right, chosen, given};
pub use asked::{asked, decoys};
pub use catalogue::Predefined;
pub use own::{OwnQuestion, QuestionText, TextRefused};
pub use policy::{COUNTS, QuestionPolicy, QuestionsRefused};
pub use question::{Question, list, listed};
#[cfg(not(target_family = "wasm"))]
pub use words::words;
