//! The wizard's functions: parse, call one service function, answer. A field that a post lacks counts as empty, so that it is
//! refused in words.

#![expect(
    clippy::too_many_arguments,
    reason = "the fields of a form are the arguments of its function"
)]

use crate::{Fault, Typed};
use leptos::prelude::*;
use regain_domain::flow::Screen;

/// What the visitor's page shows. `started`: the page is where an identify leads; `username`: what its address brought.
#[server(prefix = "/fn/public", endpoint = "reset-look")]
pub async fn look(#[server(default)] started: bool, #[server(default)] username: String) -> Result<Screen, Fault> {
    let door = crate::doorstep::open()?;
    let screen = door.service.reset.look(&door.visit, started, &username).await;
    door.show(screen)
}

/// Says who it is, with a solved captcha of either kind.
#[server(prefix = "/fn/public", endpoint = "reset-identify")]
pub async fn identify(
    #[server(default)] username: String,
    #[server(default)] captcha: String,
    #[server(default)] captcha_ticket: String,
    #[server(default)] captcha_answer: String,
    #[server(default)] captcha_wait: String,
    #[server(default)] intent: String,
) -> Result<Screen, Fault> {
    let post = regain_service::Identify {
        user_name: username,
        captcha,
        captcha_ticket,
        captcha_answer,
        captcha_wait,
        intent,
    };
    let door = crate::doorstep::open()?;
    let step = door.service.reset.identify(&door.visit, post).await;
    door.answer_identify(step)
}

/// Picks the gate to prove with; the open one again: resend; empty: back to the choice.
#[server(prefix = "/fn/public", endpoint = "reset-choose")]
pub async fn choose(#[server(default)] method: String) -> Result<Screen, Fault> {
    let door = crate::doorstep::open()?;
    let step = door
        .service
        .reset
        .step(&door.visit, regain_domain::flow::Input::choose(&method))
        .await;
    door.answer_wizard(step)
}

/// Gives the address or number that is asked for, the code, the answers, or what a passkey has signed. Nothing at all: has the
/// phone that was asked answered by now?
#[server(prefix = "/fn/public", endpoint = "reset-prove")]
pub async fn prove(
    #[server(default)] destination: String,
    #[server(default)] code: Typed,
    #[server(default)] answer_1: Typed,
    #[server(default)] answer_2: Typed,
    #[server(default)] answer_3: Typed,
    #[server(default)] answer_4: Typed,
    #[server(default)] answer_5: Typed,
    #[server(default)] passkey: Typed,
) -> Result<Screen, Fault> {
    let proof = regain_domain::flow::Proof {
        destination,
        code: code.secret(),
        answers: [answer_1, answer_2, answer_3, answer_4, answer_5].map(Typed::secret),
        passkey: passkey.secret(),
    };
    let door = crate::doorstep::open()?;
    let step = door.service.reset.prove(&door.visit, proof).await;
    door.answer_wizard(step)
}

/// Sets the new password. `username` is there for password managers alone, and is not read.
#[server(prefix = "/fn/public", endpoint = "reset-password")]
pub async fn password(
    #[server(default)] username: String,
    #[server(default)] new_password: Typed,
    #[server(default)] confirm_password: Typed,
) -> Result<Screen, Fault> {
    let (new, repeated) = (new_password.secret(), confirm_password.secret());
    let _ = username;
    let door = crate::doorstep::open()?;
    let input = regain_domain::flow::Input::Password { new, repeated };
    let step = door.service.reset.step(&door.visit, Ok(input)).await;
    door.answer_wizard(step)
}

/// Leaves; of a flow that is over: starts again.
#[server(prefix = "/fn/public", endpoint = "reset-cancel")]
pub async fn cancel() -> Result<Screen, Fault> {
    let door = crate::doorstep::open()?;
    let step = door
        .service
        .reset
        .step(&door.visit, Ok(regain_domain::flow::Input::Cancel))
        .await;
    door.answer_wizard(step)
}

/// Asks the helpdesk.
#[server(prefix = "/fn/public", endpoint = "reset-help")]
pub async fn help() -> Result<Screen, Fault> {
    let door = crate::doorstep::open()?;
    let step = door
        .service
        .reset
        .step(&door.visit, Ok(regain_domain::flow::Input::Help))
        .await;
    door.answer_wizard(step)
}

/// Somebody is still at the kiosk: the flow waits anew, and stays as it is.
#[server(prefix = "/fn/public", endpoint = "reset-touch")]
pub async fn touch() -> Result<Screen, Fault> {
    let door = crate::doorstep::open()?;
    let step = door.service.reset.touch(&door.visit).await;
    door.answer_wizard(step)
}
