//! One request to a service outside: bounded in time and size, never redirected, never repeated.

use super::network::{Networks, NotAdmitted};
use reqwest::header::RETRY_AFTER;
use reqwest::{Certificate, Client, Error, Request, Response, redirect, retry};
use rustls::crypto::CryptoProvider;
use std::error::Error as StdError;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Most of an answer that is read, in bytes.
const MOST_READ: usize = 64 * 1024;
/// The longest that a gateway may ask to be left alone.
const LONGEST_PAUSE: Duration = Duration::from_hours(1);

/// Why nothing can be asked at all.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// The file with the authorities cannot be read.
    #[error("read the authorities' file {path}")]
    CaFile {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It holds no certificate.
    #[error("{0} holds no certificate that can be used")]
    Ca(PathBuf),
    /// The system's authorities cannot be used.
    #[error("the system's authorities or its encryption cannot be used")]
    Client,
}

/// The way to services of one kind.
pub(crate) struct Line {
    client: Client,
    /// What they are called in reasons.
    whom: &'static str,
}

/// What came back.
pub(crate) struct Answer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// `Retry-After` in seconds, where it was said.
    pub(crate) after: Option<Duration>,
    /// The body, or as much of it as arrived and was read.
    pub(crate) body: Vec<u8>,
}

/// Why nothing came back.
pub(crate) enum Broken {
    /// The request was never sent.
    NotSent(String),
    /// It was, or may have been.
    Lost(String),
}

impl Line {
    /// Connects at each request: a kept connection may close while the next request is written, and nobody could tell
    /// whether that one had arrived. HTTP/1.1, where one request is one exchange. No proxy of the environment.
    pub(crate) fn new(
        whom: &'static str,
        networks: &Networks,
        ca_file: Option<&Path>,
        timeout: Duration,
    ) -> Result<Self, Unusable> {
        if CryptoProvider::get_default().is_none() {
            // Only a second call fails, and then there is one.
            drop(rustls::crypto::ring::default_provider().install_default());
        }
        let mut builder = Client::builder()
            .user_agent("Regain")
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .no_proxy()
            .http1_only()
            .pool_max_idle_per_host(0)
            .dns_resolver(networks.clone())
            // Shorter than the whole, so that a host that never answers is known not to have been asked.
            .connect_timeout(timeout / 2)
            .timeout(timeout);
        if let Some(path) = ca_file {
            builder = builder.tls_certs_only(authorities(path)?);
        }
        let client = builder.build().map_err(|_| Unusable::Client)?;
        Ok(Self { client, whom })
    }

    /// What requests are written with.
    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }

    /// Asks once.
    pub(crate) async fn ask(&self, request: Request) -> Result<Answer, Broken> {
        let asked = self.client.execute(request).await;
        let response = asked.map_err(|error| broken(self.whom, &error))?;
        Ok(Answer {
            status: response.status().as_u16(),
            after: pause(&response),
            body: body(response).await,
        })
    }
}

fn authorities(path: &Path) -> Result<Vec<Certificate>, Unusable> {
    let pem = std::fs::read(path).map_err(|source| Unusable::CaFile {
        path: path.to_owned(),
        source,
    })?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(all) if !all.is_empty() => Ok(all),
        Ok(_) | Err(_) => Err(Unusable::Ca(path.to_owned())),
    }
}

fn pause(response: &Response) -> Option<Duration> {
    let text = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    let seconds = text.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(LONGEST_PAUSE))
}

/// The status has been told, so a body that breaks off or never ends changes nothing but what is known about it.
async fn body(mut response: Response) -> Vec<u8> {
    let mut read = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        let room = MOST_READ - read.len();
        read.extend(chunk.iter().take(room));
        if read.len() == MOST_READ {
            break;
        }
    }
    read
}

/// What went wrong, in words that name no address: the library's own would hold the whole URL.
fn broken(whom: &str, error: &Error) -> Broken {
    if error.is_builder() {
        return Broken::NotSent(format!("the request to {whom} could not be written"));
    }
    if !error.is_connect() {
        return Broken::Lost(if error.is_timeout() {
            format!("{whom} took too long to answer")
        } else {
            format!("{whom} hung up before its answer")
        });
    }
    Broken::NotSent(if is_caused_by::<NotAdmitted>(error) {
        format!("{whom}'s host is in a network that is not allowed")
    } else if error.is_dns() {
        format!("{whom}'s host could not be found")
    } else if is_caused_by::<rustls::Error>(error) {
        format!("{whom}'s certificate or encryption is not good")
    } else if error.is_timeout() {
        format!("{whom}'s host did not answer")
    } else {
        format!("{whom} could not be reached")
    })
}

/// Whether such an error lies below. An I/O error skips what it wraps when it is asked for its source.
fn is_caused_by<T: StdError + 'static>(error: &(dyn StdError + 'static)) -> bool {
    let below = match error.downcast_ref::<io::Error>() {
        Some(outer) => outer.get_ref().map(|inner| inner as &(dyn StdError + 'static)),
        None => error.source(),
    };
    error.is::<T>() || below.is_some_and(is_caused_by::<T>)
}
