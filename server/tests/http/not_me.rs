//! `/not-me` from outside: read as often as one likes, and posted by a form or by a script. R35, R42.

use crate::client::{Browser, Demo, Page, Person, Site};

/// Somebody whose reset was begun by somebody else; the code and the reference of the message.
fn begun(site: Site) -> (Person, Browser, String, String) {
    let person = site.person("user@acorn.example");
    let (mut thief, before) = (Browser::plain(site), site.newest());
    thief.identify(&person.username);
    thief.choose("email");
    let address = person.emails.last().expect("a mailbox");
    let message = site.message(address, "reset-code", before);
    let is_shown = |word: &&str| word.len() == 11 && word.find('-') == Some(5);
    let mut words = message.text.split(|c: char| c.is_whitespace() || c == ':');
    let reference = words.find(is_shown).expect("a reference").to_owned();
    (person, thief, message.code.expect("a code"), reference)
}

#[test]
fn r35_a_reference_is_typed_and_what_it_reported_is_over() {
    let demo = Demo::shared();
    let site = demo.acorn();
    for mut owner in [Browser::plain(site), Browser::scripted(site)] {
        let (person, mut thief, code, reference) = begun(site);
        assert_eq!(Page::of(&owner.get("/not-me")), Page::at("not-me"));
        for wrong in ["", "K7QM2-XWD3H", &code] {
            let answer = owner.post("public/not-me", &[("reference", wrong)]);
            assert_eq!(answer.status, if owner.is_plain { 303 } else { 200 });
            let refused = Page::refused("not-me", "reference-unknown");
            assert_eq!(Page::of(&owner.get("/not-me")), refused, "{wrong}");
        }
        let answer = owner.post("public/not-me", &[("reference", &reference.to_lowercase())]);
        if owner.is_plain {
            assert_eq!((answer.status, answer.header("location")), (303, Some("/not-me")));
        } else {
            assert!(answer.json().get("stopped").is_some(), "{}", answer.text());
        }
        let page = owner.get("/not-me");
        assert_eq!(Page::of(&page), Page::at("not-me-stopped"));
        for secret in [&reference, &person.username] {
            assert!(!page.text().contains(secret.as_str()), "{secret}");
        }
        thief.code(&code);
        assert_eq!(thief.look(), Page::refused("stopped", "expired"));
    }
}

#[test]
fn a_reference_in_the_address_is_not_read() {
    let demo = Demo::shared();
    let site = demo.acorn();
    let (_, mut thief, code, reference) = begun(site);
    let mut owner = Browser::scripted(site);
    let page = owner.get(&format!("/not-me?reference={reference}"));
    assert_eq!(Page::of(&page), Page::at("not-me"));
    assert!(!page.text().contains(&reference));
    thief.code(&code);
    assert_eq!(thief.look(), Page::at("choose"));
}

#[test]
fn the_page_loads_no_program() {
    let demo = Demo::shared();
    let page = demo.birch().get("/not-me");
    assert_eq!(page.status, 200);
    for part in [".wasm", "import("] {
        assert!(!page.text().contains(part), "{part}");
    }
}
