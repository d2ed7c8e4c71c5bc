//! What an operator sets: defaults, then `regain.toml`, then the environment. The one reader of both.

mod authenticator;
mod gateway;
mod merge;
mod nearest;
mod problem;
mod text;

pub use authenticator::Authenticator;
pub use gateway::{BodyKind, Gateway, GatewayKind};
pub use problem::Problem;

use ipnet::IpNet;
use regain_domain::{Secret, limits};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// All settings. A key that is not here is an error.
#[derive(Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where people are served.
    #[serde(deserialize_with = "text::address")]
    pub listen: SocketAddr,
    /// Where rows are kept.
    pub database: Database,
    /// Where keys are kept.
    pub keys: Keys,
    /// What operators look at.
    pub operations: Operations,
    /// What stands in front.
    pub http: Http,
    /// How messages leave.
    pub mail: Mail,
    /// Who carries messages to phones, by name.
    pub gateways: BTreeMap<String, Gateway>,
    /// The authenticator on phones.
    pub authenticator: Authenticator,
    /// What is written about requests.
    pub log: Log,
    /// Whom requests are traced to.
    pub otel: Otel,
    /// Whom finders of holes tell.
    pub security: Security,
    /// Limits per network address, the only ones that are an operator's to set.
    pub limits: Limits,
    /// Where the built pages are.
    pub assets: AssetFiles,
}

/// `database.*`
#[derive(Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// `sqlite://FILE?mode=rwc` or `postgres://…`.
    #[serde(serialize_with = "text::without_password")]
    pub url: String,
    /// A file that holds the address instead.
    pub url_file: Option<PathBuf>,
}

/// `keys.*`
#[derive(Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Keys {
    /// The key ring; made at the first start, never overwritten (R40).
    pub file: PathBuf,
}

/// `operations.*`
#[derive(Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Operations {
    /// Where `/healthz`, `/readyz` and `/metrics` answer.
    #[serde(deserialize_with = "text::address")]
    pub listen: SocketAddr,
    /// What a caller shows as a bearer token; needed beyond loopback (R59).
    #[serde(with = "text::hidden")]
    pub token: Option<Secret>,
    /// A file that holds the token instead.
    pub token_file: Option<PathBuf>,
}

/// `http.*`
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    /// Networks whose forwarded headers are believed (R46).
    #[serde(deserialize_with = "text::networks")]
    pub trusted_proxies: Vec<IpNet>,
    /// Whether browsers may ship the knowledge that these hosts speak HTTPS only.
    pub hsts_preload: bool,
}

/// How the connection to the mail server is kept private.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", try_from = "String")]
pub enum MailTls {
    /// Begins plain and must switch over before anything is said.
    #[default]
    Starttls,
    /// Private from the first byte.
    Implicit,
    /// Never: for a mail server on this machine.
    None,
}

/// `mail.*`
#[derive(Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// The server that takes mail.
    pub host: String,
    /// Its port; without one, the usual port of `tls`.
    pub port: Option<u16>,
    /// How the connection is kept private.
    pub tls: MailTls,
    /// Whom to sign in as; without one, nobody.
    pub user: Option<String>,
    /// With which password.
    #[serde(with = "text::hidden")]
    pub password: Option<Secret>,
    /// A file that holds the password instead.
    pub password_file: Option<PathBuf>,
    /// A PEM file with the authority that signed the server's certificate, if the system does not know it.
    pub ca_file: Option<PathBuf>,
    /// The address that mail comes from.
    pub from: String,
    /// After how many seconds a send is given up and tried later.
    pub timeout_seconds: u64,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", try_from = "String")]
pub enum LogFormat {
    /// A line for people.
    #[default]
    Text,
    /// A JSON object a line.
    Json,
}

/// `log.*`
#[derive(Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// How lines look.
    pub format: LogFormat,
    /// Which lines are written, as `tracing` spells it: `info,regain_service=debug`.
    pub filter: String,
}

/// `otel.*`
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Otel {
    /// The HTTP address of an OpenTelemetry collector, such as `http://127.0.0.1:4318`; without one nothing is sent.
    pub endpoint: Option<String>,
}

/// `security.*`
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Security {
    /// `mailto:…` or `https://…`; makes `/.well-known/security.txt` (RFC 9116).
    pub contact: Option<String>,
}

/// `limits.*`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Identifies from one network in ten minutes before the challenge gets harder.
    pub easy_identifies_per_network: usize,
    /// Identifies, and as many sign-ins, from one network in ten minutes.
    pub identifies_per_network: usize,
    /// Connections held open by one network.
    pub connections_per_network: usize,
}

/// `assets.*`
#[derive(Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AssetFiles {
    /// The folder that the build filled; a release has its files inside and reads none.
    pub dir: PathBuf,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: loopback(3000),
            database: Database::default(),
            keys: Keys::default(),
            operations: Operations::default(),
            http: Http::default(),
            mail: Mail::default(),
            gateways: BTreeMap::new(),
            authenticator: Authenticator::default(),
            log: Log::default(),
            otel: Otel::default(),
            security: Security::default(),
            limits: Limits::default(),
            assets: AssetFiles::default(),
        }
    }
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: "sqlite://data/regain.db?mode=rwc".to_owned(),
            url_file: None,
        }
    }
}

impl Default for Keys {
    fn default() -> Self {
        Self {
            file: PathBuf::from("data/regain.keys"),
        }
    }
}

impl Default for Operations {
    fn default() -> Self {
        Self {
            listen: loopback(9090),
            token: None,
            token_file: None,
        }
    }
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: None,
            tls: MailTls::default(),
            user: None,
            password: None,
            password_file: None,
            ca_file: None,
            from: String::new(),
            timeout_seconds: 30,
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self {
            format: LogFormat::default(),
            filter: "info".to_owned(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        let most = |windows: &[limits::Window]| windows.first().map_or(0, |window| window.most);
        Self {
            easy_identifies_per_network: most(&limits::IDENTIFIES_EASY),
            identifies_per_network: most(&limits::IDENTIFIES_PER_NETWORK),
            connections_per_network: 64,
        }
    }
}

impl Default for AssetFiles {
    fn default() -> Self {
        Self {
            dir: PathBuf::from("dist/pkg"),
        }
    }
}

impl Mail {
    /// The port to connect to.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.tls {
            MailTls::Starttls => 587,
            MailTls::Implicit => 465,
            MailTls::None => 25,
        })
    }
}

impl TryFrom<String> for MailTls {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.as_str() {
            "starttls" => Ok(Self::Starttls),
            "implicit" => Ok(Self::Implicit),
            "none" => Ok(Self::None),
            _ => Err("expected \"starttls\", \"implicit\" or \"none\""),
        }
    }
}

impl TryFrom<String> for LogFormat {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.as_str() {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("expected \"text\" or \"json\""),
        }
    }
}

const fn loopback(port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}
