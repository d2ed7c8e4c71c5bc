//! What only a kiosk calls. Its address begins as the wizard's do: nothing else is called from there.

use crate::{Fault, Typed};
use leptos::prelude::*;

/// An enrolled workstation's browser begins: the ticket that its client brought is spent, whatever comes of it.
#[server(prefix = "/fn/public", endpoint = "reset-open")]
pub async fn open(#[server(default)] ticket: Typed) -> Result<(), Fault> {
    let ticket = ticket.secret();
    let door = crate::doorstep::open()?;
    let step = door.service.kiosk.enter(&door.visit, &ticket).await;
    door.answer("/kiosk", step)
}
