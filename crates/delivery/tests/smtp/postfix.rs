//! A mail's way through a real Postfix that takes nothing without STARTTLS.

use crate::sink::{envelope, send, settings};
use regain_delivery::{MailChannel, Outcome, SmtpSettings, Tls};
use serde_json::Value;
use std::collections::HashMap;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::Duration;

/// What the script ends with where Postfix cannot be tried.
const NOT_TRIED: i32 = 77;

/// A running Postfix; stopped when dropped.
struct Postfix {
    state: tempfile::TempDir,
    facts: HashMap<String, String>,
}

impl Postfix {
    /// None where it cannot be tried, which is said.
    fn start() -> Option<Self> {
        let state = tempfile::tempdir().unwrap();
        let output = run("start", &state, &["127.0.0.1"]);
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.code() == Some(NOT_TRIED) {
            println!("NOT TRIED: {words}");
            return None;
        }
        assert!(output.status.success(), "Postfix did not start: {words}");
        let facts = String::from_utf8(output.stdout).unwrap();
        let facts = facts.lines().filter_map(|line| line.split_once('='));
        Some(Self {
            facts: facts.map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
            state,
        })
    }

    fn channel(&self) -> MailChannel {
        let port = self.facts["SMTP_PORT"].parse().unwrap();
        MailChannel::new(SmtpSettings {
            ca_file: Some(PathBuf::from(&self.facts["SMTP_CA_FILE"])),
            ..settings(port, Tls::Starttls)
        })
        .unwrap()
    }

    /// What has arrived, as soon as it is as many.
    async fn messages(&self, many: usize) -> Vec<Value> {
        for _ in 0..100 {
            let output = run("messages", &self.state, &[]);
            let messages: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
            if messages.len() >= many {
                return messages;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let log = std::fs::read_to_string(self.state.path().join("log"));
        panic!("{many} mails did not arrive: {}", log.unwrap_or_default());
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        run("stop", &self.state, &[]);
    }
}

fn run(command: &str, state: &tempfile::TempDir, arguments: &[&str]) -> Output {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../end2end/services/postfix.sh");
    Command::new(script)
        .arg(command)
        .arg(state.path())
        .args(arguments)
        .output()
        .unwrap()
}

#[tokio::test]
async fn a_real_postfix_hands_the_mail_on_as_it_was_written() {
    let Some(postfix) = Postfix::start() else { return };
    let channel = postfix.channel();
    for row in 1..=2 {
        assert_eq!(send(&channel, "ada@mail.example", row).await, Outcome::Sent);
    }
    channel.close().await;
    let mut messages = postfix.messages(2).await;
    let id_of = |message: &Value| message["headers"]["message-id"].as_str().unwrap().to_owned();
    messages.sort_by_key(id_of);
    for (message, row) in messages.iter().zip(1..) {
        assert_eq!(id_of(message), envelope("ada@mail.example", row).message_id);
        let headers = &message["headers"];
        assert!(
            headers["received"].as_str().unwrap().contains("(using TLSv1."),
            "{headers}"
        );
        assert_eq!(headers["from"], "Käse Works <noreply@acorn.example>");
        assert_eq!(headers["to"], "ada@mail.example");
        assert_eq!(headers["subject"], "رمزك لدى Käse Works: 481516");
        assert_eq!(headers["auto-submitted"], "auto-generated");
        assert_eq!(headers["date"], "Sat, 21 Nov 2026 14:32:00 +0000");
        assert_eq!(message["type"], "multipart/alternative");
        let parts = &message["parts"];
        let text = parts["text/plain"].as_str().unwrap();
        assert!(
            text.lines().any(|line| line == "481516") && text.contains("رمزك"),
            "{text}"
        );
        assert!(parts["text/html"].as_str().unwrap().contains(r#"dir="rtl""#));
    }
}
