//! The posts of the wizard, and what the page holds on the client.

use super::api;
use crate::posting::{self, Posting};
use crate::roots::go;
use crate::ui::{ANEW, in_kiosk};
use crate::{Fault, Typed};
use regain_domain::Refusal;
use regain_domain::flow::Screen;

/// One post of the wizard.
#[derive(Clone)]
pub(super) enum Post {
    /// Who it is.
    Identify(Identity),
    /// A gate, or empty.
    Choose(String),
    /// The address.
    Destination(String),
    /// The code.
    Code(Typed),
    /// The answers.
    Answers([Typed; 5]),
    /// What the browser says of a passkey.
    Passkey(Typed),
    /// What the phone that was asked has answered.
    Collect,
    /// The new password, twice.
    Password(Typed, Typed),
    /// Leave, or start again.
    Cancel,
    /// Ask the helpdesk.
    Help,
    /// Look again, after the time ran out or for another picture.
    Look,
}

/// The identify form.
#[derive(Clone)]
pub(super) struct Identity {
    pub(super) user_name: String,
    pub(super) captcha: String,
    pub(super) captcha_ticket: String,
    pub(super) captcha_answer: String,
    pub(super) captcha_wait: String,
    pub(super) intent: String,
}

impl Post {
    async fn send(self) -> Result<Screen, Fault> {
        let given = match self {
            Self::Identify(who) => return who.send().await,
            Self::Choose(method) => return api::choose(method).await,
            Self::Password(new, repeated) => return api::password(String::new(), new, repeated).await,
            Self::Cancel => {
                let left = api::cancel().await;
                if in_kiosk() {
                    // Nothing stays, not even what the program holds.
                    go(ANEW);
                }
                return left;
            }
            Self::Help => return api::help().await,
            Self::Look => return api::look(false, String::new()).await,
            Self::Collect => Given::default(),
            Self::Destination(address) => Given {
                address,
                ..Given::default()
            },
            Self::Code(code) => Given {
                code,
                ..Given::default()
            },
            Self::Answers(answers) => Given {
                answers,
                ..Given::default()
            },
            Self::Passkey(passkey) => Given {
                passkey,
                ..Given::default()
            },
        };
        given.send().await
    }
}

impl Identity {
    async fn send(self) -> Result<Screen, Fault> {
        api::identify(
            self.user_name,
            self.captcha,
            self.captcha_ticket,
            self.captcha_answer,
            self.captcha_wait,
            self.intent,
        )
        .await
    }
}

/// The fields of a proof; one is filled in, or none. One place sends them all: each more would be in the bundle once more.
#[derive(Default)]
struct Given {
    address: String,
    code: Typed,
    answers: [Typed; 5],
    passkey: Typed,
}

impl Given {
    async fn send(self) -> Result<Screen, Fault> {
        let [one, two, three, four, five] = self.answers;
        api::prove(self.address, self.code, one, two, three, four, five, self.passkey).await
    }
}

impl posting::Post for Post {
    type Screen = Screen;

    async fn answered(self) -> Result<Screen, Fault> {
        match self.send().await {
            Err(Fault::Stale) => {
                let mut screen = api::look(true, String::new()).await?;
                if screen.refusals.is_empty() {
                    screen.refusals.push(Refusal::Stale);
                }
                Ok(screen)
            }
            other => other,
        }
    }
}

/// The wizard as the page knows it.
pub(super) type Wizard = Posting<Post>;
