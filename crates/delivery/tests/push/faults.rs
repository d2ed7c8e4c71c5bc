//! Which fault leads to which outcome, and where a push may not go.

use crate::phone::{Pushes, key, sender, settings, wake};
use regain_delivery::push::{Outcome, PushSender, PushSettings};
use serde_json::json;
use std::net::TcpListener;
use std::time::Duration;

fn later(why: &str) -> Outcome {
    Outcome::Later {
        why: why.to_owned(),
        after: None,
    }
}

fn never(why: &str) -> Outcome {
    Outcome::Never { why: why.to_owned() }
}

#[tokio::test]
async fn a_withdrawn_or_unknown_subscription_is_gone() {
    let (pushes, key) = (Pushes::start(&[]), key(7));
    let phone = pushes.subscribe(&key);
    let unknown = phone.at(&format!("{}x", phone.endpoint));
    assert_eq!(wake(&sender(), &unknown, &key).await, Outcome::Gone);
    pushes.withdraw(&phone);
    assert_eq!(wake(&sender(), &phone.subscription(), &key).await, Outcome::Gone);
    assert!(pushes.messages(&phone).is_empty());
}

#[tokio::test]
async fn f17_put_off_says_when_and_the_next_attempt_is_taken_once() {
    let (pushes, key) = (Pushes::start(&[]), key(7));
    let phone = pushes.subscribe(&key);
    for status in [429, 500, 503] {
        pushes.fault(&json!({"status": status, "retry_after": 3}));
        let outcome = wake(&sender(), &phone.subscription(), &key).await;
        let put_off = Outcome::Later {
            why: format!("the push service put it off: {status}"),
            after: Some(Duration::from_secs(3)),
        };
        assert_eq!(outcome, put_off);
    }
    assert!(pushes.messages(&phone).is_empty());
    assert_eq!(wake(&sender(), &phone.subscription(), &key).await, Outcome::Taken);
    assert_eq!(pushes.messages(&phone).len(), 1);
}

#[tokio::test]
async fn what_the_push_service_refuses_is_never_tried_again() {
    let (pushes, key) = (Pushes::start(&[]), key(7));
    let phone = pushes.subscribe(&key);
    for status in [400, 401, 403, 413] {
        pushes.fault(&json!({"status": status}));
        let outcome = wake(&sender(), &phone.subscription(), &key).await;
        assert_eq!(outcome, never(&format!("the push service refused it: {status}")));
    }
}

#[tokio::test]
async fn r51_a_redirect_is_not_followed() {
    let (pushes, key) = (Pushes::start(&[]), key(7));
    let phone = pushes.subscribe(&key);
    pushes.fault(&json!({"status": 307}));
    let outcome = wake(&sender(), &phone.subscription(), &key).await;
    assert_eq!(outcome, never("the push service refused it: 307"));
    assert!(pushes.messages(&phone).is_empty());
}

#[tokio::test]
async fn r51_a_push_goes_to_public_networks_and_those_that_were_named() {
    let (pushes, key) = (Pushes::start(&[]), key(7));
    let phone = pushes.subscribe(&key);
    let closed = PushSender::new(&PushSettings {
        allowed_networks: Vec::new(),
        ..settings()
    });
    let closed = closed.unwrap();
    for endpoint in [phone.endpoint.as_str(), "https://10.0.0.1/p/1", "https://[fd00::1]/p/1"] {
        let outcome = wake(&closed, &phone.at(endpoint), &key).await;
        assert_eq!(
            outcome,
            never("the push service's address is not allowed"),
            "{endpoint}"
        );
    }
    let named = phone.at(&phone.endpoint.replace("127.0.0.1", "localhost"));
    let why = "the push service's host is in a network that is not allowed";
    assert_eq!(wake(&closed, &named, &key).await, later(why));
    assert!(pushes.messages(&phone).is_empty());
}

#[tokio::test]
async fn a_push_service_that_cannot_be_reached_or_says_nothing_is_asked_later() {
    let (pushes, key) = (Pushes::start(&[]), key(7));
    let phone = pushes.subscribe(&key);
    let impatient = PushSender::new(&PushSettings {
        timeout: Duration::from_millis(300),
        ..settings()
    });
    let impatient = impatient.unwrap();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = phone.at(&format!("http://{}/p/1", silent.local_addr().unwrap()));
    let outcome = wake(&impatient, &at, &key).await;
    assert_eq!(outcome, later("the push service took too long to answer"));
    drop(silent);
    assert_eq!(
        wake(&impatient, &at, &key).await,
        later("the push service could not be reached")
    );
}
