//! A method on its way to being registered: a row that posts move, until a proof of its own makes it count (R53).

use super::rules::{destination, may_add};
use crate::Timestamp;
use crate::account::Account;
use crate::approval::{Answer, Heard};
use crate::flow::{Stage, Verdict};
use crate::gate::{MethodKind, is_code_form};
use crate::ids::{AccountId, EnrolmentId};
use crate::limits::TRIES_PER_CODE;
use crate::notice::ChannelKind;
use crate::refusal::Refusal;
use crate::secret::Secret;
use crate::tenant::TenantSettings;

/// One pending registration; of each kind an account has one at most, and a newer one voids it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolment {
    /// Its id; never shown.
    pub id: EnrolmentId,
    /// Whose.
    pub account: AccountId,
    /// What is to be registered.
    pub kind: MethodKind,
    /// Whether the address is still to be named, or a code is awaited.
    pub stage: Stage,
    /// The address or number, as typed last; empty for an app.
    pub value: String,
    /// From when a new code can be sent.
    pub resend_at: Option<Timestamp>,
    /// Wrong codes so far.
    pub n_failed: u32,
    /// Why the last post was refused; drawn until the next one.
    pub refusals: Vec<Refusal>,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

impl Enrolment {
    /// Whether its time is over.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at <= now
    }

    /// Whether a message proves it, which can be sent again.
    pub const fn is_sent_to(&self) -> bool {
        matches!(self.kind, MethodKind::Email | MethodKind::Mobile | MethodKind::Office)
    }

    /// Whether a code comes next.
    pub fn is_code_awaited(&self) -> bool {
        let is_by_code = !matches!(
            self.kind,
            MethodKind::Authenticator | MethodKind::Passkey | MethodKind::Questions
        );
        is_by_code && self.stage == Stage::Code
    }

    /// Whether a new passkey comes next.
    pub fn is_passkey_awaited(&self) -> bool {
        self.stage == Stage::Code && self.kind == MethodKind::Passkey
    }

    /// Wrong codes that are left before it ends.
    pub fn n_tries_left(&self) -> u32 {
        TRIES_PER_CODE.saturating_sub(self.n_failed)
    }
}

/// What a post says.
pub enum Post {
    /// The address or number.
    Destination {
        /// The address as typed, or the number in its canonical form; or why it is none that is taken.
        named: Result<String, Refusal>,
        /// As typed, to be mended.
        typed: String,
    },
    /// Has the phone that was called, or asked in the app, answered by now? Before that: has one been added by the link?
    Collect,
    /// The code, digits only.
    Code(Secret),
    /// A new passkey: the JSON of a `PublicKeyCredential`.
    Passkey(Secret),
    /// Send the code again.
    Again,
    /// Leave it.
    Leave,
}

impl Post {
    /// Whether it claims to prove something, and so costs a try that is reserved before anything is compared (R10).
    pub fn is_proof(&self, enrolment: &Enrolment, now: Timestamp) -> bool {
        match self {
            Self::Code(code) => enrolment.is_code_awaited() && is_code_form(code.expose()) && !enrolment.is_over(now),
            Self::Passkey(_) => enrolment.is_passkey_awaited() && !enrolment.is_over(now),
            Self::Collect => enrolment.stage == Stage::Waiting && !enrolment.is_over(now),
            _ => false,
        }
    }
}

/// What a decision needs to know.
pub struct Facts<'a> {
    /// Whose it is, as they are now.
    pub account: &'a Account,
    /// What the tenant has set, now.
    pub settings: &'a TenantSettings,
    /// Other accounts of the tenant that have the address or number.
    pub n_others: u32,
    /// Whether a message to it may go now.
    pub may_send: Result<(), Refusal>,
    /// Until when the person's proofs rest.
    pub blocked_until: Option<Timestamp>,
    /// The comparison of the code, where the post holds one.
    pub verdict: Verdict,
    /// What the phone has answered that was called, or asked in the app.
    pub heard: Heard,
    /// Whether a phone has been added by the link.
    pub is_linked: bool,
    /// Now.
    pub now: Timestamp,
}

/// What a post leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// It stays as it is, and the page says why.
    Refused(Refusal),
    /// A new code goes to this address or number; a former one is void (R09).
    Send(String),
    /// This number is called; a former call counts no more.
    Call(String),
    /// The phone that was added by the link is asked, in the app; a former request counts no more.
    Ask,
    /// The code was wrong: a failed proof.
    Failed(Refusal),
    /// It is registered.
    Register,
    /// It is over, and nothing is registered.
    Over(Option<Refusal>),
}

/// Decides a post. Nothing means that it comes out of order and changes nothing.
pub fn decide(enrolment: &Enrolment, post: &Post, facts: &Facts<'_>) -> Option<Next> {
    if enrolment.is_over(facts.now) {
        return Some(Next::Over(Some(Refusal::Expired)));
    }
    match (enrolment.stage, post) {
        (_, Post::Leave) => Some(Next::Over(None)),
        (Stage::Destination, Post::Destination { named, .. }) => Some(destined(enrolment.kind, named.as_ref(), facts)),
        (Stage::Code | Stage::Waiting, Post::Again) if enrolment.is_sent_to() => Some(match &facts.may_send {
            Ok(()) => on_its_way(enrolment.kind, enrolment.value.clone(), facts),
            Err(refusal) => Next::Refused(refusal.clone()),
        }),
        (Stage::Waiting, Post::Collect) => collected(enrolment, facts),
        (Stage::Code, Post::Collect) if enrolment.kind == MethodKind::Authenticator => asked(facts),
        (Stage::Code, Post::Code(code)) if enrolment.is_code_awaited() => Some(code_given(enrolment, code, facts)),
        (Stage::Code, Post::Passkey(_)) if enrolment.is_passkey_awaited() => {
            Some(judged(enrolment, facts, |left| Refusal::PasskeyWrong { left }))
        }
        _ => None,
    }
}

fn destined(kind: MethodKind, typed: Result<&String, &Refusal>, facts: &Facts<'_>) -> Next {
    let typed = match typed {
        Ok(typed) => destination(kind, typed, facts.account, facts.settings, facts.n_others),
        Err(refusal) => Err(refusal.clone()),
    };
    match (typed, &facts.may_send) {
        (Err(refusal), _) => Next::Refused(refusal),
        (Ok(_), Err(refusal)) => Next::Refused(refusal.clone()),
        (Ok(to), Ok(())) => on_its_way(kind, to, facts),
    }
}

/// The message that proves an address or number: a code, or a call, where nothing else goes there.
fn on_its_way(kind: MethodKind, to: String, facts: &Facts<'_>) -> Next {
    match proving_channel(kind, facts.settings) {
        Some(ChannelKind::Call) => Next::Call(to),
        Some(_) => Next::Send(to),
        None => Next::Refused(Refusal::MethodUnavailable),
    }
}

/// Which way the proof of a new address or number takes: a text message before one of `WhatsApp`, and that before a call.
/// The phone on a desk is called. Nothing where nothing goes there.
pub fn proving_channel(kind: MethodKind, settings: &TenantSettings) -> Option<ChannelKind> {
    let ways: &[ChannelKind] = match kind {
        MethodKind::Email => &[ChannelKind::Mail],
        MethodKind::Mobile => &[ChannelKind::Sms, ChannelKind::WhatsApp, ChannelKind::Call],
        MethodKind::Office => &[ChannelKind::Call],
        MethodKind::App | MethodKind::Authenticator | MethodKind::Passkey | MethodKind::Questions => &[],
    };
    ways.iter().copied().find(|way| settings.ways.have(*way))
}

/// The test that makes a phone count: it approves a request, by the number that the page shows. Nothing until there is one.
fn asked(facts: &Facts<'_>) -> Option<Next> {
    match &facts.may_send {
        _ if !facts.is_linked => None,
        Ok(()) => Some(Next::Ask),
        Err(refusal) => Some(Next::Refused(refusal.clone())),
    }
}

/// What the asked phone has answered; nothing changes as long as it has not.
fn collected(enrolment: &Enrolment, facts: &Facts<'_>) -> Option<Next> {
    let why = match facts.heard {
        Heard::Nothing => return None,
        Heard::Answered(Answer::Approved) => return Some(proved(enrolment, facts)),
        Heard::Over => Answer::Missed,
        Heard::Answered(why) => why,
    };
    let refusal = match enrolment.kind {
        MethodKind::Authenticator => Refusal::PushEnded { why },
        _ => Refusal::CallEnded { why },
    };
    Some(match (why, enrolment.n_tries_left()) {
        (Answer::NotMe, _) => Next::Over(Some(refusal)),
        (_, 0 | 1) => Next::Over(Some(Refusal::TriesSpent)),
        _ => Next::Failed(refusal),
    })
}

/// What has no form of a code cannot be one: it is told so, at the cost of no try.
fn code_given(enrolment: &Enrolment, code: &Secret, facts: &Facts<'_>) -> Next {
    let wrong = |left| Refusal::CodeWrong { left };
    match code.expose() {
        "" => Next::Refused(Refusal::CodeMissing),
        text if !is_code_form(text) => Next::Refused(wrong(enrolment.n_tries_left())),
        _ => judged(enrolment, facts, wrong),
    }
}

/// A proof that was compared; `wrong` says it with the tries that are left.
fn judged(enrolment: &Enrolment, facts: &Facts<'_>, wrong: impl Fn(u32) -> Refusal) -> Next {
    match facts.verdict {
        _ if facts.blocked_until.is_some_and(|until| until > facts.now) => {
            let until = facts.blocked_until.unwrap_or(facts.now);
            Next::Over(Some(Refusal::Blocked { until }))
        }
        Verdict::Right => proved(enrolment, facts),
        Verdict::Wrong if enrolment.n_tries_left() <= 1 => Next::Over(Some(Refusal::TriesSpent)),
        Verdict::Wrong => Next::Failed(wrong(enrolment.n_tries_left() - 1)),
    }
}

/// It has proved itself. Once more as things are now: others may have registered it, and the tenant may have switched it off.
fn proved(enrolment: &Enrolment, facts: &Facts<'_>) -> Next {
    match may_register(enrolment, facts) {
        Ok(()) => Next::Register,
        Err(refusal) => Next::Over(Some(refusal)),
    }
}

fn may_register(enrolment: &Enrolment, facts: &Facts<'_>) -> Result<(), Refusal> {
    may_add(enrolment.kind, facts.account, facts.settings)?;
    let (kind, to) = (enrolment.kind, enrolment.value.as_str());
    match kind {
        MethodKind::Email | MethodKind::Mobile | MethodKind::Office => {
            destination(kind, to, facts.account, facts.settings, facts.n_others).map(drop)
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::Gate;
    use crate::testing::{person, settings, with};
    use proptest::prelude::*;
    use uuid::Uuid;

    fn enrolment(kind: MethodKind) -> Enrolment {
        Enrolment {
            id: EnrolmentId(Uuid::from_u128(7)),
            account: AccountId(Uuid::from_u128(1)),
            kind,
            stage: Stage::Destination,
            value: String::new(),
            resend_at: None,
            n_failed: 0,
            refusals: Vec::new(),
            expires_at: Timestamp::from_ms(600_000),
        }
    }

    fn facts<'a>(account: &'a Account, settings: &'a TenantSettings, verdict: Verdict) -> Facts<'a> {
        Facts {
            account,
            settings,
            n_others: 0,
            may_send: Ok(()),
            blocked_until: None,
            verdict,
            heard: Heard::Nothing,
            is_linked: false,
            now: Timestamp::from_ms(1000),
        }
    }

    fn to(address: &str) -> Post {
        Post::Destination {
            named: Ok(address.to_owned()),
            typed: address.to_owned(),
        }
    }

    fn code(text: &str) -> Post {
        Post::Code(Secret::new(text.to_owned()))
    }

    #[test]
    fn r53_nothing_is_registered_without_its_own_code() {
        let (account, settings) = (person(), settings(&Gate::ALL));
        let awaiting = |n_failed| Enrolment {
            stage: Stage::Code,
            value: "uma@mail.example".to_owned(),
            n_failed,
            ..enrolment(MethodKind::Email)
        };
        for (before, post, verdict, expect) in [
            (awaiting(0), code("123456"), Verdict::Right, Some(Next::Register)),
            (
                awaiting(0),
                code("123456"),
                Verdict::Wrong,
                Some(Next::Failed(Refusal::CodeWrong { left: 4 })),
            ),
            (
                awaiting(4),
                code("123456"),
                Verdict::Wrong,
                Some(Next::Over(Some(Refusal::TriesSpent))),
            ),
            (
                awaiting(2),
                code("12345"),
                Verdict::Wrong,
                Some(Next::Refused(Refusal::CodeWrong { left: 3 })),
            ),
            (
                awaiting(0),
                code(""),
                Verdict::Wrong,
                Some(Next::Refused(Refusal::CodeMissing)),
            ),
            (enrolment(MethodKind::Email), code("123456"), Verdict::Right, None),
            (awaiting(0), Post::Leave, Verdict::Wrong, Some(Next::Over(None))),
            (awaiting(0), to("b@mail.example"), Verdict::Wrong, None),
        ] {
            assert_eq!(decide(&before, &post, &facts(&account, &settings, verdict)), expect);
        }
    }

    #[test]
    fn r53_what_may_not_be_registered_any_more_is_not_whatever_was_sent_before() {
        let full = [
            (MethodKind::Email, "a@mail.example"),
            (MethodKind::Email, "b@mail.example"),
        ];
        let (full, one) = (with(person(), &full), person());
        let (everything, only_apps) = (settings(&Gate::ALL), settings(&[Gate::AppCode]));
        let before = Enrolment {
            stage: Stage::Code,
            value: "uma@mail.example".to_owned(),
            ..enrolment(MethodKind::Email)
        };
        let shared = Facts {
            n_others: 3,
            ..facts(&one, &everything, Verdict::Right)
        };
        for (facts, expect) in [
            (
                facts(&full, &everything, Verdict::Right),
                Refusal::MethodsEnough { most: 2 },
            ),
            (shared, Refusal::DestinationShared),
            (facts(&one, &only_apps, Verdict::Right), Refusal::MethodUnavailable),
        ] {
            assert_eq!(decide(&before, &code("123456"), &facts), Some(Next::Over(Some(expect))));
        }
    }

    #[test]
    fn r53_a_passkey_is_registered_by_its_own_answer_alone() {
        let (account, settings) = (person(), settings(&Gate::ALL));
        let pending = |n_failed| Enrolment {
            stage: Stage::Code,
            n_failed,
            ..enrolment(MethodKind::Passkey)
        };
        let answer = || Post::Passkey(Secret::new("{}".to_owned()));
        let wrong = |left| Next::Failed(Refusal::PasskeyWrong { left });
        for (before, post, verdict, expect) in [
            (pending(0), answer(), Verdict::Right, Some(Next::Register)),
            (pending(0), answer(), Verdict::Wrong, Some(wrong(4))),
            (
                pending(4),
                answer(),
                Verdict::Wrong,
                Some(Next::Over(Some(Refusal::TriesSpent))),
            ),
            (pending(0), code("123456"), Verdict::Right, None),
            (pending(0), Post::Again, Verdict::Right, None),
            (enrolment(MethodKind::App), answer(), Verdict::Right, None),
        ] {
            assert_eq!(decide(&before, &post, &facts(&account, &settings, verdict)), expect);
        }
    }

    #[test]
    fn a_code_goes_only_to_an_address_that_may_be_registered() {
        let account = with(person(), &[(MethodKind::Email, "uma@mail.example")]);
        let settings = settings(&Gate::ALL);
        let facts = facts(&account, &settings, Verdict::Wrong);
        let asked = enrolment(MethodKind::Email);
        let next = |typed: &str| decide(&asked, &to(typed), &facts);
        assert_eq!(next("b@mail.example"), Some(Next::Send("b@mail.example".to_owned())));
        assert_eq!(next("uma@mail.example"), Some(Next::Refused(Refusal::DestinationKnown)));
        let app = Enrolment {
            stage: Stage::Code,
            ..enrolment(MethodKind::App)
        };
        assert_eq!(decide(&app, &Post::Again, &facts), None, "an app gets no message");
    }

    #[test]
    fn r12_a_phone_is_asked_once_it_was_added_and_counts_by_its_approval_alone() {
        let (account, settings) = (person(), settings(&Gate::ALL));
        let heard = |heard, is_linked, may_send| Facts {
            may_send,
            heard,
            is_linked,
            ..facts(&account, &settings, Verdict::Right)
        };
        let at = |stage, n_failed| Enrolment {
            stage,
            n_failed,
            ..enrolment(MethodKind::Authenticator)
        };
        let answered = Heard::Answered;
        let ended = |why| Refusal::PushEnded { why };
        for (before, facts, expect) in [
            (at(Stage::Code, 0), heard(Heard::Nothing, false, Ok(())), None),
            (
                at(Stage::Code, 0),
                heard(answered(Answer::Approved), false, Ok(())),
                None,
            ),
            (at(Stage::Code, 0), heard(Heard::Nothing, true, Ok(())), Some(Next::Ask)),
            (
                at(Stage::Code, 0),
                heard(Heard::Nothing, true, Err(Refusal::SentEnough)),
                Some(Next::Refused(Refusal::SentEnough)),
            ),
            (at(Stage::Waiting, 0), heard(Heard::Nothing, true, Ok(())), None),
            (
                at(Stage::Waiting, 0),
                heard(answered(Answer::Approved), true, Ok(())),
                Some(Next::Register),
            ),
            (
                at(Stage::Waiting, 0),
                heard(answered(Answer::Wrong), true, Ok(())),
                Some(Next::Failed(ended(Answer::Wrong))),
            ),
            (
                at(Stage::Waiting, 0),
                heard(answered(Answer::NotMe), true, Ok(())),
                Some(Next::Over(Some(ended(Answer::NotMe)))),
            ),
            (
                at(Stage::Waiting, 4),
                heard(Heard::Over, true, Ok(())),
                Some(Next::Over(Some(Refusal::TriesSpent))),
            ),
        ] {
            assert_eq!(decide(&before, &Post::Collect, &facts), expect, "{before:?}");
        }
        let by_code = decide(
            &at(Stage::Code, 0),
            &code("123456"),
            &heard(Heard::Nothing, true, Ok(())),
        );
        assert_eq!(by_code, None, "a code of it registers nothing");
    }

    proptest! {
        #[test]
        fn r18_it_ends_with_the_fifth_wrong_code_and_registers_nothing_later(n in 0_u32..12) {
            let (account, settings) = (person(), settings(&Gate::ALL));
            let facts = facts(&account, &settings, Verdict::Wrong);
            let before = Enrolment { stage: Stage::Code, n_failed: n, ..enrolment(MethodKind::Email) };
            let is_over = matches!(decide(&before, &code("123456"), &facts), Some(Next::Over(_)));
            prop_assert_eq!(is_over, n + 1 >= TRIES_PER_CODE);
        }
    }
}
