//! What was asked for at sign-in is put off, or said to be right still; and what a registration has completed (R53).

use super::{Entitled, Registration, Word};
use crate::account::{due, note_asked};
use crate::again::again;
use crate::audit;
use crate::browser::{self, Known};
use crate::visit::{Keep, Stepped, Visit};
use regain_domain::Timestamp;
use regain_domain::account::Account as Person;
use regain_domain::audit::{Activity, Entry};
use regain_domain::policy::{is_capable, is_registered};
use regain_domain::registration::{Interrupt, Said, SecurityScreen, outdated, skipped, wanted};
use regain_domain::sign_in;
use regain_store::{Tx, accounts, methods};

impl Registration {
    /// Puts off what is asked for, where that may be. The next sign-in asks again.
    pub async fn skip(&self, visit: &Visit) -> anyhow::Result<Stepped<SecurityScreen>> {
        again(|| self.put_off(visit)).await
    }

    async fn put_off(&self, visit: &Visit) -> anyhow::Result<Stepped<SecurityScreen>> {
        let Some(Entitled { tx, session, person }) = self.signed_in(visit).await? else {
            return self.stale(visit).await;
        };
        let (settings, now) = (&visit.tenant.settings, self.core.now());
        let (Some(wanted), Some(_)) = (wanted(&person, settings, now), due(visit, &person, &session, now)) else {
            // It is done, or was put off by the same press.
            drop(tx);
            return self.stale(visit).await;
        };
        let after = skipped(&person, settings, session.created_at, now);
        let entry = match after {
            Some(_) => Entry::success(Activity::RegistrationSkipped, wanted.code()),
            None => Entry::failure(Activity::RegistrationSkipped, wanted.code()),
        };
        audit::write(&tx, visit, &entry, Some(&person), Some(person.id), None, now).await?;
        if after.is_some() {
            accounts::set_asked(&tx, person.id, after).await?;
        }
        tx.commit().await?;
        match after {
            Some(_) => self.told(visit, Word::Nothing).await,
            None => self.stale(visit).await,
        }
    }

    /// Everything that the page has shown is said to be right still: by whoever has proved anew who it is, and by a press of
    /// the button for it alone.
    pub async fn reconfirm(&self, visit: &Visit) -> anyhow::Result<Stepped<SecurityScreen>> {
        again(|| self.confirmed_all(visit)).await
    }

    async fn confirmed_all(&self, visit: &Visit) -> anyhow::Result<Stepped<SecurityScreen>> {
        let Some(Entitled { tx, session, person }) = self.entitled(visit).await? else {
            return self.stale(visit).await;
        };
        let now = self.core.now();
        let (Some(Interrupt::Reconfirm { .. }), Some((proved_at, _))) =
            (due(visit, &person, &session, now), session.proved)
        else {
            drop(tx);
            return self.stale(visit).await;
        };
        // What was there when they proved who they are has been on the page since.
        methods::confirm(&tx, person.id, proved_at, now).await?;
        if let Some(method) = outdated(&person, &visit.tenant.settings) {
            // Answers that lean on questions which were taken away are gone with the confirmation (R53).
            methods::remove(&tx, person.id, method.id).await?;
            self.removed(&tx, visit, (session.id, &person), method.kind, String::new())
                .await?;
        }
        self.settled(&tx, visit, &person, now).await?;
        let entry = Entry::success(Activity::MethodsReviewed, "confirmed");
        audit::write(&tx, visit, &entry, Some(&person), Some(person.id), None, now).await?;
        tx.commit().await?;
        let note = self.account.said_at_home(visit, sign_in::Said::MethodsConfirmed)?;
        Ok(Stepped {
            note: Keep::Set(note),
            ..Stepped::new(self.look(visit).await?)
        })
    }

    /// What a registration has come to, in the transaction that wrote it.
    pub(super) async fn completed(
        &self,
        tx: &Tx,
        visit: &Visit,
        before: &Person,
        now: Timestamp,
    ) -> anyhow::Result<Said> {
        let Some(after) = self.settled(tx, visit, before, now).await? else {
            return Ok(Said::Added);
        };
        let settings = &visit.tenant.settings;
        if is_registered(before, settings) || !is_capable(&after, settings) {
            return Ok(Said::Added);
        }
        let entry = Entry::success(Activity::RegistrationComplete, "all-required");
        audit::write(tx, visit, &entry, Some(&after), Some(after.id), None, now).await?;
        Ok(Said::Enough)
    }

    /// The person as the transaction has left them; what they are asked for now is in their row.
    async fn settled(&self, tx: &Tx, visit: &Visit, before: &Person, now: Timestamp) -> anyhow::Result<Option<Person>> {
        let after = accounts::by_id(tx, before.id).await?;
        if let Some(after) = &after {
            note_asked(tx, visit, after, now).await?;
            if let (Some(mark), true) = (&visit.mark, is_registered(after, &visit.tenant.settings)) {
                browser::remember(&self.core, tx, mark, Known::Registered(Some(after.id))).await?;
            }
        }
        Ok(after)
    }
}
