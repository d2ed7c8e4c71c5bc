//! A method on its way: begun, proved by using it once, and registered (R53).

use super::{Entitled, Registration, Word, picture, questions};
use crate::again::again;
use crate::limits::Reserved;
use crate::reset::{is_conflict, person_key};
use crate::visit::{Stepped, Visit};
use crate::{audit, authenticator, dice, limits, numbers, passkey};
use regain_domain::account::Account as Person;
use regain_domain::approval::{Heard, heard};
use regain_domain::audit::{Activity, Entry};
use regain_domain::flow::Stage;
use regain_domain::gate::{MethodKind, plain_digits};
use regain_domain::ids::EnrolmentId;
use regain_domain::limits::ENROLMENT_LIFE;
use regain_domain::notice::ChannelKind;
use regain_domain::registration::{EnrolForm, Enrolling, Enrolment, Post, SecurityScreen, may_enrol, proving_channel};
use regain_domain::{Refusal, Secret, Timestamp};
use regain_store::ceremonies::Owner;
use regain_store::{Tx, approvals, devices, enrolments};
use uuid::Uuid;

/// Where the proof of a method goes, as the person knows it.
fn shown(pending: &Enrolment) -> String {
    match pending.kind.is_phone() {
        true => numbers::shown(&pending.value),
        false => pending.value.clone(),
    }
}

/// The phone that is being called.
async fn called(tx: &Tx, pending: &Enrolment, now: Timestamp) -> anyhow::Result<EnrolForm> {
    let request = approvals::latest(tx, pending.id.0).await?;
    let until = request.as_ref().map_or(now, |request| request.expires_at);
    let heard = heard(request.and_then(|request| request.answer), until, false, now);
    Ok(EnrolForm::Call {
        to: shown(pending),
        is_answered: heard != Heard::Nothing,
        seconds_left: until.seconds_from(now),
    })
}

/// Whether a method of this kind may be begun, here and by this person.
fn may_begin(kind: MethodKind, visit: &Visit, person: &Person) -> Result<MethodKind, Refusal> {
    may_enrol(kind, person, &visit.tenant.settings)?;
    match kind {
        MethodKind::Passkey if !passkey::are_possible(visit) => Err(Refusal::MethodUnavailable),
        kind => Ok(kind),
    }
}

/// Bytes of the secret of an app (R11).
const SECRET: usize = 20;

impl Registration {
    /// Begins to register a method of a kind.
    pub async fn add(&self, visit: &Visit, kind: &str) -> anyhow::Result<Stepped<SecurityScreen>> {
        again(|| self.begun(visit, kind)).await
    }

    async fn begun(&self, visit: &Visit, kind: &str) -> anyhow::Result<Stepped<SecurityScreen>> {
        let Some(Entitled { tx, session, person }) = self.entitled(visit).await? else {
            return self.stale(visit).await;
        };
        let kind = MethodKind::of_code(kind).ok_or(Refusal::MethodUnavailable);
        let now = self.core.now();
        let kind = match kind.and_then(|kind| may_begin(kind, visit, &person)) {
            Ok(kind) => kind,
            Err(refusal) => {
                let entry = Entry::failure(Activity::MethodRegistered, refusal.code());
                audit::write(&tx, visit, &entry, Some(&person), Some(person.id), None, now).await?;
                tx.commit().await?;
                return self.told(visit, Word::Refused(refusal)).await;
            }
        };
        let former = enrolments::of_session(&tx, session.id).await?;
        let has_codes = matches!(kind, MethodKind::App | MethodKind::Authenticator);
        let secret = has_codes.then(|| dice::bytes::<SECRET>(&mut self.core.dice()));
        let new = Enrolment {
            id: EnrolmentId(Uuid::new_v4()),
            account: person.id,
            kind,
            stage: match kind {
                MethodKind::Email | MethodKind::Mobile | MethodKind::Office => Stage::Destination,
                MethodKind::App | MethodKind::Authenticator | MethodKind::Passkey | MethodKind::Questions => {
                    Stage::Code
                }
            },
            // Whoever begins again to mend an address finds what they typed.
            value: former
                .filter(|former| former.kind == kind)
                .map_or(String::new(), |former| former.value),
            resend_at: None,
            n_failed: 0,
            refusals: Vec::new(),
            expires_at: now.plus(ENROLMENT_LIFE),
        };
        enrolments::begin(
            &tx,
            &new,
            session.id,
            secret.as_ref().map(<[u8; SECRET]>::as_slice),
            now,
        )
        .await?;
        self.ask_for_passkey(&tx, visit, &person, &new).await?;
        let entry = Entry::success(Activity::MethodRegistered, "begun");
        audit::write(&tx, visit, &entry, Some(&person), Some(person.id), None, now).await?;
        tx.commit().await?;
        self.told(visit, Word::Nothing).await
    }

    /// The address or number of a method on its way, its code, or nothing: has the phone answered?
    pub async fn enrol(
        &self,
        visit: &Visit,
        destination: String,
        code: Secret,
    ) -> anyhow::Result<Stepped<SecurityScreen>> {
        let phones = &visit.tenant.settings.policy.phones;
        let post = move |pending: &Enrolment| match pending.stage {
            Stage::Destination if pending.kind.is_phone() => Post::Destination {
                named: numbers::registrable(phones, pending.kind, &destination),
                typed: destination,
            },
            Stage::Destination => Post::Destination {
                named: Ok(destination.clone()),
                typed: destination,
            },
            Stage::Code if pending.kind == MethodKind::Authenticator => Post::Collect,
            Stage::Code => Post::Code(Secret::new(plain_digits(code.expose()))),
            Stage::Waiting => Post::Collect,
        };
        self.move_on(visit, post).await
    }

    /// The passkey that the browser has made. Without one, as from a page whose scripts are not there yet, nothing happens.
    pub async fn enrol_passkey(&self, visit: &Visit, answer: Secret) -> anyhow::Result<Stepped<SecurityScreen>> {
        if answer.is_empty() {
            return self.stale(visit).await;
        }
        self.move_on(visit, |_| Post::Passkey(answer)).await
    }

    /// Asks the browser for a new passkey, where one is on its way; what was asked before counts no more.
    pub(super) async fn ask_for_passkey(
        &self,
        tx: &Tx,
        visit: &Visit,
        person: &Person,
        pending: &Enrolment,
    ) -> anyhow::Result<()> {
        if !pending.is_passkey_awaited() {
            return Ok(());
        }
        let owner = Owner::Enrolment(pending.id);
        passkey::ask_new(tx, visit, owner, person, pending.expires_at).await
    }

    /// Sends the code of a method on its way once more.
    pub async fn send_again(&self, visit: &Visit) -> anyhow::Result<Stepped<SecurityScreen>> {
        self.move_on(visit, |_| Post::Again).await
    }

    /// Gives up the method on its way.
    pub async fn leave(&self, visit: &Visit) -> anyhow::Result<Stepped<SecurityScreen>> {
        self.move_on(visit, |_| Post::Leave).await
    }

    /// One post about the method on its way: a try is reserved, then all is decided and written at once (R10).
    async fn move_on(
        &self,
        visit: &Visit,
        post: impl FnOnce(&Enrolment) -> Post,
    ) -> anyhow::Result<Stepped<SecurityScreen>> {
        let now = self.core.now();
        let Some(Entitled { tx, session, person }) = self.signed_in(visit).await? else {
            return self.stale(visit).await;
        };
        let Some(pending) = enrolments::of_session(&tx, session.id).await? else {
            drop(tx);
            return self.stale(visit).await;
        };
        let post = post(&pending);
        let reserved = if post.is_proof(&pending, now) {
            let key = person_key(&self.core, Some(person.id), &person.user_name);
            Some(limits::reserve_proof(&self.core, tx, key).await?)
        } else {
            drop(tx);
            None
        };
        match again(|| self.written(visit, &post, reserved.as_ref())).await {
            Ok(Some(word)) => self.told(visit, word).await,
            Ok(None) => self.late(visit, reserved.as_ref()).await,
            Err(error) if is_conflict(&error) => self.late(visit, reserved.as_ref()).await,
            Err(error) => Err(error),
        }
    }

    /// Somebody else's post came first, or none was due: nothing was told of a comparison, so that no try counts.
    async fn late(&self, visit: &Visit, reserved: Option<&Reserved>) -> anyhow::Result<Stepped<SecurityScreen>> {
        if let Some(reserved) = reserved {
            let tx = self.core.store.write(visit.tenant.id).await?;
            reserved.settle(&tx, false).await?;
            tx.commit().await?;
        }
        self.stale(visit).await
    }

    /// The link for a phone with the authenticator; then the number that it is asked for.
    async fn phone_form(&self, tx: &Tx, visit: &Visit, pending: &Enrolment) -> anyhow::Result<EnrolForm> {
        let now = self.core.now();
        if pending.stage == Stage::Waiting {
            let request = approvals::latest(tx, pending.id.0).await?;
            let (answer, until) = request
                .as_ref()
                .map_or((None, now), |request| (request.answer, request.expires_at));
            return Ok(EnrolForm::Number {
                number: request.and_then(|request| request.number).unwrap_or_default(),
                is_answered: heard(answer, until, false, now) != Heard::Nothing,
                seconds_left: until.seconds_from(now),
            });
        }
        let link = authenticator::link(&self.core, &visit.tenant.base_url, visit.tenant.id, pending.id);
        Ok(EnrolForm::Link {
            picture: picture(&link)?,
            link,
            is_linked: devices::of_enrolment(tx, pending.id).await?.is_some(),
        })
    }

    /// The page of the method on its way.
    pub(super) async fn enrolling(
        &self,
        tx: &Tx,
        visit: &Visit,
        person: &Person,
        pending: &Enrolment,
    ) -> anyhow::Result<SecurityScreen> {
        let now = self.core.now();
        let form = match (pending.stage, enrolments::secret(tx, pending.id).await?) {
            _ if pending.kind == MethodKind::Questions => questions::form(visit, pending),
            _ if pending.kind == MethodKind::Authenticator => self.phone_form(tx, visit, pending).await?,
            _ if pending.kind == MethodKind::Passkey => EnrolForm::Passkey {
                options: passkey::options(tx, Owner::Enrolment(pending.id), now)
                    .await?
                    .unwrap_or_default(),
            },
            (_, Some(secret)) => {
                let org = &visit.tenant.settings.brand.name;
                EnrolForm::App(picture::app_key(&secret, org, person.user_name.as_str())?)
            }
            (Stage::Destination, None) => EnrolForm::Destination {
                typed: pending.value.clone(),
            },
            (Stage::Code, None) => EnrolForm::Code {
                to: shown(pending),
                channel: proving_channel(pending.kind, &visit.tenant.settings).unwrap_or(ChannelKind::Mail),
                resend_in: pending.resend_at.map_or(0, |at| at.seconds_from(now)),
            },
            (Stage::Waiting, None) => called(tx, pending, now).await?,
        };
        Ok(SecurityScreen::Enrol(Enrolling {
            kind: pending.kind,
            form,
            refusals: pending.refusals.clone(),
            seconds_left: pending.expires_at.seconds_from(now),
        }))
    }
}
