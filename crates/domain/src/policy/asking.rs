//! What the console sets of security questions and of telephone numbers, as lines of text (R14, R16).

use super::Wrong;
use super::value::lines;
use crate::gate::questions::{OwnQuestion, Predefined, QuestionPolicy, QuestionText};
use crate::ids::QuestionId;
use uuid::Uuid;

/// Countries of ISO 3166-1, by their codes of two letters.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS \
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI \
    FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR \
    IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM \
    MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT \
    PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM \
    TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// The codes of the questions of the catalogue that are picked, one a line.
pub(super) fn picked(policy: &QuestionPolicy) -> String {
    let codes = Predefined::ALL.iter().filter(|one| policy.predefined.contains(one));
    codes.map(|one| one.code()).collect::<Vec<_>>().join("\n")
}

/// Reads them back, in the order of the catalogue.
pub(super) fn picks(typed: &str) -> Result<Vec<Predefined>, Wrong> {
    let read = lines(typed).map(|code| Predefined::of_code(code).ok_or(Wrong::Choice));
    let mut picks: Vec<Predefined> = read.collect::<Result<_, _>>()?;
    picks.sort_unstable();
    picks.dedup();
    Ok(picks)
}

/// The words of the tenant's own questions, one a line.
pub(super) fn own(policy: &QuestionPolicy) -> String {
    let texts = policy.own.iter().map(|own| own.text.as_str());
    texts.collect::<Vec<_>>().join("\n")
}

/// Puts the tenant's own questions in the place of those there are. One with the words of one that was there, before or
/// once, is that one, so that answers to it count again; those that are left out keep their words.
pub(super) fn put_own(policy: &mut QuestionPolicy, typed: &str) -> Result<(), Wrong> {
    let read = (1..).zip(lines(typed));
    let read = read.map(|(line, text)| QuestionText::parse(text).map_err(|_| Wrong::QuestionForm { line }));
    let texts: Vec<QuestionText> = read.collect::<Result<_, _>>()?;
    let mut known = std::mem::take(&mut policy.own);
    known.append(&mut policy.retired);
    for text in texts {
        let again = known.iter().position(|own| own.text == text).map(|at| known.remove(at));
        let own = again.unwrap_or_else(|| OwnQuestion {
            id: unused(&known, &policy.own),
            text,
        });
        policy.own.push(own);
    }
    policy.retired = known;
    Ok(())
}

/// An id that none of these has: the number of questions that there ever were, or one soon after.
fn unused(known: &[OwnQuestion], own: &[OwnQuestion]) -> QuestionId {
    let numbered = |number: usize| QuestionId(Uuid::from_u128(number as u128));
    let is_taken = |id: &QuestionId| known.iter().chain(own).any(|one| one.id == *id);
    let mut ids = (known.len() + own.len() + 1..).map(numbered);
    ids.find(|id| !is_taken(id)).unwrap_or(numbered(0))
}

/// The code of a country, or none.
pub(super) fn country(typed: &str) -> Result<String, Wrong> {
    let code = typed.to_ascii_uppercase();
    match COUNTRIES.split_ascii_whitespace().any(|known| known == code) || code.is_empty() {
        true => Ok(code),
        false => Err(Wrong::CountryUnknown { line: typed.to_owned() }),
    }
}

/// Codes of countries, in the order of letters.
pub(super) fn countries(typed: &str) -> Result<Vec<String>, Wrong> {
    let mut codes: Vec<String> = lines(typed).map(country).collect::<Result<_, _>>()?;
    codes.sort_unstable();
    codes.dedup();
    Ok(codes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::questions::{Question, asked};

    fn put(policy: &mut QuestionPolicy, typed: &str) -> Vec<QuestionId> {
        put_own(policy, typed).expect("questions");
        policy.own.iter().map(|own| own.id).collect()
    }

    #[test]
    fn a_question_that_comes_again_is_the_one_it_was_and_no_two_share_an_id() {
        let mut policy = QuestionPolicy::default();
        let first = put(&mut policy, "Which harbour?\n\n Which cape? ");
        assert_eq!(own(&policy), "Which harbour?\nWhich cape?");
        let second = put(&mut policy, "Which cape?\nWhich island?");
        assert_eq!(second.first(), first.get(1));
        assert!(
            !first.contains(&second[1]),
            "a number that was given is not given again"
        );
        let third = put(&mut policy, "Which harbour?\nWhich lagoon?");
        assert_eq!(third.first(), first.first());
        assert!(!first.contains(&third[1]) && !second.contains(&third[1]));
        assert_eq!(policy.retired.len(), 2);
        let before = policy.clone();
        assert_eq!(
            put_own(&mut policy, "Which lagoon?\n?!"),
            Err(Wrong::QuestionForm { line: 2 })
        );
        assert_eq!(policy, before, "what is refused changes nothing");
    }

    #[test]
    fn r16_answers_to_a_question_that_was_taken_away_can_still_be_asked_for() {
        let mut policy = QuestionPolicy {
            predefined: picks("toy_name\nlost_way\nden_name").expect("picks"),
            ..QuestionPolicy::default()
        };
        put(&mut policy, "Which harbour?\nWhich cape?\nWhich island?");
        let answered: Vec<Question> = policy.own.iter().map(|own| Question::Own(own.id)).collect();
        put(&mut policy, "Which cape?");
        let asked = asked(&answered, &policy, &[7; 32]).expect("as many as a reset asks");
        assert!(asked.iter().all(|one| answered.contains(one)));
        assert!(
            asked.iter().all(|one| policy.own_text(*one).is_some()),
            "with their words"
        );
        assert_eq!(policy.questions().len(), 4, "nobody chooses it any more");
    }

    #[test]
    fn r14_countries_are_those_of_iso_3166() {
        assert_eq!(countries(" gb\nDE\n\nde"), Ok(vec!["DE".to_owned(), "GB".to_owned()]));
        assert_eq!(country(""), Ok(String::new()));
        for typed in ["UK", "Germany", "D", "49"] {
            let unknown = Wrong::CountryUnknown { line: typed.to_owned() };
            assert_eq!(countries(&format!("DE\n{typed}")), Err(unknown), "{typed}");
        }
        assert_eq!(COUNTRIES.split_ascii_whitespace().count(), 249);
    }
}
