//! The functions of the set-up: parse, call one service function, answer.

#![expect(clippy::too_many_arguments, reason = "each argument is a field of a form")]

use crate::{Fault, Typed};
use leptos::prelude::*;
use regain_domain::setup::SetupScreen;

/// What the page shows.
#[server(prefix = "/fn/public", endpoint = "setup-look")]
pub async fn look() -> Result<SetupScreen, Fault> {
    let door = crate::doorstep::open()?;
    let screen = door.service.setup.look(&door.visit).await;
    door.show(screen)
}

/// Uses the key from the server's console.
#[server(prefix = "/fn/public", endpoint = "setup-open")]
pub async fn open(#[server(default)] key: Typed) -> Result<SetupScreen, Fault> {
    let key = key.secret();
    let door = crate::doorstep::open()?;
    let step = door.service.setup.open(&door.visit, &key).await;
    door.answer("/setup", step)
}

/// The organisation.
#[server(prefix = "/fn/public", endpoint = "setup-organisation")]
pub async fn organisation(
    #[server(default)] name: String,
    #[server(default)] address: String,
    #[server(default)] domains: String,
) -> Result<SetupScreen, Fault> {
    let door = crate::doorstep::open()?;
    let typed = crate::doorstep::setup_organisation(name, address, domains);
    let step = door.service.setup.organisation(&door.visit, typed).await;
    door.answer("/setup", step)
}

/// The global administrator. `username` is there for password managers alone, and is not read; here and below.
#[server(prefix = "/fn/public", endpoint = "setup-admin")]
pub async fn admin(
    #[server(default)] user_name: String,
    #[server(default)] given_name: String,
    #[server(default)] family_name: String,
    #[server(default)] mail: String,
    #[server(default)] alternate_mail: String,
    #[server(default)]
    #[server(rename = "username")]
    managed: String,
    #[server(default)] new_password: Typed,
    #[server(default)] confirm_password: Typed,
) -> Result<SetupScreen, Fault> {
    let _ = managed;
    let typed = crate::doorstep::setup_admin([user_name, given_name, family_name, mail, alternate_mail]);
    let [new, repeated] = [new_password, confirm_password].map(Typed::secret);
    let password = regain_service::Twice { new, repeated };
    let door = crate::doorstep::open()?;
    let step = door.service.setup.admin(&door.visit, typed, password).await;
    door.answer("/setup", step)
}

/// A code of their app.
#[server(prefix = "/fn/public", endpoint = "setup-app")]
pub async fn app(#[server(default)] code: Typed) -> Result<SetupScreen, Fault> {
    let code = code.secret();
    let door = crate::doorstep::open()?;
    let step = door.service.setup.app(&door.visit, code).await;
    door.answer("/setup", step)
}

/// The test user, and the pilot's group.
#[server(prefix = "/fn/public", endpoint = "setup-people")]
pub async fn people(
    #[server(default)] user_name: String,
    #[server(default)] given_name: String,
    #[server(default)] family_name: String,
    #[server(default)] group: String,
    #[server(default)]
    #[server(rename = "username")]
    managed: String,
    #[server(default)] new_password: Typed,
    #[server(default)] confirm_password: Typed,
) -> Result<SetupScreen, Fault> {
    let _ = managed;
    let typed = crate::doorstep::setup_people([user_name, given_name, family_name, group]);
    let [new, repeated] = [new_password, confirm_password].map(Typed::secret);
    let password = regain_service::Twice { new, repeated };
    let door = crate::doorstep::open()?;
    let step = door.service.setup.people(&door.visit, typed, password).await;
    door.answer("/setup", step)
}

/// Back to a page.
#[server(prefix = "/fn/public", endpoint = "setup-back")]
pub async fn back(#[server(default)] step: String) -> Result<SetupScreen, Fault> {
    let (door, step) = (crate::doorstep::open()?, crate::doorstep::setup_step(&step));
    let step = door.service.setup.back(&door.visit, step).await;
    door.answer("/setup", step)
}

/// Makes all of it.
#[server(prefix = "/fn/public", endpoint = "setup-finish")]
pub async fn finish() -> Result<SetupScreen, Fault> {
    let door = crate::doorstep::open()?;
    let step = door.service.setup.finish(&door.visit).await;
    door.answer_setup(step)
}
