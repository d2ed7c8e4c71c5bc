//! The reset wizard: it draws the flow's row and posts to it.

#[expect(
    clippy::struct_field_names,
    reason = "the macro makes structs of the fields that the outside knows"
)]
mod api;
mod captcha;
mod choose;
mod done;
mod help;
mod identify;
mod leave;
mod page;
mod password;
mod proof;
mod prove;
mod stopped;
mod wizard;

pub(crate) use page::reset;
