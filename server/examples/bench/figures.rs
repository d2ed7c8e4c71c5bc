//! A load in figures: what it is held against, and where the processor's time went.

use crate::bare::Bare;
use crate::load::{IDENTIFY_P95_MS, Report};
use crate::stats::ms;
use crate::table::Against;
use std::time::Duration;

/// Of bare hashing, a reset costs at least this share: the rest of it is to be small beside its hash.
const SHARE_OF_BARE: f64 = 0.8;
const FAILED_PERCENT: f64 = 0.1;
const IDENTIFY_P99_MS: f64 = 700.0;
/// MiB.
const RSS_LOADED: f64 = 200.0;

/// What, how much, in which unit, against what.
pub(crate) type Figure = (&'static str, f64, &'static str, Against);

/// What `security.md` §5 asks for.
pub(crate) fn goals(report: &Report, bare: Bare, per_second: f64) -> [Figure; 9] {
    let rate = report.rate();
    let (p95, p99) = (report.identify_ms(950), report.identify_ms(990));
    [
        ("bare argon2id, all cores", bare.per_second, "/s", Against::Nothing),
        (
            "full resets",
            rate,
            "/s",
            Against::Share(bare.per_second, SHARE_OF_BARE),
        ),
        ("full resets, release gate", rate, "/s", Against::Least(per_second)),
        ("failed", report.failed_percent(), "%", Against::Most(FAILED_PERCENT)),
        ("identify, p95", p95, "ms", Against::Most(IDENTIFY_P95_MS)),
        ("identify, p99", p99, "ms", Against::Most(IDENTIFY_P99_MS)),
        ("a whole reset, median", report.whole_ms, "ms", Against::Nothing),
        ("open at once, mean", report.open_mean, "", Against::Nothing),
        ("memory (RSS), most", report.rss_most, "MiB", Against::Most(RSS_LOADED)),
    ]
}

/// What a reset takes of the processor, beside the one hash in it.
pub(crate) fn costs(report: &Report, bare: Bare, a_challenge: Duration) -> anyhow::Result<[Figure; 8]> {
    let n_cores = std::thread::available_parallelism()?.get() as f64;
    let (hash, n_done) = (bare.cpu_ms, f64::from(report.n_done));
    let (server, client) = (report.a_reset(report.server), report.a_reset(report.client));
    let others = report.a_reset(report.machine) - server - client;
    // What the cores would do if they had nothing else to do: resets, and bare hashes.
    let (alone, hashes) = (1000.0 * n_cores / server, 1000.0 * n_cores / hash);
    let mails = report.n_mails as f64 / n_done.max(1.0);
    Ok([
        ("server's CPU a reset, to its hash", server, "ms", Against::Peer(hash)),
        ("client's CPU a reset (same cores)", client, "ms", Against::Peer(hash)),
        ("all others' CPU a reset", others, "ms", Against::Peer(hash)),
        (
            "resets, were the cores the server's alone",
            alone,
            "/s",
            Against::Share(hashes, SHARE_OF_BARE),
        ),
        (
            "solver's CPU a challenge, beforehand",
            ms(a_challenge),
            "ms",
            Against::Nothing,
        ),
        ("window", report.window.as_secs_f64(), "s", Against::Nothing),
        ("resets in it", n_done, "", Against::Nothing),
        ("mails a reset", mails, "", Against::Nothing),
    ])
}
