//! Regain's own authenticator: added by a link, asked with a number, believed by its signature, woken by a push. R12.

use crate::device::{Phone, act, follow, link_of, number_of};
use crate::registration::{entitled, overview};
use crate::stage::{NEW, changed, number_of as count};
use crate::walk::{Browser, House, refused};
use p256::ecdsa::SigningKey;
use regain_domain::Refusal;
use regain_domain::Timestamp;
use regain_domain::approval::Answer;
use regain_domain::authenticator::{Act, Reply, Request, Taken, Verdict};
use regain_domain::flow::{ProveForm, Screen, Step};
use regain_domain::gate::{Gate, MethodKind};
use regain_domain::policy::{Disclosure, Event};
use regain_domain::registration::{EnrolForm, Said as Told, SecurityScreen};
use regain_service::demo::Person;
use regain_service::{Standing, Tenancy};
use regain_store::Store;
use std::time::Duration;

const MINUTE: i64 = 60;

/// Somebody with a phone that counts, in the browser in which it was added.
pub(crate) async fn with_phone(house: &House, key: u8) -> (Person, Browser<'_>, Phone<'_>) {
    let (person, mut browser) = entitled(house).await;
    let phone = added(&mut browser, key).await;
    (person, browser, phone)
}

/// Adds a phone, whose first approval registers it.
pub(crate) async fn added<'a>(browser: &mut Browser<'a>, key: u8) -> Phone<'a> {
    let (screen, _) = browser.add(MethodKind::Authenticator).await;
    let phone = follow(browser.house, &browser.visit, &link_of(&screen), key).await;
    let phone = phone.expect("a phone");
    let (screen, _) = browser.enrol("", "").await;
    let request = phone.request().await;
    let taken = phone.answer(&request, Verdict::Approve, &number_of(&screen)).await;
    assert_eq!(taken, Reply::Done(Taken::As(Answer::Approved)));
    let (screen, _) = browser.enrol("", "").await;
    assert_eq!(overview(&screen).said, Some(Told::Added), "{screen:?}");
    phone
}

/// The number that a page of the wizard shows.
pub(crate) fn number(screen: &Screen) -> String {
    match &screen.step {
        Step::Prove {
            form: ProveForm::Waiting {
                number: Some(number), ..
            },
            ..
        } => number.clone(),
        other => panic!("no phone is asked: {other:?}"),
    }
}

fn another(number: &str) -> String {
    let n: u32 = number.parse().expect("digits");
    format!("{:02}", (n + 1) % 100)
}

/// A browser of the person that has asked their phone.
pub(crate) async fn asked<'a>(house: &'a House, person: &Person, tenancy: &Tenancy) -> (Browser<'a>, String) {
    let mut browser = Browser::new(house, tenancy);
    browser.identify(&person.username).await;
    let screen = browser.choose(Gate::AppPush).await;
    let number = number(&screen);
    (browser, number)
}

/// Collects what the phone has answered.
async fn collected(browser: &mut Browser<'_>) -> Screen {
    browser.code("").await
}

#[tokio::test]
async fn r12_a_phone_counts_once_it_has_approved_the_number_on_the_page() {
    let house = House::quiet(Store::for_tests().await).await;
    let (_, mut browser) = entitled(&house).await;
    let (screen, _) = browser.add(MethodKind::Authenticator).await;
    let link = link_of(&screen);
    assert!(link.starts_with("http://localhost:3000/authenticator#"), "{link}");
    assert_eq!(link_of(&browser.security().await), link, "drawn again, the same");
    let (_, standing) = browser.enrol("", "").await;
    assert_eq!(standing, Standing::Stale, "no phone yet");

    let phone = follow(&house, &browser.visit, &link, 7).await.expect("a phone");
    assert_eq!(phone.waiting().await, [], "nobody was asked yet");
    let (screen, _) = browser.enrol("", "").await;
    let number = number_of(&screen);
    let request = phone.request().await;
    assert!(
        !format!("{request:?}").contains(&format!("\"{number}\"")),
        "never the number"
    );
    phone.answer(&request, Verdict::Approve, &another(&number)).await;
    let (screen, _) = browser.enrol("", "").await;
    assert_eq!(screen.refusal().map(Refusal::code), Some("push-ended"));
    assert!(
        matches!(&screen, SecurityScreen::Enrol(enrolling)
        if matches!(enrolling.form, EnrolForm::Link { is_linked: true, .. })),
        "{screen:?}"
    );

    let (screen, _) = browser.enrol("", "").await;
    let (request, number) = (phone.request().await, number_of(&screen));
    phone.answer(&request, Verdict::Approve, &number).await;
    let (screen, _) = browser.enrol("", "").await;
    let listed = overview(&screen).methods.iter().map(|listed| listed.kind);
    assert!(
        listed.into_iter().any(|kind| kind == MethodKind::Authenticator),
        "{screen:?}"
    );
}

#[tokio::test]
async fn r53_a_link_serves_once_for_ten_minutes_and_one_key_is_one_phone() {
    let house = House::quiet(Store::for_tests().await).await;
    let (_, mut browser, _) = with_phone(&house, 7).await;
    let link = link_of(&browser.add(MethodKind::Authenticator).await.0);
    let visit = browser.visit.clone();
    assert!(
        follow(&house, &visit, &link, 7).await.is_none(),
        "the key of another phone"
    );
    let spoilt = link.replace('#', "#A");
    assert!(follow(&house, &visit, &spoilt, 8).await.is_none(), "another token");
    let birch = Browser::new(&house, &house.birch);
    assert!(follow(&house, &birch.visit, &link, 8).await.is_none(), "another house");
    assert!(follow(&house, &visit, &link, 8).await.is_some());
    assert!(follow(&house, &visit, &link, 9).await.is_none(), "it has served");
    let late = link_of(&browser.add(MethodKind::Authenticator).await.0);
    house.demo.advance(10 * MINUTE).await.expect("a later time");
    assert!(follow(&house, &visit, &late, 10).await.is_none(), "it is over");
}

#[tokio::test]
async fn r12_a_reset_passes_by_the_number_typed_in_the_app_and_only_once() {
    let house = House::on(Store::for_tests().await).await;
    let (person, _, phone) = with_phone(&house, 7).await;
    let before = house.newest(&house.acorn).await;
    let (mut browser, number) = asked(&house, &person, &house.acorn).await;
    let push = house.message(&house.acorn, &person.username, "push", before).await;
    let request = phone.request().await;
    assert_eq!(
        (push.channel.as_str(), push.text),
        ("push", request.id.to_string()),
        "an opaque id"
    );
    assert_eq!(request.network, "192.0.2.7");
    let early = collected(&mut browser).await;
    assert!(
        matches!(early.step, Step::Prove { .. }) && early.refusals.is_empty(),
        "not yet"
    );
    let said = phone.said(act(&request, Verdict::Approve, &number));
    let taken = phone.hand_in(&said, &request, Verdict::Approve, &number).await;
    assert_eq!(taken, Reply::Done(Taken::As(Answer::Approved)));
    let again = phone.hand_in(&said, &request, Verdict::Approve, &number).await;
    assert!(matches!(again, Reply::Clock { .. }), "a statement counts once");
    assert_eq!(
        phone.answer(&request, Verdict::Deny, "").await,
        Reply::Done(Taken::Over)
    );
    let cookie = browser.visit.flow.clone();
    let screen = collected(&mut browser).await;
    assert!(matches!(screen.step, Step::Choose { .. }), "{screen:?}");
    assert_ne!(browser.visit.flow, cookie, "r07: a new cookie with the first gate");
    browser.pass_mail(&person).await;
    let (screen, _) = browser.password(NEW).await;
    assert!(matches!(screen.step, Step::Done(_)), "{screen:?}");
    let passes = "SELECT count(*) FROM gate_pass WHERE gate = 'app_push' \
        AND flow_id IN (SELECT id FROM flow WHERE account_id = WHO)";
    assert_eq!(count(&house, &person, passes).await, 1);
}

#[tokio::test]
async fn r12_a_wrong_number_ends_the_request_and_counts_as_a_failed_proof() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, _, phone) = with_phone(&house, 7).await;
    let (mut browser, number) = asked(&house, &person, &house.acorn).await;
    let request = phone.request().await;
    let wrong = phone.answer(&request, Verdict::Approve, &another(&number)).await;
    assert_eq!(wrong, Reply::Done(Taken::As(Answer::Wrong)));
    let right = phone.answer(&request, Verdict::Approve, &number).await;
    assert_eq!(right, Reply::Done(Taken::Over), "no second guess");
    let screen = collected(&mut browser).await;
    assert_eq!(refused(&screen), "push-ended");
    let failed = "SELECT max(n_failed) FROM flow WHERE account_id = WHO";
    assert_eq!(count(&house, &person, failed).await, 1);
}

#[tokio::test]
async fn r12_a_denial_ends_the_flow_and_it_was_not_me_holds_everything_back() {
    let house = House::on(Store::for_tests().await).await;
    let (person, _, phone) = with_phone(&house, 7).await;
    let (mut browser, _) = asked(&house, &person, &house.acorn).await;
    let (mut other, before) = (Browser::new(&house, &house.acorn), house.newest(&house.acorn).await);
    other.identify(&person.username).await;
    let request = phone.request().await;
    let denied = phone.answer(&request, Verdict::Deny, "").await;
    assert_eq!(denied, Reply::Done(Taken::As(Answer::Denied)));
    let screen = collected(&mut browser).await;
    let ended = Step::Stopped(Refusal::PushEnded { why: Answer::Denied });
    assert_eq!(screen.step, ended, "the flow is over");
    house.message(&house.acorn, &person.username, "denied", before).await;
    assert_eq!(count(&house, &person, AUDITED).await, 1);
    let reported = phone.answer(&request, Verdict::NotMe, "").await;
    assert_eq!(reported, Reply::Done(Taken::As(Answer::NotMe)));
    let twice = phone.answer(&request, Verdict::NotMe, "").await;
    assert_eq!(twice, Reply::Done(Taken::Over), "told once");
    assert!(
        matches!(other.look().await.step, Step::Stopped(_)),
        "every flow of theirs"
    );
    house.message(&house.acorn, &person.username, "reported", before).await;
    let admin = house
        .message(&house.acorn, "admin@acorn.example", "reported-to-staff", before)
        .await;
    assert!(admin.text.contains(&person.username), "{}", admin.text);
    let screen = Browser::new(&house, &house.acorn).identify(&person.username).await;
    assert!(
        matches!(screen.step, Step::Stopped(Refusal::Blocked { .. })),
        "{screen:?}"
    );
}

/// Rows of the audit that say that a request was denied, and letters that do.
const AUDITED: &str =
    "SELECT count(*) FROM audit WHERE subject_id = WHO AND activity = 'reported' AND reason IN ('denied', 'wrong')";
const TOLD: &str = "SELECT count(*) FROM outbox WHERE account_id = WHO AND purpose = 'denied'";

#[tokio::test]
async fn r12_whoever_denies_is_told_and_a_page_that_may_tell_nothing_goes_on_waiting() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, _, phone) = with_phone(&house, 7).await;
    let discreet = changed(&house, &house.acorn, |settings| {
        settings.policy.disclosure = Disclosure::Discreet;
    })
    .await;
    let (mut browser, _) = asked(&house, &person, &discreet).await;
    phone.answer(&phone.request().await, Verdict::Deny, "").await;
    assert!(count(&house, &person, TOLD).await > 0);
    assert_eq!(count(&house, &person, AUDITED).await, 1);
    assert!(matches!(collected(&mut browser).await.step, Step::Prove { .. }), "r22");
    let screen = browser.choose(Gate::AppCode).await;
    assert!(
        matches!(
            screen.step,
            Step::Prove {
                gate: Gate::AppCode,
                ..
            }
        ),
        "{screen:?}"
    );
}

#[tokio::test]
async fn r12_a_denial_ends_the_flow_whatever_its_page_does_next() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, _, phone) = with_phone(&house, 7).await;
    let (mut browser, _) = asked(&house, &person, &house.acorn).await;
    phone.answer(&phone.request().await, Verdict::Deny, "").await;
    let screen = browser.choose(Gate::AppCode).await;
    assert_eq!(screen.step, Step::Stopped(Refusal::PushEnded { why: Answer::Denied }));
}

#[tokio::test]
async fn r12_a_wrong_number_is_told_as_well_unless_that_is_off_and_counts_as_suspicious_always() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, _, phone) = with_phone(&house, 7).await;
    for (is_on, n_rows) in [(true, 1), (false, 2)] {
        let acorn = changed(&house, &house.acorn, |settings| {
            settings.policy.notices.put(Event::Denial, is_on);
        })
        .await;
        let n_told = count(&house, &person, TOLD).await;
        house.demo.advance(31).await.expect("a later time");
        let (_, number) = asked(&house, &person, &acorn).await;
        phone
            .answer(&phone.request().await, Verdict::Approve, &another(&number))
            .await;
        assert_eq!(count(&house, &person, TOLD).await > n_told, is_on);
        assert_eq!(count(&house, &person, AUDITED).await, n_rows);
    }
}

#[tokio::test]
async fn r12_a_phone_that_is_not_registered_yet_denies_for_itself_alone() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, mut browser) = entitled(&house).await;
    let link = link_of(&browser.add(MethodKind::Authenticator).await.0);
    let phone = follow(&house, &browser.visit, &link, 7).await.expect("a phone");
    browser.enrol("", "").await;
    let denied = phone.answer(&phone.request().await, Verdict::Deny, "").await;
    assert_eq!(denied, Reply::Done(Taken::As(Answer::Denied)));
    assert_eq!(
        (
            count(&house, &person, TOLD).await,
            count(&house, &person, AUDITED).await
        ),
        (0, 0)
    );
}

#[tokio::test]
async fn r12_nothing_is_believed_but_the_phones_own_fresh_word_on_this_very_request() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, _, phone) = with_phone(&house, 7).await;
    let (mut browser, number) = asked(&house, &person, &house.acorn).await;
    let request = phone.request().await;
    let approve = |signed: &Request, number: &str, key: &SigningKey, at: Timestamp| {
        phone.said_by(key, at, act(signed, Verdict::Approve, number))
    };
    let now = house.service.now();
    let later = |request: &Request| Request {
        expires_at: request.expires_at.plus(Duration::from_secs(1)),
        ..request.clone()
    };
    let elsewhere = |request: &Request| Request {
        bound_to: "0".repeat(64),
        ..request.clone()
    };
    let stranger = SigningKey::from_slice(&[9; 32]).expect("a key");
    for (what, said) in [
        ("another key", approve(&request, &number, &stranger, now)),
        ("another number", approve(&request, &another(&number), &phone.key, now)),
        ("another end", approve(&later(&request), &number, &phone.key, now)),
        ("another flow", approve(&elsewhere(&request), &number, &phone.key, now)),
        ("another act", phone.said_by(&phone.key, now, Act::Look)),
    ] {
        let reply = phone.hand_in(&said, &request, Verdict::Approve, &number).await;
        assert_eq!(reply, Reply::Removed, "{what}");
    }
    let far = Duration::from_mins(5) + Duration::from_secs(1);
    for at in [now.minus(far), now.plus(far)] {
        let said = approve(&request, &number, &phone.key, at);
        let reply = phone.hand_in(&said, &request, Verdict::Approve, &number).await;
        assert!(matches!(reply, Reply::Clock { .. }), "{reply:?}");
    }
    assert!(
        matches!(collected(&mut browser).await.step, Step::Prove { .. }),
        "nothing was taken"
    );
    phone.answer(&request, Verdict::Approve, &number).await;
    assert!(matches!(collected(&mut browser).await.step, Step::Choose { .. }));
}

#[tokio::test]
async fn r12_one_persons_phone_has_no_say_over_another() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, _, phone) = with_phone(&house, 7).await;
    let (_, _, strange) = with_phone(&house, 8).await;
    let (mut browser, number) = asked(&house, &person, &house.acorn).await;
    assert_eq!(strange.waiting().await, [], "nor does it hear of it");
    let request = phone.request().await;
    for verdict in [Verdict::Approve, Verdict::NotMe] {
        let reply = strange.answer(&request, verdict, &number).await;
        assert_eq!(reply, Reply::Done(Taken::Over));
    }
    assert!(matches!(collected(&mut browser).await.step, Step::Prove { .. }));
}

#[tokio::test]
async fn r12_a_phone_that_is_not_registered_yet_answers_for_itself_alone() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, mut browser, phone) = with_phone(&house, 7).await;
    let link = link_of(&browser.add(MethodKind::Authenticator).await.0);
    let waiting = follow(&house, &browser.visit, &link, 8).await.expect("a phone");
    let (mut reset, number) = asked(&house, &person, &house.acorn).await;
    let request = phone.request().await;
    assert_eq!(waiting.waiting().await, []);
    let reply = waiting.answer(&request, Verdict::Approve, &number).await;
    assert_eq!(reply, Reply::Done(Taken::Over));
    assert!(matches!(collected(&mut reset).await.step, Step::Prove { .. }));
    browser.enrol("", "").await;
    let own = waiting.request().await;
    waiting.answer(&own, Verdict::NotMe, "").await;
    assert!(
        matches!(reset.look().await.step, Step::Prove { .. }),
        "it blocks nobody"
    );
}

#[tokio::test]
async fn r12_a_new_request_voids_the_former_and_two_minutes_end_one() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, _, phone) = with_phone(&house, 7).await;
    let (mut browser, first) = asked(&house, &person, &house.acorn).await;
    let former = phone.request().await;
    house.demo.advance(31).await.expect("a later time");
    let second = number(&browser.choose(Gate::AppPush).await);
    let reply = phone.answer(&former, Verdict::Approve, &first).await;
    assert_eq!(reply, Reply::Done(Taken::Over));
    let newer = phone.request().await;
    assert_ne!(newer.id, former.id);
    house.demo.advance(2 * MINUTE).await.expect("a later time");
    assert_eq!(phone.waiting().await, []);
    let reply = phone.answer(&newer, Verdict::Approve, &second).await;
    assert_eq!(reply, Reply::Done(Taken::Over));
    assert_eq!(refused(&collected(&mut browser).await), "push-ended");
}

#[tokio::test]
async fn r18_a_person_is_asked_three_times_in_ten_minutes() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, _, phone) = with_phone(&house, 7).await;
    // The approval that registered it counts, too.
    for _ in 0..2 {
        house.demo.advance(31).await.expect("a later time");
        asked(&house, &person, &house.acorn).await;
    }
    house.demo.advance(31).await.expect("a later time");
    let mut browser = Browser::new(&house, &house.acorn);
    browser.identify(&person.username).await;
    let screen = browser.choose(Gate::AppPush).await;
    assert!(matches!(screen.step, Step::Choose { .. }), "{screen:?}");
    assert_eq!(refused(&screen), "sent-enough");
    assert_eq!(phone.waiting().await.len(), 2, "of two browsers");
    house.demo.advance(10 * MINUTE).await.expect("a later time");
    asked(&house, &person, &house.acorn).await;
}

/// What a request has left behind: rows of each kind, of whomever.
async fn rows(house: &House) -> [i64; 3] {
    let mut n = [0; 3];
    let of = ["approval", "outbox WHERE purpose = 'push'", "attempt"];
    for (n, table) in n.iter_mut().zip(of) {
        let found = house
            .store
            .column::<i64>(&format!("SELECT count(*) FROM {table}"))
            .await;
        *n = *found.first().expect("a number");
    }
    n
}

#[tokio::test]
async fn r21_nobody_is_asked_as_somebody_is_and_waits_as_long() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, _, phone) = with_phone(&house, 7).await;
    let discreet = changed(&house, &house.acorn, |settings| {
        settings.policy.disclosure = Disclosure::Discreet;
    })
    .await;
    let mut left = Vec::new();
    for name in [person.username.as_str(), "nobody@acorn.example"] {
        let before = rows(&house).await;
        let mut browser = Browser::new(&house, &discreet);
        browser.identify(name).await;
        let screen = browser.choose(Gate::AppPush).await;
        assert_eq!(number(&screen).len(), 2, "{name}");
        let after = rows(&house).await;
        left.push((before[0] - after[0], before[1] - after[1], before[2] - after[2]));
        if name == person.username {
            // A denial shows no sooner than the end of the time.
            let request = phone.request().await;
            phone.answer(&request, Verdict::Deny, "").await;
        }
        let early = collected(&mut browser).await;
        assert!(
            matches!(early.step, Step::Prove { .. }) && early.refusals.is_empty(),
            "{name}"
        );
        house.demo.advance(2 * MINUTE).await.expect("a later time");
        assert_eq!(refused(&collected(&mut browser).await), "push-ended", "{name}");
    }
    assert_eq!(left[0], left[1], "the same rows");
}

#[tokio::test]
async fn r04_where_one_gate_is_enough_the_app_counts_by_its_codes_alone() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, _, phone) = with_phone(&house, 7).await;
    let single = changed(&house, &house.acorn, |settings| settings.policy.n_gates = 1).await;
    let mut browser = Browser::new(&house, &single);
    let screen = browser.identify(&person.username).await;
    let Step::Choose { gates, .. } = screen.step else {
        panic!("{screen:?}")
    };
    let offered: Vec<Gate> = gates.iter().map(|offer| offer.gate).collect();
    assert!(
        !offered.contains(&Gate::AppPush) && offered.contains(&Gate::AppCode),
        "{offered:?}"
    );
    let secret = regain_domain::authenticator::of_base64url(&phone.added.secret).expect("a secret");
    assert_eq!(secret.len(), 20, "r11: 160 bits");
}

#[tokio::test]
async fn r11_the_phones_codes_open_the_gate_of_codes() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, _, phone) = with_phone(&house, 7).await;
    let mut browser = Browser::new(&house, &house.acorn);
    browser.identify(&person.username).await;
    browser.choose(Gate::AppCode).await;
    let code = house.code_by(&phone.added.secret);
    let screen = browser.code(&code).await;
    assert!(matches!(screen.step, Step::Choose { .. }), "{screen:?}");
    let Step::Choose { gates, .. } = screen.step else {
        return;
    };
    assert!(gates.iter().all(|offer| offer.gate != Gate::AppPush), "r04: one family");
}

#[tokio::test]
async fn r53_a_phone_whose_method_is_removed_is_nobodys() {
    let house = House::quiet(Store::for_tests().await).await;
    let (_, mut browser, phone) = with_phone(&house, 7).await;
    let screen = browser.security().await;
    let listed = overview(&screen).methods.iter();
    let own = listed
        .into_iter()
        .find(|listed| listed.kind == MethodKind::Authenticator)
        .expect("it is listed");
    browser.change(&own.id.to_string(), "remove", "").await;
    let said = phone.said(Act::Look);
    let reply = house.service.authenticator.waiting(&phone.visit, &said).await;
    assert_eq!(reply.expect("an answer"), Reply::Removed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r12_of_two_answers_at_once_one_counts() {
    let house = House::quiet(Store::for_tests_on_postgres().await).await;
    let (person, _, phone) = with_phone(&house, 7).await;
    let (mut browser, number) = asked(&house, &person, &house.acorn).await;
    let request = phone.request().await;
    let (approved, denied) = tokio::join!(
        phone.answer(&request, Verdict::Approve, &number),
        phone.answer(&request, Verdict::Deny, "")
    );
    let is_taken = |reply: &Reply<Taken>| matches!(reply, Reply::Done(Taken::As(_)));
    assert_ne!(is_taken(&approved), is_taken(&denied), "{approved:?} {denied:?}");
    let screen = collected(&mut browser).await;
    assert_eq!(
        matches!(screen.step, Step::Choose { .. }),
        is_taken(&approved),
        "{screen:?}"
    );
}
