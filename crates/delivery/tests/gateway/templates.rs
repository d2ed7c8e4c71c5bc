//! Gateways by a template: what is sent, and what an answer means.

use crate::fake::{settings, text, write};
use crate::listener::{Answer, Listener};
use regain_delivery::gateway::{Body, GatewayKind, Gateways, Outcome, TemplateSettings, Way};
use regain_domain::Secret;
use serde_json::{Value, json};

fn template(url: String, body: Body) -> TemplateSettings {
    TemplateSettings {
        carries: vec![Way::Sms, Way::WhatsApp],
        method: "POST".to_owned(),
        url,
        headers: vec![
            ("Authorization".to_owned(), Secret::new("Bearer token-7".to_owned())),
            ("Idempotency-Key".to_owned(), Secret::new("{{ reference }}".to_owned())),
        ],
        body,
        taken: 200..=202,
        id_pointer: Some("/messages/0/id".to_owned()),
    }
}

fn gateways(settings: TemplateSettings) -> Gateways {
    Gateways::new(vec![crate::fake::settings("south", GatewayKind::Template(settings))]).unwrap()
}

fn accepted(_: &crate::listener::Asked) -> Answer {
    ("202 Accepted", "", json!({"messages": [{"id": 42}]}).to_string())
}

fn taken(id: &str) -> Outcome {
    Outcome::Taken {
        id: Some(id.to_owned()),
        price: None,
    }
}

#[tokio::test]
async fn r34_a_json_request_is_filled_and_carries_its_key() {
    let listener = Listener::start(accepted);
    let body = r#"{"recipients": ["{{ to }}"], "content": {"text": "{{ text }}"}, "lang": "{{ language }}"}"#;
    let gateways = gateways(template(listener.url("/v1/sms"), Body::Json(body.to_owned())));
    assert_eq!(text(&gateways).await.outcome, taken("42"));
    let asked = listener.next();
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", "/v1/sms"));
    assert_eq!(asked.header("authorization"), "Bearer token-7");
    assert_eq!(asked.header("idempotency-key"), "0190f3c2-0000-7000-8000-000000000001");
    assert_eq!(asked.header("content-type"), "application/json");
    let expect = json!({"recipients": ["+420601123456"], "content": {"text": "Käse & Wein: 481516"}, "lang": "de"});
    assert_eq!(serde_json::from_slice::<Value>(&asked.body).unwrap(), expect);
    assert!(listener.is_silent());
}

#[tokio::test]
async fn values_stay_in_their_place_in_forms_and_addresses() {
    let listener = Listener::start(accepted);
    let body = Body::Form("to={{ to_digits }}&code={{ code }}&from={{ organisation }}&end=1".to_owned());
    let form = gateways(template(listener.url("/send"), body));
    assert_eq!(write(&form).await.outcome, taken("42"));
    let asked = listener.next();
    assert_eq!(asked.header("content-type"), "application/x-www-form-urlencoded");
    assert_eq!(
        asked.text(),
        "to=420601123456&code=481516&from=K%C3%A4se%20%22%26%22%20Wein&end=1"
    );

    let mut get = template(listener.url("/send/{{ to }}?text={{ text }}"), Body::Empty);
    get.method = "GET".to_owned();
    assert_eq!(text(&gateways(get)).await.outcome, taken("42"));
    let asked = listener.next();
    assert_eq!(asked.method, "GET");
    assert_eq!(
        asked.path,
        "/send/%2B420601123456?text=K%C3%A4se%20%26%20Wein%3A%20481516"
    );
}

#[tokio::test]
async fn f17_an_answer_is_a_success_only_by_the_rule() {
    let body = || Body::Json(r#"{"to": "{{ to }}"}"#.to_owned());
    let outcome = async |status: &'static str, answer: &'static str| {
        let listener = Listener::start(move |_| (status, "", answer.to_owned()));
        text(&gateways(template(listener.url("/"), body()))).await.outcome
    };
    assert_eq!(
        outcome("200 OK", r#"{"messages": [{"id": "a-1"}]}"#).await,
        taken("a-1")
    );
    for (status, answer) in [
        ("200 OK", r#"{"messages": []}"#),
        ("200 OK", "not JSON"),
        ("204 No Content", ""),
        ("502 Bad Gateway", ""),
    ] {
        assert!(
            matches!(outcome(status, answer).await, Outcome::Unknown { .. }),
            "{status} {answer}"
        );
    }
    assert!(matches!(
        outcome("422 Unprocessable", "").await,
        Outcome::Refused { .. }
    ));
    assert!(matches!(
        outcome("401 Unauthorized", "").await,
        Outcome::NotTaken { .. }
    ));
    assert!(matches!(outcome("500 Oops", "").await, Outcome::NotTaken { .. }));
}

#[tokio::test]
async fn an_answer_without_end_is_read_no_further_than_64_kib() {
    let long = format!(r#"{{"x": "{}", "messages": [{{"id": 1}}]}}"#, "x".repeat(70_000));
    let listener = Listener::start(move |_| ("200 OK", "", long.clone()));
    let mut settings = template(listener.url("/"), Body::Empty);
    assert!(matches!(
        text(&gateways(settings)).await.outcome,
        Outcome::Unknown { .. }
    ));
    settings = template(listener.url("/"), Body::Empty);
    settings.id_pointer = None;
    assert_eq!(
        text(&gateways(settings)).await.outcome,
        Outcome::Taken { id: None, price: None }
    );
}

#[tokio::test]
async fn a_call_goes_by_no_template() {
    let listener = Listener::start(accepted);
    let gateways = Gateways::new(vec![settings(
        "south",
        GatewayKind::Template(template(listener.url("/"), Body::Empty)),
    )]);
    assert!(!gateways.unwrap().carry(Way::Call, None));
}
