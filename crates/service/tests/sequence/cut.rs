//! A browser that goes away while its post is under way: the handler is dropped at one of its awaits. F05, F06.

use crate::stage::{NEW, granted, hash_of, n_hits, number_of, outspoken, settled};
use crate::walk::{Browser, House};
use regain_domain::Secret;
use regain_domain::flow::{Input, Proof, Step};
use regain_domain::gate::Gate;
use regain_domain::sign_in::AccountScreen;
use regain_service::Standing;
use regain_service::demo::Person;
use regain_store::Store;
use std::future::poll_fn;
use std::task::Poll;

/// Drives a future so many times, and lets go of it where it then stands. Nothing if it was not through by then.
async fn cut<F: Future>(future: F, n_polls: usize) -> Option<F::Output> {
    let mut future = Box::pin(future);
    let mut n_left = n_polls;
    poll_fn(move |context| {
        n_left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if n_left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

fn password() -> Input {
    let secret = || Secret::new(NEW.to_owned());
    Input::Password {
        new: secret(),
        repeated: secret(),
    }
}

/// What every end of a password post has in common; tells whether the password was changed.
async fn is_whole(house: &House, person: &Person, browser: &Browser<'_>, before: &str) -> bool {
    settled(house).await;
    let page = browser.look().await;
    let is_done = matches!(page.step, Step::Done(_));
    assert!(is_done || matches!(page.step, Step::Password { .. }), "{page:?}");
    let n_entries = number_of(
        house,
        person,
        "SELECT count(*) FROM audit WHERE activity = 'password-reset' AND subject_id = WHO",
    )
    .await;
    let n_notices = number_of(
        house,
        person,
        "SELECT count(*) FROM outbox WHERE purpose = 'password-reset' AND account_id = WHO",
    )
    .await;
    assert_eq!(
        hash_of(house, person).await != before,
        is_done,
        "the page tells the truth"
    );
    assert_eq!((n_entries, n_notices), if is_done { (1, 2) } else { (0, 0) });
    is_done
}

/// How often a post was given up before its commit, and how often after it.
#[derive(Debug, Default)]
struct Cuts {
    kept: usize,
    lost: usize,
    through: usize,
}

impl Cuts {
    /// Which awaits find their answer there already is chance: so there is more than one sweep over them.
    fn are_enough(&self) -> bool {
        assert!(self.through < 20, "{self:?}");
        self.through >= 3 && self.kept >= 10 && self.lost >= 2
    }
}

#[tokio::test]
async fn f05_a_password_post_given_up_at_any_await_is_written_once_or_not_at_all() {
    let house = House::on(Store::for_tests().await).await;
    let birch = outspoken(&house).await;
    let mut cuts = Cuts::default();
    let (mut person, mut browser) = granted(&house, &birch).await;
    let mut n_polls = 0;
    while !cuts.are_enough() {
        n_polls += 1;
        let (hash, before) = (hash_of(&house, &person).await, house.newest(&birch).await);
        let answer = cut(house.service.reset.step(&browser.visit, Ok(password())), n_polls).await;
        if !is_whole(&house, &person, &browser, &hash).await {
            assert!(answer.is_none(), "what was answered has happened");
            cuts.kept += 1;
            continue;
        }
        // The same post once more is too late, and changes nothing.
        let (_, standing) = browser.password("another fine long one").await;
        assert_eq!(standing, Standing::Stale);
        for mailbox in &person.emails {
            house.message(&birch, mailbox, "password-reset", before).await;
        }
        let screen = Browser::new(&house, &birch).sign_in(&person.username, NEW).await;
        assert!(matches!(screen, AccountScreen::In(_)), "{screen:?}");
        match answer {
            Some(answer) => {
                assert!(matches!(answer.expect("an answer").screen.step, Step::Done(_)));
                cuts.through += 1;
                n_polls = 0;
            }
            None => cuts.lost += 1,
        }
        (person, browser) = granted(&house, &birch).await;
    }
}

/// Gives up the post of a right code at each of its awaits.
async fn proved(gate: Gate) {
    let house = House::on(Store::for_tests().await).await;
    let birch = outspoken(&house).await;
    let of_flow = "flow_id IN (SELECT id FROM flow WHERE account_id = WHO)";
    let passes = format!("SELECT count(*) FROM gate_pass WHERE {of_flow}");
    let spent = match gate {
        Gate::Email => format!("SELECT count(*) FROM attempt WHERE code_used_at IS NOT NULL AND {of_flow}"),
        Gate::AppCode => "SELECT count(*) FROM method WHERE last_step > 0 AND account_id = WHO".to_owned(),
        _ => panic!("not a code"),
    };
    let mut cuts = Cuts::default();
    let (mut person, mut browser, mut code) = coded(&house, &birch, gate).await;
    let (mut n_polls, mut n_counted) = (0, 0);
    while !cuts.are_enough() {
        n_polls += 1;
        let before = n_hits(&house).await;
        let proof = Proof::of_code(Secret::new(code.clone()));
        let answer = cut(house.service.reset.prove(&browser.visit, proof), n_polls).await;
        settled(&house).await;
        let n_passes = number_of(&house, &person, &passes).await;
        assert_eq!(
            n_passes,
            number_of(&house, &person, &spent).await,
            "after {n_polls} polls"
        );
        let hits = n_hits(&house).await;
        if n_passes == 0 {
            assert!(answer.is_none(), "what was answered has happened");
            assert!(hits == before || hits == before + 1, "from {before} to {hits}");
            n_counted += hits - before;
            cuts.kept += 1;
            house.store.run("DELETE FROM counter").await;
            continue;
        }
        assert_eq!((n_passes, hits), (1, before), "a right one costs no try");
        match answer {
            Some(_) => {
                cuts.through += 1;
                n_polls = 0;
            }
            None => cuts.lost += 1,
        }
        (person, browser, code) = coded(&house, &birch, gate).await;
    }
    assert!(n_counted > 0, "a reserved try stays counted: {cuts:?}");
}

/// A browser that is asked for a code, and the right one.
async fn coded<'a>(house: &'a House, tenancy: &regain_service::Tenancy, gate: Gate) -> (Person, Browser<'a>, String) {
    let person = house.person(tenancy, "user@birch.example").await;
    let mut browser = Browser::new(house, tenancy);
    browser.identify(&person.username).await;
    let before = house.newest(tenancy).await;
    browser.choose(gate).await;
    let code = match gate {
        Gate::AppCode => house.code_of(&person),
        Gate::Email => {
            let address = person.emails.last().expect("a second mail");
            let letter = house.message(tenancy, address, "reset-code", before).await;
            letter.code.expect("a code")
        }
        _ => panic!("not a code"),
    };
    (person, browser, code)
}

#[tokio::test]
async fn f06_an_app_code_given_up_at_any_await_is_spent_and_passed_or_neither() {
    proved(Gate::AppCode).await;
}

#[tokio::test]
async fn f06_a_mailed_code_given_up_at_any_await_is_spent_and_passed_or_neither() {
    proved(Gate::Email).await;
}
