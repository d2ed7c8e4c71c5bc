//! Messages that cost: one text for one code whatever fails, and a ceiling that holds (R20, R34, F17, F26).

use crate::gateway::{self, Gateway, PRICE};
use crate::stage::changed;
use crate::walk::House;
use regain_delivery::{Channel, Envelope, Outcome};
use regain_domain::Cost;
use regain_domain::ids::MessageId;
use regain_domain::locale::Language;
use regain_domain::notice::{ChannelKind, Letter, LetterCode, Subject};
use regain_service::tasks::Tasks;
use regain_service::{Channels, admin};
use regain_store::{Store, audit, outbox};
use serde_json::{Value, json};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use uuid::Uuid;

const TO: &str = "+420601123456";

/// Runs each claim on both databases.
macro_rules! on_both {
    ($($claim:ident)*) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $claim() {
                super::$claim(regain_store::Store::for_tests().await).await;
            })*
        }
        mod postgres {
            $(#[tokio::test]
            async fn $claim() {
                super::$claim(regain_store::Store::for_tests_on_postgres().await).await;
            })*
        }
    };
}

on_both! {
    r35_a_text_says_who_and_where_and_never_the_login
    f17_a_gateway_that_failed_is_asked_again_and_paid_once
    f17_what_may_have_been_accepted_is_never_sent_again
    r34_what_a_gateway_puts_off_waits_as_long_as_it_says
    r34_the_second_gateway_takes_what_the_first_does_not
    r34_what_a_gateway_refuses_is_a_dead_letter_and_costs_nothing
    f26_what_a_worker_held_when_it_froze_is_unknown_and_stays_paid
    f26_two_workers_send_one_text
    r20_the_ceiling_stops_texts_and_is_told_twice
    r20_many_at_once_do_not_pass_the_ceiling
    r20_a_ceiling_of_nothing_lets_nothing_out
    without_a_gateway_nothing_is_sent
    the_demo_keeps_texts
}

/// Never comes back from an attempt.
#[derive(Default)]
struct Frozen(AtomicUsize);

impl Channel for Frozen {
    fn deliver<'a>(&'a self, _: &'a Letter, _: &'a Envelope) -> Pin<Box<dyn Future<Output = Outcome> + Send + 'a>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(std::future::pending())
    }

    fn cost(&self, _: &Envelope) -> Cost {
        PRICE
    }
}

async fn texted(house: &House) -> MessageId {
    let id = MessageId(Uuid::new_v4());
    let now = house.service.now();
    let letter = Letter::ResetCode {
        code: LetterCode::new("481516".to_owned()),
        subject: Subject::Reset,
        expires_at: now.plus(Duration::from_mins(5)),
        reference: "K7QM-2XWD".to_owned(),
        network: "192.0.2.7".to_owned(),
    };
    let message = outbox::NewMessage {
        id,
        account: None,
        flow: None,
        channel: ChannelKind::Sms,
        letter: &letter,
        reference: None,
        to: Some(TO),
        language: Language::En,
        expires_at: letter.good_until(now),
    };
    let tx = house.store.write(house.acorn.id).await.expect("a write");
    outbox::put(&tx, &message, now).await.expect("a row");
    tx.commit().await.expect("a commit");
    id
}

/// Starts a worker; mails go to the demo's mailbox.
fn start(house: &House, phone: Arc<dyn Channel>) -> Tasks {
    let tasks = Tasks::default();
    let channels = Channels {
        phone,
        ..house.demo.channels()
    };
    house.service.start(&tasks, channels);
    tasks
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..800 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("waited in vain for {what}");
}

/// How many text messages are in this state.
async fn n_in(house: &House, state: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM outbox WHERE channel = 'sms' AND state = '{state}'");
    *house.store.column::<i64>(&sql).await.first().expect("a number")
}

async fn until_in(house: &House, state: &str, n: i64) {
    until(state, async || n_in(house, state).await == n).await;
}

async fn spent(house: &House) -> Cost {
    let days = house.store.column::<i64>("SELECT micros FROM spent").await;
    Cost::of_micros(days.into_iter().map(i64::unsigned_abs).sum())
}

async fn reasons(house: &House) -> Vec<String> {
    let tx = house.store.read(house.acorn.id).await.expect("a read");
    let dead = outbox::dead_letters(&tx).await.expect("an answer");
    dead.into_iter().map(|letter| letter.why).collect()
}

fn fault(status: u16) -> Value {
    json!({"fault": "status", "status": status})
}

async fn r35_a_text_says_who_and_where_and_never_the_login(store: Store) {
    let (house, gateway) = (House::quiet(store).await, Gateway::start());
    let _tasks = start(&house, gateway::channel(&[&gateway]));
    texted(&house).await;
    until_in(&house, "sent", 1).await;
    let texts = gateway.texts(TO);
    let [text] = &texts[..] else { panic!("{texts:?}") };
    let words = text["text"].as_str().or(text["body"].as_str()).expect("words");
    let name = &house.acorn.settings.brand.name;
    let start = format!("{name}: 481516 is your code to reset your password, valid 5 min.");
    assert!(
        words.starts_with(&start) && words.ends_with("\n@localhost #481516"),
        "{words}"
    );
    assert!(!words.contains("user"), "{words}");
    assert_eq!(spent(&house).await, PRICE);
}

async fn f17_a_gateway_that_failed_is_asked_again_and_paid_once(store: Store) {
    let (house, gateway) = (House::quiet(store).await, Gateway::start());
    gateway.fault(&fault(500));
    let _tasks = start(&house, gateway::channel(&[&gateway]));
    texted(&house).await;
    until_in(&house, "ready", 1).await;
    until("the price", async || spent(&house).await == Cost::ZERO).await;
    assert!(gateway.texts(TO).is_empty());
    house.demo.advance(10).await.expect("a later time");
    until_in(&house, "sent", 1).await;
    assert_eq!((gateway.texts(TO).len(), spent(&house).await), (1, PRICE));
}

async fn f17_what_may_have_been_accepted_is_never_sent_again(store: Store) {
    let (house, gateway) = (House::quiet(store).await, Gateway::start());
    gateway.fault(&json!({"fault": "timeout", "seconds": 30, "processed": true}));
    let _tasks = start(&house, gateway::channel(&[&gateway]));
    texted(&house).await;
    until_in(&house, "dead", 1).await;
    assert_eq!(
        reasons(&house).await,
        ["unknown: north: the gateway took too long to answer"]
    );
    house.demo.advance(120).await.expect("a later time");
    texted(&house).await;
    until_in(&house, "sent", 1).await;
    assert_eq!((gateway.texts(TO).len(), n_in(&house, "dead").await), (2, 1));
    assert_eq!(spent(&house).await, PRICE.plus(PRICE), "each once");
}

async fn r34_what_a_gateway_puts_off_waits_as_long_as_it_says(store: Store) {
    let (house, gateway) = (House::quiet(store).await, Gateway::start());
    gateway.fault(&fault(429));
    let _tasks = start(&house, gateway::channel(&[&gateway]));
    texted(&house).await;
    until_in(&house, "ready", 1).await;
    house.demo.advance(60).await.expect("a later time");
    until_in(&house, "sent", 1).await;
    assert_eq!((gateway.texts(TO).len(), spent(&house).await), (1, PRICE));
}

async fn r34_the_second_gateway_takes_what_the_first_does_not(store: Store) {
    let (house, north, south) = (House::quiet(store).await, Gateway::start(), Gateway::start());
    north.fault(&fault(500));
    let _tasks = start(&house, gateway::channel(&[&north, &south]));
    texted(&house).await;
    until_in(&house, "sent", 1).await;
    assert_eq!((north.texts(TO).len(), south.texts(TO).len()), (0, 1));
    assert_eq!(spent(&house).await, PRICE);
}

async fn r34_what_a_gateway_refuses_is_a_dead_letter_and_costs_nothing(store: Store) {
    let (house, gateway) = (House::quiet(store).await, Gateway::start());
    gateway.fault(&fault(400));
    let _tasks = start(&house, gateway::channel(&[&gateway]));
    texted(&house).await;
    until_in(&house, "dead", 1).await;
    until("the price", async || spent(&house).await == Cost::ZERO).await;
    assert_eq!(
        reasons(&house).await,
        ["north: the gateway refused it: 400, error 20500"]
    );
}

async fn f26_what_a_worker_held_when_it_froze_is_unknown_and_stays_paid(store: Store) {
    let (house, gateway) = (House::quiet(store).await, Gateway::start());
    let frozen = Arc::new(Frozen::default());
    let _frozen_tasks = start(&house, Arc::clone(&frozen) as Arc<dyn Channel>);
    texted(&house).await;
    until("an attempt", async || frozen.0.load(Ordering::SeqCst) == 1).await;
    house.demo.advance(90).await.expect("a later time");
    let _tasks = start(&house, gateway::channel(&[&gateway]));
    until_in(&house, "dead", 1).await;
    assert_eq!(reasons(&house).await, ["unknown"]);
    assert_eq!((gateway.texts(TO).len(), spent(&house).await), (0, PRICE));
    let tx = house.store.read(house.acorn.id).await.expect("a read");
    let told = audit::recent(&tx, 1).await.expect("rows");
    let told = told.iter().map(|row| (row.activity.as_str(), row.reason.as_str()));
    assert_eq!(told.collect::<Vec<_>>(), [("message-given-up", "reset-code")]);
}

async fn f26_two_workers_send_one_text(store: Store) {
    let (house, gateway) = (House::quiet(store).await, Gateway::start());
    let channel = gateway::channel(&[&gateway]);
    let _tasks = [0; 2].map(|_| start(&house, Arc::clone(&channel) as Arc<dyn Channel>));
    for _ in 0..5 {
        texted(&house).await;
    }
    until_in(&house, "sent", 5).await;
    assert_eq!(gateway.texts(TO).len(), 5);
    assert_eq!(spent(&house).await, Cost::of_micros(5 * PRICE.micros()));
}

async fn r20_the_ceiling_stops_texts_and_is_told_twice(store: Store) {
    let (house, gateway) = (House::quiet(store).await, Gateway::start());
    let ceiling = Cost::parse("0.20").expect("an amount");
    changed(&house, &house.acorn, |settings| settings.message_ceiling = ceiling).await;
    let _tasks = start(&house, gateway::channel(&[&gateway]));
    for n in 1..=2 {
        texted(&house).await;
        until_in(&house, "sent", n).await;
    }
    for n in 1..=2 {
        texted(&house).await;
        until_in(&house, "dead", n).await;
    }
    assert_eq!(
        (gateway.texts(TO).len(), spent(&house).await),
        (2, Cost::of_micros(160_000))
    );
    assert!(
        reasons(&house)
            .await
            .iter()
            .all(|why| why == "the daily ceiling for messages is reached")
    );
    let alerts = async || {
        let mails = house.demo.messages(&house.acorn, 0).await.expect("messages");
        let of = |percent: &str| {
            let told = mails.iter().filter(|mail| mail.context == "ceiling-reached");
            told.filter(|mail| mail.subject.contains(percent)).count()
        };
        (of("80"), of("100"))
    };
    let sql = "SELECT count(DISTINCT account_id) FROM account_role WHERE role IN ('global_admin', 'policy_admin')
        AND tenant_id IN (SELECT tenant_id FROM spent)";
    let n = house
        .store
        .column::<i64>(sql)
        .await
        .pop()
        .and_then(|n| usize::try_from(n).ok());
    let n = n.expect("a number");
    assert!(n > 0);
    until("alerts", async || alerts().await == (n, n)).await;
    let tx = house.store.read(house.acorn.id).await.expect("a read");
    let told = audit::recent(&tx, 50).await.expect("rows");
    let told = told.iter().filter(|row| row.activity == "message-ceiling");
    assert_eq!(told.map(|row| row.reason.as_str()).collect::<Vec<_>>(), ["100", "80"]);
}

async fn r20_many_at_once_do_not_pass_the_ceiling(store: Store) {
    let (house, gateway) = (House::quiet(store).await, Gateway::start());
    let ceiling = Cost::parse("0.20").expect("an amount");
    changed(&house, &house.acorn, |settings| settings.message_ceiling = ceiling).await;
    for _ in 0..10 {
        texted(&house).await;
    }
    let channel = gateway::channel(&[&gateway]);
    let _tasks = [0; 2].map(|_| start(&house, Arc::clone(&channel) as Arc<dyn Channel>));
    until_in(&house, "sent", 2).await;
    until_in(&house, "dead", 8).await;
    assert_eq!(gateway.texts(TO).len(), 2);
    assert_eq!(spent(&house).await, Cost::of_micros(160_000));
}

async fn r20_a_ceiling_of_nothing_lets_nothing_out(store: Store) {
    let (house, gateway) = (House::quiet(store).await, Gateway::start());
    changed(&house, &house.acorn, |settings| settings.message_ceiling = Cost::ZERO).await;
    let _tasks = start(&house, gateway::channel(&[&gateway]));
    texted(&house).await;
    until_in(&house, "dead", 1).await;
    assert!(gateway.texts(TO).is_empty());
    let alerts = house
        .store
        .column::<i64>("SELECT count(*) FROM outbox WHERE purpose = 'ceiling-reached'")
        .await;
    assert_eq!(alerts, [0], "it was meant so");
}

async fn without_a_gateway_nothing_is_sent(store: Store) {
    let house = House::quiet(store).await;
    let _tasks = start(&house, gateway::channel(&[]));
    texted(&house).await;
    until_in(&house, "dead", 1).await;
    assert_eq!(reasons(&house).await, ["no gateway carries sms to CZ"]);
    let found = admin::dead_letters(&house.service, Some("localhost"), "r").await;
    let found = found.expect("an answer").expect("a tenant");
    let shown = found.iter().flat_map(|of_tenant| &of_tenant.letters);
    let shown: Vec<_> = shown.map(|letter| (letter.channel, letter.to.as_deref())).collect();
    assert_eq!(shown, [(Some(ChannelKind::Sms), Some("+420 •••• ••56"))]);
}

async fn the_demo_keeps_texts(store: Store) {
    let house = House::on(store).await;
    texted(&house).await;
    let kept = house.message(&house.acorn, TO, "reset-code", 0).await;
    assert_eq!((kept.channel.as_str(), kept.code.as_deref()), ("sms", Some("481516")));
    assert!(kept.text.contains("481516 is your code") && kept.html.is_none() && kept.subject.is_empty());
}
