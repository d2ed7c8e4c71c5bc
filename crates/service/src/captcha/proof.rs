//! The proof of work, in version 2 of the public ALTCHA format. The secret counter's key is what the solver looks for.
//!
//! The protocol's library derives keys and signs; its clock and its dice are not used, so that ours decide.

use super::{Bound, Captcha, Difficulty, Kind, Verdict};
use crate::dice::{Dice, below, bytes};
use altcha::{Challenge, ChallengeParameters, HmacAlgorithm, Payload, SolveChallengeOptions};
use anyhow::Context as _;
use base64::{Engine as _, prelude::BASE64_STANDARD, prelude::BASE64_STANDARD_NO_PAD};
use regain_domain::{Refusal, Timestamp, limits::CAPTCHA_LIFE};
use regain_store::Use;
use serde_json::Value;
use std::collections::BTreeMap;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

const ALGORITHM: &str = "PBKDF2/SHA-256";
/// PBKDF2's iterations per counter: about a millisecond, which is also what a verification costs (R25: at most 5 ms).
const COST: u32 = 5000;
/// Bytes of a derived key; the first half is told, the second half is the proof.
const KEY_LENGTH: usize = 32;
/// Hex digits that are told.
const PREFIX_LENGTH: usize = KEY_LENGTH;
/// A solved challenge has about 900 characters.
const PAYLOAD_MOST: usize = 4096;

impl Captcha {
    /// A fresh challenge as the JSON that ALTCHA's clients take; good for five minutes. R25.
    pub fn challenge(&self, bound: Bound, difficulty: Difficulty, now: Timestamp, dice: &mut dyn Dice) -> Value {
        let parameters = ChallengeParameters {
            algorithm: ALGORITHM.to_owned(),
            cost: COST,
            data: Some(data(bound, difficulty)),
            expires_at: Some(now.plus(CAPTCHA_LIFE).seconds()),
            key_length: KEY_LENGTH,
            key_prefix: String::new(),
            key_signature: None,
            memory_cost: None,
            nonce: format!("{:032x}", u128::from_be_bytes(bytes(dice))),
            parallelism: None,
            salt: format!("{:032x}", u128::from_be_bytes(bytes(dice))),
        };
        let counter = difficulty.least() + below(dice, difficulty.most() - difficulty.least());
        // None of the library's errors fits parameters of our own; no client solves, and no one signed, a null.
        self.hidden(parameters, counter).unwrap_or_default()
    }

    /// Judges the text of the form's `captcha`: base64 of the challenge and its solution. R25.
    ///
    /// [`Refusal::CaptchaExpired`] also where the work was right but less than is asked for by now: that is no fault of
    /// the person's. Everything else that is wrong, ours or not, is [`Refusal::CaptchaWrong`].
    pub fn verify(&self, bound: Bound, payload: &str, least: Difficulty, now: Timestamp) -> Verdict {
        let foreign = (Refusal::CaptchaWrong, None);
        let Some(Payload { challenge, solution }) = read(payload) else {
            return Err(foreign);
        };
        let Some(parameters) = self.own(challenge) else {
            return Err(foreign);
        };
        let (Some(difficulty), Some(seconds)) = (difficulty(&parameters, bound), parameters.expires_at) else {
            return Err(foreign);
        };
        let expires_at = Timestamp::from_ms(seconds.saturating_mul(1000));
        if expires_at <= now {
            return Err((Refusal::CaptchaExpired, None));
        }
        let spent = Kind::Proof.spent(bound, parameters.nonce.as_bytes(), expires_at);
        if !meets_minimum(&parameters) || !solves(&parameters, solution.counter, &solution.derived_key) {
            return Err((Refusal::CaptchaWrong, Some(spent)));
        }
        if difficulty < least {
            return Err((Refusal::CaptchaExpired, Some(spent)));
        }
        Ok(spent)
    }

    /// The signed challenge whose answer is this counter.
    fn hidden(&self, mut parameters: ChallengeParameters, counter: u32) -> anyhow::Result<Value> {
        parameters.key_prefix = key(&parameters, counter)?.chars().take(PREFIX_LENGTH).collect();
        let keys = self.keys.keys(Use::CaptchaMac);
        let current = keys.first().context("a key")?;
        Ok(serde_json::to_value(signed(parameters, current)?)?)
    }

    /// The parameters, if this server signed all of them together, with whichever key.
    fn own(&self, challenge: Challenge) -> Option<ChallengeParameters> {
        let signature = challenge.signature?;
        self.keys.keys(Use::CaptchaMac).iter().find_map(|key| {
            let ours = signed(challenge.parameters.clone(), key).ok()?;
            let is_ours = ours.signature?.as_bytes().ct_eq(signature.as_bytes());
            bool::from(is_ours).then_some(ours.parameters)
        })
    }
}

/// Signs the parameters' canonical JSON: sorted keys, so no two sets of parameters share their bytes.
fn signed(mut parameters: ChallengeParameters, key: &[u8; 32]) -> altcha::Result<Challenge> {
    altcha::sign_challenge(&HmacAlgorithm::Sha256, &mut parameters, None, &key_text(key), None)
}

impl Difficulty {
    const ALL: [Self; 2] = [Self::Ordinary, Self::Harder];

    const fn code(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::Harder => "harder",
        }
    }

    /// The lowest secret counter, so that the time it takes varies no more than one to four.
    const fn least(self) -> u32 {
        self.most() / 4
    }

    /// No secret counter reaches it. A bound, where a search for zeros would leave some unlucky for long.
    const fn most(self) -> u32 {
        match self {
            Self::Ordinary => 640,
            Self::Harder => 8 * Self::Ordinary.most(),
        }
    }
}

/// The key as text, one to one: that is how the protocol's library takes it.
fn key_text(key: &[u8; 32]) -> Zeroizing<String> {
    Zeroizing::new(BASE64_STANDARD.encode(key))
}

/// What a challenge is bound to; `most` lets a client show how far it is.
fn data(bound: Bound, difficulty: Difficulty) -> BTreeMap<String, Value> {
    BTreeMap::from([
        ("difficulty".to_owned(), Value::from(difficulty.code())),
        ("most".to_owned(), Value::from(difficulty.most())),
        ("purpose".to_owned(), Value::from(bound.purpose)),
        ("tenant".to_owned(), Value::from(bound.tenant.to_string())),
    ])
}

/// The difficulty, if the challenge was made for this tenant and purpose.
fn difficulty(parameters: &ChallengeParameters, bound: Bound) -> Option<Difficulty> {
    let held = parameters.data.as_ref()?;
    Difficulty::ALL
        .into_iter()
        .find(|difficulty| *held == data(bound, *difficulty))
}

/// Checked again although they are signed: a challenge of an earlier release may have asked for less.
fn meets_minimum(parameters: &ChallengeParameters) -> bool {
    parameters.algorithm == ALGORITHM
        && parameters.cost >= COST
        && parameters.key_length == KEY_LENGTH
        && parameters.key_prefix.len() == PREFIX_LENGTH
}

fn solves(parameters: &ChallengeParameters, counter: u32, derived_key: &str) -> bool {
    key(parameters, counter).is_ok_and(|expected| {
        expected.starts_with(&parameters.key_prefix) && bool::from(expected.as_bytes().ct_eq(derived_key.as_bytes()))
    })
}

/// The derived key of one counter, in hex. The library derives only while it solves: asked for no prefix, it is content
/// with the very first key.
fn key(parameters: &ChallengeParameters, counter: u32) -> anyhow::Result<String> {
    let parameters = ChallengeParameters {
        key_prefix: String::new(),
        ..parameters.clone()
    };
    let challenge = Challenge {
        parameters,
        signature: None,
    };
    let options = SolveChallengeOptions {
        counter_start: counter,
        timeout_ms: 0,
        ..SolveChallengeOptions::new(&challenge)
    };
    let solution = altcha::solve_challenge(options)?.context("derive a key")?;
    Ok(solution.derived_key)
}

fn read(payload: &str) -> Option<Payload> {
    let text = payload.trim().trim_end_matches('=');
    let json = (text.len() <= PAYLOAD_MOST)
        .then(|| BASE64_STANDARD_NO_PAD.decode(text))?
        .ok()?;
    serde_json::from_slice(&json).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::captcha::fixture::{Counting, NOW, after, bound, captcha};
    use altcha::{Solution, VerifySolutionOptions};

    fn challenge(at: Bound, difficulty: Difficulty, seed: u8) -> Challenge {
        let value = captcha().challenge(at, difficulty, NOW, &mut Counting(seed));
        serde_json::from_value(value).expect("the public format")
    }

    fn solved(challenge: &Challenge) -> Payload {
        let solution = altcha::solve_challenge(SolveChallengeOptions::new(challenge)).expect("in form");
        Payload {
            challenge: challenge.clone(),
            solution: solution.expect("in time"),
        }
    }

    fn text(payload: &Payload) -> String {
        BASE64_STANDARD.encode(serde_json::to_vec(payload).expect("json"))
    }

    /// Solving takes long unoptimised: the tests' own counter is low, and the rest as it is.
    fn quick(at: Bound, difficulty: Difficulty, seed: u8) -> Payload {
        let parameters = challenge(at, difficulty, seed).parameters;
        let value = captcha().hidden(parameters, 2).expect("a challenge");
        solved(&serde_json::from_value(value).expect("the public format"))
    }

    const RESET: &str = "reset";

    #[test]
    fn r25_a_solved_challenge_passes_and_the_official_verifier_agrees() {
        let at = bound(1, RESET);
        let payload = solved(&challenge(at, Difficulty::Ordinary, 0));
        let spent = captcha()
            .verify(at, &text(&payload), Difficulty::Ordinary, after(299))
            .expect("passes");
        assert_eq!(spent.expires_at, after(300));
        let key = key_text(&captcha().keys.keys(Use::CaptchaMac)[0]).to_string();
        let official = altcha::verify_solution(VerifySolutionOptions::new(&payload.challenge, &payload.solution, key));
        assert!(official.expect("in form").verified);
    }

    #[test]
    fn r25_a_replay_has_the_nonce_of_the_first_use_and_others_their_own() {
        let at = bound(1, RESET);
        let first = quick(at, Difficulty::Ordinary, 0);
        let mut again = first.clone();
        again.solution.time = Some(3.0);
        let nonce = |payload: &Payload| {
            let verdict = captcha().verify(at, &text(payload), Difficulty::Ordinary, NOW);
            verdict.map(|spent| spent.nonce).expect("passes")
        };
        assert_eq!(nonce(&first), nonce(&again));
        assert_ne!(nonce(&first), nonce(&quick(at, Difficulty::Ordinary, 99)));
    }

    #[test]
    fn r25_parameters_and_signature_of_two_challenges_do_not_mix() {
        let at = bound(1, RESET);
        let (one, other) = (quick(at, Difficulty::Ordinary, 0), quick(at, Difficulty::Ordinary, 99));
        let mut spliced = one.clone();
        spliced.challenge.signature = other.challenge.signature;
        refused(at, &spliced);
        spliced.challenge.signature = None;
        refused(at, &spliced);
        let mut moved = one;
        moved.challenge.parameters.nonce = other.challenge.parameters.nonce;
        refused(at, &moved);
    }

    #[test]
    fn r25_nothing_that_was_signed_can_be_lowered() {
        let at = bound(1, RESET);
        let honest = quick(at, Difficulty::Ordinary, 0);
        let changes: [fn(&mut ChallengeParameters); 7] = [
            |parameters| parameters.cost = 1,
            |parameters| parameters.algorithm = "SHA-256".to_owned(),
            |parameters| parameters.key_length = 16,
            |parameters| parameters.key_prefix = String::new(),
            |parameters| parameters.expires_at = None,
            |parameters| parameters.data = None,
            |parameters| parameters.expires_at = parameters.expires_at.map(|at| at + 3600),
        ];
        for change in changes {
            let mut lowered = honest.clone();
            change(&mut lowered.challenge.parameters);
            refused(at, &lowered);
        }
    }

    #[test]
    fn r25_minimums_count_even_under_a_right_signature() {
        let at = bound(1, RESET);
        let mut parameters = challenge(at, Difficulty::Ordinary, 0).parameters;
        parameters.cost = COST - 1;
        let value = captcha().hidden(parameters, 2).expect("a challenge");
        let cheap = solved(&serde_json::from_value(value).expect("the public format"));
        let verdict = captcha().verify(at, &text(&cheap), Difficulty::Ordinary, NOW);
        assert!(matches!(verdict, Err((Refusal::CaptchaWrong, Some(_)))));
    }

    #[test]
    fn r25_another_tenant_or_purpose_knows_nothing_of_it() {
        let payload = quick(bound(1, RESET), Difficulty::Ordinary, 0);
        refused(bound(2, RESET), &payload);
        refused(bound(1, "register"), &payload);
    }

    #[test]
    fn r25_a_challenge_expires() {
        let at = bound(1, RESET);
        let payload = text(&quick(at, Difficulty::Ordinary, 0));
        let verdict = captcha().verify(at, &payload, Difficulty::Ordinary, after(300));
        assert_eq!(verdict, Err((Refusal::CaptchaExpired, None)));
    }

    #[test]
    fn r25_a_wrong_solution_is_spent_too() {
        let at = bound(1, RESET);
        let honest = quick(at, Difficulty::Ordinary, 0);
        let spent = captcha()
            .verify(at, &text(&honest), Difficulty::Ordinary, NOW)
            .expect("passes");
        for solution in [
            Solution {
                counter: honest.solution.counter + 1,
                ..honest.solution.clone()
            },
            Solution {
                derived_key: "0".repeat(64),
                ..honest.solution.clone()
            },
            Solution {
                derived_key: honest.challenge.parameters.key_prefix.clone(),
                ..honest.solution.clone()
            },
        ] {
            let wrong = Payload {
                challenge: honest.challenge.clone(),
                solution,
            };
            let verdict = captcha().verify(at, &text(&wrong), Difficulty::Ordinary, NOW);
            assert_eq!(verdict, Err((Refusal::CaptchaWrong, Some(spent))));
        }
    }

    #[test]
    fn r25_too_little_work_asks_for_a_new_one() {
        let at = bound(1, RESET);
        let easy = text(&quick(at, Difficulty::Ordinary, 0));
        let verdict = captcha().verify(at, &easy, Difficulty::Harder, NOW);
        assert!(matches!(verdict, Err((Refusal::CaptchaExpired, Some(_)))));
        let hard = text(&quick(at, Difficulty::Harder, 0));
        assert!(captcha().verify(at, &hard, Difficulty::Harder, NOW).is_ok());
        assert!(captcha().verify(at, &hard, Difficulty::Ordinary, NOW).is_ok());
    }

    #[test]
    fn r25_garbage_is_wrong_and_spends_nothing() {
        let long = "A".repeat(PAYLOAD_MOST + 1);
        let twice = BASE64_STANDARD.encode(r#"{"challenge":{},"challenge":{}}"#);
        for garbage in ["", "=", "%%%", "bnVsbA==", "e30=", "ÄÖÜ", &long, &twice] {
            let verdict = captcha().verify(bound(1, RESET), garbage, Difficulty::Ordinary, NOW);
            assert_eq!(verdict, Err((Refusal::CaptchaWrong, None)), "{garbage}");
        }
    }

    fn refused(at: Bound, payload: &Payload) {
        let verdict = captcha().verify(at, &text(payload), Difficulty::Ordinary, NOW);
        assert_eq!(verdict, Err((Refusal::CaptchaWrong, None)));
    }
}
