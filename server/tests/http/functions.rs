//! The server functions as addresses: the listed ones and no other, each of them for whoever calls it bare. R47.

use crate::client::{Ask, Browser, Demo, Site};
use regain_app::doorstep::FIELDS;

/// What anybody may call without a flow or a session: looks, the beginnings, and the ways out.
const OPEN: [&str; 13] = [
    "/fn/public/reset-look",
    "/fn/public/reset-identify",
    "/fn/public/reset-cancel",
    "/fn/public/reset-open",
    "/fn/public/account-look",
    "/fn/public/not-me-look",
    "/fn/public/not-me",
    "/fn/public/setup-look",
    "/fn/public/signin",
    "/fn/public/signin-passkey",
    "/fn/user/signout",
    "/fn/user/security-look",
    "/fn/user/change-look",
];

fn bare(site: Site, path: &str) -> Ask {
    site.ask("POST", path)
        .header("sec-fetch-site", "same-origin")
        .header("accept", "application/json")
}

#[test]
fn r47_called_bare_every_other_function_says_no() {
    let demo = Demo::shared();
    for site in [demo.acorn(), demo.birch()] {
        for function in FIELDS {
            let answer = bare(site, function.path).form(&[]).send(site.port);
            let is_open = OPEN.contains(&function.path);
            let expect: &[u16] = if is_open { &[200] } else { &[401, 403, 409] };
            assert!(expect.contains(&answer.status), "{}: {}", function.path, answer.status);
            for leak in [
                "panicked",
                "server_fn",
                "leptos",
                ".rs:",
                "Deserialize",
                "missing field",
            ] {
                assert!(!answer.text().contains(leak), "{}: {}", function.path, answer.text());
            }
        }
    }
    assert!(
        OPEN.iter()
            .all(|open| FIELDS.iter().any(|function| function.path == *open))
    );
}

#[test]
fn r47_a_made_up_session_is_none() {
    let demo = Demo::shared();
    let site = demo.acorn();
    for name in ["__Host-rg_session", "__Host-rg_admin"] {
        let ask = bare(site, "/fn/admin/console-look").header("cookie", &format!("{name}={}", "A".repeat(43)));
        assert_eq!(ask.form(&[]).send(site.port).status, 401, "{name}");
    }
    let person = site.person("user@acorn.example");
    let mut browser = Browser::scripted(site);
    assert!(browser.signs_in(&person.username, &person.password));
    assert_eq!(browser.post("admin/console-look", &[]).status, 401, "no role");
    let staff = site.person("auditor@acorn.example");
    let mut browser = Browser::scripted(site);
    browser.signs_in(&staff.username, &staff.password);
    assert_eq!(
        browser.post("admin/console-look", &[]).status,
        401,
        "the code is still due"
    );
    let code = site.app_code(&staff);
    browser.post("public/signin-code", &[("code", &code)]);
    assert_eq!(browser.post("admin/console-look", &[]).status, 200);
    let mut elsewhere = Browser::scripted(demo.birch());
    elsewhere.cookies.clone_from(&browser.cookies);
    assert_eq!(
        elsewhere.post("admin/console-look", &[]).status,
        401,
        "another tenant's session"
    );
}

#[test]
fn r47_an_unknown_function_is_404_and_is_not_repeated() {
    let demo = Demo::shared();
    let site = demo.acorn();
    let mut bodies = Vec::new();
    for path in [
        "/fn/public/canary-7291",
        "/fn/public/reset-look/canary-7291",
        "/fn/canary-7291",
        "/fn/public/reset-lookcanary-7291",
        "/fn/admin/reset-look",
        "/fn/public/Reset-look",
        "/api/canary-7291",
    ] {
        for (kind, accept) in [("script", "application/json"), ("form", "text/html")] {
            let ask = site
                .ask("POST", path)
                .header("sec-fetch-site", "same-origin")
                .header("accept", accept);
            let answer = ask.form(&[("canary", "7291")]).send(site.port);
            assert_eq!(answer.status, 404, "{path}");
            assert!(
                !answer.text().contains("canary") && !answer.text().contains("7291"),
                "{path}"
            );
            if path.starts_with("/fn/") {
                bodies.push((kind, answer.body.len()));
            }
        }
    }
    bodies.sort_unstable();
    bodies.dedup();
    assert_eq!(bodies.len(), 2, "one fixed body for scripts, one for forms: {bodies:?}");
}

#[test]
fn r47_an_error_in_the_address_is_dropped() {
    let demo = Demo::shared();
    let site = demo.acorn();
    for (page, query) in [
        ("/reset", "__path=%2Ffn%2Fpublic%2Freset-look&__err=Y2FuYXJ5LTcyOTE"),
        ("/reset", "started&__err=canary-7291"),
        ("/signin", "__err=canary-7291"),
        ("/", "__path=canary-7291"),
    ] {
        let answer = site.get(&format!("{page}?{query}"));
        assert_eq!((answer.status, answer.header("location")), (303, Some(page)), "{query}");
        assert!(!answer.text().contains("canary-7291"));
    }
    // However the name is spelt, nothing of it shows.
    for query in [
        "%5f%5Ferr=canary-7291",
        "__err%3Dcanary-7291",
        "a=1&%5F_path=canary-7291&_%5ferr=canary-7291",
    ] {
        let answer = site.get(&format!("/reset?{query}"));
        assert!(matches!(answer.status, 200 | 303), "{query}");
        assert!(!answer.text().contains("canary-7291"), "{query}");
    }
}

#[test]
fn r47_a_form_is_never_sent_to_its_referer() {
    let demo = Demo::shared();
    let site = demo.acorn();
    for accept in [
        "text/html",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "*/*",
    ] {
        let ask = site
            .ask("POST", "/fn/public/reset-choose")
            .header("sec-fetch-site", "same-origin");
        let ask = ask
            .header("accept", accept)
            .header("referer", "http://localhost/elsewhere");
        let answer = ask.form(&[("method", "email")]).send(site.port);
        let expect = if accept == "*/*" {
            (409, None)
        } else {
            (303, Some("/reset?started"))
        };
        assert_eq!((answer.status, answer.header("location")), expect, "{accept}");
    }
}
