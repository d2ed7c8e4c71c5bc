//! How little of a password is left once terms count as single characters (`domain.md` §9.3).

use super::terms::Terms;

/// The smallest cut of a password. Ordered: fewer points first, and among equals the cut with a custom term.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Score {
    points: usize,
    is_without_custom: bool,
}

impl Score {
    const NOTHING: Self = Self {
        points: 0,
        is_without_custom: true,
    };

    /// One for each match and one for each other character.
    pub(super) fn points(self) -> usize {
        self.points
    }

    /// Whether a custom term is in a smallest cut.
    pub(super) fn has_custom(self) -> bool {
        !self.is_without_custom
    }

    fn and(self, is_custom: bool) -> Self {
        Self {
            points: self.points + 1,
            is_without_custom: self.is_without_custom && !is_custom,
        }
    }
}

/// A stretch that is worth one point.
struct Match {
    start: usize,
    end: usize,
    is_custom: bool,
}

/// Cuts a normalised password so that its points are fewest, for each beginning of it from that of the shorter ones.
pub(super) fn score(text: &[char], global: &Terms, custom: &Terms) -> Score {
    let matches = matches(text, [(global, false), (custom, true)]);
    let mut beginnings = vec![Score::NOTHING];
    for end in 1..=text.len() {
        let single = beginnings.last().map(|shorter| shorter.and(false));
        let ending_here = matches.iter().filter(|found| found.end == end);
        let ending_here = ending_here.filter_map(|found| Some(beginnings.get(found.start)?.and(found.is_custom)));
        let least = single.into_iter().chain(ending_here).min();
        beginnings.extend(least);
    }
    beginnings.pop().unwrap_or(Score::NOTHING)
}

/// Every exact match, and every fuzzy one that holds no exact one.
fn matches(text: &[char], lists: [(&Terms, bool); 2]) -> Vec<Match> {
    let mut all = exact(text, lists);
    let mut fuzzy = fuzzy(text, lists);
    fuzzy.retain(|near| all.iter().all(|found| found.start < near.start || found.end > near.end));
    all.append(&mut fuzzy);
    all
}

fn exact(text: &[char], lists: [(&Terms, bool); 2]) -> Vec<Match> {
    let mut found = Vec::new();
    for start in 0..text.len() {
        let after = text.get(start..).unwrap_or_default();
        for (terms, is_custom) in lists {
            let here = terms.starting(after).iter().filter(|term| after.starts_with(term));
            found.extend(here.map(|term| Match {
                start,
                end: start + term.len(),
                is_custom,
            }));
        }
    }
    found
}

/// Every stretch one edit away from a term; twice, if both its beginning and its end are the term's.
fn fuzzy(text: &[char], lists: [(&Terms, bool); 2]) -> Vec<Match> {
    let mut found = Vec::new();
    for place in 0..=text.len() {
        let Some((before, after)) = text.split_at_checked(place) else {
            continue;
        };
        for (terms, is_custom) in lists {
            let starting = terms.starting(after).iter().flat_map(|term| {
                let lengths = (term.len() - 1..=term.len() + 1).filter(|length| {
                    let stretch = after.get(..*length);
                    stretch.is_some_and(|stretch| is_one_edit(stretch, term))
                });
                lengths.map(|length| (place, place + length))
            });
            let ending = terms.ending(before).iter().flat_map(|term| {
                let starts = (term.len() - 1..=term.len() + 1).filter_map(|length| place.checked_sub(length));
                let starts = starts.filter(|start| {
                    let stretch = before.get(*start..);
                    stretch.is_some_and(|stretch| is_one_edit(stretch, term))
                });
                starts.map(|start| (start, place))
            });
            let both = starting.chain(ending);
            found.extend(both.map(|(start, end)| Match { start, end, is_custom }));
        }
    }
    found
}

/// Whether one insertion, deletion or replacement makes the term of the stretch.
fn is_one_edit(stretch: &[char], term: &[char]) -> bool {
    let alike = stretch.iter().zip(term).take_while(|(one, other)| one == other).count();
    let rests = (
        stretch.get(alike..).unwrap_or_default(),
        term.get(alike..).unwrap_or_default(),
    );
    match rests {
        ([_, stretch @ ..], [_, term @ ..]) if stretch == term => true,
        ([_, stretch @ ..], term) if stretch == term => true,
        (stretch, [_, term @ ..]) => stretch == term,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::password::normalised;
    use proptest::prelude::*;

    fn scored(typed: &str, global: &[&str], custom: &[&str]) -> Score {
        let text: Vec<char> = normalised(typed).chars().collect();
        let (global, custom) = (global.iter().copied(), custom.iter().copied());
        score(&text, &Terms::of(global), &Terms::of(custom))
    }

    #[test]
    fn the_published_examples() {
        let check = |typed, terms: &[&str], points| {
            assert_eq!(scored(typed, terms, &[]).points(), points, "{typed}");
        };
        check("C0ntos0Blank12", &["contoso", "blank"], 4);
        check("ContoS0Bl@nkf9!", &["contoso", "blank"], 5);
        check("abcdeg", &["abcdef"], 1);
        check("abcdefg", &["abcdef"], 2);
        check("abcde", &["abcdef"], 1);
        check("Harb0r!27", &["harbour"], 4);
        check("R3gainHarbour", &["regain", "harbour"], 2);
        check("Harb0ur!2027", &["harbour"], 6);
        check("Welcome1", &["welcome"], 2);
    }

    #[test]
    fn an_edit_may_be_anywhere_in_the_term() {
        for near in ["xoat", "bxat", "boxt", "boax", "oat", "bat", "bot", "boa"] {
            assert_eq!(scored(near, &["boat"], &[]).points(), 1, "{near}");
        }
        for near in ["xboat", "boatx"] {
            assert_eq!(scored(near, &["boat"], &[]).points(), 2, "{near} holds the term");
        }
        for near in ["bxoat", "boxat", "boaxt"] {
            assert_eq!(scored(near, &["boat"], &[]).points(), 1, "{near}");
        }
        for far in ["obat", "xxat", "baot"] {
            assert!(scored(far, &["boat"], &[]).points() > 1, "{far}");
        }
    }

    #[test]
    fn a_custom_term_is_told_if_any_smallest_cut_has_one() {
        assert!(scored("harbour", &["harbour"], &["harbour"]).has_custom());
        assert!(scored("boxt", &["boat"], &["B0LT"]).has_custom());
        assert!(
            !scored("harbor", &["harbor"], &["harbour"]).has_custom(),
            "an exact term bars the fuzzy one"
        );
        assert!(!scored("harbour-lane", &["harbour"], &["boat"]).has_custom());
        assert!(!scored("boatharbour", &["boatharbour"], &["boat"]).has_custom());
    }

    /// The rule read as plainly as can be: every stretch against every term, every cut.
    fn plain_score(text: &[char], terms: &[Vec<char>]) -> usize {
        let n = text.len();
        let holds_exact = |stretch: &[char]| {
            terms
                .iter()
                .any(|term| stretch.windows(term.len()).any(|part| part == term))
        };
        let counts_one = |stretch: &[char]| {
            terms.iter().any(|term| term == stretch)
                || (!holds_exact(stretch) && terms.iter().any(|term| distance(stretch, term) == 1))
        };
        let mut best = vec![0; n + 1];
        for end in 1..=n {
            best[end] = (0..end)
                .filter(|start| end - start == 1 || counts_one(&text[*start..end]))
                .map(|start| best[start] + 1)
                .min()
                .expect("a single character always counts");
        }
        best[n]
    }

    fn distance(one: &[char], other: &[char]) -> usize {
        let mut row: Vec<usize> = (0..=other.len()).collect();
        for (i, a) in one.iter().enumerate() {
            let mut diagonal = row[0];
            row[0] = i + 1;
            for (j, b) in other.iter().enumerate() {
                let replaced = diagonal + usize::from(a != b);
                diagonal = row[j + 1];
                row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
            }
        }
        row[other.len()]
    }

    proptest! {
        #[test]
        fn the_index_finds_what_the_plain_reading_finds(
            text in "[abc]{0,14}",
            terms in prop::collection::vec("[abc]{4,7}", 0..5),
        ) {
            let text: Vec<char> = text.chars().collect();
            let spelled: Vec<Vec<char>> = terms.iter().map(|term| term.chars().collect()).collect();
            let found = score(&text, &Terms::of(terms.iter().map(String::as_str)), &Terms::default());
            prop_assert_eq!(found.points(), plain_score(&text, &spelled));
        }

        #[test]
        fn a_whole_costs_no_more_than_its_parts(
            one in "[abcd]{0,12}",
            other in "[abcd]{0,12}",
            terms in prop::collection::vec("[abcd]{4,6}", 0..6),
        ) {
            let terms: Vec<&str> = terms.iter().map(String::as_str).collect();
            let points = |text: &str| scored(text, &terms, &[]).points();
            let whole = format!("{one}{other}");
            prop_assert!(points(&whole) <= points(&one) + points(&other));
            prop_assert!(points(&one) <= one.len());
            prop_assert!(points(&one) >= one.len().div_ceil(17));
        }

        #[test]
        fn neither_order_nor_list_of_the_terms_matters_to_the_points(
            text in "[abcd]{0,14}",
            terms in prop::collection::vec("[abcd]{4,6}", 0..6).prop_shuffle(),
            split in 0_usize..6,
        ) {
            let mut terms: Vec<&str> = terms.iter().map(String::as_str).collect();
            let together = scored(&text, &terms, &[]).points();
            terms.reverse();
            let (global, custom) = terms.split_at(split.min(terms.len()));
            prop_assert_eq!(scored(&text, global, custom).points(), together);
        }
    }
}
