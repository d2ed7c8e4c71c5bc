//! The text of an SMS that brings a code.

use super::words::{Subject, Words};
use crate::letter::words::Holes;
use regain_domain::Secret;
use regain_domain::brand::plain_text;
use regain_domain::locale::Language;
use std::time::Duration;

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
}
