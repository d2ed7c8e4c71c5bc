//! HTTP/1.1 as thin as it gets, since the client's work is taken from the same cores as the server's.

use anyhow::{Context, bail};
use std::fmt::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Longest wait for an answer: as long as the server gives itself.
const PATIENCE: Duration = Duration::from_secs(30);

/// One request.
#[derive(Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) host: &'a str,
    pub(crate) path: &'a str,
    /// Whose request the proxy says it is.
    pub(crate) client: Ipv4Addr,
    pub(crate) cookie: Option<&'a str>,
    /// The fields of a post; a request without is a GET.
    pub(crate) form: Option<&'a str>,
    /// Whether the answer may come compressed by brotli.
    pub(crate) takes_brotli: bool,
}

/// One answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
    /// From the request being out to the answer's first byte.
    pub(crate) first_byte: Duration,
}

impl Answer {
    /// The values of a header, in small letters.
    pub(crate) fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let pairs = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        pairs
            .filter(move |(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }

    /// The first of them.
    pub(crate) fn header<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.headers(name).next()
    }
}

/// An open connection.
pub(crate) struct Line {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Line {
    /// Connects.
    pub(crate) async fn open(server: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(server).await.context("connect")?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            read: Vec::with_capacity(16 * 1024),
        })
    }

    /// Asks, and reads the whole answer.
    pub(crate) async fn ask(&mut self, ask: Ask<'_>) -> anyhow::Result<Answer> {
        tokio::time::timeout(PATIENCE, self.asked(ask))
            .await
            .context("no answer within 30 s")?
    }

    async fn asked(&mut self, ask: Ask<'_>) -> anyhow::Result<Answer> {
        let request = written(ask)?;
        self.stream
            .write_all(request.as_bytes())
            .await
            .context("send a request")?;
        let sent_at = Instant::now();
        self.read.clear();
        self.more().await?;
        let first_byte = sent_at.elapsed();
        let body_at = loop {
            if let Some(at) = end_of(&self.read, b"\r\n\r\n") {
                break at;
            }
            self.more().await?;
        };
        let head = String::from_utf8_lossy(self.read.get(..body_at).unwrap_or_default()).into_owned();
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|text| text.parse().ok())
            .context("no status line")?;
        self.read.drain(..body_at);
        let mut answer = Answer {
            status,
            head,
            body: Vec::new(),
            first_byte,
        };
        let length = answer.header("content-length").map(str::parse::<usize>).transpose()?;
        let is_chunked = answer
            .header("transfer-encoding")
            .is_some_and(|how| how.eq_ignore_ascii_case("chunked"));
        answer.body = match length {
            _ if is_chunked => self.chunks().await?,
            Some(length) => self.bytes(length).await?,
            None => Vec::new(),
        };
        Ok(answer)
    }

    async fn chunks(&mut self) -> anyhow::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let at = loop {
                if let Some(at) = end_of(&self.read, b"\r\n") {
                    break at;
                }
                self.more().await?;
            };
            let line = self.bytes(at).await?;
            let size = usize::from_str_radix(std::str::from_utf8(&line)?.trim(), 16).context("the size of a chunk")?;
            body.extend(self.bytes(size).await?);
            self.bytes(2).await?;
            if size == 0 {
                return Ok(body);
            }
        }
    }

    async fn bytes(&mut self, n: usize) -> anyhow::Result<Vec<u8>> {
        while self.read.len() < n {
            self.more().await?;
        }
        Ok(self.read.drain(..n).collect())
    }

    async fn more(&mut self) -> anyhow::Result<()> {
        match self.stream.read_buf(&mut self.read).await.context("read an answer")? {
            0 => bail!("the server closed the connection"),
            _ => Ok(()),
        }
    }
}

fn written(ask: Ask<'_>) -> anyhow::Result<String> {
    let Ask {
        host,
        path,
        client,
        cookie,
        form,
        takes_brotli,
    } = ask;
    let method = if form.is_some() { "POST" } else { "GET" };
    let accept = if form.is_some() {
        "application/json"
    } else {
        "text/html,*/*"
    };
    let mut text = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-For: {client}\r\nX-Forwarded-Proto: https\r\n\
         User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n\
         Accept: {accept}\r\nAccept-Language: en-GB,en;q=0.8\r\nSec-Fetch-Site: same-origin\r\n"
    );
    if takes_brotli {
        text.push_str("Accept-Encoding: gzip, br\r\n");
    }
    if let Some(cookie) = cookie {
        write!(text, "Cookie: {cookie}\r\n")?;
    }
    match form {
        Some(form) => {
            let length = form.len();
            write!(
                text,
                "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{form}"
            )?;
        }
        None => text.push_str("\r\n"),
    }
    Ok(text)
}

/// Where what was looked for ends, if it is there.
fn end_of(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    bytes
        .windows(mark.len())
        .position(|window| window == mark)
        .map(|at| at + mark.len())
}
