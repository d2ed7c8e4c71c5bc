//! The last post of the set-up: organisation, administrator, test user and group, all of it or nothing.

use super::draft::{Kept, Ready};
use super::{Opened, Setup};
use crate::again::again;
use crate::audit;
use crate::console::newcomer::Newcomer;
use crate::visit::{Keep, Stepped, Visit};
use regain_domain::Timestamp;
use regain_domain::audit::{Activity, Entry};
use regain_domain::gate::MethodKind;
use regain_domain::ids::{AccountId, TenantId};
use regain_domain::role::Role;
use regain_domain::setup::{Rollout, SetupScreen, SetupStep, slug};
use regain_store::accounts::NewAccount;
use regain_store::methods::NewMethod;
use regain_store::tenants::{self, Tenant};
use regain_store::{Tx, accounts, groups, methods, rollout, setup as rows};
use uuid::Uuid;

impl Setup {
    /// Makes all of it. From then on the organisation's own address is the only one.
    pub async fn finish(&self, visit: &Visit) -> anyhow::Result<Stepped<SetupScreen>> {
        let Some(opened) = self.at(visit, SetupStep::Review).await? else {
            return self.late(visit).await;
        };
        let Ok(ready) = opened.draft.ready() else {
            return self.late(visit).await;
        };
        if !again(|| self.made(visit, &opened, &ready)).await? {
            return self.late(visit).await;
        }
        tracing::warn!(address = ready.organisation.base_url, "the set-up is done");
        Ok(Stepped {
            flow: Keep::Drop,
            ..Stepped::new(SetupScreen::Over {
                address: Some(ready.organisation.base_url),
            })
        })
    }

    async fn made(&self, visit: &Visit, opened: &Opened, ready: &Ready) -> anyhow::Result<bool> {
        let (now, organisation) = (self.core.now(), &ready.organisation);
        let tenant = Tenant {
            id: TenantId(Uuid::new_v4()),
            slug: slug(organisation.settings.first_domain()),
            base_url: organisation.base_url.clone(),
            hosts: vec![organisation.host.clone()],
        };
        let tx = self.core.store.write(tenant.id).await?;
        if !rows::finish(&tx, opened.browser, opened.revision).await? {
            return Ok(false);
        }
        tenants::insert(&tx, &tenant, &organisation.settings, now).await?;
        let kept = &opened.draft.kept;
        let admin = administrator(&tx, &ready.admin, kept, now).await?;
        let row = NewAccount {
            must_change: true,
            ..row(&ready.person, kept.person_hash.as_deref(), now)
        };
        accounts::insert(&tx, &row, now).await?;
        let group = groups::create(&tx, &ready.group, now).await?;
        groups::add_account(&tx, group, row.id).await?;
        let pilot = Rollout {
            person: Some(row.id),
            group: Some(group),
        };
        rollout::put(&tx, pilot).await?;
        for (subject, activity) in [
            (None, Activity::TenantCreated),
            (Some(admin), Activity::AccountChanged),
            (Some(row.id), Activity::AccountChanged),
            (None, Activity::GroupChanged),
        ] {
            let entry = Entry::success(activity, "set-up");
            audit::write(&tx, visit, &entry, None, subject, None, now).await?;
        }
        tx.commit().await?;
        Ok(true)
    }
}

/// The global administrator, with the app that has shown a code and the mailbox that takes some.
async fn administrator(tx: &Tx, admin: &Newcomer, kept: &Kept, now: Timestamp) -> anyhow::Result<AccountId> {
    let row = NewAccount {
        roles: vec![Role::GlobalAdmin],
        ..row(admin, kept.admin_hash.as_deref(), now)
    };
    accounts::insert(tx, &row, now).await?;
    let app = NewMethod {
        account: row.id,
        kind: MethodKind::App,
        value: None,
        secret: Some(&kept.secret),
        is_verified: true,
    };
    let app = methods::add(tx, &app, now).await?;
    if let Some(step) = kept.spent {
        methods::spend_step(tx, app, step, now).await?;
    }
    for (_, kind, value) in &admin.ways {
        let way = NewMethod {
            account: row.id,
            kind: *kind,
            value: Some(value),
            secret: None,
            is_verified: false,
        };
        methods::add(tx, &way, now).await?;
    }
    Ok(row.id)
}

fn row(newcomer: &Newcomer, hash: Option<&str>, now: Timestamp) -> NewAccount {
    NewAccount {
        password_hash: hash.unwrap_or_default().to_owned(),
        ..newcomer.account(now)
    }
}
