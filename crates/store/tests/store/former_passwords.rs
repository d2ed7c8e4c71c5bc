//! Former passwords: as many as are asked for, and gone with their account. R27; and hashes made anew, R28.

use crate::world::{HOUR, account, at, at_once, tenant};
use regain_domain::ids::{AccountId, TenantId};
use regain_store::{Error, Store, Tx, accounts, former_passwords};
use sea_orm::ConnectionTrait;

on_both! {
    r27_history_keeps_the_newest_and_forgets_the_rest
    r27_history_of_none_forgets_all
    r27_history_is_each_accounts_own
    r27_history_stays_as_it_was_where_the_change_is_a_conflict
    r27_history_of_ten_changes_at_once_has_one
    r27_history_goes_with_the_account
    r28_a_hash_is_renewed_where_it_is_still_the_stored_one
}

async fn begun(store: &Store) -> (TenantId, Tx, AccountId) {
    let tenant = tenant(store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let ada = account(&tx, "ada").await;
    (tenant, tx, ada)
}

/// The account's passwords become these, one a minute.
async fn changed(tx: &Tx, id: AccountId, to: &[&str], n_remembered: u32) {
    for hash in to {
        let seen = accounts::by_id(tx, id).await.unwrap().unwrap().password_changed_at;
        let now = seen.plus(std::time::Duration::from_mins(1));
        accounts::set_password(tx, id, hash, seen, now, n_remembered)
            .await
            .unwrap();
    }
}

async fn former(tx: &Tx, id: AccountId) -> Vec<String> {
    former_passwords::hashes(tx, id, 24).await.unwrap()
}

async fn r27_history_keeps_the_newest_and_forgets_the_rest(store: Store) {
    let (_, tx, ada) = begun(&store).await;
    changed(&tx, ada, &["one", "two"], 3).await;
    assert_eq!(former(&tx, ada).await, ["one", "$argon2id$…"]);
    changed(&tx, ada, &["three", "four", "five"], 3).await;
    assert_eq!(former(&tx, ada).await, ["four", "three", "two"]);
    assert_eq!(
        former_passwords::hashes(&tx, ada, 2).await.unwrap(),
        ["four", "three"],
        "a shorter history counts at once"
    );
    changed(&tx, ada, &["six"], 2).await;
    assert_eq!(former(&tx, ada).await, ["five", "four"]);
    let present = accounts::password_hash(&tx, ada).await.unwrap();
    assert_eq!(present.as_deref(), Some("six"));
}

async fn r27_history_of_none_forgets_all(store: Store) {
    let (_, tx, ada) = begun(&store).await;
    changed(&tx, ada, &["one", "two"], 0).await;
    assert_eq!(former(&tx, ada).await, <[&str; 0]>::default());
    changed(&tx, ada, &["three", "four"], 5).await;
    assert_eq!(former(&tx, ada).await, ["three", "two"]);
    changed(&tx, ada, &["five"], 0).await;
    assert_eq!(former(&tx, ada).await, <[&str; 0]>::default());
}

async fn r27_history_is_each_accounts_own(store: Store) {
    let (_, tx, ada) = begun(&store).await;
    let bob = account(&tx, "bob").await;
    changed(&tx, ada, &["adas", "adas next", "adas last"], 2).await;
    changed(&tx, bob, &["bobs", "bobs next"], 1).await;
    assert_eq!(former(&tx, ada).await, ["adas next", "adas"]);
    assert_eq!(former(&tx, bob).await, ["bobs"]);
}

async fn r27_history_stays_as_it_was_where_the_change_is_a_conflict(store: Store) {
    let (_, tx, ada) = begun(&store).await;
    changed(&tx, ada, &["one"], 3).await;
    let stale = accounts::set_password(&tx, ada, "two", at(-HOUR), at(9), 3).await;
    assert!(matches!(stale, Err(Error::Conflict)));
    assert_eq!(former(&tx, ada).await, ["$argon2id$…"]);
}

async fn r27_history_of_ten_changes_at_once_has_one(store: Store) {
    let (tenant, tx, ada) = begun(&store).await;
    tx.commit().await.unwrap();
    let done = at_once(10, |number| {
        let store = store.clone();
        async move {
            let tx = store.write(tenant).await.unwrap();
            let hash = number.to_string();
            let set = accounts::set_password(&tx, ada, &hash, at(-HOUR), at(9), 3).await;
            set.is_ok() && tx.commit().await.is_ok()
        }
    })
    .await;
    assert_eq!(done.into_iter().filter(|is_done| *is_done).count(), 1);
    let tx = store.read(tenant).await.unwrap();
    assert_eq!(former(&tx, ada).await, ["$argon2id$…"]);
}

async fn r27_history_goes_with_the_account(store: Store) {
    let (tenant, tx, ada) = begun(&store).await;
    changed(&tx, ada, &["one", "two"], 3).await;
    tx.commit().await.unwrap();
    let gone = "DELETE FROM account WHERE user_name = 'ada@acorn.example'";
    assert_eq!(
        store.database().execute_unprepared(gone).await.unwrap().rows_affected(),
        1
    );
    let tx = store.read(tenant).await.unwrap();
    assert_eq!(former(&tx, ada).await, <[&str; 0]>::default());
}

async fn r28_a_hash_is_renewed_where_it_is_still_the_stored_one(store: Store) {
    let (_, tx, ada) = begun(&store).await;
    changed(&tx, ada, &["one"], 3).await;
    let before = accounts::by_id(&tx, ada).await.unwrap();
    assert!(!accounts::renew_hash(&tx, ada, "another", "renewed").await.unwrap());
    let hash = || async { accounts::password_hash(&tx, ada).await.unwrap().unwrap() };
    assert_eq!(hash().await, "one");
    assert!(accounts::renew_hash(&tx, ada, "one", "renewed").await.unwrap());
    assert_eq!(hash().await, "renewed");
    assert_eq!(accounts::by_id(&tx, ada).await.unwrap(), before, "as old as it was");
    assert_eq!(former(&tx, ada).await, ["$argon2id$…"], "no former password");
}
