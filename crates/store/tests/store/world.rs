//! A tenant with people, as the tests need them.

use regain_domain::Timestamp;
use regain_domain::account::{Status, UserName};
use regain_domain::audit::AuditDays;
use regain_domain::brand::Brand;
use regain_domain::flow::{Attempt, Client, Flow, Purpose, Stage, State, Subject};
use regain_domain::gate::Gate;
use regain_domain::ids::{AccountId, AttemptId, FlowId, MessageId, SessionId, TenantId};
use regain_domain::limits::MESSAGE_CEILING;
use regain_domain::locale::Language;
use regain_domain::lockout::Lockout;
use regain_domain::notice::{ChannelKind, Letter, LetterCode};
use regain_domain::password::PasswordPolicy;
use regain_domain::policy::{Edition, Mode, Policy};
use regain_domain::tenant::{TenantSettings, Ways};
use regain_store::accounts::NewAccount;
use regain_store::flows::NewFlow;
use regain_store::outbox::NewMessage;
use regain_store::sessions::Session;
use regain_store::tenants::Tenant;
use regain_store::{Store, Tx, accounts, flows, outbox, sessions, tenants};
use std::future::Future;
use tokio::task::JoinSet;
use uuid::Uuid;

pub const MINUTE: i64 = 60_000;
pub const HOUR: i64 = 60 * MINUTE;

/// A point in time, in milliseconds after the tests' beginning.
pub fn at(ms: i64) -> Timestamp {
    Timestamp::from_ms(1_800_000_000_000 + ms)
}

pub fn settings(name: &str) -> TenantSettings {
    TenantSettings {
        ways: Ways::default(),
        brand: Brand::named(name),
        domains: vec![format!("{name}.example")],
        policy: Policy::default(),
        password: PasswordPolicy::default(),
        lockout: Lockout::default(),
        edition: Edition::Full,
        audit_days: AuditDays::default(),
        message_ceiling: MESSAGE_CEILING,
    }
}

pub async fn tenant(store: &Store, slug: &str) -> TenantId {
    let tenant = Tenant {
        id: TenantId(Uuid::new_v4()),
        slug: slug.to_owned(),
        base_url: format!("https://reset.{slug}.example"),
        hosts: vec![format!("reset.{slug}.example")],
    };
    tenants::create(store, &tenant, &settings(slug), at(0)).await.unwrap();
    tenant.id
}

pub fn person(name: &str) -> NewAccount {
    NewAccount {
        id: AccountId(Uuid::new_v4()),
        user_name: UserName::parse(name, "acorn.example").unwrap(),
        given_name: "Ada".to_owned(),
        family_name: "Acorn".to_owned(),
        primary_mail: Some("ada@mail.example".to_owned()),
        status: Status::Active,
        password_hash: "$argon2id$…".to_owned(),
        password_changed_at: at(-HOUR),
        password_expires_at: None,
        must_change: false,
        language: Some(Language::De),
        roles: Vec::new(),
    }
}

pub async fn account(tx: &Tx, name: &str) -> AccountId {
    let account = person(name);
    accounts::insert(tx, &account, at(0)).await.unwrap();
    account.id
}

pub fn flow(account: AccountId) -> Flow {
    Flow {
        id: FlowId(Uuid::new_v4()),
        rev: 0,
        subject: Subject::Account(account),
        user_name: UserName::parse("ada", "acorn.example").unwrap(),
        purpose: Purpose::Reset,
        client: Client::Browser,
        mode: Mode::Discreet,
        state: State::Gating(None),
        n_needed: 2,
        n_failed: 0,
        password_changed_at: Some(at(-HOUR)),
        expires_at: at(15 * MINUTE),
        moved_at: at(0),
        refusals: Vec::new(),
        reference: "K7QM-2".to_owned(),
        is_help_asked: false,
    }
}

pub async fn started(tx: &Tx, flow: &Flow, cookie: u8) {
    let new = NewFlow {
        flow,
        cookie_hash: [cookie; 32],
        policy_version: 1,
        started_at: at(0),
    };
    flows::insert(tx, &new).await.unwrap();
}

pub fn attempt() -> Attempt {
    Attempt {
        id: AttemptId(Uuid::new_v4()),
        gate: Gate::Email,
        method: None,
        stage: Stage::Code,
        resend_at: Some(at(30_000)),
        send_key: Some([9; 32]),
    }
}

pub fn session(account: AccountId, stage: sessions::Stage) -> Session {
    Session {
        id: SessionId(Uuid::new_v4()),
        account,
        is_staff: false,
        stage,
        created_at: at(0),
        seen_at: at(0),
        expires_at: at(8 * HOUR),
        network: "192.0.2.7".to_owned(),
        device: "Firefox on Linux".to_owned(),
        proved: None,
        password_at: None,
    }
}

pub fn code_letter(code: &str) -> Letter {
    Letter::ResetCode {
        code: LetterCode::new(code.to_owned()),
        subject: regain_domain::notice::Subject::Reset,
        expires_at: at(10 * MINUTE),
        reference: "K7QM-2".to_owned(),
        network: "192.0.2.7".to_owned(),
    }
}

pub fn notice() -> Letter {
    Letter::Blocked { until: at(24 * HOUR) }
}

pub async fn posted(tx: &Tx, letter: &Letter, flow: Option<FlowId>, to: Option<&str>) -> MessageId {
    posted_by(ChannelKind::Mail, tx, letter, flow, to).await
}

pub async fn posted_by(
    channel: ChannelKind,
    tx: &Tx,
    letter: &Letter,
    flow: Option<FlowId>,
    to: Option<&str>,
) -> MessageId {
    let id = MessageId(Uuid::new_v4());
    let message = NewMessage {
        id,
        account: None,
        flow,
        channel,
        letter,
        reference: None,
        to,
        language: Language::En,
        expires_at: letter.good_until(at(0)),
    };
    outbox::put(tx, &message, at(0)).await.unwrap();
    id
}

/// Does the same in so many tasks at once, and gives what they yield.
pub async fn at_once<F>(n: usize, task: impl Fn(usize) -> F) -> Vec<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let mut tasks = JoinSet::new();
    for number in 0..n {
        tasks.spawn(task(number));
    }
    tasks.join_all().await
}
