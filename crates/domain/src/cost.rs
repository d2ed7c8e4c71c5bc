//! What messages cost: whole millionths of a currency's unit, never a fraction.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Millionths in one unit.
const UNIT: u64 = 1_000_000;
/// Decimals that are read.
const DECIMALS: usize = 6;

/// An amount in the currency of the gateways. In settings and rows of settings it is a text such as `20.00`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cost(u64);

impl Cost {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// So many millionths of a unit.
    pub const fn of_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// In millionths of a unit.
    pub const fn micros(self) -> u64 {
        self.0
    }

    /// Reads an amount such as `20`, `0.08` or `0.00745`; at most six decimals, no sign, no currency.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let all_digits = |digits: &str| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !all_digits(part) || part.len() > DECIMALS {
            return None;
        }
        let part: String = part.chars().chain("000000".chars()).take(DECIMALS).collect();
        let micros = whole.parse::<u64>().ok()?.checked_mul(UNIT)?;
        micros.checked_add(part.parse().ok()?).map(Self)
    }

    /// Both together; stops at the most there is.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// Without the other; stops at nothing.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// How many whole percent of another amount this is; of nothing it is all.
    pub fn percent_of(self, whole: Self) -> u64 {
        let percent = (u128::from(self.0) * 100).checked_div(u128::from(whole.0));
        percent.map_or(100, |percent| u64::try_from(percent).unwrap_or(u64::MAX))
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = format!("{:06}", self.0 % UNIT);
        let (cents, rest) = part.split_at(2);
        write!(f, "{}.{cents}{}", self.0 / UNIT, rest.trim_end_matches('0'))
    }
}

impl From<Cost> for String {
    fn from(cost: Cost) -> Self {
        cost.to_string()
    }
}

impl TryFrom<String> for Cost {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("`{text}` is no amount such as 0.08"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_and_written_without_rounding() {
        for (text, micros, shown) in [
            ("20", 20_000_000, "20.00"),
            ("0.08", 80_000, "0.08"),
            ("0.00745", 7_450, "0.00745"),
            ("1.5", 1_500_000, "1.50"),
            ("0.000001", 1, "0.000001"),
            ("0", 0, "0.00"),
        ] {
            let cost = Cost::parse(text).unwrap();
            assert_eq!((cost.micros(), cost.to_string().as_str()), (micros, shown));
            assert_eq!(Cost::parse(shown), Some(cost));
        }
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "-1",
            "1,5",
            "1e3",
            "0.0000001",
            "20 EUR",
            "99999999999999999999",
        ] {
            assert_eq!(Cost::parse(text), None, "{text}");
        }
    }

    #[test]
    fn sums_and_shares_stay_in_bounds() {
        let most = Cost::of_micros(u64::MAX);
        assert_eq!((most.plus(most), Cost::ZERO.minus(most)), (most, Cost::ZERO));
        let percent = |part, whole| Cost::of_micros(part).percent_of(Cost::of_micros(whole));
        assert_eq!((percent(4, 5), percent(799, 1000), percent(9, 5)), (80, 79, 180));
        assert_eq!((percent(0, 0), most.percent_of(Cost::of_micros(1))), (100, u64::MAX));
    }
}
