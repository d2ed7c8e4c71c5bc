//! The gate of security questions: who is asked what, and whether all answers are right. Compared outside any transaction,
//! since each costs a hash (R16, R22).

use super::Reset;
use crate::core::Core;
use crate::hash::Crowded;
use crate::visit::Visit;
use regain_domain::Secret;
use regain_domain::account::Account;
use regain_domain::flow::{Asked, Attempt, Flow};
use regain_domain::gate::MethodKind;
use regain_domain::gate::questions::{Question, are_right, asked, decoys, given, listed, words};
use regain_domain::ids::MethodId;
use regain_store::{Tx, Use, accounts, answers};
use uuid::Uuid;

/// The questions that a flow asks: some of those that the person has answered, whether anything can come of their flow or
/// not, and for everybody else as many of the tenant's. The same ones each time for the same name, on every node (R22).
pub(super) async fn questions(
    core: &Core,
    tx: &Tx,
    visit: &Visit,
    flow: &Flow,
    known: Option<&Account>,
) -> anyhow::Result<Vec<Question>> {
    let policy = &visit.tenant.settings.policy.questions;
    let name = flow.user_name.as_str().as_bytes();
    let picks = core.keys().mac(Use::Decoy, &[visit.tenant.id.0.as_bytes(), name]);
    let found = match (known, flow.subject.account()) {
        (None, Some(id)) => accounts::by_id(tx, id).await?,
        _ => None,
    };
    let is_worded = |question: &Question| words(*question, policy, visit.language).is_some();
    let answered = known.or(found.as_ref()).map(answered_by).unwrap_or_default();
    let answered: Vec<Question> = answered.into_iter().filter(is_worded).collect();
    Ok(asked(&answered, policy, &picks)
        .or_else(|| decoys(policy, &picks))
        .unwrap_or_default())
}

fn answered_by(account: &Account) -> Vec<Question> {
    let mut methods = account.methods.iter();
    let method = methods.find(|method| method.kind == MethodKind::Questions);
    let list = method.and_then(|method| method.value.as_deref());
    list.map(listed).unwrap_or_default()
}

/// The same with their words, for the page.
pub(super) fn worded(visit: &Visit, questions: &[Question]) -> Vec<Asked> {
    let policy = &visit.tenant.settings.policy.questions;
    let asked = |question: &Question| Asked {
        code: question.code(),
        words: words(*question, policy, visit.language).unwrap_or_default(),
    };
    questions.iter().map(asked).collect()
}

impl Reset {
    /// Whether every answer is the stored one. Where nothing is stored, as many hashes are compared with nothing (R10).
    pub(super) async fn are_right(
        &self,
        visit: &Visit,
        flow: &Flow,
        open: &Attempt,
        typed: &[Secret],
    ) -> anyhow::Result<Result<bool, Crowded>> {
        let n_asked = visit.tenant.settings.policy.questions.n_reset();
        let Ok(given) = given(typed, n_asked) else {
            return Ok(Ok(false));
        };
        let tx = self.core.store.read(visit.tenant.id).await?;
        let questions = questions(&self.core, &tx, visit, flow, None).await?;
        // The same look-up for nobody.
        let method = open.method.as_ref().map_or(MethodId(Uuid::nil()), |(id, _)| *id);
        let stored = answers::of(&tx, method).await?;
        drop(tx);
        let mut compared = Vec::new();
        for (question, answer) in questions.iter().zip(given) {
            match self.core.hasher.is_right(answer, stored.get(question).cloned()).await? {
                Ok(is_right) => compared.push(is_right),
                Err(Crowded) => return Ok(Err(Crowded)),
            }
        }
        Ok(Ok(are_right(&compared, n_asked)))
    }
}
