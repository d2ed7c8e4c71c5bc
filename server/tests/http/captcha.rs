//! The proof of work as a stranger's client solves it, and that each is good for one try. R25.

use crate::client::{Browser, Demo, Page, Site};
use altcha::{Challenge, Payload, SolveChallengeOptions};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

fn challenge(site: Site) -> Challenge {
    serde_json::from_value(site.get("/captcha/challenge").json()).expect("the public format")
}

fn solved(challenge: Challenge) -> Payload {
    let solution = altcha::solve_challenge(SolveChallengeOptions::new(&challenge)).expect("in form");
    let solution = solution.expect("in time");
    Payload { challenge, solution }
}

fn text(payload: &Payload) -> String {
    BASE64_STANDARD.encode(serde_json::to_vec(payload).expect("json"))
}

/// The page after an identify with this proof.
fn shown(site: Site, username: &str, payload: &Payload) -> Page {
    let mut browser = Browser::scripted(site);
    let answer = browser.post(
        "public/reset-identify",
        &[("username", username), ("captcha", &text(payload))],
    );
    assert_eq!(answer.status, 200, "{}", answer.text());
    browser.look()
}

fn refused(refusal: &str) -> Page {
    Page::refused("identify", refusal)
}

#[test]
fn r25_a_strangers_client_solves_it_and_it_is_good_for_one_try_of_its_tenant() {
    let demo = Demo::shared();
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let payload = solved(challenge(site));
    assert_eq!(
        shown(demo.birch(), "user@birch.example", &payload),
        refused("captcha-wrong")
    );
    let mut lowered = payload.clone();
    lowered.challenge.parameters.cost = 1;
    assert_eq!(shown(site, &person.username, &lowered), refused("captcha-wrong"));
    let mut spliced = payload.clone();
    spliced.challenge.signature = challenge(site).signature;
    assert_eq!(shown(site, &person.username, &spliced), refused("captcha-wrong"));
    assert_eq!(shown(site, &person.username, &payload), Page::at("choose"));
    let mut again = payload.clone();
    again.solution.time = Some(7.0);
    assert_eq!(shown(site, &person.username, &again), refused("captcha-expired"));
}

#[test]
fn r25_a_failed_identify_spends_it_too() {
    let demo = Demo::shared();
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let mut browser = Browser::scripted(site);
    let (ticket, digits) = browser.captcha();
    browser.identify_with("no name at all", &ticket, &digits);
    assert_eq!(browser.look(), refused("username-form"));
    browser.identify_with(&person.username, &ticket, &digits);
    assert_eq!(browser.look(), refused("captcha-expired"));
}

#[test]
fn r25_a_challenge_is_a_read_and_each_is_another() {
    let demo = Demo::shared();
    let nonces: std::collections::HashSet<_> = (0..20).map(|_| challenge(demo.acorn()).parameters.nonce).collect();
    assert_eq!(nonces.len(), 20);
}
