//! Enrolled workstations (R58).

use crate::world::{at, tenant};
use regain_domain::kiosk::Fingerprint;
use regain_store::{Error, Store, kiosks};

on_both! {
    r58_a_workstation_is_found_by_its_fingerprint_and_no_other_tenants
    r58_a_name_and_a_fingerprint_are_there_once
}

const ONE: Fingerprint = Fingerprint([1; 32]);
const OTHER: Fingerprint = Fingerprint([2; 32]);

async fn r58_a_workstation_is_found_by_its_fingerprint_and_no_other_tenants(store: Store) {
    let (acorn, birch) = (tenant(&store, "acorn").await, tenant(&store, "birch").await);
    let tx = store.write(acorn).await.unwrap();
    let id = kiosks::add(&tx, "Reception", ONE, at(0)).await.unwrap();
    kiosks::add(&tx, "Lab", OTHER, at(1)).await.unwrap();
    assert_eq!(kiosks::of_fingerprint(&tx, Fingerprint([3; 32])).await.unwrap(), None);
    let found = kiosks::of_fingerprint(&tx, ONE).await.unwrap();
    assert_eq!(found, Some((id, "Reception".to_owned())));
    assert!(kiosks::opened(&tx, id, at(2)).await.unwrap());
    let all = kiosks::all(&tx).await.unwrap();
    let names: Vec<_> = all.iter().map(|one| (one.name.as_str(), one.opened_at)).collect();
    assert_eq!(names, [("Lab", None), ("Reception", Some(at(2)))]);
    assert_eq!(all[1].fingerprint, "01".repeat(32));
    tx.commit().await.unwrap();

    let tx = store.write(birch).await.unwrap();
    assert!(kiosks::of_fingerprint(&tx, ONE).await.unwrap().is_none());
    assert!(!kiosks::opened(&tx, id, at(3)).await.unwrap());
    assert!(!kiosks::is_there(&tx, id).await.unwrap() && kiosks::all(&tx).await.unwrap().is_empty());
    assert_eq!(kiosks::remove(&tx, id).await.unwrap(), None);
    tx.commit().await.unwrap();

    let tx = store.write(acorn).await.unwrap();
    assert!(kiosks::is_there(&tx, id).await.unwrap());
    assert_eq!(kiosks::remove(&tx, id).await.unwrap().as_deref(), Some("Reception"));
    assert_eq!(kiosks::remove(&tx, id).await.unwrap(), None, "a second time");
    assert!(!kiosks::is_there(&tx, id).await.unwrap());
}

async fn r58_a_name_and_a_fingerprint_are_there_once(store: Store) {
    let acorn = tenant(&store, "acorn").await;
    let tx = store.write(acorn).await.unwrap();
    kiosks::add(&tx, "Reception", ONE, at(0)).await.unwrap();
    tx.commit().await.unwrap();
    for (name, fingerprint) in [("Reception", OTHER), ("Lab", ONE)] {
        let tx = store.write(acorn).await.unwrap();
        let again = kiosks::add(&tx, name, fingerprint, at(1)).await;
        assert!(matches!(again, Err(Error::Conflict)), "{name}");
    }
    let birch = tenant(&store, "birch").await;
    let tx = store.write(birch).await.unwrap();
    kiosks::add(&tx, "Reception", ONE, at(0)).await.unwrap();
}
