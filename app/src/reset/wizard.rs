//! The posts of the wizard, and what the page holds on the client.

use super::api;
use crate::posting::{self, Posting};
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
}

impl Post {
    async fn send(self) -> Result<Screen, Fault> {
        match self {
            Self::Identify(who) => {
                api::identify(
                    who.user_name,
                    who.captcha,
                    who.captcha_ticket,
                    who.captcha_answer,
                    who.captcha_wait,
                )
                .await
            }
            Self::Choose(method) => api::choose(method).await,
            Self::Destination(address) => prove(address, Typed::default(), Default::default()).await,
            Self::Collect => prove(String::new(), Typed::default(), Default::default()).await,
            Self::Code(code) => prove(String::new(), code, Default::default()).await,
            Self::Answers(answers) => prove(String::new(), Typed::default(), answers).await,
            Self::Password(new, repeated) => api::password(String::new(), new, repeated).await,
            Self::Cancel => api::cancel().await,
            Self::Help => api::help().await,
            Self::Look => api::look(false, String::new()).await,
        }
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

async fn prove(address: String, code: Typed, answers: [Typed; 5]) -> Result<Screen, Fault> {
    let [one, two, three, four, five] = answers;
    api::prove(address, code, one, two, three, four, five, Typed::default()).await
}

/// The wizard as the page knows it.
pub(super) type Wizard = Posting<Post>;
