//! The file with the keys: who may read it, how it is made, and how a rotation changes it (R40). Nothing else writes it.

use crate::seal::{Key, KeyId, Keyring, name};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rand::Rng;
use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;
use regain_domain::Timestamp;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};
use zeroize::{Zeroize, Zeroizing};

/// Why there are no keys, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// There is no file, and none may be made.
    #[error("there is no key file at {}; put it back from its backup (the database's values need it), or for a new installation let Regain make one", .0.display())]
    Missing(PathBuf),
    /// Others may read it.
    #[error("the key file {} may be read by others (mode {mode:o}); run: chmod 600 {}", .path.display(), .path.display())]
    Open {
        /// Which file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// It does not hold keys.
    #[error("the key file {} cannot be read: {what}; put it back from its backup", .path.display())]
    Form {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it; never the keys.
        what: String,
    },
    /// Another rotation is under way, or was cut off.
    #[error("{} is there: another rotation of the keys is under way; if none is, one was cut off before it changed anything: remove that file", .0.display())]
    Rotating(PathBuf),
    /// The file system says no.
    #[error("the key file {}: {source}", .path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl KeyError {
    /// What the file system says of a path.
    fn of(path: &Path) -> impl Fn(std::io::Error) -> Self {
        move |source| Self::File {
            path: path.to_owned(),
            source,
        }
    }
}

/// The file: keys in the order in which they were made.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    keys: Vec<Entry>,
}

/// One key: eight hexadecimal digits, 32 bytes in Base64, and in Unix seconds from when on it is used, where that is told.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    active_from: Option<i64>,
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

impl Keyring {
    /// Reads the keys; where there is no file and one may be made, makes one with a new key, mode 0600.
    ///
    /// A file that is there is never written.
    pub fn load_or_create(path: &Path, may_create: bool) -> Result<Self, KeyError> {
        match File::open(path) {
            Ok(file) => load(path, file),
            Err(source) if source.kind() == ErrorKind::NotFound && may_create => create(path),
            Err(source) if source.kind() == ErrorKind::NotFound => Err(KeyError::Missing(path.to_owned())),
            Err(source) => Err(KeyError::of(path)(source)),
        }
    }
}

/// Leaves keys out of the file, and adds a new one if it is told from when on that is used; gives the keys as they are now.
///
/// The file is never seen half written: another one, with the same owner and mode, takes its place.
pub(crate) fn change(path: &Path, gone: &[KeyId], active_from: Option<Timestamp>) -> Result<Keyring, KeyError> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(".new");
    let draft = PathBuf::from(draft);
    // Whoever has made the draft is the one who changes the file.
    let made = match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft) {
        Ok(made) => made,
        Err(source) if source.kind() == ErrorKind::AlreadyExists => return Err(KeyError::Rotating(draft)),
        Err(source) => return Err(KeyError::of(&draft)(source)),
    };
    let changed = draw_up(path, gone, active_from, made)
        .and_then(|()| std::fs::rename(&draft, path).map_err(KeyError::of(path)))
        .and_then(|()| sync_folder(path).map_err(KeyError::of(path)));
    if let Err(error) = changed {
        // What could not be made is not left behind; that it cannot be removed either is told by the next rotation.
        let _ = std::fs::remove_file(&draft);
        return Err(error);
    }
    load(path, File::open(path).map_err(KeyError::of(path))?)
}

/// Fills the draft.
fn draw_up(path: &Path, gone: &[KeyId], active_from: Option<Timestamp>, mut draft: File) -> Result<(), KeyError> {
    let mut file = File::open(path).map_err(KeyError::of(path))?;
    let mut keys = read(path, &mut file)?;
    keys.keys.retain(|entry| !gone.iter().any(|id| entry.id == name(*id)));
    keys.keys.extend(active_from.map(|from| new_entry(Some(from))));
    let (old, own) = (
        file.metadata().map_err(KeyError::of(path))?,
        draft.metadata().map_err(KeyError::of(path))?,
    );
    if (old.uid(), old.gid()) != (own.uid(), own.gid()) {
        // The server has to be able to read what root has changed.
        fchown(&draft, Some(old.uid()), Some(old.gid())).map_err(KeyError::of(path))?;
    }
    draft.set_permissions(old.permissions()).map_err(KeyError::of(path))?;
    let text = text(&keys).map_err(KeyError::of(path))?;
    draft.write_all(text.as_bytes()).map_err(KeyError::of(path))?;
    draft.sync_all().map_err(KeyError::of(path))
}

fn load(path: &Path, mut file: File) -> Result<Keyring, KeyError> {
    let form = |what: &str| KeyError::Form {
        path: path.to_owned(),
        what: what.to_owned(),
    };
    let mut keys: Vec<Key> = Vec::new();
    for entry in &read(path, &mut file)?.keys {
        let key = key(entry).ok_or_else(|| form("a key is malformed"))?;
        if keys.iter().any(|other| other.id == key.id) {
            return Err(form("a key id is there twice"));
        }
        keys.push(key);
    }
    Keyring::of(keys, Some(path)).ok_or_else(|| form("it holds no key"))
}

fn read(path: &Path, file: &mut File) -> Result<KeyFile, KeyError> {
    let mode = file.metadata().map_err(KeyError::of(path))?.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(KeyError::Open {
            path: path.to_owned(),
            mode,
        });
    }
    let mut text = Zeroizing::new(String::new());
    file.read_to_string(&mut text).map_err(KeyError::of(path))?;
    serde_json::from_str(&text).map_err(|error| KeyError::Form {
        path: path.to_owned(),
        what: format!("{:?} error in line {}", error.classify(), error.line()),
    })
}

fn key(entry: &Entry) -> Option<Key> {
    let id = u32::from_str_radix(&entry.id, 16)
        .ok()
        .filter(|_| entry.id.len() == 8)?;
    let secret = Zeroizing::new(STANDARD.decode(&entry.key).ok()?);
    let secret: &[u8; 32] = secret.as_slice().try_into().ok()?;
    let active_from = entry
        .active_from
        .map(|seconds| Timestamp::from_ms(seconds.saturating_mul(1000)));
    Some(Key::of(id.to_be_bytes(), secret, active_from))
}

fn new_entry(active_from: Option<Timestamp>) -> Entry {
    let (mut id, mut secret) = ([0; 4], Zeroizing::new([0; 32]));
    UnwrapErr(SysRng).fill_bytes(&mut id);
    UnwrapErr(SysRng).fill_bytes(&mut *secret);
    Entry {
        id: name(id),
        key: STANDARD.encode(secret.as_slice()),
        active_from: active_from.map(Timestamp::seconds),
    }
}

fn text(keys: &KeyFile) -> std::io::Result<Zeroizing<String>> {
    Ok(Zeroizing::new(serde_json::to_string_pretty(keys)?))
}

fn create(path: &Path) -> Result<Keyring, KeyError> {
    let keys = KeyFile {
        keys: vec![new_entry(None)],
    };
    let text = text(&keys).map_err(KeyError::of(path))?;
    // Written beside its place and linked there: a file with half a key is never seen, and one that is there stays.
    let draft = path.with_extension(format!("new-{}", std::process::id()));
    let written = write(&draft, text.as_bytes()).and_then(|()| std::fs::hard_link(&draft, path));
    let removed = std::fs::remove_file(&draft);
    match written {
        Ok(()) => removed.map_err(KeyError::of(path))?,
        // Another process was faster: its keys count.
        Err(source) if source.kind() == ErrorKind::AlreadyExists => {}
        Err(source) => return Err(KeyError::of(path)(source)),
    }
    sync_folder(path).map_err(KeyError::of(path))?;
    load(path, File::open(path).map_err(KeyError::of(path))?)
}

/// A new name is there after a power cut only once its folder is on disk.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

fn write(path: &Path, text: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::Use;
    use std::fs::{Permissions, set_permissions};

    #[test]
    fn r40_a_key_file_is_made_once_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        assert!(matches!(
            Keyring::load_or_create(&path, false),
            Err(KeyError::Missing(_))
        ));
        let made = Keyring::load_or_create(&path, true).unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        let text = std::fs::read_to_string(&path).unwrap();
        let read = Keyring::load_or_create(&path, true).unwrap();
        assert_eq!(read.keys(Use::Code), made.keys(Use::Code));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        assert_eq!(folder.path().read_dir().unwrap().count(), 1);
    }

    #[test]
    fn r40_a_file_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        Keyring::load_or_create(&path, true).unwrap();
        for (mode, is_fine) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false)] {
            set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            assert_eq!(Keyring::load_or_create(&path, true).is_ok(), is_fine, "{mode:o}");
        }
    }

    #[test]
    fn the_last_key_is_the_current_one_and_a_broken_file_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        let entry = |id: &str, byte: u8| format!(r#"{{"id":"{id}","key":"{}"}}"#, STANDARD.encode([byte; 32]));
        let (first, second) = (entry("00000001", 1), entry("00000002", 2));
        for (keys, expect) in [
            (format!("{first},{second}"), Some(2)),
            (first.clone(), Some(1)),
            (String::new(), None),
            (format!("{first},{first}"), None),
            (r#"{"id":"1","key":"AAAA"}"#.to_owned(), None),
        ] {
            write_private(&path, &format!(r#"{{"keys":[{keys}]}}"#));
            let read = Keyring::load_or_create(&path, true);
            match expect {
                Some(byte) => assert_eq!(read.unwrap().current().id, [0, 0, 0, byte]),
                None => assert!(matches!(read, Err(KeyError::Form { .. })), "{keys}"),
            }
        }
    }

    #[test]
    fn r40_a_rotation_adds_a_key_and_leaves_mode_and_old_keys_as_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        let old = Keyring::load_or_create(&path, true).unwrap();
        set_permissions(&path, Permissions::from_mode(0o400)).unwrap();
        let from = Timestamp::from_ms(1_800_000_000_000);
        let new = change(&path, &[], Some(from)).unwrap();
        assert_eq!(new.current().id, old.current().id, "a key to come is not used yet");
        assert_eq!(new.all().len(), 2);
        assert_eq!(new.all()[1].active_from, Some(from));
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o400);
        assert_eq!(folder.path().read_dir().unwrap().count(), 1);
        let sealed = old.seal(Use::Seal, &[], b"secret");
        assert!(new.open(Use::Seal, &[], &sealed).is_some());
        let left = change(&path, &[old.current().id], None).unwrap();
        assert_eq!(left.all().len(), 1);
        assert!(left.open(Use::Seal, &[], &sealed).is_none());
    }

    #[test]
    fn r40_two_rotations_at_once_do_not_lose_a_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        Keyring::load_or_create(&path, true).unwrap();
        write(&folder.path().join("keys.json.new"), b"").unwrap();
        let before = std::fs::read(&path).unwrap();
        assert!(matches!(
            change(&path, &[], Some(Timestamp::from_ms(0))),
            Err(KeyError::Rotating(_))
        ));
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    fn write_private(path: &Path, text: &str) {
        let _ = std::fs::remove_file(path);
        write(path, text.as_bytes()).unwrap();
    }
}
