//! The keys are rotated beside a server at work, and nobody notices. R40, F27.

use crate::client::{Browser, Demo, Page, wait_for};
use std::process::{Command, Output};

/// `regain keys …` on the demo's own rows and keys.
fn keys(demo: &Demo, arguments: &[&str]) -> Output {
    let data = demo.data();
    Command::new(env!("CARGO_BIN_EXE_regain"))
        .arg("keys")
        .args(arguments)
        .env_clear()
        .env(
            "REGAIN_DATABASE__URL",
            format!("sqlite://{}", data.join("demo.db").display()),
        )
        .env("REGAIN_KEYS__FILE", data.join("demo.keys"))
        .output()
        .expect("the program starts")
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

#[test]
fn r40_a_rotation_beside_a_server_at_work_voids_nothing() {
    let mut demo = Demo::start(&[]);
    let site = demo.acorn();
    let [person, tired, late] = [(); 3].map(|()| site.person("user@acorn.example"));
    let mut browser = Browser::scripted(site);
    browser.identify(&person.username);
    let code = browser.mail_code(&person);
    let mut blocked = Browser::scripted(site);
    blocked.identify(&tired.username);
    blocked.choose("app_code");
    let wrong = site.wrong_code(&tired);
    for _ in 0..5 {
        blocked.code(&wrong);
    }
    let pictured = Browser::scripted(site).captcha();

    let output = keys(&demo, &["rotate", "--after", "0"]);
    assert!(output.status.success(), "{}", words(&output));
    let told = "SELECT count(*) FROM audit WHERE activity = 'keys-rotated' AND actor_role = 'operator'";
    assert_eq!(demo.rows().number(told), 2, "in the audit of each tenant");
    // A node looks every half a minute, and once when it starts.
    demo.process.kill();
    demo.restart();
    wait_for("the new key", || {
        (demo.rows().number("SELECT count(*) FROM key_mark") == 2).then_some(())
    });
    let file = std::fs::read_to_string(demo.data().join("demo.keys")).expect("the keys");
    assert_eq!(file.matches("\"id\"").count(), 2);

    assert_eq!(browser.code(&code).status, 200, "a code of before");
    assert_eq!(browser.look(), Page::at("choose"));
    browser.pass_app(&person);
    assert_eq!(browser.look(), Page::at("password"), "an app's secret of before");
    let answer = Browser::scripted(site).identify_with(&person.username, &pictured.0, &pictured.1);
    assert_eq!(answer.status, 200, "a captcha of before");
    let mut blocked = Browser::scripted(site);
    blocked.identify(&tired.username);
    assert_eq!(
        blocked.look().refusal.as_deref(),
        Some("blocked"),
        "a counter that was full"
    );

    let output = keys(&demo, &["clean"]);
    let words = words(&output);
    assert!(
        output.status.success() && words.contains("No key was removed"),
        "{words}"
    );
    assert!(words.contains("with the key in use"), "the secrets of apps: {words}");
    let mut after = Browser::scripted(site);
    after.identify(&late.username);
    after.pass_app(&late);
    assert_eq!(after.look(), Page::at("choose"), "a secret that was sealed anew");
}

#[test]
fn r40_a_rotation_says_in_one_line_what_is_missing() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_regain"))
            .args(arguments)
            .current_dir(folder.path())
            .env_clear()
            .output()
            .expect("the program starts")
    };
    let output = run(&["keys", "rotate"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(words(&output).lines().count(), 1, "{}", words(&output));
    assert_eq!(folder.path().read_dir().expect("a folder").count(), 0);
    assert!(run(&["migrate"]).status.success());
    std::fs::remove_file(folder.path().join("data/regain.keys")).expect("the keys");
    for command in [&["keys", "rotate"], &["tenant", "list"]] {
        let output = run(command);
        assert_eq!(output.status.code(), Some(1));
        assert!(
            words(&output).contains("`keys.file`: there is no key file"),
            "{}",
            words(&output)
        );
    }
    assert!(!folder.path().join("data/regain.keys").exists());
}
