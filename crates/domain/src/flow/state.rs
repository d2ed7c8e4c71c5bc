//! A flow as decisions see it (R01). The browser never sends any of this.

use crate::Timestamp;
use crate::account::UserName;
use crate::gate::{Gate, Root};
use crate::ids::{AccountId, AttemptId, FlowId, MethodId};
use crate::limits::{ENDED_FLOW_SHOWN, FAILED_PROOFS_PER_FLOW, KIOSK_IDLE};
use crate::policy::Mode;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// What a flow is for. A proof made for one purpose counts in no other (R08).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// A new password without the old one.
    Reset,
    /// The account's lock is lifted, and the password stays (R57).
    Unlock,
    /// A fresh proof before one's own methods may be changed (R53).
    Register,
}

impl Purpose {
    /// The stable code in rows.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Unlock => "unlock",
            Self::Register => "register",
        }
    }

    /// Reads a code back.
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Reset, Self::Unlock, Self::Register]
            .into_iter()
            .find(|purpose| purpose.code() == code)
    }
}

/// Where the wizard runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Client {
    /// A browser, at `/reset`.
    #[default]
    Browser,
    /// A locked workstation, at `/kiosk`: no way out, and nothing stays (R58).
    Kiosk,
}

impl Client {
    /// The stable code in rows and in the audit.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Kiosk => "kiosk",
        }
    }

    /// Reads a code back.
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Browser, Self::Kiosk]
            .into_iter()
            .find(|client| client.code() == code)
    }
}

/// Whose flow it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An account whose password may be reset.
    Account(AccountId),
    /// Nobody, or an account whose password may not be reset: the flow walks the same pages and never gets anywhere (R21).
    Hollow {
        /// The account, where there is one.
        account: Option<AccountId>,
        /// Why nothing can come of it.
        why: Refusal,
    },
}

impl Subject {
    /// The account that this is about, if there is one.
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Account(id) => Some(*id),
            Self::Hollow { account, .. } => *account,
        }
    }
}

/// Where a try at a gate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The person has yet to say which address it is (R15).
    Destination,
    /// A code is awaited, or answers, or a passkey.
    Code,
    /// A phone was asked, and answers by itself: what the page waits for (R12, R13).
    Waiting,
}

/// A try at one gate. All that belongs to it hangs on its id, never on the flow at large (R03).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Its id.
    pub id: AttemptId,
    /// The gate.
    pub gate: Gate,
    /// The registration to prove; nothing in a hollow flow and for an address that is not registered.
    pub method: Option<(MethodId, Root)>,
    /// Where it stands.
    pub stage: Stage,
    /// From when a new code can be sent.
    pub resend_at: Option<Timestamp>,
    /// The counter on which its messages count: a keyed hash of the address, registered or not (R17, R22).
    pub send_key: Option<[u8; 32]>,
}

impl Attempt {
    /// Whether a code comes next.
    pub fn is_code_awaited(&self) -> bool {
        self.stage == Stage::Code && !matches!(self.gate, Gate::Questions | Gate::Passkey)
    }

    /// Whether a passkey comes next.
    pub fn is_passkey_awaited(&self) -> bool {
        self.stage == Stage::Code && self.gate == Gate::Passkey
    }

    /// Whether answers come next.
    pub fn are_answers_awaited(&self) -> bool {
        self.stage == Stage::Code && self.gate == Gate::Questions
    }
}

/// What the last page tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Whether the account was unlocked, and its password stayed; else it has a new one.
    #[serde(default)]
    pub is_unlocked: bool,
    /// When that was.
    pub changed_at: Timestamp,
    /// Sessions that were ended.
    pub n_sessions_ended: u32,
    /// Mailboxes that were told.
    pub n_mailboxes: u32,
}

/// The state of a flow, with what exists only then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Proving; with an open attempt or choosing one.
    Gating(Option<Attempt>),
    /// Enough gates are passed: a new password may be chosen. A flow for another purpose has reached its end here.
    Granted,
    /// The password is changed, or the account unlocked.
    Done(Summary),
    /// Over, and nothing was changed.
    Ended(Refusal),
}

impl State {
    /// The stable code in rows (R01).
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Gating(_) => "gating",
            Self::Granted => "granted",
            Self::Done(_) => "done",
            Self::Ended(Refusal::Expired) => "expired",
            Self::Ended(Refusal::Cancelled) => "abandoned",
            Self::Ended(_) => "refused",
        }
    }

    /// Why it is over; else where it stands.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Ended(refusal) => refusal.code(),
            state => state.code(),
        }
    }

    /// Whether posts may still move it.
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Gating(_) | Self::Granted)
    }
}

/// One run of the wizard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Its id; never shown.
    pub id: FlowId,
    /// Counts the writes; a post that read an older one changes nothing (R02).
    pub rev: i64,
    /// Whose it is.
    pub subject: Subject,
    /// The name that was typed, in canonical form.
    pub user_name: UserName,
    /// What it is for.
    pub purpose: Purpose,
    /// Where it runs; fixed at its beginning (R58).
    pub client: Client,
    /// What it may tell; fixed at its beginning (R24).
    pub mode: Mode,
    /// Where it stands.
    pub state: State,
    /// Gates needed when it began; more may be needed by now, never fewer (R04).
    pub n_needed: u32,
    /// Failed proofs so far.
    pub n_failed: u32,
    /// The password's age when it began: another change in between ends it (R05).
    pub password_changed_at: Option<Timestamp>,
    /// When it ends by itself, in a kiosk at the latest.
    pub expires_at: Timestamp,
    /// When it was last moved, or in a kiosk touched.
    pub moved_at: Timestamp,
    /// Why the last post was refused; drawn until the next one.
    pub refusals: Vec<Refusal>,
    /// What to say to the helpdesk: finds the audit entries.
    pub reference: String,
    /// Whether the helpdesk was asked from here.
    pub is_help_asked: bool,
}

impl Flow {
    /// The try that is open.
    pub fn open(&self) -> Option<&Attempt> {
        match &self.state {
            State::Gating(open) => open.as_ref(),
            State::Granted | State::Done(_) | State::Ended(_) => None,
        }
    }

    /// When it ends by itself: in a kiosk sooner, where nobody touches it (R58).
    pub fn ends_at(&self) -> Timestamp {
        match self.client {
            Client::Browser => self.expires_at,
            Client::Kiosk => self.expires_at.min(self.idle_at()),
        }
    }

    /// Until when its page is shown, over or not. A kiosk shows nothing of the person before.
    pub fn shown_until(&self) -> Timestamp {
        match self.client {
            Client::Browser => self.expires_at.plus(ENDED_FLOW_SHOWN),
            Client::Kiosk => self.idle_at(),
        }
    }

    fn idle_at(&self) -> Timestamp {
        self.moved_at.plus(KIOSK_IDLE)
    }

    /// Whether its time is over.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.state.is_open() && self.ends_at() <= now
    }

    /// Failed proofs that are left before it ends.
    pub fn n_tries_left(&self) -> u32 {
        FAILED_PROOFS_PER_FLOW.saturating_sub(self.n_failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::FLOW_LIFE;
    use crate::testing::person;
    use proptest::prelude::*;
    use uuid::Uuid;

    const BEGAN: Timestamp = Timestamp::from_ms(1_000_000_000);

    fn flow(client: Client, moved_ms: i64) -> Flow {
        let person = person();
        Flow {
            id: FlowId(Uuid::from_u128(1)),
            rev: 0,
            subject: Subject::Account(person.id),
            user_name: person.user_name,
            purpose: Purpose::Reset,
            client,
            mode: Mode::Explicit,
            state: State::Gating(None),
            n_needed: 1,
            n_failed: 0,
            password_changed_at: None,
            expires_at: BEGAN.plus(FLOW_LIFE),
            moved_at: Timestamp::from_ms(BEGAN.ms() + moved_ms),
            refusals: Vec::new(),
            reference: "TEST-TEST".to_owned(),
            is_help_asked: false,
        }
    }

    proptest! {
        #[test]
        fn r58_a_kiosk_only_ever_ends_sooner(moved in 0..900_000_i64, now in 0..3_600_000_i64) {
            let (kiosk, browser) = (flow(Client::Kiosk, moved), flow(Client::Browser, moved));
            let now = Timestamp::from_ms(BEGAN.ms() + now);
            prop_assert!(kiosk.ends_at() <= browser.ends_at() && kiosk.shown_until() <= browser.shown_until());
            prop_assert!(kiosk.is_over(now) || !browser.is_over(now));
            prop_assert_eq!(kiosk.is_over(now), now >= kiosk.moved_at.plus(KIOSK_IDLE) || now >= browser.expires_at);
        }
    }

    #[test]
    fn the_codes_of_clients_are_read_back() {
        for client in [Client::Browser, Client::Kiosk] {
            assert_eq!(Client::of_code(client.code()), Some(client));
        }
        assert_eq!(Client::of_code("phone"), None);
    }
}
