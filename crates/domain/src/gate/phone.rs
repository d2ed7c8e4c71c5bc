//! Numbers of telephones, as decisions and pages see them: canonical text. Reading what a person typed is not done here.

/// The number as a person may see it before a proof: its country and its last two digits, widths that tell nothing (R21).
/// Takes the canonical form, with an extension or without.
pub fn masked(number: &str) -> String {
    let number = number.split(';').next().unwrap_or(number);
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let country: String = digits.chars().take(n_country_digits(&digits)).collect();
    let end: String = digits.chars().skip(digits.len().saturating_sub(2)).collect();
    format!("+{country} •••• ••{end}")
}

/// Digits of the country code (ITU-T E.164, list of assigned codes: no code begins with another one).
fn n_country_digits(digits: &str) -> usize {
    const TWO: [&str; 44] = [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
        "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84",
        "86", "90", "91", "92", "93", "94", "95", "98",
    ];
    match digits.get(..2) {
        _ if digits.starts_with(['1', '7']) => 1,
        Some(two) if TWO.contains(&two) => 2,
        _ => 3.min(digits.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_tells_the_country_and_two_digits() {
        for (number, expect) in [
            ("+442079460089", "+44 •••• ••89"),
            ("+12015550111", "+1 •••• ••11"),
            ("+74951234567", "+7 •••• ••67"),
            ("+420601123456", "+420 •••• ••56"),
            ("+35312345678;ext=42", "+353 •••• ••78"),
            ("", "+ •••• ••"),
        ] {
            assert_eq!(masked(number), expect);
        }
    }
}
