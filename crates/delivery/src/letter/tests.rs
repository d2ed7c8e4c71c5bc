//! Every language says every letter, and text and HTML say the same.

use super::words::{Words, next_hole, source};
use super::*;
use regain_domain::brand::Brand;
use regain_domain::gate::MethodKind;
use regain_domain::ids::TenantId;
use regain_domain::locale::Language;
use regain_domain::not_me::Reference;
use regain_domain::notice::{ChannelKind, LetterCode, MethodChange, ReportedOn, StaffAct, Subject};
use regain_domain::role::Role;
use regain_domain::{Refusal, Timestamp};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

fn envelope(language: Language) -> Envelope {
    Envelope {
        tenant: TenantId(uuid::Uuid::nil()),
        channel: ChannelKind::Mail,
        to: "someone@mail.example".to_owned(),
        message_id: "<1@localhost>".to_owned(),
        at: Timestamp::from_ms(1_795_271_520_000),
        time_left: Duration::from_mins(10),
        language,
        reference: Reference::parse("K7QM2-XWD3H"),
        base_url: "https://reset.acorn.example".to_owned(),
        brand: Brand {
            help: HelpLink::parse("it-help@acorn.example").ok(),
            accent: Colour::parse("#1d4ed8").ok(),
            ..Brand::named("Acorn <Works>")
        },
    }
}

/// What was said on a phone or on the page for it, to its owner and to those who look into it.
fn reported(on: ReportedOn) -> [Letter; 2] {
    let (user_name, network) = ("user@acorn.example".to_owned(), "192.0.2.7".to_owned());
    let (at, device) = (Timestamp::from_ms(1_795_271_580_000), "Firefox on Linux".to_owned());
    [
        Letter::Reported {
            user_name: user_name.clone(),
            on,
            at,
            network: network.clone(),
            device: device.clone(),
        },
        Letter::ReportedToStaff {
            user_name,
            on,
            at,
            network,
            device,
        },
    ]
}

fn letters() -> Vec<Letter> {
    let at = Timestamp::from_ms(1_795_271_580_000);
    let (user_name, network) = ("user@acorn.example".to_owned(), "192.0.2.7".to_owned());
    let refused = |reason| Letter::Refused {
        user_name: user_name.clone(),
        reason,
        subject: Subject::Reset,
        network: network.clone(),
    };
    let methods_changed = |change, kind, hint: &str| Letter::MethodsChanged {
        user_name: user_name.clone(),
        change,
        kind,
        hint: hint.to_owned(),
        at,
        network: network.clone(),
        device: "Firefox on Linux".to_owned(),
    };
    let mut all = vec![
        Letter::ResetCode {
            code: LetterCode::new("481516".to_owned()),
            subject: Subject::Reset,
            expires_at: at,
            reference: "K7QM-2XWD".to_owned(),
            network: network.clone(),
        },
        Letter::ResetCode {
            code: LetterCode::new("481516".to_owned()),
            subject: Subject::Unlock,
            expires_at: at,
            reference: "K7QM-2XWD".to_owned(),
            network: network.clone(),
        },
        Letter::ConfirmCode {
            code: LetterCode::new("481516".to_owned()),
            subject: Subject::Change,
            expires_at: at,
            network: network.clone(),
        },
        methods_changed(MethodChange::Added, MethodKind::App, "Work <phone>"),
        methods_changed(MethodChange::Removed, MethodKind::Email, "u•••@m•••.example"),
        methods_changed(MethodChange::Removed, MethodKind::Mobile, "+44 •••• ••89"),
        methods_changed(MethodChange::Added, MethodKind::Office, ""),
        methods_changed(MethodChange::Replaced, MethodKind::Questions, ""),
        refused(Refusal::TooFewMethods { have: 1, need: 2 }),
        refused(Refusal::Blocked { until: at }),
        refused(Refusal::TenantOff),
        refused(Refusal::NoPolicy),
        refused(Refusal::AdminResetOff),
        refused(Refusal::NotRegistered),
        refused(Refusal::AccountDisabled),
        Letter::Blocked { until: at },
    ];
    all.extend(of_accounts(at));
    all.extend(reported(ReportedOn::Phone));
    all.extend(reported(ReportedOn::Page));
    all.extend(letters_to_staff(at));
    all
}

fn of_accounts(at: Timestamp) -> Vec<Letter> {
    let (user_name, network) = ("user@acorn.example".to_owned(), "192.0.2.7".to_owned());
    vec![
        Letter::PasswordReset {
            user_name: user_name.clone(),
            at,
            network: network.clone(),
            device: "<b>Firefox</b>\r\non Linux".to_owned(),
            sessions_ended: 2,
        },
        Letter::PasswordChanged {
            user_name: user_name.clone(),
            at,
            network: network.clone(),
            device: "Firefox on Linux".to_owned(),
            sessions_ended: 1,
        },
        Letter::Denied {
            user_name: user_name.clone(),
            at,
            network: network.clone(),
            device: "Firefox on Linux".to_owned(),
        },
        Letter::AccountUnlocked {
            user_name: user_name.clone(),
            at,
            network: network.clone(),
            device: "Firefox on Linux".to_owned(),
            sessions_ended: 1,
        },
        Letter::Refused {
            user_name: user_name.clone(),
            reason: Refusal::NotInScope,
            subject: Subject::Unlock,
            network: network.clone(),
        },
    ]
    .into_iter()
    .chain(by_staff(at))
    .collect()
}

fn by_staff(at: Timestamp) -> [Letter; 4] {
    let removed = StaffAct::MethodRemoved {
        kind: MethodKind::Email,
        hint: "u•••@m•••.example".to_owned(),
    };
    [
        StaffAct::Lifted,
        removed,
        StaffAct::RegisterAgain,
        StaffAct::OneTimePass,
    ]
    .map(|act| Letter::ByStaff {
        user_name: "user@acorn.example".to_owned(),
        act,
        at,
    })
}

fn letters_to_staff(at: Timestamp) -> Vec<Letter> {
    vec![
        Letter::AdminReset {
            who: "admin@acorn.example".to_owned(),
            at,
        },
        Letter::HelpRequest {
            user_name: "user@acorn.example".to_owned(),
            at,
            reason_code: "tries-spent".to_owned(),
            network: "192.0.2.7".to_owned(),
            reference: "K7QM-2XWD".to_owned(),
        },
        Letter::RolesChanged {
            who: "user@acorn.example".to_owned(),
            by: "admin@acorn.example".to_owned(),
            roles: vec![Role::Helpdesk, Role::Auditor],
            at,
        },
        Letter::RolesChanged {
            who: "user@acorn.example".to_owned(),
            by: "admin@acorn.example".to_owned(),
            roles: Vec::new(),
            at,
        },
        Letter::UnderAttack { at },
        Letter::CeilingReached { percent: 80, at },
        Letter::CeilingReached { percent: 100, at },
    ]
}

/// Texts by their place, as `letter.subject` or `letter.notes.1`.
fn texts(value: &Value, place: &str, found: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(map) => map
            .iter()
            .for_each(|(key, inner)| texts(inner, &format!("{place}.{key}"), found)),
        Value::Array(list) => {
            for (n, inner) in list.iter().enumerate() {
                texts(inner, &format!("{place}.{n}"), found);
            }
        }
        Value::String(text) => drop(found.insert(place.to_owned(), text.clone())),
        other => panic!("{place} is {other}"),
    }
}

fn holes(mut text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    while let Some((_, name, after)) = next_hole(text) {
        names.push(name);
        text = after;
    }
    names.sort_unstable();
    names
}

fn catalogue(language: Language) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    texts(&serde_json::from_str(source(language)).unwrap(), "", &mut found);
    found
}

#[test]
fn every_language_has_every_text_with_the_same_holes() {
    let english = catalogue(Language::En);
    for language in Language::ALL {
        serde_json::from_str::<Words>(source(language)).unwrap();
        let other = catalogue(language);
        assert_eq!(
            other.keys().collect::<Vec<_>>(),
            english.keys().collect::<Vec<_>>(),
            "{language:?}"
        );
        for (place, text) in &other {
            assert!(!text.trim().is_empty(), "{language:?}{place}");
            assert_eq!(holes(text), holes(&english[place]), "{language:?}{place}");
        }
    }
}

#[test]
fn no_hole_stays_open_and_text_and_html_say_the_same() {
    for language in Language::ALL {
        let envelope = envelope(language);
        for letter in letters() {
            let content = Content::of(&letter, &envelope).unwrap();
            let Rendered { subject, text, html } = render(&letter, &envelope).unwrap();
            let all = format!("{language:?} {}\n{subject}\n{text}\n{html}", letter.purpose());
            for whole in [&subject, &text, &html] {
                assert!(!whole.contains("{{") && !whole.contains("\u{2068}\u{2069}"), "{all}");
            }
            let shown: Vec<&str> = [&content.heading, &content.intro, &content.foot]
                .into_iter()
                .chain(&content.notes)
                .chain(&content.reason)
                .chain(&content.code)
                .chain(content.rows.iter().flat_map(|row| [&row.label, &row.value]))
                .map(String::as_str)
                .chain(content.helpdesk.iter().map(|helpdesk| helpdesk.link.text()))
                .collect();
            for part in shown {
                assert!(text.contains(part), "{part}\n{all}");
                assert!(html.contains(&escaped(part)), "{part}\n{all}");
            }
            assert!(html.contains(&format!(r#"lang="{}" dir="{}""#, language.tag(), language.direction())));
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&#38;")
        .replace('<', "&#60;")
        .replace('>', "&#62;")
        .replace('\'', "&#39;")
        .replace('"', "&#34;")
}

#[test]
fn r35_a_code_never_travels_with_the_login_and_no_link_acts() {
    for language in Language::ALL {
        let rendered = render(&letters()[0], &envelope(language)).unwrap();
        assert!(rendered.subject.contains("481516"));
        assert!(rendered.text.lines().any(|line| line == "481516"), "{}", rendered.text);
        assert!(rendered.html.contains(r#"dir="ltr""#) && rendered.html.contains(">481516<"));
        for whole in [&rendered.subject, &rendered.text, &rendered.html] {
            assert!(!whole.contains("user@acorn.example"));
        }
        assert!(rendered.text.contains("Acorn <Works>") && rendered.text.contains("192.0.2.7"));
        let links: Vec<&str> = rendered
            .html
            .split("href=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap())
            .collect();
        assert_eq!(links, ["mailto:it-help@acorn.example"]);
        assert!(!rendered.html.contains("src="));
    }
}

#[test]
fn r35_every_letter_to_an_owner_says_how_to_stop_it_and_none_to_staff_does() {
    for language in Language::ALL {
        for letter in letters() {
            let Rendered { text, html, .. } = render(&letter, &envelope(language)).unwrap();
            for part in ["https://reset.acorn.example/not-me", "K7QM2-XWD3H"] {
                let shows = [text.contains(part), html.contains(part)];
                assert_eq!(shows, [letter.is_to_owner(); 2], "{language:?} {part}\n{text}");
            }
            assert!(!html.contains("href=\"https://reset.acorn.example/not-me"), "{html}");
        }
    }
}

#[test]
fn a_letter_from_before_there_were_references_says_what_it_can() {
    let envelope = Envelope {
        reference: None,
        ..envelope(Language::En)
    };
    for letter in letters() {
        let text = render(&letter, &envelope).unwrap().text;
        assert!(!text.contains("/not-me") && !text.contains("type :"), "{text}");
    }
}

#[test]
fn what_came_from_outside_is_one_line_of_text() {
    let rendered = render(
        &of_accounts(Timestamp::from_ms(1_795_271_580_000))[0],
        &envelope(Language::En),
    )
    .unwrap();
    assert!(
        rendered.text.contains("With: <b>Firefox</b>on Linux\n"),
        "{}",
        rendered.text
    );
    assert!(!rendered.html.contains("<b>"));
    assert!(rendered.html.contains("Acorn &#60;Works&#62;"));
}

#[test]
fn arabic_keeps_foreign_words_apart() {
    let rendered = render(
        &of_accounts(Timestamp::from_ms(1_795_271_580_000))[0],
        &envelope(Language::Ar),
    )
    .unwrap();
    assert!(rendered.text.contains("\u{2068}user@acorn.example\u{2069}"));
    assert!(!rendered.subject.contains('\u{2068}'));
}

#[test]
fn a_house_without_brand_has_our_colours_and_no_helpdesk_line() {
    let mut envelope = envelope(Language::En);
    envelope.brand = Brand::named("Birch");
    let rendered = render(&letters()[0], &envelope).unwrap();
    assert!(rendered.html.contains("#0b6e4f") && !rendered.html.contains("href="));
    assert!(!rendered.text.contains("Helpdesk:"));
}

#[test]
fn staff_are_not_sent_to_the_helpdesk() {
    for letter in letters() {
        let is_for_staff = [
            "admin-reset",
            "help-request",
            "reported-to-staff",
            "under-attack",
            "ceiling-reached",
            "roles-changed",
        ]
        .contains(&letter.purpose());
        let text = render(&letter, &envelope(Language::En)).unwrap().text;
        assert_eq!(text.contains("it-help@acorn.example"), !is_for_staff);
    }
}

#[test]
fn a_help_request_names_its_reference_where_it_has_one() {
    let at = Timestamp::from_ms(1_795_271_580_000);
    let asked = |reference: &str| {
        let letter = Letter::HelpRequest {
            user_name: "user@acorn.example".to_owned(),
            at,
            reason_code: "tries-spent".to_owned(),
            network: String::new(),
            reference: reference.to_owned(),
        };
        render(&letter, &envelope(Language::En)).unwrap().text
    };
    assert!(asked("K7QM-2XWD").contains("Reference: K7QM-2XWD\n"));
    assert!(!asked("").contains("Reference"));
}

#[test]
fn r20_an_attack_is_told_with_what_changed_and_what_to_do() {
    let at = Timestamp::from_ms(1_795_271_580_000);
    let told = render(&Letter::UnderAttack { at }, &envelope(Language::En)).unwrap();
    assert_eq!(told.subject, "Attack mode is on at Acorn <Works>");
    for part in ["within an hour", "captchas cost more", "look into the audit"] {
        assert!(told.text.contains(part), "{}", told.text);
    }
    assert!(
        told.text.contains("When: 21 November 2026, 14:33 UTC\n"),
        "{}",
        told.text
    );
}

#[test]
fn r20_a_ceiling_is_told_with_how_much_is_left() {
    let at = Timestamp::from_ms(1_795_271_580_000);
    for (percent, words) in [
        (80, "When it is reached"),
        (100, "No more text messages and calls go out today"),
    ] {
        let told = render(&Letter::CeilingReached { percent, at }, &envelope(Language::En)).unwrap();
        assert!(told.subject.contains(&format!("{percent} %")), "{}", told.subject);
        assert!(told.text.contains(words), "{}", told.text);
    }
}
