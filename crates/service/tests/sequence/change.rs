//! Changing a password that is known: voluntarily, or because it has to be replaced (`domain.md` §11).

use crate::stage::{NEW, changed, hash_of, number_of, set};
use crate::walk::{Browser, House};
use regain_domain::change::{ChangeForm, ChangeScreen};
use regain_domain::flow::Step;
use regain_domain::gate::Gate;
use regain_domain::sign_in::{AccountScreen, Said};
use regain_domain::{Refusal, Secret};
use regain_service::demo::Person;
use regain_service::{Change, Standing};
use regain_store::Store;

const CHANGED: &str =
    "SELECT count(*) FROM audit WHERE activity = 'password-changed' AND is_success AND subject_id = WHO";

impl Browser<'_> {
    async fn change_page(&self) -> ChangeScreen {
        let looked = self.house.service.account.look_change(&self.visit).await;
        looked.expect("a page")
    }

    /// Posts the form.
    pub(crate) async fn sets(&mut self, present: &str, new: &str) -> (ChangeScreen, Standing) {
        let secret = |text: &str| Secret::new(text.to_owned());
        let change = Change {
            present: secret(present),
            new: secret(new),
            repeated: secret(new),
        };
        let stepped = self.house.service.account.change(&self.visit, change).await;
        self.keep(stepped.expect("an answer"))
    }

    async fn home(&self) -> AccountScreen {
        self.house.service.account.look(&self.visit).await.expect("a page")
    }
}

fn form(screen: &ChangeScreen) -> &ChangeForm {
    match screen {
        ChangeScreen::Form(form) => form,
        other => panic!("no form: {other:?}"),
    }
}

fn codes(screen: &ChangeScreen) -> Vec<&'static str> {
    form(screen).refusals.iter().map(Refusal::code).collect()
}

/// Somebody who has just signed in.
async fn signed_in<'a>(house: &'a House, like: &str) -> (Person, Browser<'a>) {
    let person = house.person(&house.acorn, like).await;
    let mut browser = Browser::new(house, &house.acorn);
    browser.sign_in(&person.username, &person.password).await;
    (person, browser)
}

#[tokio::test]
async fn r08_a_change_ends_every_other_session_and_flow_and_tells_every_mailbox() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = signed_in(&house, "user@acorn.example").await;
    let mut elsewhere = Browser::new(&house, &house.acorn);
    elsewhere.sign_in(&person.username, &person.password).await;
    let mut resetting = Browser::new(&house, &house.acorn);
    resetting.identify(&person.username).await;
    resetting.choose(Gate::Email).await;

    let page = browser.change_page().await;
    assert!(form(&page).wants_password && !form(&page).is_due);
    let (cookie, before) = (browser.visit.session.clone(), house.newest(&house.acorn).await);
    let (screen, _) = browser.sets(&person.password, NEW).await;
    assert_eq!(screen, ChangeScreen::Done);
    assert_ne!(browser.visit.session, cookie, "r41: a new session id");
    let told = Some(Said::PasswordChanged { n_sessions_ended: 1 });
    assert!(matches!(browser.home().await, AccountScreen::In(who) if who.said == told));
    assert!(matches!(elsewhere.home().await, AccountScreen::SignIn { .. }));
    assert!(matches!(resetting.look().await.step, Step::Stopped(Refusal::Expired)));
    for mailbox in &person.emails {
        let letter = house.message(&house.acorn, mailbox, "password-changed", before).await;
        assert!(letter.text.contains(&person.username), "{}", letter.text);
    }
    assert_eq!(number_of(&house, &person, CHANGED).await, 1);
    let mut anew = Browser::new(&house, &house.acorn);
    assert!(matches!(
        anew.sign_in(&person.username, &person.password).await,
        AccountScreen::SignIn { .. }
    ));
    assert!(matches!(
        anew.sign_in(&person.username, NEW).await,
        AccountScreen::In(_)
    ));
}

#[tokio::test]
async fn r18_a_wrong_present_password_counts_as_at_sign_in_and_changes_nothing() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = signed_in(&house, "user@acorn.example").await;
    let before = hash_of(&house, &person).await;
    for n in 0..10 {
        let (screen, _) = browser.sets(&format!("not the password {n}"), NEW).await;
        assert_eq!(codes(&screen), ["password-wrong"]);
        assert_eq!(
            codes(&browser.change_page().await),
            ["password-wrong"],
            "without scripts"
        );
    }
    let (screen, _) = browser.sets(&person.password, NEW).await;
    assert_eq!(codes(&screen), ["sign-in-paused"]);
    let refused = "SELECT count(*) FROM audit WHERE activity = 'password-changed' AND NOT is_success \
                   AND actor_id IS NULL AND subject_id = WHO";
    assert_eq!(number_of(&house, &person, refused).await, 11, "r54: each is told");
    assert_eq!(hash_of(&house, &person).await, before);
    house.demo.advance(61).await.expect("a later time");
    assert_eq!(browser.sets(&person.password, NEW).await.0, ChangeScreen::Done);
}

#[tokio::test]
async fn what_a_new_password_may_not_be_is_told_and_the_present_one_too() {
    let house = House::on(Store::for_tests().await).await;
    let acorn = changed(&house, &house.acorn, |settings| settings.password.history = 3).await;
    let person = house.person(&acorn, "user@acorn.example").await;
    let mut browser = Browser::new(&house, &acorn);
    browser.sign_in(&person.username, &person.password).await;
    let (screen, _) = browser.sets(&person.password, "short").await;
    assert_eq!(codes(&screen), ["pw-short"]);
    let (screen, _) = browser.sets(&person.password, &person.password).await;
    assert_eq!(codes(&screen), ["pw-same"]);
    assert_eq!(browser.sets(&person.password, NEW).await.0, ChangeScreen::Done);
    let (screen, _) = browser.sets(NEW, &person.password).await;
    assert_eq!(codes(&screen), ["pw-history"]);
    // Each comparison costs hashes: five in fifteen minutes, whatever came of them.
    for _ in 0..3 {
        assert_eq!(codes(&browser.sets(NEW, &person.password).await.0), ["pw-history"]);
    }
    let (screen, standing) = browser.sets(NEW, "yet another fine long one").await;
    assert_eq!(
        (codes(&screen), standing),
        (vec!["too-many-requests"], Standing::TooMany)
    );
    house.demo.advance(15 * 60).await.expect("a later time");
    let (screen, _) = browser.sets(NEW, "yet another fine long one").await;
    assert_eq!(screen, ChangeScreen::Done);
}

#[tokio::test]
async fn r27_a_password_that_is_too_young_waits_in_a_change_and_never_in_a_reset() {
    let house = House::on(Store::for_tests().await).await;
    let acorn = changed(&house, &house.acorn, |settings| {
        settings.password.least_age_hours = 24;
    })
    .await;
    let person = house.person(&acorn, "user@acorn.example").await;
    let mut browser = Browser::new(&house, &acorn);
    browser.sign_in(&person.username, &person.password).await;
    assert_eq!(browser.sets(&person.password, NEW).await.0, ChangeScreen::Done);
    let (screen, _) = browser.sets(NEW, "yet another fine long one").await;
    assert_eq!(codes(&screen), ["pw-age"]);
    let mut resetting = Browser::new(&house, &acorn);
    resetting.identify(&person.username).await;
    resetting.pass_app(&person).await;
    resetting.pass_mail(&person).await;
    let (screen, _) = resetting.password("yet another fine long one").await;
    assert!(matches!(screen.step, Step::Done(_)), "{screen:?}");
}

#[tokio::test]
async fn a_password_that_has_to_go_is_replaced_before_anything_else() {
    let house = House::on(Store::for_tests().await).await;
    for like in ["expired@acorn.example", "mustchange@acorn.example"] {
        let (person, mut browser) = signed_in(&house, like).await;
        assert_eq!(browser.home().await, AccountScreen::NewPasswordNext, "{like}");
        let looked = house.service.registration.look(&browser.visit).await.expect("a page");
        assert_eq!(looked.code(), "signed-out", "{like}: nothing else is open");
        let page = browser.change_page().await;
        assert!(
            form(&page).is_due && !form(&page).wants_password,
            "{like}: it was typed just now"
        );
        let (screen, _) = browser.sets("", &person.password).await;
        assert_eq!(codes(&screen), ["pw-same"], "{like}");
        let (screen, _) = browser.sets("", NEW).await;
        assert_eq!(screen, ChangeScreen::Done, "{like}");
        assert!(matches!(browser.home().await, AccountScreen::In(_)), "{like}");
        assert_eq!(number_of(&house, &person, CHANGED).await, 1);
    }
    // What was typed at sign-in is good as long as the page: after a quarter of an hour one signs in anew.
    let (person, mut browser) = signed_in(&house, "expired@acorn.example").await;
    house.demo.advance(14 * 60).await.expect("a later time");
    assert!(!form(&browser.change_page().await).wants_password);
    assert_eq!(codes(&browser.sets("", "short").await.0), ["pw-short"]);
    house.demo.advance(60).await.expect("a later time");
    assert_eq!(browser.change_page().await, ChangeScreen::SignedOut);
    let (_, standing) = browser.sets(&person.password, NEW).await;
    assert_eq!(standing, Standing::Stale);
}

#[tokio::test]
async fn whoever_is_disabled_before_they_replace_their_password_is_signed_out() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = signed_in(&house, "expired@acorn.example").await;
    set(&house, &person, "status = 'disabled'").await;
    assert!(matches!(browser.home().await, AccountScreen::SignIn { .. }));
    assert_eq!(browser.change_page().await, ChangeScreen::SignedOut);
    assert_eq!(browser.sets("", NEW).await.1, Standing::Stale);
}

#[tokio::test]
async fn r50_staff_give_their_code_before_they_replace_a_password() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "admin@acorn.example").await;
    set(&house, &person, "must_change = TRUE").await;
    let mut browser = Browser::new(&house, &house.acorn);
    let screen = browser.sign_in(&person.username, &person.password).await;
    assert!(matches!(screen, AccountScreen::Code { .. }), "{screen:?}");
    assert_eq!(browser.change_page().await, ChangeScreen::SignedOut);
    let screen = browser.sign_in_code(&house.code_of(&person)).await;
    assert_eq!(screen, AccountScreen::NewPasswordNext);
    assert!(
        house
            .service
            .account
            .look_staff(&browser.visit)
            .await
            .expect("an answer")
            .is_none()
    );
    assert_eq!(
        codes(&browser.sets("", "a mere twelve").await.0),
        ["pw-short"],
        "r27: fifteen for staff"
    );
    assert_eq!(browser.sets("", NEW).await.0, ChangeScreen::Done);
    assert!(
        house
            .service
            .account
            .look_staff(&browser.visit)
            .await
            .expect("an answer")
            .is_some()
    );
}

#[tokio::test]
async fn of_two_changes_at_once_one_counts() {
    let house = House::on(Store::for_tests().await).await;
    let (person, browser) = signed_in(&house, "user@acorn.example").await;
    let change = |new: &str| Change {
        present: Secret::new(person.password.clone()),
        new: Secret::new(new.to_owned()),
        repeated: Secret::new(new.to_owned()),
    };
    let account = &house.service.account;
    let (one, other) = tokio::join!(
        account.change(&browser.visit, change(NEW)),
        account.change(&browser.visit, change("yet another fine long one"))
    );
    let standings = [one, other].map(|stepped| stepped.expect("an answer").standing);
    assert!(
        standings.contains(&Standing::Current) && standings.contains(&Standing::Stale),
        "{standings:?}"
    );
    assert_eq!(number_of(&house, &person, CHANGED).await, 1);
}
