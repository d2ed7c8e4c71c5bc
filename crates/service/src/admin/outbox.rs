//! Dead letters, for an operator: looked at and, where that is safe, sent once more.

use super::Wrong;
use super::find::{chosen, trail};
use crate::Service;
use regain_delivery::phone::Number;
use regain_domain::audit::Activity;
use regain_domain::gate::email;
use regain_domain::ids::MessageId;
use regain_domain::notice::ChannelKind;
use regain_store::outbox::{self, DeadLetter, Retry};
use uuid::Uuid;

/// The dead letters of one tenant.
pub struct DeadLetters {
    /// The tenant's short name.
    pub tenant: String,
    /// The newest, newest first, without their content; addresses and numbers are masked.
    pub letters: Vec<DeadLetter>,
    /// Whether there are older ones beside.
    pub is_cut: bool,
}

/// The dead letters, tenant by tenant; those without any are left out. That they were looked at is told in the audit.
pub async fn dead_letters(
    service: &Service,
    tenant: Option<&str>,
    request_id: &str,
) -> anyhow::Result<Result<Vec<DeadLetters>, Wrong>> {
    let tenants = match chosen(service, tenant).await? {
        Ok(tenants) => tenants,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let mut found = Vec::new();
    for tenant in tenants {
        let tx = service.core.store.write(tenant.id).await?;
        let letters: Vec<_> = outbox::dead_letters(&tx).await?.into_iter().map(masked).collect();
        if letters.is_empty() {
            continue;
        }
        trail(service, &tx, &tenant, None, Activity::OutboxRead, "dead", request_id).await?;
        tx.commit().await?;
        let is_cut = letters.len() as u64 == outbox::SHOWN;
        found.push(DeadLetters {
            tenant: tenant.slug,
            letters,
            is_cut,
        });
    }
    Ok(Ok(found))
}

/// Without what would tell whose it was.
fn masked(letter: DeadLetter) -> DeadLetter {
    let hidden = |to: String| match letter.channel {
        Some(ChannelKind::Mail) => Some(email::masked(&to)),
        Some(ChannelKind::Sms | ChannelKind::WhatsApp | ChannelKind::Call) => {
            Number::of_row(&to).map(|number| number.masked())
        }
        // A push has no address at all, but its account's id.
        Some(ChannelKind::Push) | None => None,
    };
    let to = letter.to.and_then(hidden);
    DeadLetter { to, ..letter }
}

/// Sends a dead notice once more; a code never.
pub async fn retry(service: &Service, id: &str, request_id: &str) -> anyhow::Result<Result<(), Wrong>> {
    let unknown = || format!("there is no dead letter `{id}`; `regain outbox list` shows them");
    let Ok(message) = Uuid::parse_str(id) else {
        return Ok(Err(unknown()));
    };
    let tenants = regain_store::tenants::all(&service.core.store).await?;
    for tenant in tenants {
        let tx = service.core.store.write(tenant.id).await?;
        match outbox::retry(&tx, MessageId(message), service.now()).await? {
            Retry::Unknown => {}
            Retry::Code => return Ok(Err("a code is not sent late: the person asks for a new one".to_owned())),
            Retry::Gone => return Ok(Err("what it said cannot be read any more".to_owned())),
            Retry::Ready { account, purpose } => {
                let activity = Activity::MessageRetried;
                trail(service, &tx, &tenant, account, activity, &purpose, request_id).await?;
                tx.commit().await?;
                return Ok(Ok(()));
            }
        }
    }
    Ok(Err(unknown()))
}
