//! How an attempt at a message ended, and what an answer's status says about it. F17.

use crate::outside::Answer;
use std::time::Duration;

/// How one attempt ended. `why` is for the operator: short, without numbers, codes and content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The gateway has taken it, and is to be paid.
    Taken {
        /// The gateway's id of it, which callbacks have to carry (R36). None where the answer got lost half-way.
        id: Option<String>,
        /// What it costs, if that was told at once.
        price: Option<Price>,
    },
    /// Refused for good: neither another attempt nor another gateway would help.
    Refused {
        /// With which answer.
        why: String,
    },
    /// Certainly not on its way: another gateway may have it, or the same one later.
    NotTaken {
        /// What stood in the way.
        why: String,
        /// When to try again, where the gateway said so.
        after: Option<Duration>,
    },
    /// It may be on its way: never sent again but by the person (R34).
    Unknown {
        /// What is missing.
        why: String,
    },
}

/// What a message costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// In millionths of the currency's unit.
    pub micros: u64,
    /// ISO 4217 code, as the gateway writes it.
    pub currency: String,
}

impl Price {
    /// Reads an amount such as `-0.00750`: what is paid is told as negative, with any number of decimals.
    pub fn parse(amount: &str, currency: &str) -> Option<Self> {
        let amount = amount.trim().trim_start_matches('-');
        let (whole, part) = amount.split_once('.').unwrap_or((amount, ""));
        let part: String = part.chars().chain("000000".chars()).take(6).collect();
        let micros = whole
            .parse::<u64>()
            .ok()?
            .checked_mul(1_000_000)?
            .checked_add(part.parse().ok()?)?;
        let is_currency = currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_alphabetic());
        is_currency.then(|| Self {
            micros,
            currency: currency.to_ascii_uppercase(),
        })
    }
}

/// Certainly not sent.
pub(super) fn not_taken(why: impl Into<String>) -> Outcome {
    Outcome::NotTaken {
        why: why.into(),
        after: None,
    }
}

/// What the status of an answer that is no success says, where the body says nothing better.
///
/// 500 counts as not taken (F17). 502 and 504 come from a machine in between, behind which the message may have gone on.
pub(super) fn of_status(answer: &Answer) -> Outcome {
    let status = answer.status;
    match status {
        408 | 429 | 500 | 503 => Outcome::NotTaken {
            why: format!("the gateway put it off: {status}"),
            after: answer.after,
        },
        300..=399 => not_taken(format!("the gateway wants to be asked elsewhere: {status}")),
        401..=405 | 407 => not_taken(format!("the gateway refuses the login or the account: {status}")),
        400..=499 => Outcome::Refused {
            why: format!("the gateway refused it: {status}"),
        },
        _ => Outcome::Unknown {
            why: format!("the gateway answered {status}"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_read_without_rounding() {
        for (amount, micros) in [
            ("-0.00750", 7_500),
            ("0.0079", 7_900),
            ("1", 1_000_000),
            ("-12.3456789", 12_345_678),
        ] {
            let price = Price::parse(amount, "usd").unwrap();
            assert_eq!((price.micros, price.currency.as_str()), (micros, "USD"), "{amount}");
        }
        for (amount, currency) in [
            ("", "USD"),
            ("x", "USD"),
            ("1.x", "USD"),
            ("1", "US"),
            ("99999999999999999999", "USD"),
        ] {
            assert_eq!(Price::parse(amount, currency), None, "{amount}");
        }
    }

    #[test]
    fn f17_a_status_says_whether_it_may_be_sent_again() {
        for status in [301, 302, 401, 403, 404, 408, 429, 500, 503] {
            assert!(matches!(of(status), Outcome::NotTaken { .. }), "{status}");
        }
        for status in [400, 409, 413, 422] {
            assert!(matches!(of(status), Outcome::Refused { .. }), "{status}");
        }
        for status in [100, 200, 502, 504, 520] {
            assert!(matches!(of(status), Outcome::Unknown { .. }), "{status}");
        }
    }

    fn of(status: u16) -> Outcome {
        of_status(&Answer {
            status,
            after: None,
            body: Vec::new(),
        })
    }
}
