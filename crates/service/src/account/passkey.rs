//! Signing in with a passkey: in place of name and password, or for staff in place of the app's code after these (R50).

use super::{Account, By, stage_after};
use crate::again::again;
use crate::core::cookie_hash;
use crate::limits::{self, network_bytes, per_network};
use crate::visit::{Keep, Stepped, Visit};
use crate::{attack, audit, passkey as keys};
use regain_domain::account::Account as Person;
use regain_domain::audit::{Activity, Entry};
use regain_domain::gate::MethodKind;
use regain_domain::limits::{SIGN_IN_CODE_LIFE, TOTP_AT_SIGN_IN};
use regain_domain::sign_in::{AccountScreen, Verdict, decide_passkey};
use regain_domain::{Refusal, Secret, Timestamp};
use regain_store::ceremonies::Owner;
use regain_store::sessions::{Session, Stage};
use regain_store::{Tx, accounts, methods};

impl Account {
    /// Asks for a passkey, or with an answer signs in by it. A visitor who is nobody yet gets a cookie with the question: its
    /// answer counts in this browser alone.
    pub async fn sign_in_passkey(&self, visit: &Visit, answer: Secret) -> anyhow::Result<Stepped<AccountScreen>> {
        let tx = self.core.store.read(visit.tenant.id).await?;
        let session = self.alive(&tx, visit, self.core.now()).await?;
        drop(tx);
        match (session, &visit.session) {
            (Some(session), _) if session.stage == Stage::CodeDue && !answer.is_empty() => {
                self.second(visit, &session, &answer).await
            }
            (Some(_), _) => self.stale(visit).await,
            (None, _) if !keys::are_possible(visit) => self.stay(visit, "", Refusal::MethodUnavailable),
            (None, Some(cookie)) if !answer.is_empty() => self.first(visit, cookie, &answer).await,
            (None, _) => self.asked(visit).await,
        }
    }

    /// The first question: nothing is known of the visitor, so that only the network counts.
    async fn asked(&self, visit: &Visit) -> anyhow::Result<Stepped<AccountScreen>> {
        let tx = self.core.store.write(visit.tenant.id).await?;
        if let Err(seconds) = self.take_from_network(&tx, visit).await? {
            return self.too_many(visit, tx, "", seconds).await;
        }
        let cookie = self.core.cookie();
        let owner = Owner::Browser(cookie_hash(&cookie));
        let screen = self.ask(&tx, visit, owner, None).await?;
        tx.commit().await?;
        Ok(Stepped {
            session: Keep::Set(cookie),
            note: Keep::Drop,
            ..Stepped::new(screen)
        })
    }

    /// A question, and the page that puts it to the browser.
    async fn ask(
        &self,
        tx: &Tx,
        visit: &Visit,
        owner: Owner,
        refusal: Option<Refusal>,
    ) -> anyhow::Result<AccountScreen> {
        let now = self.core.now();
        keys::ask(tx, visit, owner, now.plus(SIGN_IN_CODE_LIFE)).await?;
        let options = keys::options(tx, owner, now).await?.unwrap_or_default();
        Ok(AccountScreen::Passkey { options, refusal })
    }

    /// The answer of a visitor who is nobody yet.
    async fn first(&self, visit: &Visit, cookie: &str, answer: &Secret) -> anyhow::Result<Stepped<AccountScreen>> {
        let tx = self.core.store.write(visit.tenant.id).await?;
        if let Err(seconds) = self.take_from_network(&tx, visit).await? {
            return self.too_many(visit, tx, "", seconds).await;
        }
        tx.commit().await?;
        again(|| self.decided_first(visit, cookie, answer)).await
    }

    async fn decided_first(
        &self,
        visit: &Visit,
        cookie: &str,
        answer: &Secret,
    ) -> anyhow::Result<Stepped<AccountScreen>> {
        let (now, owner) = (self.core.now(), Owner::Browser(cookie_hash(cookie)));
        let tx = self.core.store.write(visit.tenant.id).await?;
        // Held, so that nothing of the person changes between proof and session.
        let person = match keys::claimed(answer) {
            Some(id) => {
                accounts::hold(&tx, id).await?;
                accounts::by_id(&tx, id).await?
            }
            None => None,
        };
        let known = person.as_ref().map(|person| person.id);
        let proved = keys::proved(&tx, visit, owner, known, answer, now).await?;
        let Some((person, method)) = person.as_ref().zip(proved) else {
            let entry = Entry::failure(Activity::SignIn, "passkey");
            audit::write(&tx, visit, &entry, None, None, None, now).await?;
            let screen = self.ask(&tx, visit, owner, Some(Refusal::SignInFailed)).await?;
            tx.commit().await?;
            return Ok(Stepped::new(screen));
        };
        methods::used(&tx, method, now).await?;
        let stepped = self.let_in_by_passkey(&tx, visit, person, now).await?;
        tx.commit().await?;
        Ok(stepped)
    }

    /// It is this person, and their device has made sure of it: both factors of a sign-in. What is to be said of the
    /// account is told now, and not before.
    async fn let_in_by_passkey(
        &self,
        tx: &Tx,
        visit: &Visit,
        person: &Person,
        now: Timestamp,
    ) -> anyhow::Result<Stepped<AccountScreen>> {
        let (entry, stepped) = match decide_passkey(person, &visit.tenant.settings.password, now) {
            Verdict::No { refusal, .. } => {
                let entry = Entry::failure(Activity::SignIn, refusal.code());
                (entry, self.stay(visit, person.user_name.as_str(), refusal)?)
            }
            verdict => {
                let entry = Entry::success(Activity::SignIn, "passkey");
                let stage = stage_after(&verdict);
                (entry, self.open(tx, visit, person, (By::Passkey, stage), now).await?)
            }
        };
        audit::write(tx, visit, &entry, Some(person), Some(person.id), None, now).await?;
        let session = match stepped.session {
            Keep::Set(cookie) => Keep::Set(cookie),
            // The cookie of the question is of no more use.
            _ => Keep::Drop,
        };
        Ok(Stepped { session, ..stepped })
    }

    /// Staff, after the password: counted with the codes of the app (R18).
    async fn second(
        &self,
        visit: &Visit,
        session: &Session,
        answer: &Secret,
    ) -> anyhow::Result<Stepped<AccountScreen>> {
        let tx = self.core.store.write(visit.tenant.id).await?;
        let key = self.core.counter("sign-in-codes", session.account.0.as_bytes());
        let may_try = limits::take_one(&self.core, &tx, key, &TOTP_AT_SIGN_IN).await?.is_ok();
        tx.commit().await?;
        again(|| self.decided_second(visit, session, answer, may_try)).await
    }

    async fn decided_second(
        &self,
        visit: &Visit,
        session: &Session,
        answer: &Secret,
        may_try: bool,
    ) -> anyhow::Result<Stepped<AccountScreen>> {
        let (now, owner) = (self.core.now(), Owner::Session(session.id));
        let tx = self.core.store.write(visit.tenant.id).await?;
        accounts::hold(&tx, session.account).await?;
        let found = accounts::by_id(&tx, session.account).await?;
        let person = found.as_ref().filter(|person| may_try && !person.is_disabled(now));
        let proved = match person {
            Some(person) => keys::proved(&tx, visit, owner, Some(person.id), answer, now).await?,
            None => None,
        };
        let entry = if proved.is_some() {
            Entry::success
        } else {
            Entry::failure
        };
        let entry = entry(Activity::SignIn, "passkey");
        audit::write(&tx, visit, &entry, found.as_ref(), Some(session.account), None, now).await?;
        let Some((person, method)) = person.zip(proved) else {
            keys::ask(&tx, visit, owner, session.expires_at).await?;
            tx.commit().await?;
            return self.code_refused(visit, session.id, false).await;
        };
        methods::used(&tx, method, now).await?;
        self.promoted(tx, visit, session, person).await
    }

    /// A passkey is asked for beside the code, where the person has one.
    pub(super) async fn ask_second(
        &self,
        tx: &Tx,
        visit: &Visit,
        person: &Person,
        session: &Session,
    ) -> anyhow::Result<Option<String>> {
        let has_one = person.methods.iter().any(|method| method.kind == MethodKind::Passkey);
        if !has_one || !keys::are_possible(visit) {
            return Ok(None);
        }
        let owner = Owner::Session(session.id);
        keys::ask(tx, visit, owner, session.expires_at).await?;
        keys::options(tx, owner, session.created_at).await
    }

    /// Sign-ins that a network may try, whatever with.
    pub(super) async fn take_from_network(&self, tx: &Tx, visit: &Visit) -> anyhow::Result<Result<(), u32>> {
        let network = self.core.counter("sign-ins", &network_bytes(visit.network));
        let windows = per_network(&self.core, [false, attack::is_on(&self.core, tx).await?]);
        limits::take_one(&self.core, tx, network, &windows).await
    }
}
