//! A small HTTP server of the tests: answers by a function, and hands on what it was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

/// What was asked.
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

/// An answer: status line, further headers, body.
pub(crate) type Answer = (&'static str, &'static str, String);

/// A running server; it ends with the test.
pub(crate) struct Listener {
    address: SocketAddr,
    asked: Receiver<Asked>,
}

impl Listener {
    pub(crate) fn start(answer: impl Fn(&Asked) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, asked) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if serve(stream.unwrap(), &answer, &sender).is_none() {
                    break;
                }
            }
        });
        Self { address, asked }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The next request; waits for it.
    pub(crate) fn next(&self) -> Asked {
        self.asked
            .recv_timeout(Duration::from_secs(20))
            .expect("a request was due")
    }

    /// Whether nothing more was asked so far.
    pub(crate) fn is_silent(&self) -> bool {
        self.asked.try_recv().is_err()
    }
}

/// None once nobody listens any more.
fn serve(stream: TcpStream, answer: &impl Fn(&Asked) -> Answer, sender: &Sender<Asked>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let mut words = line.split_whitespace().map(str::to_owned);
    let (Some(method), Some(path)) = (words.next(), words.next()) else {
        return Some(());
    };
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        match line.trim_end().split_once(':') {
            Some((name, value)) => headers.push((name.to_owned(), value.trim().to_owned())),
            None => break,
        }
    }
    let mut asked = Asked {
        method,
        path,
        headers,
        body: Vec::new(),
    };
    asked.body = vec![0; asked.header("content-length").parse().unwrap_or(0)];
    reader.read_exact(&mut asked.body).unwrap();
    let (status, headers, body) = answer(&asked);
    let length = body.len();
    // Who asked may have hung up by now.
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}");
    drop(reader.get_mut().write_all(head.as_bytes()));
    sender.send(asked).ok()
}
