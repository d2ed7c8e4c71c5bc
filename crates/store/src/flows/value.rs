//! Flows and attempts, from rows and into rows. Asks no database.

use super::NewFlow;
use crate::entity::{attempt, flow};
use crate::{Error, Keyring, Tx, Use, json};
use regain_domain::Timestamp;
use regain_domain::account::UserName;
use regain_domain::flow::{Attempt, Client, Flow, Purpose, Stage, State, Subject, Summary};
use regain_domain::gate::{Gate, Root};
use regain_domain::ids::{AccountId, AttemptId, FlowId, MethodId, TenantId};
use regain_domain::policy::Mode;
use regain_domain::refusal::Refusal;
use uuid::Uuid;

/// The row of a new flow.
pub(super) fn flow_row(tenant: TenantId, new: &NewFlow<'_>) -> Result<flow::Model, Error> {
    let flow = new.flow;
    Ok(flow::Model {
        tenant_id: tenant.0,
        id: flow.id.0,
        cookie_hash: new.cookie_hash.to_vec(),
        rev: flow.rev,
        account_id: flow.subject.account().map(|id| id.0),
        hollow: hollow_of(&flow.subject)?,
        user_name: flow.user_name.as_str().to_owned(),
        purpose: flow.purpose.code().to_owned(),
        client: flow.client.code().to_owned(),
        mode: flow.mode.code().to_owned(),
        state: flow.state.code().to_owned(),
        detail: detail_of(&flow.state)?,
        attempt_id: open_attempt_of(&flow.state).map(|attempt| attempt.id.0),
        n_needed: flow.n_needed.into(),
        n_failed: flow.n_failed.into(),
        policy_version: new.policy_version,
        password_changed_at: flow.password_changed_at.map(Timestamp::ms),
        refusals: json::write(&flow.refusals)?,
        reference: flow.reference.clone(),
        is_help_asked: flow.is_help_asked,
        started_at: new.started_at.ms(),
        moved_at: new.started_at.ms(),
        expires_at: flow.expires_at.ms(),
    })
}

/// The row of a new attempt.
pub(super) fn attempt_row(tx: &Tx, flow: FlowId, attempt: &Attempt, now: Timestamp) -> attempt::Model {
    attempt::Model {
        tenant_id: tx.tenant.0,
        id: attempt.id.0,
        flow_id: flow.0,
        gate: attempt.gate.code().to_owned(),
        method_id: attempt.method.as_ref().map(|(id, _)| id.0),
        root: attempt.method.as_ref().map(|(_, root)| root.as_str().to_owned()),
        stage: stage_code(attempt.stage).to_owned(),
        resend_at: attempt.resend_at.map(Timestamp::ms),
        send_key: attempt.send_key.map(|key| {
            tx.keyring
                .seal(Use::Seal, &send_key_aad(&tx.tenant.0, &attempt.id.0), &key)
        }),
        opened_at: now.ms(),
        code_mac: None,
        code_expires_at: None,
        code_used_at: None,
    }
}

/// A flow as decisions see it.
pub(super) fn flow_of(keyring: &Keyring, row: flow::Model, open: Option<attempt::Model>) -> Result<Flow, Error> {
    let open = open.map(|open| attempt_of(keyring, open)).transpose()?;
    let state = state_of(&row.state, row.detail.as_deref(), open)?;
    let count = |n: i64| u32::try_from(n).map_err(|_| Error::Codec("a count out of range".to_owned()));
    Ok(Flow {
        id: FlowId(row.id),
        rev: row.rev,
        subject: subject_of(row.account_id, row.hollow.as_deref())?,
        user_name: UserName::of_row(row.user_name),
        purpose: json::of_code(&row.purpose, Purpose::of_code)?,
        client: json::of_code(&row.client, Client::of_code)?,
        mode: json::of_code(&row.mode, Mode::of_code)?,
        state,
        n_needed: count(row.n_needed)?,
        n_failed: count(row.n_failed)?,
        password_changed_at: row.password_changed_at.map(Timestamp::from_ms),
        expires_at: Timestamp::from_ms(row.expires_at),
        moved_at: Timestamp::from_ms(row.moved_at),
        refusals: json::read(&row.refusals)?,
        reference: row.reference,
        is_help_asked: row.is_help_asked,
    })
}

fn state_of(code: &str, detail: Option<&str>, open: Option<Attempt>) -> Result<State, Error> {
    match (code, detail) {
        ("gating", _) => Ok(State::Gating(open)),
        ("granted", _) => Ok(State::Granted),
        ("done", Some(detail)) => Ok(State::Done(json::read::<Summary>(detail)?)),
        ("expired" | "abandoned" | "refused", Some(detail)) => Ok(State::Ended(json::read::<Refusal>(detail)?)),
        _ => Err(Error::Codec(format!("unknown state {code:?}"))),
    }
}

/// What the state carries.
pub(super) fn detail_of(state: &State) -> Result<Option<String>, Error> {
    match state {
        State::Gating(_) | State::Granted => Ok(None),
        State::Done(summary) => json::write(summary).map(Some),
        State::Ended(why) => json::write(why).map(Some),
    }
}

fn subject_of(account: Option<Uuid>, hollow: Option<&str>) -> Result<Subject, Error> {
    let account = account.map(AccountId);
    match (account, hollow) {
        (Some(id), None) => Ok(Subject::Account(id)),
        (account, Some(why)) => Ok(Subject::Hollow {
            account,
            why: json::read(why)?,
        }),
        (None, None) => Err(Error::Codec("a flow of nobody".to_owned())),
    }
}

fn hollow_of(subject: &Subject) -> Result<Option<String>, Error> {
    match subject {
        Subject::Account(_) => Ok(None),
        Subject::Hollow { why, .. } => json::write(why).map(Some),
    }
}

pub(super) fn attempt_of(keyring: &Keyring, row: attempt::Model) -> Result<Attempt, Error> {
    Ok(Attempt {
        id: AttemptId(row.id),
        gate: json::of_code(&row.gate, Gate::of_code)?,
        method: row
            .method_id
            .zip(row.root)
            .map(|(id, root)| (MethodId(id), Root::of_row(root))),
        stage: json::of_code(&row.stage, stage_of_code)?,
        resend_at: row.resend_at.map(Timestamp::from_ms),
        send_key: row
            .send_key
            .map(|sealed| send_key_of(keyring, &row.tenant_id, &row.id, &sealed))
            .transpose()?,
    })
}

/// What a message counts on; only sealed, since whoever guesses the address can make the same.
fn send_key_of(keyring: &Keyring, tenant: &Uuid, attempt: &Uuid, sealed: &[u8]) -> Result<[u8; 32], Error> {
    match keyring.open(Use::Seal, &send_key_aad(tenant, attempt), sealed) {
        Some(key) => json::bytes32(&key),
        // As a release before this one wrote it; its flows last a quarter of an hour.
        None => json::bytes32(sealed),
    }
}

fn send_key_aad<'a>(tenant: &'a Uuid, attempt: &'a Uuid) -> [&'a [u8]; 3] {
    [b"send-key", tenant.as_bytes(), attempt.as_bytes()]
}

/// The open attempt of a state.
pub(super) fn open_attempt_of(state: &State) -> Option<&Attempt> {
    match state {
        State::Gating(open) => open.as_ref(),
        _ => None,
    }
}

pub(crate) const fn stage_code(stage: Stage) -> &'static str {
    match stage {
        Stage::Destination => "destination",
        Stage::Code => "code",
        Stage::Waiting => "waiting",
    }
}

pub(crate) fn stage_of_code(code: &str) -> Option<Stage> {
    [Stage::Destination, Stage::Code, Stage::Waiting]
        .into_iter()
        .find(|stage| stage_code(*stage) == code)
}
