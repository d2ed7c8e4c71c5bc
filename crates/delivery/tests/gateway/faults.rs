//! Which fault leads to which outcome, and when another gateway is asked. F17.

use crate::fake::{Fake, TO, send_to, settings, text};
use crate::listener::Listener;
use crate::messages::taken;
use regain_delivery::gateway::{Content, GatewayKind, GatewaySettings, Gateways, Outcome, Sent};
use regain_domain::Secret;
use serde_json::json;
use std::time::Duration;

fn not_taken(sent: &Sent) -> (&str, Option<Duration>) {
    match &sent.outcome {
        Outcome::NotTaken { why, after } => (why, *after),
        other => panic!("{other:?}"),
    }
}

fn unknown(sent: &Sent) -> &str {
    match &sent.outcome {
        Outcome::Unknown { why } => why,
        other => panic!("{other:?}"),
    }
}

fn impatient(fake: &Fake, name: &str) -> GatewaySettings {
    GatewaySettings {
        timeout: Duration::from_secs(2),
        ..fake.settings(name)
    }
}

/// A port that nobody listens on.
fn dead() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

fn at(fake: &Fake, name: &str, base_url: String) -> GatewaySettings {
    let mut twilio = fake.twilio();
    twilio.base_url = base_url;
    settings(name, GatewayKind::Twilio(twilio))
}

#[tokio::test]
async fn f17_put_off_twice_then_taken_once() {
    let fake = Fake::start(&[]);
    let gateways = fake.gateways();
    for status in [500, 429] {
        fake.put("faults", &json!({"fault": "status", "status": status, "count": 2}));
        for _ in 0..2 {
            let sent = text(&gateways).await;
            assert_eq!(
                not_taken(&sent),
                (format!("north: the gateway put it off: {status}").as_str(), None)
            );
        }
    }
    assert!(fake.list("messages", TO).is_empty());
    taken(text(&gateways).await, "north");
    assert_eq!(fake.list("messages", TO).len(), 1);
}

#[tokio::test]
async fn f17_a_lost_answer_is_unknown_and_goes_to_no_other_gateway() {
    let (first, second) = (Fake::start(&[]), Fake::start(&[]));
    let gateways = Gateways::new(vec![impatient(&first, "north"), impatient(&second, "south")]).unwrap();
    first.put("faults", &json!({"fault": "timeout", "seconds": 4, "processed": true}));
    let sent = text(&gateways).await;
    assert_eq!(
        (sent.gateway.as_str(), unknown(&sent)),
        ("north", "the gateway took too long to answer")
    );
    assert_eq!(first.list("messages", TO).len(), 1);
    first.put("faults", &json!({"fault": "timeout", "seconds": 0, "processed": false}));
    let sent = text(&gateways).await;
    assert_eq!(
        (sent.gateway.as_str(), unknown(&sent)),
        ("north", "the gateway hung up before its answer")
    );
    assert_eq!(first.list("messages", TO).len(), 1);
    assert!(second.list("messages", TO).is_empty());
}

#[tokio::test]
async fn r34_what_a_proxy_answers_for_its_gateway_is_unknown() {
    for status in ["502 Bad Gateway", "504 Gateway Timeout"] {
        let (fake, proxy) = (Fake::start(&[]), Listener::start(move |_| (status, "", String::new())));
        let gateways = Gateways::new(vec![at(&fake, "north", proxy.url("")), fake.settings("south")]).unwrap();
        let sent = text(&gateways).await;
        assert_eq!(
            (sent.gateway.as_str(), unknown(&sent)),
            ("north", format!("the gateway answered {}", &status[..3]).as_str())
        );
        assert!(fake.list("messages", TO).is_empty());
    }
}

#[tokio::test]
async fn r34_a_refusal_is_final_and_names_nobody() {
    let (first, second) = (Fake::start(&[]), Fake::start(&[]));
    let gateways = Gateways::new(vec![first.settings("north"), second.settings("south")]).unwrap();
    first.put("outcomes", &json!({"to": TO, "stopped": true}));
    let why = "the gateway refused it: 400, error 21610".to_owned();
    let refused = Sent {
        gateway: "north".to_owned(),
        outcome: Outcome::Refused { why },
    };
    assert_eq!(text(&gateways).await, refused);
    let words = Secret::new("481516".to_owned());
    for (to, code) in [("+15005550001", 21211), ("+15005550009", 21614)] {
        let sent = send_to(&gateways, to, Content::Sms { text: &words }, None).await;
        let why = format!("the gateway refused it: 400, error {code}");
        assert_eq!(sent.outcome, Outcome::Refused { why });
    }
    assert!(second.list("messages", TO).is_empty());
}

#[tokio::test]
async fn r34_the_second_gateway_takes_what_the_first_did_not() {
    let (first, second) = (Fake::start(&[]), Fake::start(&[]));
    let wrong_login = {
        let mut twilio = first.twilio();
        twilio.token = Secret::new("wrong".to_owned());
        settings("north", GatewayKind::Twilio(twilio))
    };
    let wrong_sender = {
        let mut twilio = first.twilio();
        twilio.sms_from = Some("+15005550007".to_owned());
        settings("north", GatewayKind::Twilio(twilio))
    };
    let gone = at(&first, "north", dead());
    let nowhere = at(&first, "north", "https://gateway.invalid".to_owned());
    for (n, north) in (1..).zip([wrong_login, wrong_sender, gone, nowhere]) {
        let gateways = Gateways::new(vec![north, second.settings("south")]).unwrap();
        taken(text(&gateways).await, "south");
        assert_eq!(second.list("messages", TO).len(), n);
    }
    let gateways = Gateways::new(vec![first.settings("north"), second.settings("south")]).unwrap();
    first.put("faults", &json!({"fault": "status", "status": 500}));
    taken(text(&gateways).await, "south");
    taken(text(&gateways).await, "north");
    assert_eq!(
        (first.list("messages", TO).len(), second.list("messages", TO).len()),
        (1, 5)
    );
}

#[tokio::test]
async fn r34_all_that_failed_is_told_with_the_soonest_time() {
    let fake = Fake::start(&[]);
    let busy = |seconds: &'static str| Listener::start(move |_| ("503 Service Unavailable", seconds, String::new()));
    let (first, second) = (busy("Retry-After: 30\r\n"), busy("Retry-After: 7\r\n"));
    let gateways = Gateways::new(vec![
        at(&fake, "north", first.url("")),
        at(&fake, "south", second.url("")),
        at(&fake, "west", dead()),
    ])
    .unwrap();
    let sent = text(&gateways).await;
    let why = "north: the gateway put it off: 503; south: the gateway put it off: 503; west: the gateway could not be reached";
    assert_eq!(not_taken(&sent), (why, Some(Duration::from_secs(7))));
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_is_told_before_anything_is_sent() {
    let fake = Fake::start(&["--tls"]);
    let strange = GatewaySettings {
        ca_file: None,
        ..fake.settings("north")
    };
    let sent = text(&Gateways::new(vec![strange]).unwrap()).await;
    assert_eq!(
        not_taken(&sent).0,
        "north: the gateway's certificate or encryption is not good"
    );
    taken(text(&fake.gateways()).await, "north");
}

#[tokio::test]
async fn f17_a_host_that_says_nothing_was_asked_only_if_it_could_hear() {
    let fake = Fake::start(&[]);
    // The system takes connections for it; nobody ever reads or writes.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    let outcome = async |scheme: &str| {
        let slow = GatewaySettings {
            timeout: Duration::from_secs(1),
            ..at(&fake, "north", format!("{scheme}://{address}"))
        };
        text(&Gateways::new(vec![slow]).unwrap()).await
    };
    assert_eq!(
        not_taken(&outcome("https").await).0,
        "north: the gateway's host did not answer"
    );
    assert_eq!(unknown(&outcome("http").await), "the gateway took too long to answer");
}

#[tokio::test]
async fn r51_a_name_that_leads_inside_is_not_asked() {
    let fake = Fake::start(&[]);
    let url = fake.fact("GATEWAY_URL").replace("127.0.0.1", "localhost");
    let closed = GatewaySettings {
        allowed_networks: Vec::new(),
        ..at(&fake, "north", url.clone())
    };
    let sent = text(&Gateways::new(vec![closed]).unwrap()).await;
    assert_eq!(
        not_taken(&sent).0,
        "north: the gateway's host is in a network that is not allowed"
    );
    taken(
        text(&Gateways::new(vec![at(&fake, "north", url)]).unwrap()).await,
        "north",
    );
}

#[tokio::test]
async fn r51_a_redirect_is_not_followed() {
    let fake = Fake::start(&[]);
    let other = Listener::start(|_| ("201 Created", "", String::new()));
    let header: &'static str = format!("Location: {}\r\n", other.url("/")).leak();
    let first = Listener::start(move |_| ("307 Temporary Redirect", header, String::new()));
    let sent = text(&Gateways::new(vec![at(&fake, "north", first.url(""))]).unwrap()).await;
    assert_eq!(
        not_taken(&sent).0,
        "north: the gateway wants to be asked elsewhere: 307"
    );
    assert!(other.is_silent());
}
