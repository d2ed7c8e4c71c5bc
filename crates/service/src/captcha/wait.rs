//! The wait in place of a captcha: needs no sight, no hearing and no puzzle, only half a minute of the server's time. R26.

use super::{Bound, Captcha, Kind, Verdict, ticket::Content};
use crate::dice::{Dice, bytes};
use regain_domain::{
    Refusal, Timestamp,
    limits::{CAPTCHA_LIFE, CAPTCHA_WAIT},
};

impl Captcha {
    /// A ticket that opens after the wait. Counted against the network's budget by the caller when it is issued (R26).
    pub fn wait_ticket(&self, bound: Bound, now: Timestamp, dice: &mut dyn Dice) -> String {
        let ready_at = now.plus(CAPTCHA_WAIT);
        let content = Content {
            id: bytes(dice),
            expires_at: now.plus(CAPTCHA_LIFE),
            value: ready_at.ms().cast_unsigned(),
        };
        self.seal(Kind::Wait, bound, &content)
    }

    /// Judges a ticket. One that comes early gets [`Refusal::Wait`] with the seconds left, and is not spent.
    pub fn check_wait(&self, bound: Bound, ticket: &str, now: Timestamp) -> Verdict {
        let content = self
            .alive(Kind::Wait, bound, ticket, now)
            .map_err(|refusal| (refusal, None))?;
        match left(&content, now) {
            0 => Ok(Kind::Wait.spent(bound, &content.id, content.expires_at)),
            seconds => Err((Refusal::Wait { seconds }, None)),
        }
    }

    /// Seconds until a ticket opens, to be drawn; zero once it is open, nothing where it is not one or is too old.
    pub fn wait_left(&self, bound: Bound, ticket: &str, now: Timestamp) -> Option<u32> {
        let content = self.alive(Kind::Wait, bound, ticket, now).ok()?;
        Some(left(&content, now))
    }
}

fn left(content: &Content, now: Timestamp) -> u32 {
    Timestamp::from_ms(content.value.cast_signed()).seconds_from(now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::captcha::fixture::{Counting, NOW, after, bound, captcha};

    #[test]
    fn r26_a_wait_opens_after_half_a_minute() {
        let at = bound(1, "reset");
        let ticket = captcha().wait_ticket(at, NOW, &mut Counting(0));
        for (seconds, left) in [(0, 30), (10, 20), (29, 1)] {
            let verdict = captcha().check_wait(at, &ticket, after(seconds));
            assert_eq!(verdict, Err((Refusal::Wait { seconds: left }, None)));
            assert_eq!(captcha().wait_left(at, &ticket, after(seconds)), Some(left));
        }
        let spent = captcha().check_wait(at, &ticket, after(30)).expect("opens");
        assert_eq!(captcha().check_wait(at, &ticket, after(299)), Ok(spent));
        assert_eq!(captcha().wait_left(at, &ticket, after(30)), Some(0));
        assert_eq!(
            captcha().check_wait(at, &ticket, after(300)),
            Err((Refusal::CaptchaExpired, None))
        );
        assert_eq!(captcha().wait_left(at, &ticket, after(300)), None);
    }

    #[test]
    fn r26_a_wait_is_no_picture_and_belongs_to_one_tenant_and_purpose() {
        let at = bound(1, "reset");
        let wait = captcha().wait_ticket(at, NOW, &mut Counting(0));
        let (picture, answer) = captcha().ticket(at, NOW, &mut Counting(0));
        let wrong = Err((Refusal::CaptchaWrong, None));
        assert_eq!(captcha().check_wait(bound(2, "reset"), &wait, after(30)), wrong);
        assert_eq!(captcha().check_wait(bound(1, "register"), &wait, after(30)), wrong);
        assert_eq!(captcha().check_wait(at, &picture, after(30)), wrong);
        assert_eq!(captcha().check_answer(at, &wait, &answer, NOW), wrong);
        assert_eq!(captcha().check_wait(at, "", after(30)), wrong);
    }
}
