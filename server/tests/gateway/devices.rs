//! What a person holds in their hands, without a browser: a phone with the authenticator and a device with a passkey, each
//! registered and used over HTTP.

use crate::client::pair::Pair;
use crate::client::{Browser, Person};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use regain_domain::Timestamp;
use regain_domain::authenticator::{Act, Added, Reply, Request, Statement, Verdict, Waiting, base64url};
use regain_domain::gate::{Gate, MethodKind};
use regain_service::testing::Authenticator;
use serde::de::DeserializeOwned;
use std::cell::Cell;

/// A phone that was added by a link.
pub(crate) struct Phone {
    site: Browser,
    added: Added,
    key: SigningKey,
    /// The time of its last statement, in milliseconds.
    last: Cell<i64>,
}

impl Phone {
    /// Follows a link.
    fn follow(site: Browser, link: &str) -> Self {
        let (_, token) = link.split_once('#').expect("a token");
        let bytes: [u8; 32] = rand::random();
        let key = SigningKey::from_slice(&bytes).expect("a key");
        let public = base64url(key.verifying_key().to_encoded_point(false).as_bytes());
        let added = said(&site, "enrol", &[("token", token), ("key", &public)]);
        Self {
            site,
            added,
            key,
            last: Cell::new(0),
        }
    }

    /// Approves the one request that waits, with the number that the page shows.
    pub(crate) fn approve(&self, pair: &Pair, number: &str) {
        let device = self.added.device.to_string();
        let (at, signature) = self.signed(pair, Act::Look);
        let fields = [("device", &*device), ("at", &at), ("signature", &signature)];
        let Reply::Done(Waiting { requests, .. }) = said(&self.site, "waiting", &fields) else {
            panic!("the phone is not believed")
        };
        let [request] = requests.as_slice() else {
            panic!("not one request: {requests:?}")
        };
        self.answer(pair, &device, request, number);
    }

    fn answer(&self, pair: &Pair, device: &str, request: &Request, number: &str) {
        let verdict = Verdict::Approve;
        let (at, signature) = self.signed(
            pair,
            Act::Answer {
                request: request.id,
                bound_to: &request.bound_to,
                verdict,
                number,
                expires_at: request.expires_at,
            },
        );
        let fields = [
            ("device", device),
            ("request", &request.id.to_string()),
            ("verdict", verdict.code()),
            ("number", number),
            ("at", &at),
            ("signature", &signature),
        ];
        let reply: serde_json::Value = said(&self.site, "answer", &fields);
        assert_eq!(reply["done"]["as"], "approved", "{reply}");
    }

    /// When it is said, and the signature.
    fn signed(&self, pair: &Pair, act: Act<'_>) -> (String, String) {
        let at = pair.service.now().ms().max(self.last.get() + 1);
        self.last.set(at);
        let statement = Statement {
            tenant: self.added.tenant,
            device: self.added.device,
            at: Timestamp::from_ms(at),
            act,
        };
        let signature: Signature = self.key.sign(&statement.bytes());
        (at.to_string(), base64url(&signature.to_bytes()))
    }
}

fn said<T: DeserializeOwned>(site: &Browser, what: &str, fields: &[(&str, &str)]) -> T {
    let answer = site
        .posting(&format!("public/authenticator-{what}"), fields)
        .send(site.site.port);
    assert_eq!(answer.status, 200, "{what} {}", answer.text());
    serde_json::from_value(answer.json()).expect("an answer as the app reads it")
}

/// Both, as far as the gates want them.
#[derive(Default)]
pub(crate) struct Devices {
    phone: Option<Phone>,
    keys: Authenticator,
}

impl Devices {
    /// Registers what these gates need, at the page of a person's own methods.
    ///
    /// `proved`: signs the person in, and proves who it is once more.
    pub(crate) fn registered(pair: &Pair, person: &Person, gates: [Gate; 2], proved: impl Fn(&mut Browser)) -> Self {
        let mut devices = Self::default();
        if !gates.iter().any(|gate| matches!(gate, Gate::Passkey | Gate::AppPush)) {
            return devices;
        }
        let mut browser = Browser::scripted(pair.site(0, crate::ACORN));
        assert!(browser.signs_in(&person.username, &person.password));
        proved(&mut browser);
        if gates.contains(&Gate::Passkey) {
            devices.add_passkey(pair, &mut browser);
        }
        if gates.contains(&Gate::AppPush) {
            devices.add_phone(pair, &mut browser);
        }
        devices
    }

    fn add_passkey(&mut self, pair: &Pair, browser: &mut Browser) {
        let options = begun(browser, MethodKind::Passkey, "/enrol/form/passkey/options");
        let answer = self.keys.create(&options, &origin(pair));
        let done = browser.post("user/security-passkey", &[("passkey", &answer)]);
        assert_eq!(done.json()["methods"]["said"], "added", "{}", done.text());
    }

    fn add_phone(&mut self, pair: &Pair, browser: &mut Browser) {
        let link = begun(browser, MethodKind::Authenticator, "/enrol/form/link/link");
        let phone = Phone::follow(Browser::scripted(browser.site), &link);
        let asked = browser.post("user/security-enrol", &[]).json();
        let number = asked["enrol"]["form"]["number"]["number"].as_str().expect("a number");
        phone.approve(pair, number);
        let done = browser.post("user/security-enrol", &[]);
        assert_eq!(done.json()["methods"]["said"], "added", "{}", done.text());
        self.phone = Some(phone);
    }

    /// Answers the question on the page with the passkey.
    pub(crate) fn prove_passkey(&mut self, pair: &Pair, browser: &mut Browser, asked: &serde_json::Value) {
        let options = asked["step"]["prove"]["form"]["passkey"].as_str().expect("a question");
        let answer = self.keys.get(options, &origin(pair));
        browser.post("public/reset-prove", &[("passkey", &answer)]);
    }

    /// Types the number on the page in the phone.
    pub(crate) fn approve(&self, pair: &Pair, asked: &serde_json::Value) {
        let number = &asked["step"]["prove"]["form"]["waiting"]["number"];
        let phone = self.phone.as_ref().expect("a phone");
        phone.approve(pair, number.as_str().expect("a number"));
    }
}

/// Begins to register a method; gives what the page shows at this place.
fn begun(browser: &mut Browser, kind: MethodKind, place: &str) -> String {
    let screen = browser.post("user/security-add", &[("kind", kind.code())]).json();
    let shown = screen.pointer(place).and_then(serde_json::Value::as_str);
    shown.unwrap_or_else(|| panic!("{screen}")).to_owned()
}

/// The tenant's own address, which passkeys are bound to.
fn origin(pair: &Pair) -> String {
    format!("http://{}:{}", crate::ACORN, pair.nodes[0].1)
}
