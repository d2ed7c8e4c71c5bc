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
    let house = House::on(Store::for_tests().await).await;
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
    let (mut n_polls, mut n_counted, mut n_people) = (0, 0, 1);
    while !cuts.are_enough() {
        n_polls += 1;
        let before = n_hits(&house).await;
        let answer = cut(house.service.reset.step(&browser.visit, Ok(right.input())), n_polls).await;
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
    let house = House::quiet(Store::for_tests().await).await;
    let mut cuts = Cuts::default();
    let (mut n_polls, mut n_people) = (0, 1);
    let (mut person, mut browser) = entitled(&house).await;
    let mut phone = added(&mut browser, n_people).await;
    let (mut page, mut typed) = asked(&house, &person, &house.acorn).await;
    let written =
        "SELECT count(*) FROM approval WHERE answer = 'approved' AND account_id = WHO AND flow_id IS NOT NULL";
    while !cuts.are_enough() {
        n_polls += 1;
        let request = phone.request().await;
        let said = phone.said(act(&request, Verdict::Approve, &typed));
        let word = Word::new(&request.id.to_string(), Verdict::Approve.code(), &typed);
        let answer = cut(house.service.authenticator.answer(&phone.visit, &said, &word), n_polls).await;
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
                n_polls = 0;
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
