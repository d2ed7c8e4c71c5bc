//! What every kind of answer says to the browser, errors too. R43, R44.

use crate::client::{Answer, Ask, Browser, Demo, Site};
use std::collections::HashSet;

const FIXED: [(&str, &str); 5] = [
    ("referrer-policy", "same-origin"),
    ("x-content-type-options", "nosniff"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), \
         magnetometer=(), microphone=(), payment=(), \
         publickey-credentials-create=(self), publickey-credentials-get=(self), serial=(), usb=()",
    ),
];

/// The policy of R43, word for word.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; img-src 'self'; font-src 'self'; connect-src 'self'; media-src 'self'; \
         worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; \
         frame-ancestors 'none'"
    )
}

fn nonce(answer: &Answer) -> String {
    let policy = answer.header("content-security-policy").expect("a policy");
    let (_, rest) = policy.split_once("'nonce-").expect("a nonce");
    rest.split_once('\'').expect("its end").0.to_owned()
}

/// A post of this origin with this type and body.
fn post(site: Site, target: &str, kind: &str, body: &[u8]) -> Ask {
    site.ask("POST", target)
        .header("sec-fetch-site", "same-origin")
        .body(kind, body)
}

/// One answer of every kind, with the status that it has to have.
fn kinds(site: Site) -> Vec<(&'static str, u16, Answer)> {
    const FORM: &str = "application/x-www-form-urlencoded";
    let ticket = Browser::plain(site).captcha().0;
    let asks = [
        ("page", 200, site.ask("GET", "/reset")),
        ("page by HEAD", 200, site.ask("HEAD", "/signin")),
        ("demo page", 200, site.ask("GET", "/demo")),
        ("function", 200, post(site, "/fn/public/reset-look", FORM, b"")),
        (
            "refused function",
            409,
            post(site, "/fn/public/reset-choose", FORM, b"method=email"),
        ),
        (
            "plain form",
            303,
            post(site, "/fn/public/reset-choose", FORM, b"method=email").header("accept", "text/html"),
        ),
        ("bad form", 400, post(site, "/fn/public/reset-choose", FORM, b"other=1")),
        (
            "bad form of a page",
            400,
            post(site, "/fn/public/reset-choose", FORM, b"other=1").header("accept", "text/html"),
        ),
        ("redirect of a language", 303, site.ask("GET", "/reset?lang=de")),
        (
            "redirect by standard",
            303,
            site.ask("GET", "/.well-known/change-password"),
        ),
        ("forged error", 303, site.ask("GET", "/reset?__err=x")),
        ("missing page", 404, site.ask("GET", "/nowhere")),
        ("missing function", 404, post(site, "/fn/public/nothing", FORM, b"")),
        ("missing file", 404, site.ask("GET", "/pkg/nothing.css")),
        ("missing ticket", 404, site.ask("GET", "/captcha/nothing.png")),
        ("method", 405, site.ask("GET", "/fn/public/reset-look")),
        ("large", 413, post(site, "/fn/public/reset-prove", FORM, &[b'a'; 5000])),
        (
            "type",
            415,
            post(site, "/fn/public/reset-look", "application/json", b"{}"),
        ),
        ("long address", 414, site.ask("GET", &format!("/{}", "a".repeat(5000)))),
        ("odd path", 400, site.ask("GET", "/a%2fb")),
        ("other origin", 403, site.ask("POST", "/fn/public/reset-look").form(&[])),
        (
            "two cookies",
            400,
            site.ask("GET", "/")
                .header("cookie", "__Host-rg_flow=a; __Host-rg_flow=b"),
        ),
        ("no such host", 421, Ask::new("GET", "/").header("host", "evil.example")),
        ("two hosts", 400, site.ask("GET", "/").header("host", "localhost")),
        ("challenge", 200, site.ask("GET", "/captcha/challenge")),
        ("picture", 200, site.ask("GET", &format!("/captcha/{ticket}.png"))),
        ("sound", 200, site.ask("GET", &format!("/captcha/{ticket}.wav"))),
        ("robots", 200, site.ask("GET", "/robots.txt")),
    ];
    asks.into_iter()
        .map(|(kind, status, ask)| (kind, status, ask.send(site.port)))
        .collect()
}

#[test]
fn r43_every_kind_of_answer_has_every_header() {
    let demo = Demo::shared();
    let mut nonces = HashSet::new();
    for (kind, status, answer) in kinds(demo.acorn()) {
        assert_eq!(answer.status, status, "{kind}");
        for (name, value) in FIXED {
            assert_eq!(answer.all(name), [value], "{kind}: {name}");
        }
        let nonce = nonce(&answer);
        assert_eq!(answer.all("content-security-policy"), [policy(&nonce)], "{kind}");
        assert!(nonce.len() >= 32 && nonces.insert(nonce), "{kind}: an old nonce");
        assert!(answer.header("x-request-id").is_some_and(|id| id.len() == 16), "{kind}");
        for name in [
            "server",
            "x-powered-by",
            "serverfnredirect",
            "access-control-allow-origin",
        ] {
            assert_eq!(answer.header(name), None, "{kind}");
        }
    }
}

#[test]
fn r43_nothing_on_a_page_is_inline_but_for_this_answers_nonce() {
    let demo = Demo::shared();
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let mut browser = Browser::plain(site);
    let mut pages = vec![
        browser.get("/reset"),
        browser.get("/signin"),
        browser.get("/not-me"),
        browser.get("/demo"),
        browser.get("/nowhere"),
    ];
    browser.identify(&person.username);
    pages.push(browser.get("/reset"));
    browser.choose("app_code");
    pages.push(browser.get("/reset"));
    for page in pages {
        let nonce = nonce(&page);
        let text = page.text();
        for tag in ["<script", "<style"] {
            for (at, _) in text.match_indices(tag) {
                let (tag, _) = text[at..].split_once('>').expect("a tag");
                assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{tag}");
            }
        }
        for inline in [" style=\"", " onclick=", " onload=", " onerror=", "javascript:"] {
            assert!(!text.contains(inline), "{inline}");
        }
    }
}

#[test]
fn r44_nothing_is_kept_but_files_named_by_their_content() {
    let demo = Demo::shared();
    let site = demo.acorn();
    for (kind, _, answer) in kinds(site) {
        assert_eq!(answer.all("cache-control"), ["no-store"], "{kind}");
    }
    let page = site.get("/reset");
    let (_, rest) = page.text().split_once("href=\"/pkg/").expect("a style sheet");
    let name = rest.split_once('"').expect("its name").0;
    let file = site.get(&format!("/pkg/{name}"));
    assert_eq!(
        (file.status, file.header("content-type")),
        (200, Some("text/css; charset=utf-8"))
    );
    assert_eq!(file.all("cache-control"), ["public, max-age=31536000, immutable"]);
    for (name, value) in FIXED {
        assert_eq!(file.all(name), [value], "{name}");
    }
}

#[test]
fn r44_no_unkeyed_header_shows_in_an_answer() {
    let demo = Demo::shared();
    let site = demo.acorn();
    for target in [
        "/reset",
        "/signin",
        "/not-me",
        "/nowhere",
        "/reset?lang=de",
        "/.well-known/change-password",
        "/captcha/challenge",
    ] {
        let mut ask = site.ask("GET", target);
        for name in [
            "x-forwarded-host",
            "x-original-url",
            "x-rewrite-url",
            "x-forwarded-proto",
            "forwarded",
            "referer",
            "origin",
            "user-agent",
        ] {
            ask = ask.header(name, "http://canary-7291.example/");
        }
        let answer = ask.header("x-http-method-override", "DELETE").send(site.port);
        let told = answer.headers.iter().any(|(_, value)| value.contains("canary-7291"));
        assert!(
            !told && !answer.body.windows(11).any(|part| part == b"canary-7291"),
            "{target}"
        );
        assert!(matches!(answer.status, 200 | 303 | 404), "{target}");
    }
}

#[test]
fn r44_signing_out_clears_the_cache_and_no_more() {
    let demo = Demo::shared();
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let mut browser = Browser::scripted(site);
    assert!(browser.signs_in(&person.username, &person.password));
    let answer = browser.post("user/signout", &[]);
    assert_eq!(answer.all("clear-site-data"), ["\"cache\""]);
    assert!(!browser.cookies.contains_key("__Host-rg_session"));
}
