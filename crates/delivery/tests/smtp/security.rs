//! Encryption, login, and what is refused before it leaves.

use crate::sink::{PLAIN, Sink, envelope, later, letter, send, settings, with_login};
use regain_delivery::{Channel, MailChannel, MailError, Outcome, SmtpSettings, Tls};
use std::io::Write as _;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[tokio::test]
async fn both_ways_of_tls_deliver_encrypted() {
    for (option, tls) in [("starttls", Tls::Starttls), ("implicit", Tls::Implicit)] {
        let sink = Sink::start(&["--tls", option]);
        let channel = sink.channel(tls);
        for row in 1..=2 {
            assert_eq!(send(&channel, "a@mail.example", row).await, Outcome::Sent);
        }
        let messages = sink.messages("a@mail.example");
        assert_eq!(messages.len(), 2);
        // The sink tells of STARTTLS only; on its other port there is no way without TLS.
        assert!(messages.iter().all(|message| message["tls"] == (option == "starttls")));
    }
}

#[tokio::test]
async fn a_login_is_used_and_a_wrong_one_is_for_the_operator_to_mend() {
    let sink = Sink::start(&["--tls", "starttls", "--login", "regain:right"]);
    let right = MailChannel::new(with_login(sink.settings(Tls::Starttls), "right")).unwrap();
    assert_eq!(send(&right, "a@mail.example", 1).await, Outcome::Sent);
    assert_eq!(sink.messages("a@mail.example")[0]["login"], "regain");

    let wrong = MailChannel::new(with_login(sink.settings(Tls::Starttls), "wrong")).unwrap();
    let why = later(send(&wrong, "a@mail.example", 2).await);
    assert!(
        why.starts_with("the mail server refuses the login or wants one: 535"),
        "{why}"
    );
    let why = later(send(&sink.channel(Tls::Starttls), "a@mail.example", 3).await);
    assert!(
        why.starts_with("the mail server refuses the login or wants one: 530"),
        "{why}"
    );
    assert_eq!(sink.messages("a@mail.example").len(), 1);
}

#[tokio::test]
async fn an_unknown_authority_or_name_gets_no_mail() {
    for (option, tls) in [("starttls", Tls::Starttls), ("implicit", Tls::Implicit)] {
        let sink = Sink::start(&["--tls", option]);
        let untrusting = MailChannel::new(settings(sink.port(), tls)).unwrap();
        let why = later(send(&untrusting, "a@mail.example", 1).await);
        assert_eq!(
            why,
            "the mail server's certificate is from an authority that is not trusted"
        );

        let listener = TcpListener::bind("127.0.0.2:0").await.unwrap();
        let misnamed = MailChannel::new(SmtpSettings {
            host: "127.0.0.2".to_owned(),
            port: listener.local_addr().unwrap().port(),
            ..sink.settings(tls)
        })
        .unwrap();
        let detour = async {
            let (mut from, _) = listener.accept().await.unwrap();
            let mut to = TcpStream::connect(("127.0.0.1", sink.port())).await.unwrap();
            let _ = tokio::io::copy_bidirectional(&mut from, &mut to).await;
        };
        let (outcome, ()) = tokio::join!(send(&misnamed, "a@mail.example", 2), detour);
        assert_eq!(later(outcome), "the mail server's certificate carries another name");
        assert!(sink.messages("a@mail.example").is_empty());
    }
}

#[tokio::test]
async fn a_server_without_starttls_gets_no_mail() {
    let sink = Sink::start(&[]);
    let channel = sink.channel(Tls::Starttls);
    let why = later(send(&channel, "a@mail.example", 1).await);
    assert_eq!(
        why,
        "the mail server lacks something: STARTTLS is not supported on this server"
    );
    assert!(sink.messages("a@mail.example").is_empty());
}

/// Replies slipped in after the clear-text answer to STARTTLS would otherwise be read as said under encryption.
#[tokio::test]
async fn replies_slipped_in_before_the_handshake_break_it() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut heard = [0; 512];
        stream.write_all(b"220 mail.example\r\n").await.unwrap();
        let _ehlo = stream.read(&mut heard).await.unwrap();
        stream.write_all(b"250-mail.example\r\n250 STARTTLS\r\n").await.unwrap();
        let _starttls = stream.read(&mut heard).await.unwrap();
        stream
            .write_all(b"220 go on\r\n250 slipped in\r\n250 slipped in\r\n")
            .await
            .unwrap();
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
    };
    let channel = MailChannel::new(settings(port, Tls::Starttls)).unwrap();
    let (outcome, ()) = tokio::join!(send(&channel, "a@mail.example", 1), server);
    assert_eq!(later(outcome), "the encryption of the line to the mail server failed");
}

#[tokio::test]
async fn r35_a_header_in_a_value_is_refused_for_good() {
    let sink = Sink::start(&[]);
    let channel = sink.channel(PLAIN);
    let refusal = |mut change: Box<dyn FnMut(&mut regain_delivery::Envelope)>| {
        let mut spoilt = envelope("a@mail.example", 1);
        change(&mut spoilt);
        spoilt
    };
    for spoilt in [
        refusal(Box::new(|envelope| envelope.to.push_str("\r\nBcc: x@mail.example"))),
        refusal(Box::new(|envelope| envelope.to.push_str(">\r\nDATA"))),
        refusal(Box::new(|envelope| {
            envelope.brand.name.push_str("\nBcc: x@mail.example");
        })),
        refusal(Box::new(|envelope| envelope.brand.name.push('\0'))),
        refusal(Box::new(|envelope| envelope.brand.name = "a".repeat(999))),
        refusal(Box::new(|envelope| {
            envelope.message_id.push_str("\r\nBcc: x@mail.example");
        })),
    ] {
        let outcome = channel.deliver(&letter(), &spoilt).await;
        let Outcome::Never { why } = outcome else {
            panic!("{outcome:?}")
        };
        assert!(!why.contains('@') && why.starts_with("the "), "{why}");
    }
    assert!(sink.messages("a@mail.example").is_empty() && sink.messages("x@mail.example").is_empty());
}

#[tokio::test]
async fn settings_that_would_leak_or_fail_are_refused_at_once() {
    let remote = |tls| SmtpSettings {
        host: "mail.example".to_owned(),
        ..settings(25, tls)
    };
    let error = |settings| MailChannel::new(settings).err().unwrap();
    assert!(matches!(error(remote(PLAIN)), MailError::ClearText(_)));
    let allowed = Tls::None { allow_remote: true };
    assert!(MailChannel::new(remote(allowed)).is_ok());
    assert!(matches!(
        error(with_login(remote(allowed), "x")),
        MailError::ClearTextLogin(_)
    ));
    let half = SmtpSettings {
        password: None,
        ..with_login(remote(Tls::Starttls), "x")
    };
    assert!(matches!(error(half), MailError::HalfLogin));
    let nobody = SmtpSettings {
        from: "Regain <noreply@acorn.example>".to_owned(),
        ..settings(25, PLAIN)
    };
    assert!(matches!(error(nobody), MailError::From(_)));

    let missing = SmtpSettings {
        ca_file: Some("/nonexistent/ca.pem".into()),
        ..remote(Tls::Starttls)
    };
    assert!(matches!(error(missing), MailError::CaFile { .. }));
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"not a certificate").unwrap();
    let empty = SmtpSettings {
        ca_file: Some(file.path().to_owned()),
        ..remote(Tls::Implicit)
    };
    assert!(matches!(error(empty), MailError::Ca(_)));
}
