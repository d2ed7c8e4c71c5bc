//! Calls: what is heard, which keys count, and how a call that nobody takes ends. R13.

use crate::fake::{Fake, TO, call, send_to};
use crate::listener::{Answer, Asked, Listener};
use crate::messages::taken;
use regain_delivery::gateway::callback::{CallReport, CallState, Fields, Keys, Pressed};
use regain_delivery::gateway::twiml::{self, Caller, End};
use regain_delivery::gateway::{Content, Gateways, Script};
use regain_domain::Secret;
use regain_domain::locale::Language;
use regain_domain::notice::Subject;
use serde_json::{Value, json};

const CALLER: Caller<'static> = Caller {
    language: Language::De,
    organisation: "Käse & Wein",
    subject: Subject::Reset,
};

fn document(text: String) -> Answer {
    ("200 OK", "Content-Type: text/xml\r\n", text)
}

/// Our side: pages of a call by their paths. Actions are relative, so that they need not know our port.
fn pages(asked: &Asked) -> Answer {
    let keys = Fields::parse(&asked.body)
        .and_then(|fields| Pressed::of(&fields))
        .map(|pressed| pressed.keys);
    match (asked.path.as_str(), keys) {
        ("/approve", _) => document(twiml::approval(&CALLER, "/pressed")),
        ("/pressed", Some(Keys::Hash)) => document(twiml::goodbye(Language::De, End::Allowed)),
        ("/pressed", Some(Keys::Nine)) => document(twiml::confirm_report(Language::De, "/report")),
        ("/report", Some(Keys::Hash)) => document(twiml::goodbye(Language::De, End::Reported)),
        ("/pressed" | "/report", _) => document(twiml::goodbye(Language::De, End::NotAllowed)),
        ("/offer", _) => document(twiml::offer_code(&CALLER, "/code")),
        ("/code", _) => document(
            twiml::spoken_code(Language::De, &Secret::new("481516".to_owned()))
                .expose()
                .to_owned(),
        ),
        _ => ("204 No Content", "", String::new()),
    }
}

/// One call: the stand-in, our side, and what came in.
struct Line {
    fake: Fake,
    listener: Listener,
    gateways: Gateways,
}

impl Line {
    fn start() -> Self {
        let fake = Fake::start(&["--ring-seconds", "0.3"]);
        Self {
            gateways: fake.gateways(),
            listener: Listener::start(pages),
            fake,
        }
    }

    /// Calls and follows the call to its end: states in order, pages with the keys that led there, what was heard.
    async fn follow(&self, script: Script<'_>) -> (Vec<CallState>, Vec<(String, Keys)>, Vec<String>) {
        let report_to = self.listener.url("/state");
        let id = taken(call(&self.gateways, script, &report_to).await, "north");
        let (mut states, mut pages) = (Vec::new(), Vec::new());
        loop {
            let asked = self.listener.next();
            let fields = Fields::parse(&asked.body).unwrap();
            let url = self.listener.url(&asked.path);
            assert_eq!(
                self.gateways.signer(&url, &fields, asked.header("x-twilio-signature")),
                Some("north")
            );
            if asked.path == "/state" {
                let report = CallReport::of(&fields).unwrap();
                assert_eq!((report.id.as_str(), report.at.is_some()), (id.as_str(), true));
                states.push(report.state);
                if !matches!(
                    report.state,
                    CallState::Queued | CallState::Ringing | CallState::Answered
                ) {
                    break;
                }
            } else {
                let pressed = Pressed::of(&fields).unwrap();
                assert_eq!(pressed.id, id);
                pages.push((asked.path, pressed.keys));
            }
        }
        let calls = self.fake.list("calls", TO);
        assert_eq!((calls.len(), &calls[0]["_errors"]), (1, &json!([])));
        let heard = calls[0]["_heard"]
            .as_array()
            .unwrap()
            .iter()
            .map(|said| said["text"].as_str().unwrap().to_owned());
        (states, pages, heard.collect())
    }

    fn answer(&self, keys: &str) {
        self.fake.put("answers", &json!({"to": TO, "keys": keys}));
    }
}

const TAKEN: [CallState; 4] = [
    CallState::Queued,
    CallState::Ringing,
    CallState::Answered,
    CallState::Completed,
];

#[tokio::test]
async fn r13_a_hash_in_the_call_is_told_by_a_signed_callback() {
    let line = Line::start();
    line.answer("#");
    let script = twiml::approval(&CALLER, &line.listener.url("/pressed"));
    let (states, pages, heard) = line.follow(Script::Inline(&script)).await;
    assert_eq!(states, TAKEN);
    assert_eq!(pages, [("/pressed".to_owned(), Keys::Hash)]);
    assert_eq!(heard[0], "Guten Tag. Hier ist Käse & Wein.");
    assert_eq!(heard.last().unwrap(), "Auf Wiederhören.");
    assert!(
        heard.iter().any(|said| said.starts_with("Danke. Es ist erlaubt.")),
        "{heard:?}"
    );
}

#[tokio::test]
async fn r13_nine_and_hash_report_fraud() {
    let line = Line::start();
    line.answer("9#");
    let (states, pages, heard) = line.follow(Script::At(&line.listener.url("/approve"))).await;
    assert_eq!(states, TAKEN);
    let expect = [
        ("/approve", Keys::Nothing),
        ("/pressed", Keys::Nine),
        ("/report", Keys::Hash),
    ];
    assert_eq!(pages, expect.map(|(path, keys)| (path.to_owned(), keys)));
    assert!(heard.iter().any(|said| said.contains("Administratoren")), "{heard:?}");
    assert!(!heard.iter().any(|said| said.contains("Es ist erlaubt")), "{heard:?}");
}

#[tokio::test]
async fn r13_voicemail_and_other_keys_allow_nothing() {
    for (keys, expect) in [("", None), ("1", Some(Keys::Other)), ("*#", Some(Keys::Other))] {
        let line = Line::start();
        line.answer(keys);
        let script = twiml::approval(&CALLER, &line.listener.url("/pressed"));
        let (states, pages, heard) = line.follow(Script::Inline(&script)).await;
        assert_eq!(states, TAKEN);
        assert_eq!(pages.first().map(|(_, keys)| *keys), expect);
        assert!(heard.iter().any(|said| said == "Es wurde nichts erlaubt."), "{heard:?}");
    }
}

#[tokio::test]
async fn r13_a_code_is_spoken_only_after_a_key() {
    let line = Line::start();
    line.answer("5");
    let (_, pages, heard) = line.follow(Script::At(&line.listener.url("/offer"))).await;
    assert_eq!(pages.last().unwrap(), &("/code".to_owned(), Keys::Other));
    let digits: String = heard
        .iter()
        .filter(|said| said.len() == 1)
        .map(String::as_str)
        .collect();
    assert_eq!(digits, "481516481516");

    let line = Line::start();
    line.answer("");
    let (_, pages, heard) = line.follow(Script::At(&line.listener.url("/offer"))).await;
    assert_eq!(pages, [("/offer".to_owned(), Keys::Nothing)]);
    assert!(heard.iter().all(|said| said.len() > 1), "{heard:?}");
}

#[tokio::test]
async fn r13_a_call_that_nobody_takes_says_why() {
    for (outcome, state) in [
        ("busy", CallState::Busy),
        ("no-answer", CallState::NoAnswer),
        ("failed", CallState::Failed),
    ] {
        let line = Line::start();
        line.fake.put("answers", &json!({"to": TO, "outcome": outcome}));
        let (states, pages, _) = line.follow(Script::Inline(&twiml::approval(&CALLER, "/pressed"))).await;
        assert_eq!(states, [CallState::Queued, CallState::Ringing, state]);
        assert!(pages.is_empty());
    }
}

#[tokio::test]
async fn r14_an_extension_is_dialled_and_not_part_of_the_number() {
    let listener = Listener::start(|_| ("201 Created", "", json!({"sid": "CA1"}).to_string()));
    let fake = Fake::start(&[]);
    let mut settings = fake.settings("north");
    let mut twilio = fake.twilio();
    twilio.base_url = listener.url("/");
    settings.kind = regain_delivery::gateway::GatewayKind::Twilio(twilio);
    let gateways = Gateways::new(vec![settings]).unwrap();
    let script = Script::At("https://reset.acorn.example/call");
    let sent = send_to(&gateways, &format!("{TO};ext=12"), Content::Call { script }, None).await;
    assert_eq!(taken(sent, "north"), "CA1");
    let asked = listener.next();
    let fields = Fields::parse(&asked.body).unwrap();
    assert_eq!((fields.get("To"), fields.get("SendDigits")), (Some(TO), Some("wwww12")));
    assert_eq!(
        (fields.get("Timeout"), fields.get("TimeLimit")),
        (Some("90"), Some("120"))
    );
    let account = fake.fact("GATEWAY_ACCOUNT");
    assert_eq!(asked.path, format!("/2010-04-01/Accounts/{account}/Calls.json"));
    assert!(
        Value::from(asked.header("authorization"))
            .as_str()
            .unwrap()
            .starts_with("Basic ")
    );
}
