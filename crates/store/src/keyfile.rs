//! The file with the keys: who may read it, how it is made, and that it is never overwritten (R40).

use crate::seal::{Key, Keyring, name};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rand::Rng;
use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
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
    /// The file system says no.
    #[error("the key file {}: {source}", .path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// The file: keys in the order in which they were made.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    keys: Vec<Entry>,
}

/// One key: eight hexadecimal digits, and 32 bytes in Base64.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    key: String,
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

impl Keyring {
    /// Reads the keys; where there is no file and one may be made, makes one with a new key, mode 0600.
    ///
    /// The last key in the file is the current one; a file that is there is never written.
    pub fn load_or_create(path: &Path, may_create: bool) -> Result<Self, KeyError> {
        match File::open(path) {
            Ok(file) => load(path, file),
            Err(source) if source.kind() == ErrorKind::NotFound && may_create => create(path),
            Err(source) if source.kind() == ErrorKind::NotFound => Err(KeyError::Missing(path.to_owned())),
            Err(source) => Err(KeyError::File {
                path: path.to_owned(),
                source,
            }),
        }
    }
}

fn load(path: &Path, mut file: File) -> Result<Keyring, KeyError> {
    let of_path = |source| KeyError::File {
        path: path.to_owned(),
        source,
    };
    let form = |what: String| KeyError::Form {
        path: path.to_owned(),
        what,
    };
    let mode = file.metadata().map_err(of_path)?.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(KeyError::Open {
            path: path.to_owned(),
            mode,
        });
    }
    let mut text = Zeroizing::new(String::new());
    file.read_to_string(&mut text).map_err(of_path)?;
    let read: KeyFile = serde_json::from_str(&text)
        .map_err(|error| form(format!("{:?} error in line {}", error.classify(), error.line())))?;
    let mut keys = Vec::new();
    for entry in &read.keys {
        keys.push(key(entry).ok_or_else(|| form(format!("key {} is malformed", entry.id)))?);
    }
    let current = keys.pop().ok_or_else(|| form("it holds no key".to_owned()))?;
    if keys.iter().any(|key| key.id == current.id) {
        return Err(form("a key id is there twice".to_owned()));
    }
    Ok(Keyring::of(current, keys))
}

fn key(entry: &Entry) -> Option<Key> {
    let id = u32::from_str_radix(&entry.id, 16)
        .ok()
        .filter(|_| entry.id.len() == 8)?;
    let secret = Zeroizing::new(STANDARD.decode(&entry.key).ok()?);
    let secret: &[u8; 32] = secret.as_slice().try_into().ok()?;
    Some(Key::of(id.to_be_bytes(), secret))
}

fn create(path: &Path) -> Result<Keyring, KeyError> {
    let of_path = |source| KeyError::File {
        path: path.to_owned(),
        source,
    };
    let (mut id, mut secret) = ([0; 4], Zeroizing::new([0; 32]));
    UnwrapErr(SysRng).fill_bytes(&mut id);
    UnwrapErr(SysRng).fill_bytes(&mut *secret);
    let entry = Entry {
        id: name(id),
        key: STANDARD.encode(secret.as_slice()),
    };
    let text = serde_json::to_string_pretty(&KeyFile { keys: vec![entry] }).map_err(|error| of_path(error.into()))?;
    let text = Zeroizing::new(text);
    // Written beside its place and linked there: a file with half a key is never seen, and one that is there stays.
    let draft = path.with_extension(format!("new-{}", std::process::id()));
    let written = write(&draft, text.as_bytes()).and_then(|()| std::fs::hard_link(&draft, path));
    let removed = std::fs::remove_file(&draft);
    match written {
        Ok(()) => removed.map_err(of_path)?,
        // Another process was faster: its keys count.
        Err(source) if source.kind() == ErrorKind::AlreadyExists => {}
        Err(source) => return Err(of_path(source)),
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(of_path)?;
    load(path, File::open(path).map_err(of_path)?)
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
        assert_eq!(read.key(Use::Code), made.key(Use::Code));
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
            let expect = expect.map(|byte| Key::of([0, 0, 0, byte], &[byte; 32]));
            match expect {
                Some(key) => assert_eq!(
                    read.unwrap().key(Use::Code),
                    Keyring::of(key, Vec::new()).key(Use::Code)
                ),
                None => assert!(matches!(read, Err(KeyError::Form { .. })), "{keys}"),
            }
        }
    }

    fn write_private(path: &Path, text: &str) {
        let _ = std::fs::remove_file(path);
        write(path, text.as_bytes()).unwrap();
    }
}
