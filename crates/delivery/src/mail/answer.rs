//! What a failed attempt means for the message, and what the operator reads about it.

use super::line::Broken;
use crate::Outcome;
use lettre::transport::smtp::Error;
use rustls::CertificateError;
use std::error::Error as _;
use std::io;

/// To be tried again, at the outbox's own pace.
pub(super) fn later(why: &str) -> Outcome {
    Outcome::Later {
        why: why.to_owned(),
        after: None,
    }
}

/// A refusal of the message is final; everything else may pass, or is for the operator to mend, and is tried again.
pub(super) fn outcome(broken: &Broken) -> Outcome {
    let error = match broken {
        Broken::Talk(error) => error,
        Broken::Connect(error) => {
            return later(&format!("the mail server could not be reached: {}", error.kind()));
        }
    };
    match error.status() {
        Some(code) if error.is_permanent() => {
            let reply = format!("{code}{}", detail(error));
            match u16::from(code) {
                // RFC 4954 §6, RFC 3207 §4: said of the login and the line, not of the message.
                530 | 534 | 535 | 538 => later(&format!("the mail server refuses the login or wants one: {reply}")),
                _ => Outcome::Never {
                    why: format!("the mail server refused it: {reply}"),
                },
            }
        }
        Some(code) => later(&format!("the mail server put it off: {code}{}", detail(error))),
        None => later(&trouble(error)),
    }
}

/// The enhanced status code (RFC 3463) at the head of a reply. The rest of a reply may name the mailbox, and stays unread.
fn detail(error: &Error) -> String {
    let reply = error.source().map(ToString::to_string).unwrap_or_default();
    let first = reply.split_whitespace().next().unwrap_or("");
    let parts: Vec<&str> = first.split('.').collect();
    let is_code = parts.len() == 3
        && (parts.iter()).all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()));
    if is_code { format!(" {first}") } else { String::new() }
}

/// What stood in the way, where no reply came.
fn trouble(error: &Error) -> String {
    if error.is_client() {
        // These are the mail library's own fixed texts, such as that STARTTLS is not offered.
        let why = error.source().map(ToString::to_string).unwrap_or_default();
        return format!("the mail server lacks something: {why}");
    }
    match io_cause(error) {
        Some(cause) => match cause.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(rustls::Error::InvalidCertificate(why)) => certificate(why).to_owned(),
            Some(_) => "the encryption of the line to the mail server failed".to_owned(),
            None => format!("the connection to the mail server failed: {}", cause.kind()),
        },
        None if error.is_response() => "the mail server hung up before its answer was complete".to_owned(),
        None => "the mail server could not be reached".to_owned(),
    }
}

fn io_cause(error: &Error) -> Option<&io::Error> {
    let mut source = error.source();
    while let Some(inner) = source {
        if let Some(io) = inner.downcast_ref::<io::Error>() {
            return Some(io);
        }
        source = inner.source();
    }
    None
}

fn certificate(why: &CertificateError) -> &'static str {
    match why {
        CertificateError::UnknownIssuer => "the mail server's certificate is from an authority that is not trusted",
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "the mail server's certificate has expired"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "the mail server's certificate carries another name"
        }
        _ => "the mail server's certificate is not good",
    }
}
