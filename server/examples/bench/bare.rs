//! Bare password hashing on all cores: what a reset costs at least, and so what its rate is held against.

use crate::stats::ms;
use crate::watch;
use anyhow::{anyhow, bail};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD as STANDARD_NO_PAD;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// How fast bare hashing is.
#[derive(Clone, Copy)]
pub(crate) struct Bare {
    /// Hashes a second, on all cores together.
    pub(crate) per_second: f64,
    /// Milliseconds of processor time each, which neighbours on the machine change little.
    pub(crate) cpu_ms: f64,
}

impl Bare {
    /// Between two measurements.
    pub(crate) fn midpoint(self, other: Self) -> Self {
        Self {
            per_second: f64::midpoint(self.per_second, other.per_second),
            cpu_ms: f64::midpoint(self.cpu_ms, other.cpu_ms),
        }
    }
}

/// Hashes with the product's parameters (R28), on each core for so long.
pub(crate) fn measure(span: Duration) -> anyhow::Result<Bare> {
    let n_cores = std::thread::available_parallelism()?.get();
    let before = watch::own_cpu()?;
    let per_second = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..n_cores).map(|_| scope.spawn(move || on_one_core(span))).collect();
        let mut sum = 0.0;
        for worker in workers {
            let Ok(rate) = worker.join() else {
                bail!("a hasher broke")
            };
            sum += rate?;
        }
        Ok(sum)
    })?;
    let spent = watch::own_cpu()?.saturating_sub(before);
    let cpu_ms = ms(spent) / (per_second * span.as_secs_f64()).max(1.0);
    Ok(Bare { per_second, cpu_ms })
}

/// A password as rows hold it.
pub(crate) fn hashed(password: &str) -> anyhow::Result<String> {
    let (salt, mut hash) = ([7; 16], [0; 32]);
    let done = argon2()?.hash_password_into(password.as_bytes(), &salt, &mut hash);
    done.map_err(|error| anyhow!("argon2: {error}"))?;
    let [salt, hash] = [salt.as_slice(), &hash].map(|bytes| STANDARD_NO_PAD.encode(bytes));
    Ok(format!("$argon2id$v=19$m=19456,t=2,p=1${salt}${hash}"))
}

fn argon2() -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, Some(32)).map_err(|error| anyhow!("argon2: {error}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn on_one_core(span: Duration) -> anyhow::Result<f64> {
    let argon2 = argon2()?;
    let mut memory = vec![Block::default(); argon2.params().block_count()];
    let (begun_at, mut n, mut hash) = (Instant::now(), 0_u32, [0; 32]);
    while begun_at.elapsed() < span {
        argon2
            .hash_password_into_with_memory(
                b"violet-anchor-sundial",
                &n.to_be_bytes().repeat(4),
                &mut hash,
                &mut memory,
            )
            .map_err(|error| anyhow!("argon2: {error}"))?;
        black_box(hash);
        n += 1;
    }
    Ok(f64::from(n) / begun_at.elapsed().as_secs_f64())
}
