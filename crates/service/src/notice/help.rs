//! A person's request to the helpdesk, ready-made.

use super::put;
use crate::core::Core;
use crate::limits;
use crate::visit::Visit;
use regain_domain::brand::HelpLink;
use regain_domain::flow::{Flow, Subject};
use regain_domain::limits::HELP_REQUESTS;
use regain_domain::notice::Letter;
use regain_domain::role::Role;
use regain_store::{Tx, accounts};

/// Most recipients of a help request (`domain.md` §2).
const HELP_RECIPIENTS: usize = 100;

/// A ready-made request to the helpdesk, once an hour for each person: to the tenant's own address where it is one,
/// else to the helpdesk role, else policy admins, else global admins.
pub(crate) async fn help_asked(core: &Core, tx: &Tx, visit: &Visit, flow: &Flow) -> anyhow::Result<()> {
    let key = core.counter("help", flow.user_name.as_str().as_bytes());
    if limits::take_one(core, tx, key, &HELP_REQUESTS).await?.is_err() {
        return Ok(());
    }
    let letter = Letter::HelpRequest {
        user_name: flow.user_name.as_str().to_owned(),
        at: core.now(),
        reason_code: reason(flow).to_owned(),
        network: visit.network.to_string(),
        reference: flow.reference.clone(),
    };
    // Nobody asks for a name that is no account's: the same rows, to nobody.
    let is_known = flow.subject.account().is_some();
    let recipients = helpdesk(tx, visit).await?;
    for to in &recipients {
        let to = Some(to.as_str()).filter(|_| is_known);
        put(core, tx, None, visit.language, &letter, to).await?;
    }
    match recipients.is_empty() {
        true => put(core, tx, None, visit.language, &letter, None).await,
        false => Ok(()),
    }
}

/// What keeps somebody from a reset, for the helpdesk: it is told even where the page may not tell it.
const fn reason(flow: &Flow) -> &'static str {
    match (&flow.subject, &flow.state) {
        (Subject::Hollow { why, .. }, _) => why.code(),
        (Subject::Account(_), state) => state.reason(),
    }
}

async fn helpdesk(tx: &Tx, visit: &Visit) -> anyhow::Result<Vec<String>> {
    if let Some(HelpLink::Mail(address)) = &visit.tenant.settings.brand.help {
        return Ok(vec![address.clone()]);
    }
    let staff = accounts::staff(tx).await?;
    let holders = |role: Role| -> Vec<String> {
        let holding = staff.iter().filter(|account| account.roles.contains(&role));
        holding
            .filter_map(|account| account.primary_mail.clone())
            .take(HELP_RECIPIENTS)
            .collect()
    };
    let found = [Role::Helpdesk, Role::PolicyAdmin, Role::GlobalAdmin].map(holders);
    Ok(found
        .into_iter()
        .find(|addresses| !addresses.is_empty())
        .unwrap_or_default())
}
