//! What a phone signs: every part with its length before it, so that no two statements have the same bytes.

use crate::Timestamp;
use crate::ids::{DeviceId, RequestId, TenantId};

/// Says what these bytes are for, and in which version.
const LABEL: &str = "regain authenticator 1";

/// A statement of a phone.
#[derive(Clone, Copy, Debug)]
pub struct Statement<'a> {
    /// Whose house.
    pub tenant: TenantId,
    /// Which phone.
    pub device: DeviceId,
    /// When it is said, by the server's time as far as the phone knows it.
    pub at: Timestamp,
    /// What is said.
    pub act: Act<'a>,
}

/// What a phone says.
#[derive(Clone, Copy, Debug)]
pub enum Act<'a> {
    /// It asks what waits.
    Look,
    /// It can be woken here: the parts of a `PushSubscription`.
    Subscribe {
        /// The address at the push service. Empty: nowhere any more.
        endpoint: &'a str,
        /// The phone's key for it.
        p256dh: &'a str,
        /// The secret beside it.
        auth: &'a str,
    },
    /// It answers a request.
    Answer {
        /// Which.
        request: RequestId,
        /// What the request hangs on.
        bound_to: &'a str,
        /// What the person says.
        verdict: Verdict,
        /// The number that the person typed. Empty where it was not approved.
        number: &'a str,
        /// Until when the request was said to last.
        expires_at: Timestamp,
    },
}

/// What a person says to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is mine.
    Approve,
    /// No.
    Deny,
    /// No, and I did not ask for it.
    NotMe,
}

impl Verdict {
    const ALL: [Self; 3] = [Self::Approve, Self::Deny, Self::NotMe];

    /// The code in posts.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Deny => "deny",
            Self::NotMe => "not-me",
        }
    }

    /// Reads a code back.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.code() == code)
    }
}

impl Statement<'_> {
    /// What is signed.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut part = |text: &str| {
            // Longer than any part can be: the longest is an address of a push service.
            let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(text.as_bytes());
        };
        part(LABEL);
        part(&self.tenant.to_string());
        part(&self.device.to_string());
        part(&self.at.ms().to_string());
        match self.act {
            Act::Look => part("look"),
            Act::Subscribe { endpoint, p256dh, auth } => {
                ["subscribe", endpoint, p256dh, auth].into_iter().for_each(part);
            }
            Act::Answer {
                request,
                bound_to,
                verdict,
                number,
                expires_at,
            } => {
                let (request, until) = (request.to_string(), expires_at.ms().to_string());
                let parts = ["answer", &request, bound_to, verdict.code(), number, &until];
                parts.into_iter().for_each(part);
            }
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn said(act: Act<'_>) -> Vec<u8> {
        let statement = Statement {
            tenant: TenantId(Uuid::from_u128(1)),
            device: DeviceId(Uuid::from_u128(2)),
            at: Timestamp::from_ms(3),
            act,
        };
        statement.bytes()
    }

    #[test]
    fn a_verdict_is_read_back_by_its_code() {
        for verdict in Verdict::ALL {
            assert_eq!(Verdict::of_code(verdict.code()), Some(verdict));
        }
        assert_eq!(Verdict::of_code("Approve"), None);
    }

    #[test]
    fn r12_the_bytes_are_the_ones_that_are_written_down() {
        let expect = [
            "\0\0\0\x16regain authenticator 1",
            "\0\0\0\x2400000000-0000-0000-0000-000000000001",
            "\0\0\0\x2400000000-0000-0000-0000-000000000002",
            "\0\0\0\x013",
            "\0\0\0\x04look",
        ];
        assert_eq!(said(Act::Look), expect.concat().into_bytes());
    }

    #[test]
    fn r12_every_part_of_an_answer_is_signed() {
        let answer = |request, bound_to, verdict, number, expires_at| {
            said(Act::Answer {
                request: RequestId(Uuid::from_u128(request)),
                bound_to,
                verdict,
                number,
                expires_at: Timestamp::from_ms(expires_at),
            })
        };
        let all = [
            answer(9, "ab", Verdict::Approve, "42", 7),
            answer(8, "ab", Verdict::Approve, "42", 7),
            answer(9, "ac", Verdict::Approve, "42", 7),
            answer(9, "ab", Verdict::Deny, "42", 7),
            answer(9, "ab", Verdict::NotMe, "42", 7),
            answer(9, "ab", Verdict::Approve, "43", 7),
            answer(9, "ab", Verdict::Approve, "42", 8),
        ];
        for (nth, one) in all.iter().enumerate() {
            assert!(all.iter().skip(nth + 1).all(|other| other != one), "{nth}");
        }
    }

    proptest! {
        #[test]
        fn r12_no_two_statements_have_the_same_bytes(first: [String; 3], second: [String; 3]) {
            let of = |[endpoint, p256dh, auth]: &[String; 3]| said(Act::Subscribe { endpoint, p256dh, auth });
            prop_assert_eq!(of(&first) == of(&second), first == second);
        }

        #[test]
        fn r12_a_part_cannot_run_over_into_the_next(text in "[a-c]{0,6}", at in 0_usize..6, to in 0_usize..6) {
            let cut = |at: usize| {
                let (one, two) = text.split_at(at.min(text.len()));
                said(Act::Subscribe { endpoint: one, p256dh: two, auth: "" })
            };
            prop_assert_eq!(cut(at) == cut(to), at.min(text.len()) == to.min(text.len()));
        }
    }
}
