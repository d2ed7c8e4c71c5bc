//! Two of one person at once, on PostgreSQL, where writers do not queue for one another: who is first decides for both.

use crate::not_me::reference;
use crate::stage::NEW;
use crate::walk::{Browser, House};
use regain_domain::account::Account;
use regain_domain::flow::{Input, Step};
use regain_domain::not_me::NotMeScreen;
use regain_domain::sign_in::AccountScreen;
use regain_domain::{Secret, Timestamp};
use regain_service::Standing;
use regain_service::demo::Person;
use regain_store::{Store, Tx, accounts, flows, sessions};
use sha2::{Digest, Sha256};
use std::time::Duration;

const OTHER: &str = "nine copper herons nap";

/// A browser on the page that asks for the new password, by mail or by app.
async fn granted<'a>(house: &'a House, person: &Person, by_mail: bool) -> Browser<'a> {
    let mut browser = Browser::new(house, &house.birch);
    browser.identify(&person.username).await;
    let screen = if by_mail {
        browser.pass_mail(person).await
    } else {
        browser.pass_app(person).await
    };
    assert!(matches!(screen.step, Step::Password { .. }), "{:?}", screen.step);
    browser
}

async fn signs_in(house: &House, person: &Person, password: &str) -> bool {
    let screen = Browser::new(house, &house.birch)
        .sign_in(&person.username, password)
        .await;
    matches!(screen, AccountScreen::In(_))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r08_of_two_flows_that_end_at_once_one_writes_and_the_other_is_over() {
    let house = House::on(Store::for_tests_on_postgres().await).await;
    let person = house.person(&house.birch, "user@birch.example").await;
    let mut one = granted(&house, &person, true).await;
    let mut two = granted(&house, &person, false).await;
    let tx = held(&house, &person).await.0;
    let ends = tokio::join!(one.password(NEW), two.password(OTHER), async {
        until_waiting(&house.store, "account", 2).await;
        drop(tx);
    });
    let ends = [ends.0, ends.1];
    let is_done = ends
        .each_ref()
        .map(|(screen, standing)| matches!(screen.step, Step::Done { .. }) && *standing == Standing::Current);
    assert_ne!(is_done[0], is_done[1], "{ends:?}");
    let (won, lost) = if is_done[0] { (NEW, 1) } else { (OTHER, 0) };
    let (screen, standing) = &ends[lost];
    assert_eq!(*standing, Standing::Stale, "{screen:?}");
    assert!(matches!(screen.step, Step::Stopped(_)), "{screen:?}");
    for password in [NEW, OTHER] {
        assert_eq!(signs_in(&house, &person, password).await, password == won);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r08_a_sign_in_that_compared_the_old_password_opens_nothing_after_the_new_one() {
    let house = House::on(Store::for_tests_on_postgres().await).await;
    let person = house.person(&house.birch, "user@birch.example").await;
    // A reset as far as its commit: password, flows and sessions.
    let (tx, account) = held(&house, &person).await;
    let now = Timestamp::from_ms(house.service.now().ms() + 1);
    accounts::set_password(&tx, account.id, "$argon2id$", account.password_changed_at, now, 0)
        .await
        .expect("a password");
    flows::end_others(&tx, account.id, None, now).await.expect("no flow");
    sessions::end_all(&tx, account.id, None, now).await.expect("no session");
    let mut browser = Browser::new(&house, &house.birch);
    let signing_in = browser.sign_in(&person.username, &person.password);
    let (screen, ()) = tokio::join!(signing_in, async {
        // Without the wait the sign-in would be through by now, and its session would stay.
        until_waiting(&house.store, "account", 1).await;
        tx.commit().await.expect("a commit");
    });
    assert!(matches!(screen, AccountScreen::SignIn { .. }), "{screen:?}");
    assert_eq!(house.store.column::<i64>("SELECT count(*) FROM session").await, [0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r08_a_reset_and_what_stops_it_at_once_never_write_after_one_another() {
    let house = House::on(Store::for_tests_on_postgres().await).await;
    let person = house.person(&house.birch, "user@birch.example").await;
    let mut resetting = granted(&house, &person, true).await;
    let address = person.emails.last().expect("a second mail");
    let found = reference(&house, &house.birch, address, "reset-code", 0).await;
    let [mut one, mut two] = [(); 2].map(|()| Browser::new(&house, &house.birch));
    let (tx, _) = held(&house, &person).await;
    let ((screen, standing), first, second, ()) =
        tokio::join!(resetting.password(NEW), one.stops(&found), two.stops(&found), async {
            until_waiting(&house.store, "account", 3).await;
            drop(tx);
        });
    for stopped in [first, second] {
        assert!(matches!(stopped, NotMeScreen::Stopped { .. }), "{stopped:?}");
    }
    let is_written = matches!(screen.step, Step::Done(_));
    assert_eq!(standing == Standing::Current, is_written, "{screen:?}");
    assert_eq!(signs_in(&house, &person, NEW).await, is_written);
    let told = "SELECT count(*) FROM outbox WHERE purpose = 'reported'";
    let n_mailboxes = i64::try_from(person.emails.len()).expect("few");
    assert_eq!(house.store.column::<i64>(told).await, [n_mailboxes], "stopped once");
}

/// A transaction that holds the person's account.
async fn held(house: &House, person: &Person) -> (Tx, Account) {
    let tx = house.store.write(house.birch.id).await.expect("a transaction");
    let found = accounts::list(&tx).await.expect("accounts");
    let account = found
        .into_iter()
        .find(|account| account.user_name.as_str() == person.username)
        .expect("the person");
    accounts::hold(&tx, account.id).await.expect("the account");
    (tx, account)
}

/// Returns once so many connections wait for rows of a table.
async fn until_waiting(store: &Store, table: &str, n: i64) {
    let asked = format!(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
         AND wait_event_type = 'Lock' AND query LIKE '%\"{table}\"%'"
    );
    for _ in 0..400 {
        if store.column::<i64>(&asked).await == [n] {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    let all = "SELECT wait_event || ': ' || query FROM pg_stat_activity WHERE datname = current_database()";
    panic!("not {n} wait for {table}: {:#?}", store.column::<String>(all).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r37_a_post_that_the_database_undid_is_done_again_as_a_whole() {
    let house = House::on(Store::for_tests_on_postgres().await).await;
    let person = house.person(&house.birch, "user@birch.example").await;
    let mut browser = granted(&house, &person, true).await;
    let cookie = browser.visit.flow.clone().expect("a flow");
    let (store, tenant) = (&house.store, house.birch.id);
    let elsewhere = store.write(tenant).await.expect("a transaction");
    let hash = Sha256::digest(cookie.as_bytes()).into();
    let flow = flows::lock(&elsewhere, hash)
        .await
        .expect("an answer")
        .expect("the flow");
    let account = flow.subject.account().expect("the person");
    let ((screen, _), ()) = tokio::join!(browser.password(NEW), async {
        until_waiting(store, "flow", 1).await;
        // The post holds the account and waits for the flow: now each waits for the other, and the post has waited longer.
        accounts::hold(&elsewhere, account).await.expect("the account");
        drop(elsewhere);
    });
    assert!(matches!(screen.step, Step::Done { .. }), "{screen:?}");
    assert!(signs_in(&house, &person, NEW).await);
    let told = "SELECT count(*) FROM audit WHERE activity = 'password-reset'";
    assert_eq!(store.column::<i64>(told).await, [1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn f28_a_connection_that_is_cut_leaves_nothing_and_the_page_tells_so() {
    let house = House::on(Store::for_tests_on_postgres().await).await;
    let person = house.person(&house.birch, "user@birch.example").await;
    let mut browser = granted(&house, &person, true).await;
    let (tx, _) = held(&house, &person).await;
    let cut = "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity \
        WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let secret = || Secret::new(NEW.to_owned());
    let input = Input::Password {
        new: secret(),
        repeated: secret(),
    };
    let (answer, ()) = tokio::join!(house.service.reset.step(&browser.visit, Ok(input)), async {
        until_waiting(&house.store, "account", 1).await;
        house.store.column::<String>(cut).await;
    });
    drop(tx);
    let error = answer.expect_err("no connection, no answer");
    assert!(regain_service::is_busy(&error), "to be tried again: {error:#}");
    assert!(matches!(browser.look().await.step, Step::Password { .. }));
    assert!(signs_in(&house, &person, &person.password).await);
    let (screen, _) = browser.password(NEW).await;
    assert!(matches!(screen.step, Step::Done { .. }), "{screen:?}");
}
