//! What sign-in leads to, by forms without scripts and by calls: led there, put off once in a session, and led onward. R53.

use crate::client::{Answer, Browser, Demo, Page};

const DAY: u32 = 24 * 60 * 60;
const SKIP: &str = "/fn/user/security-skip";
const RECONFIRM: &str = "/fn/user/security-reconfirm";

fn led_to(answer: &Answer) -> Option<&str> {
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("location")
}

#[test]
fn r53_a_form_is_led_to_what_is_missing_and_on_from_there_once_it_is_put_off() {
    let demo = Demo::shared();
    let site = demo.acorn();
    let person = site.person("new@acorn.example");
    for (to, onward) in [
        ("", "/"),
        ("password", "/change-password"),
        ("https://elsewhere.example", "/"),
    ] {
        let mut browser = Browser::plain(site);
        assert!(browser.signs_in(&person.username, &person.password));
        assert_eq!(led_to(&browser.get("/signin")), Some("/security-info"));
        let by_password = browser.get("/signin?to=password");
        assert_eq!(led_to(&by_password), Some("/security-info?to=password"));
        let page = browser.get("/security-info");
        assert_eq!(Page::of(&page), Page::at("confirm"));
        assert!(page.text().contains(SKIP));

        let skip = browser.post("user/security-skip", &[("to", to)]);
        assert_eq!(led_to(&skip), Some(onward), "{to}");
        assert_eq!(led_to(&browser.get("/signin")), Some("/"));
        assert!(!browser.get("/security-info").text().contains(SKIP));
        let again = browser.post("user/security-skip", &[("to", to)]);
        assert_eq!(led_to(&again), Some("/security-info"), "twice is too late");
    }
    let n_skipped = format!("SELECT n_skipped FROM account WHERE user_name = '{}'", person.username);
    assert_eq!(demo.rows().number(&n_skipped), 3);
}

#[test]
fn r53_a_call_without_anything_due_or_without_a_fresh_proof_is_too_late() {
    let demo = Demo::start(&[]);
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let mut browser = Browser::scripted(site);
    assert!(browser.signs_in(&person.username, &person.password));
    for function in ["user/security-skip", "user/security-reconfirm"] {
        assert_eq!(browser.post(function, &[]).status, 409, "{function}: nothing is due");
    }
    site.advance(181 * DAY);
    let mut browser = Browser::scripted(site);
    assert!(browser.signs_in(&person.username, &person.password));
    assert!(
        !browser.get("/security-info").text().contains(RECONFIRM),
        "not before the proof"
    );
    assert_eq!(browser.post("user/security-reconfirm", &[]).status, 409);
    let code = site.app_code(&person);
    browser.opens_methods(&person, || code);
    assert!(browser.get("/security-info").text().contains(RECONFIRM));
    assert_eq!(browser.post("user/security-reconfirm", &[]).status, 200);
    assert_eq!(browser.post("user/security-reconfirm", &[]).status, 409, "once");
}
