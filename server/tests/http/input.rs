//! What may be posted, how large, and to what spelling of an address. R29, R48.

use crate::client::{Answer, Browser, Demo, Page, Site};

const FORM: &str = "application/x-www-form-urlencoded";

fn posted(site: Site, function: &str, kind: &str, body: &[u8], accept: &str) -> Answer {
    let ask = site
        .ask("POST", &format!("/fn/public/{function}"))
        .header("sec-fetch-site", "same-origin");
    ask.header("accept", accept).body(kind, body).send(site.port)
}

#[test]
fn r48_unknown_double_nested_and_broken_fields_are_400_without_an_echo() {
    let demo = Demo::shared();
    let site = demo.acorn();
    for body in [
        "method=email&canary7291=1",
        "canary7291",
        "method=canary7291&method=email",
        "method[]=canary7291",
        "method[0]=canary7291",
        "method[a]=canary7291",
        "method.x=canary7291",
        "Method=canary7291",
        "method=canary7291&flow=1",
        "method=canary7291%",
        "method=canary7291%zz",
        "method=canary7291%ff",
        "method=canary7291&%6dethod=x",
        "=canary7291",
    ] {
        for accept in ["application/json", "text/html"] {
            let answer = posted(site, "reset-choose", FORM, body.as_bytes(), accept);
            assert_eq!(answer.status, 400, "{body}");
            assert!(!answer.text().contains("canary7291"), "{body}");
        }
    }
    // The names of other steps are no fields of this one.
    for body in [
        "method=email&user=x",
        "method=email&step=3",
        "method=email&destination=a%40b.example",
        "method=email&next=%2F",
    ] {
        assert_eq!(
            posted(site, "reset-choose", FORM, body.as_bytes(), "*/*").status,
            400,
            "{body}"
        );
    }
}

#[test]
fn r48_another_content_type_is_415() {
    let demo = Demo::shared();
    let site = demo.acorn();
    for kind in [
        "application/json",
        "text/plain",
        "text/plain; application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "application/x-www-form-urlencoded; charset=utf-16",
        "application/octet-stream",
        "application/cbor",
    ] {
        for function in ["reset-look", "reset-choose", "signin"] {
            let answer = posted(site, function, kind, b"{\"method\":\"email\"}", "application/json");
            assert_eq!(answer.status, 415, "{function} {kind}");
        }
    }
    let coded = site
        .ask("POST", "/fn/public/reset-look")
        .header("sec-fetch-site", "same-origin");
    assert_eq!(
        coded
            .header("content-encoding", "gzip")
            .form(&[])
            .send(site.port)
            .status,
        415
    );
}

#[test]
fn r29_r48_bodies_have_their_most_announced_or_not() {
    let demo = Demo::shared();
    let site = demo.acorn();
    let of_size = |field: &str, size: usize| format!("{field}={}", "a".repeat(size - field.len() - 1));
    for (function, field, most) in [
        ("signin", "username", 4096),
        ("reset-prove", "code", 4096),
        ("reset-prove", "passkey", 16384),
        ("signin-passkey", "passkey", 16384),
        ("reset-password", "new_password", 4096),
        ("reset-identify", "captcha", 16384),
        ("reset-choose", "method", 16384),
    ] {
        let fits = posted(
            site,
            function,
            FORM,
            of_size(field, most).as_bytes(),
            "application/json",
        );
        assert!(matches!(fits.status, 200 | 409), "{function}: {}", fits.status);
        let over = posted(
            site,
            function,
            FORM,
            of_size(field, most + 1).as_bytes(),
            "application/json",
        );
        assert_eq!(over.status, 413, "{function}");
        assert!(!over.text().contains("aaaa"));
    }
    // In chunks, so that nothing says beforehand how much it will be.
    let mut bytes = format!(
        "POST /fn/public/reset-prove HTTP/1.1\r\nhost: localhost\r\nsec-fetch-site: same-origin\r\n\
         content-type: {FORM}\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
    )
    .into_bytes();
    for _ in 0..5 {
        bytes.extend_from_slice(b"400\r\n");
        bytes.extend_from_slice(&[b'a'; 1024]);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"0\r\n\r\n");
    assert_eq!(Answer::to(site.port, &bytes).status, 413);
}

#[test]
fn r48_addresses_with_two_meanings_are_400_and_long_ones_414() {
    let demo = Demo::shared();
    let site = demo.acorn();
    for target in [
        "/fn%2fpublic/reset-look",
        "/fn/public%2Freset-look",
        "/fn/../reset",
        "/fn/./public",
        "/%2e%2e/reset",
        "/.%2e/reset",
        "/pkg/..%2f..%2fetc/passwd",
        "/pkg/%2e%2e/demo.keys",
        "/pkg/..%5cx",
        "/reset%00",
        "/reset%00.css",
        "/reset%0d%0aset-cookie:%20a=b",
        "/reset%",
        "/reset%zz",
        "//evil.example/",
        "/\\evil.example",
    ] {
        for method in ["GET", "POST"] {
            let ask = site.ask(method, target).header("sec-fetch-site", "same-origin");
            let answer = ask.send(site.port);
            assert_eq!(answer.status, 400, "{method} {target}");
            assert!(
                !answer.text().contains("evil") && answer.all("set-cookie").is_empty(),
                "{target}"
            );
        }
    }
    let address = |length: usize| format!("/reset?username={}", "a".repeat(length - "/reset?username=".len()));
    assert_eq!(site.get(&address(4096)).status, 200);
    assert_eq!(site.get(&address(4097)).status, 414);
}

#[test]
fn r48_a_header_block_over_16_kib_is_refused() {
    let demo = Demo::shared();
    let site = demo.acorn();
    let large = site
        .ask("GET", "/reset")
        .header("x-filler", &"a".repeat(20_000))
        .send(site.port);
    assert!(matches!(large.status, 400 | 431), "{}", large.status);
    assert_eq!(
        site.ask("GET", "/reset")
            .header("x-filler", &"a".repeat(12_000))
            .send(site.port)
            .status,
        200
    );
}

#[test]
fn r48_odd_characters_are_refused_in_words_and_break_nothing() {
    let demo = Demo::shared();
    for site in [demo.acorn(), demo.birch()] {
        let like = if site == demo.birch() {
            "user@birch.example"
        } else {
            "user@acorn.example"
        };
        for odd in [
            "\0",
            "a\0b@acorn.example",
            "a\r\nbcc: x@y.example",
            "\u{202e}user@acorn.example",
            "\u{fffe}",
            "<script>alert(1)</script>",
        ] {
            let mut browser = Browser::scripted(site);
            let answer = browser.identify(odd);
            assert_eq!(answer.status, 200, "{odd:?}");
            assert!(!Browser::scripted(site).signs_in(odd, odd), "{odd:?}");
            let page = browser.get("/reset");
            assert!(page.status == 200 && !page.text().contains("<script>alert"), "{odd:?}");
        }
        let person = site.person(like);
        let mut browser = Browser::scripted(site);
        browser.identify(&person.username);
        browser.choose("app_code");
        for odd in ["\0", "12\u{0}3456", "١٢٣٤٥٦", "123456\n", "'; DROP TABLE flow; --"] {
            assert_eq!(browser.code(odd).status, 200, "{odd:?}");
        }
        browser.choose("email");
        for odd in [
            "\0",
            "a\0@mail.example",
            "a@mail.example\r\nbcc: b@mail.example",
            "@",
            "a@b@c",
        ] {
            assert!(matches!(browser.destination(odd).status, 200 | 409), "{odd:?}");
        }
        assert_ne!(browser.look(), Page::at("password"));
    }
}

#[test]
fn r48_what_was_typed_stands_escaped_on_the_next_page() {
    let demo = Demo::shared();
    let mut browser = Browser::plain(demo.acorn());
    let typed = "\"><img src=x onerror=alert(1)>";
    let answer = browser.post("public/reset-identify", &[("username", typed)]);
    assert_eq!((answer.status, answer.header("location")), (303, Some("/reset")));
    let page = browser.get("/reset");
    assert_eq!(Page::of(&page), Page::refused("identify", "captcha-wrong"));
    assert!(!page.text().contains("<img src=x") && page.text().contains("onerror=alert(1)"));
    let prefilled = browser
        .site
        .get("/reset?username=%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E");
    assert!(!prefilled.text().contains("<img src=x"));
}
