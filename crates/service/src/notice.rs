//! Messages that a step causes: put into the outbox in the transaction of the step (R34).

mod code;
mod help;
mod staff;

pub(crate) use code::{Code, call, code, confirm, subject};
pub(crate) use help::help_asked;
pub(crate) use staff::{by_staff, roles_changed};

use crate::audit;
use crate::core::Core;
use crate::dice;
use crate::limits;
use crate::reset::Gathered;
use crate::visit::Visit;
use regain_domain::Timestamp;
use regain_domain::account::Account;
use regain_domain::approval::About;
use regain_domain::audit::{Activity, Entry};
use regain_domain::device;
use regain_domain::flow::{Flow, State, Subject as Whose};
use regain_domain::gate::{MethodKind, Root};
use regain_domain::ids::{AccountId, MessageId};
use regain_domain::limits::BLOCK;
use regain_domain::locale::Language;
use regain_domain::not_me::Reference;
use regain_domain::notice::{ChannelKind, Letter, MethodChange, ReportedOn};
use regain_domain::policy::Event;
use regain_domain::role::Role;
use regain_domain::tenant::TenantSettings;
use regain_store::{Tx, accounts, outbox, settings};
use uuid::Uuid;

/// Mailboxes that most people have: so many rows are written for everybody, known or not (R21).
const USUAL_MAILBOXES: usize = 2;

/// A request was denied on a phone: told to every mailbox of its owner's, unless that is switched off.
pub(crate) async fn denied(core: &Core, tx: &Tx, account: &Account, about: &About) -> anyhow::Result<()> {
    if !is_told(tx, Event::Denial, account).await? {
        return Ok(());
    }
    let letter = Letter::Denied {
        user_name: account.user_name.as_str().to_owned(),
        at: core.now(),
        network: about.network.clone(),
        device: about.device.clone(),
    };
    everywhere(core, tx, account, about.language, &letter).await?;
    Ok(())
}

/// Something was reported as not its owner's: told to every mailbox of theirs, unless that is switched off, and to
/// whoever may look into it (R12, R13).
pub(crate) async fn reported(
    core: &Core,
    tx: &Tx,
    account: &Account,
    about: &About,
    on: ReportedOn,
) -> anyhow::Result<()> {
    let (user_name, at) = (account.user_name.as_str().to_owned(), core.now());
    let (network, device) = (about.network.clone(), about.device.clone());
    let letter = Letter::Reported {
        user_name: user_name.clone(),
        on,
        at,
        network: network.clone(),
        device: device.clone(),
    };
    let event = match on {
        ReportedOn::Phone => Event::Denial,
        ReportedOn::Page => Event::Veto,
    };
    if is_told(tx, event, account).await? {
        everywhere(core, tx, account, about.language, &letter).await?;
    }
    let letter = Letter::ReportedToStaff {
        user_name,
        on,
        at,
        network,
        device,
    };
    for other in accounts::staff(tx).await? {
        let is_due = rules(&other) || other.roles.contains(&Role::Helpdesk);
        if is_due && other.id != account.id {
            let to = other.primary_mail.as_deref();
            put(core, tx, Some(&other), about.language, &letter, to).await?;
        }
    }
    Ok(())
}

/// A method was registered or removed: told to these mailboxes (R53).
pub(crate) async fn methods_changed(
    core: &Core,
    tx: &Tx,
    visit: &Visit,
    account: &Account,
    mailboxes: Vec<String>,
    (change, kind, hint): (MethodChange, MethodKind, String),
) -> anyhow::Result<()> {
    let letter = Letter::MethodsChanged {
        user_name: account.user_name.as_str().to_owned(),
        change,
        kind,
        hint,
        at: core.now(),
        network: visit.network.to_string(),
        device: device::told(&visit.device),
    };
    for mailbox in &mailboxes {
        put(core, tx, Some(account), visit.language, &letter, Some(mailbox)).await?;
    }
    Ok(())
}

/// One row at each identify: in discreet mode the reason why nothing will come of it goes to the account's own
/// mailbox (`domain.md` §12), else to nobody. A mailbox gets no more of these than of codes.
pub(crate) async fn identified(
    core: &Core,
    tx: &Tx,
    visit: &Visit,
    flow: &Flow,
    account: Option<&Account>,
) -> anyhow::Result<()> {
    let reason = match (&flow.subject, &flow.state) {
        (Whose::Hollow { why, .. }, State::Gating(_)) => Some(why.clone()),
        _ => None,
    };
    let mailbox = account
        .filter(|_| reason.is_some())
        .and_then(|account| account.primary_mail.as_deref());
    let counted = mailbox.unwrap_or(flow.user_name.as_str());
    let key = core.counter("refusals", Root::mail(counted).as_str().as_bytes());
    let may_go = limits::count_send(core, tx, key).await?;
    let letter = Letter::Refused {
        user_name: flow.user_name.as_str().to_owned(),
        reason: reason.unwrap_or(regain_domain::Refusal::UserUnknown),
        subject: subject(flow.purpose),
        network: visit.network.to_string(),
    };
    let to = mailbox.filter(|_| may_go);
    put(core, tx, account, visit.language, &letter, to).await
}

/// Tells every mailbox of the person; an administrator's also to other administrators (R50, R57). Gives how many.
pub(crate) async fn reset(
    core: &Core,
    tx: &Tx,
    visit: &Visit,
    gathered: &Gathered,
    n_sessions: u64,
) -> anyhow::Result<u32> {
    let Some(account) = &gathered.account else { return Ok(0) };
    let policy = &visit.tenant.settings.policy;
    let (user_name, at) = (account.user_name.as_str().to_owned(), gathered.now);
    let letter = Letter::PasswordReset {
        user_name: user_name.clone(),
        at,
        network: visit.network.to_string(),
        device: device::told(&visit.device),
        sessions_ended: u32::try_from(n_sessions).unwrap_or(u32::MAX),
    };
    let is_told = policy.notify_users || account.is_admin();
    let n_mailboxes = match is_told {
        true => everywhere(core, tx, account, visit.language, &letter).await?,
        false => 0,
    };
    if account.is_admin() {
        let letter = Letter::AdminReset { who: user_name, at };
        for other in accounts::staff(tx).await? {
            let is_due = policy.notify_all_admins || rules(&other);
            if is_due && other.id != account.id {
                put(
                    core,
                    tx,
                    Some(&other),
                    visit.language,
                    &letter,
                    other.primary_mail.as_deref(),
                )
                .await?;
            }
        }
    }
    Ok(n_mailboxes)
}

/// The password was changed by its owner: told to every mailbox of theirs, unless that is switched off.
pub(crate) async fn changed(
    core: &Core,
    tx: &Tx,
    visit: &Visit,
    account: &Account,
    n_sessions: u64,
) -> anyhow::Result<()> {
    if !visit.tenant.settings.policy.notices.are_told(Event::Change, account) {
        return Ok(());
    }
    let letter = Letter::PasswordChanged {
        user_name: account.user_name.as_str().to_owned(),
        at: core.now(),
        network: visit.network.to_string(),
        device: device::told(&visit.device),
        sessions_ended: u32::try_from(n_sessions).unwrap_or(u32::MAX),
    };
    everywhere(core, tx, account, visit.language, &letter).await?;
    Ok(())
}

/// The account was unlocked by its owner: told to every mailbox of theirs (R57). Gives how many.
pub(crate) async fn unlocked(
    core: &Core,
    tx: &Tx,
    visit: &Visit,
    account: &Account,
    n_sessions: u64,
) -> anyhow::Result<u32> {
    let letter = Letter::AccountUnlocked {
        user_name: account.user_name.as_str().to_owned(),
        at: core.now(),
        network: visit.network.to_string(),
        device: device::told(&visit.device),
        sessions_ended: u32::try_from(n_sessions).unwrap_or(u32::MAX),
    };
    everywhere(core, tx, account, visit.language, &letter).await
}

/// Resets of the account rest: told by mail only, since the page may be an outsider's (R21).
pub(crate) async fn blocked(
    core: &Core,
    tx: &Tx,
    visit: &Visit,
    flow: &Flow,
    gathered: &Gathered,
) -> anyhow::Result<()> {
    let account = match &gathered.account {
        Some(account) => Some(account.clone()),
        None => by_id(tx, flow.subject.account()).await?,
    };
    let letter = Letter::Blocked {
        until: gathered.now.plus(BLOCK),
    };
    let mailboxes = account.as_ref().map(Account::mailboxes).unwrap_or_default();
    for mailbox in &mailboxes {
        put(core, tx, account.as_ref(), visit.language, &letter, Some(mailbox)).await?;
    }
    for _ in mailboxes.len()..USUAL_MAILBOXES {
        put(core, tx, account.as_ref(), visit.language, &letter, None).await?;
    }
    Ok(())
}

/// The same for somebody who is signed in, and was told so on the page.
pub(crate) async fn account_blocked(
    core: &Core,
    tx: &Tx,
    visit: &Visit,
    account: &Account,
    now: Timestamp,
) -> anyhow::Result<()> {
    let letter = Letter::Blocked { until: now.plus(BLOCK) };
    everywhere(core, tx, account, visit.language, &letter).await?;
    let entry = Entry::success(Activity::Blocked, "proofs");
    audit::write(tx, visit, &entry, Some(account), Some(account.id), None, now).await
}

/// Attack mode began: every administrator is told, once (R20).
pub(crate) async fn under_attack(core: &Core, tx: &Tx, visit: &Visit) -> anyhow::Result<()> {
    let letter = Letter::UnderAttack { at: core.now() };
    for account in accounts::staff(tx).await? {
        let to = account.primary_mail.as_deref();
        put(core, tx, Some(&account), visit.language, &letter, to).await?;
    }
    Ok(())
}

/// Messages came near what they may cost in a day, or to it: whoever may raise that is told (R20).
pub(crate) async fn ceiling_reached(
    core: &Core,
    tx: &Tx,
    settings: &TenantSettings,
    percent: u8,
) -> anyhow::Result<()> {
    let brand = &settings.brand;
    let language = brand.forced_language.or(brand.default_language).unwrap_or_default();
    let letter = Letter::CeilingReached {
        percent,
        at: core.now(),
    };
    for account in accounts::staff(tx).await?.iter().filter(|account| rules(account)) {
        let to = account.primary_mail.as_deref();
        put(core, tx, Some(account), language, &letter, to).await?;
    }
    Ok(())
}

/// Whether an event is told to this person, as the rows have it now: what comes from a phone has no page of the tenant's.
async fn is_told(tx: &Tx, event: Event, account: &Account) -> anyhow::Result<bool> {
    let notices = settings::current(tx).await?.value.policy.notices;
    Ok(notices.are_told(event, account))
}

/// Whether they rule over the tenant's settings.
fn rules(account: &Account) -> bool {
    let is_one = |role: &Role| matches!(role, Role::GlobalAdmin | Role::PolicyAdmin);
    account.roles.iter().any(is_one)
}

async fn by_id(tx: &Tx, id: Option<AccountId>) -> anyhow::Result<Option<Account>> {
    match id {
        Some(id) => Ok(accounts::by_id(tx, id).await?),
        None => Ok(None),
    }
}

/// To every mailbox of a person, or to the user name where there is none; gives how many.
async fn everywhere(
    core: &Core,
    tx: &Tx,
    account: &Account,
    fallback: Language,
    letter: &Letter,
) -> anyhow::Result<u32> {
    let mut mailboxes = account.mailboxes();
    if mailboxes.is_empty() {
        // Nothing else is known, and many a user name is a mailbox (`domain.md` §12).
        mailboxes.push(account.user_name.as_str().to_owned());
    }
    for mailbox in &mailboxes {
        put(core, tx, Some(account), fallback, letter, Some(mailbox)).await?;
    }
    Ok(u32::try_from(mailboxes.len()).unwrap_or(u32::MAX))
}

async fn put(
    core: &Core,
    tx: &Tx,
    account: Option<&Account>,
    fallback: Language,
    letter: &Letter,
    to: Option<&str>,
) -> anyhow::Result<()> {
    let (now, reference) = (core.now(), reference_of(core, ChannelKind::Mail, letter));
    let message = outbox::NewMessage {
        id: new_id(),
        account: account.map(|account| account.id),
        flow: None,
        channel: ChannelKind::Mail,
        letter,
        reference: reference.as_ref(),
        to,
        language: account.and_then(|account| account.language).unwrap_or(fallback),
        expires_at: letter.good_until(now),
    };
    Ok(outbox::put(tx, &message, now).await?)
}

/// What the reader of a message types to stop what it reports about them; for nobody as well (R21). Messages to phones have no
/// room for it.
fn reference_of(core: &Core, channel: ChannelKind, letter: &Letter) -> Option<Reference> {
    let has_one = channel == ChannelKind::Mail && letter.is_to_owner();
    has_one.then(|| Reference::new(dice::bytes(&mut core.dice())))
}

fn new_id() -> MessageId {
    MessageId(Uuid::new_v4())
}
