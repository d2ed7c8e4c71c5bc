//! Both ceremonies against a software authenticator: the right answer passes, and everything else is refused for its reason.

use super::answer::{Answer, NewKey};
use super::ceremony::{Ceremony, key_bytes, key_of_bytes};
use super::party::{Holder, No, RelyingParty};
use crate::testing::{Authenticator, Lie};
use regain_domain::ids::AccountId;
use serde_json::Value;
use uuid::Uuid;
use webauthn_rs::prelude::Passkey;

const HOME: &str = "https://reset.acorn.example";
const UMA: AccountId = AccountId(Uuid::from_u128(7));

fn party() -> RelyingParty {
    RelyingParty::of(HOME, "Acorn Works").unwrap()
}

/// As if it had lain in its row in between.
fn stored(ceremony: &Ceremony) -> Ceremony {
    Ceremony::of_bytes(&ceremony.to_bytes().unwrap()).unwrap()
}

fn asked_new(known: &[Passkey]) -> Ceremony {
    let holder = Holder {
        id: UMA,
        user_name: "uma@acorn.example",
        display_name: "Uma Bell",
    };
    stored(&party().ask_new(&holder, known).unwrap())
}

fn options(ceremony: &Ceremony) -> Value {
    serde_json::from_str(ceremony.options()).unwrap()
}

/// What becomes of a new key that a device makes as it is asked.
fn made(device: &mut Authenticator, origin: &str) -> Result<Passkey, No> {
    let ceremony = asked_new(&[]);
    let answer = device.create(ceremony.options(), origin);
    party().made(&ceremony, &NewKey::read(&answer)?)
}

/// A device, and the key that was registered with it.
fn registered() -> (Authenticator, Passkey) {
    let mut device = Authenticator::default();
    let key = made(&mut device, HOME).unwrap();
    (device, key_of_bytes(&key_bytes(&key).unwrap()).unwrap())
}

/// Whether an answer proves one of Uma's keys.
fn verdict(ceremony: &Ceremony, answer: &str, keys: &[Passkey]) -> Result<(), No> {
    let keys = keys.iter().map(|key| ((), key.clone())).collect();
    party()
        .proved(ceremony, &Answer::read(answer)?, Some(UMA), keys)
        .map(drop)
}

fn proved(device: &mut Authenticator, origin: &str, key: &Passkey) -> Result<(), No> {
    let ceremony = stored(&party().ask().unwrap());
    let answer = device.get(ceremony.options(), origin);
    verdict(&ceremony, &answer, std::slice::from_ref(key))
}

#[test]
fn r22_a_new_key_is_found_without_a_list_and_guarded_by_its_owner() {
    let (_, key) = registered();
    let options = options(&asked_new(&[key]));
    let selection = &options["authenticatorSelection"];
    assert_eq!(selection["residentKey"], "required");
    assert_eq!(selection["requireResidentKey"], true);
    assert_eq!(selection["userVerification"], "required");
    assert_eq!(options["rp"]["id"], "reset.acorn.example");
    assert_eq!(options["rp"]["name"], "Acorn Works");
    assert_eq!(options["attestation"], "none");
    assert_eq!(options["excludeCredentials"].as_array().unwrap().len(), 1);
    let handle = options["user"]["id"].as_str().unwrap();
    assert_eq!(handle, "AAAAAAAAAAAAAAAAAAAABw", "an id, and no name");
}

#[test]
fn r22_everybody_is_asked_alike_and_without_a_list() {
    let (one, other) = (options(&party().ask().unwrap()), options(&party().ask().unwrap()));
    assert_eq!(one["allowCredentials"], Value::Array(Vec::new()));
    assert_eq!(one["userVerification"], "required");
    assert_eq!(one["rpId"], "reset.acorn.example");
    assert_ne!(one["challenge"], other["challenge"]);
    let without_challenge = |mut options: Value| {
        options["challenge"].take();
        options
    };
    assert_eq!(without_challenge(one), without_challenge(other));
}

#[test]
fn the_right_key_proves_itself() {
    let (mut device, key) = registered();
    assert_eq!(proved(&mut device, HOME, &key), Ok(()));
}

#[test]
fn a_new_key_from_elsewhere_or_without_its_owner_is_refused() {
    let lies: [(Option<Lie>, &str, No); 5] = [
        (None, "https://evil.example", No::Elsewhere),
        (None, "https://reset.acorn.example:8443", No::Elsewhere),
        (Some(Lie::For("evil.example")), HOME, No::Elsewhere),
        (Some(Lie::Careless), HOME, No::Unverified),
        (Some(Lie::Forgetful), HOME, No::Unfindable),
    ];
    for (lie, origin, expect) in lies {
        let mut device = Authenticator::default();
        device.lie = lie;
        assert_eq!(made(&mut device, origin).unwrap_err(), expect, "{origin} {expect:?}");
    }
}

#[test]
fn a_new_key_answers_its_own_question() {
    let (asked, other) = (asked_new(&[]), asked_new(&[]));
    let mut device = Authenticator::default();
    let answer = NewKey::read(&device.create(asked.options(), HOME)).unwrap();
    assert_eq!(party().made(&other, &answer).unwrap_err(), No::Elsewhere);
    let proof = party().ask().unwrap();
    assert_eq!(party().made(&proof, &answer).unwrap_err(), No::Elsewhere);
    assert!(party().made(&asked, &answer).is_ok());
}

#[test]
fn a_proof_from_elsewhere_or_without_its_owner_is_refused() {
    let lies: [(Option<Lie>, &str, No); 6] = [
        (None, "https://evil.example", No::Elsewhere),
        (None, "http://reset.acorn.example", No::Elsewhere),
        (None, "https://www.reset.acorn.example", No::Elsewhere),
        (Some(Lie::For("evil.example")), HOME, No::Elsewhere),
        (Some(Lie::Framed), HOME, No::Elsewhere),
        (Some(Lie::Careless), HOME, No::Unverified),
    ];
    for (lie, origin, expect) in lies {
        let (mut device, key) = registered();
        device.lie = lie;
        assert_eq!(proved(&mut device, origin, &key), Err(expect), "{origin} {expect:?}");
    }
}

#[test]
fn r08_an_answer_fits_its_own_question_alone() {
    let (mut device, key) = registered();
    let keys = [key];
    let (asked, later) = (party().ask().unwrap(), party().ask().unwrap());
    let answer = device.get(asked.options(), HOME);
    assert_eq!(verdict(&asked, &answer, &keys), Ok(()));
    assert_eq!(verdict(&later, &answer, &keys), Err(No::Elsewhere), "a replay");
    assert_eq!(
        verdict(&asked_new(&[]), &answer, &keys),
        Err(No::Elsewhere),
        "to register"
    );
}

#[test]
fn another_persons_key_proves_nothing() {
    let (mut device, key) = registered();
    let (_, foreign) = registered();
    let asked = party().ask().unwrap();
    let answer = device.get(asked.options(), HOME);
    let keys = |key: &Passkey| vec![((), key.clone())];
    let proved = |person, keys| {
        let answer = Answer::read(&answer).unwrap();
        party().proved(&asked, &answer, person, keys).map(drop)
    };
    assert_eq!(Answer::read(&answer).unwrap().account(), Some(UMA));
    assert_eq!(proved(Some(UMA), keys(&key)), Ok(()));
    let other = AccountId(Uuid::from_u128(8));
    for (person, keys) in [
        (Some(UMA), keys(&foreign)),
        (Some(UMA), Vec::new()),
        (Some(other), keys(&key)),
        (None, keys(&key)),
        (None, Vec::new()),
    ] {
        // As far as to the signature, as one's own key.
        assert_eq!(proved(person, keys), Err(No::Wrong), "{person:?}");
    }
}

#[test]
fn a_forged_signature_is_refused() {
    let (mut device, key) = registered();
    let asked = party().ask().unwrap();
    let mut answer: Value = serde_json::from_str(&device.get(asked.options(), HOME)).unwrap();
    let other = party().ask().unwrap();
    let another: Value = serde_json::from_str(&device.get(other.options(), HOME)).unwrap();
    answer["response"]["signature"] = another["response"]["signature"].clone();
    assert_eq!(verdict(&asked, &answer.to_string(), &[key]), Err(No::Wrong));
}

#[test]
fn a_counter_that_goes_back_shows_a_copy() {
    let mut device = Authenticator::default();
    device.counts = true;
    let mut key = made(&mut device, HOME).unwrap();
    let mut copy = device.clone();
    for _ in 0..2 {
        let asked = party().ask().unwrap();
        let answer = Answer::read(&device.get(asked.options(), HOME)).unwrap();
        let proved = party()
            .proved(&asked, &answer, Some(UMA), vec![("her phone", key)])
            .unwrap();
        assert_eq!(proved.name, "her phone");
        key = proved.changed.unwrap();
    }
    assert_eq!(proved(&mut copy, HOME, &key), Err(No::Cloned));
    assert_eq!(proved(&mut device, HOME, &key), Ok(()));
}

#[test]
fn what_is_no_answer_is_none() {
    for text in ["", "{}", "null", "[]", r#"{"id":"x"}"#] {
        assert!(matches!(Answer::read(text), Err(No::Unreadable)), "{text}");
        assert!(matches!(NewKey::read(text), Err(No::Unreadable)), "{text}");
    }
}

#[test]
fn r45_the_site_is_the_tenants_own_and_has_a_name() {
    for (base_url, is_one) in [
        ("http://localhost:3000", true),
        ("http://birch.localhost:3000", true),
        ("https://192.0.2.7", false),
        ("https://[2001:db8::7]", false),
    ] {
        assert_eq!(RelyingParty::of(base_url, "Acorn").is_some(), is_one, "{base_url}");
    }
}
