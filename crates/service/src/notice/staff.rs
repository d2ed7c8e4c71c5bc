//! What staff did, to a person or to roles.

use super::{everywhere, put, rules};
use crate::core::Core;
use crate::visit::Visit;
use regain_domain::account::Account;
use regain_domain::notice::{Letter, StaffAct};
use regain_domain::role::Role;
use regain_store::{Tx, accounts};

/// Staff did something to an account: told to every mailbox of its owner's (R52).
pub(crate) async fn by_staff(
    core: &Core,
    tx: &Tx,
    visit: &Visit,
    account: &Account,
    act: StaffAct,
) -> anyhow::Result<()> {
    let letter = Letter::ByStaff {
        user_name: account.user_name.as_str().to_owned(),
        act,
        at: core.now(),
    };
    everywhere(core, tx, account, visit.language, &letter).await?;
    Ok(())
}

/// Roles were given or taken: told to whoever rules over the tenant's settings (R51).
pub(crate) async fn roles_changed(
    core: &Core,
    tx: &Tx,
    visit: &Visit,
    by: &Account,
    account: &Account,
    roles: &[Role],
) -> anyhow::Result<()> {
    let letter = Letter::RolesChanged {
        who: account.user_name.as_str().to_owned(),
        by: by.user_name.as_str().to_owned(),
        roles: roles.to_vec(),
        at: core.now(),
    };
    let staff = accounts::staff(tx).await?;
    for other in staff.iter().filter(|other| rules(other) && other.id != account.id) {
        let to = other.primary_mail.as_deref();
        put(core, tx, Some(other), visit.language, &letter, to).await?;
    }
    Ok(())
}
