//! Codes, and calls that ask: what somebody waits for on a page.

use super::{new_id, reference_of};
use crate::core::Core;
use crate::visit::Visit;
use regain_domain::account::Account;
use regain_domain::flow::{Flow, Purpose};
use regain_domain::notice::{ChannelKind, Letter, LetterCode, Subject};
use regain_domain::{Secret, Timestamp};
use regain_store::approvals::Request;
use regain_store::{Tx, outbox};

/// A code that goes out.
pub(crate) struct Code<'a> {
    /// Which way.
    pub(crate) channel: ChannelKind,
    /// The address or number; nothing for a decoy.
    pub(crate) to: Option<&'a str>,
    pub(crate) digits: Secret,
    pub(crate) expires_at: Timestamp,
}

/// What somebody is about to do, as messages say it.
pub(crate) const fn subject(purpose: Purpose) -> Subject {
    match purpose {
        Purpose::Reset => Subject::Reset,
        Purpose::Unlock => Subject::Unlock,
        Purpose::Register => Subject::Change,
    }
}

/// A code to its address or number; nothing to nobody, in the same rows (R21).
pub(crate) async fn code(core: &Core, tx: &Tx, visit: &Visit, flow: &Flow, new: Code<'_>) -> anyhow::Result<()> {
    let Code {
        channel,
        to,
        digits,
        expires_at,
    } = new;
    let (typed, network) = (LetterCode::new(digits.expose().to_owned()), visit.network.to_string());
    let letter = match flow.purpose {
        Purpose::Reset | Purpose::Unlock => Letter::ResetCode {
            code: typed,
            subject: subject(flow.purpose),
            expires_at,
            reference: flow.reference.clone(),
            network,
        },
        Purpose::Register => Letter::ConfirmCode {
            code: typed,
            subject: subject(flow.purpose),
            expires_at,
            network,
        },
    };
    let reference = reference_of(core, channel, &letter);
    let message = outbox::NewMessage {
        id: new_id(),
        account: flow.subject.account(),
        flow: Some(flow.id),
        channel,
        letter: &letter,
        reference: reference.as_ref(),
        to,
        language: visit.language,
        expires_at,
    };
    Ok(outbox::put(tx, &message, core.now()).await?)
}

/// A call to a number; nothing to nobody, in the same rows (R21). `token`: what its callbacks have in their path.
pub(crate) async fn call(
    core: &Core,
    tx: &Tx,
    request: &Request,
    to: Option<&str>,
    token: String,
) -> anyhow::Result<()> {
    let letter = Letter::Call {
        subject: request.about.subject,
        token: LetterCode::new(token),
        speaks_code: request.about.speaks_code,
    };
    let message = outbox::NewMessage {
        id: new_id(),
        account: request.account,
        flow: request.flow,
        channel: ChannelKind::Call,
        letter: &letter,
        reference: None,
        to,
        language: request.about.language,
        expires_at: request.expires_at,
    };
    Ok(outbox::put(tx, &message, core.now()).await?)
}

/// A code to an address or number that somebody signed in wants to register; nothing to nobody. In the language of the page on which
/// it will be typed.
pub(crate) async fn confirm(
    core: &Core,
    tx: &Tx,
    visit: &Visit,
    account: &Account,
    (channel, to): (ChannelKind, Option<&str>),
    letter: &Letter,
) -> anyhow::Result<()> {
    let (now, reference) = (core.now(), reference_of(core, channel, letter));
    let message = outbox::NewMessage {
        id: new_id(),
        account: Some(account.id),
        flow: None,
        channel,
        letter,
        reference: reference.as_ref(),
        to,
        language: visit.language,
        expires_at: letter.good_until(now),
    };
    Ok(outbox::put(tx, &message, now).await?)
}
