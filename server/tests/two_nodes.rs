//! Two servers on one PostgreSQL, as `regain serve`: what one of them knows, both know, and of two at once one wins.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that gets no answer has failed, and shows the log"
)]

#[expect(dead_code, unused_imports, reason = "other test programs use more of it")]
mod client;

use client::devices::{Devices, shown_number, taken};
use client::pair::Pair;
use client::{Ask, Browser, FLOW, Page, at_once};
use regain_domain::Secret;
use regain_domain::approval::Answer;
use regain_domain::authenticator::Taken;
use regain_domain::gate::Gate;
use regain_domain::policy::Scope;
use regain_store::settings;

const BIRCH: &str = "birch.localhost";
const ACORN: &str = "localhost";

#[test]
fn r02_of_fifty_posts_to_two_nodes_at_once_one_wins() {
    let pair = Pair::start();
    let person = pair.person(BIRCH, "user@birch.example");
    let mut browser = pair.identified(BIRCH, &person);
    browser.choose("app_code");
    assert_eq!(browser.code(&pair.app_code(&person)).status, 200);
    assert_eq!(browser.look(), Page::at("password"));
    let posts = (0..50).map(|n| {
        let mut twin = if n % 2 == 0 {
            browser.clone()
        } else {
            pair.elsewhere(&browser)
        };
        let password = format!("seven brass otters hum {n}");
        move || (twin.password(&password).status, password)
    });
    let answers = at_once(posts.collect());
    let won: Vec<_> = answers.iter().filter(|(status, _)| *status == 200).collect();
    let late = answers.iter().filter(|(status, _)| *status == 409).count();
    assert_eq!((won.len(), late), (1, 49), "{answers:?}");
    assert_eq!(pair.n_entries(&person, "password-reset", "self-service"), 1);
    assert_eq!(pair.elsewhere(&browser).look(), Page::at("done"));
    assert!(pair.elsewhere(&browser).signs_in(&person.username, &won[0].1));
}

#[test]
fn r17_two_hundred_wrong_codes_to_two_nodes_at_once_meet_five_comparisons() {
    let pair = Pair::start();
    let person = pair.person(ACORN, "user@acorn.example");
    let mut browser = pair.identified(ACORN, &person);
    browser.choose("app_code");
    let right = pair.app_code(&person);
    let codes = (0..).map(|n| format!("{n:06}")).filter(|code| *code != right);
    let posts = codes.take(200).enumerate().map(|(n, code)| {
        let mut twin = if n % 2 == 0 {
            browser.clone()
        } else {
            pair.elsewhere(&browser)
        };
        move || twin.code(&code).status
    });
    let statuses = at_once(posts.collect());
    let n_compared = statuses.iter().filter(|status| **status == 200).count();
    assert!(
        statuses.iter().all(|status| matches!(status, 200 | 409 | 503)),
        "{statuses:?}"
    );
    assert_eq!(n_compared, 5, "{statuses:?}");
    assert_eq!(
        pair.n_entries(&person, "flow-progress", "code-wrong")
            + pair.n_entries(&person, "flow-progress", "tries-spent"),
        5
    );
    assert_eq!(pair.n_entries(&person, "blocked", "%"), 1);
    for mut browser in [browser.clone(), pair.elsewhere(&browser)] {
        assert_eq!(browser.look(), Page::refused("stopped", "tries-spent"));
    }
    // The block is one for both.
    let mut other = pair.elsewhere(&browser);
    other.cookies.clear();
    let (ticket, digits) = pair.captcha(ACORN);
    other.identify_with(&person.username, &ticket, &digits);
    assert_eq!(other.look(), Page::refused("stopped", "blocked"));
}

#[test]
fn r25_a_captcha_is_spent_once_for_both_nodes() {
    let pair = Pair::start();
    let person = pair.person(ACORN, "user@acorn.example");
    let (ticket, digits) = pair.captcha(ACORN);
    let posts = (0..10).map(|n| {
        let mut browser = Browser::scripted(pair.site(n % 2, ACORN));
        let (ticket, digits, name) = (ticket.clone(), digits.clone(), person.username.clone());
        move || {
            browser.identify_with(&name, &ticket, &digits);
            browser.look()
        }
    });
    let pages = at_once(posts.collect());
    let n_begun = pages.iter().filter(|page| **page == Page::at("choose")).count();
    let n_spent = pages
        .iter()
        .filter(|page| **page == Page::refused("identify", "captcha-expired"))
        .count();
    assert_eq!((n_begun, n_spent), (1, 9), "{pages:?}");
}

#[test]
fn f25_the_same_right_code_to_both_nodes_at_once_gives_one_pass() {
    let pair = Pair::start();
    for _ in 0..3 {
        let person = pair.person(ACORN, "user@acorn.example");
        let mut browser = pair.identified(ACORN, &person);
        browser.choose("app_code");
        let code = pair.app_code(&person);
        let posts = [browser.clone(), pair.elsewhere(&browser)].map(|mut twin| {
            let code = code.clone();
            move || {
                let answer = twin.code(&code);
                (answer.status, twin.cookies[FLOW].clone())
            }
        });
        let mut answers = at_once(posts.into());
        answers.sort_unstable();
        assert_eq!((answers[0].0, answers[1].0), (200, 409), "{answers:?}");
        let sql = format!(
            "SELECT count(*) FROM gate_pass JOIN flow ON flow.id = gate_pass.flow_id WHERE user_name = '{}'",
            person.username
        );
        assert_eq!(pair.rows().number(&sql), 1);
        browser.cookies.insert(FLOW.to_owned(), answers[0].1.clone());
        assert_eq!(pair.elsewhere(&browser).look(), Page::at("choose"));
    }
}

#[test]
fn r11_one_app_code_opens_one_of_two_flows_on_two_nodes() {
    let pair = Pair::start();
    let person = pair.person(ACORN, "user@acorn.example");
    let mut flows = [
        pair.identified(ACORN, &person),
        pair.elsewhere(&pair.identified(ACORN, &person)),
    ];
    for browser in &mut flows {
        browser.choose("app_code");
    }
    let code = pair.app_code(&person);
    let posts = flows.map(|mut browser| {
        let code = code.clone();
        move || {
            browser.code(&code);
            browser.look()
        }
    });
    let mut pages = at_once(posts.into());
    pages.sort_by_key(|page| page.step.clone());
    assert_eq!(pages, [Page::at("choose"), Page::refused("prove", "code-wrong")]);
}

#[test]
fn r12_a_phone_answers_at_one_node_what_was_asked_at_the_other_and_of_two_answers_one_counts() {
    let pair = Pair::start();
    let person = pair.person(ACORN, "user@acorn.example");
    let mut methods = pair.methods_page(ACORN, &person);
    let mut devices = Devices::registered(&mut methods, pair.service.now(), &[Gate::AppPush]);
    let mut browser = pair.identified(ACORN, &person);
    let asked = browser.choose("app_push").json();
    let phone = devices.phone.take().expect("a phone").at(pair.site(1, ACORN));
    let requests = phone.waiting(pair.service.now());
    let posts = [pair.site(0, ACORN), pair.site(1, ACORN)].map(|site| {
        let ask = phone.approving(pair.service.now(), &requests[0], shown_number(&asked));
        move || ask.send(site.port)
    });
    let answers = at_once(posts.into());
    let mut n_taken = 0;
    for answer in &answers {
        // Of two words that overtake each other, the older one is not believed any more.
        if !answer.text().contains("clock") {
            n_taken += usize::from(taken(answer) == Taken::As(Answer::Approved));
        }
    }
    assert_eq!(n_taken, 1, "{answers:?}");
    let posts = [browser.clone(), pair.elsewhere(&browser)].map(|mut twin| {
        move || {
            let answer = twin.post("public/reset-prove", &[]);
            (answer.status, twin.cookies[FLOW].clone())
        }
    });
    let mut answers = at_once(posts.into());
    answers.sort_unstable();
    assert_eq!((answers[0].0, answers[1].0), (200, 409), "collected once: {answers:?}");
    let sql = format!(
        "SELECT count(*) FROM gate_pass JOIN flow ON flow.id = gate_pass.flow_id WHERE user_name = '{}' AND gate = 'app_push'",
        person.username
    );
    assert_eq!(pair.rows().number(&sql), 1);
}

#[test]
fn r08_a_passkey_is_asked_for_at_one_node_and_counts_once_at_the_other() {
    let pair = Pair::start();
    let person = pair.person(BIRCH, "user@birch.example");
    let mut methods = pair.methods_page(BIRCH, &person);
    let mut devices = Devices::registered(&mut methods, pair.service.now(), &[Gate::Passkey]);
    let mut browser = pair.identified(BIRCH, &person);
    let asked = browser.choose("passkey").json();
    let answer = devices.passkey(&browser, &asked);
    let posts = [browser.clone(), pair.elsewhere(&browser)].map(|mut twin| {
        let answer = answer.clone();
        move || {
            let answer = twin.post("public/reset-prove", &[("passkey", &answer)]);
            (answer.status, twin.cookies[FLOW].clone())
        }
    });
    let mut answers = at_once(posts.into());
    answers.sort_unstable();
    assert_eq!((answers[0].0, answers[1].0), (200, 409), "{answers:?}");
    browser.cookies.insert(FLOW.to_owned(), answers[0].1.clone());
    assert_eq!(pair.elsewhere(&browser).look(), Page::at("password"));
}

#[test]
fn r18_a_pause_of_sign_in_is_one_for_both_nodes() {
    let pair = Pair::start();
    let person = pair.person(ACORN, "user@acorn.example");
    for n in 0..10 {
        let mut browser = Browser::scripted(pair.site(n % 2, ACORN));
        assert!(!browser.signs_in(&person.username, &format!("not the password {n}")));
    }
    for node in 0..2 {
        let mut browser = Browser::scripted(pair.site(node, ACORN));
        assert!(!browser.signs_in(&person.username, &person.password), "node {node}");
        assert_eq!(
            Page::of(&browser.get("/signin")),
            Page::refused("signin", "sign-in-paused")
        );
    }
}

#[test]
fn r20_attack_mode_begins_and_is_on_for_both_nodes() {
    let pair = Pair::start();
    let is_harder = |node: usize, host| {
        let answer = Browser::scripted(pair.site(node, host)).get("/captcha/challenge");
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.text().contains("harder")
    };
    for n in 0..10 {
        assert!(!is_harder(0, ACORN) && !is_harder(1, ACORN), "after {n} people");
        let person = pair.person(ACORN, "user@acorn.example");
        let mut browser = pair.identified(ACORN, &person);
        // Each node sees half of them, which is not enough by itself.
        if n % 2 == 0 {
            browser = pair.elsewhere(&browser);
        }
        browser.choose("app_code");
        (0..5).for_each(|_| drop(browser.code("000000")));
        assert_eq!(browser.look(), Page::refused("stopped", "tries-spent"));
    }
    assert!(is_harder(0, ACORN) && is_harder(1, ACORN));
    assert!(!is_harder(0, BIRCH) && !is_harder(1, BIRCH), "it is one tenant's own");
    let rows = pair.rows();
    assert_eq!(
        rows.number("SELECT count(*) FROM audit WHERE activity = 'attack-mode'"),
        1
    );
    let n_staff = rows.number("SELECT count(DISTINCT account_id) FROM account_role");
    let n_told = rows.number("SELECT count(*) FROM outbox WHERE purpose = 'under-attack'");
    assert_eq!(n_told, n_staff, "every administrator is told once");
}

#[test]
fn sessions_and_settings_are_shared_by_both_nodes() {
    let pair = Pair::start();
    let person = pair.person(ACORN, "user@acorn.example");
    let mut browser = Browser::scripted(pair.site(0, ACORN));
    assert!(browser.signs_in(&person.username, &person.password));
    let mut other = pair.elsewhere(&browser);
    assert!(other.post("public/account-look", &[]).text().contains(&person.username));
    other.post("user/signout", &[]);
    assert!(
        !browser
            .post("public/account-look", &[])
            .text()
            .contains(&person.username)
    );

    let tenancy = pair.tenancy(ACORN);
    let mut value = (*tenancy.settings).clone();
    value.policy.scope = Scope::None;
    pair.runtime.block_on(async {
        let tx = pair.store.write(tenancy.id).await.expect("a transaction");
        let saved = settings::save(&tx, tenancy.version, &value, None, pair.service.now()).await;
        saved.expect("a further version");
        tx.commit().await.expect("saved");
    });
    for node in 0..2 {
        let answer = Browser::scripted(pair.site(node, ACORN)).post("public/reset-look", &[]);
        assert_eq!(answer.json()["step"]["identify"]["is_off"], true, "node {node}");
    }
}

#[test]
fn r48_a_zero_byte_which_postgres_cannot_keep_is_refused_in_words() {
    let pair = Pair::start();
    let person = pair.person(BIRCH, "user@birch.example");
    let odd = "a\0b@birch.example";
    let (ticket, digits) = pair.captcha(BIRCH);
    let mut browser = Browser::scripted(pair.site(0, BIRCH));
    assert_eq!(browser.identify_with(odd, &ticket, &digits).status, 200);
    assert_eq!(browser.look(), Page::refused("identify", "username-form"));
    assert!(!browser.signs_in(odd, "\0"));
    let mut browser = pair.identified(BIRCH, &person);
    browser.choose("email");
    assert_eq!(browser.destination("a\0@mail.example").status, 200);
    browser.choose("app_code");
    assert_eq!(browser.code("1\0").status, 200);
    assert_eq!(browser.code(&pair.app_code(&person)).status, 200);
    assert_eq!(browser.password("seven brass\0otters hum").status, 200);
    assert_eq!(browser.look(), Page::refused("password", "pw-characters"));
}

#[test]
fn r59_a_node_that_stops_takes_nothing_new_and_the_other_goes_on() {
    let mut pair = Pair::start();
    let person = pair.person(ACORN, "user@acorn.example");
    let mut browser = pair.identified(ACORN, &person);
    pair.nodes[0].0.terminate();
    assert_eq!(pair.nodes[0].0.ended().code(), Some(0));
    assert!(
        Ask::new("GET", "/")
            .header("host", "localhost")
            .try_send(pair.nodes[0].1)
            .is_err()
    );
    let mut browser_elsewhere = pair.elsewhere(&browser);
    assert_eq!(browser_elsewhere.choose("app_code").status, 200);
    assert_eq!(browser_elsewhere.code(&pair.app_code(&person)).status, 200);
    browser.cookies.clear();
    let secret = Secret::new(person.password.clone());
    let log = pair.nodes[1].0.log();
    assert!(!log.contains(secret.expose()) && !log.contains(&person.username));
}
