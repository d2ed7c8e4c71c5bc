//! The account's functions: parse, call one service function, answer.

use crate::{Fault, Typed};
use leptos::prelude::*;
use regain_domain::sign_in::AccountScreen;

/// Where the visitor stands: signed in or on the way.
#[server(prefix = "/fn/public", endpoint = "account-look")]
pub async fn look() -> Result<AccountScreen, Fault> {
    let door = crate::doorstep::open()?;
    let screen = door.service.account.look(&door.visit).await;
    door.show(screen)
}

/// Signs in with name and password.
#[server(prefix = "/fn/public", endpoint = "signin")]
pub async fn sign_in(
    #[server(default)] username: String,
    #[server(default)] password: Typed,
) -> Result<AccountScreen, Fault> {
    let password = password.secret();
    let door = crate::doorstep::open()?;
    let step = door.service.account.sign_in(&door.visit, username, password).await;
    door.answer("/signin", step)
}

/// Staff: the code of the authenticator app.
#[server(prefix = "/fn/public", endpoint = "signin-code")]
pub async fn sign_in_code(#[server(default)] code: Typed) -> Result<AccountScreen, Fault> {
    let code = code.secret();
    let door = crate::doorstep::open()?;
    let step = door.service.account.sign_in_code(&door.visit, code).await;
    door.answer("/signin", step)
}

/// Asks for a passkey, or takes what it has answered: in place of name and password, or of staff's code.
#[server(prefix = "/fn/public", endpoint = "signin-passkey")]
pub async fn sign_in_passkey(#[server(default)] passkey: Typed) -> Result<AccountScreen, Fault> {
    let answer = passkey.secret();
    let door = crate::doorstep::open()?;
    let step = door.service.account.sign_in_passkey(&door.visit, answer).await;
    door.answer("/signin", step)
}

/// Ends the session, or a sign-in that waits for a code.
#[server(prefix = "/fn/user", endpoint = "signout")]
pub async fn sign_out() -> Result<AccountScreen, Fault> {
    let door = crate::doorstep::open()?;
    let step = door.service.account.sign_out(&door.visit).await;
    door.answer("/signin", step)
}
