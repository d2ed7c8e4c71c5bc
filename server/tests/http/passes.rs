//! What makes a pass and what does not, and what a grant is good for. R03, R06.

use crate::client::{Browser, Demo, Page, at_once};

const NEW: &str = "seven brass otters hum";

/// Numbers below `n` in an order in which every four of them follow one another somewhere (a de Bruijn sequence).
fn all_fours(n: usize) -> Vec<usize> {
    let mut sequence = vec![0; 4];
    let mut seen = std::collections::HashSet::from([sequence.clone()]);
    'next: loop {
        let last = sequence[sequence.len() - 3..].to_vec();
        for digit in (0..n).rev() {
            let four = [last.as_slice(), &[digit]].concat();
            if seen.insert(four) {
                sequence.push(digit);
                continue 'next;
            }
        }
        return sequence;
    }
}

#[test]
fn r03_no_order_of_choosing_resending_and_going_back_gives_a_pass() {
    let demo = Demo::shared();
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let mut browser = Browser::scripted(site);
    let orders = all_fours(3);
    assert_eq!(orders.len(), 81 + 3);
    browser.identify(&person.username);
    let cookie = browser.cookies.clone();
    for order in orders {
        let answer = match order {
            0 => browser.choose("email"),
            1 => browser.choose("app_code"),
            _ => browser.choose(""),
        };
        assert!(!answer.text().contains("new_password"), "{}", answer.text());
    }
    assert_eq!(browser.cookies, cookie, "a new cookie comes with a pass only");
    browser.choose("");
    assert_eq!(browser.look(), Page::at("choose"));
    let of_flow = format!(
        "SELECT count(*) FROM gate_pass WHERE flow_id IN (SELECT id FROM flow WHERE user_name = '{}')",
        person.username
    );
    assert_eq!(demo.rows().number(&of_flow), 0);
    browser.pass_app(&person);
    assert_eq!(demo.rows().number(&of_flow), 1);
    for language in ["de", "ar"] {
        assert_eq!(browser.get(&format!("/reset?lang={language}")).status, 303);
        assert_eq!(
            browser.look().step,
            "choose",
            "a change of language carries no pass to another gate"
        );
    }
    assert_eq!(demo.rows().number(&of_flow), 1);
}

fn posted_twice(is_plain: bool, late: u16) {
    let demo = Demo::shared();
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let mut browser = if is_plain {
        Browser::plain(site)
    } else {
        Browser::scripted(site)
    };
    browser.granted(&person);
    let before = site.newest();
    let post = |password: &'static str| {
        let mut twin = browser.clone();
        move || twin.password(password).status
    };
    let mut statuses = at_once(vec![post(NEW), post("nine quiet herons wait")]);
    statuses.sort_unstable();
    let mut expect = [if is_plain { 303 } else { 200 }, late];
    expect.sort_unstable();
    assert_eq!(statuses, expect);
    assert_eq!(browser.look(), Page::at("done"));
    for mailbox in &person.emails {
        site.message(mailbox, "password-reset", before);
    }
    let notices = site
        .messages(before)
        .into_iter()
        .filter(|message| message.context == "password-reset");
    assert_eq!(
        notices.filter(|notice| person.emails.contains(&notice.to)).count(),
        person.emails.len()
    );
    let changed = format!(
        "SELECT count(*) FROM audit JOIN account ON account.id = audit.subject_id \
         WHERE activity = 'password-reset' AND is_success AND user_name = '{}'",
        person.username
    );
    assert_eq!(demo.rows().number(&changed), 1);
}

#[test]
fn r06_of_two_posts_of_the_password_one_is_written() {
    posted_twice(false, 409);
}

#[test]
fn r06_of_two_forms_with_the_password_one_is_written() {
    posted_twice(true, 303);
}

#[test]
fn r01_what_has_no_form_of_a_code_or_comes_at_the_wrong_time_costs_no_try() {
    let demo = Demo::shared();
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let mut browser = Browser::scripted(site);
    browser.identify(&person.username);
    (0..6).for_each(|_| assert_eq!(browser.code("123456").status, 409));
    (0..6).for_each(|_| assert_eq!(browser.destination(&person.emails[1]).status, 409));
    browser.choose("app_code");
    for odd in ["", "1", "12345", "1234567", "abcdef", "12 34"] {
        assert_eq!(browser.code(odd).status, 200);
    }
    let code = site.app_code(&person);
    browser.code(&code);
    assert_eq!(browser.look(), Page::at("choose"));
    // Refusals of other steps leave no trace on this one.
    for answer in [browser.code(""), browser.destination("no address")] {
        assert_eq!(answer.status, 409);
    }
    assert_eq!(browser.look(), Page::at("choose"));
}

#[test]
fn f07_the_same_code_again_is_over_and_costs_no_try() {
    let demo = Demo::shared();
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let mut browser = Browser::scripted(site);
    browser.identify(&person.username);
    browser.choose("app_code");
    let code = site.app_code(&person);
    assert_eq!(browser.code(&code).status, 200);
    // More often than there are tries.
    (0..6).for_each(|_| assert_eq!(browser.code(&code).status, 409));
    browser.pass_mail(&person);
    assert_eq!(browser.look(), Page::at("password"));
}
