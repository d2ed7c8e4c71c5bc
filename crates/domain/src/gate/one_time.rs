//! The one-time pass: sixteen digits that staff give to a person who has lost their own ways, said over a telephone (R52).
//!
//! Digits, since every keyboard and every language has them, and none sounds or looks like another.

use super::Root;
use crate::Timestamp;
use crate::ids::MethodId;

/// Digits of a pass: 53 bits.
pub const DIGITS: usize = 16;

/// The pass that an account was given last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneTimePass {
    /// Its id, which stands in the place of a registration.
    pub id: MethodId,
    /// When it stops to count.
    pub expires_at: Timestamp,
    /// Whether it has proved something. It proves nothing more, and what it has proved stands while its row does.
    pub is_spent: bool,
}

impl OneTimePass {
    /// Whether it may still prove something.
    pub fn is_good(&self, now: Timestamp) -> bool {
        !self.is_spent && self.expires_at > now
    }

    /// The root of a pass: itself, and so of no other proof (R04).
    pub fn root(&self) -> Root {
        Root::one_time_pass(self.id)
    }
}

/// Whether this can be a pass at all; blanks, hyphens and other scripts' digits are gone by then.
pub fn is_form(plain: &str) -> bool {
    plain.len() == DIGITS && plain.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::plain_digits;
    use crate::text::in_fours;

    #[test]
    fn a_pass_is_read_however_it_was_written_down() {
        for typed in [
            "4815 1623 4210 8897",
            " 4815-1623-4210-8897 ",
            "4815162342108897",
            "٤٨١٥ ١٦٢٣ ٤٢١٠ ٨٨٩٧",
            "۴۸۱۵۱۶۲۳۴۲۱۰۸۸۹۷",
        ] {
            let plain = plain_digits(typed);
            assert!(is_form(&plain), "{typed}");
            assert_eq!(in_fours(&plain), "4815 1623 4210 8897");
        }
        for typed in [
            "",
            "481516",
            "4815 1623 4210 889",
            "4815 1623 4210 88971",
            "4815 1623 4210 889x",
        ] {
            assert!(!is_form(&plain_digits(typed)), "{typed}");
        }
    }

    #[test]
    fn r52_a_pass_counts_once_and_for_its_time() {
        let (end, id) = (Timestamp::from_ms(600_000), MethodId(uuid::Uuid::nil()));
        let pass = |is_spent| OneTimePass {
            id,
            expires_at: end,
            is_spent,
        };
        let just_before = Timestamp::from_ms(599_999);
        assert!(pass(false).is_good(just_before) && !pass(false).is_good(end) && !pass(true).is_good(just_before));
        assert_eq!(pass(false).root().as_str(), format!("one-time-pass:{id}"));
    }
}
