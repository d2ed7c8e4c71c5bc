//! A browser that hangs up while its last post is under way. F05.

use crate::client::wire::begin;
use crate::client::{Browser, Demo, Page, wait_for};
use std::time::Duration;

const NEW: &str = "seven brass otters hum";
const OTHER: &str = "nine quiet herons wait";

/// Posts the new password, hangs up so much later, and goes on with the same cookie as after a reload.
fn hung_up_after(demo: &Demo, delay: Duration) {
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let mut browser = Browser::scripted(site);
    browser.granted(&person);
    let before = site.newest();
    let fields = [("new_password", NEW), ("confirm_password", NEW)];
    let ask = browser.posting("public/reset-password", &fields);
    let stream = begin(site.port, &ask.bytes()).expect("a connection");
    std::thread::sleep(delay);
    drop(stream);

    let reloaded = browser.look();
    assert!(
        reloaded == Page::at("password") || reloaded == Page::at("done"),
        "{reloaded:?}"
    );
    // The first post may still be under way: then one of the two is too late.
    let status = browser.password(OTHER).status;
    assert_eq!(browser.look(), Page::at("done"), "{delay:?}: {status}");
    let signs_in = |password: &str| Browser::scripted(site).signs_in(&person.username, password);
    let (is_first, is_other) = (signs_in(NEW), signs_in(OTHER));
    assert!(is_first != is_other, "{delay:?}: {is_first} {is_other}");
    assert_eq!(status, if is_other { 200 } else { 409 });
    assert!(
        is_first || reloaded == Page::at("password"),
        "what a page has shown stays true"
    );
    assert!(!signs_in(&person.password));

    let changed = format!(
        "SELECT count(*) FROM audit JOIN account ON account.id = audit.subject_id \
         WHERE activity = 'password-reset' AND is_success AND user_name = '{}'",
        person.username
    );
    let rows = demo.rows();
    assert_eq!(rows.number(&changed), 1);
    for mailbox in &person.emails {
        site.message(mailbox, "password-reset", before);
    }
    wait_for("an empty outbox", || {
        let n_waiting = rows.number("SELECT count(*) FROM outbox WHERE state IN ('ready', 'leased')");
        (n_waiting == 0).then_some(())
    });
    let notices = site.messages(before).into_iter();
    let notices = notices.filter(|message| message.context == "password-reset");
    assert_eq!(notices.count(), person.emails.len(), "one for each mailbox");
}

#[test]
fn f05_a_browser_that_hangs_up_over_its_password_changes_it_once_or_not_at_all() {
    let demo = Demo::start(&[]);
    for delay_ms in [0, 4, 10, 20, 30, 40, 55, 80, 120] {
        hung_up_after(&demo, Duration::from_millis(delay_ms));
    }
}
