//! Gates over a phone: the number is typed in full first, codes and calls, and what gateways tell of calls (R13, R15, R36).

use crate::stage::changed;
use crate::walk::{Browser, House, refused};
use regain_delivery::gateway::callback::{CallReport, CallState, Keys, Pressed};
use regain_domain::approval::Answer;
use regain_domain::flow::{ProveForm, Screen, Step};
use regain_domain::gate::Gate;
use regain_domain::{Refusal, Secret};
use regain_service::demo::{Message, Person};
use regain_service::{Callback, Standing, Tenancy};
use regain_store::Store;

/// The gateway's id of the call.
const CALL: &str = "CA1";

fn form(screen: &Screen) -> &ProveForm {
    match &screen.step {
        Step::Prove { form, .. } => form,
        other => panic!("{other:?}"),
    }
}

fn mobile(person: &Person) -> &str {
    person.mobile.as_deref().expect("a mobile")
}

/// What a gateway says about a call, signed anew each time.
struct Told<'a> {
    house: &'a House,
    tenancy: &'a Tenancy,
    token: &'a str,
    n: std::cell::Cell<u32>,
}

impl<'a> Told<'a> {
    fn of(house: &'a House, tenancy: &'a Tenancy, token: &'a str) -> Self {
        Self {
            house,
            tenancy,
            token,
            n: std::cell::Cell::new(0),
        }
    }

    async fn signed<T>(&self, signature: &str, then: impl AsyncFnOnce(&Callback<'_>) -> T) -> T {
        let callback = Callback {
            tenancy: self.tenancy,
            token: self.token,
            signature,
            request_id: "0",
        };
        then(&callback).await
    }

    async fn presses(&self, id: &str, keys: Keys, is_confirming: bool) -> Option<Secret> {
        self.n.set(self.n.get() + 1);
        let pressed = Pressed {
            id: id.to_owned(),
            keys,
        };
        let calls = &self.house.service.calls;
        self.signed(&format!("signature {}", self.n.get()), async |callback| {
            calls
                .pressed(callback, &pressed, is_confirming)
                .await
                .expect("an answer")
        })
        .await
    }

    async fn says(&self, state: CallState) -> bool {
        self.n.set(self.n.get() + 1);
        let report = CallReport {
            id: CALL.to_owned(),
            state,
            sequence: None,
            at: Some(self.house.service.now()),
        };
        let calls = &self.house.service.calls;
        self.signed(&format!("signature {}", self.n.get()), async |callback| {
            calls.moved(callback, &report).await.expect("an answer")
        })
        .await
    }
}

/// A browser whose mobile is being called, and the call.
async fn called<'a>(house: &'a House, tenancy: &Tenancy, person: &Person) -> (Browser<'a>, Message) {
    let mut browser = Browser::new(house, tenancy);
    browser.identify(&person.username).await;
    let before = house.newest(tenancy).await;
    browser.choose(Gate::MobileCall).await;
    browser.destination(mobile(person)).await;
    let call = house.message(tenancy, mobile(person), "call", before).await;
    (browser, call)
}

fn token(call: &Message) -> &str {
    call.message_id.as_deref().expect("a token")
}

/// The page's own post, with nothing in it.
async fn collect(browser: &mut Browser<'_>) -> (Screen, Standing) {
    let proof = regain_domain::flow::Proof::of_code(Secret::new(String::new()));
    browser.prove(proof).await
}

async fn a_text_message_after_the_full_number(house: &House) {
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let mut browser = Browser::new(house, &house.acorn);
    browser.identify(&person.username).await;
    for gate in [Gate::MobileSms, Gate::MobileWhatsapp] {
        let screen = browser.choose(gate).await;
        let ProveForm::Destination { hint: Some(hint) } = form(&screen) else {
            panic!("{screen:?}")
        };
        assert!(hint.starts_with("+1 ") && !hint.contains(mobile(&person)), "{hint}");
    }
    let before = house.newest(&house.acorn).await;
    let screen = browser.destination("+1 201 555 0199").await;
    assert_eq!(refused(&screen), "destination-mismatch");
    let screen = browser.destination("no number").await;
    assert_eq!(refused(&screen), "destination-form");
    assert_eq!(house.newest(&house.acorn).await, before, "r15: nothing is sent");
    // As people write it at home.
    let (area, rest) = mobile(&person).trim_start_matches("+1").split_at(3);
    let screen = browser
        .destination(&format!("({area}) {}-{}", &rest[..3], &rest[3..]))
        .await;
    assert!(
        matches!(
            form(&screen),
            ProveForm::Code {
                hint: Some(_),
                resend_in: Some(_)
            }
        ),
        "{screen:?}"
    );
    let message = house.message(&house.acorn, mobile(&person), "reset-code", before).await;
    assert_eq!(message.channel, "whatsapp");
    assert!(!message.text.contains(&person.username), "r35");
    let screen = browser.code(&message.code.expect("a code")).await;
    let Step::Choose { gates, .. } = &screen.step else {
        panic!("{screen:?}")
    };
    let left: Vec<Gate> = gates.iter().map(|offer| offer.gate).collect();
    let on_it = |gate: &Gate| matches!(gate, Gate::MobileSms | Gate::MobileCall | Gate::MobileWhatsapp);
    assert!(
        !left.iter().any(on_it),
        "r04: the same number counts once, and not {left:?}"
    );
    assert!(matches!(browser.pass_app(&person).await.step, Step::Password { .. }));
}

#[tokio::test]
async fn r15_a_text_message_goes_out_after_the_full_number_on_sqlite() {
    a_text_message_after_the_full_number(&House::on(Store::for_tests().await).await).await;
}

#[tokio::test]
async fn r15_a_text_message_goes_out_after_the_full_number_on_postgres() {
    a_text_message_after_the_full_number(&House::on(Store::for_tests_on_postgres().await).await).await;
}

#[tokio::test]
async fn r15_where_nothing_is_told_a_wrong_number_gets_the_same_page() {
    let house = House::on(Store::for_tests().await).await;
    for gate in [Gate::MobileSms, Gate::MobileCall, Gate::OfficeCall] {
        let mut pages = Vec::new();
        for (is_known, is_right) in [(true, true), (true, false), (false, false)] {
            let person = house.person(&house.birch, "user@birch.example").await;
            let number = match gate {
                Gate::OfficeCall => person.office.as_deref(),
                _ => person.mobile.as_deref(),
            };
            let number = number.filter(|_| is_right).unwrap_or("+12015550199");
            let name = if is_known {
                person.username.clone()
            } else {
                format!("x{}", person.username)
            };
            let mut browser = Browser::new(&house, &house.birch);
            browser.identify(&name).await;
            let asked = browser.choose(gate).await;
            assert_eq!(form(&asked), &ProveForm::Destination { hint: None });
            let screen = browser.destination(number).await;
            let shown = match form(&screen) {
                ProveForm::Waiting {
                    number,
                    is_answered,
                    hint,
                    ..
                } => format!("{number:?} {is_answered} {hint:?}"),
                ProveForm::Code { hint, .. } => format!("{hint:?}"),
                other => panic!("{other:?}"),
            };
            let again = browser.choose(gate).await;
            pages.push((refused(&screen), shown, refused(&again)));
        }
        assert!(pages.iter().all(|page| *page == pages[0]), "{gate:?} {pages:?}");
        assert_eq!(pages[0].2, "wait");
    }
}

#[tokio::test]
async fn r13_a_hash_in_the_call_is_collected_by_the_page_and_renews_its_cookie() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let (mut browser, call) = called(&house, &house.acorn, &person).await;
    assert!(
        call.text.contains("Acorn Works") && call.code.is_none(),
        "{}",
        call.text
    );
    assert!(matches!(
        form(&browser.look().await),
        ProveForm::Waiting { is_answered: false, .. }
    ));
    let (screen, _) = collect(&mut browser).await;
    assert!(screen.refusals.is_empty(), "not yet is no refusal");
    let told = Told::of(&house, &house.acorn, token(&call));
    let said = told.presses(CALL, Keys::Hash, false).await.expect("a goodbye");
    assert!(said.expose().contains("It is allowed"), "{}", said.expose());
    let cookie = browser.visit.flow.clone();
    assert!(matches!(
        form(&browser.look().await),
        ProveForm::Waiting { is_answered: true, .. }
    ));
    let (screen, _) = collect(&mut browser).await;
    assert!(matches!(screen.step, Step::Choose { .. }), "{screen:?}");
    assert_ne!(browser.visit.flow, cookie, "r07");
    let (_, standing) = collect(&mut browser).await;
    assert_eq!(standing, Standing::Stale, "once");
    assert!(matches!(browser.pass_app(&person).await.step, Step::Password { .. }));
}

#[tokio::test]
async fn r36_a_callback_of_another_call_another_tenant_or_a_second_time_changes_nothing() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let (browser, call) = called(&house, &house.acorn, &person).await;
    let told = Told::of(&house, &house.acorn, token(&call));
    assert!(told.says(CallState::Ringing).await, "its own");
    let elsewhere = Told::of(&house, &house.birch, token(&call));
    assert!(
        elsewhere.presses(CALL, Keys::Hash, false).await.is_none(),
        "r49: another tenant's host"
    );
    let forged = Told::of(&house, &house.acorn, "no token");
    assert!(forged.presses(CALL, Keys::Hash, false).await.is_none());
    assert!(told.presses("CA2", Keys::Hash, false).await.is_none(), "another call");
    let report = CallReport {
        id: CALL.to_owned(),
        state: CallState::Busy,
        sequence: None,
        at: Some(house.service.now().minus(std::time::Duration::from_mins(6))),
    };
    let stale = told
        .signed("old", async |callback| {
            house.service.calls.moved(callback, &report).await.expect("an answer")
        })
        .await;
    assert!(!stale, "six minutes old");
    assert!(matches!(
        form(&browser.look().await),
        ProveForm::Waiting { is_answered: false, .. }
    ));
    let once = Pressed {
        id: CALL.to_owned(),
        keys: Keys::Hash,
    };
    let mut answers = Vec::new();
    for _ in 0..2 {
        let answer = told
            .signed("the same", async |callback| {
                house
                    .service
                    .calls
                    .pressed(callback, &once, false)
                    .await
                    .expect("an answer")
            })
            .await;
        answers.push(answer.is_some());
    }
    assert_eq!(answers, [true, false], "an event counts once");
}

#[tokio::test]
async fn r13_other_keys_silence_and_a_busy_line_each_have_their_words_and_cost_a_try() {
    let house = House::on(Store::for_tests().await).await;
    for (answer, why) in [(Some(Keys::Other), Answer::Wrong), (None, Answer::Missed)] {
        let person = house.person(&house.acorn, "user@acorn.example").await;
        let (mut browser, call) = called(&house, &house.acorn, &person).await;
        let told = Told::of(&house, &house.acorn, token(&call));
        if let Some(keys) = answer {
            assert!(told.presses(CALL, keys, false).await.is_some());
        }
        told.says(CallState::Completed).await;
        let (screen, _) = collect(&mut browser).await;
        assert_eq!(screen.refusals, [Refusal::CallEnded { why }]);
        assert!(matches!(screen.step, Step::Choose { .. }), "{screen:?}");
        // A hash now is too late.
        let late = told.presses(CALL, Keys::Hash, false).await.expect("a goodbye");
        assert!(late.expose().contains("Nothing was allowed"));
    }
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let (mut browser, call) = called(&house, &house.acorn, &person).await;
    Told::of(&house, &house.acorn, token(&call)).says(CallState::Busy).await;
    let (screen, _) = collect(&mut browser).await;
    assert_eq!(screen.refusals, [Refusal::CallEnded { why: Answer::Busy }]);
}

#[tokio::test]
async fn r22_where_nothing_is_told_a_busy_line_looks_like_a_call_that_rings_its_time() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.birch, "user@birch.example").await;
    let (browser, call) = called(&house, &house.birch, &person).await;
    Told::of(&house, &house.birch, token(&call)).says(CallState::Busy).await;
    assert!(matches!(
        form(&browser.look().await),
        ProveForm::Waiting { is_answered: false, .. }
    ));
    house.demo.advance(121).await.expect("the clock moves");
    assert!(matches!(
        form(&browser.look().await),
        ProveForm::Waiting { is_answered: true, .. }
    ));
}

#[tokio::test]
async fn r13_nine_and_hash_stop_it_block_the_person_and_tell_them_and_the_staff() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let (mut browser, call) = called(&house, &house.acorn, &person).await;
    let before = house.newest(&house.acorn).await;
    let told = Told::of(&house, &house.acorn, token(&call));
    let asked = told.presses(CALL, Keys::Nine, false).await.expect("a question");
    assert!(asked.expose().contains("/confirm"), "{}", asked.expose());
    let said = told.presses(CALL, Keys::Hash, true).await.expect("a goodbye");
    assert!(said.expose().contains("It was stopped"), "{}", said.expose());
    let (screen, _) = collect(&mut browser).await;
    assert_eq!(screen.step, Step::Stopped(Refusal::CallEnded { why: Answer::NotMe }));
    for mailbox in &person.emails {
        house.message(&house.acorn, mailbox, "reported", before).await;
    }
    for staff in ["admin@acorn.example", "helpdesk@acorn.example"] {
        let notice = house.message(&house.acorn, staff, "reported-to-staff", before).await;
        assert!(notice.text.contains(&person.username), "{}", notice.text);
    }
    let mut again = Browser::new(&house, &house.acorn);
    let screen = again.identify(&person.username).await;
    assert!(
        matches!(screen.step, Step::Stopped(Refusal::Blocked { .. })),
        "{screen:?}"
    );
}

#[tokio::test]
async fn r13_a_code_is_spoken_only_after_a_key_and_passes_once() {
    let house = House::on(Store::for_tests().await).await;
    let acorn = changed(&house, &house.acorn, |settings| {
        settings.policy.phones.call_speaks_code = true;
    })
    .await;
    let person = house.person(&acorn, "user@acorn.example").await;
    let (mut browser, call) = called(&house, &acorn, &person).await;
    assert!(matches!(form(&browser.look().await), ProveForm::Code { .. }));
    let told = Told::of(&house, &acorn, token(&call));
    let said = told.presses(CALL, Keys::Other, false).await.expect("a code");
    let digits: String = regain_delivery::gateway::twiml::said(said.expose())
        .expose()
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    assert_eq!(digits.len(), 12, "twice: {digits}");
    let (code, again) = digits.split_at(6);
    assert_eq!(code, again);
    assert!(matches!(browser.code(code).await.step, Step::Choose { .. }));
}

#[tokio::test]
async fn r18_a_person_is_called_three_times_in_ten_minutes() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let mut browser = Browser::new(&house, &house.acorn);
    browser.identify(&person.username).await;
    browser.choose(Gate::MobileCall).await;
    let numbers = [mobile(&person), person.office.as_deref().expect("an office")];
    assert!(matches!(
        form(&browser.destination(numbers[0]).await),
        ProveForm::Waiting { .. }
    ));
    let screen = browser.choose(Gate::MobileCall).await;
    assert_eq!(refused(&screen), "wait", "once in half a minute to one number");
    house.demo.advance(31).await.expect("the clock moves");
    assert_eq!(refused(&browser.choose(Gate::MobileCall).await), "");
    browser.choose(Gate::OfficeCall).await;
    assert_eq!(refused(&browser.destination(numbers[1]).await), "");
    house.demo.advance(31).await.expect("the clock moves");
    assert_eq!(refused(&browser.choose(Gate::OfficeCall).await), "sent-enough");
}
