//! The demo's outside world: every message is kept, none is sent.

use crate::core::Core;
use anyhow::Context;
use regain_delivery::gateway::{call_script, text, twiml};
use regain_delivery::{Channel, Envelope, Outcome, render};
use regain_domain::ids::AccountId;
use regain_domain::notice::Letter;
use regain_store::{Tx, accounts, demo as rows};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use uuid::Uuid;

/// Keeps messages in the demo's database.
pub(super) struct DemoChannel {
    pub(super) core: Arc<Core>,
}

impl Channel for DemoChannel {
    fn deliver<'a>(
        &'a self,
        letter: &'a Letter,
        envelope: &'a Envelope,
    ) -> Pin<Box<dyn Future<Output = Outcome> + Send + 'a>> {
        Box::pin(async move {
            match self.keep(letter, envelope).await {
                Ok(()) => Outcome::Sent,
                Err(error) => Outcome::Later {
                    why: format!("the demo's mailbox: {error:#}"),
                    after: None,
                },
            }
        })
    }
}

impl DemoChannel {
    async fn keep(&self, letter: &Letter, envelope: &Envelope) -> anyhow::Result<()> {
        let tx = self.core.store.write(envelope.tenant).await?;
        let to = match letter {
            Letter::Push { .. } => user_name(&tx, &envelope.to).await?,
            _ => envelope.to.clone(),
        };
        let message = rows::Message {
            id: 0,
            at: self.core.now(),
            channel: envelope.channel.code().to_owned(),
            to,
            code: letter.code().map(str::to_owned),
            context: letter.purpose().to_owned(),
            ..words(letter, envelope)?
        };
        rows::keep(&tx, &message).await?;
        Ok(tx.commit().await?)
    }
}

/// Whose phones a push would wake.
async fn user_name(tx: &Tx, account: &str) -> anyhow::Result<String> {
    let id = AccountId(Uuid::parse_str(account).context("the account of a push")?);
    let found = accounts::by_id(tx, id).await?;
    Ok(found.map_or(String::new(), |account| account.user_name.as_str().to_owned()))
}

/// What it says, and what only mails have.
fn words(letter: &Letter, envelope: &Envelope) -> anyhow::Result<rows::Message> {
    if let (Letter::Call { token, .. }, Some(script)) = (letter, call_script(letter, envelope)) {
        return Ok(rows::Message {
            text: twiml::said(&script).expose().to_owned(),
            // By which the demo finds the call that is answered.
            message_id: Some(token.expose().to_owned()),
            ..rows::Message::default()
        });
    }
    if let Letter::Push { request, .. } = letter {
        return Ok(rows::Message {
            text: request.to_string(),
            ..rows::Message::default()
        });
    }
    if envelope.channel.is_paid() {
        let text = text::of_letter(letter, envelope).context("no words for this way")?;
        return Ok(rows::Message {
            text: text.expose().to_owned(),
            ..rows::Message::default()
        });
    }
    let rendered = render(letter, envelope).context("no words for a mail")?;
    Ok(rows::Message {
        subject: rendered.subject,
        text: rendered.text,
        html: Some(rendered.html),
        message_id: Some(envelope.message_id.clone()),
        ..rows::Message::default()
    })
}
