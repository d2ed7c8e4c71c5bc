//! Texts and `WhatsApp` messages: sent once, with the right fields, and their reports.

use crate::fake::{CONTENT, Fake, TEMPLATE, TO, send_to, settings, text, write};
use crate::listener::Listener;
use regain_delivery::gateway::callback::{Fields, MessageReport, MessageState, is_signed};
use regain_delivery::gateway::{Content, GatewayKind, Gateways, Outcome, Price, Sent};
use regain_domain::Secret;
use serde_json::json;

/// The id of a message or call that was taken by `gateway`.
pub(crate) fn taken(sent: Sent, gateway: &str) -> String {
    assert_eq!(sent.gateway, gateway, "{sent:?}");
    match sent.outcome {
        Outcome::Taken {
            id: Some(id),
            price: None,
        } => id,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn r34_a_text_is_sent_once_with_its_fields() {
    let fake = Fake::start(&[]);
    let id = taken(text(&fake.gateways()).await, "north");
    let messages = fake.list("messages", TO);
    assert_eq!(messages.len(), 1);
    let message = &messages[0];
    assert_eq!(message["sid"], json!(id));
    assert_eq!(message["from"], "+15005550006");
    assert_eq!(message["body"], "Käse & Wein: 481516");
    assert_eq!(
        (&message["_channel"], &message["_content_sid"]),
        (&json!("sms"), &json!(null))
    );
}

#[tokio::test]
async fn r34_a_whatsapp_message_goes_by_its_template() {
    let fake = Fake::start(&TEMPLATE);
    let id = taken(write(&fake.gateways()).await, "north");
    let messages = fake.list("messages", &format!("whatsapp:{TO}"));
    assert_eq!(messages.len(), 1);
    let message = &messages[0];
    assert_eq!(message["sid"], json!(id));
    assert_eq!(message["from"], "whatsapp:+14155238886");
    assert_eq!(message["body"], "481516 is your code at Käse \"&\" Wein.");
    assert_eq!(message["_content_sid"], CONTENT);
}

#[tokio::test]
async fn r36_reports_of_a_message_are_signed_for_our_address() {
    for options in [&[][..], &["--sign-without-port"]] {
        let fake = Fake::start(options);
        let listener = Listener::start(|_| ("204 No Content", "", String::new()));
        let url = listener.url("/callback/token?a=b");
        fake.put(
            "outcomes",
            &json!({"to": TO, "status": "undelivered", "error_code": 30005}),
        );
        let gateways = fake.gateways();
        let words = Secret::new("481516".to_owned());
        let sent = send_to(&gateways, TO, Content::Sms { text: &words }, Some(&url)).await;
        let id = taken(sent, "north");
        for state in [MessageState::Sent, MessageState::Undelivered { code: Some(30005) }] {
            let asked = listener.next();
            assert_eq!(
                (asked.method.as_str(), asked.path.as_str()),
                ("POST", "/callback/token?a=b")
            );
            let (fields, signature) = (Fields::parse(&asked.body).unwrap(), asked.header("x-twilio-signature"));
            assert_eq!(gateways.signer(&url, &fields, signature), Some("north"));
            assert_eq!(
                gateways.signer(&listener.url("/callback/other?a=b"), &fields, signature),
                None
            );
            assert!(!is_signed(&Secret::new("other".to_owned()), &url, &fields, signature));
            assert_eq!(
                MessageReport::of(&fields),
                Some(MessageReport { id: id.clone(), state })
            );
        }
    }
}

#[tokio::test]
async fn a_price_is_told_on_and_an_answer_cut_short_is_still_taken() {
    let answers =
        |headers: &'static str, body: &'static str| Listener::start(move |_| ("201 Created", headers, body.to_owned()));
    let fake = Fake::start(&[]);
    let outcome = async |listener: Listener| {
        let mut twilio = fake.twilio();
        twilio.base_url = listener.url("");
        let settings = settings("north", GatewayKind::Twilio(twilio));
        text(&Gateways::new(vec![settings]).unwrap()).await.outcome
    };
    let said = r#"{"sid": "SM1", "price": "-0.00750", "price_unit": "USD", "code": null}"#;
    let (id, currency) = (Some("SM1".to_owned()), "USD".to_owned());
    let price = Some(Price {
        micros: 7_500,
        currency,
    });
    assert_eq!(outcome(answers("", said)).await, Outcome::Taken { id, price });
    let odd = outcome(answers("", r#"{"sid": "SM1", "price": 0.0075, "code": "x"}"#)).await;
    let id = Some("SM1".to_owned());
    assert_eq!(odd, Outcome::Taken { id, price: None });
    let cut = outcome(answers("Transfer-Encoding: chunked\r\n", r#"{"sid": "#)).await;
    assert_eq!(cut, Outcome::Taken { id: None, price: None });
}
