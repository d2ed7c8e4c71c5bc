//! The text of an SMS that brings a code.

use super::words::Words;
use crate::Envelope;
use crate::letter::words::Holes;
use regain_domain::Secret;
use regain_domain::brand::plain_text;
use regain_domain::locale::Language;
use regain_domain::notice::{Letter, Subject};
use std::time::Duration;
use url::Url;

/// What a letter says in a text message; nothing if it carries no code. Never the login with the code (R35).
pub fn of_letter(letter: &Letter, envelope: &Envelope) -> Option<Secret> {
    let (code, subject) = match letter {
        Letter::ResetCode { code, subject, .. } | Letter::ConfirmCode { code, subject, .. } => (code, *subject),
        _ => return None,
    };
    let url = Url::parse(&envelope.base_url).ok()?;
    // As the page counts: the minute that has begun is told as a whole one.
    let life = Duration::from_mins(envelope.time_left.as_secs().div_ceil(60));
    Some(with_code(
        envelope.language,
        subject,
        &envelope.brand.name,
        &Secret::new(code.expose().to_owned()),
        life,
        url.host_str()?,
    ))
}

/// A code in words. Its last line binds it to the page's host, where browsers offer to fill it in by themselves (the
/// draft "origin-bound one-time codes" of the W3C): a page of another host is offered nothing.
///
/// `organisation` is a house's name, `host` that of the tenant's pages, without port; `life` is told in whole minutes.
pub fn with_code(
    language: Language,
    subject: Subject,
    organisation: &str,
    code: &Secret,
    life: Duration,
    host: &str,
) -> Secret {
    let mut holes = Holes::new(false);
    holes.put("org", &plain_text(organisation));
    holes.put("code", code.expose());
    holes.put("minutes", &(life.as_secs() / 60).to_string());
    let words = holes.fill(Words::of(language).sms.of(subject));
    Secret::new(format!("{words}\n@{host} #{}", code.expose()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use regain_domain::Timestamp;
    use regain_domain::brand::Brand;
    use regain_domain::ids::TenantId;
    use regain_domain::notice::{ChannelKind, LetterCode};

    #[test]
    fn a_text_says_who_what_how_long_and_where() {
        let text = |language, subject| {
            let (code, life) = (Secret::new("481516".to_owned()), Duration::from_mins(5));
            let org = "Acorn {{ code }}\n@evil.example #1";
            let text = with_code(language, subject, org, &code, life, "reset.acorn.example");
            text.expose().to_owned()
        };
        assert_eq!(
            text(Language::En, Subject::Reset),
            "Acorn {{ code }}@evil.example #1: 481516 is your code to reset your password, valid 5 min. Never share it.\n\
             @reset.acorn.example #481516"
        );
        for language in Language::ALL {
            for subject in Subject::ALL {
                let text = text(language, subject);
                assert!(text.contains(": 481516 ") || text.contains("481516"), "{text}");
                assert!(text.ends_with("\n@reset.acorn.example #481516"), "{text}");
                assert_eq!(text.lines().count(), 2, "{text}");
            }
        }
    }

    #[test]
    fn r35_only_codes_are_texted_with_the_time_that_they_have_left() {
        let at = Timestamp::from_ms(0);
        let envelope = Envelope {
            tenant: TenantId(uuid::Uuid::nil()),
            channel: ChannelKind::Sms,
            to: "+420601123456".to_owned(),
            message_id: "<7@birch.localhost>".to_owned(),
            at,
            time_left: Duration::from_secs(4 * 60 + 1),
            language: Language::En,
            reference: None,
            base_url: "http://birch.localhost:3000".to_owned(),
            brand: Brand::named("Birch"),
        };
        let code = |code: &str| LetterCode::new(code.to_owned());
        let (reference, network) = ("K7QM-2XWD".to_owned(), "192.0.2.7".to_owned());
        let reset = Letter::ResetCode {
            code: code("481516"),
            subject: Subject::Reset,
            expires_at: at,
            reference,
            network: network.clone(),
        };
        let confirm = Letter::ConfirmCode {
            code: code("234223"),
            subject: Subject::Registration,
            expires_at: at,
            network,
        };
        let said = |letter| of_letter(letter, &envelope).map(|text| text.expose().to_owned());
        assert_eq!(
            said(&reset).as_deref(),
            Some(
                "Birch: 481516 is your code to reset your password, valid 5 min. Never share it.\n\
                 @birch.localhost #481516"
            )
        );
        assert!(said(&confirm).is_some_and(|text| text.ends_with("\n@birch.localhost #234223")));
        assert_eq!(said(&Letter::Blocked { until: at }), None);
    }
}
