//! What a phone gets, and what its push service is told.

use crate::phone::{CONTACT, ID, Pushes, key, now, push, sender, settings, wake};
use regain_delivery::push::{Outcome, Push, PushSender, PushSettings};
use serde_json::json;

#[tokio::test]
async fn r12_the_phone_alone_reads_the_id_and_nothing_else_is_carried() {
    let (pushes, key) = (Pushes::start(&[]), key(7));
    let phone = pushes.subscribe(&key);
    let since = now().seconds();
    assert_eq!(wake(&sender(), &phone.subscription(), &key).await, Outcome::Taken);
    let got = pushes.messages(&phone);
    let [got] = got.as_slice() else { panic!("{got:?}") };
    assert_eq!(got["text"], ID);
    assert_eq!(
        (&got["ttl"], &got["urgency"], &got["topic"]),
        (&json!(120), &json!("high"), &json!("request"))
    );
    let claims = &got["claims"];
    assert_eq!(
        (&claims["aud"], &claims["sub"]),
        (&json!(pushes.url()), &json!(CONTACT))
    );
    let life = claims["exp"].as_i64().unwrap() - since;
    assert!((1..=12 * 3600).contains(&life), "{life}");
}

#[tokio::test]
async fn a_newer_push_replaces_the_former_of_its_topic() {
    let (pushes, key) = (Pushes::start(&[]), key(7));
    let phone = pushes.subscribe(&key);
    let subscription = phone.subscription();
    for (id, topic) in [("first", "request"), ("second", "request"), ("third", "other")] {
        let push = Push {
            id,
            topic,
            ..push(&subscription, &key)
        };
        assert_eq!(sender().send(&push).await, Outcome::Taken);
    }
    let got: Vec<_> = pushes
        .messages(&phone)
        .iter()
        .map(|message| message["text"].clone())
        .collect();
    assert_eq!(got, ["second", "third"]);
}

#[tokio::test]
async fn a_phone_takes_pushes_from_its_own_key_only() {
    let (pushes, own, other) = (Pushes::start(&[]), key(7), key(8));
    let phone = pushes.subscribe(&own);
    let refused = wake(&sender(), &phone.subscription(), &other).await;
    let why = "the push service refused it: 403".to_owned();
    assert_eq!(refused, Outcome::Never { why });
    assert!(pushes.messages(&phone).is_empty());
    assert_eq!(wake(&sender(), &phone.subscription(), &own).await, Outcome::Taken);
}

#[tokio::test]
async fn a_push_goes_over_tls_to_a_trusted_service() {
    let (pushes, key) = (Pushes::start(&["--tls"]), key(7));
    let phone = pushes.subscribe(&key).subscription();
    let trusting = PushSender::new(&PushSettings {
        ca_file: pushes.ca_file(),
        ..settings()
    });
    assert_eq!(wake(&trusting.unwrap(), &phone, &key).await, Outcome::Taken);
    let why = "the push service's certificate or encryption is not good".to_owned();
    assert_eq!(wake(&sender(), &phone, &key).await, Outcome::Later { why, after: None });
}
