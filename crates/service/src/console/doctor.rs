//! The doctor: why somebody was refused, or would be.

use super::{Console, Staff};
use crate::core::Core;
use crate::limits;
use crate::note::{self, Note, Page};
use crate::reset::person_key;
use crate::visit::{Keep, Stepped, Visit};
use regain_domain::account::UserName;
use regain_domain::audit::Activity;
use regain_domain::ids::AccountId;
use regain_domain::policy::doctor::{DoctorScreen, DoctorView, Findings, diagnose};
use regain_domain::role::Act;
use regain_domain::tenant::TenantSettings;
use regain_store::{Tx, accounts};

/// Longest name that is kept of what was typed, in characters.
const TYPED_MOST: usize = 200;

impl Console {
    /// The form, and what was found about the name typed last.
    pub async fn look_doctor(&self, visit: &Visit) -> anyhow::Result<DoctorScreen> {
        let tx = self.core.store.read(visit.tenant.id).await?;
        Ok(match self.caller(&tx, visit, Act::Assist).await? {
            Err(outside) => outside.into(),
            Ok(staff) => {
                let note = note::read(&self.core, visit, Page::Doctor).unwrap_or_default();
                let (view, _) = self.doctor(&tx, visit, &staff, note.user_name).await?;
                DoctorScreen::Page(Box::new(view))
            }
        })
    }

    /// Looks at the account of a name. That it was looked at is told to the audit (R54).
    pub async fn diagnose(&self, visit: &Visit, typed: &str) -> anyhow::Result<Stepped<DoctorScreen>> {
        let now = self.core.now();
        let (tx, staff) = match self.enter(visit, Act::Assist).await? {
            Ok(entered) => entered,
            Err(outside) => return self.shut_out(visit, outside).await,
        };
        let typed: String = typed.chars().take(TYPED_MOST).collect();
        let (view, subject) = self.doctor(&tx, visit, &staff, typed.clone()).await?;
        let what = (Activity::PersonRead, "doctor");
        self.told(&tx, visit, &staff, subject, what).await?;
        tx.commit().await?;
        let note = Note {
            page: Page::Doctor,
            user_name: typed,
            at: now,
            ..Note::default()
        };
        Ok(Stepped {
            note: Keep::Set(note::write(&self.core, visit, &note)?),
            ..Stepped::new(DoctorScreen::Page(Box::new(view)))
        })
    }

    /// The page, and whose account it is about.
    async fn doctor(
        &self,
        tx: &Tx,
        visit: &Visit,
        staff: &Staff,
        typed: String,
    ) -> anyhow::Result<(DoctorView, Option<AccountId>)> {
        let settings = visit.tenant.settings.as_ref();
        let mut view = DoctorView {
            reader: staff.reader(),
            typed,
            refusal: None,
            findings: None,
        };
        match UserName::parse(&view.typed, settings.first_domain()) {
            _ if view.typed.is_empty() => Ok((view, None)),
            Err(refusal) => {
                view.refusal = Some(refusal);
                Ok((view, None))
            }
            Ok(name) => {
                let (findings, account) = found(&self.core, tx, settings, &name).await?;
                view.findings = Some(findings);
                Ok((view, account))
            }
        }
    }
}

/// What the wizard would do for a name, and whose account that is.
pub(crate) async fn found(
    core: &Core,
    tx: &Tx,
    settings: &TenantSettings,
    name: &UserName,
) -> anyhow::Result<(Findings, Option<AccountId>)> {
    let account = accounts::by_name(tx, name).await?;
    let id = account.as_ref().map(|account| account.id);
    let blocked = limits::proofs_blocked_until(core, tx, person_key(core, id, name)).await?;
    Ok((
        diagnose(name.as_str(), account.as_ref(), settings, blocked, core.now()),
        id,
    ))
}
