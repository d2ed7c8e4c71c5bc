//! What a person holds in their hands, without a browser: a phone with the authenticator and a device with a passkey, each
//! registered and used over HTTP.

use super::{Answer, Ask, Browser, Site};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use regain_domain::Timestamp;
use regain_domain::authenticator::{Act, Added, Reply, Request, Statement, Taken, Verdict, Waiting, base64url};
use regain_domain::gate::{Gate, MethodKind};
use regain_service::testing::Authenticator;
use serde::de::DeserializeOwned;
use std::cell::Cell;

/// A phone that was added by a link.
pub(crate) struct Phone {
    site: Site,
    added: Added,
    key: SigningKey,
    /// The time of its last statement, in milliseconds.
    last: Cell<i64>,
}

impl Phone {
    /// Follows a link.
    fn follow(site: Site, link: &str) -> Self {
        let (_, token) = link.split_once('#').expect("a token");
        let bytes: [u8; 32] = rand::random();
        let key = SigningKey::from_slice(&bytes).expect("a key");
        let public = base64url(key.verifying_key().to_encoded_point(false).as_bytes());
        let fields = [("token", token), ("key", &*public)];
        let added = heard(&saying(site, "enrol", &fields).send(site.port));
        Self {
            site,
            added,
            key,
            last: Cell::new(0),
        }
    }

    /// The same phone, talking to another server.
    pub(crate) fn at(self, site: Site) -> Self {
        Self { site, ..self }
    }

    /// What waits for it.
    pub(crate) fn waiting(&self, now: Timestamp) -> Vec<Request> {
        let (at, signature) = self.signed(now, Act::Look);
        let device = self.added.device.to_string();
        let fields = [("device", &*device), ("at", &at), ("signature", &signature)];
        let answer = saying(self.site, "waiting", &fields).send(self.site.port);
        let Reply::Done(Waiting { requests, .. }) = heard(&answer) else {
            panic!("the phone is not believed")
        };
        requests
    }

    /// Approves the one request that waits, with the number that the page shows.
    pub(crate) fn approve(&self, now: Timestamp, number: &str) {
        let requests = self.waiting(now);
        let [request] = requests.as_slice() else {
            panic!("not one request: {requests:?}")
        };
        let answer = self.approving(now, request, number).send(self.site.port);
        assert_eq!(taken(&answer), Taken::As(regain_domain::approval::Answer::Approved));
    }

    /// The post that approves a request.
    pub(crate) fn approving(&self, now: Timestamp, request: &Request, number: &str) -> Ask {
        let verdict = Verdict::Approve;
        let act = Act::Answer {
            request: request.id,
            bound_to: &request.bound_to,
            verdict,
            number,
            expires_at: request.expires_at,
        };
        let (at, signature) = self.signed(now, act);
        let fields = [
            ("device", self.added.device.to_string()),
            ("request", request.id.to_string()),
            ("verdict", verdict.code().to_owned()),
            ("number", number.to_owned()),
            ("at", at),
            ("signature", signature),
        ];
        saying(
            self.site,
            "answer",
            &fields.each_ref().map(|(name, value)| (*name, value.as_str())),
        )
    }

    /// When it is said, and the signature.
    fn signed(&self, now: Timestamp, act: Act<'_>) -> (String, String) {
        let at = now.ms().max(self.last.get() + 1);
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

/// What became of a phone's word.
pub(crate) fn taken(answer: &Answer) -> Taken {
    match heard(answer) {
        Reply::Done(taken) => taken,
        other => panic!("the phone is not believed: {other:?}"),
    }
}

fn saying(site: Site, what: &str, fields: &[(&str, &str)]) -> Ask {
    Browser::scripted(site).posting(&format!("public/authenticator-{what}"), fields)
}

fn heard<T: DeserializeOwned>(answer: &Answer) -> T {
    assert_eq!(answer.status, 200, "{}", answer.text());
    serde_json::from_value(answer.json()).expect("an answer as the app reads it")
}

/// Both, as far as the gates want them.
#[derive(Default)]
pub(crate) struct Devices {
    pub(crate) phone: Option<Phone>,
    keys: Authenticator,
}

impl Devices {
    /// Registers what these gates need, at the page of a person's own methods, which the browser has open.
    pub(crate) fn registered(browser: &mut Browser, now: Timestamp, gates: &[Gate]) -> Self {
        let mut devices = Self::default();
        if gates.contains(&Gate::Passkey) {
            devices.add_passkey(browser);
        }
        if gates.contains(&Gate::AppPush) {
            devices.add_phone(browser, now);
        }
        devices
    }

    fn add_passkey(&mut self, browser: &mut Browser) {
        let options = begun(browser, MethodKind::Passkey, "/enrol/form/passkey/options");
        let answer = self.keys.create(&options, &origin(browser.site));
        let done = browser.post("user/security-passkey", &[("passkey", &answer)]);
        assert_eq!(done.json()["methods"]["said"], "added", "{}", done.text());
    }

    fn add_phone(&mut self, browser: &mut Browser, now: Timestamp) {
        let link = begun(browser, MethodKind::Authenticator, "/enrol/form/link/link");
        let phone = Phone::follow(browser.site, &link);
        let asked = browser.post("user/security-enrol", &[]).json();
        let number = asked["enrol"]["form"]["number"]["number"].as_str().expect("a number");
        phone.approve(now, number);
        let done = browser.post("user/security-enrol", &[]);
        assert_eq!(done.json()["methods"]["said"], "added", "{}", done.text());
        self.phone = Some(phone);
    }

    /// What the passkey says to the question on a page.
    pub(crate) fn passkey(&mut self, browser: &Browser, asked: &serde_json::Value) -> String {
        let options = asked["step"]["prove"]["form"]["passkey"].as_str().expect("a question");
        self.keys.get(options, &origin(browser.site))
    }

    /// The phone.
    pub(crate) fn phone(&self) -> &Phone {
        self.phone.as_ref().expect("a phone")
    }
}

/// The number that a page of the wizard shows to be typed in the phone.
pub(crate) fn shown_number(asked: &serde_json::Value) -> &str {
    let number = &asked["step"]["prove"]["form"]["waiting"]["number"];
    number.as_str().unwrap_or_else(|| panic!("no number: {asked}"))
}

/// Begins to register a method; gives what the page shows at this place.
fn begun(browser: &mut Browser, kind: MethodKind, place: &str) -> String {
    let screen = browser.post("user/security-add", &[("kind", kind.code())]).json();
    let shown = screen.pointer(place).and_then(serde_json::Value::as_str);
    shown.unwrap_or_else(|| panic!("{screen}")).to_owned()
}

/// The tenant's own address, which passkeys are bound to.
fn origin(site: Site) -> String {
    format!("http://{}:{}", site.host, site.port)
}
