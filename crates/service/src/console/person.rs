//! One person: what staff see of them, and what they do to them (R50–R52).

use super::newcomer::too_long;
use super::one_time_pass::Drawn;
use super::people::OPENED;
use super::{Console, Staff};
use crate::again::again;
use crate::note::{self, Note, Page};
use crate::visit::{self, Keep, Stepped, Visit};
use crate::{account, browser, limits, notice};
use anyhow::Context;
use regain_domain::account::{Account, Status};
use regain_domain::audit::Activity;
use regain_domain::brand::plain_text;
use regain_domain::gate::{MethodKind, email};
use regain_domain::ids::{AccountId, MethodId};
use regain_domain::limits::REASON_MOST;
use regain_domain::notice::StaffAct;
use regain_domain::people::{Doing, Held, PersonView, Said, Standing, Wrong, acts};
use regain_domain::policy::doctor::diagnose;
use regain_domain::policy::{good_pass, is_enabled, is_registered, lacks_beside, takes_pass};
use regain_domain::registration::{hint, is_fresh, overview};
use regain_domain::role::{Act, Role};
use regain_domain::staff::Guarded;
use regain_domain::{Refusal, Secret};
use regain_store::{Tx, account_fields, accounts, counters, desk, enrolments, flows, groups, methods, sessions};

/// A person's record, where the session has opened one.
type PersonScreen = Guarded<Option<PersonView>>;

/// What an act did, as it is told to the audit and to its person.
struct Effect {
    activity: Activity,
    what: String,
    letter: Option<StaffAct>,
}

impl Console {
    /// The record that the session has opened.
    pub async fn look_person(&self, visit: &Visit) -> anyhow::Result<PersonScreen> {
        let tx = self.core.store.read(visit.tenant.id).await?;
        Ok(match self.caller(&tx, visit, Act::Assist).await? {
            Err(outside) => outside.into(),
            Ok(staff) => Guarded::Page(Box::new(self.record(&tx, visit, &staff).await?)),
        })
    }

    /// Does something to a person: what may be done now, with the password where it is sensitive and was not typed of late.
    pub async fn act(
        &self,
        visit: &Visit,
        id: AccountId,
        doing: Doing,
        password: Secret,
    ) -> anyhow::Result<Stepped<PersonScreen>> {
        let (tx, staff) = match self.enter(visit, doing.act().act()).await? {
            Ok(entered) => entered,
            Err(outside) => return self.shut_out(visit, outside).await,
        };
        if !self.is_open(&tx, visit, &staff, id, &doing).await? {
            drop(tx);
            return self.late(visit).await;
        }
        // The page after this one is of the same person, whatever another window has opened.
        self.opened(&tx, visit, &staff, id).await?;
        tx.commit().await?;
        let tried = Note {
            tried: Some(doing.clone()),
            ..Note::default()
        };
        if let wrong @ Some(_) = doing.reason().and_then(wrong_reason) {
            return self.after_act(visit, id, Note { wrong, ..tried }).await;
        }
        let wants_password = doing.act().is_sensitive() && !is_fresh(staff.session.password_at, self.core.now());
        if wants_password && let Err(refusal) = self.proved(visit, &staff, &password).await? {
            let refusal = Some(refusal);
            return self.after_act(visit, id, Note { refusal, ..tried }).await;
        }
        let drawn = match doing {
            Doing::OneTimePass { .. } => Some(self.draw_pass(visit, &staff, id).await?),
            _ => None,
        };
        let drawn = match drawn.transpose() {
            Ok(drawn) => drawn,
            Err(refusal) => {
                let refusal = Some(refusal);
                return self.after_act(visit, id, Note { refusal, ..tried }).await;
            }
        };
        let done = again(|| self.done(visit, &staff, id, (&doing, drawn.as_ref()), wants_password));
        let Some(session) = done.await? else {
            return self.late(visit).await;
        };
        let note = Note {
            assisted: Some(Said::Done(doing.act())),
            ..Note::default()
        };
        let after = visit.with_session(&session);
        let mut stepped = self.after_act(&after, id, note).await?;
        if let Some(drawn) = &drawn {
            drawn.show(visit, &mut stepped.screen);
        }
        Ok(Stepped {
            session,
            is_staff: true,
            ..stepped
        })
    }

    /// Whether it may be done to that person as everything is now.
    async fn is_open(
        &self,
        tx: &Tx,
        visit: &Visit,
        staff: &Staff,
        id: AccountId,
        doing: &Doing,
    ) -> anyhow::Result<bool> {
        let Some(person) = accounts::by_id(tx, id).await? else {
            return Ok(false);
        };
        let held = self.held(tx, visit, &person).await?;
        let has_it = match doing {
            Doing::RemoveMethod { method, .. } => person.methods.iter().any(|own| own.id == *method),
            _ => true,
        };
        Ok(has_it && acts(&staff.person, &person, &held).contains(&doing.act()))
    }

    /// Decides once more, and writes; nothing if it is no longer as it was, or whoever does it no longer may.
    async fn done(
        &self,
        visit: &Visit,
        seen: &Staff,
        id: AccountId,
        (doing, drawn): (&Doing, Option<&Drawn>),
        was_proved: bool,
    ) -> anyhow::Result<Option<Keep>> {
        let tx = self.core.store.write(visit.tenant.id).await?;
        // In one order, so that two who act on each other do not wait for each other.
        let mut both = [seen.person.id, id];
        both.sort_unstable();
        for account in both {
            accounts::hold(&tx, account).await?;
        }
        let Ok(staff) = self.caller(&tx, visit, doing.act().act()).await? else {
            return Ok(None);
        };
        let is_same = staff.person.password_changed_at == seen.person.password_changed_at;
        if !is_same || !self.is_open(&tx, visit, &staff, id, doing).await? {
            return Ok(None);
        }
        let Some(person) = accounts::by_id(&tx, id).await? else {
            return Ok(None);
        };
        let effect = self.apply(&tx, visit, &staff, &person, (doing, drawn)).await?;
        self.told(&tx, visit, &staff, Some(id), (effect.activity, &effect.what))
            .await?;
        if let Some(letter) = effect.letter {
            // To the mailboxes that they had before as well.
            notice::by_staff(&self.core, &tx, visit, &person, letter).await?;
        }
        let session = match was_proved {
            true => match self.renewed(&tx, &staff).await? {
                Some(keep) => keep,
                None => return Ok(None),
            },
            false => Keep::AsIs,
        };
        tx.commit().await?;
        Ok(Some(session))
    }

    async fn apply(
        &self,
        tx: &Tx,
        visit: &Visit,
        staff: &Staff,
        person: &Account,
        (doing, drawn): (&Doing, Option<&Drawn>),
    ) -> anyhow::Result<Effect> {
        let code = doing.act().code();
        match doing {
            Doing::Lift => {
                counters::clear(tx, self.proofs_of(person)).await?;
                account::forget(tx, &person.user_name).await?;
                accounts::unlock(tx, person.id).await?;
                Ok(Effect::new(Activity::Lifted, code, Some(StaffAct::Lifted)))
            }
            Doing::RemoveMethod { method, reason } => self.remove(tx, person, *method, reason).await,
            Doing::RegisterAgain { reason } => {
                for method in &person.methods {
                    methods::remove(tx, person.id, method.id).await?;
                }
                account_fields::set_register_again(tx, person.id, Some(self.core.now())).await?;
                self.end(tx, person).await?;
                let what = format!("all: {}", plain_text(reason));
                Ok(Effect::new(
                    Activity::MethodRemoved,
                    &what,
                    Some(StaffAct::RegisterAgain),
                ))
            }
            Doing::Roles(roles) => {
                accounts::set_roles(tx, person.id, roles).await?;
                // A role changes what a session may do: the old ones end (R41).
                sessions::end_all(tx, person.id, None, self.core.now()).await?;
                flows::end_others(tx, person.id, None, self.core.now()).await?;
                notice::roles_changed(&self.core, tx, visit, &staff.person, person, roles).await?;
                let what = format!("{} > {}", listed(&person.roles), listed(roles));
                Ok(Effect::new(Activity::RolesChanged, &what, None))
            }
            Doing::Disable => {
                accounts::set_status(tx, person.id, Status::Disabled).await?;
                self.end(tx, person).await?;
                Ok(Effect::new(Activity::AccountChanged, "disabled", None))
            }
            Doing::Enable => {
                accounts::set_status(tx, person.id, Status::Active).await?;
                Ok(Effect::new(Activity::AccountChanged, "enabled", None))
            }
            Doing::OneTimePass { reason } => {
                let drawn = drawn.context("a pass was to be given that was not drawn")?;
                drawn.give(tx, person.id).await?;
                let letter = Some(StaffAct::OneTimePass);
                Ok(Effect::new(Activity::PassGiven, &plain_text(reason), letter))
            }
        }
    }

    async fn remove(&self, tx: &Tx, person: &Account, method: MethodId, reason: &str) -> anyhow::Result<Effect> {
        let found = person.methods.iter().find(|own| own.id == method);
        let kind = found.map_or(MethodKind::Email, |own| own.kind);
        methods::remove(tx, person.id, method).await?;
        self.end(tx, person).await?;
        let what = format!("{}: {}", kind.code(), plain_text(reason));
        let letter = StaffAct::MethodRemoved {
            kind,
            hint: found.and_then(hint).unwrap_or_default(),
        };
        Ok(Effect::new(Activity::MethodRemoved, &what, Some(letter)))
    }

    /// Nothing of theirs goes on that was begun before (R08), and no browser is theirs.
    async fn end(&self, tx: &Tx, person: &Account) -> anyhow::Result<()> {
        let now = self.core.now();
        flows::end_others(tx, person.id, None, now).await?;
        enrolments::end_all(tx, person.id).await?;
        sessions::end_all(tx, person.id, None, now).await?;
        browser::forget_all(&self.core, tx, person.id).await
    }

    async fn record(&self, tx: &Tx, visit: &Visit, staff: &Staff) -> anyhow::Result<Option<PersonView>> {
        let Some(id) = desk::get::<AccountId>(tx, staff.session.id, OPENED).await? else {
            return Ok(None);
        };
        let Some(person) = accounts::by_id(tx, id).await? else {
            return Ok(None);
        };
        let (settings, now) = (visit.tenant.settings.as_ref(), self.core.now());
        let held = self.held(tx, visit, &person).await?;
        let records = methods::records(tx, id).await?;
        let names = groups::all(tx).await?.into_iter();
        let names = names.filter(|(group, _)| person.groups.contains(group));
        let note = note::read(&self.core, visit, Page::Person).filter(|note| note.user_name == id.to_string());
        let note = note.unwrap_or_default();
        let findings = diagnose(
            person.user_name.as_str(),
            Some(&person),
            settings,
            held.blocked_until,
            now,
        );
        Ok(Some(PersonView {
            reader: staff.reader(),
            id,
            user_name: person.user_name.as_str().to_owned(),
            name: person.display_name(),
            mail: person
                .primary_mail
                .as_deref()
                .map(|mail| shown(mail, &settings.domains)),
            status: person.status,
            roles: person.roles.clone(),
            groups: names.map(|(_, name)| name).collect(),
            password_changed_at: person.password_changed_at,
            must_change: person.must_change,
            held,
            standing: Standing {
                is_registered: is_registered(&person, settings),
                is_enabled: is_enabled(&person, settings),
                must_register: person.must_register,
            },
            findings,
            methods: overview(&person, &records, settings, 0).methods,
            acts: acts(&staff.person, &person, &held),
            wants_password: !is_fresh(staff.session.password_at, now),
            said: note.assisted,
            refusal: note.refusal,
            wrong: note.wrong,
            tried: note.tried,
            pass_until: good_pass(&person, settings, now).map(|pass| pass.expires_at),
            lacks_beside: lacks_beside(&person, settings),
            given: None,
        }))
    }

    async fn held(&self, tx: &Tx, visit: &Visit, person: &Account) -> anyhow::Result<Held> {
        Ok(Held {
            blocked_until: limits::proofs_blocked_until(&self.core, tx, self.proofs_of(person)).await?,
            is_paused: account::is_paused(&self.core, tx, visit, &person.user_name).await?,
            takes_pass: takes_pass(person, &visit.tenant.settings, self.core.now()),
        })
    }

    fn proofs_of(&self, person: &Account) -> [u8; 32] {
        crate::reset::person_key(&self.core, Some(person.id), &person.user_name)
    }

    /// It is not as it was any more: the page says how it is.
    async fn late(&self, visit: &Visit) -> anyhow::Result<Stepped<PersonScreen>> {
        Ok(Stepped {
            standing: visit::Standing::Stale,
            ..Stepped::new(self.look_person(visit).await?)
        })
    }

    /// The person's page after a post, with a word on it.
    pub(super) async fn after_act(
        &self,
        visit: &Visit,
        id: AccountId,
        note: Note,
    ) -> anyhow::Result<Stepped<PersonScreen>> {
        let standing = match &note.refusal {
            Some(Refusal::Busy { .. }) => visit::Standing::Busy,
            _ => visit::Standing::Current,
        };
        let note = Note {
            page: Page::Person,
            user_name: id.to_string(),
            at: self.core.now(),
            ..note
        };
        let note = note::write(&self.core, visit, &note)?;
        let screen = self.look_person(&visit.with_note(&note)).await?;
        Ok(Stepped {
            standing,
            note: Keep::Set(note),
            ..Stepped::new(screen)
        })
    }
}

impl Effect {
    fn new(activity: Activity, what: &str, letter: Option<StaffAct>) -> Self {
        Self {
            activity,
            what: what.to_owned(),
            letter,
        }
    }
}

/// A mailbox of the organisation's own takes no codes, and is shown; any other one is masked, as methods are.
fn shown(mail: &str, domains: &[String]) -> String {
    match email::may_take_codes(mail, domains) {
        true => email::masked(mail),
        false => mail.to_owned(),
    }
}

fn wrong_reason(reason: &str) -> Option<Wrong> {
    match reason.trim() {
        "" => Some(Wrong::Missing),
        reason if reason.chars().count() > REASON_MOST => Some(too_long(REASON_MOST)),
        _ => None,
    }
}

fn listed(roles: &[Role]) -> String {
    match roles {
        [] => "-".to_owned(),
        roles => roles.iter().map(|role| role.code()).collect::<Vec<_>>().join(" "),
    }
}
