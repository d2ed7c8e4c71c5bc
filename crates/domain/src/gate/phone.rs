//! Numbers of telephones, as decisions and pages see them: canonical text. Reading what a person typed is not done here.

/// The number as a person may see it before a proof: its beginning and its last two digits, widths that tell nothing (R21).
pub fn masked(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let end: String = digits.iter().skip(digits.len().saturating_sub(2)).collect();
    let start: String = match number.split_once(' ') {
        Some((country, _)) => country.to_owned(),
        None => digits
            .iter()
            .take(2)
            .fold("+".to_owned(), |text, digit| text + &digit.to_string()),
    };
    format!("{start} •••• ••{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_has_the_same_width_for_short_and_long() {
        assert_eq!(masked("+44 20 7946 0089"), "+44 •••• ••89");
        assert_eq!(masked("+442079460089"), "+44 •••• ••89");
        assert_eq!(masked(""), "+ •••• ••");
    }
}
