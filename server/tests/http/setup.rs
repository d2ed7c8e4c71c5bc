//! A server without an organisation, from outside: one page, on any host, and nothing else. R45, R42, R47.

use crate::client::{Ask, Process, Site, free_port, wait_for};
use regain_app::doorstep::FIELDS;

/// A server on rows of its own.
struct Bare {
    port: u16,
    _process: Process,
    _folder: tempfile::TempDir,
}

fn bare() -> Bare {
    let folder = tempfile::tempdir().expect("a folder");
    let (port, operations) = (free_port(), free_port());
    let (listen, watch) = (format!("127.0.0.1:{port}"), format!("127.0.0.1:{operations}"));
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("regain.db").display());
    let settings = [
        ("REGAIN_LISTEN", listen.as_str()),
        ("REGAIN_OPERATIONS__LISTEN", &watch),
        ("REGAIN_DATABASE__URL", &url),
        ("REGAIN_KEYS__FILE", &folder.path().join("keys").display().to_string()),
        ("REGAIN_MAIL__HOST", "127.0.0.1"),
        ("REGAIN_MAIL__PORT", "9"),
        ("REGAIN_MAIL__TLS", "none"),
        ("REGAIN_MAIL__FROM", "regain@elm.example"),
    ];
    let process = Process::start(&["serve"], &settings, &folder.path().join("log"));
    wait_for("the server", || {
        let answer = Ask::new("GET", "/readyz").header("host", "x").try_send(operations);
        answer.is_ok_and(|answer| answer.status == 200).then_some(())
    });
    Bare {
        port,
        _process: process,
        _folder: folder,
    }
}

#[test]
fn r45_without_an_organisation_there_is_one_page_on_any_host_and_nothing_else() {
    let bare = bare();
    let get = |host: &str, target: &str| Ask::new("GET", target).header("host", host).send(bare.port);
    for host in ["localhost", "10.0.0.7", "reset.elm.example:8443", "[::1]:3000"] {
        let page = get(host, "/setup");
        assert_eq!(page.status, 200, "{host}");
        assert!(page.text().contains("data-step=\"setup-key\""), "{host}");
        assert!(page.header("content-security-policy").is_some(), "{host}");
        let first = get(host, "/");
        assert_eq!(
            (first.status, first.header("location")),
            (303, Some("/setup")),
            "{host}"
        );
        for other in [
            "/reset",
            "/signin",
            "/console",
            "/kiosk",
            "/captcha/challenge",
            "/demo",
            "/setup/",
            "/brand/x.svg",
        ] {
            assert_eq!(get(host, other).status, 503, "{host}{other}");
        }
    }
    let twice = Ask::new("GET", "/setup")
        .header("host", "a.example")
        .header("host", "b.example");
    assert_eq!(twice.send(bare.port).status, 400);
}

#[test]
fn r47_without_the_key_no_function_of_the_set_up_does_anything() {
    let bare = bare();
    let site = Site {
        port: bare.port,
        host: "localhost",
    };
    for function in FIELDS {
        let ask = site
            .ask("POST", function.path)
            .header("accept", "application/json")
            .form(&[]);
        let answer = ask.clone().header("sec-fetch-site", "same-origin").send(site.port);
        let is_setup = function.path.starts_with("/fn/public/setup-");
        let expect = match function.path {
            // A key that is none is refused in words.
            "/fn/public/setup-look" | "/fn/public/setup-open" => 200,
            _ if is_setup => 409,
            _ => 503,
        };
        assert_eq!(answer.status, expect, "{}: {}", function.path, answer.text());
        if is_setup {
            let foreign = ask.header("sec-fetch-site", "cross-site").send(site.port);
            assert_eq!(foreign.status, 403, "{}", function.path);
        }
    }
}
