//! We broke, or the outside broke us: the page learns a code and nothing else.

use serde::{Deserialize, Serialize};
use server_fn::codec::JsonEncoding;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};

/// Closed on purpose: no text of the framework or of serde reaches a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// The row moved under the post, or the step is over: look again (409).
    Stale,
    /// The post could not be read (400).
    BadPost,
    /// The server was not reached.
    Unreached,
    /// Too much to do (503).
    Busy {
        /// Seconds to wait.
        seconds: u32,
    },
    /// Too many requests from this network (429).
    TooMany {
        /// Seconds to wait.
        seconds: u32,
    },
    /// Not signed in, or not with a role that may (401).
    SignedOut,
    /// Anything else (500).
    Ours {
        /// Finds the log lines.
        request_id: String,
    },
}

impl Fault {
    /// The value of `data-refusal` on a page that shows it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Stale => "stale",
            Self::BadPost => "bad-post",
            Self::Unreached => "unreached",
            Self::Busy { .. } => "busy",
            Self::TooMany { .. } => "too-many-requests",
            Self::SignedOut => "signed-out",
            Self::Ours { .. } => "fault",
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for Fault {}

impl FromServerFnError for Fault {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => Self::BadPost,
            ServerFnErrorErr::Request(_) => Self::Unreached,
            _ => Self::Ours {
                request_id: String::new(),
            },
        }
    }
}
