//! What a refused first step leaves behind before there is a row: refusal, name and a running wait, sealed in a cookie.

use crate::core::Core;
use crate::visit::Visit;
use regain_domain::flow::Client;
use regain_domain::kiosk::KioskSaid;
use regain_domain::limits::{CAPTCHA_LIFE, KIOSK_IDLE};
use regain_domain::not_me::Stop;
use regain_domain::people;
use regain_domain::policy::page::Told;
use regain_domain::registration::Said;
use regain_domain::setup::SetupWrong;
use regain_domain::{Refusal, Timestamp, sign_in};
use regain_store::Use;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The page that a note belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Page {
    #[default]
    Reset,
    /// The wizard in a kiosk.
    Kiosk,
    SignIn,
    SecurityInfo,
    /// Where a password is changed.
    Change,
    /// One's own page.
    Home,
    /// The console's pages of the policy.
    Policy,
    /// The console's doctor.
    Doctor,
    /// A person in the console.
    Person,
    /// The console's list of groups.
    Groups,
    /// A group in the console.
    Group,
    /// The console's page that makes accounts of a file.
    Import,
    /// Where the reference of a message is typed.
    NotMe,
    /// Where the key of the set-up is typed.
    Setup,
    /// The console's way to everybody.
    Rollout,
    /// The console's locked workstations.
    Kiosks,
}

impl Page {
    /// The wizard's page.
    pub(crate) const fn of_wizard(client: Client) -> Self {
        match client {
            Client::Browser => Self::Reset,
            Client::Kiosk => Self::Kiosk,
        }
    }

    /// How long it remembers: a kiosk tells nobody what the person before has typed (R58).
    const fn memory(self) -> Duration {
        match self {
            Self::Kiosk => KIOSK_IDLE,
            _ => CAPTCHA_LIFE,
        }
    }
}

/// The note. Never holds a secret.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Note {
    /// The page it belongs to.
    pub(crate) page: Page,
    /// Why the post was refused.
    pub(crate) refusal: Option<Refusal>,
    /// What was typed as the name.
    pub(crate) user_name: String,
    /// The ticket of a wait that runs.
    pub(crate) wait: Option<String>,
    /// Whether unlocking was asked for.
    #[serde(default)]
    pub(crate) is_unlock: bool,
    /// Why a new password was refused.
    #[serde(default)]
    pub(crate) refusals: Vec<Refusal>,
    /// What went well with the methods.
    #[serde(default)]
    pub(crate) said: Option<Said>,
    /// What went well with the account.
    #[serde(default)]
    pub(crate) done: Option<sign_in::Said>,
    /// What became of a change of the policy.
    #[serde(default)]
    pub(crate) told: Option<Told>,
    /// What was done to a person or to an account.
    #[serde(default)]
    pub(crate) assisted: Option<people::Said>,
    /// What was to be done to a person, and was refused.
    #[serde(default)]
    pub(crate) tried: Option<people::Doing>,
    /// What was done to a group.
    #[serde(default)]
    pub(crate) group: Option<people::GroupAct>,
    /// How many accounts were made of a file.
    #[serde(default)]
    pub(crate) made: Option<u32>,
    /// What was wrong with what staff typed.
    #[serde(default)]
    pub(crate) wrong: Option<people::Wrong>,
    /// What a reference has stopped.
    #[serde(default)]
    pub(crate) stopped: Option<Stop>,
    /// Why the key of the set-up was refused.
    #[serde(default)]
    pub(crate) setup: Option<SetupWrong>,
    /// What was typed as test user and group, and why each was refused.
    #[serde(default)]
    pub(crate) pilot: Option<([String; 2], [Option<people::Wrong>; 2])>,
    /// What was done to a locked workstation, and to which.
    #[serde(default)]
    pub(crate) kiosk: Option<(KioskSaid, String)>,
    /// What was typed as its name and fingerprint, and why each was refused.
    #[serde(default)]
    pub(crate) kiosk_typed: Option<[(String, Option<people::Wrong>); 2]>,
    /// When it was written; it is forgotten after the life of a captcha, in a kiosk sooner.
    pub(crate) at: Timestamp,
}

/// The cookie's value.
pub(crate) fn write(core: &Core, visit: &Visit, note: &Note) -> anyhow::Result<String> {
    core.sealed(Use::Note, &[visit.tenant.id.0.as_bytes()], note)
}

/// Reads it back; nothing if it is not ours, of another tenant or page, or too old.
pub(crate) fn read(core: &Core, visit: &Visit, page: Page) -> Option<Note> {
    let note: Note = core.unsealed(Use::Note, &[visit.tenant.id.0.as_bytes()], visit.note.as_deref()?)?;
    (note.page == page && core.now().since(note.at) < page.memory()).then_some(note)
}
