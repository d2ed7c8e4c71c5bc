//! Everybody, page by page, as a count over all of them sees them.

use crate::world::{HOUR, account, at, person, settings, tenant};
use regain_domain::account::{Account, Method, Status};
use regain_domain::gate::MethodKind;
use regain_domain::ids::MethodId;
use regain_domain::policy::{Edition, Scope, eligible};
use regain_domain::role::Role;
use regain_store::accounts::NewAccount;
use regain_store::methods::NewMethod;
use regain_store::{Store, Tx, account_fields, accounts, census, groups, methods, one_time_passes};
use uuid::Uuid;

on_both! {
    everybody_comes_once_with_all_that_rules_on_resets_see
    whoever_may_reset_in_a_count_may_reset
}

/// Somebody of whom hardly anything is at its default, and of whom no two things of one type are the same.
async fn somebody(tx: &Tx, n: u32) -> NewAccount {
    let is_even = n.is_multiple_of(2);
    let new = NewAccount {
        status: if is_even { Status::Locked } else { Status::Disabled },
        password_expires_at: Some(at(HOUR)),
        must_change: is_even,
        roles: vec![Role::Helpdesk, Role::Auditor],
        ..person(&format!("p{n}"))
    };
    accounts::insert(tx, &new, at(0)).await.unwrap();
    account_fields::set_password_never_expires(tx, new.id, !is_even)
        .await
        .unwrap();
    account_fields::set_edition(tx, new.id, Some(Edition::Basic))
        .await
        .unwrap();
    for (kind, value) in [(MethodKind::App, None), (MethodKind::Email, Some("a@mail.example"))] {
        let method = NewMethod {
            account: new.id,
            kind,
            value,
            secret: None,
            is_verified: true,
        };
        methods::add(tx, &method, at(0)).await.unwrap();
    }
    let pass = MethodId(Uuid::new_v4());
    one_time_passes::give(tx, new.id, pass, "hash", at(HOUR)).await.unwrap();
    new
}

/// Without what a count does not see.
fn seen(account: Account) -> Account {
    let bare = |method: Method| Method {
        is_preferred: false,
        confirmed_at: regain_domain::Timestamp::from_ms(0),
        ..method
    };
    Account {
        given_name: String::new(),
        family_name: String::new(),
        primary_mail: None,
        language: None,
        methods: account.methods.into_iter().map(bare).collect(),
        ..account
    }
}

async fn everybody_comes_once_with_all_that_rules_on_resets_see(store: Store) {
    let acorn = tenant(&store, "acorn").await;
    let birch = store.write(tenant(&store, "birch").await).await.unwrap();
    somebody(&birch, 0).await;
    birch.commit().await.unwrap();
    let tx = store.write(acorn).await.unwrap();
    let [crew, staff] = ["crew", "staff"].map(|name| groups::create(&tx, name, at(0)));
    let (crew, staff) = (crew.await.unwrap(), staff.await.unwrap());
    groups::add_group(&tx, staff, crew).await.unwrap();
    let mut expect = Vec::new();
    for n in 0..7 {
        let id = somebody(&tx, n).await.id;
        groups::add_account(&tx, crew, id).await.unwrap();
        expect.push(seen(accounts::by_id(&tx, id).await.unwrap().unwrap()));
    }
    expect.sort_unstable_by_key(|account| account.id);
    assert_eq!((expect[0].groups.len(), expect[0].methods.len()), (2, 2));
    let (mut found, mut last) = (Vec::new(), None);
    loop {
        let some = census::after(&tx, last, 3).await.unwrap();
        let Some(end) = some.last() else { break };
        last = Some(end.id);
        found.extend(some);
    }
    assert_eq!(found, expect);
}

async fn whoever_may_reset_in_a_count_may_reset(store: Store) {
    let acorn = tenant(&store, "acorn").await;
    let tx = store.write(acorn).await.unwrap();
    for n in 0..4 {
        somebody(&tx, n).await;
    }
    for n in 4..8 {
        account(&tx, &format!("p{n}")).await;
    }
    for n in 8..10 {
        let id = account(&tx, &format!("p{n}")).await;
        let method = NewMethod {
            account: id,
            kind: MethodKind::Email,
            value: Some("a@mail.example"),
            secret: None,
            is_verified: true,
        };
        methods::add(&tx, &method, at(0)).await.unwrap();
    }
    let mut settings = settings("acorn");
    settings.policy.scope = Scope::All;
    let mut n_able = 0;
    for counted in census::after(&tx, None, 20).await.unwrap() {
        let whole = accounts::by_id(&tx, counted.id).await.unwrap().unwrap();
        let verdict = eligible(Some(&counted), &settings, None, at(0));
        assert_eq!(verdict, eligible(Some(&whole), &settings, None, at(0)));
        n_able += u32::from(verdict.is_ok());
    }
    // Locked administrators with both of their ways, and whoever has a mailbox.
    assert_eq!(n_able, 2 + 2);
}
