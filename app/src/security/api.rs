//! The functions of `/security-info`: parse, call one service function, answer. A field that a post lacks counts as empty.

#![expect(
    clippy::too_many_arguments,
    reason = "the fields of a form are the arguments of its function"
)]

use crate::{Fault, Typed};
use leptos::prelude::*;
use regain_domain::registration::SecurityScreen;

/// What the page shows.
#[server(prefix = "/fn/user", endpoint = "security-look")]
pub async fn look() -> Result<SecurityScreen, Fault> {
    let door = crate::doorstep::open()?;
    let screen = door.service.registration.look(&door.visit).await;
    door.show(screen)
}

/// The password of whoever is signed in. `username` is there for password managers alone, and is not read.
#[server(prefix = "/fn/user", endpoint = "security-confirm")]
pub async fn confirm(
    #[server(default)] username: String,
    #[server(default)] password: Typed,
) -> Result<SecurityScreen, Fault> {
    let password = password.secret();
    let _ = username;
    let door = crate::doorstep::open()?;
    let step = door.service.registration.confirm(&door.visit, password).await;
    door.answer("/security-info", step)
}

/// Picks the registered method to prove it with; the open one again: resend; empty: back to the choice.
#[server(prefix = "/fn/user", endpoint = "security-choose")]
pub async fn choose(#[server(default)] method: String) -> Result<SecurityScreen, Fault> {
    let door = crate::doorstep::open()?;
    let input = regain_domain::flow::Input::choose(&method);
    let step = door.service.registration.choose(&door.visit, input).await;
    door.answer("/security-info", step)
}

/// Gives the number of that method, its code, or what a passkey has signed. Nothing at all: has the phone answered by now?
#[server(prefix = "/fn/user", endpoint = "security-prove")]
pub async fn prove(
    #[server(default)] destination: String,
    #[server(default)] code: Typed,
    #[server(default)] passkey: Typed,
) -> Result<SecurityScreen, Fault> {
    let proof = regain_domain::flow::Proof {
        destination,
        passkey: passkey.secret(),
        ..regain_domain::flow::Proof::of_code(code.secret())
    };
    let door = crate::doorstep::open()?;
    let step = door.service.registration.prove(&door.visit, proof).await;
    door.answer("/security-info", step)
}

/// Begins to register a method of a kind.
#[server(prefix = "/fn/user", endpoint = "security-add")]
pub async fn add(#[server(default)] kind: String) -> Result<SecurityScreen, Fault> {
    let door = crate::doorstep::open()?;
    let step = door.service.registration.add(&door.visit, &kind).await;
    door.answer("/security-info", step)
}

/// Gives the address of the method on its way, or its code.
#[server(prefix = "/fn/user", endpoint = "security-enrol")]
pub async fn enrol(
    #[server(default)] destination: String,
    #[server(default)] code: Typed,
) -> Result<SecurityScreen, Fault> {
    let code = code.secret();
    let door = crate::doorstep::open()?;
    let step = door.service.registration.enrol(&door.visit, destination, code).await;
    door.answer("/security-info", step)
}

/// Gives the passkey that the browser has made.
#[server(prefix = "/fn/user", endpoint = "security-passkey")]
pub async fn passkey(#[server(default)] passkey: Typed) -> Result<SecurityScreen, Fault> {
    let answer = passkey.secret();
    let door = crate::doorstep::open()?;
    let step = door.service.registration.enrol_passkey(&door.visit, answer).await;
    door.answer("/security-info", step)
}

/// Chooses questions, by their codes, and answers them.
#[server(prefix = "/fn/user", endpoint = "security-answer")]
pub async fn questions(
    #[server(default)] question_1: String,
    #[server(default)] question_2: String,
    #[server(default)] question_3: String,
    #[server(default)] question_4: String,
    #[server(default)] question_5: String,
    #[server(default)] answer_1: Typed,
    #[server(default)] answer_2: Typed,
    #[server(default)] answer_3: Typed,
    #[server(default)] answer_4: Typed,
    #[server(default)] answer_5: Typed,
) -> Result<SecurityScreen, Fault> {
    let chosen = [question_1, question_2, question_3, question_4, question_5];
    let answers = [answer_1, answer_2, answer_3, answer_4, answer_5].map(Typed::secret);
    let door = crate::doorstep::open()?;
    let step = door.service.registration.answer(&door.visit, &chosen, &answers).await;
    door.answer("/security-info", step)
}

/// Sends the code of the method on its way once more.
#[server(prefix = "/fn/user", endpoint = "security-again")]
pub async fn again() -> Result<SecurityScreen, Fault> {
    let door = crate::doorstep::open()?;
    let step = door.service.registration.send_again(&door.visit).await;
    door.answer("/security-info", step)
}

/// Gives up the method on its way.
#[server(prefix = "/fn/user", endpoint = "security-leave")]
pub async fn leave() -> Result<SecurityScreen, Fault> {
    let door = crate::doorstep::open()?;
    let step = door.service.registration.leave(&door.visit).await;
    door.answer("/security-info", step)
}

/// Changes a registered method. `act`: `name`, `prefer` or `remove`.
#[server(prefix = "/fn/user", endpoint = "security-change")]
pub async fn change(
    #[server(default)] id: String,
    #[server(default)] act: String,
    #[server(default)] name: String,
) -> Result<SecurityScreen, Fault> {
    let door = crate::doorstep::open()?;
    let step = door.service.registration.change(&door.visit, &id, &act, &name).await;
    door.answer("/security-info", step)
}

/// Puts off what was asked for at sign-in. `to`: where one goes from there.
#[server(prefix = "/fn/user", endpoint = "security-skip")]
pub async fn skip(#[server(default)] to: String) -> Result<SecurityScreen, Fault> {
    let onward = crate::account::Onward::of_code(&to).page();
    let door = crate::doorstep::open()?;
    let step = door.service.registration.skip(&door.visit).await;
    door.answer(crate::doorstep::after_interrupt(&step, onward), step)
}

/// Says that all methods which the page has shown are right still.
#[server(prefix = "/fn/user", endpoint = "security-reconfirm")]
pub async fn reconfirm() -> Result<SecurityScreen, Fault> {
    let door = crate::doorstep::open()?;
    let step = door.service.registration.reconfirm(&door.visit).await;
    door.answer(crate::doorstep::after_interrupt(&step, "/"), step)
}
