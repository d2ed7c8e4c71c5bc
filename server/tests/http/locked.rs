//! Somebody else holds the database's write lock. F11.

use crate::client::{Browser, Demo, Page};
use std::time::Duration;

#[test]
fn f11_a_short_lock_is_waited_for_and_a_long_one_is_503_with_nothing_half_done() {
    let demo = Demo::start(&[]);
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let mut browser = Browser::scripted(site);
    browser.identify(&person.username);
    let elsewhere = demo.rows();

    elsewhere.execute("BEGIN IMMEDIATE");
    let mut waiting = browser.clone();
    let answer = std::thread::scope(|scope| {
        let waits = scope.spawn(|| waiting.choose("app_code"));
        std::thread::sleep(Duration::from_secs(4));
        assert!(!waits.is_finished(), "it waits");
        elsewhere.execute("COMMIT");
        waits.join().expect("an answer")
    });
    assert_eq!(answer.status, 200);
    assert_eq!(browser.look(), Page::at("prove"));

    let code = site.app_code(&person);
    let before = elsewhere.sizes();
    elsewhere.execute("BEGIN IMMEDIATE");
    let mut plain = browser.clone();
    plain.is_plain = true;
    let answers = std::thread::scope(|scope| {
        let scripted = scope.spawn(|| browser.code(&code));
        let form = scope.spawn(|| plain.code(&code));
        [scripted.join().expect("an answer"), form.join().expect("an answer")]
    });
    elsewhere.execute("COMMIT");
    for answer in &answers {
        assert_eq!(answer.status, 503, "{}", answer.text());
        let seconds: u32 = answer
            .header("retry-after")
            .expect("Retry-After")
            .parse()
            .expect("seconds");
        assert!((1..=60).contains(&seconds));
        assert!(answer.all("set-cookie").is_empty());
    }
    assert_eq!(Page::of(&answers[1]), Page::refused("stopped", "busy"));
    assert_eq!(elsewhere.sizes(), before);
    assert_eq!(browser.look(), Page::at("prove"));
    assert_eq!(
        browser.code(&code).status,
        200,
        "the same code again, once there is nobody in the way"
    );
    assert_eq!(browser.look(), Page::at("choose"));
}
