//! A demo of its own folder and port, its two tenants, and their faces for scripts.

use super::{Answer, Ask, Process, Rows, free_port, wait_for};
use regain_domain::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tempfile::TempDir;

/// A running demo.
pub(crate) struct Demo {
    pub(crate) process: Process,
    pub(crate) port: u16,
    pub(crate) operations: u16,
    settings: Vec<(String, String)>,
    folder: TempDir,
}

/// One tenant of a server: where to send, and what host to name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Site {
    pub(crate) port: u16,
    pub(crate) host: &'static str,
}

/// A person, as `/demo/people` answers.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Person {
    pub(crate) username: String,
    pub(crate) password: String,
    pub(crate) emails: Vec<String>,
    pub(crate) totp_secret: Option<String>,
    pub(crate) mobile: Option<String>,
    pub(crate) office: Option<String>,
    pub(crate) answers: BTreeMap<String, String>,
}

/// A message, as `/demo/messages.json` lists it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Message {
    pub(crate) id: i64,
    pub(crate) to: String,
    pub(crate) text: String,
    pub(crate) code: Option<String>,
    /// The mail's `Message-ID`.
    #[serde(rename = "message_id")]
    pub(crate) mail_id: Option<String>,
    pub(crate) context: String,
}

impl Demo {
    /// The demo that the tests of one run share: started by the first, ended with the last.
    pub(crate) fn shared() -> Arc<Self> {
        static SHARED: Mutex<Weak<Demo>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let demo = Arc::new(Self::start(&[]));
            *shared = Arc::downgrade(&demo);
            demo
        })
    }

    /// A fresh one, with more settings.
    pub(crate) fn start(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let settings: Vec<_> = settings
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        // Another test may take the port in between: then one more try.
        for _ in 0..5 {
            let (port, operations) = (free_port(), free_port());
            if let Some(process) = serve(folder.path(), port, operations, &settings) {
                return Self {
                    process,
                    port,
                    operations,
                    settings,
                    folder,
                };
            }
        }
        panic!("the demo does not start");
    }

    /// On the same rows and the same port, after its end.
    pub(crate) fn restart(&mut self) {
        let process = serve(self.folder.path(), self.port, self.operations, &self.settings);
        self.process = process.expect("the demo starts again");
    }

    /// Runs a command on its rows and keys, beside it; gives the exit code and what came on both outputs.
    pub(crate) fn command(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let data = self.folder.path().join("data");
        let url = format!("sqlite://{}?mode=rwc", data.join("demo.db").display());
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_regain"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("REGAIN_DATABASE__URL", url)
            .env("REGAIN_KEYS__FILE", data.join("demo.keys"))
            .output()
            .expect("the program runs");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        (done.status.code(), text(done.stdout), text(done.stderr))
    }

    pub(crate) fn acorn(&self) -> Site {
        Site {
            port: self.port,
            host: "localhost",
        }
    }

    pub(crate) fn birch(&self) -> Site {
        Site {
            port: self.port,
            host: "birch.localhost",
        }
    }

    /// Where its rows and keys are.
    pub(crate) fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// Its rows, as they are on disk.
    pub(crate) fn rows(&self) -> Rows {
        let file = self.folder.path().join("data/demo.db");
        Rows::open(&format!("sqlite://{}?mode=rw", file.display()))
    }
}

/// Starts it and waits until it answers; nothing if it ends instead.
fn serve(folder: &Path, port: u16, operations: u16, settings: &[(String, String)]) -> Option<Process> {
    let data = folder.join("data").display().to_string();
    let (listen, watch) = (format!("127.0.0.1:{port}"), format!("127.0.0.1:{operations}"));
    let mut all = vec![("REGAIN_OPERATIONS__LISTEN", watch.as_str())];
    all.extend(settings.iter().map(|(key, value)| (key.as_str(), value.as_str())));
    let arguments = ["demo", "--listen", &listen, "--data", &data];
    let mut process = Process::start(&arguments, &all, &folder.join("log"));
    wait_for("the demo", || {
        let answer = Ask::new("GET", "/demo/clock")
            .header("host", "localhost")
            .try_send(port);
        let is_there = answer.is_ok_and(|answer| answer.status == 200);
        (is_there || process.has_ended()).then_some(is_there)
    })
    .then_some(process)
}

impl Site {
    /// A request that names the tenant's host.
    pub(crate) fn ask(self, method: &str, target: &str) -> Ask {
        Ask::new(method, target).header("host", &format!("{}:{}", self.host, self.port))
    }

    pub(crate) fn get(self, target: &str) -> Answer {
        self.ask("GET", target).send(self.port)
    }

    fn demo_post(self, target: &str, field: &str, value: &str) -> serde_json::Value {
        let answer = self.ask("POST", target).form(&[(field, value)]).send(self.port);
        assert_eq!(answer.status, 200, "{target} {}", answer.text());
        answer.json()
    }

    /// One more person of a kind.
    pub(crate) fn person(self, like: &str) -> Person {
        serde_json::from_value(self.demo_post("/demo/people", "like", like)).expect("a person")
    }

    /// Moves the clock.
    pub(crate) fn advance(self, seconds: u32) {
        self.demo_post("/demo/clock", "advance", &seconds.to_string());
    }

    /// The demo's time, to the second.
    pub(crate) fn now(self) -> Timestamp {
        let now = self.get("/demo/clock").json()["now"].as_i64().expect("a time");
        Timestamp::from_ms(now * 1000)
    }

    /// The code of a person's app, by the demo's clock.
    pub(crate) fn app_code(self, person: &Person) -> String {
        let secret = person.totp_secret.as_deref().expect("an app");
        regain_service::demo::app_code(secret, self.now()).expect("a code")
    }

    /// A code that is not the app's: not now, and not in the steps beside.
    pub(crate) fn wrong_code(self, person: &Person) -> String {
        let now = self.now().ms();
        let secret = person.totp_secret.as_deref().expect("an app");
        let near: Vec<_> = (-3..=3)
            .filter_map(|step| regain_service::demo::app_code(secret, Timestamp::from_ms(now + 30_000 * step)))
            .collect();
        let mut codes = (0..).map(|n| format!("{n:06}"));
        codes.find(|code| !near.contains(code)).expect("a code")
    }

    /// What arrived after a message.
    pub(crate) fn messages(self, after: i64) -> Vec<Message> {
        let answer = self.get(&format!("/demo/messages.json?after={after}"));
        serde_json::from_value(answer.json()).expect("messages")
    }

    /// The number of the newest message.
    pub(crate) fn newest(self) -> i64 {
        self.messages(0).last().map_or(0, |message| message.id)
    }

    /// The newest message of a purpose to an address; waits for it.
    pub(crate) fn message(self, to: &str, context: &str, after: i64) -> Message {
        wait_for(&format!("{context} to {to}"), || {
            let all = self.messages(after);
            all.into_iter()
                .rfind(|message| message.to == to && message.context == context)
        })
    }

    /// What the picture of a ticket shows.
    pub(crate) fn captcha(self, ticket: &str, after: i64) -> String {
        wait_for("the captcha's answer", || {
            let all = self.messages(after);
            all.into_iter().find(|message| message.context == ticket)?.code
        })
    }
}
