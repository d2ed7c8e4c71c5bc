//! The reset wizard: it draws the flow's row and posts to it.

mod api;
mod wizard;
mod page;
mod identify;
mod captcha;
mod proof;
mod choose;
mod prove;
mod password;
mod done;
mod stopped;
mod help;
mod leave;

pub(crate) use page::ResetPage;
