//! The reset wizard as a sequence: whole walks over real rows, on both databases.

use crate::stage::NEW;
use crate::walk::{Browser, House, refused};
use regain_domain::flow::{Input, Proof, Step};
use regain_domain::gate::Gate;
use regain_domain::sign_in::AccountScreen;
use regain_domain::{Refusal, Secret};
use regain_service::{Identify, Standing};
use regain_store::Store;

async fn a_reset_from_beginning_to_end(house: &House) {
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let mut elsewhere = Browser::new(house, &house.acorn);
    assert!(matches!(
        elsewhere.sign_in(&person.username, &person.password).await,
        AccountScreen::In(_)
    ));

    let mut browser = Browser::new(house, &house.acorn);
    let screen = browser.identify(&person.username).await;
    let Step::Choose { gates, .. } = &screen.step else {
        panic!("{screen:?}")
    };
    let order: Vec<Gate> = gates.iter().map(|offer| offer.gate).collect();
    assert!(order.is_sorted() && order.len() > 5, "strongest first: {order:?}");
    assert!(
        gates
            .iter()
            .any(|gate| gate.hint.as_deref() == Some("u•••@m•••.example"))
    );
    let first_cookie = browser.visit.flow.clone();
    let screen = browser.pass_mail(&person).await;
    assert!(matches!(screen.step, Step::Choose { .. }), "{screen:?}");
    assert_ne!(
        browser.visit.flow, first_cookie,
        "r07: a new cookie at the first gate passed"
    );
    let screen = browser.pass_app(&person).await;
    assert!(matches!(screen.step, Step::Password { .. }), "{screen:?}");

    let (screen, _) = browser.password("short").await;
    assert_eq!(refused(&screen), "pw-short");
    let (screen, _) = browser.password("acorn-acorn-acorn").await;
    assert_eq!(refused(&screen), "pw-name");
    let before = house.newest(&house.acorn).await;
    let (screen, _) = browser.password(NEW).await;
    let Step::Done(summary) = &screen.step else {
        panic!("{screen:?}")
    };
    assert_eq!((summary.n_sessions_ended, summary.n_mailboxes), (1, 2));

    for mailbox in &person.emails {
        let notice = house.message(&house.acorn, mailbox, "password-reset", before).await;
        assert!(
            notice.code.is_none() && notice.text.contains("192.0.2.7"),
            "{}",
            notice.text
        );
    }
    let look = house.service.account.look(&elsewhere.visit).await.expect("a page");
    assert!(matches!(look, AccountScreen::SignIn { .. }), "r57: other sessions end");
    assert!(matches!(
        browser.sign_in(&person.username, &person.password).await,
        AccountScreen::SignIn { .. }
    ));
    assert!(matches!(
        browser.sign_in(&person.username, NEW).await,
        AccountScreen::In(_)
    ));

    let (screen, standing) = browser.password("another fine long one").await;
    assert_eq!(standing, Standing::Stale, "r06: one grant, one write");
    assert!(matches!(screen.step, Step::Done(_)));
}

#[tokio::test]
async fn a_reset_works_on_sqlite() {
    a_reset_from_beginning_to_end(&House::on(Store::for_tests().await).await).await;
}

#[tokio::test]
async fn a_reset_works_on_postgres() {
    a_reset_from_beginning_to_end(&House::on(Store::for_tests_on_postgres().await).await).await;
}

#[tokio::test]
async fn r21_everybody_walks_the_same_pages_in_discreet_mode() {
    let house = House::on(Store::for_tests().await).await;
    let mut seen = Vec::new();
    let person = house.person(&house.birch, "user@birch.example").await;
    let unregistered = house.person(&house.birch, "new@birch.example").await;
    for (n, name) in [
        person.username.as_str(),
        unregistered.username.as_str(),
        "nobody@birch.example",
    ]
    .into_iter()
    .enumerate()
    {
        let mut browser = Browser::new(&house, &house.birch);
        let mut screens = vec![browser.identify(name).await];
        screens.push(browser.choose(Gate::Email).await);
        screens.push(browser.destination(&format!("wrong-{n}@mail.example")).await);
        screens.push(browser.code("000000").await);
        screens.push(browser.choose(Gate::AppCode).await);
        screens.push(browser.code("000000").await);
        let drawn: Vec<_> = screens
            .into_iter()
            .map(|screen| (screen.step, screen.refusals))
            .collect();
        seen.push(drawn);
    }
    assert_eq!(seen[0], seen[1], "an unregistered account shows");
    assert_eq!(seen[0], seen[2], "an unknown account shows");
}

#[tokio::test]
async fn r21_the_reason_goes_to_the_accounts_own_mailbox() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.birch, "new@birch.example").await;
    let mut browser = Browser::new(&house, &house.birch);
    browser.identify(&person.username).await;
    house.message(&house.birch, &person.username, "refused", 0).await;
}

#[tokio::test]
async fn r15_a_wrong_address_gets_the_same_page_and_no_message() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.birch, "user@birch.example").await;
    let mut browser = Browser::new(&house, &house.birch);
    browser.identify(&person.username).await;
    browser.choose(Gate::Email).await;
    let screen = browser.destination("somebody@mail.example").await;
    assert!(matches!(screen.step, Step::Prove { .. }) && screen.refusals.is_empty());
    // A right one afterwards arrives, so the outbox has run past the wrong one.
    browser.choose(Gate::AppCode).await;
    browser.pass_mail(&person).await;
    let all = house.demo.messages(&house.birch, 0).await.expect("messages");
    assert!(all.iter().all(|message| message.to != "somebody@mail.example"));
}

#[tokio::test]
async fn r17_five_failed_proofs_end_the_flow_and_block_the_person_for_a_day() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let mut browser = Browser::new(&house, &house.acorn);
    browser.identify(&person.username).await;
    browser.choose(Gate::AppCode).await;
    for left in (1..=4).rev() {
        let screen = browser.code("000000").await;
        assert_eq!(screen.refusals, [Refusal::CodeWrong { left }]);
    }
    let screen = browser.code("000000").await;
    assert_eq!(screen.step, Step::Stopped(Refusal::TriesSpent));
    let mailbox = person.emails.last().expect("a second mail");
    house.message(&house.acorn, mailbox, "blocked", 0).await;

    let screen = Browser::new(&house, &house.acorn).identify(&person.username).await;
    assert!(
        matches!(screen.step, Step::Stopped(Refusal::Blocked { .. })),
        "{screen:?}"
    );
    house.demo.advance(24 * 3600 + 1).await.expect("a later time");
    let screen = Browser::new(&house, &house.acorn).identify(&person.username).await;
    assert!(matches!(screen.step, Step::Choose { .. }), "{screen:?}");
}

#[tokio::test]
async fn r11_an_app_code_passes_once_across_flows() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let (mut one, mut two) = (Browser::new(&house, &house.acorn), Browser::new(&house, &house.acorn));
    for browser in [&mut one, &mut two] {
        browser.identify(&person.username).await;
        browser.choose(Gate::AppCode).await;
    }
    let code = house.code_of(&person);
    assert!(matches!(one.code(&code).await.step, Step::Choose { .. }));
    assert_eq!(refused(&two.code(&code).await), "code-wrong");
}

#[tokio::test]
async fn r09_resend_voids_the_former_code_and_waits_half_a_minute() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let mailbox = person.emails.last().expect("a second mail").clone();
    let mut browser = Browser::new(&house, &house.acorn);
    browser.identify(&person.username).await;
    browser.choose(Gate::Email).await;
    let first = house.message(&house.acorn, &mailbox, "reset-code", 0).await;
    assert_eq!(refused(&browser.choose(Gate::Email).await), "wait");
    house.demo.advance(31).await.expect("a later time");
    browser.choose(Gate::Email).await;
    let second = house.message(&house.acorn, &mailbox, "reset-code", first.id).await;
    assert_eq!(refused(&browser.code(&first.code.expect("a code")).await), "code-wrong");
    assert!(matches!(
        browser.code(&second.code.expect("a code")).await.step,
        Step::Choose { .. }
    ));
}

#[tokio::test]
async fn a_flow_ends_after_fifteen_minutes() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let mut browser = Browser::new(&house, &house.acorn);
    browser.identify(&person.username).await;
    house.demo.advance(15 * 60).await.expect("a later time");
    assert_eq!(browser.look().await.step, Step::Stopped(Refusal::Expired));
    assert_eq!(browser.choose(Gate::Email).await.step, Step::Stopped(Refusal::Expired));
}

#[tokio::test]
async fn r07_a_foreign_cookie_looks_like_an_expired_flow() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let mut browser = Browser::new(&house, &house.acorn);
    browser.identify(&person.username).await;
    let mut foreign = Browser::new(&house, &house.birch);
    foreign.visit.flow.clone_from(&browser.visit.flow);
    assert_eq!(foreign.look().await.step, Step::Stopped(Refusal::Expired));
    foreign.visit.flow = Some("made-up".to_owned());
    assert_eq!(foreign.look().await.step, Step::Stopped(Refusal::Expired));
    let (screen, standing) = foreign.post(Ok(Input::Choose(Some(Gate::Email)))).await;
    assert_eq!(
        (screen.step, standing),
        (Step::Stopped(Refusal::Expired), Standing::Stale)
    );
}

#[tokio::test]
async fn r08_a_reset_ends_the_persons_other_flows() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.birch, "user@birch.example").await;
    let (mut one, mut two) = (Browser::new(&house, &house.birch), Browser::new(&house, &house.birch));
    two.identify(&person.username).await;
    two.choose(Gate::AppCode).await;
    one.identify(&person.username).await;
    one.pass_mail(&person).await;
    assert!(matches!(one.password(NEW).await.0.step, Step::Done(_)));
    assert_eq!(two.look().await.step, Step::Stopped(Refusal::Expired));
}

#[tokio::test]
async fn whoever_comes_back_to_a_gate_still_has_the_code_that_was_sent() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let mut browser = Browser::new(&house, &house.acorn);
    browser.identify(&person.username).await;
    let before = house.newest(&house.acorn).await;
    let first = browser.choose(Gate::Email).await;
    browser.choose(Gate::AppCode).await;
    let again = browser.choose(Gate::Email).await;
    assert_eq!(refused(&again), "");
    assert_eq!(again.step, first.step, "the same mailbox and the same wait");
    let address = person.emails.last().expect("a second mail");
    let letter = house.message(&house.acorn, address, "reset-code", before).await;
    let passed = browser.code(&letter.code.expect("a code")).await;
    assert!(matches!(passed.step, Step::Choose { .. }), "{passed:?}");
    // The gate is passed: there is nothing to come back to.
    assert_eq!(refused(&browser.choose(Gate::Email).await), "method-unavailable");
}

#[tokio::test]
async fn r24_explicit_mode_says_why_there_is_no_reset() {
    let house = House::on(Store::for_tests().await).await;
    for (name, expect) in [
        ("outsider@acorn.example", "not-in-scope"),
        ("new@acorn.example", "not-registered"),
    ] {
        let screen = Browser::new(&house, &house.acorn).identify(name).await;
        assert!(
            matches!(&screen.step, Step::Stopped(why) if why.code() == expect),
            "{name}: {screen:?}"
        );
    }
    for (name, expect) in [
        ("nobody@acorn.example", "user-unknown"),
        ("disabled@acorn.example", "user-unknown"),
        ("a b", "username-form"),
        ("", "username-missing"),
    ] {
        let screen = Browser::new(&house, &house.acorn).identify(name).await;
        assert!(
            matches!(&screen.step, Step::Identify { user_name, .. } if user_name == name),
            "{name}: {screen:?}"
        );
        assert_eq!(refused(&screen), expect, "{name}");
    }
}

#[tokio::test]
async fn r25_a_captcha_is_good_for_one_try() {
    let house = House::on(Store::for_tests().await).await;
    let mut browser = Browser::new(&house, &house.acorn);
    let Step::Identify { captcha, .. } = browser.look().await.step else {
        panic!("not on identify")
    };
    let all = house.demo.messages(&house.acorn, 0).await.expect("messages");
    let answer = all
        .iter()
        .find(|message| message.context == captcha.ticket)
        .expect("an answer")
        .text
        .clone();
    let post = |answer: &str| Identify {
        user_name: "nobody@acorn.example".to_owned(),
        captcha_ticket: captcha.ticket.clone(),
        captcha_answer: answer.to_owned(),
        ..Identify::default()
    };
    assert_eq!(refused(&browser.identify_with(post("000000")).await.0), "captcha-wrong");
    assert_eq!(
        refused(&browser.identify_with(post(&answer)).await.0),
        "captcha-expired",
        "a wrong answer spent it"
    );
    assert_eq!(
        refused(&browser.identify_with(Identify::default()).await.0),
        "captcha-wrong"
    );
}

#[tokio::test]
async fn r26_a_wait_of_half_a_minute_does_as_well() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let mut browser = Browser::new(&house, &house.acorn);
    let post = |wait: &str| Identify {
        user_name: person.username.clone(),
        captcha_wait: wait.to_owned(),
        ..Identify::default()
    };
    let (screen, _) = browser.identify_with(post("new")).await;
    let Step::Identify { captcha, user_name, .. } = screen.step else {
        panic!("{screen:?}")
    };
    assert_eq!(user_name, person.username);
    let (ticket, left) = captcha.wait.expect("a wait that runs");
    assert_eq!(left, 30);
    let (screen, _) = browser.identify_with(post(&ticket)).await;
    assert_eq!(refused(&screen), "wait");
    house.demo.advance(30).await.expect("a later time");
    let (screen, _) = browser.identify_with(post(&ticket)).await;
    assert!(matches!(screen.step, Step::Choose { .. }), "{screen:?}");
    let (screen, _) = Browser::new(&house, &house.acorn).identify_with(post(&ticket)).await;
    assert_eq!(refused(&screen), "captcha-expired");
}

#[tokio::test]
async fn r17_two_hundred_wrong_codes_at_once_meet_five_comparisons() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let mut browser = Browser::new(&house, &house.acorn);
    browser.identify(&person.username).await;
    browser.choose(Gate::AppCode).await;
    let tries: Vec<_> = (0..200)
        .map(|n| {
            let (service, visit) = (house.service.clone(), browser.visit.clone());
            let proof = Proof::of_code(Secret::new(format!("{n:06}")));
            async move { service.reset.prove(&visit, proof).await }
        })
        .collect();
    let mut n_counted = 0;
    for answer in futures_of(tries).await {
        let answer = answer.expect("an answer");
        n_counted += usize::from(answer.standing == Standing::Current);
    }
    assert!(n_counted <= 5, "{n_counted} were compared");
    assert_eq!(browser.look().await.step, Step::Stopped(Refusal::TriesSpent));
}

/// Runs all at once on the test's runtime.
async fn futures_of<T: Send + 'static>(all: Vec<impl Future<Output = T> + Send + 'static>) -> Vec<T> {
    let mut set = tokio::task::JoinSet::new();
    for one in all {
        set.spawn(one);
    }
    set.join_all().await
}

#[tokio::test]
async fn r20_fifty_failed_proofs_of_a_tenant_begin_attack_mode_and_calm_ends_it() {
    let house = House::on(Store::for_tests().await).await;
    let visit = Browser::new(&house, &house.acorn).visit;
    let challenge = || async {
        house
            .service
            .captcha_challenge(&visit)
            .await
            .expect("a challenge")
            .to_string()
    };
    let is_harder = |challenge: &str| challenge.contains("harder");
    assert!(!is_harder(&challenge().await));
    for _ in 0..10 {
        let person = house.person(&house.acorn, "user@acorn.example").await;
        let mut browser = Browser::new(&house, &house.acorn);
        browser.identify(&person.username).await;
        browser.choose(Gate::AppCode).await;
        for _ in 0..5 {
            browser.code("000000").await;
        }
    }
    assert!(is_harder(&challenge().await));
    house
        .message(&house.acorn, "auditor@acorn.example", "under-attack", 0)
        .await;
    house.demo.advance(2 * 3600 + 1).await.expect("a later time");
    assert!(!is_harder(&challenge().await));
}

#[tokio::test]
async fn r18_naming_the_right_address_does_not_count_against_the_person() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.birch, "user@birch.example").await;
    let mut browser = Browser::new(&house, &house.birch);
    browser.identify(&person.username).await;
    browser.choose(Gate::AppCode).await;
    for _ in 0..4 {
        browser.code("000000").await;
    }
    browser.identify(&person.username).await;
    let screen = browser.pass_mail(&person).await;
    assert!(matches!(screen.step, Step::Password { .. }), "{screen:?}");
}

#[tokio::test]
async fn r18_nobody_uses_up_another_persons_messages() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.birch, "user@birch.example").await;
    let mut outsider = Browser::new(&house, &house.birch);
    outsider.identify("nobody@birch.example").await;
    outsider.choose(Gate::Email).await;
    outsider.destination(person.emails.last().expect("a second mail")).await;
    let mut browser = Browser::new(&house, &house.birch);
    browser.identify(&person.username).await;
    let screen = browser.pass_mail(&person).await;
    assert!(matches!(screen.step, Step::Password { .. }), "{screen:?}");
}

#[tokio::test]
async fn a_flow_takes_a_hundred_posts_and_no_more() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let mut browser = Browser::new(&house, &house.acorn);
    browser.identify(&person.username).await;
    for _ in 0..100 {
        let screen = browser.choose(Gate::AppCode).await;
        assert!(matches!(screen.step, Step::Prove { .. }), "{screen:?}");
    }
    assert_eq!(
        browser.choose(Gate::AppCode).await.step,
        Step::Stopped(Refusal::TriesSpent)
    );
}
