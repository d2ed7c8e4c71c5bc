//! Which tenant a host means, and whose address a request has. R45, R46.

use crate::client::{Answer, Ask, Browser, Demo, Page};

#[test]
fn r45_case_port_and_trailing_dot_do_not_count() {
    let demo = Demo::shared();
    for (host, house) in [
        ("localhost", "Acorn Works"),
        ("LocalHost", "Acorn Works"),
        ("localhost:1", "Acorn Works"),
        ("localhost.:443", "Acorn Works"),
        ("birch.localhost", "Birch"),
        ("BIRCH.LOCALHOST.", "Birch"),
    ] {
        let answer = Ask::new("GET", "/reset").header("host", host).send(demo.port);
        assert_eq!(answer.status, 200, "{host}");
        assert!(answer.text().contains(&format!("· {house}</title>")), "{host}");
    }
}

fn tells_no_tenant(answer: &Answer) -> bool {
    let text = answer.text();
    !["Acorn", "Birch", "acorn", "birch"]
        .iter()
        .any(|name| text.contains(name))
        && answer.all("set-cookie").is_empty()
}

#[test]
fn r45_a_host_of_nobody_is_421_and_tells_no_tenant() {
    let demo = Demo::shared();
    for host in [
        "evil.example",
        "127.0.0.1",
        "acorn.localhost",
        "localhost.evil.example",
        "xlocalhost",
        "[::1]:3000",
    ] {
        for target in [
            "/",
            "/reset",
            "/nowhere",
            "/captcha/challenge",
            "/demo/accounts.json",
            "/pkg/x.css",
        ] {
            let answer = Ask::new("GET", target).header("host", host).send(demo.port);
            assert_eq!(answer.status, 421, "{host}{target}");
            assert!(tells_no_tenant(&answer), "{host}{target}");
        }
        let post = Ask::new("POST", "/fn/public/reset-look").header("host", host);
        assert_eq!(
            post.header("sec-fetch-site", "same-origin")
                .form(&[])
                .send(demo.port)
                .status,
            421,
            "{host}"
        );
    }
}

#[test]
fn r45_several_hosts_no_host_and_another_host_in_the_address_are_400() {
    let demo = Demo::shared();
    let acorn = format!("localhost:{}", demo.port);
    let absolute = |authority: &str| Ask::new("GET", &format!("http://{authority}/reset"));
    let cases = [
        (
            Ask::new("GET", "/reset")
                .header("host", "localhost")
                .header("host", "localhost"),
            400,
        ),
        (
            Ask::new("GET", "/reset")
                .header("host", "localhost")
                .header("host", "birch.localhost"),
            400,
        ),
        (Ask::new("GET", "/reset"), 400),
        (Ask::new("GET", "/reset").header("host", ""), 400),
        (Ask::new("GET", "/reset").header("host", "local host"), 400),
        (Ask::new("GET", "/reset").header("host", "user@localhost"), 400),
        (Ask::new("GET", "/reset").header("host", "localhost:port"), 400),
        (absolute(&acorn).header("host", &acorn), 200),
        (absolute(&acorn).header("host", "birch.localhost"), 400),
        (absolute("evil.example").header("host", &acorn), 400),
        (absolute("evil.example").header("host", "evil.example"), 421),
    ];
    for (ask, status) in cases {
        let answer = ask.send(demo.port);
        assert_eq!(answer.status, status, "{ask:?}");
        assert!(status == 200 || tells_no_tenant(&answer), "{ask:?}");
    }
}

/// Where the audit says that a flow was begun from.
fn network_of(demo: &Demo, forwarded: &[&str]) -> String {
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let mut browser = Browser::scripted(site);
    let (ticket, digits) = browser.captcha();
    let fields = [
        ("username", person.username.as_str()),
        ("captcha_ticket", &ticket),
        ("captcha_answer", &digits),
    ];
    let mut ask = browser.posting("public/reset-identify", &fields);
    for hops in forwarded {
        ask = ask.header("x-forwarded-for", hops);
    }
    let ask = ask
        .header("x-forwarded-host", "birch.localhost")
        .header("x-real-ip", "203.0.113.77");
    let answer = ask.send(site.port);
    browser.keep(&answer);
    assert_eq!(browser.look(), Page::at("choose"));
    let sql = format!(
        "SELECT network FROM audit JOIN account ON account.id = audit.subject_id WHERE user_name = '{}'",
        person.username
    );
    demo.rows().texts(&sql).pop().expect("an entry")
}

#[test]
fn r46_only_a_trusted_peer_is_believed_and_only_the_first_untrusted_hop() {
    let direct = Demo::shared();
    assert_eq!(network_of(&direct, &["203.0.113.9"]), "127.0.0.1");
    let behind = Demo::start(&[("REGAIN_HTTP__TRUSTED_PROXIES", "127.0.0.0/8,10.0.0.0/8")]);
    for (forwarded, expect) in [
        (&["203.0.113.9"][..], "203.0.113.9"),
        (&["198.51.100.1, 203.0.113.9, 10.0.0.7"], "203.0.113.9"),
        (&["198.51.100.1", "203.0.113.9"], "203.0.113.9"),
        (&["[2001:db8::9]:443"], "2001:db8::9"),
        (&["nonsense"], "127.0.0.1"),
        (&["203.0.113.9, <script>"], "127.0.0.1"),
        (&[], "127.0.0.1"),
    ] {
        assert_eq!(network_of(&behind, forwarded), expect, "{forwarded:?}");
    }
}
