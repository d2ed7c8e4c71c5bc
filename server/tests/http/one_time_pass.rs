//! A one-time pass in the answer of the post that gives it, and nowhere else (R52).

use crate::client::{Answer, Browser, Demo, Page, Person, Site};

/// A staff member who has opened the record of a person, and the id that its forms carry.
fn opened(mut browser: Browser, site: Site, person: &Person) -> (Browser, String) {
    let helpdesk = site.person("helpdesk@acorn.example");
    browser.signs_in(&helpdesk.username, &helpdesk.password);
    let code = site.app_code(&helpdesk);
    browser.post("public/signin-code", &[("code", &code)]);
    let found = browser.post("admin/people-find", &[("find", &person.username)]);
    let page = match found.status {
        303 => browser.get("/console/users"),
        _ => found,
    };
    let id = id_in(page.text());
    browser.post("admin/person-open", &[("person", &id)]);
    (browser, id)
}

/// The first account's id on a page of people, or in the answer to a script.
fn id_in(text: &str) -> String {
    let after = text
        .split_once("name=\"person\" value=\"")
        .or_else(|| text.split_once("\"id\":\""));
    let (_, rest) = after.expect("somebody was found");
    rest.chars().take_while(|c| *c != '"').collect()
}

fn gives(browser: &mut Browser, id: &str) -> Answer {
    let fields = [("person", id), ("act", "one-time-pass"), ("reason", "lost the phone")];
    browser.post("admin/person-act", &fields)
}

/// The pass that a page or an answer shows.
fn pass_in(text: &str) -> Option<String> {
    let digits = |words: &[&str]| {
        words
            .iter()
            .all(|word| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()))
    };
    let cleaned = text.replace(['<', '>', '"'], " ");
    let words: Vec<&str> = cleaned.split_whitespace().collect();
    words.windows(4).find(|four| digits(four)).map(|four| four.join(" "))
}

#[test]
fn r52_a_forms_post_is_answered_by_the_one_page_that_shows_it() {
    let demo = Demo::shared();
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let (mut browser, id) = opened(Browser::plain(site), site, &person);
    let answer = gives(&mut browser, &id);
    assert_eq!((answer.status, answer.header("location")), (200, None));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(Page::of(&answer), Page::at("given"));
    let pass = pass_in(answer.text()).expect("the pass");
    for target in ["/console/users/person", "/console/users", "/fn/admin/person-act"] {
        let text = browser.get(target).text().to_owned();
        assert!(!text.contains(&pass) && pass_in(&text).is_none(), "{target}");
    }
    let mut own = Browser::plain(site);
    own.identify(&person.username);
    own.choose("one_time_pass");
    own.code(&pass);
    own.pass_app(&person);
    assert_eq!(own.look(), Page::at("password"));
    let digits = pass.replace(' ', "");
    for rows in [
        "SELECT reason FROM audit",
        "SELECT hash FROM one_time_pass",
        "SELECT what FROM desk",
        "SELECT body FROM demo_message",
    ] {
        let found = demo.rows().texts(rows).join("\n");
        assert!(
            !found.is_empty() && !found.contains(&digits) && !found.contains(&pass),
            "{rows}"
        );
    }
}

#[test]
fn r52_a_call_is_answered_with_it_and_its_next_look_is_not() {
    let demo = Demo::shared();
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let (mut browser, id) = opened(Browser::scripted(site), site, &person);
    let answer = gives(&mut browser, &id);
    assert_eq!(answer.status, 200);
    assert!(pass_in(answer.text()).is_some(), "{}", answer.text());
    let looked = browser.post("admin/person-look", &[]);
    assert_eq!(looked.status, 200);
    assert!(pass_in(looked.text()).is_none() && looked.text().contains("pass_until"));
    let nobody = gives(&mut Browser::scripted(site), &id);
    assert_ne!(nobody.status, 200);
    assert!(pass_in(nobody.text()).is_none());
}
