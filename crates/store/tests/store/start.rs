//! Starts: what is refused, and that nothing is lost.

use crate::world::{at, tenant};
use regain_store::testing::new_postgres_database;
use regain_store::{Error, Keyring, Store, demo, tenants};
use sea_orm::{ConnectionTrait, Database, Statement};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

fn keys() -> Arc<Keyring> {
    Arc::new(Keyring::for_tests())
}

fn other_keys(folder: &TempDir) -> Arc<Keyring> {
    Arc::new(Keyring::load_or_create(&folder.path().join("keys.json"), true).unwrap())
}

pub fn address(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}

/// A folder, and the addresses of an SQLite and a PostgreSQL database that are not there yet.
pub async fn both() -> (TempDir, [String; 2]) {
    let folder = tempfile::tempdir().unwrap();
    let addresses = [address(&folder.path().join("regain.db")), new_postgres_database().await];
    (folder, addresses)
}

#[tokio::test]
async fn rows_are_there_after_a_restart() {
    let (_folder, addresses) = both().await;
    for url in addresses {
        let store = Store::open(&url, keys()).await.unwrap();
        store.ping().await.unwrap();
        let id = tenant(&store, "acorn").await;
        assert_eq!(demo::clock_offset_ms(&store).await.unwrap(), 0);
        demo::set_clock_offset_ms(&store, 5).await.unwrap();
        demo::set_clock_offset_ms(&store, 7).await.unwrap();
        store.close().await.unwrap();
        let store = Store::open(&url, keys()).await.unwrap();
        assert_eq!(tenants::all(&store).await.unwrap()[0].id, id);
        assert_eq!(demo::clock_offset_ms(&store).await.unwrap(), 7);
        store.close().await.unwrap();
    }
}

#[tokio::test]
async fn r40_other_keys_are_refused_and_a_newer_one_is_not() {
    let (folder, addresses) = both().await;
    for url in addresses {
        Store::open(&url, keys()).await.unwrap().close().await.unwrap();
        let Err(Error::Keys(why)) = Store::open(&url, other_keys(&folder)).await else {
            panic!("refused")
        };
        assert!(why.contains("74657374"), "{why}");
        Store::open(&url, keys()).await.unwrap().close().await.unwrap();
    }
}

#[tokio::test]
async fn r40_after_a_rotation_the_old_keys_alone_are_refused() {
    let (folder, addresses) = both().await;
    let path = folder.path().join("keys.json");
    Keyring::load_or_create(&path, true).unwrap();
    let key = |id: &str| format!(r#"{{"id":"{id}","key":"{}="}}"#, "A".repeat(43));
    for url in addresses {
        for (keys, is_fine) in [
            (key("00000001"), true),
            (format!("{},{}", key("00000001"), key("00000002")), true),
            (key("00000001"), false),
            (key("00000002"), true),
        ] {
            std::fs::write(&path, format!(r#"{{"keys":[{keys}]}}"#)).unwrap();
            let ring = Arc::new(Keyring::load_or_create(&path, false).unwrap());
            match Store::open(&url, ring).await {
                Ok(store) if is_fine => store.close().await.unwrap(),
                Err(Error::Keys(_)) if !is_fine => {}
                _ => panic!("{keys}"),
            }
        }
    }
}

#[tokio::test]
async fn r38_a_newer_schema_is_refused() {
    let (_folder, addresses) = both().await;
    for url in addresses {
        Store::open(&url, keys()).await.unwrap().close().await.unwrap();
        let db = Database::connect(&url).await.unwrap();
        let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_future', 0)";
        db.execute_unprepared(newer).await.unwrap();
        db.close().await.unwrap();
        let Err(Error::Newer { found }) = Store::open(&url, keys()).await else {
            panic!("refused")
        };
        assert_eq!(found, "m9999_future");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r38_nodes_that_start_at_once_migrate_once() {
    let url = new_postgres_database().await;
    let (first, second, third) = tokio::join!(
        Store::open(&url, keys()),
        Store::open(&url, keys()),
        Store::open(&url, keys())
    );
    for store in [first, second, third] {
        let store = store.unwrap();
        store.ping().await.unwrap();
        store.close().await.unwrap();
    }
}

#[tokio::test]
async fn r37_postgresql_elsewhere_is_not_connected_to_without_tls_that_proves_its_name() {
    let Err(Error::Address(why)) = Store::open("postgres://regain@db.invalid/regain?sslmode=require", keys()).await
    else {
        panic!("refused")
    };
    assert!(why.contains("sslmode=verify-full"), "{why}");
}

#[tokio::test]
async fn r37_postgresql_has_a_commit_on_disk_before_it_is_answered() {
    let url = new_postgres_database().await;
    for url in [url.clone(), format!("{url}?options[synchronous_commit]=off")] {
        let store = Store::open(&url, keys()).await.unwrap();
        let db = store.database();
        let shown = Statement::from_string(db.get_database_backend(), "SHOW synchronous_commit");
        let row = db.query_one_raw(shown).await.unwrap().unwrap();
        assert_eq!(row.try_get_by_index::<String>(0).unwrap(), "on", "{url}");
        store.close().await.unwrap();
    }
}

#[tokio::test]
async fn r37_a_second_server_on_the_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("regain.db");
    let first = Store::open(&address(&path), keys()).await.unwrap();
    let Err(Error::InUse(which)) = Store::open(&address(&path), keys()).await else {
        panic!("refused")
    };
    assert_eq!(which, path);
    tenant(&first, "acorn").await;
    first.close().await.unwrap();
    Store::open(&format!("sqlite:{}?mode=rw", path.display()), keys())
        .await
        .unwrap()
        .close()
        .await
        .unwrap();
}

#[tokio::test]
async fn r37_the_files_are_their_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("regain.db");
    std::fs::write(&path, "").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let store = Store::open(&address(&path), keys()).await.unwrap();
    tenant(&store, "acorn").await;
    let mut names = Vec::new();
    for file in folder.path().read_dir().unwrap() {
        let file = file.unwrap();
        assert_eq!(
            file.metadata().unwrap().permissions().mode() & 0o777,
            0o600,
            "{:?}",
            file.file_name()
        );
        names.push(file.file_name().into_string().unwrap());
    }
    names.sort_unstable();
    assert_eq!(names, ["regain.db", "regain.db-shm", "regain.db-wal", "regain.db.lock"]);
}

#[tokio::test]
async fn r37_sqlite_writes_safely_and_reads_beside_a_writer() {
    let store = Store::for_tests().await;
    let tenant = tenant(&store, "acorn").await;
    for (pragma, expect) in [
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 5000),
        ("secure_delete", 1),
        ("trusted_schema", 0),
    ] {
        let db = store.database();
        let row = db
            .query_one_raw(Statement::from_string(
                db.get_database_backend(),
                format!("PRAGMA {pragma}"),
            ))
            .await;
        let value: i32 = row.unwrap().unwrap().try_get_by_index(0).unwrap();
        assert_eq!(value, expect, "{pragma}");
    }
    let writer = store.write(tenant).await.unwrap();
    assert_eq!(tenants::all(&store).await.unwrap().len(), 1);
    let reader = store.read(tenant).await.unwrap();
    assert!(matches!(
        regain_store::groups::create(&reader, "crew", at(0)).await,
        Err(Error::Db(_))
    ));
    writer.commit().await.unwrap();
}

#[tokio::test]
async fn a_database_in_memory_works() {
    let store = Store::open("sqlite::memory:", keys()).await.unwrap();
    tenant(&store, "acorn").await;
    assert_eq!(tenants::all(&store).await.unwrap().len(), 1);
    store.ping().await.unwrap();
}
