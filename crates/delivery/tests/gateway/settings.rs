//! Which settings are refused, and which gateway is asked for which country.

use crate::fake::{Fake, TO, settings, text};
use crate::messages::taken;
use regain_delivery::gateway::{
    Body, GatewayKind, GatewaySettings, Gateways, Outcome, TemplateSettings, TwilioSettings, Way, WhatsAppSettings,
};
use regain_domain::Secret;
use regain_domain::locale::Language;
use std::time::Duration;

fn twilio() -> TwilioSettings {
    TwilioSettings {
        base_url: "https://api.twilio.example".to_owned(),
        account: "AC1".to_owned(),
        token: Secret::new("token".to_owned()),
        sms_from: Some("Acorn".to_owned()),
        whatsapp: None,
        call_from: None,
    }
}

fn whatsapp(from: &str, content: &str) -> WhatsAppSettings {
    WhatsAppSettings {
        from: from.to_owned(),
        contents: vec![(Language::En, content.to_owned())],
        variables: Vec::new(),
    }
}

fn template() -> TemplateSettings {
    TemplateSettings {
        carries: vec![Way::Sms],
        method: "POST".to_owned(),
        url: "https://sms.example/send".to_owned(),
        headers: vec![("Authorization".to_owned(), Secret::new("Bearer token-7".to_owned()))],
        body: Body::Json(r#"{"to": "{{ to }}", "text": "{{ text }}"}"#.to_owned()),
        taken: 200..=299,
        id_pointer: None,
    }
}

fn refusal(settings: Vec<GatewaySettings>) -> String {
    match Gateways::new(settings) {
        Ok(_) => "none".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_gateway_of_twilios_kind_is_checked() {
    type Change = fn(&mut TwilioSettings);
    let checks: [(Change, &str); 13] = [
        (|_| {}, "none"),
        (|t| t.whatsapp = Some(whatsapp("Acorn", "HX1")), "whatsapp.from"),
        (
            |t| t.whatsapp = Some(whatsapp("+4930123456", "")),
            "at least one template",
        ),
        (
            |t| t.base_url = "http://api.twilio.example".to_owned(),
            "without encryption",
        ),
        (|t| t.base_url = "ftp://api.twilio.example".to_owned(), "https://host/"),
        (
            |t| t.base_url = "https://user:word@api.twilio.example".to_owned(),
            "without user and password",
        ),
        (|t| t.base_url = "https://10.0.0.1".to_owned(), "not allowed"),
        (
            |t| t.base_url = "https://2852039166".to_owned(),
            "169.254.169.254 is in a network that is not allowed",
        ),
        (
            |t| t.base_url = "https://[::ffff:192.168.0.1]".to_owned(),
            "not allowed",
        ),
        (|t| t.account = "AC1/../x".to_owned(), "account and token"),
        (|t| t.token = Secret::new(String::new()), "account and token"),
        (
            |t| t.call_from = Some("Acorn".to_owned()),
            "call_from has to be a number",
        ),
        (|t| t.sms_from = None, "carries nothing"),
    ];
    for (change, expect) in checks {
        let mut changed = twilio();
        change(&mut changed);
        let why = refusal(vec![settings("north", GatewayKind::Twilio(changed))]);
        assert!(why.contains(expect), "{why}: {expect}");
    }
}

#[test]
fn a_templated_gateway_is_checked_and_its_secrets_are_not_shown() {
    type Change = fn(&mut TemplateSettings);
    let checks: [(Change, &str); 15] = [
        (|_| {}, "none"),
        (
            |t| t.url = "https://sms.example/{{ to_digits }}?text={{ text }}".to_owned(),
            "none",
        ),
        (|t| t.url = "https://{{ to }}.example/".to_owned(), "https://host/"),
        (|t| t.url = "https://sms.example{{ to }}".to_owned(), "https://host/"),
        (|t| t.url = "{{ report_to }}".to_owned(), "https://host/"),
        (|t| t.url = "http://sms.example/".to_owned(), "without encryption"),
        (|t| t.method = "DELETE".to_owned(), "GET, POST or PUT"),
        (|t| t.carries = vec![Way::Call], "signs its callbacks"),
        (|t| t.carries = Vec::new(), "carries nothing"),
        (|t| t.taken = 200..=500, "200 to 299"),
        (|t| t.id_pointer = Some("id".to_owned()), "pointer"),
        (
            |t| t.body = Body::Json(r#"{"to": {{ to }}}"#.to_owned()),
            "the body cannot be used: filled, it is not JSON",
        ),
        (
            |t| t.body = Body::Form("to={{ number }}".to_owned()),
            "the body cannot be used",
        ),
        (
            |t| {
                t.headers
                    .push(("X-Text".to_owned(), Secret::new("token-7 {{ text }}".to_owned())));
            },
            "the header cannot be used",
        ),
        (
            |t| t.headers.push(("X Text".to_owned(), Secret::new("token-7".to_owned()))),
            "the header cannot be used",
        ),
    ];
    for (change, expect) in checks {
        let mut changed = template();
        change(&mut changed);
        let why = refusal(vec![settings("north", GatewayKind::Template(changed))]);
        assert!(why.contains(expect) && !why.contains("token-7"), "{why}: {expect}");
    }
}

#[test]
fn names_times_and_countries_are_checked() {
    type Change = fn(&mut GatewaySettings);
    let checks: [(Change, &str); 7] = [
        (|s| s.name = String::new(), "small letters"),
        (|s| s.name = "North".to_owned(), "small letters"),
        (|s| s.timeout = Duration::ZERO, "between 1 ms and 10 s"),
        (|s| s.timeout = Duration::from_secs(11), "between 1 ms and 10 s"),
        (|s| s.countries = vec!["GER".to_owned()], "has: GER"),
        (
            |s| s.ca_file = Some("/nonexistent/ca.pem".into()),
            "/nonexistent/ca.pem",
        ),
        (|s| s.ca_file = Some("/dev/null".into()), "no certificate"),
    ];
    for (change, expect) in checks {
        let mut changed = settings("north", GatewayKind::Twilio(twilio()));
        change(&mut changed);
        let why = refusal(vec![changed]);
        assert!(why.contains(expect), "{why}: {expect}");
    }
    let named = |name: &str| settings(name, GatewayKind::Twilio(twilio()));
    assert!(refusal(vec![named("north"), named("north")]).contains("same name"));
    assert!(refusal(["a", "b", "c", "d", "e", "f"].map(named).into()).starts_with("gateway f: there are too many"));
}

#[tokio::test]
async fn a_gateway_is_asked_only_for_its_ways_and_countries() {
    let fake = Fake::start(&[]);
    let german = GatewaySettings {
        countries: vec!["de".to_owned()],
        ..fake.settings("north")
    };
    let gateways = Gateways::new(vec![german, settings("south", GatewayKind::Template(template()))]).unwrap();
    assert!(gateways.carry(Way::Call, Some("DE")) && !gateways.carry(Way::Call, Some("CZ")));
    assert!(gateways.carry(Way::Call, None) && gateways.carry(Way::Sms, Some("CZ")));

    let czech = GatewaySettings {
        countries: vec!["CZ".to_owned()],
        ..fake.settings("south")
    };
    let other = GatewaySettings {
        countries: vec!["DE".to_owned()],
        ..fake.settings("north")
    };
    taken(text(&Gateways::new(vec![other, czech]).unwrap()).await, "south");
    assert_eq!(fake.list("messages", TO).len(), 1);

    let other = GatewaySettings {
        countries: vec!["DE".to_owned()],
        ..fake.settings("north")
    };
    let sent = text(&Gateways::new(vec![other]).unwrap()).await;
    let why = "no gateway carries sms to CZ".to_owned();
    assert_eq!((sent.gateway.as_str(), sent.outcome), ("", Outcome::Refused { why }));
}
