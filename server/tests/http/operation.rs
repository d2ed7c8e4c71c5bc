//! What operators see, how it stops, and what never stands in a log. R59.

use crate::client::{Answer, Ask, Browser, Demo, Page, wait_for};
use std::io::Write;
use std::net::TcpStream;

const NEW: &str = "seven brass otters hum";

fn operators(demo: &Demo, path: &str) -> Answer {
    Ask::new("GET", path)
        .header("host", "whatever.example")
        .send(demo.operations)
}

#[test]
fn r59_health_and_metrics_are_on_their_own_listener_only() {
    let demo = Demo::shared();
    let site = demo.acorn();
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(operators(&demo, path).status, 200, "{path}");
        assert_eq!(site.get(path).status, 404, "{path}");
        assert_eq!(
            Ask::new("GET", path)
                .header("host", "evil.example")
                .send(site.port)
                .status,
            421,
            "{path}"
        );
    }
    assert_eq!(operators(&demo, "/healthz").text(), "ok\n");
    assert_eq!(operators(&demo, "/readyz").text(), "ready\n");
    for path in ["/reset", "/", "/demo/accounts.json", "/fn/public/reset-look"] {
        assert_eq!(operators(&demo, path).status, 404, "{path}");
    }
}

#[test]
fn r59_metrics_name_no_user_no_tenant_and_no_address() {
    let demo = Demo::shared();
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let mut browser = Browser::scripted(site);
    browser.identify(&person.username);
    browser.mail_code(&person);
    site.get("/canary-7291?username=canary-7291");
    let metrics = operators(&demo, "/metrics");
    assert!(
        metrics.text().contains("axum_http_requests_total"),
        "{}",
        metrics.text()
    );
    for name in [
        person.username.as_str(),
        &person.emails[1],
        "canary-7291",
        "acorn",
        "birch",
        "127.0.0.1",
    ] {
        assert!(!metrics.text().to_lowercase().contains(name), "{name}");
    }
}

#[test]
fn r59_told_to_stop_it_is_not_ready_at_once_finishes_what_is_in_hand_and_ends_well() {
    let mut demo = Demo::start(&[]);
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let mut browser = Browser::scripted(site);
    browser.identify(&person.username);
    // A post that is half there when the signal comes.
    let bytes = browser
        .posting("public/reset-choose", &[("method", "app_code")])
        .bytes();
    let (half, rest) = bytes.split_at(bytes.len() - 4);
    let mut stream = TcpStream::connect(("127.0.0.1", demo.port)).expect("a connection");
    stream.write_all(half).expect("half a post");
    // It has been taken up by the time that a later one is answered.
    assert_eq!(browser.look(), Page::at("choose"));
    demo.process.terminate();
    wait_for("not ready", || {
        (operators(&demo, "/readyz").status == 503).then_some(())
    });
    assert_eq!(operators(&demo, "/healthz").status, 200, "alive until the end");
    stream.write_all(rest).expect("the other half");
    let answer = Answer::read(stream, false).expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.text());
    let status = demo.process.ended();
    assert_eq!(status.code(), Some(0));
    demo.restart();
    assert_eq!(browser.look(), Page::at("prove"));
}

#[test]
fn r59_a_whole_walk_leaves_no_secret_and_no_address_in_the_log() {
    for format in ["text", "json"] {
        let demo = Demo::start(&[("REGAIN_LOG__FILTER", "debug"), ("REGAIN_LOG__FORMAT", format)]);
        let site = demo.acorn();
        let person = site.person("user@acorn.example");
        let mut browser = Browser::scripted(site);
        let mut secrets = vec![person.username.clone(), person.password.clone(), NEW.to_owned()];
        secrets.extend(person.emails.clone());
        secrets.extend(person.totp_secret.clone());
        let remember = |browser: &Browser, secrets: &mut Vec<String>| secrets.extend(browser.cookies.values().cloned());
        let (ticket, digits) = browser.captcha();
        secrets.extend([ticket.clone(), digits.clone()]);
        browser.identify_with(&person.username, &ticket, &digits);
        remember(&browser, &mut secrets);
        let mailed = browser.mail_code(&person);
        secrets.push(mailed.clone());
        browser.code(&mailed);
        remember(&browser, &mut secrets);
        let shown = site.app_code(&person);
        secrets.push(shown.clone());
        browser.choose("app_code");
        browser.code(&shown);
        remember(&browser, &mut secrets);
        browser.password(NEW);
        assert_eq!(browser.look(), Page::at("done"));
        assert!(browser.signs_in(&person.username, NEW));
        remember(&browser, &mut secrets);
        browser.get("/reset?username=canary-7291%0d%0aforged");
        site.ask("GET", "/canary-7291")
            .header("authorization", "Bearer canary-7291")
            .header("user-agent", "canary-7291")
            .send(site.port);
        secrets.push("canary-7291".to_owned());
        site.message(&person.emails[1], "password-reset", 0);
        let log = demo.process.log();
        assert!(log.contains("answered"), "{log}");
        for secret in secrets {
            assert!(!log.contains(&secret), "{format}: {secret} stands in the log");
        }
    }
}
