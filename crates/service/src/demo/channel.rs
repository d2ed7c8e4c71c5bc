//! The demo's outside world: every message is kept, none is sent.

use crate::core::Core;
use regain_delivery::{Channel, Envelope, Outcome, render};
use regain_domain::notice::Letter;
use regain_store::demo as rows;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

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
        let rendered = render(letter, envelope);
        let tx = self.core.store.write(envelope.tenant).await?;
        let message = rows::Message {
            id: 0,
            at: self.core.now(),
            channel: "mail".to_owned(),
            to: envelope.to.clone(),
            subject: rendered.subject,
            text: rendered.text,
            html: Some(rendered.html),
            code: letter.code().map(str::to_owned),
            message_id: Some(envelope.message_id.clone()),
            context: letter.purpose().to_owned(),
        };
        rows::keep(&tx, &message).await?;
        Ok(tx.commit().await?)
    }
}
