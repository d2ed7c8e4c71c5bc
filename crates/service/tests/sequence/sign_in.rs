//! Signing in as a sequence: pauses, staff codes, and accounts that may not.

use crate::stage::{NEW, changed};
use crate::walk::{Browser, House};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use regain_domain::account::UserName;
use regain_domain::ids::AccountId;
use regain_domain::sign_in::AccountScreen;
use regain_domain::{Refusal, Timestamp};
use regain_service::demo::Person;
use regain_store::{Store, accounts, former_passwords};
use std::net::{IpAddr, Ipv4Addr};

fn refusal(screen: &AccountScreen) -> Option<&Refusal> {
    match screen {
        AccountScreen::SignIn { refusal, .. } | AccountScreen::Code { refusal, .. } => refusal.as_ref(),
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
        AccountScreen::Code {
            passkey: None,
            refusal: None
        }
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
        for n in 0..10 {
            let screen = browser.sign_in(name, &format!("not the password {n}")).await;
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

/// A browser somewhere else.
fn elsewhere(house: &House, last: u8) -> Browser<'_> {
    let mut browser = Browser::new(house, &house.acorn);
    browser.visit.network = IpAddr::V4(Ipv4Addr::new(198, 51, 100, last));
    browser
}

/// Ten wrong passwords, each another one.
pub(crate) async fn guesses(browser: &mut Browser<'_>, name: &str) {
    for n in 0..10 {
        browser.sign_in(name, &format!("not the password {n}")).await;
    }
}

#[tokio::test]
async fn r18_whoever_guesses_elsewhere_keeps_nobody_out_who_is_where_they_always_are() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let mut own = Browser::new(&house, &house.acorn);
    own.sign_in(&person.username, &person.password).await;
    guesses(&mut elsewhere(&house, 1), &person.username).await;
    let screen = elsewhere(&house, 2).sign_in(&person.username, &person.password).await;
    assert_eq!(
        refusal(&screen),
        Some(&Refusal::SignInPaused),
        "every other place is paused"
    );

    own.visit.session = None;
    let mut travelling = elsewhere(&house, 3);
    travelling.visit.mark.clone_from(&own.visit.mark);
    let screen = travelling.sign_in(&person.username, &person.password).await;
    assert!(
        matches!(screen, AccountScreen::In(_)),
        "the browser is known: {screen:?}"
    );
    let screen = elsewhere(&house, 2).sign_in(&person.username, &person.password).await;
    assert_eq!(
        refusal(&screen),
        Some(&Refusal::SignInPaused),
        "nobody's success helps whoever guesses"
    );

    // Another browser beside the known one shows of a person what it shows of nobody (R21).
    for name in [person.username.as_str(), "nobody@acorn.example"] {
        guesses(&mut elsewhere(&house, 1), name).await;
        let screen = Browser::new(&house, &house.acorn).sign_in(name, "yet another").await;
        assert_eq!(refusal(&screen), Some(&Refusal::SignInPaused), "{name}");
    }

    // A browser is known for a month, and only for the person who was there.
    house.demo.advance(30 * 24 * 60 * 60).await.expect("a later time");
    guesses(&mut elsewhere(&house, 1), &person.username).await;
    let screen = own.sign_in(&person.username, &person.password).await;
    assert_eq!(refusal(&screen), Some(&Refusal::SignInPaused));
    let other = house.person(&house.acorn, "user@acorn.example").await;
    guesses(&mut elsewhere(&house, 1), &other.username).await;
    let screen = own.sign_in(&other.username, &other.password).await;
    assert_eq!(refusal(&screen), Some(&Refusal::SignInPaused));
}

#[tokio::test]
async fn r18_the_same_wrong_password_does_not_count_twice() {
    let house = House::on(Store::for_tests().await).await;
    for name in ["user@acorn.example", "nobody@acorn.example"] {
        let mut browser = Browser::new(&house, &house.acorn);
        for _ in 0..30 {
            let screen = browser.sign_in(name, "the one before").await;
            assert_eq!(refusal(&screen), Some(&Refusal::SignInFailed), "{name}");
        }
        for n in 0..8 {
            browser.sign_in(name, &format!("not the password {n}")).await;
        }
        // Three others lie between by now: it counts once more, as the tenth.
        let screen = browser.sign_in(name, "the one before").await;
        assert_eq!(refusal(&screen), Some(&Refusal::SignInFailed), "{name}");
        let screen = browser.sign_in(name, "the one before").await;
        assert_eq!(refusal(&screen), Some(&Refusal::SignInPaused), "{name}");
    }
}

#[tokio::test]
async fn r18_a_reset_ends_every_pause_and_a_tenant_may_be_stricter() {
    let house = House::on(Store::for_tests().await).await;
    let acorn = changed(&house, &house.acorn, |settings| {
        settings.lockout.tries = 2;
        settings.lockout.first_seconds = 600;
    })
    .await;
    let person = house.person(&acorn, "user@acorn.example").await;
    let mut browser = Browser::new(&house, &acorn);
    for n in 0..2 {
        browser
            .sign_in(&person.username, &format!("not the password {n}"))
            .await;
    }
    house.demo.advance(599).await.expect("a later time");
    let screen = browser.sign_in(&person.username, &person.password).await;
    assert_eq!(refusal(&screen), Some(&Refusal::SignInPaused));
    let mut resetting = Browser::new(&house, &acorn);
    resetting.identify(&person.username).await;
    resetting.pass_app(&person).await;
    resetting.pass_mail(&person).await;
    resetting.password(NEW).await;
    let screen = browser.sign_in(&person.username, NEW).await;
    assert!(matches!(screen, AccountScreen::In(_)), "{screen:?}");
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
        assert!(matches!(screen, AccountScreen::NewPasswordNext), "{like}: {screen:?}");
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

/// The hash of a password as a former release may have made it.
fn cheap(password: &str) -> String {
    let params = Params::new(64, 1, 1, Some(32)).expect("parameters");
    let (salt, mut hash) = ([7; 16], [0; 32]);
    Argon2::new(Algorithm::Argon2i, Version::V0x10, params)
        .hash_password_into(password.as_bytes(), &salt, &mut hash)
        .expect("a hash");
    let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
    format!("$argon2i$v=16$m=64,t=1,p=1${salt}${hash}")
}

/// What is stored of a person's password, and since when it is theirs.
async fn stored(house: &House, person: &Person) -> (AccountId, String, Timestamp) {
    let tx = house.store.read(house.acorn.id).await.expect("a read");
    let name = UserName::of_row(person.username.clone());
    let found = accounts::by_name(&tx, &name)
        .await
        .expect("an answer")
        .expect("an account");
    let hash = accounts::password_hash(&tx, found.id).await.expect("an answer");
    (found.id, hash.expect("a hash"), found.password_changed_at)
}

/// Someone whose password was hashed by a former release.
async fn person_of_old(house: &House, like: &str) -> Person {
    let person = house.person(&house.acorn, like).await;
    let (id, hash, _) = stored(house, &person).await;
    let tx = house.store.write(house.acorn.id).await.expect("a write");
    let is_put = accounts::renew_hash(&tx, id, &hash, &cheap(&person.password)).await;
    assert!(is_put.expect("a write"));
    tx.commit().await.expect("a commit");
    person
}

#[tokio::test]
async fn r28_a_hash_with_other_parameters_is_replaced_at_sign_in() {
    let house = House::on(Store::for_tests().await).await;
    for like in ["user@acorn.example", "admin@acorn.example"] {
        let person = person_of_old(&house, like).await;
        let (id, _, changed_at) = stored(&house, &person).await;
        let mut elsewhere = Browser::new(&house, &house.acorn);
        elsewhere.sign_in(&person.username, "not the password").await;
        assert_eq!(
            stored(&house, &person).await.1,
            cheap(&person.password),
            "{like}: a wrong one changes nothing"
        );

        let mut browser = Browser::new(&house, &house.acorn);
        let screen = browser.sign_in(&person.username, &person.password).await;
        assert_eq!(refusal(&screen), None, "{screen:?}");
        let (_, renewed, still) = stored(&house, &person).await;
        assert!(
            renewed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{like}: {renewed}"
        );
        assert_eq!(still, changed_at, "{like}: the password is as old as it was");
        let look = house.service.account.look(&browser.visit).await.expect("a page");
        assert!(
            !matches!(look, AccountScreen::SignIn { .. }),
            "{like}: the session goes on"
        );
        let tx = house.store.read(house.acorn.id).await.expect("a read");
        assert!(
            former_passwords::hashes(&tx, id, 24)
                .await
                .expect("an answer")
                .is_empty()
        );
        drop(tx);

        let screen = browser.sign_in(&person.username, &person.password).await;
        assert_eq!(refusal(&screen), None, "{screen:?}");
        assert_eq!(stored(&house, &person).await.1, renewed, "{like}: once");
    }
}

/// A right password that opens nothing is not told from a wrong one, so no time may be spent on it either.
#[tokio::test]
async fn r28_a_right_password_that_opens_nothing_leaves_the_hash_as_it_is() {
    let house = House::on(Store::for_tests().await).await;
    let paused = person_of_old(&house, "user@acorn.example").await;
    let mut browser = Browser::new(&house, &house.acorn);
    guesses(&mut browser, &paused.username).await;
    let disabled = person_of_old(&house, "disabled@acorn.example").await;
    for (person, expect) in [(paused, Refusal::SignInPaused), (disabled, Refusal::SignInDisabled)] {
        let screen = browser.sign_in(&person.username, &person.password).await;
        assert_eq!(refusal(&screen), Some(&expect));
        assert_eq!(stored(&house, &person).await.1, cheap(&person.password), "{expect:?}");
    }
}
