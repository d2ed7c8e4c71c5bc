//! After a reset: what ends, what is told, and what stays counted. R19, R57.

use crate::stage::{NEW, changed, granted, number_of, outspoken};
use crate::walk::{Browser, House};
use regain_domain::Refusal;
use regain_domain::flow::Step;
use regain_domain::gate::Gate;
use regain_domain::sign_in::AccountScreen;
use regain_service::Tenancy;
use regain_store::Store;
use std::collections::BTreeMap;

/// Every counter by its key.
async fn counters(house: &House) -> BTreeMap<String, String> {
    let rows = house
        .store
        .column::<String>("SELECT hex(key) || ' ' || hits FROM counter")
        .await;
    let pair = |row: String| {
        let (key, hits) = row.split_once(' ').expect("a key and its hits");
        (key.to_owned(), hits.to_owned())
    };
    rows.into_iter().map(pair).collect()
}

async fn failed(house: &House, tenancy: &Tenancy, user_name: &str, n: usize) -> Step {
    let mut browser = Browser::new(house, tenancy);
    let mut screen = browser.identify(user_name).await;
    if matches!(screen.step, Step::Choose { .. }) {
        browser.choose(Gate::AppCode).await;
        for _ in 0..n {
            screen = browser.code("000000").await;
        }
    }
    screen.step
}

#[tokio::test]
async fn r19_success_clears_the_persons_own_counters_and_no_other() {
    let house = House::on(Store::for_tests().await).await;
    let birch = outspoken(&house).await;
    let other = house.person(&birch, "user@birch.example").await;
    failed(&house, &birch, &other.username, 4).await;
    let person = house.person(&birch, "user@birch.example").await;
    failed(&house, &birch, &person.username, 3).await;
    let mut browser = Browser::new(&house, &birch);
    browser.sign_in(&person.username, "not the password").await;
    browser.identify(&person.username).await;
    let screen = browser.pass_mail(&person).await;
    assert!(matches!(screen.step, Step::Password { .. }), "{screen:?}");

    let before = counters(&house).await;
    assert!(matches!(browser.password(NEW).await.0.step, Step::Done(_)));
    let after = counters(&house).await;
    let gone: Vec<_> = before.keys().filter(|key| !after.contains_key(*key)).collect();
    assert_eq!(gone.len(), 2, "failed proofs and failed sign-ins of this person");
    // The network's, the mailbox's, the tenant's and the other person's, at least.
    assert!(after.len() >= 6, "{}", after.len());
    assert!(after.iter().all(|(key, hits)| before.get(key) == Some(hits)));

    assert!(
        matches!(failed(&house, &birch, &person.username, 4).await, Step::Prove { .. }),
        "four more do not block who succeeded"
    );
    failed(&house, &birch, &other.username, 1).await;
    assert!(
        matches!(
            failed(&house, &birch, &other.username, 0).await,
            Step::Stopped(Refusal::Blocked { .. })
        ),
        "the fifth of the other blocks as if nobody had succeeded"
    );
}

#[tokio::test]
async fn r57_after_success_nobody_is_signed_in_and_every_mailbox_is_told() {
    let house = House::on(Store::for_tests().await).await;
    let birch = outspoken(&house).await;
    let (person, mut browser) = granted(&house, &birch).await;
    let mut sessions = [Browser::new(&house, &birch), Browser::new(&house, &birch)];
    for session in &mut sessions {
        let screen = session.sign_in(&person.username, &person.password).await;
        assert!(matches!(screen, AccountScreen::In(_)), "{screen:?}");
    }
    // The browser of the reset is signed in as well, and with the old password.
    browser.visit.session.clone_from(&sessions[0].visit.session);
    let mut other = Browser::new(&house, &birch);
    other.identify(&person.username).await;
    house.demo.advance(31).await.expect("a later time");
    let screen = other.pass_app(&person).await;
    assert!(matches!(screen.step, Step::Password { .. }), "{screen:?}");

    let before = house.newest(&birch).await;
    let (screen, _) = browser.password(NEW).await;
    let Step::Done(summary) = &screen.step else {
        panic!("{screen:?}")
    };
    assert_eq!((summary.n_sessions_ended, summary.n_mailboxes), (2, 2));
    sessions
        .as_mut_slice()
        .iter_mut()
        .for_each(|session| session.visit.note = None);
    for session in sessions.iter().chain([&browser]) {
        let look = house.service.account.look(&session.visit).await.expect("a page");
        assert!(matches!(look, AccountScreen::SignIn { .. }), "{look:?}");
    }
    assert_eq!(
        other.look().await.step,
        Step::Stopped(Refusal::Expired),
        "passes of other flows"
    );
    for mailbox in &person.emails {
        house.message(&birch, mailbox, "password-reset", before).await;
    }
    let n_told = number_of(
        &house,
        &person,
        "SELECT count(*) FROM outbox WHERE purpose = 'password-reset' AND account_id = WHO",
    )
    .await;
    assert_eq!(n_told, 2);
}

#[tokio::test]
async fn r57_a_sign_in_that_waits_for_its_code_ends_as_well() {
    let house = House::on(Store::for_tests().await).await;
    let staff = house.person(&house.acorn, "admin@acorn.example").await;
    let mut half = Browser::new(&house, &house.acorn);
    let screen = half.sign_in(&staff.username, &staff.password).await;
    assert_eq!(
        screen,
        AccountScreen::Code {
            passkey: None,
            refusal: None
        }
    );
    let mut browser = Browser::new(&house, &house.acorn);
    browser.identify(&staff.username).await;
    browser.pass_app(&staff).await;
    browser.pass_mail(&staff).await;
    let (screen, _) = browser.password(NEW).await;
    assert!(matches!(screen.step, Step::Done(_)), "{screen:?}");
    house.demo.advance(31).await.expect("a later time");
    let screen = half.sign_in_code(&house.code_of(&staff)).await;
    assert!(matches!(screen, AccountScreen::SignIn { .. }), "{screen:?}");
}

#[tokio::test]
async fn r57_notices_can_be_switched_off_for_people_and_not_for_staff() {
    let house = House::on(Store::for_tests().await).await;
    let acorn = changed(&house, &house.acorn, |settings| settings.policy.notify_users = false).await;
    for (like, n_expect) in [("user@acorn.example", 0), ("admin@acorn.example", 2)] {
        let person = house.person(&acorn, like).await;
        let mut browser = Browser::new(&house, &acorn);
        browser.identify(&person.username).await;
        browser.pass_app(&person).await;
        browser.pass_mail(&person).await;
        let (screen, _) = browser.password(NEW).await;
        let Step::Done(summary) = &screen.step else {
            panic!("{screen:?}")
        };
        assert_eq!(summary.n_mailboxes, n_expect, "{like}");
        let n_told = number_of(
            &house,
            &person,
            "SELECT count(*) FROM outbox WHERE purpose = 'password-reset' AND account_id = WHO",
        )
        .await;
        assert_eq!(n_told, i64::from(n_expect), "{like}");
    }
}
