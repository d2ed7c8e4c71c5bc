//! Pages and server functions, by slice. Whatever needs the server goes through the doorstep; rules are elsewhere.
#![recursion_limit = "512"]
#![expect(unreachable_pub, reason = "the component and server macros emit pub items")]
#![expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]

#[cfg(feature = "ssr")]
pub mod doorstep;

mod account;
mod authenticator;
mod console;
mod demo;
mod fault;
mod gate;
mod i18n;
mod kiosk;
mod looked;
mod not_me;
mod posting;
mod reset;
mod roots;
mod security;
mod setup;
mod shell;
mod typed;
mod ui;

pub use demo::{DemoApp, DemoMessage, DemoPerson, DemoView};
pub use fault::Fault;
pub use roots::{ACCOUNT, AUTHENTICATOR, CONSOLE, PUBLIC, Page, STILL};
#[cfg(feature = "hydrate")]
pub use roots::{hydrate_account, hydrate_authenticator, hydrate_console, hydrate_wizard};
pub use shell::{Assets, Bundle, shell, still};
pub use typed::Typed;
pub use ui::KIOSK;
