//! Which language a page speaks: the person's choice, the one that the tenant forces, the browser's, the tenant's default.

use crate::client::{Browser, Demo};

/// The language that a page says it is in.
fn spoken(browser: &mut Browser, page: &str, accepted: &str) -> String {
    let mut ask = browser.ask("GET", page);
    if !accepted.is_empty() {
        ask = ask.header("accept-language", accepted);
    }
    let answer = ask.send(browser.site.port);
    assert_eq!(answer.status, 200, "{page}");
    let (_, rest) = answer.text().split_once("<html lang=\"").expect("a language");
    rest.split('"').next().expect("its tag").to_owned()
}

fn set(demo: &Demo, setting: &str, language: &str) {
    let value = format!("json_set(value, '$.value.brand.{setting}', '{language}')");
    demo.rows().set("Acorn Works", &value);
}

#[test]
fn a_forced_language_beats_the_browsers_and_the_default_and_never_the_persons_own_choice() {
    let demo = Demo::start(&[]);
    let site = demo.acorn();
    let mut browser = Browser::scripted(site);
    set(&demo, "default_language", "es");
    assert_eq!(spoken(&mut browser, "/reset", ""), "es");
    assert_eq!(
        spoken(&mut browser, "/reset", "fr"),
        "fr",
        "the browser beats the default"
    );

    set(&demo, "forced_language", "de");
    for page in ["/reset", "/signin"] {
        assert_eq!(spoken(&mut browser, page, "fr, en;q=0.5"), "de", "{page}");
        assert_eq!(spoken(&mut browser, page, ""), "de", "{page}");
    }
    let mut neighbour = Browser::scripted(demo.birch());
    assert_eq!(spoken(&mut neighbour, "/reset", "fr"), "fr", "it is one tenant's own");

    let answer = browser.get("/reset?lang=ar");
    assert_eq!((answer.status, answer.header("location")), (303, Some("/reset")));
    for page in ["/reset", "/signin"] {
        assert_eq!(spoken(&mut browser, page, "fr"), "ar", "{page}");
    }
    let mut other = Browser::scripted(site);
    other.get("/signin?lang=xx");
    assert_eq!(
        spoken(&mut other, "/signin", "fr"),
        "de",
        "a language that does not ship is no choice"
    );
}
