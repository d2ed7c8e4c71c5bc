//! HTTP/1.1 by hand: what is sent is exactly what a test says, and what came back is kept header by header.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Ask {
    /// Without any header: not even a host.
    pub(crate) fn new(method: &str, target: &str) -> Self {
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A form; fields are encoded.
    pub(crate) fn form(self, fields: &[(&str, &str)]) -> Self {
        let pairs = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.body("application/x-www-form-urlencoded", pairs.as_bytes())
    }

    pub(crate) fn body(mut self, kind: &str, body: &[u8]) -> Self {
        self.body = body.to_vec();
        self.header("content-type", kind)
    }

    /// The bytes on the wire; the length is said whenever the method may have a body.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut lines = vec![format!("{} {} HTTP/1.1", self.method, self.target)];
        lines.extend(self.headers.iter().map(|(name, value)| format!("{name}: {value}")));
        if !matches!(self.method.as_str(), "GET" | "HEAD") {
            lines.push(format!("content-length: {}", self.body.len()));
        }
        lines.push("connection: close\r\n\r\n".to_owned());
        [lines.join("\r\n").as_bytes(), &self.body].concat()
    }

    pub(crate) fn send(&self, port: u16) -> Answer {
        self.try_send(port).expect("an answer")
    }

    pub(crate) fn try_send(&self, port: u16) -> io::Result<Answer> {
        Answer::read(begin(port, &self.bytes())?, self.method == "HEAD")
    }
}

/// Sends bytes, and leaves the answer to be read.
pub(crate) fn begin(port: u16, bytes: &[u8]) -> io::Result<TcpStream> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(40)))?;
    stream.set_nodelay(true)?;
    // A server that refuses early closes before it has read all: its answer counts.
    drop(stream.write_all(bytes));
    Ok(stream)
}

impl Answer {
    /// The answer to these bytes, whatever they are.
    pub(crate) fn to(port: u16, bytes: &[u8]) -> Self {
        begin(port, bytes)
            .and_then(|stream| Self::read(stream, false))
            .expect("an answer")
    }

    /// Reads to the end of the connection. One that was cut off is an error.
    pub(crate) fn read(mut stream: TcpStream, is_bodyless: bool) -> io::Result<Self> {
        let mut bytes = Vec::new();
        let read = stream.read_to_end(&mut bytes);
        drop(stream.shutdown(Shutdown::Both));
        match Self::parse(&bytes, is_bodyless) {
            Some(answer) => Ok(answer),
            None => Err(read.err().unwrap_or_else(|| io::ErrorKind::UnexpectedEof.into())),
        }
    }

    fn parse(bytes: &[u8], is_bodyless: bool) -> Option<Self> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = std::str::from_utf8(&bytes[..end]).ok()?;
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let mut answer = Self {
            status,
            headers,
            body: Vec::new(),
        };
        let rest = &bytes[end + 4..];
        answer.body = match (answer.header("content-length"), answer.header("transfer-encoding")) {
            _ if is_bodyless => Vec::new(),
            (Some(length), _) => rest.get(..length.parse().ok()?)?.to_vec(),
            (None, Some("chunked")) => unchunked(rest)?,
            (None, _) => rest.to_vec(),
        };
        Some(answer)
    }

    /// The first header of a name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }

    /// All headers of a name.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let found = self.headers.iter().filter(|(found, _)| found == name);
        found.map(|(_, value)| value.as_str()).collect()
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("text")
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{} {}", self.status, self.text()))
    }
}

/// Chunks put together; nothing if the last one is missing.
fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n")?;
        let length = usize::from_str_radix(std::str::from_utf8(&rest[..end]).ok()?.trim(), 16).ok()?;
        if length == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(end + 2..end + 2 + length)?);
        rest = rest.get(end + 4 + length..)?;
    }
}
