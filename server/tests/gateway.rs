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
#[path = "../../end2end/services/service.rs"]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod service;

use client::devices::{Devices, shown_number};
use client::pair::Pair;
use client::{Browser, Page, Person, wait_for};
use regain_domain::gate::{Gate, MethodKind};
use serde_json::{Value, json};
use service::Service;

const ACORN: &str = "localhost";

/// A gateway, and a mail server beside it.
struct World {
    gateway: Service,
    mail: Service,
}

impl World {
    fn start() -> Self {
        let options = [
            "--ring-seconds",
            "0.3",
            "--template",
            "HX1={{1}} is your code at {{2}}.",
        ];
        Self {
            gateway: Service::start("gateway.py", &options),
            mail: Service::start("smtp.py", &[]),
        }
    }

    /// Two servers that send by both.
    fn pair(&self) -> Pair {
        let fact = |name| self.gateway.fact(name);
        let (from, writer) = (
            fact("GATEWAY_SMS_FROM"),
            fact("GATEWAY_WHATSAPP_FROM").trim_start_matches("whatsapp:"),
        );
        Pair::start_with(&[
            ("REGAIN_MAIL__PORT", self.mail.fact("SMTP_PORT")),
            ("REGAIN_GATEWAYS__NORTH__URL", fact("GATEWAY_URL")),
            ("REGAIN_GATEWAYS__NORTH__ACCOUNT", fact("GATEWAY_ACCOUNT")),
            ("REGAIN_GATEWAYS__NORTH__TOKEN", fact("GATEWAY_TOKEN")),
            ("REGAIN_GATEWAYS__NORTH__SMS_FROM", from),
            ("REGAIN_GATEWAYS__NORTH__CALL_FROM", from),
            ("REGAIN_GATEWAYS__NORTH__WHATSAPP_FROM", writer),
            ("REGAIN_GATEWAYS__NORTH__WHATSAPP_CONTENTS", "en=HX1"),
            ("REGAIN_GATEWAYS__NORTH__PRICE_SMS", "0.08"),
            ("REGAIN_GATEWAYS__NORTH__PRICE_WHATSAPP", "0.08"),
            ("REGAIN_GATEWAYS__NORTH__PRICE_CALL", "0.12"),
            ("REGAIN_GATEWAYS__NORTH__ALLOWED_NETWORKS", "127.0.0.0/8"),
        ])
    }

    /// How the called person acts.
    fn person_of(&self, to: &str, keys: &str) {
        let body = json!({"to": to, "keys": keys}).to_string();
        self.gateway.side("GATEWAY_SIDE_URL", "PUT", "answers", &body);
    }

    /// The text to a number, whichever way it came.
    fn text_to(&self, to: &str) -> String {
        wait_for("a text message", || {
            let all: Value =
                serde_json::from_str(&self.gateway.side("GATEWAY_SIDE_URL", "GET", "messages", "")).ok()?;
            let is_there = |message: &&Value| message["to"].as_str().is_some_and(|number| number.ends_with(to));
            let found = all.as_array()?.iter().find(is_there)?;
            found["body"].as_str().map(str::to_owned)
        })
    }

    /// The code in the newest mail to an address.
    fn mailed_code(&self, to: &str) -> String {
        wait_for("a mail", || {
            let found = self.mail.side("SMTP_SIDE_URL", "GET", &format!("messages?to={to}"), "");
            let all: Value = serde_json::from_str(&found).ok()?;
            let code = |mail: &Value| {
                let (_, code) = mail["subject"].as_str()?.rsplit_once(": ")?;
                code.bytes().all(|byte| byte.is_ascii_digit()).then(|| code.to_owned())
            };
            // Others may have come: a method was added.
            all.as_array()?.iter().rev().find_map(code)
        })
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
    let world = World::start();
    let pair = world.pair();
    let person = pair.person(ACORN, "user@acorn.example");
    let (mobile, office) = (
        person.mobile.clone().expect("a mobile"),
        person.office.clone().expect("an office"),
    );
    let mut browser = pair.identified(ACORN, &person);
    browser.choose("mobile_sms");
    browser.destination(&mobile);
    let text = world.text_to(&mobile);
    assert!(
        text.starts_with("Acorn Works: ") && text.contains("@localhost #"),
        "{text}"
    );
    let (_, code) = text.rsplit_once('#').expect("a code");
    assert_eq!(browser.code(code).status, 200);
    assert_eq!(browser.look(), Page::at("choose"));
    world.person_of(&office, "#");
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
    let world = World::start();
    let pair = world.pair();
    let person = pair.person(ACORN, "user@acorn.example");
    let mobile = person.mobile.clone().expect("a mobile");
    let mut browser = pair.identified(ACORN, &person);
    world.person_of(&mobile, "9#");
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
    let world = World::start();
    let pair = world.pair();
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

/// The page of one's own methods, opened by the app or by the mailbox: with what the reset has no need of.
fn methods_page(world: &World, pair: &Pair, person: &Person, gates: [Gate; 2]) -> Browser {
    let mut browser = Browser::scripted(pair.site(0, ACORN));
    assert!(browser.signs_in(&person.username, &person.password));
    let method = match gates.contains(&Gate::AppCode) {
        true => Gate::Email,
        false => Gate::AppCode,
    };
    browser.post("user/security-confirm", &[]);
    browser.post("user/security-choose", &[("method", method.code())]);
    let code = match method {
        Gate::Email => world.mailed_code(person.emails.last().expect("a mailbox")),
        _ => pair.app_code(person),
    };
    let screen = browser.post("user/security-prove", &[("code", &code)]);
    assert!(screen.json()["methods"].is_object(), "{}", screen.text());
    browser
}

/// Passes one gate, with what reaches the person by it.
fn pass(world: &World, pair: &Pair, browser: &mut Browser, (person, devices): (&Person, &mut Devices), gate: Gate) {
    let number = match gate.family() {
        Some(MethodKind::Office) => person.office.clone(),
        _ => person.mobile.clone(),
    };
    let number = number.expect("a number");
    world.person_of(&number, "#");
    let answer = browser.choose(gate.code());
    assert_eq!(answer.status, 200, "{gate:?} {}", answer.text());
    match gate {
        Gate::AppCode => drop(browser.code(&pair.app_code(person))),
        Gate::Email => {
            let code = world.mailed_code(person.emails.last().expect("a mailbox"));
            browser.code(&code);
        }
        Gate::Questions => answer_all(browser, person),
        Gate::MobileCall | Gate::OfficeCall => {
            browser.destination(&number);
            collect(browser);
        }
        Gate::MobileSms | Gate::MobileWhatsapp => {
            browser.destination(&number);
            let text = world.text_to(&number);
            let digits: String = text.chars().skip_while(|c| !c.is_ascii_digit()).take(6).collect();
            browser.code(&digits);
        }
        Gate::Passkey => {
            let answer = devices.passkey(browser, &answer.json());
            browser.post("public/reset-prove", &[("passkey", &answer)]);
        }
        Gate::AppPush => {
            devices
                .phone()
                .approve(pair.service.now(), shown_number(&answer.json()));
            collect(browser);
        }
        Gate::OneTimePass => panic!("staff give it, and no gateway"),
    }
}

/// Answers the questions that the page asks.
fn answer_all(browser: &mut Browser, person: &Person) {
    let page = browser.get("/reset");
    let asked: Vec<&str> = page
        .text()
        .split("data-question=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let names = ["answer_1", "answer_2", "answer_3", "answer_4", "answer_5"];
    let fields: Vec<(&str, &str)> = names
        .into_iter()
        .zip(asked.iter().map(|code| person.answers[*code].as_str()))
        .collect();
    browser.post("public/reset-prove", &fields);
}

/// Every two gates that count beside each other (R04).
fn pairs() -> Vec<[Gate; 2]> {
    let gates = Gate::ALL;
    let mut pairs = Vec::new();
    for (n, first) in gates.iter().enumerate() {
        let others = gates
            .iter()
            .skip(n + 1)
            .filter(|second| second.family() != first.family());
        pairs.extend(others.map(|second| [*first, *second]));
    }
    pairs
}

#[test]
fn r04_every_two_gates_that_count_beside_each_other_reset_a_password() {
    let world = World::start();
    let pair = world.pair();
    let pairs = pairs();
    assert_eq!(pairs.len(), 32);
    for gates in pairs {
        let person = pair.person(ACORN, "user@acorn.example");
        let mut devices = match gates.iter().any(|gate| matches!(gate, Gate::Passkey | Gate::AppPush)) {
            true => {
                let mut browser = methods_page(&world, &pair, &person, gates);
                Devices::registered(&mut browser, pair.service.now(), &gates)
            }
            false => Devices::default(),
        };
        let mut browser = pair.identified(ACORN, &person);
        for gate in gates {
            pass(&world, &pair, &mut browser, (&person, &mut devices), gate);
        }
        assert_eq!(browser.look(), Page::at("password"), "{gates:?}");
        browser.password("seven brass otters hum");
        assert_eq!(browser.look(), Page::at("done"), "{gates:?}");
    }
}
