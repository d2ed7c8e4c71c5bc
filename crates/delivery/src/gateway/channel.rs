//! The gateways as a channel: a letter in the words of its way, and what its outcome means for the outbox. R34.

use super::twiml::{self, Caller};
use super::{Content, Gateways, Message, Outcome, Script, Sent, Way, text};
use crate::phone::Number;
use crate::{Channel, Envelope, Outcome as Delivered};
use regain_domain::notice::{ChannelKind, Letter};
use regain_domain::{Cost, Secret};
use std::pin::Pin;
use std::sync::Arc;

/// Messages to phones.
pub struct GatewayChannel {
    gateways: Arc<Gateways>,
}

/// Where a gateway posts what becomes of a call, and the keys that are pressed in it: `token` is that of the one request (R36).
pub fn call_url(base_url: &str, token: &str, what: &str) -> String {
    format!("{base_url}/callback/call/{token}/{what}")
}

/// What a call says first: it asks for `#`, or offers a code to whoever presses a key. Nothing of any other letter.
pub fn call_script(letter: &Letter, envelope: &Envelope) -> Option<String> {
    let Letter::Call {
        subject,
        token,
        speaks_code,
    } = letter
    else {
        return None;
    };
    let caller = Caller {
        language: envelope.language,
        organisation: &envelope.brand.name,
        subject: *subject,
    };
    let action = call_url(&envelope.base_url, token.expose(), "key");
    Some(match speaks_code {
        true => twiml::offer_code(&caller, &action),
        false => twiml::approval(&caller, &action),
    })
}

impl GatewayChannel {
    /// By these gateways; none of them carries nothing.
    pub const fn new(gateways: Arc<Gateways>) -> Self {
        Self { gateways }
    }

    async fn send(&self, letter: &Letter, envelope: &Envelope) -> Delivered {
        let Some(to) = Number::of_row(&envelope.to) else {
            return never("the number cannot be read");
        };
        match envelope.channel {
            ChannelKind::Sms => self.text(&to, letter, envelope).await,
            ChannelKind::WhatsApp => self.write(&to, letter, envelope).await,
            ChannelKind::Call => self.call(&to, letter, envelope).await,
            ChannelKind::Mail | ChannelKind::Push => never("it does not go to a number"),
        }
    }

    async fn text(&self, to: &Number, letter: &Letter, envelope: &Envelope) -> Delivered {
        let Some(text) = text::of_letter(letter, envelope) else {
            return never("there are no words for it in a text message");
        };
        let message = message(to, envelope, None, Content::Sms { text: &text });
        self.outcome(Way::Sms, self.gateways.send(&message).await)
    }

    /// What no gateway takes for `WhatsApp` goes as a text message: the same code, and no second price (R14).
    async fn write(&self, to: &Number, letter: &Letter, envelope: &Envelope) -> Delivered {
        let Some(code) = letter.code().map(|code| Secret::new(code.to_owned())) else {
            return never("there are no words for it in a message of WhatsApp");
        };
        let content = Content::WhatsApp {
            code: &code,
            organisation: &envelope.brand.name,
        };
        let sent = self.gateways.send(&message(to, envelope, None, content)).await;
        let is_open = matches!(sent.outcome, Outcome::Refused { .. } | Outcome::NotTaken { .. });
        match is_open && self.gateways.carry(Way::Sms, to.country().as_deref()) {
            true => self.text(to, letter, envelope).await,
            false => self.outcome(Way::WhatsApp, sent),
        }
    }

    async fn call(&self, to: &Number, letter: &Letter, envelope: &Envelope) -> Delivered {
        let (Letter::Call { token, .. }, Some(script)) = (letter, call_script(letter, envelope)) else {
            return never("there are no words for it in a call");
        };
        let report_to = call_url(&envelope.base_url, token.expose(), "status");
        let content = Content::Call {
            script: Script::Inline(&script),
        };
        let sent = self
            .gateways
            .send(&message(to, envelope, Some(&report_to), content))
            .await;
        self.outcome(Way::Call, sent)
    }

    fn outcome(&self, way: Way, sent: Sent) -> Delivered {
        let Sent { gateway, outcome } = sent;
        let by = |why: String| match gateway.is_empty() {
            true => why,
            false => format!("{gateway}: {why}"),
        };
        match outcome {
            Outcome::Taken { price, id } => Delivered::Charged {
                price: match price {
                    Some(told) => Cost::of_micros(told.micros),
                    None => self.gateways.price(&gateway, way),
                },
                id,
            },
            Outcome::Refused { why } => Delivered::Never { why: by(why) },
            // Names each gateway itself.
            Outcome::NotTaken { why, after } => Delivered::Later { why, after },
            Outcome::Unknown { why } => Delivered::Unknown { why: by(why) },
        }
    }
}

fn never(why: &str) -> Delivered {
    Delivered::Never { why: why.to_owned() }
}

fn message<'a>(
    to: &'a Number,
    envelope: &'a Envelope,
    report_to: Option<&'a str>,
    content: Content<'a>,
) -> Message<'a> {
    Message {
        to,
        language: envelope.language,
        reference: envelope.message_id.trim_matches(['<', '>']),
        report_to,
        valid_for: envelope.time_left,
        content,
    }
}

impl Channel for GatewayChannel {
    fn deliver<'a>(
        &'a self,
        letter: &'a Letter,
        envelope: &'a Envelope,
    ) -> Pin<Box<dyn Future<Output = Delivered> + Send + 'a>> {
        Box::pin(self.send(letter, envelope))
    }

    fn cost(&self, envelope: &Envelope) -> Cost {
        let country = Number::of_row(&envelope.to).and_then(|to| to.country());
        let dearest = |way| self.gateways.dearest(way, country.as_deref());
        match envelope.channel {
            ChannelKind::Mail | ChannelKind::Push => Cost::ZERO,
            ChannelKind::Sms => dearest(Way::Sms),
            // It may go as a text message in the end.
            ChannelKind::WhatsApp => dearest(Way::WhatsApp).max(dearest(Way::Sms)),
            ChannelKind::Call => dearest(Way::Call),
        }
    }
}
