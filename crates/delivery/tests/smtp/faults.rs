//! Which fault leads to which outcome, and that one mail's fault stays its own.

use crate::sink::{PLAIN, Sink, envelope, later, reject, send, settings};
use regain_delivery::{MailChannel, Outcome, SmtpSettings};
use serde_json::json;
use std::time::Duration;
use tokio::time::Instant;

#[tokio::test]
async fn a_mail_arrives_whole_and_connections_are_used_again() {
    let sink = Sink::start(&[]);
    let channel = sink.channel(PLAIN);
    for row in 1..=3 {
        assert_eq!(send(&channel, "a@mail.example", row).await, Outcome::Sent);
    }
    channel.close().await;
    assert_eq!(send(&channel, "a@mail.example", 4).await, Outcome::Sent);
    let messages = sink.messages("a@mail.example");
    assert_eq!(messages.len(), 4);
    let first = &messages[0];
    assert_eq!(first["subject"], "رمزك لدى Käse Works: 481516");
    assert_eq!(first["message_id"], envelope("", 1).message_id);
    assert_eq!(first["from"], "noreply@acorn.example");
    assert_eq!(first["headers"]["from"], "Käse Works <noreply@acorn.example>");
    assert_eq!(first["headers"]["auto-submitted"], "auto-generated");
    assert_eq!(first["headers"]["date"], "Sat, 21 Nov 2026 14:32:00 +0000");
    assert!(
        first["text"].as_str().unwrap().contains("\r\n481516\r\n")
            || first["text"].as_str().unwrap().contains("\n481516\n")
    );
    assert!(first["html"].as_str().unwrap().contains(r#"lang="ar" dir="rtl""#));
}

#[tokio::test]
async fn f14_put_off_three_times_then_delivered_once() {
    let sink = Sink::start(&[]);
    let channel = sink.channel(PLAIN);
    for at in ["rcpt", "data"] {
        let to = format!("{at}@mail.example");
        sink.fault(&reject(451, at, &to, 3));
        for _ in 0..3 {
            assert_eq!(
                later(send(&channel, &to, 1).await),
                "the mail server put it off: 451 5.1.1"
            );
        }
        assert_eq!(send(&channel, &to, 1).await, Outcome::Sent);
        assert_eq!(sink.messages(&to).len(), 1);
    }
}

#[tokio::test]
async fn f15_refused_for_good_and_the_reason_names_nobody() {
    let sink = Sink::start(&[]);
    let channel = sink.channel(PLAIN);
    for at in ["rcpt", "data"] {
        sink.fault(&reject(550, at, "gone@mail.example", 1));
        let why = "the mail server refused it: 550 5.1.1".to_owned();
        assert_eq!(send(&channel, "gone@mail.example", 1).await, Outcome::Never { why });
    }
    assert_eq!(send(&channel, "a@mail.example", 2).await, Outcome::Sent);
}

#[tokio::test]
async fn f09_a_lost_answer_is_sent_again_under_the_same_message_id() {
    let sink = Sink::start(&[]);
    let channel = sink.channel(PLAIN);
    sink.fault(&json!({"fault": "drop", "count": 1}));
    let why = later(send(&channel, "a@mail.example", 7).await);
    assert!(
        why.starts_with("the mail server hung up") || why.starts_with("the connection"),
        "{why}"
    );
    assert_eq!(send(&channel, "a@mail.example", 7).await, Outcome::Sent);
    let messages = sink.messages("a@mail.example");
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[0]["message_id"], messages[1]["message_id"]);
}

#[tokio::test]
async fn f16_a_slow_answer_is_given_up_and_holds_up_nobody() {
    let sink = Sink::start(&[]);
    let channel = MailChannel::new(SmtpSettings {
        timeout: Duration::from_millis(1500),
        ..sink.settings(PLAIN)
    })
    .unwrap();
    sink.fault(&json!({"fault": "delay", "seconds": 4, "to": "slow@mail.example", "count": 1}));
    let start = Instant::now();
    let (slow, other) = tokio::join!(send(&channel, "slow@mail.example", 1), async {
        let outcome = send(&channel, "a@mail.example", 2).await;
        (outcome, start.elapsed())
    });
    assert_eq!(later(slow), "the mail server took too long");
    assert!(start.elapsed() < Duration::from_secs(3));
    assert_eq!(other.0, Outcome::Sent);
    assert!(other.1 < Duration::from_secs(1), "{:?}", other.1);

    // The late answer to the slow mail must not be taken for the answer to a later one.
    sink.fault(&reject(550, "data", "gone@mail.example", 1));
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert!(matches!(
        send(&channel, "gone@mail.example", 3).await,
        Outcome::Never { .. }
    ));
    assert_eq!(send(&channel, "a@mail.example", 4).await, Outcome::Sent);
}

#[tokio::test]
async fn eight_mails_go_at_a_time_and_the_ninth_waits_within_its_own_time() {
    let sink = Sink::start(&[]);
    let channel = MailChannel::new(SmtpSettings {
        timeout: Duration::from_secs(2),
        ..sink.settings(PLAIN)
    })
    .unwrap();
    sink.fault(&json!({"fault": "delay", "seconds": 5, "to": "slow@mail.example", "count": 8}));
    let slow = || send(&channel, "slow@mail.example", 1);
    let start = Instant::now();
    let ninth = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        send(&channel, "a@mail.example", 2).await
    };
    let slow = async { tokio::join!(slow(), slow(), slow(), slow(), slow(), slow(), slow(), slow()) };
    let (_, ninth) = tokio::join!(slow, ninth);
    assert!(matches!(ninth, Outcome::Sent | Outcome::Later { .. }));
    assert!(start.elapsed() < Duration::from_secs(3));
    assert_eq!(send(&channel, "a@mail.example", 3).await, Outcome::Sent);
}

#[tokio::test]
async fn a_server_that_went_away_is_found_again() {
    let sink = Sink::start(&[]);
    let channel = sink.channel(PLAIN);
    assert_eq!(send(&channel, "a@mail.example", 1).await, Outcome::Sent);
    let port = sink.port();
    drop(sink);
    let why = later(send(&channel, "a@mail.example", 2).await);
    assert_eq!(why, "the mail server could not be reached: connection refused");
    let sink = Sink::start(&["--port", &port.to_string()]);
    assert_eq!(send(&channel, "a@mail.example", 2).await, Outcome::Sent);
    assert_eq!(sink.messages("a@mail.example").len(), 1);
}

#[tokio::test]
async fn an_unknown_name_of_the_server_is_told() {
    let channel = MailChannel::new(SmtpSettings {
        host: "mail.invalid".to_owned(),
        ..settings(25, regain_delivery::Tls::Starttls)
    })
    .unwrap();
    let why = later(send(&channel, "a@mail.example", 1).await);
    assert!(why.starts_with("the mail server could not be reached"), "{why}");
}
