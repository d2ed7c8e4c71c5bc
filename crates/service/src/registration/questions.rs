//! Security questions: chosen and answered all at once, and hashed outside any transaction (R16).

use super::{Entitled, Registration, Word};
use crate::again::again;
use crate::audit;
use crate::notice;
use crate::visit::{Standing, Stepped, Visit};
use regain_domain::audit::{Activity, Entry};
use regain_domain::flow::Asked;
use regain_domain::gate::MethodKind;
use regain_domain::gate::questions::{Chosen, Filled, Question, chosen, list, words};
use regain_domain::notice::MethodChange;
use regain_domain::registration::{EnrolForm, Enrolment, Said, SecurityScreen, may_enrol};
use regain_domain::{Refusal, Secret};
use regain_store::methods::NewMethod;
use regain_store::{Error, answers, enrolments, methods};

impl Registration {
    /// The questions that were chosen, by their codes, and the answers, field by field.
    pub async fn answer(
        &self,
        visit: &Visit,
        questions: &[String],
        typed: &[Secret],
    ) -> anyhow::Result<Stepped<SecurityScreen>> {
        let Some(entitled) = self.signed_in(visit).await? else {
            return self.stale(visit).await;
        };
        let Some(pending) = self.pending(&entitled).await? else {
            drop(entitled);
            return self.stale(visit).await;
        };
        let taken = judged(visit, &entitled, questions, typed);
        match taken {
            Err(refusals) => {
                let after = Enrolment {
                    value: kept_codes(questions),
                    refusals,
                    ..pending.clone()
                };
                enrolments::update(&entitled.tx, &pending, &after).await?;
                entitled.tx.commit().await?;
                self.told(visit, Word::Nothing).await
            }
            Ok(taken) => {
                drop(entitled);
                self.hashed(visit, &pending, taken).await
            }
        }
    }

    async fn hashed(
        &self,
        visit: &Visit,
        pending: &Enrolment,
        taken: Vec<Chosen>,
    ) -> anyhow::Result<Stepped<SecurityScreen>> {
        let mut hashes = Vec::new();
        for one in taken {
            let salt = crate::dice::bytes(&mut self.core.dice());
            let Ok(hash) = self.core.hasher.hash(one.answer, salt).await? else {
                let stepped = self.told(visit, Word::Refused(Refusal::Busy { seconds: 2 })).await?;
                let standing = Standing::Busy;
                return Ok(Stepped { standing, ..stepped });
            };
            hashes.push((one.question, hash));
        }
        match again(|| self.kept(visit, pending, &hashes)).await? {
            Some(said) => self.told(visit, Word::Said(said)).await,
            None => self.stale(visit).await,
        }
    }

    /// Writes the registration; nothing if the one on its way is another by now.
    async fn kept(
        &self,
        visit: &Visit,
        pending: &Enrolment,
        hashes: &[(Question, String)],
    ) -> anyhow::Result<Option<Said>> {
        let Some(entitled) = self.signed_in(visit).await? else {
            return Ok(None);
        };
        let now_pending = self.pending(&entitled).await?;
        let Entitled { tx, session, person } = entitled;
        let is_taken = may_enrol(MethodKind::Questions, &person, &visit.tenant.settings).is_ok();
        if !is_taken || now_pending.is_none_or(|other| other.id != pending.id) {
            return Ok(None);
        }
        if !enrolments::end(&tx, pending.id).await? {
            return Err(Error::Conflict.into());
        }
        let now = self.core.now();
        let questions: Vec<Question> = hashes.iter().map(|(question, _)| *question).collect();
        let new = NewMethod {
            account: person.id,
            kind: MethodKind::Questions,
            value: Some(&list(&questions)),
            secret: None,
            is_verified: true,
        };
        let former = person
            .methods
            .iter()
            .find(|method| method.kind == MethodKind::Questions);
        let id = match former {
            Some(former) => methods::replace(&tx, former.id, &new, now).await?,
            None => methods::add(&tx, &new, now).await?,
        };
        answers::put(&tx, id, hashes).await?;
        self.changed(&tx, session.id, &person).await?;
        let (activity, change) = match former {
            Some(_) => (Activity::MethodChanged, MethodChange::Replaced),
            None => (Activity::MethodRegistered, MethodChange::Added),
        };
        let entry = Entry::success(activity, MethodKind::Questions.code());
        audit::write(&tx, visit, &entry, Some(&person), Some(person.id), None, now).await?;
        let change = (change, MethodKind::Questions, String::new());
        notice::methods_changed(&self.core, &tx, visit, &person, person.mailboxes(), change).await?;
        let said = match (self.completed(&tx, visit, &person, now).await?, former) {
            (Said::Added, Some(_)) => Said::Replaced,
            (said, _) => said,
        };
        tx.commit().await?;
        Ok(Some(said))
    }

    /// The questions on their way in this session.
    async fn pending(&self, entitled: &Entitled) -> anyhow::Result<Option<Enrolment>> {
        let found = enrolments::of_session(&entitled.tx, entitled.session.id).await?;
        Ok(found.filter(|pending| pending.kind == MethodKind::Questions && !pending.is_over(self.core.now())))
    }
}

/// What was chosen, field by field, for the page to show again; what is no question leaves its field empty.
fn kept_codes(codes: &[String]) -> String {
    let kept: Vec<String> = codes
        .iter()
        .map(|code| Question::of_code(code).map_or(String::new(), Question::code))
        .collect();
    kept.join(",")
}

fn judged(
    visit: &Visit,
    entitled: &Entitled,
    questions: &[String],
    typed: &[Secret],
) -> Result<Vec<Chosen>, Vec<Refusal>> {
    let (policy, person) = (&visit.tenant.settings.policy.questions, &entitled.person);
    let read: Vec<(Option<Question>, String)> = questions
        .iter()
        .map(|code| Question::of_code(code))
        .map(|question| {
            (
                question,
                question
                    .and_then(|one| words(one, policy, visit.language))
                    .unwrap_or_default(),
            )
        })
        .collect();
    let filled: Vec<Filled<'_>> = read
        .iter()
        .zip(typed)
        .map(|((question, words), answer)| Filled {
            question: *question,
            words,
            answer,
        })
        .collect();
    let names = [
        person.given_name.as_str(),
        person.family_name.as_str(),
        person.user_name.as_str(),
    ];
    chosen(&filled, policy, &names)
}

/// What the page offers, and what was chosen before.
pub(super) fn form(visit: &Visit, pending: &Enrolment) -> EnrolForm {
    let policy = &visit.tenant.settings.policy.questions;
    let offered = |question: Question| Asked {
        code: question.code(),
        words: words(question, policy, visit.language).unwrap_or_default(),
    };
    EnrolForm::Questions {
        offered: policy.questions().into_iter().map(offered).collect(),
        chosen: pending.value.split(',').map(str::to_owned).collect(),
        n: policy.n_register(),
    }
}
