//! Everybody's mailbox: an SMTP server as small as a relay allows, which hands codes to those who wait for them.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

/// Who waits for a code, by address.
type Waiting = HashMap<String, oneshot::Sender<String>>;

/// The mailboxes. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Mailbox {
    waiting: Arc<Mutex<Waiting>>,
    n_mails: Arc<AtomicUsize>,
}

impl Mailbox {
    /// Listens on a free port of this machine.
    pub(crate) async fn open() -> anyhow::Result<(Self, SocketAddr)> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let mailbox = Self::default();
        let shared = mailbox.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mailbox = shared.clone();
                // A relay that hangs up in the middle is its own business.
                tokio::spawn(async move { drop(mailbox.talk(stream).await) });
            }
        });
        Ok((mailbox, address))
    }

    /// The next code that comes to an address.
    pub(crate) fn code_to(&self, address: &str) -> oneshot::Receiver<String> {
        let (sender, receiver) = oneshot::channel();
        self.waiting().insert(address.to_owned(), sender);
        receiver
    }

    /// Mails so far.
    pub(crate) fn n_mails(&self) -> usize {
        self.n_mails.load(Ordering::Relaxed)
    }

    async fn talk(&self, stream: TcpStream) -> std::io::Result<()> {
        stream.set_nodelay(true)?;
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 bench\r\n").await?;
        let (mut line, mut to) = (String::new(), String::new());
        loop {
            line.clear();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let command = line.get(..4).unwrap_or_default().to_ascii_uppercase();
            let answer = match command.as_str() {
                "EHLO" => "250-bench\r\n250 8BITMIME\r\n",
                "RCPT" => {
                    let inner = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
                    to = inner.map(|(address, _)| address.to_owned()).unwrap_or_default();
                    "250 ok\r\n"
                }
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").await?;
                    let code = message(&mut stream).await?;
                    self.n_mails.fetch_add(1, Ordering::Relaxed);
                    self.hand_over(&to, code);
                    "250 taken\r\n"
                }
                "QUIT" => "221 bye\r\n",
                _ => "250 ok\r\n",
            };
            stream.write_all(answer.as_bytes()).await?;
        }
    }

    fn hand_over(&self, to: &str, code: Option<String>) {
        let Some(code) = code else { return };
        if let Some(waiting) = self.waiting().remove(to) {
            // Whoever waited may have given up.
            drop(waiting.send(code));
        }
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads a message to its end; gives the code in its subject.
async fn message(stream: &mut BufReader<TcpStream>) -> std::io::Result<Option<String>> {
    let (mut line, mut code) = (String::new(), None);
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 || line == ".\r\n" {
            return Ok(code);
        }
        if line.starts_with("Subject:") {
            let last = line.split_whitespace().next_back().unwrap_or_default();
            let is_code = last.len() == 6 && last.bytes().all(|byte| byte.is_ascii_digit());
            code = is_code.then(|| last.to_owned());
        }
    }
}
