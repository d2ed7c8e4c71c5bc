//! The store by its claims, each on SQLite and on a real PostgreSQL.

#![expect(unreachable_pub, reason = "nothing is reached from outside a test")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

/// Runs each test on both databases, each time on a new one.
macro_rules! on_both {
    ($($claim:ident)*) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $claim() {
                super::$claim(regain_store::Store::for_tests().await).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $claim() {
                super::$claim(regain_store::Store::for_tests_on_postgres().await).await;
            })*
        }
    };
}

mod accounts;
mod approvals;
mod audit;
mod census;
mod devices;
mod enrolments;
mod flows;
mod former_passwords;
mod housekeeping;
mod isolation;
mod keys;
mod kiosks;
mod limits;
mod one_time_passes;
mod outbox;
mod paid;
mod passkeys;
mod sessions;
mod settings;
mod start;
mod times;
mod vetoes;
mod world;
