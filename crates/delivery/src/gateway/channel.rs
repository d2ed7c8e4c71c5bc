//! The gateways as a channel: a letter in the words of its way, and what its outcome means for the outbox. R34.

use super::{Content, Gateways, Message, Outcome, Sent, Way, text};
use crate::phone::Number;
use crate::{Channel, Envelope, Outcome as Delivered};
use regain_domain::Cost;
use regain_domain::notice::{ChannelKind, Letter};
use std::pin::Pin;

/// Messages to phones.
pub struct GatewayChannel {
    gateways: Gateways,
}

impl GatewayChannel {
    /// By these gateways; none of them carries nothing.
    pub const fn new(gateways: Gateways) -> Self {
        Self { gateways }
    }

    async fn send(&self, letter: &Letter, envelope: &Envelope) -> Delivered {
        let never = |why: &str| Delivered::Never { why: why.to_owned() };
        let Some(to) = Number::of_row(&envelope.to) else {
            return never("the number cannot be read");
        };
        if envelope.channel != ChannelKind::Sms {
            return never("only text messages are sent so far");
        }
        let Some(text) = text::of_letter(letter, envelope) else {
            return never("there are no words for it in a text message");
        };
        let message = Message {
            to: &to,
            language: envelope.language,
            reference: envelope.message_id.trim_matches(['<', '>']),
            report_to: None,
            valid_for: envelope.time_left,
            content: Content::Sms { text: &text },
        };
        self.outcome(Way::Sms, self.gateways.send(&message).await)
    }

    fn outcome(&self, way: Way, sent: Sent) -> Delivered {
        let Sent { gateway, outcome } = sent;
        let by = |why: String| match gateway.is_empty() {
            true => why,
            false => format!("{gateway}: {why}"),
        };
        match outcome {
            Outcome::Taken { price, .. } => Delivered::Charged(match price {
                Some(told) => Cost::of_micros(told.micros),
                None => self.gateways.price(&gateway, way),
            }),
            Outcome::Refused { why } => Delivered::Never { why: by(why) },
            // Names each gateway itself.
            Outcome::NotTaken { why, after } => Delivered::Later { why, after },
            Outcome::Unknown { why } => Delivered::Unknown { why: by(why) },
        }
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
        let way = Way::of_code(envelope.channel.code());
        let country = Number::of_row(&envelope.to).and_then(|to| to.country());
        way.map_or(Cost::ZERO, |way| self.gateways.dearest(way, country.as_deref()))
    }
}
