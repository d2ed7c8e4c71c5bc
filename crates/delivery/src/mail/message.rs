//! The mail itself: headers through typed builders only, and nothing that could start a header of its own (R35).

use crate::{Envelope, Rendered};
use lettre::address::AddressError;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};
use std::error::Error;
use std::time::{Duration, SystemTime};

/// The longest line of RFC 5322 §2.1.1, in octets.
const LONGEST: usize = 998;

/// Why no mail can be made of it. Names the part, never its value.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unfit {
    #[error("the {0} holds control characters or is too long for a header")]
    Header(&'static str),
    #[error("the recipient is not a mail address")]
    Recipient(#[from] AddressError),
    #[error("the mail could not be put together")]
    Parts(#[from] lettre::error::Error),
}

/// Puts the mail together: text and HTML as alternatives.
pub(super) fn build(rendered: &Rendered, envelope: &Envelope, from: &Address) -> Result<Message, Unfit> {
    let to: Address = fit("recipient", &envelope.to)?.parse()?;
    let name = fit("sender's name", &envelope.brand.name)?;
    let subject = fit("subject", &rendered.subject)?;
    let message_id = fit("message id", &envelope.message_id)?;
    let written_at = Duration::from_millis(u64::try_from(envelope.at.ms()).unwrap_or(0));
    let message = Message::builder()
        .message_id(Some(message_id.to_owned()))
        .date(SystemTime::UNIX_EPOCH + written_at)
        .from(Mailbox::new(Some(name.to_owned()), from.clone()))
        .to(Mailbox::new(None, to))
        .subject(subject)
        .header(AutoSubmitted)
        .multipart(MultiPart::alternative_plain_html(
            rendered.text.clone(),
            rendered.html.clone(),
        ))?;
    Ok(message)
}

/// A header value of one line. R35.
fn fit<'a>(part: &'static str, value: &'a str) -> Result<&'a str, Unfit> {
    if value.len() > LONGEST || value.chars().any(char::is_control) {
        return Err(Unfit::Header(part));
    }
    Ok(value)
}

/// `Auto-Submitted: auto-generated` (RFC 3834): holidays' answering machines keep silent.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regain_domain::Timestamp;
    use regain_domain::brand::Brand;
    use regain_domain::ids::TenantId;
    use regain_domain::locale::Language;
    use regain_domain::notice::ChannelKind;
    use std::time::Duration;

    fn envelope() -> Envelope {
        Envelope {
            tenant: TenantId(uuid::Uuid::nil()),
            channel: ChannelKind::Mail,
            to: "someone@mail.example".to_owned(),
            message_id: "<7@reset.acorn.example>".to_owned(),
            at: Timestamp::from_ms(1_795_271_520_000),
            time_left: Duration::from_mins(10),
            language: Language::De,
            reference: None,
            base_url: "https://reset.acorn.example".to_owned(),
            brand: Brand::named("Käse, Brot & \"Wein\""),
        }
    }

    fn rendered(subject: &str) -> Rendered {
        Rendered {
            subject: subject.to_owned(),
            text: "Grüße\n".to_owned(),
            html: "<p>Grüße</p>".to_owned(),
        }
    }

    fn built(envelope: &Envelope, subject: &str) -> Result<String, String> {
        let from = "noreply@acorn.example".parse().unwrap();
        build(&rendered(subject), envelope, &from)
            .map(|message| String::from_utf8(message.formatted()).unwrap())
            .map_err(|unfit| unfit.to_string())
    }

    #[test]
    fn headers_are_encoded_and_dated_by_the_envelope() {
        let mail = built(&envelope(), "Ihr Code für Käse: 481516").unwrap();
        assert!(mail.is_ascii());
        for line in [
            "Message-ID: <7@reset.acorn.example>\r\n",
            "Date: Sat, 21 Nov 2026 14:32:00 +0000\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "To: someone@mail.example\r\n",
            "Content-Type: multipart/alternative;",
            "<noreply@acorn.example>\r\n",
        ] {
            assert!(mail.contains(line), "{line}\n{mail}");
        }
        assert!(mail.lines().all(|line| line.len() <= 998));
        assert!(!mail.contains("Käse") && mail.contains("From: "));
    }

    #[test]
    fn r35_no_value_starts_a_header_of_its_own() {
        for bad in ["a\r\nBcc: x@y.example", "a\nb", "a\rb", "a\0b", &"a".repeat(999)] {
            assert!(built(&envelope(), bad).is_err_and(|why| why.starts_with("the subject")));
            let mut spoilt = envelope();
            bad.clone_into(&mut spoilt.brand.name);
            assert!(built(&spoilt, "x").is_err_and(|why| why.starts_with("the sender's name")));
            spoilt = envelope();
            bad.clone_into(&mut spoilt.message_id);
            assert!(built(&spoilt, "x").is_err_and(|why| why.starts_with("the message id")));
            spoilt = envelope();
            spoilt.to = format!("someone@mail.example{bad}");
            assert!(built(&spoilt, "x").is_err_and(|why| why.starts_with("the recipient") && !why.contains('@')));
        }
        for bad in [
            "",
            "someone",
            "a@b.example, c@d.example",
            "<a@b.example>",
            "a b@c.example",
        ] {
            let mut spoilt = envelope();
            bad.clone_into(&mut spoilt.to);
            assert_eq!(built(&spoilt, "x").unwrap_err(), "the recipient is not a mail address");
        }
    }
}
