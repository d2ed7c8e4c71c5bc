//! The account's functions: parse, call one service function, answer.

use crate::{Fault, Typed};
use leptos::prelude::*;
use regain_domain::change::ChangeScreen;
use regain_domain::sign_in::AccountScreen;

/// Where the visitor stands: signed in or on the way.
#[server(prefix = "/fn/public", endpoint = "account-look")]
pub async fn look() -> Result<AccountScreen, Fault> {
    let door = crate::doorstep::open()?;
    let screen = door.service.account.look(&door.visit).await;
    door.show(screen)
}

/// Signs in with name and password. `to`: where one goes from there.
#[server(prefix = "/fn/public", endpoint = "signin")]
pub async fn sign_in(
    #[server(default)] username: String,
    #[server(default)] password: Typed,
    #[server(default)] to: String,
) -> Result<AccountScreen, Fault> {
    let password = password.secret();
    let door = crate::doorstep::open()?;
    let step = door.service.account.sign_in(&door.visit, username, password).await;
    door.answer(super::Onward::of_code(&to).sign_in(), step)
}

/// Staff: the code of the authenticator app.
#[server(prefix = "/fn/public", endpoint = "signin-code")]
pub async fn sign_in_code(
    #[server(default)] code: Typed,
    #[server(default)] to: String,
) -> Result<AccountScreen, Fault> {
    let code = code.secret();
    let door = crate::doorstep::open()?;
    let step = door.service.account.sign_in_code(&door.visit, code).await;
    door.answer(super::Onward::of_code(&to).sign_in(), step)
}

/// Asks for a passkey, or takes what it has answered: in place of name and password, or of staff's code.
#[server(prefix = "/fn/public", endpoint = "signin-passkey")]
pub async fn sign_in_passkey(
    #[server(default)] passkey: Typed,
    #[server(default)] to: String,
) -> Result<AccountScreen, Fault> {
    let answer = passkey.secret();
    let door = crate::doorstep::open()?;
    let step = door.service.account.sign_in_passkey(&door.visit, answer).await;
    door.answer(super::Onward::of_code(&to).sign_in(), step)
}

/// Ends the session, or a sign-in that waits for a code.
#[server(prefix = "/fn/user", endpoint = "signout")]
pub async fn sign_out() -> Result<AccountScreen, Fault> {
    let door = crate::doorstep::open()?;
    let step = door.service.account.sign_out(&door.visit).await;
    door.answer("/signin", step)
}

/// Ends the session `id` on another browser; without an id all the others.
#[server(prefix = "/fn/user", endpoint = "sessions-end")]
pub async fn end_sessions(#[server(default)] id: String) -> Result<AccountScreen, Fault> {
    let door = crate::doorstep::open()?;
    let step = door.service.account.end_sessions(&door.visit, &id).await;
    door.answer("/", step)
}

/// What the page that changes a password shows.
#[server(prefix = "/fn/user", endpoint = "change-look")]
pub async fn look_change() -> Result<ChangeScreen, Fault> {
    let door = crate::doorstep::open()?;
    let screen = door.service.account.look_change(&door.visit).await;
    door.show(screen)
}

/// Changes the password. `username` is there for password managers alone, and is not read.
#[server(prefix = "/fn/user", endpoint = "change-password")]
pub async fn change_password(
    #[server(default)] username: String,
    #[server(default)] password: Typed,
    #[server(default)] new_password: Typed,
    #[server(default)] confirm_password: Typed,
) -> Result<ChangeScreen, Fault> {
    let [present, new, repeated] = [password, new_password, confirm_password].map(Typed::secret);
    let _ = username;
    let door = crate::doorstep::open()?;
    let change = regain_service::Change { present, new, repeated };
    let step = door.service.account.change(&door.visit, change).await;
    door.answer(crate::doorstep::after_change(&step), step)
}
