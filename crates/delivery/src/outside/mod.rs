//! Requests to machines outside: where they may go, and one exchange with bounds. Knows nothing of what they carry. R51.

mod address;
mod line;
mod network;

pub use address::BadAddress;
pub use line::Unusable;

pub(crate) use address::address;
pub(crate) use line::{Answer, Broken, Line};
pub(crate) use network::Networks;
