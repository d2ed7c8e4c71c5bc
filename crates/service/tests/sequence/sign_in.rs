//! Signing in as a sequence: pauses, staff codes, and accounts that may not.

use crate::walk::{Browser, House};
use regain_domain::Refusal;
use regain_domain::sign_in::AccountScreen;
use regain_store::Store;

fn refusal(screen: &AccountScreen) -> Option<&Refusal> {
    match screen {
        AccountScreen::SignIn { refusal, .. } | AccountScreen::Code { refusal } => refusal.as_ref(),
        _ => None,
    }
}

#[tokio::test]
async fn r50_staff_need_the_apps_code_as_well() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "admin@acorn.example").await;
    let mut browser = Browser::new(&house, &house.acorn);
    assert_eq!(
        browser.sign_in(&person.username, &person.password).await,
        AccountScreen::Code { refusal: None }
    );
    let pending = browser.visit.session.clone();
    let screen = browser.sign_in_code("000000").await;
    assert_eq!(refusal(&screen), Some(&Refusal::SignInFailed));
    let screen = browser.sign_in_code(&house.code_of(&person)).await;
    assert!(
        matches!(&screen, AccountScreen::In(who) if who.roles.len() == 1),
        "{screen:?}"
    );
    assert_ne!(browser.visit.session, pending, "r41: a new session id at sign-in");
}

#[tokio::test]
async fn r18_ten_wrong_passwords_pause_known_and_unknown_names_alike() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    for name in [person.username.as_str(), "nobody@acorn.example"] {
        let mut browser = Browser::new(&house, &house.acorn);
        for _ in 0..10 {
            let screen = browser.sign_in(name, "not the password").await;
            assert_eq!(refusal(&screen), Some(&Refusal::SignInFailed), "{name}");
        }
        let screen = browser.sign_in(name, &person.password).await;
        assert_eq!(refusal(&screen), Some(&Refusal::SignInPaused), "{name}");
    }
    house.demo.advance(61).await.expect("a later time");
    let mut browser = Browser::new(&house, &house.acorn);
    assert!(matches!(
        browser.sign_in(&person.username, &person.password).await,
        AccountScreen::In(_)
    ));
}

#[tokio::test]
async fn accounts_that_may_not_are_told_after_the_right_password_only() {
    let house = House::on(Store::for_tests().await).await;
    for (like, expect) in [("disabled", Refusal::SignInDisabled), ("locked", Refusal::SignInPaused)] {
        let person = house.person(&house.acorn, &format!("{like}@acorn.example")).await;
        let mut browser = Browser::new(&house, &house.acorn);
        let screen = browser.sign_in(&person.username, "not the password").await;
        assert_eq!(refusal(&screen), Some(&Refusal::SignInFailed), "{like}");
        let screen = browser.sign_in(&person.username, &person.password).await;
        assert_eq!(refusal(&screen), Some(&expect), "{like}");
    }
    for like in ["expired", "mustchange"] {
        let person = house.person(&house.acorn, &format!("{like}@acorn.example")).await;
        let screen = Browser::new(&house, &house.acorn)
            .sign_in(&person.username, &person.password)
            .await;
        assert!(
            matches!(screen, AccountScreen::NewPasswordNext { .. }),
            "{like}: {screen:?}"
        );
    }
}

#[tokio::test]
async fn a_session_ends_by_signing_out_and_by_idleness() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let mut browser = Browser::new(&house, &house.acorn);
    browser.sign_in(&person.username, &person.password).await;
    let session = browser.visit.session.clone();
    house.service.account.sign_out(&browser.visit).await.expect("an answer");
    let look = house.service.account.look(&browser.visit).await.expect("a page");
    assert!(
        matches!(look, AccountScreen::SignIn { .. }),
        "the row ends, not only the cookie: {session:?}"
    );
    browser.sign_in(&person.username, &person.password).await;
    house.demo.advance(30 * 60).await.expect("a later time");
    let look = house.service.account.look(&browser.visit).await.expect("a page");
    assert!(matches!(look, AccountScreen::SignIn { .. }));
}
