//! Rotations: what an older key made stays good, no node stops, and no key is lost (R40).

use crate::start::{address, both};
use crate::world::{HOUR, MINUTE, account, at, attempt, code_letter, flow, notice, posted, started, tenant};
use regain_domain::flow::{Flow, State};
use regain_domain::gate::MethodKind;
use regain_domain::gate::questions::Question;
use regain_domain::ids::{AccountId, AttemptId, MethodId, TenantId};
use regain_store::keys::{self, Cleaned, READ_ONLY};
use regain_store::methods::NewMethod;
use regain_store::testing::new_postgres_database;
use regain_store::{
    Error, KeyError, Store, Use, answers, counters, devices, flows, methods, outbox, push_keys, vetoes,
};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const SECRET: [u8; 20] = [3; 20];
const HASH: &str = "$argon2id$of an answer";
const FULL: [u8; 32] = [1; 32];
const PUSH_KEY: [u8; 32] = [5; 32];
const PLACE: &str = "https://push.example/p/1";

/// A tenant with values of every kind, made with the key of its time.
struct Made {
    tenant: TenantId,
    account: AccountId,
    app: MethodId,
    attempt: AttemptId,
    mac: [u8; 32],
}

impl Made {
    async fn on(store: &Store) -> Self {
        let tenant = tenant(store, "acorn").await;
        let tx = store.write(tenant).await.unwrap();
        let account = account(&tx, "ada").await;
        let app = NewMethod {
            account,
            kind: MethodKind::App,
            value: None,
            secret: Some(&SECRET),
            is_verified: true,
        };
        let app = methods::add(&tx, &app, at(0)).await.unwrap();
        let hashes = [(Question::of_code("toy_name").unwrap(), HASH.to_owned())];
        answers::put(&tx, app, &hashes).await.unwrap();
        push_keys::keep(&tx, &PUSH_KEY).await.unwrap();
        let phone = crate::devices::phone(account, 7);
        assert!(devices::add(&tx, &phone, at(0)).await.unwrap());
        devices::place(&tx, phone.id, Some(PLACE)).await.unwrap();
        let open = attempt();
        let flow = Flow {
            state: State::Gating(Some(open.clone())),
            ..flow(account)
        };
        started(&tx, &flow, 1).await;
        let mac = store.keyring().mac(Use::Code, &[b"482913"]);
        flows::set_code(&tx, open.id, mac, at(10 * MINUTE)).await.unwrap();
        posted(&tx, &code_letter("482913"), Some(flow.id), Some("ada@mail.example")).await;
        counters::take(&tx, FULL).await.unwrap();
        counters::put(&tx, FULL, &(0..5).map(at).collect(), at(48 * HOUR))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        Self {
            tenant,
            account,
            app,
            attempt: open.id,
            mac,
        }
    }

    /// Whether all of it is as good as it was.
    async fn is_good(&self, store: &Store) {
        self.is_good_by(store, 5).await;
    }

    /// The same, where more was counted since.
    async fn is_good_by(&self, store: &Store, n_hits: usize) {
        let tx = store.read(self.tenant).await.unwrap();
        let app = methods::app_secret(&tx, self.app).await.unwrap().unwrap();
        assert_eq!(app.secret.as_slice(), SECRET);
        let hashes = answers::of(&tx, self.app).await.unwrap();
        assert!(hashes.values().eq([HASH]));
        let push_key = push_keys::of_tenant(&tx).await.unwrap().unwrap();
        assert_eq!(*push_key, PUSH_KEY);
        let places = devices::wakeable(&tx, self.account, None).await.unwrap();
        assert!(places.iter().map(|(_, place)| place.as_str()).eq([PLACE]));
        let code = flows::code(&tx, self.attempt).await.unwrap().unwrap();
        assert_eq!(code.mac, self.mac);
        assert!(store.keyring().is_mac(Use::Code, &[b"482913"], &code.mac));
        let found = flows::of_cookie(&tx, [1; 32]).await.unwrap().unwrap();
        let State::Gating(Some(open)) = found.state else {
            panic!("gating")
        };
        assert_eq!(open.send_key, attempt().send_key);
        drop(tx);
        self.counts(store, n_hits).await;
    }

    async fn counts(&self, store: &Store, n: usize) {
        let tx = store.write(self.tenant).await.unwrap();
        let peeked = counters::peek(&tx, FULL).await.unwrap();
        assert_eq!(peeked.len(), n);
        assert_eq!(counters::take(&tx, FULL).await.unwrap(), peeked);
        tx.commit().await.unwrap();
    }

    async fn count_one(&self, store: &Store, ms: i64) {
        let tx = store.write(self.tenant).await.unwrap();
        let mut hits = counters::take(&tx, FULL).await.unwrap();
        hits.push(at(ms));
        counters::put(&tx, FULL, &hits, at(48 * HOUR)).await.unwrap();
        tx.commit().await.unwrap();
    }
}

fn key_file(folder: &TempDir) -> PathBuf {
    folder.path().join("keys")
}

fn key_of(folder: &Path, n: u32) -> String {
    let text = std::fs::read_to_string(folder).unwrap();
    let file: serde_json::Value = serde_json::from_str(&text).unwrap();
    file["keys"][n as usize]["id"].as_str().unwrap_or_default().to_owned()
}

/// Adds a key, and lets its time come.
async fn rotated(store: &Store, now: i64) -> String {
    let key = keys::rotate(store, at(now), at(now + MINUTE)).unwrap();
    assert_eq!(keys::refresh(store, at(now)).await.unwrap(), None, "not yet");
    let used = keys::refresh(store, at(now + MINUTE)).await.unwrap();
    assert_eq!(used.as_ref(), Some(&key));
    key
}

#[tokio::test]
async fn r40_no_key_is_made_where_there_are_rows() {
    let (folder, addresses) = both().await;
    for (number, url) in addresses.iter().enumerate() {
        let path = folder.path().join(format!("keys-{number}"));
        Store::start(url, &path).await.unwrap().close().await.unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        let kept = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        for _ in 0..2 {
            let Err(error) = Store::start(url, &path).await else {
                panic!("refused")
            };
            assert!(matches!(error, Error::KeyFile(KeyError::Missing(_))), "{error}");
            assert!(!path.exists());
        }
        std::fs::write(&path, kept).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        Store::start(url, &path).await.unwrap().close().await.unwrap();
    }
}

#[tokio::test]
async fn r40_what_an_older_key_made_stays_good() {
    let (folder, addresses) = both().await;
    for (number, url) in addresses.iter().enumerate() {
        let path = folder.path().join(format!("keys-{number}"));
        let store = Store::start(url, &path).await.unwrap();
        let made = Made::on(&store).await;
        let key = rotated(&store, 0).await;
        made.is_good(&store).await;
        let leased = outbox::lease(&store, at(2 * MINUTE), 9).await.unwrap();
        assert_eq!(leased[0].to, "ada@mail.example");
        store.close().await.unwrap();
        let store = Store::start(url, &path).await.unwrap();
        assert_eq!(
            keys::refresh(&store, at(0)).await.unwrap(),
            None,
            "{key} is in use from the start"
        );
        made.is_good(&store).await;
        rotated(&store, HOUR).await;
        made.is_good(&store).await;
        made.count_one(&store, 6).await;
        made.counts(&store, 6).await;
        store.close().await.unwrap();
    }
}

#[tokio::test]
async fn r40_a_reference_from_before_a_rotation_still_stops() {
    let (folder, addresses) = both().await;
    for (number, url) in addresses.iter().enumerate() {
        let path = folder.path().join(format!("keys-{number}"));
        let store = Store::start(url, &path).await.unwrap();
        let tenant = tenant(&store, "acorn").await;
        let tx = store.write(tenant).await.unwrap();
        let ada = account(&tx, "ada").await;
        let reference = crate::vetoes::reported(&tx, ada, Some("ada@mail.example")).await;
        tx.commit().await.unwrap();
        rotated(&store, 0).await;
        let tx = store.read(tenant).await.unwrap();
        let found = vetoes::of_reference(&tx, &reference, at(2 * MINUTE)).await.unwrap();
        assert_eq!(found.map(|found| found.account), Some(ada));
        drop(tx);
        store.close().await.unwrap();
    }
}

#[tokio::test]
async fn r40_an_old_key_goes_after_30_days_once_nothing_needs_it() {
    let (folder, addresses) = both().await;
    for (number, url) in addresses.iter().enumerate() {
        let path = folder.path().join(format!("keys-{number}"));
        let store = Store::start(url, &path).await.unwrap();
        let made = Made::on(&store).await;
        let old = key_of(&path, 0);
        let new = rotated(&store, 0).await;
        let cleaned = keys::clean(&store, at(MINUTE)).await.unwrap();
        let renewed = Cleaned {
            n_renewed: 4,
            ..Cleaned::default()
        };
        assert_eq!(
            cleaned, renewed,
            "a secret, the hash of an answer, a phone's place and the key of pushes, and no key before its time"
        );
        made.is_good(&store).await;
        let later = at(MINUTE).plus(READ_ONLY);
        let cleaned = keys::clean(&store, later).await.unwrap();
        assert_eq!(cleaned.needed, std::slice::from_ref(&old), "a message is not sent yet");
        let leased = outbox::lease(&store, at(2 * MINUTE), 9).await.unwrap();
        outbox::sent(&store, leased[0].id, leased[0].lease_no, at(2 * MINUTE))
            .await
            .unwrap();
        assert_eq!(keys::clean(&store, later).await.unwrap().gone, [old]);
        assert_eq!(key_of(&path, 0), new);
        let tx = store.read(made.tenant).await.unwrap();
        let app = methods::app_secret(&tx, made.app).await.unwrap().unwrap();
        assert_eq!(app.secret.as_slice(), SECRET);
        drop(tx);
        store.close().await.unwrap();
        Store::start(url, &path).await.unwrap().close().await.unwrap();
    }
}

#[tokio::test]
async fn r40_a_start_misses_a_key_that_something_is_sealed_with() {
    let (folder, addresses) = both().await;
    for (number, url) in addresses.iter().enumerate() {
        let path = folder.path().join(format!("keys-{number}"));
        let store = Store::start(url, &path).await.unwrap();
        Made::on(&store).await;
        let old = key_of(&path, 0);
        rotated(&store, 0).await;
        store.close().await.unwrap();
        let mut file: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        file["keys"].as_array_mut().unwrap().remove(0);
        std::fs::write(&path, file.to_string()).unwrap();
        let Err(Error::Keys(why)) = Store::start(url, &path).await else {
            panic!("refused")
        };
        assert!(why.contains(&old), "{why}");
    }
}

#[tokio::test]
async fn r40_one_key_waits_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = key_file(&folder);
    let store = Store::start("sqlite::memory:", &path).await.unwrap();
    let key = keys::rotate(&store, at(0), at(MINUTE)).unwrap();
    let Err(Error::Keys(why)) = keys::rotate(&store, at(1), at(MINUTE)) else {
        panic!("refused")
    };
    assert!(why.contains(&key), "{why}");
}

#[tokio::test]
async fn r40_a_key_file_that_lost_the_key_in_use_is_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    let path = key_file(&folder);
    let store = Store::start("sqlite::memory:", &path).await.unwrap();
    let sealed = store.keyring().seal(Use::Seal, &[], b"secret");
    let other = folder.path().join("other");
    Store::start("sqlite::memory:", &other).await.unwrap();
    std::fs::rename(&other, &path).unwrap();
    assert!(matches!(keys::refresh(&store, at(0)).await, Err(Error::Keys(_))));
    assert!(store.keyring().open(Use::Seal, &[], &sealed).is_some());
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(keys::refresh(&store, at(0)).await, Err(Error::KeyFile(_))));
    assert!(store.keyring().open(Use::Seal, &[], &sealed).is_some());
}

#[tokio::test]
async fn f27_nodes_that_turn_one_after_the_other_share_what_they_count() {
    let folder = tempfile::tempdir().unwrap();
    let [one, two] = ["one", "two"].map(|name| folder.path().join(name));
    let url = new_postgres_database().await;
    let first = Store::start(&url, &one).await.unwrap();
    std::fs::copy(&one, &two).unwrap();
    let second = Store::start(&url, &two).await.unwrap();
    let made = Made::on(&first).await;
    let key = keys::rotate(&first, at(0), at(MINUTE)).unwrap();
    std::fs::copy(&one, &two).unwrap();
    assert_eq!(keys::refresh(&second, at(0)).await.unwrap(), None);
    assert_eq!(keys::refresh(&first, at(MINUTE)).await.unwrap(), Some(key.clone()));
    // The second node's clock is late: it knows the key, and writes with the one of before.
    for (number, node) in [&first, &second, &first, &second].into_iter().enumerate() {
        made.is_good_by(node, 5 + number).await;
        made.count_one(node, 100).await;
    }
    assert_eq!(
        keys::refresh(&second, at(0)).await.unwrap(),
        Some(key),
        "the other node uses it already"
    );
    made.counts(&second, 9).await;
}

#[tokio::test]
async fn r40_a_node_without_the_key_leaves_messages_to_those_that_have_it() {
    let folder = tempfile::tempdir().unwrap();
    let [one, two] = ["one", "two"].map(|name| folder.path().join(name));
    let url = new_postgres_database().await;
    let first = Store::start(&url, &one).await.unwrap();
    std::fs::copy(&one, &two).unwrap();
    let second = Store::start(&url, &two).await.unwrap();
    let tenant = tenant(&first, "acorn").await;
    let key = rotated(&first, 0).await;
    let tx = first.write(tenant).await.unwrap();
    posted(&tx, &notice(), None, Some("ada@mail.example")).await;
    tx.commit().await.unwrap();
    assert!(outbox::lease(&second, at(MINUTE), 9).await.unwrap().is_empty());
    let Err(Error::Keys(why)) = keys::refresh(&second, at(MINUTE)).await else {
        panic!("told")
    };
    assert!(why.contains(&key), "{why}");
    assert_eq!(outbox::lease(&first, at(MINUTE), 9).await.unwrap().len(), 1);
    std::fs::copy(&one, &two).unwrap();
    assert_eq!(keys::refresh(&second, at(0)).await.unwrap(), Some(key));
}

#[tokio::test]
async fn r40_keys_are_rotated_beside_a_server_at_work() {
    let (folder, addresses) = both().await;
    for (number, url) in addresses.iter().enumerate() {
        let path = folder.path().join(format!("keys-{number}"));
        let server = Store::start(url, &path).await.unwrap();
        let made = Made::on(&server).await;
        let console = Store::beside(url, &path).await.unwrap();
        let key = keys::rotate(&console, at(0), at(0)).unwrap();
        assert_eq!(keys::clean(&console, at(0)).await.unwrap().n_renewed, 0);
        console.close().await.unwrap();
        assert_eq!(keys::refresh(&server, at(0)).await.unwrap(), Some(key));
        made.is_good(&server).await;
        server.close().await.unwrap();
    }
}

#[tokio::test]
async fn r40_beside_nothing_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let (file, path) = (folder.path().join("regain.db"), key_file(&folder));
    for url in [address(&file), new_postgres_database().await] {
        assert!(Store::beside(&url, &path).await.is_err());
    }
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
}
