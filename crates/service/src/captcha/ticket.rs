//! The sealed ticket behind a picture or sound: holds its own answer, so that the server need not remember it. R26.

use super::{Bound, Captcha, Kind, N_DIGITS, Verdict, picture, sound};
use crate::dice::{Dice, below, bytes};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use regain_domain::{Refusal, Timestamp, gate::plain_digits, limits::CAPTCHA_LIFE, locale::Language};
use regain_store::Use;
use subtle::ConstantTimeEq;

/// Length of a sealed ticket: 4 bytes of key id, 24 of nonce, 32 of content, 16 of tag.
const SEALED_LENGTH: usize = 4 + 24 + 32 + 16;

impl Captcha {
    /// A ticket, fit for an address and a hidden field, and its answer, which only the demo's outbox may show.
    pub fn ticket(&self, bound: Bound, now: Timestamp, dice: &mut dyn Dice) -> (String, String) {
        let value = below(dice, 1_000_000).into();
        let content = Content {
            id: bytes(dice),
            expires_at: now.plus(CAPTCHA_LIFE),
            value,
        };
        (self.seal(Kind::Ticket, bound, &content), content.answer())
    }

    /// The ticket's picture as PNG, 280 × 90; the same for the same ticket.
    pub fn picture(&self, bound: Bound, ticket: &str, now: Timestamp) -> Result<Vec<u8>, Refusal> {
        let content = self.alive(Kind::Ticket, bound, ticket, now)?;
        Ok(picture::png(&content.answer(), content.id))
    }

    /// The ticket's digits spoken, as WAV (11.025 kHz, mono, 16 bits); the same for the same ticket and language.
    pub fn sound(&self, bound: Bound, ticket: &str, language: Language, now: Timestamp) -> Result<Vec<u8>, Refusal> {
        let content = self.alive(Kind::Ticket, bound, ticket, now)?;
        Ok(sound::wav(&content.answer(), language, content.id))
    }

    /// Judges what was typed. Digits of any script count; blanks and hyphens between them do not. One try per ticket.
    pub fn check_answer(&self, bound: Bound, ticket: &str, typed: &str, now: Timestamp) -> Verdict {
        let content = self
            .alive(Kind::Ticket, bound, ticket, now)
            .map_err(|refusal| (refusal, None))?;
        let spent = Kind::Ticket.spent(bound, &content.id, content.expires_at);
        let is_right = plain_digits(typed).as_bytes().ct_eq(content.answer().as_bytes());
        if is_right.into() {
            Ok(spent)
        } else {
            Err((Refusal::CaptchaWrong, Some(spent)))
        }
    }

    pub(super) fn seal(&self, kind: Kind, bound: Bound, content: &Content) -> String {
        let sealed = self
            .keys
            .seal(Use::CaptchaSeal, &[&bound.bytes(kind)], &content.bytes());
        BASE64_URL_SAFE_NO_PAD.encode(sealed)
    }

    /// What a ticket holds, if it is one of ours, of this kind, and made for this tenant and purpose.
    pub(super) fn open(&self, kind: Kind, bound: Bound, ticket: &str) -> Option<Content> {
        if ticket.len() != (SEALED_LENGTH * 4).div_ceil(3) {
            return None;
        }
        let sealed = BASE64_URL_SAFE_NO_PAD.decode(ticket).ok()?;
        let plain = self.keys.open(Use::CaptchaSeal, &[&bound.bytes(kind)], &sealed)?;
        Content::read(&plain)
    }

    /// As [`Self::open`], and in time.
    pub(super) fn alive(&self, kind: Kind, bound: Bound, ticket: &str, now: Timestamp) -> Result<Content, Refusal> {
        match self.open(kind, bound, ticket) {
            None => Err(Refusal::CaptchaWrong),
            Some(content) if content.expires_at <= now => Err(Refusal::CaptchaExpired),
            Some(content) => Ok(content),
        }
    }
}

/// What is sealed into a ticket.
pub(super) struct Content {
    /// Random; the ticket's identity, and the seed of its picture and sound.
    pub(super) id: [u8; 16],
    pub(super) expires_at: Timestamp,
    /// The answer, or the milliseconds at which a wait is over.
    pub(super) value: u64,
}

impl Content {
    fn answer(&self) -> String {
        format!("{:0N_DIGITS$}", self.value)
    }

    fn bytes(&self) -> Vec<u8> {
        [
            self.id.as_slice(),
            &self.expires_at.ms().to_be_bytes(),
            &self.value.to_be_bytes(),
        ]
        .concat()
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (id, rest) = bytes.split_first_chunk()?;
        let (expires_at, rest) = rest.split_first_chunk()?;
        let value = u64::from_be_bytes(rest.try_into().ok()?);
        Some(Self {
            id: *id,
            expires_at: Timestamp::from_ms(i64::from_be_bytes(*expires_at)),
            value,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::captcha::fixture::{Counting, NOW, after, bound, captcha};

    fn ticket(at: Bound) -> (String, String) {
        captcha().ticket(at, NOW, &mut Counting(0))
    }

    #[test]
    fn r26_the_answer_passes_once_and_in_any_script() {
        let at = bound(1, "reset");
        let (ticket, answer) = ticket(at);
        assert_eq!(answer.len(), N_DIGITS);
        let spent = captcha()
            .check_answer(at, &ticket, &answer, after(299))
            .expect("passes");
        assert_eq!(spent.expires_at, after(300));
        let parts = answer.split_at(3);
        let arabic: String = answer
            .bytes()
            .filter_map(|digit| char::from_u32(0x660 + u32::from(digit - b'0')))
            .collect();
        for typed in [format!(" {} - {} ", parts.0, parts.1), format!("\u{200F}{arabic}")] {
            assert_eq!(captcha().check_answer(at, &ticket, &typed, NOW), Ok(spent), "{typed}");
        }
    }

    #[test]
    fn r26_a_wrong_answer_spends_the_ticket() {
        let at = bound(1, "reset");
        let (ticket, answer) = ticket(at);
        let spent = captcha().check_answer(at, &ticket, &answer, NOW).expect("passes");
        let other = if answer == "000000" { "000001" } else { "000000" };
        for typed in ["", other, &answer[1..], &format!("{answer}0"), &format!("{answer}x")] {
            let verdict = captcha().check_answer(at, &ticket, typed, NOW);
            assert_eq!(verdict, Err((Refusal::CaptchaWrong, Some(spent))), "{typed}");
        }
    }

    #[test]
    fn r26_another_tenant_or_purpose_knows_nothing_of_it() {
        let (ticket, answer) = ticket(bound(1, "reset"));
        for foreign in [bound(2, "reset"), bound(1, "register")] {
            let verdict = captcha().check_answer(foreign, &ticket, &answer, NOW);
            assert_eq!(verdict, Err((Refusal::CaptchaWrong, None)));
            assert_eq!(
                captcha().sound(foreign, &ticket, Language::En, NOW),
                Err(Refusal::CaptchaWrong)
            );
            assert_eq!(captcha().picture(foreign, &ticket, NOW), Err(Refusal::CaptchaWrong));
        }
    }

    #[test]
    fn r26_a_ticket_expires() {
        let at = bound(1, "reset");
        let (ticket, answer) = ticket(at);
        let verdict = captcha().check_answer(at, &ticket, &answer, after(300));
        assert_eq!(verdict, Err((Refusal::CaptchaExpired, None)));
        assert_eq!(captcha().picture(at, &ticket, after(300)), Err(Refusal::CaptchaExpired));
        assert_eq!(
            captcha().sound(at, &ticket, Language::De, after(300)),
            Err(Refusal::CaptchaExpired)
        );
    }

    #[test]
    fn r26_garbage_and_touched_tickets_are_wrong() {
        let at = bound(1, "reset");
        let (ticket, answer) = ticket(at);
        let touched = format!("{}{}", if ticket.starts_with('A') { 'B' } else { 'A' }, &ticket[1..]);
        for garbage in ["", "x", &touched, &ticket[1..], &"é".repeat(51)] {
            let verdict = captcha().check_answer(at, garbage, &answer, NOW);
            assert_eq!(verdict, Err((Refusal::CaptchaWrong, None)), "{garbage}");
        }
    }

    #[test]
    fn a_ticket_does_not_show_its_answer_and_fits_an_address() {
        let (ticket, answer) = ticket(bound(1, "reset"));
        assert!(
            ticket
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        );
        assert!(!ticket.contains(&answer));
    }
}
