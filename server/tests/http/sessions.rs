//! What counts as use of a session: posts that belong to it, and never a page that is drawn. R41, R42.

use crate::client::{Browser, Demo};

const MINUTE: u32 = 60;

fn is_in(browser: &mut Browser) -> bool {
    let screen = browser.post("public/account-look", &[]).json();
    screen.get("in").is_some()
}

#[test]
fn r41_a_typed_call_is_use_and_a_page_that_is_drawn_is_none() {
    let demo = Demo::start(&[]);
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let mut browser = Browser::scripted(site);
    assert!(browser.signs_in(&person.username, &person.password));
    for _ in 0..3 {
        site.advance(20 * MINUTE);
        assert!(is_in(&mut browser), "in use");
    }
    site.advance(20 * MINUTE);
    assert!(browser.get("/").text().contains("/fn/user/signout"), "still there");
    site.advance(11 * MINUTE);
    assert!(!is_in(&mut browser), "drawing a page is no use");
}
