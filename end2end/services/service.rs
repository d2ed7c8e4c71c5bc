//! Starts one of these services for a test written in Rust, and talks to its side API. Knows none of them.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Output};

/// A running service; stopped when dropped.
pub(crate) struct Service {
    script: &'static str,
    state: tempfile::TempDir,
    facts: HashMap<String, String>,
}

fn run(script: &str, arguments: &[&str]) -> Output {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let found = above
        .map(|folder| folder.join("end2end/services").join(script))
        .find(|path| path.exists());
    Command::new("/usr/bin/python3")
        .arg("-B")
        .arg(found.unwrap())
        .args(arguments)
        .output()
        .expect("these tests need /usr/bin/python3")
}

impl Service {
    /// Starts it on this machine and waits until it is ready.
    pub(crate) fn start(script: &'static str, options: &[&str]) -> Self {
        let state = tempfile::tempdir().unwrap();
        let mut arguments = vec!["start", state.path().to_str().unwrap(), "127.0.0.1"];
        arguments.extend(options);
        let output = run(script, &arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "{script} did not start; `make test` installs what it needs\n{error}"
        );
        let facts = String::from_utf8(output.stdout).unwrap();
        let facts = facts.lines().filter_map(|line| line.split_once('='));
        Self {
            script,
            facts: facts.map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
            state,
        }
    }

    /// What it told of itself.
    pub(crate) fn fact(&self, name: &str) -> &str {
        &self.facts[name]
    }

    /// Asks its side API, whose address is the fact `side`.
    pub(crate) fn side(&self, side: &str, method: &str, path: &str, body: &str) -> String {
        let (_, url) = self.fact(side).split_once("://").unwrap();
        let (address, root) = url.split_once('/').unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} /{root}/{path} HTTP/1.0\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap();
        assert!(status.starts_with('2'), "{method} {path}: {head}");
        body.to_owned()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        run(self.script, &["stop", self.state.path().to_str().unwrap()]);
    }
}
