//! The flow's cookie, its replacements and its attributes; two of one name. R07, R41.

use crate::client::{Answer, Browser, Demo, FLOW, Page};

const OURS: [&str; 7] = [
    "__Host-rg_flow",
    "__Host-rg_session",
    "__Host-rg_admin",
    "__Host-rg_note",
    "__Host-rg_device",
    "__Host-rg_kiosk",
    "__Host-rg_lang",
];

/// The attributes of the one cookie of this name that an answer sets.
fn attributes(answer: &Answer, name: &str) -> String {
    let all = answer.all("set-cookie");
    let mut of_name = all.iter().filter_map(|line| line.strip_prefix(&format!("{name}=")));
    let line = of_name.next().unwrap_or_else(|| panic!("no {name} in {all:?}"));
    assert!(of_name.next().is_none(), "{name} twice");
    let (value, attributes) = line.split_once("; ").expect("attributes");
    let is_token = value.len() >= 43 && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    assert!(is_token || name == "__Host-rg_lang", "{value}");
    attributes.to_owned()
}

#[test]
fn r41_every_cookie_has_exactly_its_attributes() {
    let demo = Demo::shared();
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let mut browser = Browser::scripted(site);
    let flow = browser.identify(&person.username);
    assert_eq!(
        attributes(&flow, FLOW),
        "Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=1800"
    );
    let note = Browser::plain(site).post("public/reset-identify", &[("username", "x")]);
    assert_eq!(
        attributes(&note, "__Host-rg_note"),
        "Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=300"
    );
    let language = browser.get("/reset?lang=fr");
    assert_eq!(
        attributes(&language, "__Host-rg_lang"),
        "Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000"
    );
    let signed_in = browser.post(
        "public/signin",
        &[("username", &person.username), ("password", &person.password)],
    );
    assert_eq!(
        attributes(&signed_in, "__Host-rg_session"),
        "Path=/; Secure; HttpOnly; SameSite=Lax"
    );
    assert_eq!(
        attributes(&signed_in, "__Host-rg_device"),
        "Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000"
    );

    let staff = site.person("admin@acorn.example");
    let mut browser = Browser::scripted(site);
    let half = browser.post(
        "public/signin",
        &[("username", &staff.username), ("password", &staff.password)],
    );
    assert_eq!(
        attributes(&half, "__Host-rg_admin"),
        "Path=/; Secure; HttpOnly; SameSite=Strict"
    );
    let before = browser.cookies["__Host-rg_admin"].clone();
    let code = site.app_code(&staff);
    let whole = browser.post("public/signin-code", &[("code", &code)]);
    assert_eq!(
        attributes(&whole, "__Host-rg_admin"),
        "Path=/; Secure; HttpOnly; SameSite=Strict"
    );
    assert_ne!(browser.cookies["__Host-rg_admin"], before, "signing in gives a new id");
}

#[test]
fn r41_two_cookies_of_one_name_are_400_and_all_are_cleared() {
    let demo = Demo::shared();
    let site = demo.acorn();
    for name in OURS {
        let one_line = site
            .ask("GET", "/reset")
            .header("cookie", &format!("{name}=a; x=y; {name}=a"));
        let two_lines = site.ask("GET", "/signin");
        let two_lines = two_lines
            .header("cookie", &format!("{name}=a"))
            .header("cookie", &format!("{name}=b"));
        let post = site
            .ask("POST", "/fn/public/reset-cancel")
            .header("sec-fetch-site", "same-origin")
            .form(&[]);
        let post = post.header("cookie", &format!("{name}=a; {name}=b"));
        for ask in [one_line, two_lines, post] {
            let answer = ask.send(site.port);
            assert_eq!(answer.status, 400, "{name}");
            for cleared in OURS {
                let gone = format!("{cleared}=; Path=/; Secure; HttpOnly");
                let is_gone = |line: &&str| line.starts_with(&gone) && line.contains("Max-Age=0");
                assert!(answer.all("set-cookie").iter().any(is_gone), "{cleared} stays");
            }
        }
        // Names are compared byte by byte.
        let cased = site
            .ask("GET", "/reset")
            .header("cookie", &format!("{name}=a; {}=b", name.to_uppercase()));
        assert_eq!(cased.send(site.port).status, 200, "{name}");
    }
}

#[test]
fn r07_the_id_is_replaced_at_identify_at_the_first_gate_and_at_the_grant() {
    let demo = Demo::shared();
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let mut browser = Browser::scripted(site);
    browser.cookies.insert(FLOW.to_owned(), "planted".to_owned());
    browser.identify(&person.username);
    let at_identify = browser.clone();
    browser.pass_app(&person);
    let at_first_gate = browser.clone();
    browser.pass_mail(&person);
    let mut ids: Vec<_> = [&at_identify, &at_first_gate, &browser]
        .map(|one| one.cookies[FLOW].clone())
        .into();
    ids.dedup();
    assert!(ids.len() == 3 && ids[0] != "planted", "{ids:?}");
    for mut old in [at_identify, at_first_gate] {
        assert_eq!(old.look(), Page::refused("stopped", "expired"));
        assert_eq!(old.password("seven brass otters hum").status, 409);
        assert_eq!(old.choose("email").status, 409);
    }
    assert_eq!(browser.look(), Page::at("password"));
    let stored = demo.rows().texts("SELECT hex(cookie_hash) FROM flow");
    assert!(
        stored.iter().all(|hash| hash.len() == 64),
        "SHA-256 is all that is stored"
    );
}

#[test]
fn r07_identifying_again_ends_the_flow_before() {
    let demo = Demo::shared();
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let mut browser = Browser::scripted(site);
    browser.identify(&person.username);
    browser.pass_app(&person);
    let mut former = browser.clone();
    browser.identify(&person.username);
    assert_eq!(browser.look(), Page::at("choose"));
    assert_eq!(former.look().step, "stopped");
    assert_eq!(former.choose("email").status, 409);
}

#[test]
fn r07_a_wrong_a_foreign_and_a_missing_cookie_look_like_an_expired_flow() {
    let demo = Demo::start(&[]);
    let site = demo.birch();
    let person = demo.acorn().person("user@acorn.example");
    let mut elsewhere = Browser::scripted(demo.acorn());
    elsewhere.identify(&person.username);
    let mut expired = Vec::new();
    for _ in 0..=POSTS.len() {
        let person = site.person("user@birch.example");
        let mut browser = Browser::scripted(site);
        browser.identify(&person.username);
        browser.choose("app_code");
        expired.push(browser);
    }
    site.advance(15 * 60);
    let mut foreign = Browser::scripted(site);
    foreign.cookies.clone_from(&elsewhere.cookies);
    let mut wrong = Browser::scripted(site);
    wrong.cookies.insert(FLOW.to_owned(), "A".repeat(43));
    let mut missing = Browser::scripted(site);
    // A flow whose time is over and has not been touched since, for each post; and one that was told so before.
    let mut told = expired.pop().expect("a flow");
    assert_eq!(told.choose("app_code").status, 409);
    for is_plain in [false, true] {
        for (post, (function, fields)) in POSTS.into_iter().enumerate() {
            let mut seen = Vec::new();
            for one in [&mut expired[post], &mut told, &mut foreign, &mut wrong, &mut missing] {
                one.is_plain = is_plain;
                seen.push(stopped(one, function, fields));
            }
            for other in &seen[1..] {
                assert_eq!(other, &seen[0], "{function}");
            }
        }
    }
}

/// Every post of the wizard but the first and the one that leaves.
const POSTS: [(&str, &[(&str, &str)]); 5] = [
    ("public/reset-choose", &[("method", "email")]),
    ("public/reset-prove", &[("code", "123456")]),
    ("public/reset-prove", &[("destination", "a@mail.example")]),
    (
        "public/reset-password",
        &[
            ("new_password", "seven brass otters hum"),
            ("confirm_password", "seven brass otters hum"),
        ],
    ),
    ("public/reset-help", &[]),
];

/// What a browser without a living flow sees: the page, the answer to a post, and the page after it.
fn stopped(browser: &mut Browser, function: &str, fields: &[(&str, &str)]) -> Vec<(u16, String, usize)> {
    let answers = [
        browser.get("/reset?started"),
        browser.post(function, fields),
        browser.get("/reset?started"),
    ];
    assert_eq!(Page::of(&answers[0]), Page::refused("stopped", "expired"));
    let told = |answer: Answer| {
        let policy = answer.header("content-security-policy").unwrap_or_default();
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next());
        let text = match nonce {
            Some(nonce) => answer.text().replace(nonce, "N"),
            None => answer.text().to_owned(),
        };
        (answer.status, text, answer.headers.len())
    };
    answers.map(told).into()
}

#[test]
fn r07_no_id_stands_in_an_address_a_page_or_an_answer() {
    let demo = Demo::shared();
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    for mut browser in [Browser::scripted(site), Browser::plain(site)] {
        let answers = [
            browser.identify(&person.username),
            browser.choose("app_code"),
            browser.get("/reset"),
        ];
        let id = browser.cookies[FLOW].clone();
        for answer in answers {
            assert!(!answer.text().contains(&id));
            assert!(answer.header("location").is_none_or(|place| !place.contains(&id)));
        }
        browser.post("public/reset-cancel", &[]);
    }
}
