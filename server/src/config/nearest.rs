//! Which known key somebody meant.

/// The known key with the fewest letters to change.
pub(super) fn of<'a>(key: &str, known: &'a [String]) -> Option<&'a str> {
    let nearest = known.iter().min_by_key(|candidate| distance(key, candidate));
    nearest.map(String::as_str)
}

/// Letters to insert, delete or replace (Levenshtein).
pub(super) fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (n_taken, taken) in from.chars().enumerate() {
        let mut diagonal = n_taken;
        let mut left = n_taken + 1;
        let mut next = vec![left];
        for (wanted, above) in to.chars().zip(row.iter().skip(1)) {
            let here = (diagonal + usize::from(taken != wanted)).min(above + 1).min(left + 1);
            diagonal = *above;
            left = here;
            next.push(here);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_to_change_are_counted() {
        for (from, to, expect) in [
            ("", "", 0),
            ("kitten", "sitting", 3),
            ("mail.hots", "mail.host", 2),
            ("", "abc", 3),
        ] {
            assert_eq!(distance(from, to), expect, "{from} {to}");
        }
    }

    #[test]
    fn the_nearest_key_is_named() {
        let known = ["listen", "mail.host", "mail.port"].map(str::to_owned);
        assert_eq!(of("mail.hots", &known), Some("mail.host"));
        assert_eq!(of("lisen", &known), Some("listen"));
    }
}
