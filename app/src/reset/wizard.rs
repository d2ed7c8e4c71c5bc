//! What the page holds on the client: the post under way, the screen that the last one returned, and what broke.

use super::api;
use crate::{Fault, Typed};
use leptos::prelude::*;
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
            Self::Code(code) => prove(String::new(), code, Default::default()).await,
            Self::Answers(answers) => prove(String::new(), Typed::default(), answers).await,
            Self::Password(new, repeated) => api::password(String::new(), new, repeated).await,
            Self::Cancel => api::cancel().await,
            Self::Help => api::help().await,
            Self::Look => api::look(false, String::new()).await,
        }
    }

    /// Sends it; a post that came too late looks where the flow is now.
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
    api::prove(address, code, one, two, three, four, five).await
}

/// The wizard as the page knows it. Dies with a reload at no loss.
#[derive(Clone, Copy)]
pub(super) struct Wizard {
    posting: Action<Post, ()>,
    /// What the last post returned.
    pub(super) screen: RwSignal<Option<Screen>>,
    fault: RwSignal<Option<Fault>>,
}

impl Wizard {
    /// Nothing posted yet.
    pub(super) fn new() -> Self {
        let (screen, fault) = (RwSignal::new(None), RwSignal::new(None));
        let posting = Action::new(move |post: &Post| {
            let post = post.clone();
            async move {
                match post.answered().await {
                    Ok(next) => {
                        fault.set(None);
                        screen.set(Some(next));
                    }
                    Err(broken) => fault.set(Some(broken)),
                }
            }
        });
        Self { posting, screen, fault }
    }

    /// Sends a post.
    pub(super) fn post(self, post: Post) {
        self.posting.dispatch(post);
    }

    /// Whether a post is under way.
    pub(super) fn waiting(self) -> Signal<bool> {
        self.posting.pending().into()
    }

    /// What broke.
    pub(super) fn fault(self) -> Signal<Option<Fault>> {
        self.fault.into()
    }
}
