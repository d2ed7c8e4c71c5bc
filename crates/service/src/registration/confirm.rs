//! Is it still you? The password, and then a method that is registered already, if there is one (R53).

use super::{Entitled, Registration, Word, proving};
use crate::again::again;
use crate::audit;
use crate::core::cookie_hash;
use crate::limits;
use crate::reset::{Begun, person_key};
use crate::visit::{Keep, Standing, Stepped, Visit};
use regain_domain::account::Account as Person;
use regain_domain::audit::{Activity, Entry};
use regain_domain::flow::{Input, Proof, Purpose, Screen, State, Subject};
use regain_domain::limits::FRESH_PROOF;
use regain_domain::policy::{Mode, confirming};
use regain_domain::registration::{SecurityScreen, is_fresh};
use regain_domain::{Refusal, Secret};
use regain_store::{Error, flows, sessions};

/// Gates beside the password.
const GATES: u32 = 1;

impl Registration {
    /// The password, unless it was typed just now, at sign-in.
    pub async fn confirm(&self, visit: &Visit, password: Secret) -> anyhow::Result<Stepped<SecurityScreen>> {
        let Some(Entitled { tx, session, person }) = self.seen(visit).await? else {
            return self.stale(visit).await;
        };
        drop(tx);
        if is_fresh(session.password_at, self.core.now()) {
            return again(|| self.begin(visit, &person)).await;
        }
        match self.account.is_password_of(visit, &person, &password).await? {
            Ok(true) => again(|| self.begin(visit, &person)).await,
            Ok(false) => self.refused(visit, &person, Refusal::PasswordWrong).await,
            Err(refusal) => {
                let is_busy = matches!(refusal, Refusal::Busy { .. });
                let stepped = self.refused(visit, &person, refusal).await?;
                let standing = if is_busy { Standing::Busy } else { Standing::Current };
                Ok(Stepped { standing, ..stepped })
            }
        }
    }

    /// The choice of a method.
    pub async fn choose(
        &self,
        visit: &Visit,
        input: Result<Input, Refusal>,
    ) -> anyhow::Result<Stepped<SecurityScreen>> {
        if self.seen(visit).await?.is_none() {
            return self.stale(visit).await;
        }
        let stepped = self.reset.step(&proving(visit), input).await?;
        self.after(visit, stepped).await
    }

    /// Its proof.
    pub async fn prove(&self, visit: &Visit, proof: Proof) -> anyhow::Result<Stepped<SecurityScreen>> {
        // The flow is bound to the session's cookie, but outlives the session by minutes: without one it sends nothing, and
        // costs nobody a try.
        if self.seen(visit).await?.is_none() {
            return self.stale(visit).await;
        }
        let stepped = self.reset.prove(&proving(visit), proof).await?;
        self.after(visit, stepped).await
    }

    /// The page after a step of that flow, and the session's new cookie if it got one.
    async fn after(&self, visit: &Visit, stepped: Stepped<Screen>) -> anyhow::Result<Stepped<SecurityScreen>> {
        let after = match &stepped.session {
            Keep::Set(cookie) => Visit {
                session: Some(cookie.clone()),
                note: None,
                ..visit.clone()
            },
            _ => visit.clone(),
        };
        Ok(Stepped {
            screen: self.look(&after).await?,
            standing: stepped.standing,
            session: stepped.session,
            is_staff: stepped.is_staff,
            flow: Keep::AsIs,
            note: Keep::Drop,
            mark: Keep::AsIs,
            kiosk: Keep::AsIs,
        })
    }

    /// Nobody's try counts that was refused without a comparison, but all are told to the audit.
    async fn refused(
        &self,
        visit: &Visit,
        person: &Person,
        refusal: Refusal,
    ) -> anyhow::Result<Stepped<SecurityScreen>> {
        let tx = self.core.store.write(visit.tenant.id).await?;
        let entry = Entry::failure(Activity::Reauthenticated, refusal.code());
        audit::write(&tx, visit, &entry, None, Some(person.id), None, self.core.now()).await?;
        tx.commit().await?;
        self.told(visit, Word::Refused(refusal)).await
    }

    /// The password is right: on to a registered method, or, if there is none to be asked for, in.
    async fn begin(&self, visit: &Visit, seen: &Person) -> anyhow::Result<Stepped<SecurityScreen>> {
        let Some(Entitled { tx, session, person }) = self.signed_in(visit).await? else {
            return self.stale(visit).await;
        };
        // Comparing took a while: a password that was changed meanwhile opens nothing.
        if person.password_changed_at != seen.password_changed_at {
            drop(tx);
            return self.stale(visit).await;
        }
        let now = self.core.now();
        let key = person_key(&self.core, Some(person.id), &person.user_name);
        if let Some(until) = limits::proofs_blocked_until(&self.core, &tx, key).await? {
            drop(tx);
            return self.refused(visit, &person, Refusal::Blocked { until }).await;
        }
        let has_signed_in_by_code = session.is_staff && is_fresh(session.password_at, now);
        let is_enough = has_signed_in_by_code || confirming(&person, &visit.tenant.settings).is_empty();
        match is_enough {
            true => self.let_in(visit, Entitled { tx, session, person }).await,
            false => self.ask_for_gate(visit, Entitled { tx, session, person }).await,
        }
    }

    async fn let_in(&self, visit: &Visit, entitled: Entitled) -> anyhow::Result<Stepped<SecurityScreen>> {
        let Entitled { tx, session, person } = entitled;
        let (cookie, now) = (self.core.cookie(), self.core.now());
        if !sessions::prove(&tx, session.id, cookie_hash(&cookie), Purpose::Register, now).await? {
            return Err(Error::Conflict.into());
        }
        let entry = Entry::success(Activity::Reauthenticated, "password");
        audit::write(&tx, visit, &entry, Some(&person), Some(person.id), None, now).await?;
        tx.commit().await?;
        let after = Visit {
            session: Some(cookie.clone()),
            note: None,
            ..visit.clone()
        };
        Ok(Stepped {
            session: Keep::Set(cookie),
            is_staff: session.is_staff,
            note: Keep::Drop,
            ..Stepped::new(self.look(&after).await?)
        })
    }

    async fn ask_for_gate(&self, visit: &Visit, entitled: Entitled) -> anyhow::Result<Stepped<SecurityScreen>> {
        let Entitled { tx, person, .. } = entitled;
        let inner = proving(visit);
        let Some(cookie) = &inner.flow else {
            return Err(Error::Conflict.into());
        };
        // Password and method belong together: a method that is proved much later than the password proves nothing (R53).
        let mut flow = self.reset.begun(Begun {
            subject: Subject::Account(person.id),
            user_name: person.user_name.clone(),
            purpose: Purpose::Register,
            client: visit.client,
            mode: Mode::Explicit,
            state: State::Gating(None),
            n_needed: GATES,
            password_changed_at: Some(person.password_changed_at),
        });
        let now = self.core.now();
        flow.expires_at = now.plus(FRESH_PROOF);
        flows::forget(&tx, cookie_hash(cookie)).await?;
        let row = flows::NewFlow {
            flow: &flow,
            cookie_hash: cookie_hash(cookie),
            policy_version: visit.tenant.version,
            started_at: now,
        };
        flows::insert(&tx, &row).await?;
        let entry = Entry::success(Activity::FlowProgress, "password");
        let reference = Some(flow.reference.as_str());
        audit::write(&tx, visit, &entry, Some(&person), Some(person.id), reference, now).await?;
        tx.commit().await?;
        self.told(visit, Word::Nothing).await
    }
}
