//! Once more, where the database undid a transaction because it and another one waited for each other (R37).

use regain_store::Error;

/// Tries after the first one (R37).
const MOST: u32 = 3;

/// Does a sequence again, as a whole, while the database undoes its transaction.
///
/// Only for what commits once and does no more than read afterwards: what was undone has left nothing, and a read is never
/// undone, so that nothing is done twice. A commit whose answer got lost is another error, and is not tried again: the
/// next page tells by the row what became of it.
pub(crate) async fn again<T, F>(mut once: impl FnMut() -> F) -> anyhow::Result<T>
where
    F: Future<Output = anyhow::Result<T>>,
{
    for _ in 0..MOST {
        match once().await {
            Err(error) if matches!(error.downcast_ref(), Some(Error::Torn)) => {
                tracing::info!("a transaction was undone for another one's sake; it is tried again");
            }
            done => return done,
        }
    }
    once().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    /// How often something is done that fails so often first.
    async fn tries(n_failures: u32, failure: fn() -> Error) -> (u32, bool) {
        let n = Cell::new(0);
        let done = again(async || {
            n.set(n.get() + 1);
            if n.get() > n_failures {
                Ok(())
            } else {
                Err(failure().into())
            }
        })
        .await;
        (n.get(), done.is_ok())
    }

    #[tokio::test]
    async fn r37_what_was_undone_is_tried_three_times_more_and_nothing_else_is() {
        assert_eq!(tries(0, || Error::Torn).await, (1, true));
        assert_eq!(tries(3, || Error::Torn).await, (4, true));
        assert_eq!(tries(9, || Error::Torn).await, (4, false));
        assert_eq!(tries(1, || Error::Busy).await, (1, false));
        assert_eq!(tries(1, || Error::Conflict).await, (1, false));
    }
}
