//! The authenticator's page, worker and manifest, and what a phone says bare. R12, R58.

use crate::client::{Answer, Ask, Demo, Site};

fn get(site: Site, target: &str) -> Answer {
    site.ask("GET", target).send(site.port)
}

fn post(site: Site, name: &str) -> Ask {
    site.ask("POST", &format!("/fn/public/authenticator-{name}"))
        .header("sec-fetch-site", "same-origin")
        .header("accept", "application/json")
}

/// A list that the worker begins with.
fn listed(worker: &str) -> Vec<String> {
    let (_, list) = worker.split_once("FILES = ").expect("files");
    let (list, _) = list.split_once(", NAME").expect("their end");
    serde_json::from_str(list).expect("a list")
}

#[test]
fn r58_the_page_is_the_same_for_everybody_and_an_app_of_its_own_house() {
    let demo = Demo::shared();
    for (site, name) in [(demo.acorn(), "Acorn Works"), (demo.birch(), "Birch")] {
        let page = get(site, "/authenticator");
        assert_eq!(page.status, 200);
        let text = page.text();
        assert!(
            text.contains(r#"<link rel="manifest" href="/authenticator/manifest.webmanifest""#),
            "{text}"
        );
        assert!(
            text.contains("data-step=\"loading\"") && !text.contains("@acorn.example"),
            "{text}"
        );
        assert!(page.headers.iter().all(|(name, _)| name != "set-cookie"));
        let manifest = get(site, "/authenticator/manifest.webmanifest");
        assert_eq!(manifest.header("content-type"), Some("application/manifest+json"));
        let manifest: serde_json::Value = serde_json::from_slice(&manifest.body).expect("JSON");
        assert_eq!(manifest["name"], name);
        assert_eq!(
            (&manifest["start_url"], &manifest["scope"]),
            (&"/authenticator".into(), &"/authenticator".into())
        );
    }
    assert!(!get(demo.acorn(), "/reset").text().contains("manifest.webmanifest"));
}

#[test]
fn r58_the_worker_keeps_the_apps_own_files_and_is_itself_never_kept() {
    let demo = Demo::shared();
    let site = demo.acorn();
    let worker = get(site, "/authenticator/worker.js");
    assert_eq!(worker.status, 200);
    assert_eq!(worker.header("service-worker-allowed"), Some("/authenticator"));
    assert_eq!(worker.header("cache-control"), Some("no-store"));
    assert_eq!(worker.header("content-type"), Some("text/javascript; charset=utf-8"));
    let text = worker.text().to_owned();
    assert!(
        text.contains("SHELL = \"/authenticator\"") && text.trim_end().ends_with("work();"),
        "{text}"
    );
    let page = get(site, "/authenticator").text().to_owned();
    let files = listed(&text);
    assert!(files.len() >= 4, "{files:?}");
    for file in files {
        let is_ours = file.starts_with("/pkg/") || file.starts_with("/brand/");
        assert!(is_ours && page.contains(&file), "the page loads {file}");
        assert_eq!(get(site, &file).status, 200, "{file}");
    }
}

#[test]
fn r58_the_worker_can_be_taken_back() {
    let demo = Demo::start(&[("REGAIN_AUTHENTICATOR__OFFLINE", "false")]);
    let worker = get(demo.acorn(), "/authenticator/worker.js").text().to_owned();
    assert!(worker.trim_end().ends_with("retire();"), "{worker}");
}

#[test]
fn r12_what_nobody_has_signed_is_nobodys_and_says_nothing() {
    let demo = Demo::shared();
    let site = demo.acorn();
    let device = "00000000-0000-4000-8000-000000000000";
    let signature = "A".repeat(86);
    for (name, fields) in [
        (
            "waiting",
            &[("device", device), ("at", "1"), ("signature", &signature)][..],
        ),
        (
            "answer",
            &[
                ("device", device),
                ("request", device),
                ("verdict", "approve"),
                ("number", "42"),
                ("at", "1"),
                ("signature", &signature),
            ],
        ),
        (
            "subscribe",
            &[
                ("device", device),
                ("endpoint", "https://push.example"),
                ("at", "1"),
                ("signature", &signature),
            ],
        ),
    ] {
        let answer = post(site, name).form(fields).send(site.port);
        assert_eq!((answer.status, answer.text()), (401, "\"SignedOut\""), "{name}");
        let odd = post(site, name).form(&[("at", "now")]).send(site.port);
        assert_eq!(odd.status, 400, "{name}");
        let elsewhere = site
            .ask("POST", &format!("/fn/public/authenticator-{name}"))
            .header("sec-fetch-site", "cross-site");
        assert_eq!(elsewhere.form(fields).send(site.port).status, 403, "{name}");
    }
    let token = post(site, "enrol")
        .form(&[("token", "AAAA"), ("key", "AAAA")])
        .send(site.port);
    assert_eq!(token.status, 409);
}
