//! Former passwords do not come again where the tenant says so (R27): compared at most five times in a flow (R06, R17).

use crate::grant::account;
use crate::stage::{NEW, changed, granted};
use crate::walk::{Browser, House, refused};
use regain_domain::flow::{Input, Screen, Step};
use regain_domain::sign_in::AccountScreen;
use regain_domain::{Refusal, Secret};
use regain_service::demo::Person;
use regain_service::{Standing, admin};
use regain_store::{Store, accounts, former_passwords};

const OTHERS: [&str; 3] = [
    "eight copper herons sing",
    "nine leaden badgers dig",
    "ten silver magpies steal",
];

/// A house whose Birch remembers so many former passwords.
async fn remembering(history: u32) -> House {
    let mut house = House::on(Store::for_tests().await).await;
    house.birch = changed(&house, &house.birch, |settings| settings.password.history = history).await;
    house
}

/// The person proves anew, and is asked for a new password.
async fn granted_again<'a>(house: &'a House, person: &Person) -> Browser<'a> {
    house.demo.advance(60).await.expect("a later time");
    let mut browser = Browser::new(house, &house.birch);
    browser.identify(&person.username).await;
    let screen = browser.pass_app(person).await;
    assert!(is_asked(&screen), "{screen:?}");
    browser
}

fn is_asked(screen: &Screen) -> bool {
    matches!(screen.step, Step::Password { .. })
}

fn is_done(screen: &Screen) -> bool {
    matches!(screen.step, Step::Done(_))
}

async fn signs_in(house: &House, person: &Person, password: &str) -> bool {
    let screen = Browser::new(house, &house.birch)
        .sign_in(&person.username, password)
        .await;
    matches!(screen, AccountScreen::In(_))
}

async fn n_former(house: &House, person: &Person) -> usize {
    let id = account(house, person).await.id;
    let tx = house.store.read(house.birch.id).await.expect("a read");
    former_passwords::hashes(&tx, id, 24).await.expect("an answer").len()
}

#[tokio::test]
async fn r27_history_refuses_the_present_and_the_last_passwords_and_lets_older_ones_come_again() {
    let house = remembering(2).await;
    let (person, mut browser) = granted(&house, &house.birch).await;
    let [one, two, three] = OTHERS;
    let (screen, _) = browser.password(&person.password).await;
    assert!(is_asked(&screen) && refused(&screen) == "pw-history", "{screen:?}");
    assert!(is_done(&browser.password(one).await.0));
    for next in [two, three] {
        let mut browser = granted_again(&house, &person).await;
        assert!(is_done(&browser.password(next).await.0), "{next}");
    }
    let mut browser = granted_again(&house, &person).await;
    for former in [three, two, one] {
        let (screen, _) = browser.password(former).await;
        assert!(
            is_asked(&screen) && refused(&screen) == "pw-history",
            "{former}: {screen:?}"
        );
    }
    assert_eq!(n_former(&house, &person).await, 2);
    assert!(signs_in(&house, &person, three).await, "nothing was written so far");
    assert!(
        is_done(&browser.password(&person.password).await.0),
        "older than the last two"
    );
    assert!(signs_in(&house, &person, &person.password).await);
}

#[tokio::test]
async fn r27_history_is_off_by_default_and_remembers_nothing() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = granted(&house, &house.birch).await;
    assert!(is_done(&browser.password(&person.password).await.0));
    assert_eq!(n_former(&house, &person).await, 0);
}

#[tokio::test]
async fn r27_history_is_told_before_anything_is_typed() {
    for (history, expected) in [(0, 0), (5, 5), (99, 24)] {
        let house = remembering(history).await;
        let (_, browser) = granted(&house, &house.birch).await;
        let Step::Password { rules, .. } = browser.look().await.step else {
            panic!("no rules")
        };
        assert_eq!(rules.history, expected);
    }
}

#[tokio::test]
async fn r06_the_fifth_password_refused_by_history_ends_the_flow() {
    let house = remembering(1).await;
    let (person, mut browser) = granted(&house, &house.birch).await;
    for _ in 0..4 {
        let (screen, _) = browser.password(&person.password).await;
        assert!(is_asked(&screen) && refused(&screen) == "pw-history", "{screen:?}");
        let (screen, _) = browser.password("short").await;
        assert_eq!(refused(&screen), "pw-short", "our own rules cost no try");
    }
    let (screen, _) = browser.password(&person.password).await;
    assert_eq!(screen.step, Step::Stopped(Refusal::TriesSpent));
    let (screen, standing) = browser.password(NEW).await;
    assert_eq!(
        (screen.step, standing),
        (Step::Stopped(Refusal::TriesSpent), Standing::Stale)
    );
    assert!(signs_in(&house, &person, &person.password).await, "nothing was written");
    let mut browser = granted_again(&house, &person).await;
    assert!(
        is_done(&browser.password(NEW).await.0),
        "the next flow has tries of its own"
    );
}

#[tokio::test]
async fn r06_a_fifth_password_that_is_new_is_written() {
    let house = remembering(1).await;
    let (person, mut browser) = granted(&house, &house.birch).await;
    for _ in 0..4 {
        browser.password(&person.password).await;
    }
    assert!(is_done(&browser.password(NEW).await.0));
    assert!(signs_in(&house, &person, NEW).await);
}

#[tokio::test]
async fn r17_twenty_former_passwords_at_once_meet_five_comparisons() {
    let house = remembering(1).await;
    let (person, browser) = granted(&house, &house.birch).await;
    let mut posts = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (service, visit) = (house.service.clone(), browser.visit.clone());
        let secret = || Secret::new(person.password.clone());
        let input = Input::Password {
            new: secret(),
            repeated: secret(),
        };
        posts.spawn(async move { service.reset.step(&visit, Ok(input)).await });
    }
    let mut n_compared = 0;
    for answer in posts.join_all().await {
        let screen = answer.expect("an answer").screen;
        n_compared += usize::from(refused(&screen) == "pw-history");
    }
    assert!(n_compared <= 5, "{n_compared} were compared");
    assert_eq!(browser.look().await.step, Step::Stopped(Refusal::TriesSpent));
    assert!(signs_in(&house, &person, &person.password).await);
}

#[tokio::test]
async fn r27_letters_composed_or_not_are_one_password() {
    let house = remembering(1).await;
    let (person, mut browser) = granted(&house, &house.birch).await;
    let (whole, parts) = (
        "f\u{fc}nf gr\u{fc}ne T\u{fc}ren",
        "fu\u{308}nf gru\u{308}ne Tu\u{308}ren",
    );
    assert!(is_done(&browser.password(parts).await.0));
    for typed in [whole, parts] {
        assert!(signs_in(&house, &person, typed).await, "{typed}");
    }
    let mut browser = granted_again(&house, &person).await;
    for typed in [whole, parts] {
        assert_eq!(refused(&browser.password(typed).await.0), "pw-history", "{typed}");
    }
}

#[tokio::test]
async fn r27_history_remembers_what_an_operator_sets_and_refuses_an_operator_nothing() {
    let house = remembering(3).await;
    let person = house.person(&house.birch, "user@birch.example").await;
    for password in [&person.password, NEW] {
        let secret = Secret::new(password.to_owned());
        let set = admin::set_password(&house.service, "birch", &person.username, secret, "test").await;
        assert_eq!(set.expect("an answer"), Ok(()), "the present one as well");
    }
    assert_eq!(n_former(&house, &person).await, 2);
    let mut browser = granted_again(&house, &person).await;
    for former in [NEW, &person.password] {
        assert_eq!(refused(&browser.password(former).await.0), "pw-history", "{former}");
    }
}

#[tokio::test]
async fn r27_history_that_cannot_be_read_is_nobodys_password() {
    let house = remembering(2).await;
    let (person, mut browser) = granted(&house, &house.birch).await;
    let id = account(&house, &person).await.id;
    let tx = house.store.write(house.birch.id).await.expect("a write");
    let stored = accounts::password_hash(&tx, id)
        .await
        .expect("an answer")
        .expect("a hash");
    assert!(
        accounts::renew_hash(&tx, id, &stored, "$2b$12$of-elsewhere")
            .await
            .expect("a write")
    );
    tx.commit().await.expect("a commit");
    assert!(is_done(&browser.password(NEW).await.0));
}

/// Comparing takes a while: what was changed meanwhile is found by the transaction that writes (R05, R08).
#[tokio::test]
async fn r08_a_password_set_elsewhere_while_one_is_compared_ends_the_flow() {
    let house = remembering(24).await;
    let (person, browser) = granted(&house, &house.birch).await;
    let found = account(&house, &person).await;
    let (id, seen) = (found.id, found.password_changed_at);
    let tx = house.store.write(house.birch.id).await.expect("a write");
    let (service, visit) = (house.service.clone(), browser.visit.clone());
    let mut post = tokio::task::JoinSet::new();
    post.spawn(async move {
        let secret = || Secret::new(NEW.to_owned());
        let input = Input::Password {
            new: secret(),
            repeated: secret(),
        };
        service.reset.step(&visit, Ok(input)).await
    });
    // The post waits for this transaction, and then compares for long: with one and the same hash, of an account as old as
    // it was when the flow began.
    let stored = accounts::password_hash(&tx, id).await.expect("an answer");
    let stored = stored.expect("a hash");
    for _ in 0..24 {
        let kept = accounts::set_password(&tx, id, &stored, seen, seen, 24).await;
        kept.expect("a write");
    }
    tx.commit().await.expect("a commit");
    // Behind the post, which waited first.
    let tx = house.store.write(house.birch.id).await.expect("a write");
    let set = accounts::set_password(&tx, id, &stored, seen, house.service.now(), 24).await;
    set.expect("a write");
    tx.commit().await.expect("a commit");
    assert!(post.try_join_next().is_none(), "it compares still");
    let answer = post.join_all().await.remove(0).expect("an answer");
    assert_eq!(answer.screen.step, Step::Stopped(Refusal::Expired));
    assert!(!signs_in(&house, &person, NEW).await && signs_in(&house, &person, &person.password).await);
}
