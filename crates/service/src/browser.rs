//! What a browser is known for, by its mark. Each is a counter's row with one hit, under the name and the hash of the mark:
//! whoever has no such mark is told of a person what they are told of nobody.

use crate::core::{Core, cookie_hash};
use crate::visit::Visit;
use regain_domain::account::UserName;
use regain_domain::limits::{FAMILIAR_LIFE, REGISTERED_LIFE};
use regain_store::{Tx, counters};
use std::time::Duration;

/// What somebody has done there.
#[derive(Clone, Copy)]
pub(crate) enum Known {
    /// They have signed in (`domain.md` §10).
    SignedIn,
    /// They have registered as many ways as they need, or have confirmed them (R22).
    Registered,
}

impl Known {
    const fn code(self) -> &'static str {
        match self {
            Self::SignedIn => "familiar",
            Self::Registered => "registered",
        }
    }

    const fn life(self) -> Duration {
        match self {
            Self::SignedIn => FAMILIAR_LIFE,
            Self::Registered => REGISTERED_LIFE,
        }
    }

    fn key(self, mark: &str, name: &UserName) -> [u8; 32] {
        let mark = cookie_hash(mark);
        counters::subject(&[self.code().as_bytes(), name.as_str().as_bytes(), &mark])
    }
}

/// It is known for this from now on.
pub(crate) async fn remember(core: &Core, tx: &Tx, mark: &str, known: Known, name: &UserName) -> anyhow::Result<()> {
    let (key, now) = (known.key(mark, name), core.window_now());
    counters::take(tx, key).await?;
    Ok(counters::put(tx, key, &vec![now], now.plus(known.life())).await?)
}

/// Whether the visitor's is known for this.
pub(crate) async fn is_known(
    core: &Core,
    tx: &Tx,
    visit: &Visit,
    known: Known,
    name: &UserName,
) -> anyhow::Result<bool> {
    let Some(mark) = &visit.mark else {
        return Ok(false);
    };
    let since = core.window_now().minus(known.life());
    let hits = counters::peek(tx, known.key(mark, name)).await?;
    Ok(hits.last().is_some_and(|last| *last > since))
}
