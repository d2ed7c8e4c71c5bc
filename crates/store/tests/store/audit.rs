//! The audit: added to, and nothing else.

use crate::world::{account, at, tenant};
use regain_domain::Timestamp;
use regain_domain::audit::{Activity, Actor, Entry};
use regain_domain::ids::TenantId;
use regain_domain::role::Role;
use regain_store::audit::Row;
use regain_store::{Store, audit, housekeeping};
use sea_orm::ConnectionTrait;

on_both! {
    entries_are_read_newest_first
    r54_rows_are_neither_changed_nor_deleted
    an_entry_goes_with_its_transaction
    r54_an_export_reads_pages_from_a_time_on_and_names_who_is_still_there
    r38_the_audit_goes_by_its_tenants_setting_in_batches
    r54_retention_leaves_the_last_seven_days_alone
}

fn row(entry: &Entry, at: Timestamp) -> Row<'_> {
    Row {
        entry,
        at,
        actor: Actor::Visitor,
        subject: None,
        network: "192.0.2.7",
        device_hash: Some([5; 32]),
        request_id: "r-1",
        reference: None,
        client: None,
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
        actor: Actor::Account {
            id: ada,
            role: Some(Role::Helpdesk),
        },
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

async fn r54_an_export_reads_pages_from_a_time_on_and_names_who_is_still_there(store: Store) {
    let (tenant, other) = (tenant(&store, "acorn").await, tenant(&store, "birch").await);
    written(&store, other, at(3)).await;
    for ms in 0..5 {
        written(&store, tenant, at(ms)).await;
    }
    let tx = store.write(tenant).await.unwrap();
    let ada = account(&tx, "ada").await;
    let entry = Entry::success(Activity::PasswordReset, "done");
    let by_ada = Row {
        actor: Actor::Account { id: ada, role: None },
        subject: Some(regain_domain::ids::AccountId(uuid::Uuid::new_v4())),
        ..row(&entry, at(9))
    };
    audit::write(&tx, &by_ada).await.unwrap();
    let mut pages = Vec::new();
    let mut after = 0;
    loop {
        let page = audit::page(&tx, at(2), after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = last.no;
        pages.push(page);
    }
    let times: Vec<Vec<Timestamp>> = pages
        .iter()
        .map(|page| page.iter().map(|shown| shown.at).collect())
        .collect();
    assert_eq!(times, [vec![at(2), at(3)], vec![at(4), at(9)]]);
    let names = audit::names(&tx, &pages[1]).await.unwrap();
    assert_eq!(
        names.into_iter().collect::<Vec<_>>(),
        [(ada, "ada@acorn.example".to_owned())]
    );
    assert!(audit::names(&tx, &[]).await.unwrap().is_empty());
}

/// Long past, so that the database's own clock lets the row go.
fn past(ms: i64) -> Timestamp {
    Timestamp::from_ms(1_500_000_000_000 + ms)
}

async fn r38_the_audit_goes_by_its_tenants_setting_in_batches(store: Store) {
    let (tenant, other) = (tenant(&store, "acorn").await, tenant(&store, "birch").await);
    for ms in 0..5 {
        written(&store, tenant, past(ms)).await;
        written(&store, other, past(ms)).await;
    }
    let mut gone = Vec::new();
    for _ in 0..3 {
        gone.push(housekeeping::retire_audit(&store, tenant, past(3), 2).await.unwrap());
    }
    assert_eq!(gone, [2, 1, 0]);
    let left = audit::recent(&store.read(tenant).await.unwrap(), 10).await.unwrap();
    assert_eq!(
        left.iter().map(|shown| shown.at).collect::<Vec<_>>(),
        [past(4), past(3)]
    );
    let others = audit::recent(&store.read(other).await.unwrap(), 10).await.unwrap();
    assert_eq!(others.len(), 5);
}

/// A clock that runs ahead of the database's would else take what the triggers hold, and fail at every round.
async fn r54_retention_leaves_the_last_seven_days_alone(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    written(&store, tenant, past(0)).await;
    written(&store, tenant, at(0)).await;
    let in_a_thousand_years = at(1_000 * 365 * 24 * 3_600_000);
    let retired = housekeeping::retire_audit(&store, tenant, in_a_thousand_years, 500).await;
    assert_eq!(retired.unwrap(), 1);
    let left = audit::recent(&store.read(tenant).await.unwrap(), 10).await.unwrap();
    assert_eq!(left.iter().map(|shown| shown.at).collect::<Vec<_>>(), [at(0)]);
}
