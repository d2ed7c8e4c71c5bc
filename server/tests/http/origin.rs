//! Who may post: pages of the same origin. R42.

use crate::client::{Ask, Browser, Demo, Page};

/// What a browser says of where a request comes from, and whether that is enough.
fn sayings(base: &str) -> Vec<(Vec<(&'static str, String)>, bool)> {
    let site = |value: &str| ("sec-fetch-site", value.to_owned());
    let origin = |value: &str| ("origin", value.to_owned());
    vec![
        (vec![], false),
        (vec![site("same-origin")], true),
        (vec![site("same-origin"), origin("http://evil.example")], true),
        (vec![site("same-site")], false),
        (vec![site("cross-site")], false),
        (vec![site("none")], false),
        (vec![site("none"), origin(base)], false),
        (vec![site("cross-site"), origin(base)], false),
        (vec![site(""), origin(base)], false),
        (vec![site("same-origin"), site("cross-site")], false),
        (vec![origin(base)], true),
        (vec![origin("null")], false),
        (vec![origin("http://evil.example")], false),
        (vec![origin(&base.replace("http:", "https:"))], false),
        (vec![origin(&format!("{base}.evil.example"))], false),
        (vec![origin(base), origin("http://evil.example")], false),
        (vec![("referer", format!("{base}/reset"))], false),
    ]
}

fn said(mut ask: Ask, sayings: &[(&'static str, String)]) -> Ask {
    for (name, value) in sayings {
        ask = ask.header(name, value);
    }
    ask
}

#[test]
fn r42_a_post_needs_the_same_origin_with_a_cookie_or_without() {
    let demo = Demo::shared();
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let mut browser = Browser::scripted(site);
    browser.identify(&person.username);
    let base = format!("http://localhost:{}", demo.port);
    for (sayings, is_enough) in sayings(&base) {
        for function in ["reset-choose", "reset-password", "signin", "not-me"] {
            let ask = || browser.ask("POST", &format!("/fn/public/{function}"));
            let unknown = || site.ask("POST", &format!("/fn/public/{function}"));
            for ask in [ask(), unknown()] {
                let answer = said(ask, &sayings).form(&[]).send(site.port);
                assert_eq!(
                    answer.status != 403,
                    is_enough,
                    "{function} {sayings:?}: {}",
                    answer.status
                );
            }
        }
    }
    assert_eq!(browser.look(), Page::at("choose"));
}

#[test]
fn r42_other_methods_are_as_strict_and_reading_changes_nothing() {
    let demo = Demo::shared();
    let site = demo.acorn();
    for method in ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"] {
        for target in ["/reset", "/fn/public/reset-cancel", "/"] {
            let answer = site
                .ask(method, target)
                .header("origin", "http://evil.example")
                .send(site.port);
            assert_eq!(answer.status, 403, "{method} {target}");
            let answer = site
                .ask(method, target)
                .header("sec-fetch-site", "same-origin")
                .send(site.port);
            assert!(
                matches!(answer.status, 404 | 405 | 415),
                "{method} {target}: {}",
                answer.status
            );
        }
    }
    for method in ["GET", "HEAD"] {
        for function in regain_app::doorstep::FIELDS {
            let answer = site
                .ask(method, function.path)
                .header("sec-fetch-site", "cross-site")
                .send(site.port);
            assert_eq!(answer.status, 405, "{method} {}", function.path);
            assert!(answer.all("set-cookie").is_empty());
        }
    }
}

#[test]
fn r42_no_answer_lets_another_origin_read() {
    let demo = Demo::shared();
    let site = demo.acorn();
    for method in ["GET", "POST", "OPTIONS"] {
        for target in [
            "/reset",
            "/fn/public/reset-look",
            "/captcha/challenge",
            "/demo/accounts.json",
        ] {
            let ask = site.ask(method, target).header("origin", "http://evil.example");
            let answer = ask.header("access-control-request-method", "POST").send(site.port);
            let tells = answer
                .headers
                .iter()
                .any(|(name, _)| name.starts_with("access-control-"));
            assert!(!tells, "{method} {target}");
        }
    }
}

#[test]
fn r42_reading_writes_no_row() {
    let demo = Demo::start(&[]);
    let site = demo.birch();
    let rows = demo.rows();
    let before = rows.sizes();
    for target in [
        "/",
        "/signin",
        "/not-me",
        "/reset?started",
        "/console",
        "/captcha/challenge",
        "/reset?lang=de",
        "/nowhere",
    ] {
        for method in ["GET", "HEAD"] {
            let answer = site.ask(method, target).send(site.port);
            assert!(answer.status < 500, "{target}");
            let only_language = answer
                .all("set-cookie")
                .iter()
                .all(|line| line.starts_with("__Host-rg_lang="));
            assert!(only_language, "{target}");
        }
    }
    assert_eq!(rows.sizes(), before);
}
