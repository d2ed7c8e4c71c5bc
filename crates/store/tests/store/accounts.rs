//! Accounts with their roles, groups and methods.

use crate::world::{account, at, at_once, person, tenant};
use regain_domain::account::{Status, UserName};
use regain_domain::gate::MethodKind;
use regain_domain::ids::{AccountId, MethodId, TenantId};
use regain_domain::registration::{AskedFor, Wanted};
use regain_domain::role::Role;
use regain_store::accounts::NewAccount;
use regain_store::methods::NewMethod;
use regain_store::{Error, Store, Tx, accounts, groups, methods};
use sea_orm::{ConnectionTrait, Statement};
use uuid::Uuid;

on_both! {
    an_account_is_read_as_it_was_written
    a_name_is_there_once_per_tenant
    r37_names_compare_bytewise
    groups_reach_through_groups_and_circles_end
    methods_stand_in_the_order_in_which_they_were_added
    people_are_written_in_bulk_all_or_none
    r18_a_step_is_spent_once_and_never_an_older_one
    an_apps_secret_is_sealed_in_its_row
    a_new_password_is_fresh_and_a_lock_is_lifted_once
    staff_is_who_holds_a_role
    what_an_account_is_asked_for_is_read_as_it_was_written
    r53_what_came_after_the_page_was_shown_is_not_confirmed
}

fn name(text: &str) -> UserName {
    UserName::parse(text, "acorn.example").unwrap()
}

async fn begun(store: &Store) -> (TenantId, Tx) {
    let tenant = tenant(store, "acorn").await;
    (tenant, store.write(tenant).await.unwrap())
}

async fn an_account_is_read_as_it_was_written(store: Store) {
    let (_, tx) = begun(&store).await;
    let new = NewAccount {
        password_expires_at: Some(at(9)),
        must_change: true,
        status: Status::Disabled,
        roles: vec![Role::Helpdesk, Role::GlobalAdmin],
        ..person("ada")
    };
    accounts::insert(&tx, &new, at(0)).await.unwrap();
    let read = accounts::by_name(&tx, &name("ada")).await.unwrap().unwrap();
    assert_eq!(
        (read.id, &read.user_name, read.status),
        (new.id, &new.user_name, new.status)
    );
    assert_eq!(
        (&read.given_name, &read.family_name),
        (&new.given_name, &new.family_name)
    );
    assert_eq!((&read.primary_mail, read.language), (&new.primary_mail, new.language));
    assert_eq!(read.password_changed_at, new.password_changed_at);
    assert_eq!(
        (read.password_expires_at, read.must_change, read.expires_at),
        (Some(at(9)), true, None)
    );
    assert_eq!(read.roles, [Role::GlobalAdmin, Role::Helpdesk]);
    assert_eq!(accounts::by_id(&tx, new.id).await.unwrap(), Some(read));
    assert_eq!(
        accounts::password_hash(&tx, new.id).await.unwrap(),
        Some(new.password_hash)
    );
    assert_eq!(accounts::by_name(&tx, &name("bob")).await.unwrap(), None);
    let nobody = AccountId(Uuid::new_v4());
    assert_eq!(accounts::password_hash(&tx, nobody).await.unwrap(), None);
    assert!(matches!(
        accounts::set_status(&tx, nobody, Status::Active).await,
        Err(Error::Conflict)
    ));
}

async fn a_name_is_there_once_per_tenant(store: Store) {
    let (_, tx) = begun(&store).await;
    account(&tx, "ada").await;
    assert!(matches!(
        accounts::insert(&tx, &person("ada"), at(1)).await,
        Err(Error::Conflict)
    ));
    drop(tx);
    let other = tenant(&store, "birch").await;
    let tx = store.write(other).await.unwrap();
    account(&tx, "ada").await;
}

async fn r37_names_compare_bytewise(store: Store) {
    let (_, tx) = begun(&store).await;
    let accented = NewAccount {
        user_name: UserName::of_row("ádä@acorn.example".to_owned()),
        ..person("x")
    };
    let decomposed = NewAccount {
        user_name: UserName::of_row("a\u{301}da\u{308}@acorn.example".to_owned()),
        ..person("x")
    };
    let capital = NewAccount {
        user_name: UserName::of_row("ADA@acorn.example".to_owned()),
        ..person("x")
    };
    for other in [&accented, &decomposed, &capital] {
        accounts::insert(&tx, other, at(0)).await.unwrap();
    }
    assert_eq!(accounts::by_name(&tx, &name("ada")).await.unwrap(), None);
    account(&tx, "ada").await;
    account(&tx, "_b").await;
    let listed: Vec<String> = accounts::list(&tx)
        .await
        .unwrap()
        .iter()
        .map(|account| account.user_name.as_str().to_owned())
        .collect();
    let mut expect = listed.clone();
    expect.sort_unstable();
    assert_eq!(listed, expect);
}

async fn groups_reach_through_groups_and_circles_end(store: Store) {
    let (_, tx) = begun(&store).await;
    let (ada, bob) = (account(&tx, "ada").await, account(&tx, "bob").await);
    let mut made = Vec::new();
    for name in ["crew", "staff", "everyone", "others"] {
        made.push(groups::create(&tx, name, at(0)).await.unwrap());
    }
    let [crew, staff, everyone, others] = made[..] else {
        panic!("four groups")
    };
    groups::add_account(&tx, crew, ada).await.unwrap();
    groups::add_account(&tx, others, bob).await.unwrap();
    for (parent, child) in [
        (staff, crew),
        (everyone, staff),
        (crew, everyone),
        (crew, crew),
        (everyone, crew),
    ] {
        groups::add_group(&tx, parent, child).await.unwrap();
        groups::add_group(&tx, parent, child).await.unwrap();
    }
    let mut expect = vec![crew, staff, everyone];
    expect.sort_unstable();
    assert_eq!(accounts::by_id(&tx, ada).await.unwrap().unwrap().groups, expect);
    assert_eq!(accounts::by_id(&tx, bob).await.unwrap().unwrap().groups, [others]);
    let listed = accounts::list(&tx).await.unwrap();
    assert_eq!(
        listed.iter().map(|account| account.groups.len()).collect::<Vec<_>>(),
        [3, 1]
    );
}

async fn with_app(tx: &Tx) -> (AccountId, MethodId) {
    let ada = account(tx, "ada").await;
    let app = NewMethod {
        account: ada,
        kind: MethodKind::App,
        value: None,
        secret: Some(b"twenty secret bytes!"),
        is_verified: true,
    };
    (ada, methods::add(tx, &app, at(0)).await.unwrap())
}

async fn methods_stand_in_the_order_in_which_they_were_added(store: Store) {
    let (_, tx) = begun(&store).await;
    let (ada, app) = with_app(&tx).await;
    let mut expect = vec![(app, MethodKind::App, None)];
    for (kind, value) in [
        (MethodKind::Email, "a@mail.example"),
        (MethodKind::Mobile, "+49 1"),
        (MethodKind::Email, "b@mail.example"),
    ] {
        let new = NewMethod {
            account: ada,
            kind,
            value: Some(value),
            secret: None,
            is_verified: false,
        };
        let id = methods::add(&tx, &new, at(0)).await.unwrap();
        assert!(methods::app_secret(&tx, id).await.unwrap().is_none());
        expect.push((id, kind, Some(value.to_owned())));
    }
    let found = accounts::by_id(&tx, ada).await.unwrap().unwrap().methods;
    let found: Vec<_> = found
        .into_iter()
        .map(|method| (method.id, method.kind, method.value))
        .collect();
    assert_eq!(found, expect);
    let nobody = NewMethod {
        account: AccountId(Uuid::new_v4()),
        kind: MethodKind::Email,
        value: None,
        secret: None,
        is_verified: true,
    };
    assert!(matches!(methods::add(&tx, &nobody, at(0)).await, Err(Error::Conflict)));
}

async fn people_are_written_in_bulk_all_or_none(store: Store) {
    let (tenant, tx) = begun(&store).await;
    // More than one statement takes, of either table.
    let new: Vec<NewAccount> = (0..3000).map(|n| person(&format!("p{n}"))).collect();
    accounts::insert_all(&tx, &new, at(0)).await.unwrap();
    let methods: Vec<NewMethod<'_>> = new
        .iter()
        .flat_map(|new| ["a@mail.example", "b@mail.example"].map(|address| (new.id, address)))
        .map(|(account, address)| NewMethod {
            account,
            kind: MethodKind::Email,
            value: Some(address),
            secret: None,
            is_verified: true,
        })
        .collect();
    methods::add_first(&tx, &methods, at(0)).await.unwrap();
    let last = accounts::by_name(&tx, &name("p2999")).await.unwrap().unwrap();
    let values: Vec<_> = last.methods.into_iter().map(|method| method.value.unwrap()).collect();
    assert_eq!(values, ["a@mail.example", "b@mail.example"]);
    tx.commit().await.unwrap();
    let tx = store.write(tenant).await.unwrap();
    let again = [person("new"), person("p7")];
    assert!(matches!(
        accounts::insert_all(&tx, &again, at(0)).await,
        Err(Error::Conflict)
    ));
    drop(tx);
    let tx = store.read(tenant).await.unwrap();
    assert!(accounts::by_name(&tx, &name("new")).await.unwrap().is_none());
}

async fn r18_a_step_is_spent_once_and_never_an_older_one(store: Store) {
    let (tenant, tx) = begun(&store).await;
    let (_, app) = with_app(&tx).await;
    tx.commit().await.unwrap();
    let spent = at_once(20, |_| {
        let store = store.clone();
        async move {
            let tx = store.write(tenant).await.unwrap();
            let is_spent = methods::spend_step(&tx, app, 1000, at(1)).await.unwrap();
            tx.commit().await.unwrap();
            is_spent
        }
    })
    .await;
    assert_eq!(spent.into_iter().filter(|is_spent| *is_spent).count(), 1);
    let tx = store.write(tenant).await.unwrap();
    for (step, expect) in [(1000, false), (999, false), (0, false), (1001, true), (1000, false)] {
        assert_eq!(
            methods::spend_step(&tx, app, step, at(2)).await.unwrap(),
            expect,
            "{step}"
        );
    }
    assert_eq!(methods::app_secret(&tx, app).await.unwrap().unwrap().last_step, 1001);
}

async fn an_apps_secret_is_sealed_in_its_row(store: Store) {
    let (tenant, tx) = begun(&store).await;
    let (ada, app) = with_app(&tx).await;
    let second = NewMethod {
        account: ada,
        kind: MethodKind::App,
        value: None,
        secret: Some(b"another secret"),
        is_verified: true,
    };
    let second = methods::add(&tx, &second, at(0)).await.unwrap();
    assert_eq!(
        methods::app_secret(&tx, app).await.unwrap().unwrap().secret.as_slice(),
        b"twenty secret bytes!"
    );
    tx.commit().await.unwrap();
    let db = store.database();
    let rows = db
        .query_all_raw(Statement::from_string(
            db.get_database_backend(),
            "SELECT secret FROM method",
        ))
        .await
        .unwrap();
    assert_eq!(rows.len(), 2);
    for row in rows {
        let raw: Vec<u8> = row.try_get("", "secret").unwrap();
        assert!(!raw.windows(6).any(|bytes| bytes == b"secret"));
    }
    // Moved to another row it opens no more.
    let swap = "UPDATE method SET secret = (SELECT secret FROM method WHERE place = 0) WHERE place = 1";
    db.execute_unprepared(swap).await.unwrap();
    let tx = store.read(tenant).await.unwrap();
    assert!(matches!(methods::app_secret(&tx, second).await, Err(Error::Codec(_))));
    assert!(methods::app_secret(&tx, app).await.unwrap().is_some());
}

async fn a_new_password_is_fresh_and_a_lock_is_lifted_once(store: Store) {
    let (_, tx) = begun(&store).await;
    for (status, expect) in [
        (Status::Locked, Status::Active),
        (Status::Disabled, Status::Disabled),
        (Status::Active, Status::Active),
    ] {
        let new = NewAccount {
            status,
            must_change: true,
            password_expires_at: Some(at(1)),
            ..person(status.code())
        };
        accounts::insert(&tx, &new, at(0)).await.unwrap();
        let stale = accounts::set_password(&tx, new.id, "new", at(4), at(5), 0).await;
        assert!(matches!(stale, Err(Error::Conflict)), "decided about another password");
        accounts::set_password(&tx, new.id, "new", new.password_changed_at, at(5), 0)
            .await
            .unwrap();
        let read = accounts::by_id(&tx, new.id).await.unwrap().unwrap();
        assert_eq!((read.status, read.must_change), (status, false), "a lock stays");
        let is_locked = status == Status::Locked;
        assert_eq!(accounts::unlock(&tx, new.id).await.unwrap(), is_locked);
        assert!(!accounts::unlock(&tx, new.id).await.unwrap());
        let unlocked = accounts::by_id(&tx, new.id).await.unwrap().unwrap();
        assert_eq!(unlocked.status, expect);
        assert_eq!((read.password_changed_at, read.password_expires_at), (at(5), None));
        assert_eq!(
            accounts::password_hash(&tx, new.id).await.unwrap().as_deref(),
            Some("new")
        );
    }
    let nobody = AccountId(Uuid::new_v4());
    assert!(matches!(
        accounts::set_password(&tx, nobody, "new", at(0), at(5), 0).await,
        Err(Error::Conflict)
    ));
}

async fn staff_is_who_holds_a_role(store: Store) {
    let (_, tx) = begun(&store).await;
    let ada = account(&tx, "ada").await;
    account(&tx, "bob").await;
    assert_eq!(accounts::staff(&tx).await.unwrap(), []);
    accounts::set_roles(&tx, ada, &[Role::Auditor, Role::Helpdesk])
        .await
        .unwrap();
    let staff = accounts::staff(&tx).await.unwrap();
    assert_eq!(staff.iter().map(|account| account.id).collect::<Vec<_>>(), [ada]);
    accounts::set_roles(&tx, ada, &[Role::Auditor]).await.unwrap();
    assert_eq!(accounts::staff(&tx).await.unwrap()[0].roles, [Role::Auditor]);
    accounts::set_roles(&tx, ada, &[]).await.unwrap();
    assert_eq!(accounts::staff(&tx).await.unwrap(), []);
}

async fn what_an_account_is_asked_for_is_read_as_it_was_written(store: Store) {
    let (_, tx) = begun(&store).await;
    let (ada, bob) = (account(&tx, "ada").await, account(&tx, "bob").await);
    let asked = async |id| accounts::by_id(&tx, id).await.unwrap().unwrap().asked;
    assert_eq!(asked(ada).await, None);
    for (wanted, n_skipped, skipped_at) in [(Wanted::Register, 0, None), (Wanted::Reconfirm, 7, Some(at(9)))] {
        let new = AskedFor {
            wanted,
            since: at(3),
            n_skipped,
            skipped_at,
        };
        accounts::set_asked(&tx, ada, Some(new)).await.unwrap();
        assert_eq!((asked(ada).await, asked(bob).await), (Some(new), None));
    }
    accounts::set_asked(&tx, ada, None).await.unwrap();
    assert_eq!(asked(ada).await, None);
    let nobody = accounts::set_asked(&tx, AccountId(Uuid::new_v4()), None).await;
    assert!(matches!(nobody, Err(Error::Conflict)));
}

async fn r53_what_came_after_the_page_was_shown_is_not_confirmed(store: Store) {
    let (_, tx) = begun(&store).await;
    let (ada, bob) = (account(&tx, "ada").await, account(&tx, "bob").await);
    for (owner, added_at) in [(ada, at(1)), (ada, at(5)), (ada, at(6)), (bob, at(1))] {
        let new = NewMethod {
            account: owner,
            kind: MethodKind::App,
            value: None,
            secret: Some(b"12345678901234567890"),
            is_verified: true,
        };
        methods::add(&tx, &new, added_at).await.unwrap();
    }
    let confirmed = async |id| {
        let account = accounts::by_id(&tx, id).await.unwrap().unwrap();
        account
            .methods
            .iter()
            .map(|method| method.confirmed_at)
            .collect::<Vec<_>>()
    };
    assert_eq!(confirmed(ada).await, [at(1), at(5), at(6)], "to register is to confirm");
    methods::confirm(&tx, ada, at(5), at(9)).await.unwrap();
    assert_eq!(confirmed(ada).await, [at(9), at(9), at(6)]);
    assert_eq!(confirmed(bob).await, [at(1)], "nobody else's");
}
