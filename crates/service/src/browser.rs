//! What a browser is known for, by its mark. Each is a counter's row with one hit, under whose it is and the hash of the
//! mark: whoever has no such mark is told of a person what they are told of nobody.

use crate::core::{Core, cookie_hash};
use crate::visit::Visit;
use regain_domain::account::UserName;
use regain_domain::ids::AccountId;
use regain_domain::limits::{FAMILIAR_LIFE, REGISTERED_LIFE};
use regain_store::{Tx, counters};
use std::time::Duration;

/// What somebody has done there, and who.
#[derive(Clone, Copy)]
pub(crate) enum Known<'a> {
    /// Under this name they have signed in (`domain.md` §10).
    SignedIn(&'a UserName),
    /// They have registered as many ways as they need, or have confirmed them (R22). Nobody: the same work.
    Registered(Option<AccountId>),
}

impl Known<'_> {
    const fn life(self) -> Duration {
        match self {
            Self::SignedIn(_) => FAMILIAR_LIFE,
            Self::Registered(_) => REGISTERED_LIFE,
        }
    }

    fn key(self, mark: &str) -> [u8; 32] {
        let mark = cookie_hash(mark);
        match self {
            Self::SignedIn(name) => counters::subject(&[b"familiar", name.as_str().as_bytes(), &mark]),
            Self::Registered(account) => counters::subject(&[b"registered", &id_of(account), &mark]),
        }
    }
}

fn id_of(account: Option<AccountId>) -> [u8; 16] {
    account.map_or([0; 16], |account| *account.0.as_bytes())
}

/// Since when registering somewhere counts for an account.
fn anew(account: Option<AccountId>) -> [u8; 32] {
    counters::subject(&[b"registered-anew", &id_of(account)])
}

/// It is known for this from now on.
pub(crate) async fn remember(core: &Core, tx: &Tx, mark: &str, known: Known<'_>) -> anyhow::Result<()> {
    hit(core, tx, known.key(mark), known.life()).await
}

/// Wherever this person has registered so far is as any browser to them.
pub(crate) async fn forget_all(core: &Core, tx: &Tx, account: AccountId) -> anyhow::Result<()> {
    hit(core, tx, anew(Some(account)), REGISTERED_LIFE).await
}

async fn hit(core: &Core, tx: &Tx, key: [u8; 32], life: Duration) -> anyhow::Result<()> {
    let now = core.window_now();
    counters::take(tx, key).await?;
    Ok(counters::put(tx, key, &vec![now], now.plus(life)).await?)
}

/// Whether the visitor's is known for this.
pub(crate) async fn is_known(core: &Core, tx: &Tx, visit: &Visit, known: Known<'_>) -> anyhow::Result<bool> {
    let Some(mark) = &visit.mark else {
        return Ok(false);
    };
    let mut since = core.window_now().minus(known.life());
    if let Known::Registered(account) = known {
        let anew = counters::peek(tx, anew(account)).await?;
        since = anew.last().copied().map_or(since, |anew| anew.max(since));
    }
    let hits = counters::peek(tx, known.key(mark)).await?;
    Ok(hits.last().is_some_and(|last| *last > since))
}
