//! The proof of a method on its way: its code, made, sent and compared (R09–R11).

use crate::core::Core;
use crate::passkey::Made;
use crate::reset::{draw_code, step_of};
use crate::visit::Visit;
use regain_domain::flow::Purpose;
use regain_domain::gate::MethodKind;
use regain_domain::limits::{MAIL_CODE_LIFE, PHONE_CODE_LIFE};
use regain_domain::notice::{Letter, LetterCode, Subject};
use regain_domain::registration::Enrolment;
use regain_domain::{Secret, Timestamp};
use regain_store::{Tx, Use, enrolments};

/// What a comparison found.
pub(super) enum Compared {
    /// The code does not fit, or there is nothing that it could.
    Wrong,
    /// It is the code that was sent.
    Code,
    /// It is the app's, of this step.
    Step(i64),
    /// It is a new passkey.
    Key(Made),
}

/// Compares a code with the method on its way, in constant time.
pub(super) async fn compared(
    core: &Core,
    tx: &Tx,
    pending: &Enrolment,
    typed: &Secret,
    now: Timestamp,
) -> anyhow::Result<Compared> {
    if pending.kind == MethodKind::App {
        let Some(secret) = enrolments::secret(tx, pending.id).await? else {
            return Ok(Compared::Wrong);
        };
        return Ok(step_of(&secret, typed, now)?.map_or(Compared::Wrong, Compared::Step));
    }
    let Some(stored) = enrolments::code(tx, pending.id).await? else {
        return Ok(Compared::Wrong);
    };
    let tenant = tx.tenant();
    let is_right = bound(tenant.0.as_bytes(), pending, typed, |parts| {
        core.keys().is_mac(Use::Code, parts, &stored.mac)
    });
    Ok(match is_right && stored.expires_at > now {
        true => Compared::Code,
        false => Compared::Wrong,
    })
}

/// The letter with a new code; the former one is void.
pub(super) async fn letter(
    core: &Core,
    tx: &Tx,
    visit: &Visit,
    pending: &Enrolment,
    now: Timestamp,
) -> anyhow::Result<Letter> {
    let digits = draw_code(core);
    let tenant = tx.tenant();
    let mac = bound(tenant.0.as_bytes(), pending, &digits, |parts| {
        core.keys().mac(Use::Code, parts)
    });
    let expires_at = now.plus(if pending.kind.is_phone() {
        PHONE_CODE_LIFE
    } else {
        MAIL_CODE_LIFE
    });
    enrolments::set_code(tx, pending.id, mac, expires_at).await?;
    Ok(Letter::ConfirmCode {
        code: LetterCode::new(digits.expose().to_owned()),
        subject: if pending.kind.is_phone() {
            Subject::Registration
        } else {
            Subject::Change
        },
        expires_at,
        network: visit.network.to_string(),
    })
}

/// All that a code is bound to: it is of no use anywhere else (R08, R09).
fn bound<T>(tenant: &[u8], pending: &Enrolment, code: &Secret, then: impl FnOnce(&[&[u8]]) -> T) -> T {
    then(&[
        b"enrol",
        Purpose::Register.code().as_bytes(),
        tenant,
        pending.account.0.as_bytes(),
        pending.id.0.as_bytes(),
        pending.kind.code().as_bytes(),
        pending.value.as_bytes(),
        code.expose().as_bytes(),
    ])
}
