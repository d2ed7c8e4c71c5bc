//! `/kiosk` from outside: nothing in it leads out, what is posted in it stays in it, and its cookies go soon. R58.

use crate::client::{Answer, Browser, Demo, FLOW, Page};

/// The values of an attribute, in the order of the page.
fn all<'a>(text: &'a str, attribute: &str) -> Vec<&'a str> {
    let begin = format!(" {attribute}=\"");
    let values = text.split(begin.as_str()).skip(1);
    values.filter_map(|rest| rest.split('"').next()).collect()
}

/// The tags of a name, each as it stands.
fn tags<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let begin = format!("<{name} ");
    let found = text.split(begin.as_str()).skip(1);
    found.filter_map(|rest| rest.split('>').next()).collect()
}

/// A page of the kiosk: every address in it is one of its own.
fn has_no_way_out(answer: &Answer, page: &str) {
    let text = answer.text();
    for address in all(text, "href") {
        let is_own = ["#main", "/kiosk"].contains(&address) || address.starts_with("?lang=");
        assert!(is_own || address.starts_with("/pkg/"), "{page}: {address}");
    }
    for address in all(text, "action") {
        assert!(address.starts_with("/kiosk/fn/public/reset-"), "{page}: {address}");
    }
    for address in all(text, "src") {
        let is_own = ["/captcha/", "/brand/", "/pkg/"]
            .iter()
            .any(|own| address.starts_with(own));
        assert!(is_own, "{page}: {address}");
    }
    for way in [
        "mailto:",
        "tel:",
        " target=",
        " download",
        "type=\"file\"",
        "<iframe",
        "https://",
    ] {
        assert!(!text.contains(way), "{page}: {way}");
    }
    for form in tags(text, "form") {
        assert!(form.contains("autocomplete=\"off\""), "{page}: {form}");
    }
    for input in tags(text, "input") {
        let is_typed = !["hidden", "radio"]
            .iter()
            .any(|kind| input.contains(&format!("type=\"{kind}\"")));
        assert!(!is_typed || input.contains("autocomplete=\"off\""), "{page}: {input}");
    }
    assert!(text.contains("class=\"kiosk\""), "{page}");
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{page}");
}

fn place(answer: &Answer) -> Option<&str> {
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("location")
}

fn cookie(answer: &Answer, name: &str) -> String {
    let lines = answer.all("set-cookie");
    let found = lines.iter().find(|line| line.starts_with(&format!("{name}=")));
    found.map(|line| (*line).to_owned()).unwrap_or_default()
}

#[test]
fn r58_no_page_of_the_kiosk_has_a_way_out() {
    let demo = Demo::shared();
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let mut browser = Browser::plain(site).in_kiosk();
    let page = |browser: &mut Browser, step: &str| {
        let answer = browser.get("/kiosk");
        assert_eq!(Page::of(&answer).step, step);
        has_no_way_out(&answer, step);
        answer
    };
    let start = page(&mut browser, "identify");
    assert!(
        start.text().contains("content=\"60;url=/kiosk?lang\""),
        "it clears itself without scripts"
    );
    assert!(tags(start.text(), "audio").iter().all(|tag| tag.contains("nodownload")));
    browser.post("public/reset-identify", &[("username", "x")]);
    page(&mut browser, "identify");
    browser.identify(&person.username);
    page(&mut browser, "choose");
    for method in ["app_code", "mobile_sms", "office_call", "questions"] {
        browser.choose(method);
        page(&mut browser, "prove");
        browser.post("public/reset-choose", &[("method", "")]);
    }
    browser.pass_app(&person);
    let code = browser.mail_code(&person);
    page(&mut browser, "prove");
    browser.code(&code);
    let asked = page(&mut browser, "password");
    assert!(
        !asked.text().contains("name=\"username\""),
        "nothing for a password manager"
    );
    browser.password("short");
    page(&mut browser, "password");
    browser.password("seven brass otters hum");
    page(&mut browser, "done");
    has_no_way_out(&browser.get("/kiosk?started"), "started");
    for (address, status) in [("/kiosk/nothing", 404), ("/kiosk/fn/public/reset-look", 405)] {
        let answer = browser.get(address);
        assert_eq!(answer.status, status, "{address}");
        has_no_way_out(&answer, address);
    }
    let broken = browser
        .posting("public/reset-choose", &[("other", "x")])
        .send(site.port);
    assert_eq!(broken.status, 400);
    has_no_way_out(&broken, "a broken post");
    let plain = site.get("/reset");
    assert!(plain.text().contains("href=\"/signin\"") && !plain.text().contains("class=\"kiosk\""));
}

#[test]
fn r58_what_is_posted_in_the_kiosk_stays_in_it() {
    let demo = Demo::shared();
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let mut browser = Browser::plain(site).in_kiosk();
    let begun = browser.identify(&person.username);
    assert_eq!(place(&begun), Some("/kiosk?started"));
    assert!(
        cookie(&begun, FLOW).ends_with("SameSite=Strict; Max-Age=60"),
        "{}",
        cookie(&begun, FLOW)
    );
    let chosen = browser.choose("app_code");
    assert_eq!(place(&chosen), Some("/kiosk"));
    assert!(
        cookie(&chosen, FLOW).ends_with("Max-Age=60"),
        "every post lets it wait anew"
    );
    let touched = browser.post("public/reset-touch", &[]);
    assert_eq!(
        (place(&touched), Page::of(&browser.get("/kiosk"))),
        (Some("/kiosk"), Page::at("prove"))
    );
    assert_eq!(place(&browser.code("000000")), Some("/kiosk"));

    // The row tells, not the address: a flow of the kiosk is led back to it.
    browser.is_kiosk = false;
    assert_eq!(place(&browser.choose("email")), Some("/kiosk"));
    assert_eq!(place(&browser.get("/reset")), Some("/kiosk"));
    browser.is_kiosk = true;

    let left = browser.post("public/reset-cancel", &[]);
    assert_eq!(place(&left), Some("/kiosk?lang"));
    assert!(cookie(&left, FLOW).ends_with("Max-Age=0"));
    assert_eq!(browser.look(), Page::at("identify"));
    assert_eq!(
        place(&browser.choose("email")),
        Some("/kiosk?started"),
        "and with no row at all"
    );
}

#[test]
fn r58_nothing_of_the_person_before_is_left() {
    let demo = Demo::shared();
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let mut browser = Browser::scripted(site).in_kiosk();
    browser.get("/kiosk?lang=de");
    browser.granted(&person);
    let done = browser.password("seven brass otters hum");
    assert!(done.text().contains("done"), "{}", done.text());
    assert!(cookie(&done, FLOW).ends_with("Max-Age=0"), "{}", cookie(&done, FLOW));
    assert_eq!(browser.look(), Page::at("identify"));
    assert_eq!(place(&browser.get("/kiosk?lang")), Some("/kiosk"));
    assert!(browser.cookies.is_empty(), "{:?}", browser.cookies);
    let page = browser.get("/kiosk");
    assert!(!page.text().contains(&person.username) && page.text().contains("lang=\"en\""));
}

#[test]
fn r58_the_kiosk_calls_the_wizard_and_nothing_else() {
    let demo = Demo::shared();
    let site = demo.acorn();
    for function in [
        "public/signin",
        "public/not-me",
        "user/signout",
        "admin/console-look",
        "public/nothing",
    ] {
        let answer = Browser::scripted(site).in_kiosk().post(function, &[]);
        assert_eq!(answer.status, 404, "{function}");
    }
    for page in ["/kiosk/reset", "/kiosk/signin", "/kiosk/console", "/kiosk/pkg/main.css"] {
        assert_eq!(site.get(page).status, 404, "{page}");
    }
    // The same layers stand before it.
    let elsewhere = site
        .ask("POST", "/kiosk/fn/public/reset-cancel")
        .header("sec-fetch-site", "cross-site")
        .form(&[]);
    assert_eq!(elsewhere.send(site.port).status, 403);
    let other = Browser::scripted(site).in_kiosk();
    let odd = other.posting("public/reset-choose", &[("user", "x")]).send(site.port);
    assert_eq!(odd.status, 400);
}

#[test]
fn r58_a_stale_screen_is_dead_after_a_minute() {
    let demo = Demo::start(&[]);
    for site in [demo.acorn(), demo.birch()] {
        let person = site.person(&format!(
            "user@{}.example",
            if site == demo.acorn() { "acorn" } else { "birch" }
        ));
        let mut browsers = [Browser::plain(site).in_kiosk(), Browser::scripted(site).in_kiosk()];
        for browser in &mut browsers {
            browser.identify(&person.username);
            browser.choose("app_code");
        }
        site.advance(60);
        for browser in &mut browsers {
            let code = site.app_code(&person);
            let answer = browser.code(&code);
            match browser.is_plain {
                true => assert_eq!(place(&answer), Some("/kiosk?started")),
                false => assert_eq!(answer.status, 409),
            }
            assert_eq!(
                Page::of(&browser.get("/kiosk?started")),
                Page::refused("stopped", "expired")
            );
            assert_eq!(browser.look(), Page::at("identify"));
        }
    }
}

/// A token, and its fingerprint by `sha256sum`.
const TOKEN: &str = "q4nGvFq0Jb3kXw2yYt5mHs8dLr7cZe1uAo6iPf9jKTE";
const FINGERPRINT: &str = "7b50428b9864e734495945c24192116d45fda0bf175f9ac512f692ecad181ed8";

#[test]
fn r58_an_enrolled_workstation_is_known_by_its_token_and_the_browser_by_its_mark() {
    let demo = Demo::start(&[]);
    let site = demo.acorn();
    let knock = |token: &str| {
        site.ask("POST", "/kiosk/device")
            .body("text/plain", token.as_bytes())
            .send(site.port)
    };
    assert_eq!(knock(TOKEN).status, 403, "not enrolled yet");
    let (code, told, wrong) = demo.command(&["kiosk", "add", "--tenant", "acorn", "Reception", FINGERPRINT]);
    assert_eq!(
        (code, told.as_str()),
        (Some(0), "Enrolled; it holds at once.\n"),
        "{wrong}"
    );
    let (_, listed, _) = demo.command(&["kiosk", "list", "--tenant", "acorn"]);
    assert_eq!(listed, format!("Reception\t{FINGERPRINT}\t-\n"));

    assert_eq!(knock(&format!("{TOKEN}\n{}", "x".repeat(300))).status, 413, "too long");
    assert_eq!(site.get("/kiosk/device").status, 405);
    let answer = knock(&format!("{TOKEN}\n"));
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")));
    assert!(
        answer
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("text/plain"))
    );
    let ticket = answer.text().to_owned();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    assert!(ticket.len() < 400 && ticket.chars().all(is_plain), "{ticket}");

    let mut browser = Browser::scripted(site).in_kiosk();
    let opening = browser.get("/kiosk/open");
    assert_eq!(Page::of(&opening), Page::at("opening"));
    has_no_way_out(&opening, "opening");
    let entered = browser.post("public/reset-open", &[("ticket", &ticket)]);
    assert_eq!(entered.status, 200, "{}", entered.text());
    let mark = cookie(&entered, "__Host-rg_kiosk");
    assert!(mark.ends_with("Path=/; Secure; HttpOnly; SameSite=Strict"), "{mark}");
    let again = Browser::scripted(site)
        .in_kiosk()
        .post("public/reset-open", &[("ticket", &ticket)]);
    assert_eq!(
        (again.status, cookie(&again, "__Host-rg_kiosk")),
        (200, String::new()),
        "once"
    );
    let (_, listed, _) = demo.command(&["kiosk", "list", "--tenant", "acorn"]);
    assert!(!listed.ends_with("\t-\n"), "it was opened: {listed}");
    assert_eq!(
        demo.command(&["kiosk", "remove", "--tenant", "acorn", "Reception"]).0,
        Some(0)
    );
    assert_eq!(knock(TOKEN).status, 403, "removed");
    assert_eq!(
        demo.command(&["kiosk", "remove", "--tenant", "acorn", "Reception"]).0,
        Some(1)
    );
}
