//! What is said in a call, as documents of `TwiML`. R13.
//!
//! A key counts only once the prompt has ended: prompts stand in front of `<Gather>`, and what is pressed before it
//! listens is lost (Twilio's help page "Troubleshooting issues with Gather"). A lone `#` ends a usual `<Gather>` without
//! a word to anybody, so here no key ends it (`finishOnKey=""`) but its one digit.

use super::words::Words;
use crate::letter::words::Holes;
use regain_domain::Secret;
use regain_domain::brand::plain_text;
use regain_domain::locale::Language;
use regain_domain::notice::Subject;

/// How long a key is waited for after each prompt, in seconds.
const WAIT: &str = "8";
/// How long the `#` of `9#` is waited for without a word, in seconds.
const WAIT_FOR_HASH: &str = "3";
/// How often a prompt is said, for those who had yet to find the keys.
const PROMPTS: usize = 2;

/// How a call ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// `#` was pressed, and it counted.
    Allowed,
    /// Another key, or too late.
    NotAllowed,
    /// `9#` was pressed.
    Reported,
}

/// Who calls, what about, and in which language.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// The language that is spoken.
    pub language: Language,
    /// The house's name.
    pub organisation: &'a str,
    /// What it is about.
    pub subject: Subject,
}

/// Asks for `#`, or `9#` to report. The gateway posts the one key to `action`; without a key the call ends.
///
/// `9` alone is answered by [`confirm_report`].
pub fn approval(caller: &Caller<'_>, action: &str) -> String {
    let words = &Words::of(caller.language).call;
    let prompt = [words.press_hash.as_str(), &words.report];
    let mut document = Document::of(caller.language);
    document.introduce(caller);
    document.ask(&prompt, action);
    document.end(&[&words.not_allowed, &words.goodbye])
}

/// After `9`: waits for the `#` that confirms the report, first without a word, so that `9#` can be pressed in one go.
/// The key is posted to `action`; another `9` is best answered by the same document.
pub fn confirm_report(language: Language, action: &str) -> String {
    let words = &Words::of(language).call;
    let mut document = Document::of(language);
    document.gather(action, WAIT_FOR_HASH);
    document.ask(&[&words.confirm], action);
    document.end(&[&words.not_allowed, &words.goodbye])
}

/// Offers to speak a code: any key, posted to `action`, is answered by [`spoken_code`]. A voicemail presses none (R13).
pub fn offer_code(caller: &Caller<'_>, action: &str) -> String {
    let words = &Words::of(caller.language).call;
    let mut document = Document::of(caller.language);
    document.introduce(caller);
    document.ask(&[&words.any_key], action);
    document.end(&[&words.goodbye])
}

/// Speaks a code slowly, digit by digit, twice. A secret: it holds the code.
pub fn spoken_code(language: Language, code: &Secret) -> Secret {
    let words = &Words::of(language).call;
    let mut document = Document::of(language);
    for lead in [&words.code, &words.again] {
        document.say(lead);
        for digit in code.expose().chars() {
            document.pause();
            document.say(digit.encode_utf8(&mut [0; 4]));
        }
        document.pause();
    }
    Secret::new(document.end(&[&words.keep, &words.goodbye]))
}

/// The last words.
pub fn goodbye(language: Language, end: End) -> String {
    let words = &Words::of(language).call;
    let last = match end {
        End::Allowed => &words.allowed,
        End::NotAllowed => &words.not_allowed,
        End::Reported => &words.reported,
    };
    Document::of(language).end(&[last, &words.goodbye])
}

/// What a document says, sentence by sentence: for those who read along instead of listening. A secret, where it speaks a code.
pub fn said(document: &str) -> Secret {
    let spoken = document.split("<Say").skip(1).filter_map(|part| {
        let (_, words) = part.split_once('>')?;
        words.split("</Say>").next()
    });
    let mut sentences: Vec<&str> = Vec::new();
    for words in spoken {
        // A prompt is said twice; digits are not dropped for being alike.
        if words.chars().count() == 1 || !sentences.contains(&words) {
            sentences.push(words);
        }
    }
    let mut text = sentences.join(" ");
    for (escape, plain) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ] {
        text = text.replace(escape, plain);
    }
    Secret::new(text)
}

/// A document that is being written.
struct Document {
    text: String,
    voice: &'static str,
}

impl Document {
    fn of(language: Language) -> Self {
        Self {
            text: r#"<?xml version="1.0" encoding="UTF-8"?><Response>"#.to_owned(),
            voice: voice(language),
        }
    }

    fn say(&mut self, words: &str) {
        let (voice, words) = (self.voice, escaped(words));
        self.text
            .extend([r#"<Say language=""#, voice, r#"">"#, &words, "</Say>"]);
    }

    fn pause(&mut self) {
        self.text.push_str(r#"<Pause length="1"/>"#);
    }

    fn introduce(&mut self, caller: &Caller<'_>) {
        let words = &Words::of(caller.language).call;
        let mut holes = Holes::new(false);
        holes.put("org", &plain_text(caller.organisation));
        self.say(&holes.fill(&words.from));
        self.say(words.about.of(caller.subject));
    }

    fn ask(&mut self, prompt: &[&str], action: &str) {
        for _ in 0..PROMPTS {
            for words in prompt {
                self.say(words);
            }
            self.gather(action, WAIT);
        }
    }

    fn gather(&mut self, action: &str, wait: &str) {
        let action = escaped(action);
        self.text.extend([
            r#"<Gather input="dtmf" numDigits="1" finishOnKey="" method="POST" timeout=""#,
            wait,
            r#"" action=""#,
            &action,
            r#""/>"#,
        ]);
    }

    fn end(mut self, words: &[&String]) -> String {
        for last in words {
            self.say(last);
        }
        self.text.push_str("<Hangup/></Response>");
        self.text
    }
}

/// The language as the gateway's voices are named. `ar-XA` is what it calls standard Arabic.
const fn voice(language: Language) -> &'static str {
    match language {
        Language::En => "en-US",
        Language::De => "de-DE",
        Language::Fr => "fr-FR",
        Language::Es => "es-ES",
        Language::Ar => "ar-XA",
    }
}

/// Text for XML: markup escaped, and without the characters that no document may hold (XML 1.0 §2.2).
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}'))
    {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTION: &str = "https://reset.acorn.example/callback/t?a=1&b=2";
    const GATHER: &str = r#"<Gather input="dtmf" numDigits="1" finishOnKey="" method="POST" timeout="8" action="https://reset.acorn.example/callback/t?a=1&amp;b=2"/>"#;

    fn caller(language: Language) -> Caller<'static> {
        Caller {
            language,
            organisation: "Käse & \"Wein\" <b>\u{202e}",
            subject: Subject::Reset,
        }
    }

    #[test]
    fn r13_a_call_says_who_and_what_and_listens_only_after_the_prompt() {
        assert_eq!(
            approval(&caller(Language::En), ACTION),
            [
                r#"<?xml version="1.0" encoding="UTF-8"?><Response>"#,
                r#"<Say language="en-US">Hello. This is Käse &amp; &quot;Wein&quot; &lt;b&gt;.</Say>"#,
                r#"<Say language="en-US">A password reset was asked for your account.</Say>"#,
                r#"<Say language="en-US">If this is you, press the hash key to allow it, or hang up.</Say>"#,
                r#"<Say language="en-US">If it is not you, press nine, then hash, to report it.</Say>"#,
                GATHER,
                r#"<Say language="en-US">If this is you, press the hash key to allow it, or hang up.</Say>"#,
                r#"<Say language="en-US">If it is not you, press nine, then hash, to report it.</Say>"#,
                GATHER,
                r#"<Say language="en-US">Nothing was allowed.</Say>"#,
                r#"<Say language="en-US">Goodbye.</Say><Hangup/></Response>"#,
            ]
            .concat()
        );
    }

    #[test]
    fn r13_a_report_is_confirmed_by_hash_at_once() {
        let document = confirm_report(Language::De, ACTION);
        let silent = GATHER.replace(r#"timeout="8""#, r#"timeout="3""#);
        let begin = format!("<Response>{silent}<Say language=\"de-DE\">Um es zu melden, drücken Sie jetzt");
        assert!(document.contains(&begin), "{document}");
    }

    #[test]
    fn r13_a_code_is_offered_first_and_then_spoken_twice_by_digits() {
        let code = Secret::new("481516".to_owned());
        for language in Language::ALL {
            let offer = offer_code(&caller(language), ACTION);
            assert!(offer.contains(GATHER) && !offer.contains("481516"), "{offer}");
            let spoken = spoken_code(language, &code);
            let digits: String = spoken
                .expose()
                .split("<Pause length=\"1\"/>")
                .filter_map(|part| {
                    let said = part.split('>').nth(1)?.split('<').next()?;
                    (said.len() == 1).then_some(said)
                })
                .collect();
            assert_eq!(digits, "481516481516", "{}", spoken.expose());
            assert!(!spoken.expose().contains("481516") && !spoken.expose().contains("<Gather"));
        }
    }

    #[test]
    fn a_document_is_read_along_without_its_markup() {
        let prompt = said(&approval(&caller(Language::En), ACTION));
        assert_eq!(
            prompt.expose(),
            "Hello. This is Käse & \"Wein\" <b>. A password reset was asked for your account. If this is you, press the hash \
             key to allow it, or hang up. If it is not you, press nine, then hash, to report it. Nothing was allowed. Goodbye."
        );
        let code = said(spoken_code(Language::En, &Secret::new("481116".to_owned())).expose());
        assert!(
            code.expose()
                .starts_with("Your code is: 4 8 1 1 1 6 Once more: 4 8 1 1 1 6 "),
            "{}",
            code.expose()
        );
    }

    #[test]
    fn r13_the_last_words_say_what_happened() {
        for language in Language::ALL {
            let ends = [End::Allowed, End::NotAllowed, End::Reported].map(|end| goodbye(language, end));
            assert!(
                ends.iter()
                    .all(|end| end.ends_with("</Say><Hangup/></Response>") && !end.contains("<Gather"))
            );
            assert!(ends[0] != ends[1] && ends[1] != ends[2] && ends[0] != ends[2]);
        }
    }

    #[test]
    fn every_document_fits_into_the_request_of_a_call() {
        for language in Language::ALL {
            let long = "&".repeat(64);
            for subject in Subject::ALL {
                let caller = Caller {
                    language,
                    organisation: &long,
                    subject,
                };
                let document = approval(&caller, &format!("https://reset.acorn.example/{}", "t".repeat(200)));
                assert!(document.chars().count() < 4000, "{language:?}");
            }
        }
    }
}
