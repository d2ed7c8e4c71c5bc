//! A browser that goes away while its post is under way: the handler is dropped at one of its awaits. F05, F06.

use crate::authenticator::{added, asked};
use crate::device::act;
use crate::passkey::{asked as question, holder};
use crate::registration::entitled;
use crate::stage::{NEW, granted, hash_of, n_hits, number_of, outspoken, settled};
use crate::walk::{Browser, House};
use regain_domain::Secret;
use regain_domain::approval::Answer;
use regain_domain::authenticator::{Reply, Taken, Verdict};
use regain_domain::flow::{Input, Step};
use regain_domain::gate::Gate;
use regain_domain::sign_in::AccountScreen;
use regain_service::demo::Person;
use regain_service::{Standing, Tenancy, Word};
use regain_store::Store;
use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

/// Counts the statements of a store.
#[derive(Clone, Default)]
pub(crate) struct Statements(Arc<AtomicUsize>);

impl Statements {
    pub(crate) async fn store(&self) -> Store {
        let told = self.clone();
        Store::for_tests_told(move |_| {
            told.0.fetch_add(1, Ordering::SeqCst);
        })
        .await
    }

    /// Drives a future, and lets go of it at the await that comes after so many statements: after the last one of a
    /// transaction that is its commit. Nothing if it was not through by then.
    pub(crate) async fn cut<F: Future>(&self, future: F, n_statements: usize) -> Option<F::Output> {
        let mut future = Box::pin(future);
        let before = self.0.load(Ordering::SeqCst);
        poll_fn(move |context| match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if self.0.load(Ordering::SeqCst) - before >= n_statements => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        })
        .await
    }
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
pub(crate) struct Cuts {
    pub(crate) kept: usize,
    pub(crate) lost: usize,
    pub(crate) through: usize,
}

impl Cuts {
    /// Whether a commit is over before it is waited for is chance: so there is more than one sweep.
    pub(crate) fn are_enough(&self) -> bool {
        assert!(self.through < 20, "{self:?}");
        self.through >= 3 && self.kept >= 10 && self.lost >= 2
    }
}

#[tokio::test]
async fn f05_a_password_post_given_up_at_any_await_is_written_once_or_not_at_all() {
    let statements = Statements::default();
    let house = House::on(statements.store().await).await;
    let birch = outspoken(&house).await;
    let mut cuts = Cuts::default();
    let (mut person, mut browser) = granted(&house, &birch).await;
    let mut n_statements = 0;
    while !cuts.are_enough() {
        n_statements += 1;
        let (hash, before) = (hash_of(&house, &person).await, house.newest(&birch).await);
        let answer = statements
            .cut(house.service.reset.step(&browser.visit, Ok(password())), n_statements)
            .await;
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
                n_statements = 0;
            }
            None => cuts.lost += 1,
        }
        (person, browser) = granted(&house, &birch).await;
    }
}

/// A post that proves something, as often as it has to be sent.
enum Right {
    Code(String),
    Passkey(String),
    /// The phone has answered; the page collects it.
    Collected,
}

impl Right {
    fn input(&self) -> Input {
        match self {
            Self::Code(code) => Input::Code(Secret::new(code.clone())),
            Self::Passkey(answer) => Input::Passkey(Secret::new(answer.clone())),
            Self::Collected => Input::Collect,
        }
    }
}

/// Gives up the post of a right proof at each of its awaits.
async fn proved(gate: Gate) {
    let statements = Statements::default();
    let house = House::on(statements.store().await).await;
    // A push is one of two proofs, never the only one.
    let tenancy = match gate {
        Gate::AppPush => house.acorn.clone(),
        _ => outspoken(&house).await,
    };
    let of_flow = "flow_id IN (SELECT id FROM flow WHERE account_id = WHO)";
    // Not those by which the person got to their methods.
    let passes = format!(
        "SELECT count(*) FROM gate_pass WHERE gate = '{}' AND {of_flow}",
        gate.code()
    );
    let spent = match gate {
        Gate::Email => format!("SELECT count(*) FROM attempt WHERE code_used_at IS NOT NULL AND {of_flow}"),
        Gate::AppCode => "SELECT count(*) FROM method WHERE last_step > 0 AND account_id = WHO".to_owned(),
        Gate::AppPush => format!("SELECT count(*) FROM approval WHERE used_at IS NOT NULL AND {of_flow}"),
        Gate::Passkey => "SELECT count(*) = 0 FROM ceremony".to_owned(),
        _ => panic!("not a proof of these"),
    };
    let mut cuts = Cuts::default();
    let (mut person, mut browser, mut right) = at_proof(&house, &tenancy, (gate, 1)).await;
    let (mut n_statements, mut n_counted, mut n_people) = (0, 0, 1);
    while !cuts.are_enough() {
        n_statements += 1;
        let before = n_hits(&house).await;
        let answer = statements
            .cut(
                house.service.reset.step(&browser.visit, Ok(right.input())),
                n_statements,
            )
            .await;
        settled(&house).await;
        let n_passes = number_of(&house, &person, &passes).await;
        assert_eq!(
            n_passes,
            number_of(&house, &person, &spent).await,
            "after {n_statements} statements"
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
                n_statements = 0;
            }
            None => cuts.lost += 1,
        }
        n_people += 1;
        (person, browser, right) = at_proof(&house, &tenancy, (gate, n_people)).await;
    }
    assert!(n_counted > 0, "a reserved try stays counted: {cuts:?}");
}

/// A browser that is asked for a proof, and the right one. `nth`: every phone has a key of its own.
async fn at_proof<'a>(house: &'a House, tenancy: &Tenancy, (gate, nth): (Gate, u8)) -> (Person, Browser<'a>, Right) {
    match gate {
        Gate::Passkey => {
            let (person, mut device) = holder(house, tenancy, "user@birch.example").await;
            let mut browser = Browser::new(house, tenancy);
            browser.identify(&person.username).await;
            let options = question(&browser.choose(gate).await);
            let answer = device.get(&options, &tenancy.base_url);
            (person, browser, Right::Passkey(answer))
        }
        Gate::AppPush => {
            let (person, mut browser) = entitled(house).await;
            let phone = added(&mut browser, nth).await;
            let (browser, number) = asked(house, &person, tenancy).await;
            let taken = phone.answer(&phone.request().await, Verdict::Approve, &number).await;
            assert_eq!(taken, Reply::Done(Taken::As(Answer::Approved)));
            (person, browser, Right::Collected)
        }
        _ => coded(house, tenancy, gate).await,
    }
}

/// The same for a code.
async fn coded<'a>(house: &'a House, tenancy: &Tenancy, gate: Gate) -> (Person, Browser<'a>, Right) {
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
    (person, browser, Right::Code(code))
}

#[tokio::test]
async fn f06_an_app_code_given_up_at_any_await_is_spent_and_passed_or_neither() {
    proved(Gate::AppCode).await;
}

#[tokio::test]
async fn f06_a_mailed_code_given_up_at_any_await_is_spent_and_passed_or_neither() {
    proved(Gate::Email).await;
}

#[tokio::test]
async fn f06_a_passkey_given_up_at_any_await_is_spent_and_passed_or_neither() {
    proved(Gate::Passkey).await;
}

#[tokio::test]
async fn f06_what_a_phone_said_given_up_at_any_await_of_the_page_is_spent_and_passed_or_neither() {
    proved(Gate::AppPush).await;
}

#[tokio::test]
async fn f06_a_phones_word_given_up_at_any_await_is_written_down_once_or_not_at_all() {
    let statements = Statements::default();
    let house = House::quiet(statements.store().await).await;
    let mut cuts = Cuts::default();
    let (mut n_statements, mut n_people) = (0, 1);
    let (mut person, mut browser) = entitled(&house).await;
    let mut phone = added(&mut browser, n_people).await;
    let (mut page, mut typed) = asked(&house, &person, &house.acorn).await;
    let written =
        "SELECT count(*) FROM approval WHERE answer = 'approved' AND account_id = WHO AND flow_id IS NOT NULL";
    while !cuts.are_enough() {
        n_statements += 1;
        let request = phone.request().await;
        let said = phone.said(act(&request, Verdict::Approve, &typed));
        let word = Word::new(&request.id.to_string(), Verdict::Approve.code(), &typed);
        let answer = statements
            .cut(
                house.service.authenticator.answer(&phone.visit, &said, &word),
                n_statements,
            )
            .await;
        settled(&house).await;
        if number_of(&house, &person, written).await == 0 {
            assert!(answer.is_none(), "what was answered has happened");
            cuts.kept += 1;
            continue;
        }
        match answer {
            Some(answer) => {
                assert_eq!(answer.expect("an answer"), Reply::Done(Taken::As(Answer::Approved)));
                cuts.through += 1;
                n_statements = 0;
            }
            None => cuts.lost += 1,
        }
        assert_eq!(phone.waiting().await, [], "nothing waits any more");
        let again = phone.answer(&request, Verdict::Approve, &typed).await;
        assert_eq!(again, Reply::Done(Taken::Over), "written down once");
        let screen = page.code("").await;
        assert!(matches!(screen.step, Step::Choose { progress, .. } if progress.n_passed == 1));
        (person, browser) = entitled(&house).await;
        n_people += 1;
        phone = added(&mut browser, n_people).await;
        (page, typed) = asked(&house, &person, &house.acorn).await;
    }
}
