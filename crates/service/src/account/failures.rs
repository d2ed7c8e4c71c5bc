//! Wrong passwords: counted before anything is compared, apart for familiar browsers and for all others (`domain.md` §10, R18).
//!
//! A wrong password that counted is a counter's row with one hit, under a keyed hash: the time at which it did.

use crate::browser::{self, Known};
use crate::core::Core;
use crate::visit::Visit;
use regain_domain::account::UserName;
use regain_domain::limits::{Hits, SIGN_IN_FORGET};
use regain_domain::lockout::{Side, is_remembered};
use regain_domain::password::normal_form;
use regain_domain::policy::lockout;
use regain_domain::{Secret, Timestamp};
use regain_store::{Tx, counters};

/// A sign-in that was counted as a failure before anything was compared.
pub(super) struct Counted {
    key: [u8; 32],
    /// What the password is remembered under, should it be wrong.
    typed: [u8; 32],
    at: Timestamp,
    pub(super) is_paused: bool,
}

/// Counts a failure for a name, known or not, on the side of the visitor's browser.
pub(super) async fn count(
    core: &Core,
    tx: &Tx,
    visit: &Visit,
    name: &UserName,
    password: &Secret,
) -> anyhow::Result<Counted> {
    let (side, now) = (side(core, tx, visit, name).await?, core.window_now());
    let (key, lockout) = (key(name, side), lockout(&visit.tenant.settings));
    let mut failures: Hits = counters::take(tx, key).await?;
    let is_paused = lockout.paused_until(&failures, now).is_some();
    if !is_paused {
        failures.retain(|hit| *hit > now.minus(SIGN_IN_FORGET));
        failures.push(now);
    }
    counters::put(tx, key, &failures, now.plus(SIGN_IN_FORGET)).await?;
    let password = normal_form(password);
    let typed = [side.code(), name.as_str(), password.expose()].map(str::as_bytes);
    Ok(Counted {
        key,
        typed: subject("wrong-password", &typed),
        at: now,
        is_paused,
    })
}

/// It was no failure after all, or nothing was compared.
pub(super) async fn give_back(tx: &Tx, counted: &Counted) -> anyhow::Result<()> {
    let mut failures = counters::take(tx, counted.key).await?;
    if let (Some(position), false) = (failures.iter().rposition(|hit| *hit == counted.at), counted.is_paused) {
        failures.remove(position);
    }
    Ok(counters::put(tx, counted.key, &failures, counted.at.plus(SIGN_IN_FORGET)).await?)
}

/// It was a failure; but one of the last wrong passwords, typed again, costs nothing.
pub(super) async fn settle(tx: &Tx, counted: &Counted) -> anyhow::Result<()> {
    let counted_at = counters::take(tx, counted.typed).await?.last().copied();
    let mut others = counters::take(tx, counted.key).await?;
    others.retain(|hit| *hit != counted.at);
    let kept = match counted_at.filter(|at| is_remembered(&others, *at)) {
        Some(at) => {
            give_back(tx, counted).await?;
            at
        }
        None => counted.at,
    };
    Ok(counters::put(tx, counted.typed, &vec![kept], kept.plus(SIGN_IN_FORGET)).await?)
}

/// Somebody has signed in here: nothing is counted against them in browsers of this kind, and this one is known for a month.
/// `mark`: the browser's, from now on.
pub(super) async fn succeeded(core: &Core, tx: &Tx, visit: &Visit, mark: &str, name: &UserName) -> anyhow::Result<()> {
    let side = side(core, tx, visit, name).await?;
    counters::clear(tx, key(name, side)).await?;
    browser::remember(core, tx, mark, Known::SignedIn(name)).await
}

/// Whether wrong passwords have paused signing in for a name, from wherever.
pub(crate) async fn is_paused(core: &Core, tx: &Tx, visit: &Visit, name: &UserName) -> anyhow::Result<bool> {
    let (lockout, now) = (lockout(&visit.tenant.settings), core.window_now());
    for side in Side::ALL {
        let failures = counters::peek(tx, key(name, side)).await?;
        if lockout.paused_until(&failures, now).is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Nothing is counted against a name any more, wherever from.
pub(crate) async fn forget(tx: &Tx, name: &UserName) -> anyhow::Result<()> {
    for side in Side::ALL {
        counters::clear(tx, key(name, side)).await?;
    }
    Ok(())
}

async fn side(core: &Core, tx: &Tx, visit: &Visit, name: &UserName) -> anyhow::Result<Side> {
    Ok(match browser::is_known(core, tx, visit, Known::SignedIn(name)).await? {
        true => Side::Familiar,
        false => Side::Unfamiliar,
    })
}

/// The counter of wrong passwords for a name, known or not (R18).
fn key(name: &UserName, side: Side) -> [u8; 32] {
    subject("sign-in", &[side.code().as_bytes(), name.as_str().as_bytes()])
}

fn subject(what: &str, parts: &[&[u8]]) -> [u8; 32] {
    counters::subject(&[&[what.as_bytes()], parts].concat())
}
