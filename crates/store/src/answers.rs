//! Answers to security questions, of each a hash that is sealed: neither a copy of the database nor the keys alone are
//! enough to try words against it (R16).

use crate::entity::answer;
use crate::seal::Use;
use crate::{Error, Tx, rows};
use regain_domain::gate::questions::Question;
use regain_domain::ids::MethodId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};
use std::collections::HashMap;
use uuid::Uuid;

/// Keeps the answers of a registration: of each its hash, in PHC form.
pub async fn put(tx: &Tx, method: MethodId, hashes: &[(Question, String)]) -> Result<(), Error> {
    let row = |(question, hash): &(Question, String)| {
        let question = question.code();
        answer::Model {
            tenant_id: tx.tenant.0,
            method_id: method.0,
            hash: tx
                .keyring
                .seal(Use::Seal, &aad(tx, &method.0, &question), hash.as_bytes()),
            question,
        }
    };
    rows::insert_many(&tx.db, hashes.iter().map(row).collect()).await
}

/// The hashes of a registration by their questions; a question that nobody knows any more is left out.
pub async fn of(tx: &Tx, method: MethodId) -> Result<HashMap<Question, String>, Error> {
    let mut hashes = HashMap::new();
    for row in of_method(tx.tenant.0, method).all(&tx.db).await? {
        let Some(question) = Question::of_code(&row.question) else {
            continue;
        };
        let opened = opened(tx, &row).and_then(|hash| String::from_utf8(hash.to_vec()).ok());
        let hash = opened.ok_or_else(|| Error::Codec("the hash of an answer does not open".to_owned()))?;
        hashes.insert(question, hash);
    }
    Ok(hashes)
}

/// The hash of a row, sealed with the current key; nothing if it does not open.
pub(crate) fn sealed_anew(tx: &Tx, row: &answer::Model) -> Option<Vec<u8>> {
    let hash = opened(tx, row)?;
    Some(
        tx.keyring
            .seal(Use::Seal, &aad(tx, &row.method_id, &row.question), &hash),
    )
}

fn opened(tx: &Tx, row: &answer::Model) -> Option<zeroize::Zeroizing<Vec<u8>>> {
    tx.keyring
        .open(Use::Seal, &aad(tx, &row.method_id, &row.question), &row.hash)
}

pub(crate) fn of_method(tenant: Uuid, method: MethodId) -> Select<answer::Entity> {
    answer::Entity::find()
        .filter(answer::Column::TenantId.eq(tenant))
        .filter(answer::Column::MethodId.eq(method.0))
}

/// Where a hash belongs: it opens in no other row.
fn aad<'a>(tx: &'a Tx, method: &'a Uuid, question: &'a str) -> [&'a [u8]; 4] {
    [
        b"answer",
        tx.tenant.0.as_bytes(),
        method.as_bytes(),
        question.as_bytes(),
    ]
}
