//! The audit: added to, and nothing else.

use crate::world::{account, at, tenant};
use regain_domain::Timestamp;
use regain_domain::audit::{Activity, Entry};
use regain_domain::ids::TenantId;
use regain_domain::role::Role;
use regain_store::audit::Row;
use regain_store::{Store, audit};
use sea_orm::ConnectionTrait;

on_both! {
    entries_are_read_newest_first
    r54_rows_are_neither_changed_nor_deleted
    an_entry_goes_with_its_transaction
}

fn row(entry: &Entry, at: Timestamp) -> Row<'_> {
    Row {
        entry,
        at,
        actor: None,
        actor_role: None,
        subject: None,
        network: "192.0.2.7",
        device_hash: [5; 32],
        request_id: "r-1",
        reference: None,
    }
}

async fn written(store: &Store, tenant: TenantId, at: Timestamp) {
    let tx = store.write(tenant).await.unwrap();
    audit::write(&tx, &row(&Entry::failure(Activity::SignIn, "sign-in-failed"), at))
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn entries_are_read_newest_first(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    written(&store, tenant, at(0)).await;
    let tx = store.write(tenant).await.unwrap();
    let ada = account(&tx, "ada").await;
    let entry = Entry::success(Activity::PasswordReset, "done");
    let by_ada = Row {
        actor: Some(ada),
        actor_role: Some(Role::Helpdesk),
        subject: Some(ada),
        reference: Some("K7QM-2"),
        ..row(&entry, at(1))
    };
    audit::write(&tx, &by_ada).await.unwrap();
    let shown = audit::recent(&tx, 10).await.unwrap();
    assert_eq!(shown.iter().map(|shown| shown.at).collect::<Vec<_>>(), [at(1), at(0)]);
    let newest = &shown[0];
    assert_eq!(
        (newest.activity.as_str(), newest.is_success, newest.reason.as_str()),
        ("password-reset", true, "done")
    );
    assert_eq!(
        (newest.actor, newest.actor_role.as_deref(), newest.subject),
        (Some(ada), Some("helpdesk"), Some(ada))
    );
    assert_eq!(
        (newest.network.as_str(), newest.request_id.as_str()),
        ("192.0.2.7", "r-1")
    );
    assert_eq!(newest.reference.as_deref(), Some("K7QM-2"));
    assert_eq!(audit::recent(&tx, 1).await.unwrap().len(), 1);
}

async fn r54_rows_are_neither_changed_nor_deleted(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    written(&store, tenant, at(0)).await;
    written(&store, tenant, Timestamp::from_ms(1_000)).await;
    let db = store.database();
    for tampering in [
        "UPDATE audit SET reason = 'fine'",
        "DELETE FROM audit",
        "DELETE FROM tenant",
    ] {
        assert!(db.execute_unprepared(tampering).await.is_err(), "{tampering}");
    }
    if !store.is_sqlite() {
        assert!(db.execute_unprepared("TRUNCATE audit").await.is_err());
    }
    // What is older than seven days may go, which is what retention does.
    assert_eq!(
        db.execute_unprepared("DELETE FROM audit WHERE at = 1000")
            .await
            .unwrap()
            .rows_affected(),
        1
    );
    let shown = audit::recent(&store.read(tenant).await.unwrap(), 10).await.unwrap();
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].reason, "sign-in-failed");
}

async fn an_entry_goes_with_its_transaction(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    audit::write(&tx, &row(&Entry::success(Activity::SignIn, ""), at(0)))
        .await
        .unwrap();
    drop(tx);
    assert_eq!(audit::recent(&store.read(tenant).await.unwrap(), 10).await.unwrap(), []);
}
