//! The rules as a page lists and ticks them while the person types; what needs a list is left to the server.

use super::{Alphabet, Names, Profile, rules};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// What a page needs to tick the rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Which set of rules.
    pub profile: Profile,
    /// Least length in code points.
    pub least: u32,
    /// Greatest length in code points.
    pub most: u32,
    /// Which characters it may be made of.
    pub alphabet: Alphabet,
    /// Former passwords that may not come again; with 0 any may.
    pub history: u32,
    /// Names that the password may not hold.
    pub names: Names,
}

/// One line of the list of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Neither too short nor too long.
    Length,
    /// Allowed characters only.
    Characters,
    /// Three of four classes.
    Classes,
    /// No name of the person or the organisation.
    Names,
    /// Not on a list: banned terms, known passwords.
    Lists,
    /// Neither the present password nor a former one.
    History,
    /// Typed twice alike.
    Repeat,
}

/// How a rule stands with what is typed so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// Nothing typed yet.
    Open,
    /// Kept.
    Met,
    /// Not kept.
    Broken,
    /// Only the server can tell, at the post.
    OnServer,
}

impl Shown {
    /// The rules to list, in order: those that this policy and this person give cause for.
    pub fn rules(&self) -> Vec<Rule> {
        let has_cause = |rule: &Rule| match rule {
            Rule::Characters => self.alphabet == Alphabet::Listed,
            Rule::Classes => self.profile == Profile::Entra,
            Rule::Names => !self.names.is_empty(),
            Rule::History => self.history > 0,
            Rule::Length | Rule::Lists | Rule::Repeat => true,
        };
        let all = [
            Rule::Length,
            Rule::Characters,
            Rule::Classes,
            Rule::Names,
            Rule::Lists,
            Rule::History,
            Rule::Repeat,
        ];
        all.into_iter().filter(has_cause).collect()
    }

    /// How a rule stands, by the code that judges the post.
    pub fn mark(&self, rule: Rule, typed: &str, repeated: &str) -> Mark {
        let text = Zeroizing::new(rules::composed(typed));
        let is_open = typed.is_empty() || (rule == Rule::Repeat && repeated.is_empty());
        let is_broken = match rule {
            Rule::Lists | Rule::History => return Mark::OnServer,
            _ if is_open => return Mark::Open,
            Rule::Length => rules::length(self.least, self.most, &text).is_some(),
            Rule::Characters => rules::characters(self.alphabet, &text).is_some(),
            Rule::Classes => rules::classes(self.profile, &text).is_some(),
            Rule::Names => rules::holds_no_name(&self.names, &text).is_some(),
            Rule::Repeat => *text != *Zeroizing::new(rules::composed(repeated)),
        };
        if is_broken { Mark::Broken } else { Mark::Met }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::password::PasswordPolicy;

    fn shown(profile: Profile) -> Shown {
        let policy = PasswordPolicy {
            profile,
            least: Some(8),
            ..PasswordPolicy::default()
        };
        policy.shown(Names::new(["Poll"]))
    }

    #[test]
    fn only_rules_with_a_cause_are_listed() {
        use Rule::{Characters, Classes, History, Length, Lists, Repeat};
        let entra = shown(Profile::Entra);
        assert_eq!(entra.rules(), [Length, Characters, Classes, Rule::Names, Lists, Repeat]);
        let of_any_script = Shown {
            alphabet: Alphabet::Any,
            ..entra
        };
        assert_eq!(of_any_script.rules(), [Length, Classes, Rule::Names, Lists, Repeat]);
        let nameless = PasswordPolicy::default().shown(Names::default());
        assert_eq!(nameless.rules(), [Length, Lists, Repeat]);
        let remembering = Shown { history: 5, ..nameless };
        assert_eq!(remembering.rules(), [Length, Lists, History, Repeat]);
    }

    #[test]
    fn nothing_typed_leaves_all_open_but_what_the_server_tells() {
        let shown = Shown {
            history: 1,
            ..shown(Profile::Entra)
        };
        for rule in shown.rules() {
            let expected = match rule {
                Rule::Lists | Rule::History => Mark::OnServer,
                _ => Mark::Open,
            };
            assert_eq!(shown.mark(rule, "", ""), expected, "{rule:?}");
        }
    }

    #[test]
    fn marks_follow_what_is_typed() {
        use Mark::{Broken, Met, Open};
        let check = |rule, typed, repeated, expected| {
            assert_eq!(
                shown(Profile::Entra).mark(rule, typed, repeated),
                expected,
                "{rule:?} {typed}"
            );
        };
        check(Rule::Length, "seven77", "", Broken);
        check(Rule::Length, "eight888", "", Met);
        check(Rule::Characters, "naïve", "", Broken);
        check(Rule::Characters, "a `~\" b", "", Met);
        check(Rule::Classes, "lower and", "", Broken);
        check(Rule::Classes, "Lower and", "", Met);
        check(Rule::Names, "p0LL23fb", "", Broken);
        check(Rule::Names, "parrot23", "", Met);
        check(Rule::Lists, "password", "", Mark::OnServer);
        check(Rule::Repeat, "same", "", Open);
        check(Rule::Repeat, "same", "sam", Broken);
        check(Rule::Repeat, "u\u{308}ber", "\u{fc}ber", Met);
    }

    #[test]
    fn what_travels_to_the_page_comes_back_alike() {
        let shown = shown(Profile::Modern);
        let text = serde_json::to_string(&shown).expect("it serialises");
        assert_eq!(
            text,
            r#"{"profile":"modern","least":8,"most":256,"alphabet":"any","history":0,"names":["poll"]}"#
        );
        assert_eq!(serde_json::from_str::<Shown>(&text).expect("and comes back"), shown);
    }
}
