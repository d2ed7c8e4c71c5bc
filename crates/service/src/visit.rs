//! What the door knows about a caller, and what goes back through it.

use regain_domain::approval::About;
use regain_domain::flow::Client;
use regain_domain::ids::TenantId;
use regain_domain::locale::Language;
use regain_domain::notice::Subject;
use regain_domain::tenant::TenantSettings;
use regain_domain::{Timestamp, device};
use std::net::IpAddr;
use std::sync::Arc;

/// The tenant whose host was called, with its settings as they are now.
#[derive(Clone, Debug)]
pub struct Tenancy {
    /// Its id.
    pub id: TenantId,
    /// `https://reset.acorn.example`: where absolute addresses begin; no slash at the end (R45).
    pub base_url: String,
    /// What it has set.
    pub settings: Arc<TenantSettings>,
    /// The version of the settings.
    pub version: i64,
}

/// One request, as services see it. Everything in here comes from the connection, cookies and headers (R18).
#[derive(Clone, Debug)]
pub struct Visit {
    /// Whose host was called.
    pub tenant: Tenancy,
    /// Where from (R46).
    pub network: IpAddr,
    /// Where the page runs. A flow knows it better, once there is one (R58).
    pub client: Client,
    /// What the browser calls itself, cut to 200 characters, without control characters.
    pub device: String,
    /// Finds the log lines.
    pub request_id: String,
    /// The language of the page.
    pub language: Language,
    /// The value of `__Host-rg_flow`.
    pub flow: Option<String>,
    /// The value of `__Host-rg_session`, else of `__Host-rg_admin`.
    pub session: Option<String>,
    /// The value of `__Host-rg_note`.
    pub note: Option<String>,
    /// The value of `__Host-rg_device`: the mark of a browser in which somebody has signed in before.
    pub mark: Option<String>,
    /// The value of `__Host-rg_kiosk`: which enrolled workstation the browser runs on.
    pub kiosk: Option<String>,
    /// When the request arrived.
    pub arrived_at: Timestamp,
    /// Whether it is a post: anything else writes nothing, not even that a session is in use.
    pub is_posted: bool,
}

impl Visit {
    /// The visit as the page after a post sees it, which has left this note.
    pub(crate) fn with_note(&self, note: &str) -> Self {
        Self {
            note: Some(note.to_owned()),
            ..self.clone()
        }
    }

    /// The same, where the post may have taken the note away.
    pub(crate) fn with_kept_note(&self, keep: &Keep) -> Self {
        Self {
            note: match keep {
                Keep::Set(note) => Some(note.clone()),
                _ => None,
            },
            ..self.clone()
        }
    }

    /// The same under the session's cookie as the post leaves it.
    pub(crate) fn with_session(&self, keep: &Keep) -> Self {
        match keep {
            Keep::Set(cookie) => Self {
                session: Some(cookie.clone()),
                ..self.clone()
            },
            _ => self.clone(),
        }
    }

    /// What a phone is told of who asks it.
    pub(crate) fn about(&self, subject: Subject) -> About {
        About {
            subject,
            language: self.language,
            network: self.network.to_string(),
            device: device::told(&self.device),
            speaks_code: false,
        }
    }
}

/// What becomes of a cookie.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Keep {
    /// Stays as it is.
    #[default]
    AsIs,
    /// Gets this value.
    Set(String),
    /// Gets this value, and forgets it when a kiosk's page would (R58).
    SetBriefly(String),
    /// Is dropped.
    Drop,
}

/// How an answer stands to its post.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// It was taken, or refused in words.
    #[default]
    Current,
    /// It came too late or twice: 409, or the page as it stands (R01).
    Stale,
    /// Too many from this network: 429.
    TooMany,
    /// Too much to do: 503.
    Busy,
}

/// What a post led to: the page, and the cookies that go with it.
#[derive(Clone, Debug)]
pub struct Stepped<T> {
    /// What to draw.
    pub screen: T,
    /// How it stands to the post.
    pub standing: Standing,
    /// `__Host-rg_flow`.
    pub flow: Keep,
    /// `__Host-rg_session`, or for staff `__Host-rg_admin`.
    pub session: Keep,
    /// Whether the session is one of staff.
    pub is_staff: bool,
    /// `__Host-rg_note`.
    pub note: Keep,
    /// `__Host-rg_device`.
    pub mark: Keep,
    /// `__Host-rg_kiosk`; it goes with the browser.
    pub kiosk: Keep,
}

impl<T> Stepped<T> {
    /// Draws a page and leaves the cookies alone.
    pub fn new(screen: T) -> Self {
        Self {
            screen,
            standing: Standing::Current,
            flow: Keep::AsIs,
            session: Keep::AsIs,
            is_staff: false,
            note: Keep::AsIs,
            mark: Keep::AsIs,
            kiosk: Keep::AsIs,
        }
    }
}
