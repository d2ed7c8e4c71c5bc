//! One request to a gateway: bounded in time and size, never redirected, never repeated.

use super::network::{Networks, NotAdmitted};
use super::settings::Fault;
use reqwest::header::RETRY_AFTER;
use reqwest::{Certificate, Client, Error, Request, Response, redirect, retry};
use rustls::crypto::CryptoProvider;
use std::error::Error as StdError;
use std::io;
use std::path::Path;
use std::time::Duration;

/// Most of an answer that is read, in bytes.
const MOST_READ: usize = 64 * 1024;
/// The longest that a gateway may ask to be left alone.
const LONGEST_PAUSE: Duration = Duration::from_hours(1);

/// The way to one gateway.
pub(super) struct Line {
    client: Client,
}

/// What came back.
pub(super) struct Answer {
    /// The HTTP status.
    pub(super) status: u16,
    /// `Retry-After` in seconds, where it was said.
    pub(super) after: Option<Duration>,
    /// The body, or as much of it as arrived and was read.
    pub(super) body: Vec<u8>,
}

/// Why nothing came back.
pub(super) enum Broken {
    /// The request was never sent.
    NotSent(&'static str),
    /// It was, or may have been.
    Lost(&'static str),
}

impl Line {
    /// Connects at each request: a kept connection may close while the next request is written, and nobody could tell
    /// whether that one had arrived. HTTP/1.1, where one request is one exchange. No proxy of the environment.
    pub(super) fn new(networks: &Networks, ca_file: Option<&Path>, timeout: Duration) -> Result<Self, Fault> {
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
        let client = builder.build().map_err(|_| Fault::Client)?;
        Ok(Self { client })
    }

    /// What requests are written with.
    pub(super) const fn client(&self) -> &Client {
        &self.client
    }

    /// Asks once.
    pub(super) async fn ask(&self, request: Request) -> Result<Answer, Broken> {
        let response = self.client.execute(request).await.map_err(|error| broken(&error))?;
        Ok(Answer {
            status: response.status().as_u16(),
            after: pause(&response),
            body: body(response).await,
        })
    }
}

fn authorities(path: &Path) -> Result<Vec<Certificate>, Fault> {
    let pem = std::fs::read(path).map_err(|source| Fault::CaFile {
        path: path.to_owned(),
        source,
    })?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(all) if !all.is_empty() => Ok(all),
        Ok(_) | Err(_) => Err(Fault::Ca(path.to_owned())),
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
fn broken(error: &Error) -> Broken {
    if error.is_builder() {
        return Broken::NotSent("the request to the gateway could not be written");
    }
    if !error.is_connect() {
        return Broken::Lost(if error.is_timeout() {
            "the gateway took too long to answer"
        } else {
            "the gateway hung up before its answer"
        });
    }
    Broken::NotSent(if is_caused_by::<NotAdmitted>(error) {
        "the gateway's host is in a network that is not allowed"
    } else if error.is_dns() {
        "the gateway's host could not be found"
    } else if is_caused_by::<rustls::Error>(error) {
        "the gateway's certificate or encryption is not good"
    } else if error.is_timeout() {
        "the gateway's host did not answer"
    } else {
        "the gateway could not be reached"
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
