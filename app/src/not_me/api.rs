//! The functions of `/not-me`: parse, call one service function, answer.

use crate::{Fault, Typed};
use leptos::prelude::*;
use regain_domain::not_me::NotMeScreen;

/// What the page shows.
#[server(prefix = "/fn/public", endpoint = "not-me-look")]
pub async fn look() -> Result<NotMeScreen, Fault> {
    let door = crate::doorstep::open()?;
    let screen = door.service.not_me.look(&door.visit).await;
    door.show(screen)
}

/// Stops what the message with this reference reported.
#[server(prefix = "/fn/public", endpoint = "not-me")]
pub async fn stop(#[server(default)] reference: Typed) -> Result<NotMeScreen, Fault> {
    let reference = reference.secret();
    let door = crate::doorstep::open()?;
    let step = door.service.not_me.stop(&door.visit, &reference).await;
    door.answer("/not-me", step)
}
