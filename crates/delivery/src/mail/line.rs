//! Connections to the relay, kept for the next mail.
//!
//! The mail library has a pool of its own, but it also keeps a connection whose mail was given up in the middle: the
//! next mail would then read the answers to the former one. Here a connection is kept only after a whole mail, and
//! one that was given up closes at once.

use super::one_line::OneLine;
use super::{MOST_AT_ONCE, MailError, SmtpSettings, Tls};
use lettre::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use std::io;
use std::net::IpAddr;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::Mutex;

/// How long a kept connection may take to say that it is still there.
const STILL_THERE: Duration = Duration::from_secs(3);

/// The relay, how it is reached, and connections that wait for the next mail.
pub(super) struct Line {
    host: String,
    port: u16,
    hello: ClientId,
    login: Option<Credentials>,
    security: Security,
    idle: Mutex<Vec<AsyncSmtpConnection>>,
}

enum Security {
    Starttls(TlsParameters),
    Implicit(TlsParameters),
    None,
}

/// What can go wrong on the line.
pub(super) enum Broken {
    /// No connection.
    Connect(io::Error),
    /// The conversation failed.
    Talk(Error),
}

impl From<Error> for Broken {
    fn from(error: Error) -> Self {
        Self::Talk(error)
    }
}

impl Line {
    /// Checks the settings. `own_domain` is what the server is greeted with.
    pub(super) fn new(settings: SmtpSettings, own_domain: &str) -> Result<Self, MailError> {
        let security = security(&settings)?;
        Ok(Self {
            login: login(&settings)?,
            host: settings.host,
            port: settings.port,
            hello: ClientId::Domain(own_domain.to_owned()),
            security,
            idle: Mutex::default(),
        })
    }

    /// Sends one mail. Dropped in the middle, it takes its connection with it.
    pub(super) async fn send(&self, message: &Message) -> Result<(), Broken> {
        let mut connection = match self.kept().await {
            Some(connection) => connection,
            None => self.connect().await?,
        };
        connection.send(message.envelope(), &message.formatted()).await?;
        let mut idle = self.idle.lock().await;
        if idle.len() < MOST_AT_ONCE {
            idle.push(connection);
        }
        Ok(())
    }

    /// Ends the connections that wait.
    pub(super) async fn close(&self) {
        let idle = std::mem::take(&mut *self.idle.lock().await);
        for mut connection in idle {
            connection.abort().await;
        }
    }

    /// A connection of an earlier mail that is still alive.
    async fn kept(&self) -> Option<AsyncSmtpConnection> {
        loop {
            let mut connection = self.idle.lock().await.pop()?;
            let is_there = tokio::time::timeout(STILL_THERE, connection.test_connected()).await;
            if is_there == Ok(true) {
                return Some(connection);
            }
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Broken> {
        let server = (self.host.as_str(), self.port);
        let mut connection = match &self.security {
            Security::Implicit(tls) => {
                AsyncSmtpConnection::connect_tokio1(server, None, &self.hello, Some(tls.clone()), None).await?
            }
            Security::Starttls(_) | Security::None => {
                let stream = TcpStream::connect(server).await.map_err(Broken::Connect)?;
                // A mail is written in pieces, each of which would else wait for the answer to the one before.
                stream.set_nodelay(true).map_err(Broken::Connect)?;
                AsyncSmtpConnection::connect_with_transport(Box::new(OneLine::new(stream)), &self.hello).await?
            }
        };
        if let Security::Starttls(tls) = &self.security {
            connection.starttls(tls.clone(), &self.hello).await?;
        }
        if let Some(login) = &self.login {
            connection.auth(DEFAULT_MECHANISMS, login).await?;
        }
        Ok(connection)
    }
}

fn login(settings: &SmtpSettings) -> Result<Option<Credentials>, MailError> {
    match (&settings.user, &settings.password) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) if matches!(settings.tls, Tls::None { .. }) && !is_loopback(&settings.host) => {
            Err(MailError::ClearTextLogin(settings.host.clone()))
        }
        (Some(user), Some(password)) => Ok(Some(Credentials::new(user.clone(), password.expose().to_owned()))),
        (Some(_), None) | (None, Some(_)) => Err(MailError::HalfLogin),
    }
}

fn security(settings: &SmtpSettings) -> Result<Security, MailError> {
    match settings.tls {
        Tls::Starttls => parameters(settings).map(Security::Starttls),
        Tls::Implicit => parameters(settings).map(Security::Implicit),
        Tls::None { allow_remote } if allow_remote || is_loopback(&settings.host) => Ok(Security::None),
        Tls::None { .. } => Err(MailError::ClearText(settings.host.clone())),
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Chain and name are always checked, against the given authorities or the system's.
fn parameters(settings: &SmtpSettings) -> Result<TlsParameters, MailError> {
    let unusable = |error: Error| MailError::Ca(error.to_string());
    let mut builder = TlsParameters::builder(settings.host.clone());
    if let Some(path) = &settings.ca_file {
        let pem = std::fs::read(path).map_err(|source| MailError::CaFile {
            path: path.clone(),
            source,
        })?;
        if !String::from_utf8_lossy(&pem).contains("-----BEGIN CERTIFICATE-----") {
            return Err(MailError::Ca(format!("{} holds no certificate", path.display())));
        }
        let authorities = Certificate::from_pem(&pem).map_err(unusable)?;
        builder = builder
            .certificate_store(CertificateStore::None)
            .add_root_certificate(authorities);
    }
    builder.build_rustls().map_err(unusable)
}
