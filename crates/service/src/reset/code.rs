//! Codes: made, kept as a keyed hash, compared in constant time, spent once (R09–R11).

use crate::core::Core;
use crate::dice::below;
use anyhow::anyhow;
use regain_domain::flow::{Attempt, Flow};
use regain_domain::gate::{Gate, Root};
use regain_domain::ids::MethodId;
use regain_domain::limits::{MAIL_CODE_LIFE, PHONE_CODE_LIFE, TOTP_DRIFT, TOTP_STEP};
use regain_domain::{Secret, Timestamp};
use regain_store::{Tx, Use, flows, methods};
use totp_rs::{Algorithm, Builder, Totp};
use uuid::Uuid;

/// No code lasts so long.
const NEVER: Timestamp = Timestamp::from_ms(i64::MAX);
/// No step of an app is older.
const NO_STEP: i64 = i64::MIN;

/// A fresh code of six digits.
pub(crate) fn draw(core: &Core) -> Secret {
    Secret::new(format!("{:06}", below(&mut core.dice(), 1_000_000)))
}

/// What is stored of a code: bound to everything that it may open, and useless anywhere else (R08, R09).
fn mac(core: &Core, tenant: &[u8], flow: &Flow, attempt: &Attempt, digits: &Secret) -> [u8; 32] {
    bound(tenant, flow, attempt, digits, |parts| core.keys().mac(Use::Code, parts))
}

/// All that a code is bound to, lent to what makes a MAC of it.
fn bound<T>(tenant: &[u8], flow: &Flow, attempt: &Attempt, digits: &Secret, then: impl FnOnce(&[&[u8]]) -> T) -> T {
    let account = flow.subject.account();
    let account = account.as_ref().map_or(&[] as &[u8], |id| id.0.as_bytes());
    let send_key = attempt.send_key.unwrap_or_default();
    then(&[
        flow.purpose.code().as_bytes(),
        tenant,
        account,
        flow.id.0.as_bytes(),
        attempt.id.0.as_bytes(),
        attempt.gate.code().as_bytes(),
        &send_key,
        digits.expose().as_bytes(),
    ])
}

/// The registration whose code was typed, if it passes the open attempt; if so, the code is spent. `apps`: those that may
/// have shown it.
pub(super) async fn matching(
    core: &Core,
    tx: &Tx,
    flow: &Flow,
    open: &Attempt,
    apps: &[(MethodId, Root)],
    typed: &Secret,
    now: Timestamp,
) -> anyhow::Result<Option<(MethodId, Root)>> {
    match open.gate {
        Gate::Email | Gate::MobileSms | Gate::MobileWhatsapp | Gate::MobileCall => {
            let is_right = sent_is_right(core, tx, flow, open, typed, now).await?;
            Ok(open.method.clone().filter(|_| is_right))
        }
        // Answers and one-time passes are compared before the transaction; a call to an office is answered there; the others bring no code.
        Gate::Questions | Gate::OneTimePass | Gate::OfficeCall | Gate::AppPush | Gate::Passkey => Ok(None),
        Gate::AppCode => {
            if apps.is_empty() {
                // The same work for nobody.
                app_is_right(tx, MethodId(Uuid::nil()), typed, now).await?;
            }
            for (id, root) in apps {
                if app_is_right(tx, *id, typed, now).await? {
                    return Ok(Some((*id, root.clone())));
                }
            }
            Ok(None)
        }
    }
}

/// A new code for an attempt, good for as long as its way makes it (`security.md` §2); the former one is void.
pub(crate) async fn renew(
    core: &Core,
    tx: &Tx,
    flow: &Flow,
    open: &Attempt,
    now: Timestamp,
) -> anyhow::Result<(Secret, Timestamp)> {
    let secret = draw(core);
    let mac = mac(core, tx.tenant().0.as_bytes(), flow, open, &secret);
    let expires_at = now.plus(if open.gate == Gate::Email {
        MAIL_CODE_LIFE
    } else {
        PHONE_CODE_LIFE
    });
    flows::set_code(tx, open.id, mac, expires_at).await?;
    Ok((secret, expires_at))
}

/// Wrong, expired, spent, absent and decoy codes cost the same work (R10).
async fn sent_is_right(
    core: &Core,
    tx: &Tx,
    flow: &Flow,
    open: &Attempt,
    typed: &Secret,
    now: Timestamp,
) -> anyhow::Result<bool> {
    let stored = flows::code(tx, open.id).await?;
    let expect = stored.map_or([0; 32], |code| code.mac);
    let tenant = tx.tenant();
    let is_right = bound(tenant.0.as_bytes(), flow, open, typed, |parts| {
        core.keys().is_mac(Use::Code, parts, &expect)
    });
    // One that does not fit asks the row as well, for a time at which no code lasts.
    let is_spent = flows::spend_code(tx, open.id, if is_right { now } else { NEVER }).await?;
    Ok(is_right && is_spent)
}

/// A code of an authenticator app; its step is spent for all purposes, flows and nodes (R11).
pub(crate) async fn app_is_right(tx: &Tx, method: MethodId, typed: &Secret, now: Timestamp) -> anyhow::Result<bool> {
    let app = methods::app_secret(tx, method).await?;
    let secret = app.as_ref().map_or(&[0_u8; 20] as &[u8], |app| &app.secret);
    let step = step_of(secret, typed, now)?.filter(|_| app.is_some());
    // One that does not fit asks the row as well, for a step that was over long ago.
    let is_spent = methods::spend_step(tx, method, step.unwrap_or(NO_STEP), now).await?;
    Ok(step.is_some() && is_spent)
}

/// The step of RFC 6238 whose code was typed, if it lies within the drift.
pub(crate) fn step_of(secret: &[u8], typed: &Secret, now: Timestamp) -> anyhow::Result<Option<i64>> {
    let seconds = u64::try_from(now.seconds())?;
    Ok(totp(secret)?
        .check(typed.expose(), seconds)
        .map(i64::try_from)
        .transpose()?)
}

/// The interoperable default of authenticator apps: SHA-1, six digits, 30 seconds.
pub(crate) fn totp(secret: &[u8]) -> anyhow::Result<Totp> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_secret(secret)
        .with_skew(u16::from(TOTP_DRIFT))
        .with_step_duration(TOTP_STEP.as_secs())
        .build()
        .map_err(|error| anyhow!("an app's secret is unusable: {error}"))
}
