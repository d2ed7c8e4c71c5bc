//! Pushes on their way: out of the outbox, through a real push service, to the phones of one person. R12, R34.

use crate::authenticator::{asked, number, with_phone};
use crate::device::Phone;
use crate::service::Service;
use crate::walk::House;
use regain_delivery::push::{LONGEST, PushSender, PushSettings};
use regain_domain::authenticator::Reply;
use regain_domain::gate::Gate;
use regain_service::tasks::Tasks;
use regain_service::{Channels, Pusher};
use regain_store::Store;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// A push service, which is the phones as well.
struct Pushes(Service);

impl Pushes {
    fn start() -> Self {
        Self(Service::start("push_service.py", &[]))
    }

    fn side(&self, method: &str, path: &str, body: &Value) -> Value {
        let told = self.0.side("PUSH_SIDE_URL", method, path, &body.to_string());
        serde_json::from_str(&told).unwrap_or_default()
    }

    /// A phone subscribes with the key that it was told, and tells us where; gives its id there.
    async fn subscribe(&self, phone: &Phone<'_>) -> String {
        let asked = json!({"applicationServerKey": phone.added.push_key});
        let told = self.side("POST", "subscriptions", &asked);
        let text = |at: &str| told.pointer(at).and_then(Value::as_str).expect("a text").to_owned();
        let endpoint = text("/endpoint");
        let reply = phone
            .subscribe([&endpoint, &text("/keys/p256dh"), &text("/keys/auth")])
            .await;
        assert_eq!(reply, Reply::Done(true));
        endpoint.rsplit('/').next().expect("an id").to_owned()
    }

    /// What a phone has got; waits until it is so many.
    async fn got(&self, id: &str, n: usize) -> Vec<Value> {
        for _ in 0..400 {
            let all = self.side("GET", &format!("messages?to={id}"), &json!({}));
            let all = all.as_array().cloned().unwrap_or_default();
            if all.len() >= n {
                return all;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("not {n} pushes")
    }
}

/// Starts a worker that really pushes.
fn start(house: &House) -> Tasks {
    let tasks = Tasks::default();
    let settings = PushSettings {
        allowed_networks: vec!["127.0.0.0/8".parse().expect("a network")],
        ca_file: None,
        timeout: LONGEST,
    };
    let channels = Channels {
        push: Some(Pusher {
            sender: Arc::new(PushSender::new(&settings).expect("a sender")),
            contact: Some(Arc::from("mailto:admin@acorn.example")),
        }),
        ..house.demo.channels()
    };
    house.service.start(&tasks, channels);
    tasks
}

/// Waits until so many pushes are in a state.
async fn until_in(house: &House, state: &str, n: i64) {
    let sql = format!("SELECT count(*) FROM outbox WHERE channel = 'push' AND state = '{state}'");
    for _ in 0..800 {
        if house.store.column::<i64>(&sql).await == [n] {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("not {n} pushes are {state}");
}

#[tokio::test]
async fn r12_every_phone_of_the_person_is_woken_by_an_opaque_id() {
    let house = House::quiet(Store::for_tests().await).await;
    let pushes = Pushes::start();
    let (person, mut browser, first) = with_phone(&house, 7).await;
    let second = crate::authenticator::added(&mut browser, 8).await;
    assert_eq!(first.added.push_key, second.added.push_key, "one key a tenant");
    let ids = [pushes.subscribe(&first).await, pushes.subscribe(&second).await];
    house.demo.advance(11 * 60).await.expect("a later time");
    asked(&house, &person, &house.acorn).await;
    let request = first.request().await;
    start(&house);
    for id in &ids {
        let got = pushes.got(id, 1).await;
        assert_eq!(got[0]["text"], request.id.to_string());
        assert_eq!(got[0]["claims"]["sub"], "mailto:admin@acorn.example");
    }
}

#[tokio::test]
async fn f17_a_push_that_is_put_off_goes_out_later_and_a_phone_that_is_gone_is_forgotten() {
    let house = House::quiet(Store::for_tests().await).await;
    let pushes = Pushes::start();
    let (person, _, phone) = with_phone(&house, 7).await;
    let id = pushes.subscribe(&phone).await;
    pushes.side("PUT", "faults", &json!({"status": 503, "retry_after": 1}));
    start(&house);
    let (mut browser, _) = asked(&house, &person, &house.acorn).await;
    pushes.got(&id, 1).await;
    let places = "SELECT count(*) FROM device WHERE place IS NOT NULL";
    assert_eq!(house.store.column::<i64>(places).await, [1]);
    pushes.side("DELETE", &format!("subscriptions/{id}"), &json!({}));
    house.demo.advance(31).await.expect("a later time");
    number(&browser.choose(Gate::AppPush).await);
    // The one that registered it, and these two.
    until_in(&house, "sent", 3).await;
    assert_eq!(house.store.column::<i64>(places).await, [0]);
    assert_eq!(phone.waiting().await.len(), 1, "it finds the request when it is opened");
}

#[tokio::test]
async fn r12_a_place_that_is_none_is_refused_and_an_empty_one_forgotten() {
    let house = House::quiet(Store::for_tests().await).await;
    let pushes = Pushes::start();
    let (_, _, phone) = with_phone(&house, 7).await;
    for odd in [
        ["https://push.example/p/1", "AA", "AA"],
        [
            "http://push.example/p/1",
            &phone.added.push_key,
            "AAAAAAAAAAAAAAAAAAAAAA",
        ],
        ["nowhere", &phone.added.push_key, "AAAAAAAAAAAAAAAAAAAAAA"],
    ] {
        assert_eq!(phone.subscribe(odd).await, Reply::Done(false), "{odd:?}");
    }
    pushes.subscribe(&phone).await;
    let places = "SELECT count(*) FROM device WHERE place IS NOT NULL";
    assert_eq!(house.store.column::<i64>(places).await, [1]);
    assert_eq!(phone.subscribe(["", "", ""]).await, Reply::Done(true));
    assert_eq!(house.store.column::<i64>(places).await, [0]);
}
