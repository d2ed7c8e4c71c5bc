//! «This was not me»: the reference typed from a message stops what an account has under way. It starts nothing: no password,
//! method or lock is touched, nobody is signed in, and no block is lifted.

use crate::again::again;
use crate::core::Core;
use crate::limits;
use crate::note::{self, Note, Page};
use crate::reset::person_key;
use crate::visit::{Keep, Standing, Stepped, Visit};
use crate::{attack, audit, browser, notice};
use regain_domain::account::Account;
use regain_domain::audit::{Activity, Entry};
use regain_domain::limits::STOPS_TOLD;
use regain_domain::not_me::{NotMeScreen, Reference, Stop};
use regain_domain::notice::{ReportedOn, Subject};
use regain_domain::{Refusal, Secret};
use regain_store::vetoes::{self, Veto};
use regain_store::{Tx, accounts, approvals, flows, sessions};
use std::future::{Ready, ready};
use std::sync::Arc;

/// The service of `/not-me`. Cheap to clone.
#[derive(Clone)]
pub struct NotMe {
    pub(crate) core: Arc<Core>,
}

impl NotMe {
    /// What the page shows, which hangs on the note alone: at once, and nothing is written (R42).
    pub fn look(&self, visit: &Visit) -> Ready<anyhow::Result<NotMeScreen>> {
        let note = note::read(&self.core, visit, Page::NotMe).unwrap_or_default();
        ready(Ok(screen(visit, &note)))
    }

    /// Stops what the message of this reference reported: once, and says the same calm words when it is typed again.
    ///
    /// A wrong one, an old one, and one of another tenant are refused alike; each try counts against the network first (R18).
    pub async fn stop(&self, visit: &Visit, typed: &Secret) -> anyhow::Result<Stepped<NotMeScreen>> {
        if let Err(seconds) = again(|| self.take_from_network(visit)).await? {
            let stepped = self.refused(visit, Refusal::TooManyRequests { seconds })?;
            return Ok(Stepped {
                standing: Standing::TooMany,
                ..stepped
            });
        }
        let reference = Reference::parse(typed.expose());
        match again(|| self.stopped(visit, reference.as_ref())).await? {
            Some(stop) => self.noted(visit, None, Some(stop)),
            None => self.refused(visit, Refusal::ReferenceUnknown),
        }
    }

    /// Counts a try, in a commit of its own (R17).
    async fn take_from_network(&self, visit: &Visit) -> anyhow::Result<Result<(), u32>> {
        let tx = self.core.store.write(visit.tenant.id).await?;
        let taken = attack::take_from_network(&self.core, &tx, visit, "not-me").await?;
        tx.commit().await?;
        Ok(taken)
    }

    async fn stopped(&self, visit: &Visit, reference: Option<&Reference>) -> anyhow::Result<Option<Stop>> {
        let now = self.core.now();
        let tx = self.core.store.write(visit.tenant.id).await?;
        let Some((veto, account)) = self.meant(&tx, reference).await? else {
            let entry = Entry::failure(Activity::Reported, Refusal::ReferenceUnknown.code());
            if audit::write_first(&self.core, &tx, visit, &entry).await? {
                tx.commit().await?;
            }
            return Ok(None);
        };
        if vetoes::spend(&tx, &veto, now).await? {
            self.end_all(&tx, visit, &veto, &account).await?;
        }
        let key = person_key(&self.core, Some(account.id), &account.user_name);
        let until = limits::proofs_blocked_until(&self.core, &tx, key).await?;
        tx.commit().await?;
        Ok(Some(Stop { until }))
    }

    /// What a reference stops and whose it is; the account is held first, as by whoever changes it.
    async fn meant(&self, tx: &Tx, reference: Option<&Reference>) -> anyhow::Result<Option<(Veto, Account)>> {
        let Some(reference) = reference else { return Ok(None) };
        let Some(veto) = vetoes::of_reference(tx, reference, self.core.now()).await? else {
            return Ok(None);
        };
        accounts::hold(tx, veto.account).await?;
        let account = accounts::by_id(tx, veto.account).await?;
        Ok(account.map(|account| (veto, account)))
    }

    /// Open flows with their codes and passes, requests to phones, and sessions end; self-service rests (R08, R18).
    async fn end_all(&self, tx: &Tx, visit: &Visit, veto: &Veto, account: &Account) -> anyhow::Result<()> {
        let now = self.core.now();
        flows::end_others(tx, account.id, None, now).await?;
        approvals::void_all(tx, account.id, now).await?;
        sessions::end_all(tx, account.id, None, now).await?;
        browser::forget_all(&self.core, tx, account.id).await?;
        limits::block(
            &self.core,
            tx,
            person_key(&self.core, Some(account.id), &account.user_name),
        )
        .await?;
        self.tell(tx, visit, account).await?;
        let reference = flows::reference(tx, veto.flow).await?;
        let entry = Entry::success(Activity::Reported, &veto.purpose);
        audit::write(tx, visit, &entry, None, Some(account.id), reference.as_deref(), now).await
    }

    /// Told once an hour: each of these messages has a reference of its own, and whoever reads one mailbox of a person could
    /// else go on with the next one, and fill those of the administrators.
    async fn tell(&self, tx: &Tx, visit: &Visit, account: &Account) -> anyhow::Result<()> {
        let key = self.core.counter("stops-told", account.id.0.as_bytes());
        match limits::take_one(&self.core, tx, key, &STOPS_TOLD).await? {
            Ok(()) => notice::reported(&self.core, tx, account, &visit.about(Subject::Reset), ReportedOn::Page).await,
            Err(_) => Ok(()),
        }
    }

    fn refused(&self, visit: &Visit, refusal: Refusal) -> anyhow::Result<Stepped<NotMeScreen>> {
        self.noted(visit, Some(refusal), None)
    }

    /// What the page shows, and the note that lets it say so to a form without scripts.
    fn noted(
        &self,
        visit: &Visit,
        refusal: Option<Refusal>,
        stopped: Option<Stop>,
    ) -> anyhow::Result<Stepped<NotMeScreen>> {
        let note = Note {
            page: Page::NotMe,
            refusal,
            stopped,
            at: self.core.now(),
            ..Note::default()
        };
        Ok(Stepped {
            note: Keep::Set(note::write(&self.core, visit, &note)?),
            ..Stepped::new(screen(visit, &note))
        })
    }
}

fn screen(visit: &Visit, note: &Note) -> NotMeScreen {
    match note.stopped {
        Some(stop) => NotMeScreen::Stopped {
            stop,
            help: visit.tenant.settings.brand.help.clone(),
        },
        None => NotMeScreen::Form {
            refusal: note.refusal.clone(),
        },
    }
}
