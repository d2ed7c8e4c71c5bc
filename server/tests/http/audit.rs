//! What an operator sees beside the server at work: the audit, the doctor, dead letters, and how many of them there are. R34,
//! R54.

use crate::client::{Ask, Browser, Demo};

#[test]
fn r54_the_audit_is_exported_beside_the_server_at_work() {
    let demo = Demo::start(&[]);
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let mut browser = Browser::scripted(site);
    assert!(!browser.signs_in(&person.username, "not the password"));
    assert!(browser.signs_in(&person.username, &person.password));
    for _ in 0..2 {
        assert_eq!(browser.post("admin/console-look", &[]).status, 401, "no role");
        assert_eq!(browser.get("/console").status, 200);
    }

    let (code, text, _) = demo.command(&["audit", "export", "--tenant", "localhost"]);
    assert_eq!(code, Some(0));
    let entries: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("an object a line"))
        .collect();
    let told = |activity: &str| -> Vec<(String, String, String)> {
        let of = |entry: &serde_json::Value, field: &str| entry[field].as_str().expect("a text").to_owned();
        entries
            .iter()
            .filter(|entry| entry["activity"] == activity)
            .map(|entry| (of(entry, "result"), of(entry, "actor_name"), of(entry, "subject_name")))
            .collect()
    };
    let row = |result: &str, actor: &str, subject: &str| (result.to_owned(), actor.to_owned(), subject.to_owned());
    let name = person.username.as_str();
    assert_eq!(told("sign-in"), [row("failure", "", name), row("success", name, name)]);
    assert_eq!(
        told("access-refused"),
        [row("failure", name, name)],
        "once, and by no page"
    );
    assert_eq!(told("audit-exported"), [row("success", "", "")]);
    assert!(entries.iter().all(|entry| entry["tenant"] == "acorn"));

    let tomorrow = ["audit", "export", "--format", "csv", "--from", "2999-01-01"];
    let (code, text, _) = demo.command(&tomorrow);
    assert_eq!((code, text.lines().count()), (Some(0), 1), "{text}");
    assert!(text.starts_with("at,tenant,id,activity,result,reason,actor,"), "{text}");
    let (code, text, told) = demo.command(&["audit", "export", "--tenant", "nowhere.example"]);
    assert_eq!((code, text.as_str(), told.lines().count()), (Some(1), "", 1), "{told}");
    assert!(told.contains("regain tenant list"), "{told}");
    let (code, _, _) = demo.command(&["audit", "export", "--from", "yesterday"]);
    assert_eq!(code, Some(2));
}

#[test]
fn the_doctor_looks_beside_the_server_at_work() {
    let demo = Demo::start(&[]);
    let outsider = demo.acorn().person("outsider@acorn.example");
    let (code, text, told) = demo.command(&["doctor", "--tenant", "acorn", &outsider.username]);
    assert_eq!(code, Some(0), "{told}");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.first(), Some(&outsider.username.as_str()));
    assert!(
        lines.contains(&"  NO  they are in a selected group, and in no excluded one (not-in-scope)"),
        "{text}"
    );
    assert_eq!(lines.last(), Some(&"A reset is refused: not-in-scope."));
    let (_, text, _) = demo.command(&["doctor", "--tenant", "acorn", "USER"]);
    assert!(text.starts_with("user@acorn.example\n"), "{text}");
    assert!(
        text.ends_with(".\n") && text.contains("A reset takes 2 of: app_code"),
        "{text}"
    );
    for (name, code, why) in [("no name at all", 1, "username-form"), ("nobody", 0, "user-unknown")] {
        let (found, text, told) = demo.command(&["doctor", "--tenant", "acorn", name]);
        assert_eq!(found, Some(code));
        assert!(format!("{text}{told}").contains(why), "{text}{told}");
    }
}

#[test]
fn r34_dead_letters_are_listed_and_counted_beside_the_server_at_work() {
    let demo = Demo::start(&[]);
    let site = demo.acorn();
    let (code, text, _) = demo.command(&["outbox", "list"]);
    assert_eq!((code, text.as_str()), (Some(0), "No message was given up.\n"));
    let person = site.person("user@acorn.example");
    let mut browser = Browser::scripted(site);
    browser.identify(&person.username);
    browser.mail_code(&person);
    let rows = demo.rows();
    // As if its server had refused it: the demo's mailbox takes everything.
    rows.execute("UPDATE outbox SET state = 'dead', why = 'smtp-550', done_at = created_at WHERE state = 'sent'");
    let (code, text, _) = demo.command(&["outbox", "list", "--tenant", "acorn"]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((code, lines.len()), (Some(0), 2), "{text}");
    for part in ["acorn\t", "\tmail\t?\treset-code\t1\t", "\tsmtp-550\tno"] {
        assert!(lines[1].contains(part), "{text}");
    }
    let id = lines[1].split('\t').nth(1).expect("an id");
    let (code, _, told) = demo.command(&["outbox", "retry", id]);
    assert_eq!(code, Some(1));
    assert!(told.contains("a code is not sent late"), "{told}");
    let metrics = Ask::new("GET", "/metrics")
        .header("host", "x")
        .send(demo.operations)
        .text()
        .to_owned();
    for gauge in [
        "regain_messages{state=\"waiting\"} 0",
        "regain_messages{state=\"dead\"} 1",
    ] {
        assert!(metrics.contains(gauge), "{metrics}");
    }
}
