//! Where a password lives, and how a new one gets there.
//!
//! Every account has exactly one source of authority. So far that is always Regain's own store, whose passwords are
//! written in the transaction of the flow itself; connectors to other directories take their place beside it here.

mod route;

pub use route::{Owner, owner};
