//! The whole way to a phone and back: real servers, a gateway that takes, calls and signs as Twilio does, and its faults.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that gets no answer has failed, and shows the log"
)]

#[expect(dead_code, unused_imports, reason = "other test programs use more of it")]
mod client;

use client::pair::Pair;
use client::{Ask, Browser, Page, wait_for};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::process::{Command, Output};

const ACORN: &str = "localhost";

/// `end2end/services/gateway.py`, stopped when dropped.
struct Gateway {
    state: tempfile::TempDir,
    facts: HashMap<String, String>,
}

fn run(arguments: &[&str]) -> Output {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../end2end/services/gateway.py");
    let done = Command::new("/usr/bin/python3")
        .args(["-B", script])
        .args(arguments)
        .output();
    done.expect("these tests need /usr/bin/python3")
}

impl Gateway {
    fn start() -> Self {
        let state = tempfile::tempdir().expect("a folder");
        let output = run(&[
            "start",
            state.path().to_str().expect("a path"),
            "127.0.0.1",
            "--ring-seconds",
            "0.3",
        ]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let facts = String::from_utf8(output.stdout).expect("text");
        let facts = facts.lines().filter_map(|line| line.split_once('='));
        Self {
            facts: facts.map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
            state,
        }
    }

    /// Two servers that send by it.
    fn pair(&self) -> Pair {
        let from = self.facts["GATEWAY_SMS_FROM"].as_str();
        Pair::start_with(&[
            ("REGAIN_GATEWAYS__NORTH__URL", &self.facts["GATEWAY_URL"]),
            ("REGAIN_GATEWAYS__NORTH__ACCOUNT", &self.facts["GATEWAY_ACCOUNT"]),
            ("REGAIN_GATEWAYS__NORTH__TOKEN", &self.facts["GATEWAY_TOKEN"]),
            ("REGAIN_GATEWAYS__NORTH__SMS_FROM", from),
            ("REGAIN_GATEWAYS__NORTH__CALL_FROM", from),
            ("REGAIN_GATEWAYS__NORTH__PRICE_SMS", "0.08"),
            ("REGAIN_GATEWAYS__NORTH__PRICE_CALL", "0.12"),
            ("REGAIN_GATEWAYS__NORTH__ALLOWED_NETWORKS", "127.0.0.0/8"),
        ])
    }

    fn side(&self, method: &str, path: &str, body: &Value) -> Value {
        let (_, url) = self.facts["GATEWAY_SIDE_URL"].split_once("://").expect("an address");
        let (address, root) = url.split_once('/').expect("a path");
        let (_, port) = address.rsplit_once(':').expect("a port");
        let ask = Ask::new(method, &format!("/{root}/{path}"))
            .header("host", address)
            .body("application/json", body.to_string().as_bytes());
        let answer = ask.send(port.parse().expect("a port"));
        serde_json::from_str(answer.text()).unwrap_or(Value::Null)
    }

    /// How the called person acts.
    fn person_of(&self, to: &str, keys: &str) {
        self.side("PUT", "answers", &json!({"to": to, "keys": keys}));
    }

    fn text_to(&self, to: &str) -> String {
        wait_for("a text message", || {
            let found = self.side("GET", &format!("messages?to={}", to.replace('+', "%2B")), &Value::Null);
            found.as_array()?.last()?.get("body")?.as_str().map(str::to_owned)
        })
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        run(&["stop", &self.state.path().to_string_lossy()]);
    }
}

/// Waits until the page has something to collect, and collects it as its script does.
fn collect(browser: &mut Browser) {
    wait_for("an answer", || {
        let page = browser.get("/reset");
        (!page.text().contains("http-equiv")).then_some(())
    });
    browser.post("public/reset-prove", &[]);
}

#[test]
fn r13_a_text_message_and_a_call_to_the_office_reset_a_password() {
    let gateway = Gateway::start();
    let pair = gateway.pair();
    let person = pair.person(ACORN, "user@acorn.example");
    let (mobile, office) = (
        person.mobile.clone().expect("a mobile"),
        person.office.clone().expect("an office"),
    );
    let mut browser = pair.identified(ACORN, &person);
    browser.choose("mobile_sms");
    browser.destination(&mobile);
    let text = gateway.text_to(&mobile);
    assert!(
        text.starts_with("Acorn Works: ") && text.contains("@localhost #"),
        "{text}"
    );
    let (_, code) = text.rsplit_once('#').expect("a code");
    assert_eq!(browser.code(code).status, 200);
    assert_eq!(browser.look(), Page::at("choose"));
    gateway.person_of(&office, "#");
    browser.choose("office_call");
    assert_eq!(browser.destination(&office).status, 200);
    collect(&mut browser);
    assert_eq!(browser.look(), Page::at("password"));
    browser.password("seven brass otters hum");
    assert_eq!(browser.look(), Page::at("done"));
    let spent = pair.rows().number("SELECT micros FROM spent");
    assert_eq!(spent, 200_000, "r20: both prices, once each");
}

#[test]
fn r13_nine_and_hash_in_a_real_call_end_the_flow_and_block_the_person() {
    let gateway = Gateway::start();
    let pair = gateway.pair();
    let person = pair.person(ACORN, "user@acorn.example");
    let mobile = person.mobile.clone().expect("a mobile");
    let mut browser = pair.identified(ACORN, &person);
    gateway.person_of(&mobile, "9#");
    browser.choose("mobile_call");
    browser.destination(&mobile);
    collect(&mut browser);
    assert_eq!(browser.look(), Page::refused("stopped", "call-ended"));
    assert_eq!(pair.n_entries(&person, "reported", "reset"), 1);
    assert_eq!(
        pair.identified(ACORN, &person).look(),
        Page::refused("stopped", "blocked")
    );
}

#[test]
fn r36_what_no_gateway_has_signed_is_403_and_changes_nothing() {
    let gateway = Gateway::start();
    let pair = gateway.pair();
    let sizes = pair.rows().sizes();
    for (path, signature) in [
        ("/callback/call/token/key", None),
        ("/callback/call/token/key", Some("bm9ib2R5IHNpZ25lZCB0aGlzLg==")),
        ("/callback/call/token/status", Some("")),
        ("/callback/call/token/nothing", Some("x")),
    ] {
        let ask = pair
            .site(0, ACORN)
            .ask("POST", path)
            .form(&[("CallSid", "CA1"), ("Digits", "#")]);
        let ask = signature
            .into_iter()
            .fold(ask, |ask, value| ask.header("x-twilio-signature", value));
        assert_eq!(ask.send(pair.nodes[0].1).status, 403, "{path} {signature:?}");
    }
    assert_eq!(pair.rows().sizes(), sizes);
}
