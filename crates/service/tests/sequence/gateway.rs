//! A stand-in for a gateway to phones: `end2end/services/gateway.py`.

use regain_delivery::gateway::{GatewayChannel, GatewayKind, GatewaySettings, Gateways, Prices, TwilioSettings};
use regain_domain::{Cost, Secret};
use serde_json::Value;
use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::Duration;

/// What a text message costs at each of them.
pub(crate) const PRICE: Cost = Cost::of_micros(80_000);

/// A running gateway; stopped when dropped.
pub(crate) struct Gateway {
    state: tempfile::TempDir,
    facts: HashMap<String, String>,
}

fn run(arguments: &[&str]) -> Output {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../end2end/services/gateway.py");
    let done = Command::new("/usr/bin/python3")
        .args(["-B", script])
        .args(arguments)
        .output();
    done.expect("these tests need /usr/bin/python3")
}

impl Gateway {
    pub(crate) fn start() -> Self {
        let state = tempfile::tempdir().expect("a folder");
        let folder = state.path().to_str().expect("a path");
        let output = run(&["start", folder, "127.0.0.1"]);
        assert!(output.status.success(), "the gateway did not start");
        let facts = String::from_utf8(output.stdout).expect("text");
        let facts = facts.lines().filter_map(|line| line.split_once('='));
        Self {
            facts: facts.map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
            state,
        }
    }

    fn fact(&self, name: &str) -> &str {
        self.facts.get(name).expect("a fact")
    }

    fn settings(&self, name: &str) -> GatewaySettings {
        let fact = |name: &str| self.fact(name).to_owned();
        GatewaySettings {
            name: name.to_owned(),
            countries: Vec::new(),
            allowed_networks: vec!["127.0.0.0/8".parse().expect("a network")],
            ca_file: None,
            timeout: Duration::from_secs(2),
            prices: Prices {
                sms: PRICE,
                ..Prices::default()
            },
            kind: GatewayKind::Twilio(TwilioSettings {
                base_url: fact("GATEWAY_URL"),
                account: fact("GATEWAY_ACCOUNT"),
                token: Secret::new(fact("GATEWAY_TOKEN")),
                sms_from: Some(fact("GATEWAY_SMS_FROM")),
                whatsapp: None,
                call_from: None,
            }),
        }
    }

    /// Sets a fault.
    pub(crate) fn fault(&self, fault: &Value) {
        self.side("PUT", "faults", &fault.to_string());
    }

    /// What it was asked to text to a number.
    pub(crate) fn texts(&self, to: &str) -> Vec<Value> {
        let found = self.side("GET", &format!("messages?to={to}"), "");
        serde_json::from_str(&found).expect("messages")
    }

    fn side(&self, method: &str, path: &str, body: &str) -> String {
        let (_, url) = self.fact("GATEWAY_SIDE_URL").split_once("://").expect("an address");
        let (address, root) = url.split_once('/').expect("a path");
        let mut stream = TcpStream::connect(address).expect("the gateway");
        let length = body.len();
        write!(
            stream,
            "{method} /{root}/{path} HTTP/1.0\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        body.to_owned()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        run(&["stop", &self.state.path().to_string_lossy()]);
    }
}

/// A channel by gateways, the first one first.
pub(crate) fn channel(gateways: &[&Gateway]) -> Arc<GatewayChannel> {
    let named = ["north", "south"].into_iter().zip(gateways);
    let settings = named.map(|(name, gateway)| gateway.settings(name)).collect();
    Arc::new(GatewayChannel::new(Arc::new(
        Gateways::new(settings).expect("gateways"),
    )))
}
