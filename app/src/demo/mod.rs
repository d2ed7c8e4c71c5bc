//! The demo's own page: mailbox and people. It needs no program.

mod page;

pub use page::{DemoApp, DemoMessage, DemoPerson, DemoView};
