//! The console's functions.

use crate::Fault;
use leptos::prelude::*;
use regain_domain::sign_in::Who;

/// The staff member who is signed in; for anybody else [`Fault::SignedOut`].
#[server(prefix = "/fn/admin", endpoint = "console-look")]
pub async fn look() -> Result<Who, Fault> {
    let door = crate::doorstep::open()?;
    let staff = door.service.account.look_staff(&door.visit).await;
    door.show_staff(staff)
}
