//! R49: what belongs to one tenant is not there for another, whichever query asks.

use crate::world::{HOUR, MINUTE, account, at, attempt, code_letter, flow, notice, posted, session, started, tenant};
use regain_domain::account::{Status, UserName};
use regain_domain::audit::{Activity, Actor, Entry};
use regain_domain::flow::Flow;
use regain_domain::gate::{Gate, MethodKind, Pass, Root};
use regain_domain::ids::{AccountId, AttemptId, GroupId, MethodId, TenantId};
use regain_domain::notice::ChannelKind;
use regain_domain::role::Role;
use regain_store::audit::Row;
use regain_store::demo::{Message, Person};
use regain_store::flows::NewFlow;
use regain_store::methods::NewMethod;
use regain_store::sessions::{Session, Stage};
use regain_store::{
    Error, Store, Tx, accounts, audit, counters, demo, flows, former_passwords, groups, methods, nonces,
    one_time_passes, outbox, sessions, settings,
};

on_both! {
    r49_a_foreign_tenant_reads_nothing
    r49_a_foreign_tenant_changes_nothing
    r49_no_row_hangs_on_another_tenants
}

struct Owned {
    tenant: TenantId,
    account: AccountId,
    group: GroupId,
    method: MethodId,
    flow: Flow,
    attempt: AttemptId,
    session: Session,
}

async fn owned(store: &Store) -> Owned {
    let tenant = tenant(store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let account = account(&tx, "ada").await;
    accounts::set_roles(&tx, account, &[Role::Helpdesk]).await.unwrap();
    accounts::set_password(&tx, account, "own", at(-HOUR), at(-HOUR), 3)
        .await
        .unwrap();
    let group = groups::create(&tx, "crew", at(0)).await.unwrap();
    groups::add_account(&tx, group, account).await.unwrap();
    let app = NewMethod {
        account,
        kind: MethodKind::App,
        value: None,
        secret: Some(b"secret"),
        is_verified: true,
    };
    let method = methods::add(&tx, &app, at(0)).await.unwrap();
    let (flow, attempt) = (flow(account), attempt());
    started(&tx, &flow, 1).await;
    flows::open_attempt(&tx, flow.id, &attempt, at(0)).await.unwrap();
    flows::set_code(&tx, attempt.id, [3; 32], at(HOUR)).await.unwrap();
    flows::pass(&tx, flow.id, attempt.id, &passed(method), at(1))
        .await
        .unwrap();
    one_time_passes::give(&tx, account, method, "$argon2id$pass", at(HOUR))
        .await
        .unwrap();
    let session = session(account, Stage::CodeDue);
    sessions::insert(&tx, &session, [1; 32]).await.unwrap();
    counters::put(&tx, [1; 32], &vec![at(0)], at(HOUR)).await.unwrap();
    nonces::spend(&tx, [1; 32], at(HOUR)).await.unwrap();
    posted(&tx, &code_letter("481516"), Some(flow.id), Some("ada@mail.example")).await;
    written(&tx).await;
    demo::keep_person(
        &tx,
        &Person {
            account,
            json: "{}".to_owned(),
        },
    )
    .await
    .unwrap();
    demo::keep(&tx, &mail()).await.unwrap();
    tx.commit().await.unwrap();
    Owned {
        tenant,
        account,
        group,
        method,
        flow,
        attempt: attempt.id,
        session,
    }
}

fn passed(method: MethodId) -> Pass {
    Pass {
        gate: Gate::Email,
        root: Root::mail("ada@mail.example"),
        method,
    }
}

fn mail() -> Message {
    Message {
        id: 0,
        at: at(0),
        channel: "mail".to_owned(),
        to: "ada@mail.example".to_owned(),
        subject: "Your code".to_owned(),
        text: "481516".to_owned(),
        html: None,
        code: Some("481516".to_owned()),
        message_id: None,
        context: "reset-code".to_owned(),
    }
}

async fn written(tx: &Tx) {
    let entry = Entry::success(Activity::SignIn, "");
    let row = Row {
        entry: &entry,
        at: at(0),
        actor: Actor::Visitor,
        subject: None,
        network: "",
        device_hash: None,
        request_id: "",
        reference: None,
        client: None,
    };
    audit::write(tx, &row).await.unwrap();
}

/// All that its own tenant reads, as one text to compare.
async fn all_of(tx: &Tx, owned: &Owned) -> Vec<String> {
    let name = UserName::parse("ada", "acorn.example").unwrap();
    vec![
        format!("{:?}", accounts::by_name(tx, &name).await.unwrap()),
        format!("{:?}", accounts::by_id(tx, owned.account).await.unwrap()),
        format!("{:?}", accounts::password_hash(tx, owned.account).await.unwrap()),
        format!("{:?}", former_passwords::hashes(tx, owned.account, 9).await.unwrap()),
        format!(
            "{:?}",
            methods::app_secret(tx, owned.method)
                .await
                .unwrap()
                .map(|app| app.last_step)
        ),
        format!("{:?}", one_time_passes::hash(tx, owned.account).await.unwrap()),
        format!("{:?}", flows::of_cookie(tx, [1; 32]).await.unwrap()),
        format!("{:?}", flows::code(tx, owned.attempt).await.unwrap()),
        format!("{:?}", sessions::of_cookie(tx, [1; 32]).await.unwrap()),
        format!("{:?}", accounts::staff(tx).await.unwrap()),
        format!("{:?}", accounts::list(tx).await.unwrap()),
        format!("{:?}", flows::passes(tx, owned.flow.id).await.unwrap()),
        format!("{:?}", counters::peek(tx, [1; 32]).await.unwrap()),
        format!("{:?}", audit::recent(tx, 10).await.unwrap()),
        format!("{:?}", demo::after(tx, 0).await.unwrap()),
        format!("{:?}", demo::people(tx).await.unwrap()),
        format!("{:?}", outbox::dead_letters(tx).await.unwrap()),
    ]
}

async fn r49_a_foreign_tenant_reads_nothing(store: Store) {
    let owned = owned(&store).await;
    let leased = outbox::lease(&store, at(1), 10).await.unwrap().remove(0);
    outbox::dead(&store, leased.id, leased.lease_no, "smtp-550", at(2))
        .await
        .unwrap();
    let foreign = tenant(&store, "birch").await;
    let tx = store.read(owned.tenant).await.unwrap();
    for text in all_of(&tx, &owned).await {
        assert!(!["None", "[]"].contains(&text.as_str()));
    }
    drop(tx);
    let tx = store.read(foreign).await.unwrap();
    for text in all_of(&tx, &owned).await {
        assert!(["None", "[]"].contains(&text.as_str()), "{text}");
    }
    assert_eq!(
        settings::current(&tx).await.unwrap().value,
        crate::world::settings("birch")
    );
    drop(tx);
    let tx = store.write(foreign).await.unwrap();
    assert_eq!(flows::lock(&tx, [1; 32]).await.unwrap(), None);
    assert_eq!(counters::take(&tx, [1; 32]).await.unwrap(), []);
    assert!(nonces::spend(&tx, [1; 32], at(HOUR)).await.unwrap());
}

async fn r49_a_foreign_tenant_changes_nothing(store: Store) {
    let owned = owned(&store).await;
    let tx = store.read(owned.tenant).await.unwrap();
    let before = all_of(&tx, &owned).await;
    drop(tx);
    let foreign = tenant(&store, "birch").await;
    let tx = store.write(foreign).await.unwrap();
    let conflicts = |outcome: Result<(), Error>| assert!(matches!(outcome, Err(Error::Conflict)));
    conflicts(accounts::set_password(&tx, owned.account, "stolen", at(0), at(5), 3).await);
    let stolen = accounts::renew_hash(&tx, owned.account, "own", "stolen").await;
    assert!(!stolen.unwrap());
    conflicts(accounts::set_status(&tx, owned.account, Status::Disabled).await);
    accounts::set_roles(&tx, owned.account, &[]).await.unwrap();
    conflicts(flows::update(&tx, &owned.flow, &owned.flow, Some([9; 32]), at(5)).await);
    conflicts(flows::set_code(&tx, owned.attempt, [9; 32], at(HOUR)).await);
    conflicts(flows::pass(&tx, owned.flow.id, owned.attempt, &passed(owned.method), at(5)).await);
    assert!(!flows::spend_code(&tx, owned.attempt, at(5)).await.unwrap());
    let spent = one_time_passes::spend(&tx, owned.account, owned.method, at(5)).await;
    assert!(!spent.unwrap());
    assert_eq!(flows::end_others(&tx, owned.account, None, at(5)).await.unwrap(), 0);
    assert!(!methods::spend_step(&tx, owned.method, 9, at(5)).await.unwrap());
    methods::used(&tx, owned.method, at(5)).await.unwrap();
    sessions::touch(&tx, owned.session.id, at(MINUTE)).await.unwrap();
    assert!(
        !sessions::promote(
            &tx,
            &owned.session,
            (Stage::CodeDue, Stage::SignedIn),
            [9; 32],
            at(HOUR),
            at(5)
        )
        .await
        .unwrap()
    );
    assert!(!sessions::end(&tx, owned.session.id, at(5)).await.unwrap());
    assert_eq!(sessions::end_all(&tx, owned.account, None, at(5)).await.unwrap(), 0);
    counters::clear(&tx, [1; 32]).await.unwrap();
    outbox::void_codes(&tx, owned.flow.id).await.unwrap();
    tx.commit().await.unwrap();
    let tx = store.read(owned.tenant).await.unwrap();
    assert_eq!(all_of(&tx, &owned).await, before);
    drop(tx);
    assert_eq!(outbox::lease(&store, at(5), 10).await.unwrap().len(), 1);
}

async fn r49_no_row_hangs_on_another_tenants(store: Store) {
    let owned = owned(&store).await;
    let foreign = tenant(&store, "birch").await;
    let own_group = {
        let tx = store.write(foreign).await.unwrap();
        let group = groups::create(&tx, "crew", at(0)).await.unwrap();
        tx.commit().await.unwrap();
        group
    };
    let method = NewMethod {
        account: owned.account,
        kind: MethodKind::Email,
        value: Some("thief@mail.example"),
        secret: None,
        is_verified: true,
    };
    let person = Person {
        account: owned.account,
        json: String::new(),
    };
    let (thief, letter) = (flow(owned.account), notice());
    let new = NewFlow {
        flow: &thief,
        cookie_hash: [9; 32],
        policy_version: 1,
        started_at: at(0),
    };
    let message = outbox::NewMessage {
        id: regain_domain::ids::MessageId(thief.id.0),
        account: Some(owned.account),
        flow: None,
        channel: ChannelKind::Mail,
        letter: &letter,
        reference: None,
        to: None,
        language: regain_domain::locale::Language::En,
        expires_at: at(HOUR),
    };
    // Each in a transaction of its own: PostgreSQL ends one at its first conflict.
    for what in [
        "method", "role", "member", "group", "flow", "attempt", "session", "message", "person",
    ] {
        let tx = store.write(foreign).await.unwrap();
        let outcome = match what {
            "method" => methods::add(&tx, &method, at(0)).await.map(drop),
            "role" => accounts::set_roles(&tx, owned.account, &[Role::GlobalAdmin]).await,
            "member" => groups::add_account(&tx, own_group, owned.account).await,
            "group" => groups::add_group(&tx, own_group, owned.group).await,
            "flow" => flows::insert(&tx, &new).await,
            "attempt" => flows::open_attempt(&tx, owned.flow.id, &attempt(), at(0)).await,
            "session" => sessions::insert(&tx, &owned.session, [9; 32]).await,
            "message" => outbox::put(&tx, &message, at(0)).await,
            _ => demo::keep_person(&tx, &person).await,
        };
        assert!(matches!(outcome, Err(Error::Conflict)), "{what}: {outcome:?}");
    }
}
