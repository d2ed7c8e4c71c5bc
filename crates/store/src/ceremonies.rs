//! Ceremonies of passkeys under way: sealed into a row, and spent by the one answer that they take.

use crate::entity::ceremony;
use crate::seal::Use;
use crate::{Error, Tx, rows};
use regain_domain::Timestamp;
use regain_domain::ids::{AttemptId, EnrolmentId, SessionId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};
use uuid::Uuid;
use zeroize::Zeroizing;

/// What an answer is for; it is of no use for anything else (R08). Each has one ceremony at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A try at a gate.
    Attempt(AttemptId),
    /// A passkey on its way to being registered.
    Enrolment(EnrolmentId),
    /// A sign-in whose password was right.
    Session(SessionId),
    /// A sign-in that begins with the passkey: SHA-256 of the browser's cookie.
    Browser([u8; 32]),
}

impl Owner {
    fn key(&self) -> Vec<u8> {
        let (kind, id): (&[u8], &[u8]) = match self {
            Self::Attempt(id) => (b"attempt:", id.0.as_bytes()),
            Self::Enrolment(id) => (b"enrolment:", id.0.as_bytes()),
            Self::Session(id) => (b"session:", id.0.as_bytes()),
            Self::Browser(hash) => (b"browser:", hash),
        };
        [kind, id].concat()
    }
}

/// Writes one; a former one of the same owner is gone.
pub async fn put(tx: &Tx, owner: Owner, plain: &[u8], expires_at: Timestamp) -> Result<(), Error> {
    let key = owner.key();
    let row = ceremony::Model {
        tenant_id: tx.tenant.0,
        sealed: tx.keyring.seal(Use::Seal, &aad(tx, &key), plain),
        owner: key,
        expires_at: expires_at.ms(),
    };
    let (key, columns) = (
        [ceremony::Column::TenantId, ceremony::Column::Owner],
        [ceremony::Column::Sealed, ceremony::Column::ExpiresAt],
    );
    rows::upsert(&tx.db, row, &key, &columns).await
}

/// The one that waits for an answer.
pub async fn waiting(tx: &Tx, owner: Owner, now: Timestamp) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    let found = of_owner(tx.tenant.0, &owner).one(&tx.db).await?;
    opened(tx, found, now)
}

/// The same, and with that it is gone: it takes one answer.
pub async fn spend(tx: &Tx, owner: Owner, now: Timestamp) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    let gone = ceremony::Entity::delete_many()
        .filter(ceremony::Column::TenantId.eq(tx.tenant.0))
        .filter(ceremony::Column::Owner.eq(owner.key()))
        .exec_with_returning(&tx.db)
        .await?;
    opened(tx, gone.into_iter().next(), now)
}

fn opened(tx: &Tx, found: Option<ceremony::Model>, now: Timestamp) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    let Some(row) = found.filter(|row| row.expires_at > now.ms()) else {
        return Ok(None);
    };
    match tx.keyring.open(Use::Seal, &aad(tx, &row.owner), &row.sealed) {
        Some(plain) => Ok(Some(plain)),
        None => Err(Error::Codec("a ceremony does not open".to_owned())),
    }
}

pub(crate) fn of_owner(tenant: Uuid, owner: &Owner) -> Select<ceremony::Entity> {
    ceremony::Entity::find()
        .filter(ceremony::Column::TenantId.eq(tenant))
        .filter(ceremony::Column::Owner.eq(owner.key()))
}

/// Where it belongs: it opens for no other owner.
fn aad<'a>(tx: &'a Tx, owner: &'a [u8]) -> [&'a [u8]; 3] {
    [b"ceremony", tx.tenant.0.as_bytes(), owner]
}
