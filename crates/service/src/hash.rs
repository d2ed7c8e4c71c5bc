//! Password hashing: Argon2id behind one gate, so that a crowd waits in a queue instead of filling the memory (R28).

use crate::workers::Workers;
use anyhow::{Context, anyhow};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use regain_domain::Secret;
use regain_domain::limits::HASH_QUEUE;
use regain_domain::password::normal_form;
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use subtle::ConstantTimeEq;

/// Memory in KiB.
const M_COST: u32 = 19 * 1024;
/// Passes over it.
const T_COST: u32 = 2;
/// Lanes.
const P_COST: u32 = 1;
/// Lengths of a salt and of a hash.
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;
/// What a stored string may ask for at most: a row that asks for more is broken, not a reason to fill the memory.
const M_COST_MOST: u32 = 256 * 1024;
const T_COST_MOST: u32 = 16;

/// As many wait as may: try again in two seconds (503).
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Crowded;

/// Hashes and compares passwords. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Hasher {
    workers: Workers,
    n_waiting: Arc<AtomicUsize>,
    memories: Memories,
}

/// Working memories that wait for their next use: as many as ever hash at once. One that is freed stays with the allocator.
#[derive(Clone, Default)]
struct Memories(Arc<Mutex<Vec<Vec<Block>>>>);

impl Memories {
    /// A memory of so many blocks.
    fn take(&self, n_blocks: usize) -> Vec<Block> {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut memory = waiting.unwrap_or_default();
        memory.resize(n_blocks, Block::default());
        memory
    }

    /// Wipes a memory, which the library leaves to its caller, and keeps it.
    fn give_back(&self, mut memory: Vec<Block>) {
        memory.fill(Block::default());
        // As if it were read: else a wiping that nobody sees might be left out.
        black_box(&mut memory);
        // A hash from elsewhere may have asked for more than is needed from day to day.
        memory.truncate(M_COST as usize);
        memory.shrink_to(M_COST as usize);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
    }
}

/// A password's hash as it is stored: a PHC string.
struct Stored {
    algorithm: Algorithm,
    version: Version,
    params: Params,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

/// A hash as it is stored.
fn phc(salt: &[u8], hash: &[u8]) -> String {
    let [salt, hash] = [salt, hash].map(|bytes| STANDARD_NO_PAD.encode(bytes));
    format!("$argon2id$v=19$m={M_COST},t={T_COST},p={P_COST}${salt}${hash}")
}

impl Hasher {
    /// As many at a time as there are cores.
    pub(crate) fn new(n_cores: usize) -> std::io::Result<Self> {
        Ok(Self {
            workers: Workers::new("hash", n_cores)?,
            n_waiting: Arc::default(),
            memories: Memories::default(),
        })
    }

    /// Hashes a password under a fresh salt; gives a PHC string.
    pub(crate) async fn hash(
        &self,
        password: Secret,
        salt: [u8; SALT_BYTES],
    ) -> anyhow::Result<Result<String, Crowded>> {
        self.run(move |memories| {
            let present = Stored::present(salt.to_vec(), Vec::new())?;
            let hash = digest(memories, &present, password.expose())?;
            Ok(phc(&salt, &hash))
        })
        .await
    }

    /// Stands for the password of an account that never had one: a hash of nothing, which no password fits, compared like any.
    pub(crate) fn of_nobody(salt: [u8; SALT_BYTES], hash: [u8; HASH_BYTES]) -> String {
        phc(&salt, &hash)
    }

    /// Whether the password is the stored one. Unknown users have no hash: the same work is done, and the answer is no.
    pub(crate) async fn is_right(
        &self,
        password: Secret,
        stored: Option<String>,
    ) -> anyhow::Result<Result<bool, Crowded>> {
        self.run(move |memories| {
            let known = stored.as_deref().map(Stored::parse).transpose()?;
            let is_known = known.is_some();
            let stored = known.map_or_else(Stored::dummy, Ok)?;
            let hash = digest(memories, &stored, password.expose())?;
            Ok(bool::from(hash.ct_eq(&stored.hash)) && is_known)
        })
        .await
    }

    /// Whether the password is one of the stored ones. All of them are compared, so that the time tells how many there are
    /// and not which it was. What cannot be read is nobody's password.
    pub(crate) async fn is_one_of(
        &self,
        password: &Secret,
        stored: &[String],
    ) -> anyhow::Result<Result<bool, Crowded>> {
        let mut is_found = false;
        for stored in stored.iter().filter(|stored| is_readable(stored)) {
            match self.is_right(normal_form(password), Some(stored.clone())).await? {
                Ok(is_right) => is_found |= is_right,
                Err(Crowded) => return Ok(Err(Crowded)),
            }
        }
        Ok(Ok(is_found))
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Memories) -> anyhow::Result<T> + Send + 'static,
    ) -> anyhow::Result<Result<T, Crowded>> {
        let place = Place::take(&self.n_waiting);
        if place.number > HASH_QUEUE {
            return Ok(Err(Crowded));
        }
        let memories = self.memories.clone();
        let done = self.workers.run(move || {
            drop(place);
            work(&memories)
        });
        done.await?.map(Ok)
    }
}

/// A place in the queue, given back however the waiting ends.
struct Place {
    queue: Arc<AtomicUsize>,
    number: usize,
}

impl Place {
    fn take(queue: &Arc<AtomicUsize>) -> Self {
        Self {
            number: queue.fetch_add(1, Ordering::SeqCst) + 1,
            queue: Arc::clone(queue),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.queue.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Whether a stored hash can be compared with at all.
fn is_readable(stored: &str) -> bool {
    Stored::read(stored).is_some()
}

/// Whether a stored hash is of the kind that is made today: algorithm, version, costs and lengths (R28).
pub(crate) fn is_present_kind(stored: &str) -> bool {
    Stored::read(stored).is_some_and(|stored| stored.is_present_kind())
}

/// Hashes as the stored one was hashed.
fn digest(memories: &Memories, like: &Stored, password: &str) -> anyhow::Result<Vec<u8>> {
    let mut memory = memories.take(like.params.block_count());
    let mut hash = vec![0; like.params.output_len().unwrap_or(HASH_BYTES)];
    let argon2 = Argon2::new(like.algorithm, like.version, like.params.clone());
    let done = argon2.hash_password_into_with_memory(password.as_bytes(), &like.salt, &mut hash, &mut memory);
    memories.give_back(memory);
    done.map_err(|error| anyhow!("argon2: {error}"))?;
    Ok(hash)
}

impl Stored {
    fn parse(text: &str) -> anyhow::Result<Self> {
        Self::read(text).context("a stored password hash is no PHC string of argon2 within bounds")
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix('$')?.split('$');
        let (algorithm, version) = (parts.next()?, parts.next()?);
        let (costs, salt, hash) = (parts.next()?, parts.next()?, parts.next()?);
        let cost = |name: &str| {
            let found = costs
                .split(',')
                .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
            found?.parse::<u32>().ok()
        };
        let (m, t, p) = (cost("m")?, cost("t")?, cost("p")?);
        let hash = STANDARD_NO_PAD.decode(hash).ok()?;
        let is_within = m <= M_COST_MOST && t <= T_COST_MOST && p <= 8 && parts.next().is_none();
        let params = Params::new(m, t, p, Some(hash.len())).ok().filter(|_| is_within)?;
        Some(Self {
            algorithm: algorithm.parse().ok()?,
            version: version_of(version)?,
            params,
            salt: STANDARD_NO_PAD.decode(salt).ok()?,
            hash,
        })
    }

    /// One as they are made today.
    fn present(salt: Vec<u8>, hash: Vec<u8>) -> anyhow::Result<Self> {
        let params =
            Params::new(M_COST, T_COST, P_COST, Some(HASH_BYTES)).map_err(|error| anyhow!("argon2: {error}"))?;
        Ok(Self {
            algorithm: Algorithm::Argon2id,
            version: Version::V0x13,
            params,
            salt,
            hash,
        })
    }

    fn dummy() -> anyhow::Result<Self> {
        Self::present(vec![0; SALT_BYTES], vec![0; HASH_BYTES])
    }

    fn is_present_kind(&self) -> bool {
        let (made, costs) = ((self.algorithm, self.version), &self.params);
        made == (Algorithm::Argon2id, Version::V0x13)
            && (costs.m_cost(), costs.t_cost(), costs.p_cost()) == (M_COST, T_COST, P_COST)
            && (self.salt.len(), self.hash.len()) == (SALT_BYTES, HASH_BYTES)
    }
}

fn version_of(text: &str) -> Option<Version> {
    let number: u32 = text.strip_prefix("v=")?.parse().ok()?;
    Version::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    #[tokio::test]
    async fn r28_only_the_same_password_is_right_and_unknown_users_never_are() {
        let hasher = Hasher::new(2).unwrap();
        let stored = hasher
            .hash(secret("four plain random words"), [7; 16])
            .await
            .unwrap()
            .unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let is_right = |typed: &str, stored: Option<String>| {
            let (hasher, typed) = (hasher.clone(), secret(typed));
            async move { hasher.is_right(typed, stored).await.unwrap().unwrap() }
        };
        assert!(is_right("four plain random words", Some(stored.clone())).await);
        assert!(!is_right("four plain random word", Some(stored)).await);
        assert!(!is_right("", None).await);
    }

    #[tokio::test]
    async fn r28_a_crowd_is_turned_away_before_it_costs_anything() {
        let hasher = Hasher::new(1).unwrap();
        let waiting: Vec<_> = (0..HASH_QUEUE).map(|_| Place::take(&hasher.n_waiting)).collect();
        assert_eq!(hasher.hash(secret("x"), [0; 16]).await.unwrap(), Err(Crowded));
        drop(waiting);
        assert_eq!(hasher.n_waiting.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn a_stored_string_cannot_ask_for_more_than_is_good() {
        let (salt, hash) = ("A".repeat(22), "A".repeat(43));
        assert!(Stored::read(&format!("$argon2id$v=19$m=19456,t=2,p=1${salt}${hash}")).is_some());
        for costs in ["m=4000000,t=2,p=1", "m=19456,t=99,p=1", "t=2,p=1", "m=x,t=2,p=1"] {
            assert!(
                Stored::read(&format!("$argon2id$v=19${costs}${salt}${hash}")).is_none(),
                "{costs}"
            );
        }
    }

    #[test]
    fn r28_only_todays_algorithm_version_costs_and_lengths_are_of_the_present_kind() {
        let (salt, hash) = ("A".repeat(22), "A".repeat(43));
        let check = |made: &str, salt: &str, hash: &str, is_present: bool| {
            let stored = format!("${made}${salt}${hash}");
            assert!(is_readable(&stored), "{stored}");
            assert_eq!(is_present_kind(&stored), is_present, "{stored}");
        };
        check("argon2id$v=19$m=19456,t=2,p=1", &salt, &hash, true);
        for other in [
            "argon2id$v=19$m=19455,t=2,p=1",
            "argon2id$v=19$m=65536,t=2,p=1",
            "argon2id$v=19$m=19456,t=3,p=1",
            "argon2id$v=19$m=19456,t=2,p=4",
            "argon2id$v=16$m=19456,t=2,p=1",
            "argon2i$v=19$m=19456,t=2,p=1",
            "argon2d$v=19$m=19456,t=2,p=1",
        ] {
            check(other, &salt, &hash, false);
        }
        check("argon2id$v=19$m=19456,t=2,p=1", "AAAAAAAAAAA", &hash, false);
        check("argon2id$v=19$m=19456,t=2,p=1", &salt, &"A".repeat(22), false);
        for broken in [
            "",
            "$argon2id$…",
            "$2b$12$abc",
            "$argon2id$v=18$m=19456,t=2,p=1$AAAA$AAAA",
        ] {
            assert!(!is_readable(broken) && !is_present_kind(broken), "{broken}");
        }
    }
}
