//! What may be used once: spent nonces, until they would have expired.

use crate::entity::nonce;
use crate::{Error, Tx, rows};
use regain_domain::Timestamp;

/// Spends a nonce: true once.
pub async fn spend(tx: &Tx, nonce: [u8; 32], expires_at: Timestamp) -> Result<bool, Error> {
    let row = nonce::Model {
        tenant_id: tx.tenant.0,
        nonce: nonce.to_vec(),
        expires_at: expires_at.ms(),
    };
    rows::insert_new(&tx.db, row).await
}
