//! The doctor: why somebody was refused, or would be.

use super::{Caller, Console, Staff};
use crate::audit;
use crate::core::Core;
use crate::limits;
use crate::note::{self, Note, Page};
use crate::reset::person_key;
use crate::visit::{Keep, Standing, Stepped, Visit};
use regain_domain::account::{Account, UserName};
use regain_domain::audit::{Activity, Entry};
use regain_domain::policy::doctor::{DoctorScreen, DoctorView, Findings, diagnose};
use regain_domain::role::Act;
use regain_domain::tenant::TenantSettings;
use regain_store::{Tx, accounts, sessions};

/// Longest name that is kept of what was typed, in characters.
const TYPED_MOST: usize = 200;

impl Console {
    /// The form, and what was found about the name typed last.
    pub async fn look_doctor(&self, visit: &Visit) -> anyhow::Result<DoctorScreen> {
        let tx = self.core.store.read(visit.tenant.id).await?;
        Ok(match self.caller(&tx, visit, Act::Assist).await? {
            Caller::Nobody => DoctorScreen::SignedOut,
            Caller::Forbidden(reader) => DoctorScreen::Forbidden(reader),
            Caller::Allowed(staff) => {
                let note = note::read(&self.core, visit, Page::Doctor).unwrap_or_default();
                DoctorScreen::Page(Box::new(self.doctor(&tx, visit, &staff, note.user_name).await?))
            }
        })
    }

    /// Looks at the account of a name. That it was looked at is told to the audit (R54).
    pub async fn diagnose(&self, visit: &Visit, typed: &str) -> anyhow::Result<Stepped<DoctorScreen>> {
        let (tx, now) = (self.core.store.write(visit.tenant.id).await?, self.core.now());
        let Caller::Allowed(staff) = self.caller(&tx, visit, Act::Assist).await? else {
            drop(tx);
            self.account.refuse_access(visit).await?;
            return Ok(Stepped {
                standing: Standing::Stale,
                ..Stepped::new(self.look_doctor(visit).await?)
            });
        };
        let subject = match UserName::parse(typed, visit.tenant.settings.first_domain()) {
            Ok(name) => accounts::by_name(&tx, &name).await?.map(|account| account.id),
            Err(_) => None,
        };
        sessions::touch(&tx, staff.session.id, now).await?;
        let entry = Entry::success(Activity::PersonRead, "doctor");
        audit::write(&tx, visit, &entry, Some(&staff.person), subject, None, now).await?;
        let typed: String = typed.chars().take(TYPED_MOST).collect();
        let view = self.doctor(&tx, visit, &staff, typed.clone()).await?;
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

    async fn doctor(&self, tx: &Tx, visit: &Visit, staff: &Staff, typed: String) -> anyhow::Result<DoctorView> {
        let settings = visit.tenant.settings.as_ref();
        let (findings, refusal) = match UserName::parse(&typed, settings.first_domain()) {
            _ if typed.is_empty() => (None, None),
            Ok(name) => (Some(found(&self.core, tx, settings, &name).await?), None),
            Err(refusal) => (None, Some(refusal)),
        };
        Ok(DoctorView {
            reader: staff.reader(),
            typed,
            refusal,
            findings,
        })
    }
}

/// What the wizard would do for a name.
pub(crate) async fn found(
    core: &Core,
    tx: &Tx,
    settings: &TenantSettings,
    name: &UserName,
) -> anyhow::Result<Findings> {
    let account: Option<Account> = accounts::by_name(tx, name).await?;
    let key = person_key(core, account.as_ref().map(|account| account.id), name);
    let blocked = limits::proofs_blocked_until(core, tx, key).await?;
    Ok(diagnose(name.as_str(), account.as_ref(), settings, blocked, core.now()))
}
