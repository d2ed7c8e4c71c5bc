//! The clock jumps (R39, F23, F24): what has expired stays so, what is counted opens no sooner, and operators are told.

use crate::sign_in::guesses;
use crate::walk::{Browser, House, refused};
use regain_domain::flow::Step;
use regain_domain::gate::Gate;
use regain_domain::sign_in::AccountScreen;
use regain_domain::{Refusal, Timestamp};
use regain_service::Tenancy;
use regain_service::clock::{Clock, SystemClock};
use regain_service::demo::{Person, app_code};
use regain_store::{Store, audit, times};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// The machine's clocks, of which the time of day can be set.
#[derive(Default)]
pub(crate) struct Settable {
    off_ms: AtomicI64,
}

impl Settable {
    pub(crate) fn off_by(seconds: i64) -> Arc<Self> {
        Arc::new(Self {
            off_ms: AtomicI64::new(seconds * 1000),
        })
    }

    /// Sets it so much further.
    pub(crate) fn set_further(&self, seconds: i64) {
        self.off_ms.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for Settable {
    fn now(&self) -> Timestamp {
        Timestamp::from_ms(SystemClock.now().ms() + self.off_ms.load(Ordering::SeqCst))
    }

    fn steady(&self) -> Duration {
        SystemClock.steady()
    }
}

/// A house whose clock can be set.
async fn house_by(clock: &Arc<Settable>, store: Store) -> House {
    let house = House::by(store, Arc::clone(clock) as Arc<dyn Clock>).await;
    house.work();
    house
}

/// Sets the clock, and has it looked at.
async fn jump(house: &House, clock: &Settable, seconds: i64) {
    clock.set_further(seconds);
    house.service.look_at_clock().await.expect("a look");
}

async fn advance(house: &House, seconds: i64) {
    house.demo.advance(seconds).await.expect("a later time");
}

/// What the audit of a tenant says of the clock, oldest first.
async fn told(house: &House, tenancy: &Tenancy) -> Vec<String> {
    let tx = house.store.read(tenancy.id).await.expect("a read");
    let all = audit::recent(&tx, 500).await.expect("entries");
    let of_clock = all.into_iter().rev().filter(|entry| entry.activity == "clock");
    of_clock.map(|entry| entry.reason).collect()
}

async fn is_blocked(house: &House, person: &Person) -> bool {
    let screen = Browser::new(house, &house.acorn).identify(&person.username).await;
    matches!(screen.step, Step::Stopped(Refusal::Blocked { .. }))
}

async fn block(house: &House, person: &Person) {
    let mut browser = Browser::new(house, &house.acorn);
    browser.identify(&person.username).await;
    browser.choose(Gate::AppCode).await;
    for _ in 0..5 {
        browser.code("000000").await;
    }
    assert!(is_blocked(house, person).await);
}

async fn pause(house: &House, person: &Person) {
    guesses(&mut Browser::new(house, &house.acorn), &person.username).await;
    assert!(is_paused(house, person).await);
}

async fn is_paused(house: &House, person: &Person) -> bool {
    let screen = Browser::new(house, &house.acorn)
        .sign_in(&person.username, &person.password)
        .await;
    matches!(
        screen,
        AccountScreen::SignIn {
            refusal: Some(Refusal::SignInPaused),
            ..
        }
    )
}

/// Somebody who was mailed a code just now, and the code.
async fn mailed<'a>(house: &'a House, person: &Person) -> (Browser<'a>, String) {
    let before = house.newest(&house.acorn).await;
    let mut browser = Browser::new(house, &house.acorn);
    browser.identify(&person.username).await;
    browser.choose(Gate::Email).await;
    let mailbox = person.emails.last().expect("a second mail");
    let letter = house.message(&house.acorn, mailbox, "reset-code", before).await;
    (browser, letter.code.expect("a code"))
}

#[tokio::test]
async fn f23_two_hours_forward_open_things_die_and_no_block_is_shortened() {
    let clock = Settable::off_by(0);
    let house = house_by(&clock, Store::for_tests().await).await;
    let like = "user@acorn.example";
    let (mailing, blocked) = (
        house.person(&house.acorn, like).await,
        house.person(&house.acorn, like).await,
    );
    let (paused, signed_in) = (
        house.person(&house.acorn, like).await,
        house.person(&house.acorn, like).await,
    );
    let (mut browser, code) = mailed(&house, &mailing).await;
    block(&house, &blocked).await;
    pause(&house, &paused).await;
    let mut elsewhere = Browser::new(&house, &house.acorn);
    elsewhere.sign_in(&signed_in.username, &signed_in.password).await;

    jump(&house, &clock, 2 * HOUR).await;
    assert_eq!(browser.code(&code).await.step, Step::Stopped(Refusal::Expired));
    let look = house.service.account.look(&elsewhere.visit).await.expect("a page");
    assert!(matches!(look, AccountScreen::SignIn { .. }), "{look:?}");
    assert!(is_paused(&house, &paused).await, "a pause of one minute");
    browser.identify(&mailing.username).await;
    assert_eq!(
        refused(&browser.choose(Gate::Email).await),
        "wait",
        "a wait of half a minute"
    );

    // People's telephones have the right time: their codes do not pass, but another gate does.
    browser.choose(Gate::AppCode).await;
    let secret = mailing.totp_secret.as_deref().expect("an app");
    let shown = app_code(secret, SystemClock.now()).expect("a code");
    assert_eq!(refused(&browser.code(&shown).await), "code-wrong");
    advance(&house, 31).await;
    assert!(matches!(browser.pass_mail(&mailing).await.step, Step::Choose { .. }));

    advance(&house, 22 * HOUR + 30 * MINUTE).await;
    assert!(is_blocked(&house, &blocked).await, "a block of a day");
    advance(&house, HOUR + 31 * MINUTE).await;
    assert!(!is_blocked(&house, &blocked).await);
    for tenancy in [&house.acorn, &house.birch] {
        assert_eq!(told(&house, tenancy).await, ["disagrees"], "{}", tenancy.base_url);
    }
    assert!(house.service.is_degraded());
}

#[tokio::test]
async fn f24_two_hours_back_nothing_revives_and_no_window_opens_early() {
    let clock = Settable::off_by(0);
    let house = house_by(&clock, Store::for_tests().await).await;
    let like = "user@acorn.example";
    let (mailing, blocked) = (
        house.person(&house.acorn, like).await,
        house.person(&house.acorn, like).await,
    );
    let paused = house.person(&house.acorn, like).await;
    let (mut expired, code) = mailed(&house, &mailing).await;
    advance(&house, 16 * MINUTE).await;
    assert_eq!(expired.look().await.step, Step::Stopped(Refusal::Expired));
    block(&house, &blocked).await;
    pause(&house, &paused).await;
    let (mut browser, _) = mailed(&house, &mailing).await;

    jump(&house, &clock, -2 * HOUR).await;
    assert_eq!(expired.look().await.step, Step::Stopped(Refusal::Expired));
    assert_eq!(expired.code(&code).await.step, Step::Stopped(Refusal::Expired));
    assert!(
        matches!(browser.look().await.step, Step::Prove { .. }),
        "what lives goes on"
    );
    advance(&house, 20).await;
    assert_ne!(
        refused(&browser.choose(Gate::Email).await),
        "",
        "a wait of half a minute"
    );
    assert!(is_paused(&house, &paused).await);
    advance(&house, 23 * HOUR + 59 * MINUTE).await;
    assert!(is_blocked(&house, &blocked).await);
    for tenancy in [&house.acorn, &house.birch] {
        assert_eq!(told(&house, tenancy).await, ["disagrees"], "{}", tenancy.base_url);
    }
    assert!(house.service.is_degraded());
}

#[tokio::test]
async fn f24_a_restart_with_the_clock_gone_back_ends_what_was_open() {
    let (store, clock) = (Store::for_tests().await, Settable::off_by(2 * HOUR));
    let house = house_by(&clock, store.clone()).await;
    house.service.settle_clock().await.expect("a start");
    let like = "user@acorn.example";
    let (person, blocked) = (
        house.person(&house.acorn, like).await,
        house.person(&house.acorn, like).await,
    );
    let mut elsewhere = Browser::new(&house, &house.acorn);
    elsewhere.sign_in(&person.username, &person.password).await;
    let (mut browser, code) = mailed(&house, &person).await;
    block(&house, &blocked).await;
    let mut proving = Browser::new(&house, &house.acorn);
    proving.identify(&person.username).await;
    assert!(matches!(proving.pass_app(&person).await.step, Step::Choose { .. }));
    times::mark(&store, house.service.now()).await.expect("a mark");
    house.rest().await;

    // Right again, and so two hours earlier than what the rows say.
    let house = house_by(&Settable::off_by(0), store).await;
    house.service.settle_clock().await.expect("a start");
    let mut again = Browser::new(&house, &house.acorn);
    (again.visit.flow, again.visit.session) = (browser.visit.flow.take(), elsewhere.visit.session.take());
    assert_eq!(again.code(&code).await.step, Step::Stopped(Refusal::Expired));
    let look = house.service.account.look(&again.visit).await.expect("a page");
    assert!(matches!(look, AccountScreen::SignIn { .. }), "{look:?}");
    assert!(is_blocked(&house, &blocked).await);
    assert_eq!(told(&house, &house.birch).await, ["went-back"]);
    assert!(!house.service.is_degraded(), "from here on the clock is trusted");

    // The app's last step lies ahead: its codes do not pass, another gate does.
    again.identify(&person.username).await;
    assert_eq!(refused(&again.pass_app(&person).await), "code-wrong");
    advance(&house, 31).await;
    assert!(matches!(again.pass_mail(&person).await.step, Step::Choose { .. }));
    house.service.settle_clock().await.expect("another start");
    assert_eq!(told(&house, &house.birch).await, ["went-back"], "once");
}

#[tokio::test]
async fn r39_a_disagreement_is_told_once_and_so_is_its_end() {
    let clock = Settable::off_by(0);
    let house = House::by(Store::for_tests().await, Arc::clone(&clock) as Arc<dyn Clock>).await;
    jump(&house, &clock, 45).await;
    assert!(!house.service.is_degraded(), "within a minute it is trusted");
    jump(&house, &clock, 30).await;
    assert!(house.service.is_degraded());
    jump(&house, &clock, 0).await;
    jump(&house, &clock, -30).await;
    assert!(!house.service.is_degraded());
    assert_eq!(told(&house, &house.acorn).await, ["disagrees", "agrees"]);
    advance(&house, 5 * HOUR).await;
    jump(&house, &clock, 0).await;
    assert!(!house.service.is_degraded(), "the demo's move is no jump");
}

#[tokio::test]
async fn r39_on_postgresql_the_databases_time_counts_and_not_the_nodes() {
    let clock = Settable::off_by(-9 * HOUR);
    let house = House::by(
        Store::for_tests_on_postgres().await,
        Arc::clone(&clock) as Arc<dyn Clock>,
    )
    .await;
    let by_database = times::of_database(&house.store)
        .await
        .expect("an answer")
        .expect("a time");
    assert!(house.service.now().since(by_database) < Duration::from_secs(30));
    assert!(by_database.since(house.service.now()) < Duration::from_secs(30));
    jump(&house, &clock, 2 * HOUR).await;
    assert!(!house.service.is_degraded());
}
