//! Everybody's phone: a gateway as small as Twilio's API allows, which tells those who wait that their text has come.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use url::form_urlencoded;

/// Largest body of a request, in bytes.
const MOST: usize = 16 * 1024;
/// What the gateway answers to each message.
const TAKEN: &str = r#"{"sid":"SM1","status":"queued"}"#;

/// The phones. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Phone {
    waiting: Arc<Mutex<HashMap<String, oneshot::Sender<Instant>>>>,
}

impl Phone {
    /// Listens on a free port of this machine.
    pub(crate) async fn open() -> anyhow::Result<(Self, SocketAddr)> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let phone = Self::default();
        let shared = phone.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let phone = shared.clone();
                tokio::spawn(async move { drop(phone.talk(stream).await) });
            }
        });
        Ok((phone, address))
    }

    /// When the next text to a number comes.
    pub(crate) fn text_to(&self, number: &str) -> oneshot::Receiver<Instant> {
        let (sender, receiver) = oneshot::channel();
        self.waiting().insert(number.to_owned(), sender);
        receiver
    }

    async fn talk(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        let (mut line, mut length) = (String::new(), 0);
        loop {
            line.clear();
            if stream.read_line(&mut line).await? == 0 || line == "\r\n" {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0).min(MOST);
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await?;
        let to = form_urlencoded::parse(&body).find(|(name, _)| name == "To");
        if let Some(waiting) = to.and_then(|(_, number)| self.waiting().remove(number.as_ref())) {
            // Whoever waited may have given up.
            let _ = waiting.send(Instant::now());
        }
        let head = format!(
            "HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            TAKEN.len()
        );
        stream.write_all(format!("{head}{TAKEN}").as_bytes()).await
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, HashMap<String, oneshot::Sender<Instant>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
