//! Signatures that fit and those that do not, and what callbacks say.

use super::*;
use regain_domain::{Secret, Timestamp};

/// The example of Twilio's security guide.
const EXAMPLE_URL: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";
const EXAMPLE_BODY: &str =
    "Digits=1234&To=%2B18005551212&From=%2B12349013030&Caller=%2B12349013030&CallSid=CA1234567890ABCDE";
const EXAMPLE_SIGNATURE: &str = "0/KCTR6DLpKmkAf8muzZqo1nDgQ=";

fn fields(body: &str) -> Fields {
    Fields::parse(body.as_bytes()).unwrap()
}

fn fits(key: &str, url: &str, body: &str, signature: &str) -> bool {
    is_signed(&Secret::new(key.to_owned()), url, &fields(body), signature)
}

#[test]
fn r36_the_documented_example_is_signed() {
    assert!(fits("12345", EXAMPLE_URL, EXAMPLE_BODY, EXAMPLE_SIGNATURE));
}

#[test]
fn r36_nothing_else_is() {
    let forged = EXAMPLE_BODY.replace("1234&", "%23&");
    let added = format!("{EXAMPLE_BODY}&Extra=1");
    for (key, url, body, signature) in [
        ("12346", EXAMPLE_URL, EXAMPLE_BODY, EXAMPLE_SIGNATURE),
        ("", EXAMPLE_URL, EXAMPLE_BODY, EXAMPLE_SIGNATURE),
        (
            "12345",
            "https://mycompany.com/myapp.php?foo=1&bar=3",
            EXAMPLE_BODY,
            EXAMPLE_SIGNATURE,
        ),
        (
            "12345",
            "http://mycompany.com/myapp.php?foo=1&bar=2",
            EXAMPLE_BODY,
            EXAMPLE_SIGNATURE,
        ),
        ("12345", EXAMPLE_URL, &forged, EXAMPLE_SIGNATURE),
        ("12345", EXAMPLE_URL, &added, EXAMPLE_SIGNATURE),
        ("12345", EXAMPLE_URL, "", EXAMPLE_SIGNATURE),
        ("12345", EXAMPLE_URL, EXAMPLE_BODY, ""),
        ("12345", EXAMPLE_URL, EXAMPLE_BODY, "0/KC"),
        ("12345", EXAMPLE_URL, EXAMPLE_BODY, "not base64"),
    ] {
        assert!(!fits(key, url, body, signature), "{key} {url} {body} {signature}");
    }
}

#[test]
fn r36_the_port_of_the_address_may_be_left_out_of_the_signature() {
    let with_port = "https://mycompany.com:8443/myapp.php?foo=1&bar=2";
    assert!(fits("12345", with_port, EXAMPLE_BODY, EXAMPLE_SIGNATURE));
    assert!(!fits(
        "12345",
        "https://mycompany.com:8443/other",
        EXAMPLE_BODY,
        EXAMPLE_SIGNATURE
    ));
}

#[test]
fn r36_a_body_that_is_read_in_two_ways_is_not_read() {
    assert!(Fields::parse(b"Digits=%23&Digits=9").is_none());
    assert!(Fields::parse(&vec![b'a'; MOST_BYTES + 1]).is_none());
    let many: Vec<String> = (0..=MOST_FIELDS).map(|n| format!("a{n}=")).collect();
    assert!(Fields::parse(many.join("&").as_bytes()).is_none());
    assert!(Fields::parse(b"").is_some());
}

#[test]
fn r36_what_became_of_a_message() {
    for (body, state) in [
        ("MessageStatus=queued", MessageState::Queued),
        ("MessageStatus=sent", MessageState::Sent),
        ("MessageStatus=delivered", MessageState::Delivered),
        ("MessageStatus=read", MessageState::Read),
        (
            "MessageStatus=undelivered&ErrorCode=30005",
            MessageState::Undelivered { code: Some(30005) },
        ),
        ("MessageStatus=failed&ErrorCode=x", MessageState::Failed { code: None }),
    ] {
        let report = MessageReport::of(&fields(&format!("MessageSid=SM1&{body}")));
        assert_eq!(
            report,
            Some(MessageReport {
                id: "SM1".to_owned(),
                state
            }),
            "{body}"
        );
    }
    for none in [
        "",
        "MessageSid=SM1",
        "MessageSid=SM1&MessageStatus=odd",
        "MessageStatus=sent",
        "MessageSid=&MessageStatus=sent",
    ] {
        assert_eq!(MessageReport::of(&fields(none)), None, "{none}");
    }
}

#[test]
fn r13_how_far_a_call_has_come() {
    for (status, state) in [
        ("initiated", CallState::Queued),
        ("queued", CallState::Queued),
        ("ringing", CallState::Ringing),
        ("in-progress", CallState::Answered),
        ("completed", CallState::Completed),
        ("busy", CallState::Busy),
        ("no-answer", CallState::NoAnswer),
        ("failed", CallState::Failed),
        ("canceled", CallState::Canceled),
    ] {
        let body =
            format!("CallSid=CA1&CallStatus={status}&SequenceNumber=2&Timestamp=Sat,+21+Nov+2026+14:32:00+%2B0000");
        let report = CallReport::of(&fields(&body)).unwrap();
        assert_eq!((report.id.as_str(), report.state), ("CA1", state));
        assert_eq!(
            (report.sequence, report.at),
            (Some(2), Some(Timestamp::from_ms(1_795_271_520_000)))
        );
    }
    assert_eq!(CallReport::of(&fields("CallSid=CA1&CallStatus=odd")), None);
    assert_eq!(CallReport::of(&fields("CallStatus=ringing")), None);
}

#[test]
fn r13_one_hash_alone_is_a_hash() {
    for (digits, keys) in [
        ("Digits=%23", Keys::Hash),
        ("Digits=9", Keys::Nine),
        ("Digits=9%23", Keys::Other),
        ("Digits=%23%23", Keys::Other),
        ("Digits=1", Keys::Other),
        ("Digits=*", Keys::Other),
        ("Digits=", Keys::Nothing),
        ("", Keys::Nothing),
    ] {
        let id = "CA1".to_owned();
        assert_eq!(
            Pressed::of(&fields(&format!("CallSid=CA1&{digits}"))),
            Some(Pressed { id, keys }),
            "{digits}"
        );
    }
    assert_eq!(Pressed::of(&fields("Digits=%23")), None);
}
