//! Former passwords, as the page tells them. R27.

use crate::client::{Browser, Demo, Page};

const NEW: &str = "seven brass otters hum";

#[test]
fn r27_history_is_told_before_typing_and_when_a_former_password_is_refused_without_scripts() {
    let demo = Demo::start(&[]);
    demo.rows().set("", "json_set(value, '$.value.password.history', 5)");
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let mut browser = Browser::plain(site);
    browser.granted(&person);
    let page = browser.get("/reset");
    assert!(page.text().contains("former ones remembered: 5"), "{}", page.text());
    assert!(!page.text().contains("You had this one before."));

    let answer = browser.password(&person.password);
    assert_eq!((answer.status, answer.header("location")), (303, Some("/reset")));
    let page = browser.get("/reset");
    assert_eq!(Page::of(&page), Page::refused("password", "pw-history"));
    assert!(page.text().contains("You had this one before."), "{}", page.text());
    assert!(!page.text().contains(&person.password), "nothing typed comes back");

    browser.password(NEW);
    assert_eq!(browser.look(), Page::at("done"));
    assert!(browser.signs_in(&person.username, NEW));
}

#[test]
fn r27_without_a_history_the_page_tells_of_none() {
    let demo = Demo::shared();
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let mut browser = Browser::plain(site);
    browser.granted(&person);
    assert!(!browser.get("/reset").text().contains("former ones remembered"));
}
