//! Passkeys as outsiders meet them: where they are made, and a question that is the visitor's own.

use crate::client::{Browser, Demo};

#[test]
fn r45_where_passkeys_are_made_is_told_by_the_tenants_own_address() {
    let demo = Demo::shared();
    for (site, host) in [(demo.acorn(), "localhost"), (demo.birch(), "birch.localhost")] {
        let answer = site.get("/.well-known/passkey-endpoints");
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), Some("application/json"));
        let told = answer.json();
        for key in ["enroll", "manage"] {
            let address = told[key].as_str().expect("an address");
            assert!(address.starts_with(&format!("http://{host}")), "{address}");
            assert!(address.ends_with("/security-info"), "{address}");
        }
    }
}

#[test]
fn r41_a_question_at_sign_in_comes_with_a_cookie_and_is_no_session() {
    let demo = Demo::shared();
    let mut browser = Browser::scripted(demo.birch());
    let asked = browser.post("public/signin-passkey", &[]);
    let options = asked.json()["passkey"]["options"].as_str().expect("options").to_owned();
    assert!(options.contains(r#""rpId":"birch.localhost""#) && options.contains(r#""allowCredentials":[]"#));
    let set = asked.header("set-cookie").expect("a cookie");
    assert!(
        set.starts_with("__Host-rg_session=") && set.contains("HttpOnly; SameSite=Lax"),
        "{set}"
    );
    let look = browser.post("public/account-look", &[]).json();
    assert_eq!(look["passkey"]["options"], options.as_str(), "drawn again from its row");
    assert_eq!(browser.post("user/security-look", &[]).json(), "signed_out");
    let refused = browser.post("public/signin-passkey", &[("passkey", "{}")]).json();
    assert_eq!(refused["passkey"]["refusal"]["code"], "sign-in-failed");
    assert_ne!(
        refused["passkey"]["options"],
        options.as_str(),
        "a question takes one answer"
    );
}
