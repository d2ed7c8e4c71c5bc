//! Rotation of the keys without a stop (R40): a new key is known to every node before the first one uses it, an old one
//! still reads for 30 days, and goes when nothing needs it.

use crate::seal::Key;
use crate::{Error, Keyring, Store, keyfile, marks, sealed};
use regain_domain::Timestamp;
use std::path::Path;
use std::time::Duration;

/// How long a key still reads after another one took its place.
pub const READ_ONLY: Duration = Duration::from_hours(30 * 24);

/// What [`clean`] did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// Values that were sealed anew.
    pub n_renewed: u64,
    /// Keys that are gone from the file.
    pub gone: Vec<String>,
    /// Keys that would go, if nothing needed them any more.
    pub needed: Vec<String>,
}

/// Reads the key file again, and uses the newest key whose time has come or which another node uses already. The name of
/// the key, if it is another one than before.
///
/// The time is nobody's to agree on: a node that knows a key reads what others write with it, whichever it writes with.
pub async fn refresh(store: &Store, now: Timestamp) -> Result<Option<String>, Error> {
    let held = store.keyring();
    let read = match held.file.as_deref() {
        Some(path) => Keyring::load_or_create(path, false)?,
        None => Keyring::clone(&held),
    };
    if read.position(held.current().id).is_none() {
        return Err(Error::Keys(format!(
            "the key file does not hold key {} any more, which is in use; put it back. Until then the keys of before are used",
            held.current().name()
        )));
    }
    let newest = marks::newest(&store.inner.reader, &read).await?;
    let marked = newest.unwrap_or(held.current());
    let next = marks::later(&read, marked, due(&read, now));
    if next.id != marked.id {
        let db = store.begin().await?;
        marks::mark(&db, next).await?;
        db.commit().await?;
    }
    let is_new = next.id != held.current().id;
    let name = next.name();
    store.use_keyring(read.with_current(next.id));
    Ok(is_new.then_some(name))
}

/// Adds a key to the file, used from a point in time on; gives its name. One at a time: a key that waits is an error.
pub fn rotate(store: &Store, now: Timestamp, from: Timestamp) -> Result<String, Error> {
    let keyring = store.keyring();
    let waiting = keyring
        .all()
        .iter()
        .find(|key| key.active_from.is_some_and(|from| from > now));
    if let Some(key) = waiting {
        return Err(Error::Keys(format!(
            "key {} was added already and is not in use yet: wait until it is",
            key.name()
        )));
    }
    let changed = keyfile::change(file(&keyring)?, &[], Some(from))?;
    let name = changed.all().last().map(Key::name).unwrap_or_default();
    store.use_keyring(changed.with_current(keyring.current().id));
    Ok(name)
}

/// Seals with the current key what was sealed with older ones, and takes those out of the file that have only read for 30
/// days and that nothing needs.
pub async fn clean(store: &Store, now: Timestamp) -> Result<Cleaned, Error> {
    let mut cleaned = Cleaned {
        n_renewed: sealed::renew(store).await?,
        ..Cleaned::default()
    };
    let keyring = store.keyring();
    let mut gone = Vec::new();
    for key in outlived(&keyring, now) {
        if sealed::needs(&store.inner.reader, &key.name()).await? {
            cleaned.needed.push(key.name());
        } else {
            cleaned.gone.push(key.name());
            gone.push(key.id);
        }
    }
    if !gone.is_empty() {
        let changed = keyfile::change(file(&keyring)?, &gone, None)?;
        store.use_keyring(changed.with_current(keyring.current().id));
    }
    Ok(cleaned)
}

/// The last key whose time has come.
fn due(keyring: &Keyring, now: Timestamp) -> &Key {
    let is_due = |key: &&Key| key.active_from.is_none_or(|from| from <= now);
    keyring.all().iter().rfind(is_due).unwrap_or(keyring.current())
}

/// Keys before the current one whose place another one took 30 days ago.
fn outlived(keyring: &Keyring, now: Timestamp) -> impl Iterator<Item = &Key> {
    let pairs = keyring.all().iter().zip(keyring.all().iter().skip(1));
    let before = pairs.take_while(|(key, _)| key.id != keyring.current().id);
    before
        .filter(move |(_, next)| next.active_from.is_none_or(|from| from.plus(READ_ONLY) <= now))
        .map(|(key, _)| key)
}

fn file(keyring: &Keyring) -> Result<&Path, Error> {
    let file = keyring.file.as_deref();
    file.ok_or_else(|| Error::Keys("these keys are in no file".to_owned()))
}
