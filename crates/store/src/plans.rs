//! The plans of the look-ups that every request makes: all by index, on both databases.

use crate::ceremonies::Owner;
use crate::{
    Store, accounts, approvals, audit, ceremonies, devices, enrolments, flows, former_passwords, kiosks, methods,
    one_time_passes, outbox, sessions, tenants, vetoes,
};
use regain_domain::Timestamp;
use regain_domain::account::UserName;
use regain_domain::audit::Activity;
use regain_domain::gate::{Gate, Root};
use regain_domain::ids::{AccountId, EnrolmentId, FlowId, SessionId};
use regain_domain::kiosk::Fingerprint;
use sea_orm::{ConnectionTrait, DbBackend, QueryTrait, Statement};
use uuid::Uuid;

/// Look-ups, each with the columns that an index has to narrow it by.
#[expect(clippy::too_many_lines, reason = "a table with an entry for each look-up")]
fn look_ups(backend: DbBackend) -> [(Statement, [&'static str; 2]); 15] {
    let tenant = Uuid::new_v4();
    let name = UserName::of_row("ada@acorn.example".to_owned());
    [
        (
            audit::successes(tenant, AccountId(Uuid::new_v4()), Activity::PasswordReset).build(backend),
            ["tenant_id", "subject_id"],
        ),
        (
            accounts::named(tenant, &name).build(backend),
            ["tenant_id", "user_name"],
        ),
        (
            flows::cookie(tenant, [1; 32]).build(backend),
            ["tenant_id", "cookie_hash"],
        ),
        (
            flows::with_attempt(tenant, [1; 32]).build(backend),
            ["tenant_id", "cookie_hash"],
        ),
        (
            former_passwords::newest_first(tenant, Uuid::new_v4()).build(backend),
            ["tenant_id", "account_id"],
        ),
        (
            flows::with_code(tenant, FlowId(Uuid::new_v4()), Gate::Email, Timestamp::from_ms(0)).build(backend),
            ["tenant_id", "flow_id"],
        ),
        (
            sessions::cookie(tenant, [1; 32]).build(backend),
            ["tenant_id", "cookie_hash"],
        ),
        (
            enrolments::by_session(tenant, SessionId(Uuid::new_v4())).build(backend),
            ["tenant_id", "session_id"],
        ),
        (
            ceremonies::of_owner(tenant, &Owner::Browser([1; 32])).build(backend),
            ["tenant_id", "owner"],
        ),
        (
            kiosks::with_fingerprint(tenant, Fingerprint([1; 32])).build(backend),
            ["tenant_id", "fingerprint"],
        ),
        (
            methods::on_root(tenant, &Root::mail("ada@mail.example")).build(backend),
            ["tenant_id", "root"],
        ),
        (
            outbox::waiting(("ready", false), Timestamp::from_ms(0)).build(backend),
            ["is_notice", "due_at"],
        ),
        (
            vetoes::with_mac(tenant, vec![vec![1; 32], vec![2; 32]], Timestamp::from_ms(0)).build(backend),
            ["tenant_id", "mac"],
        ),
        (
            tenants::standing_of_host("reset.acorn.example").build(backend),
            ["tenant_host", "host"],
        ),
        (backend.build(&outbox::next()), ["state", "is_notice"]),
    ]
}

/// The same for phones that are asked, and for passes that are given.
fn phone_look_ups(backend: DbBackend) -> [(Statement, [&'static str; 2]); 6] {
    let tenant = Uuid::new_v4();
    [
        (
            approvals::of_owner(tenant, Uuid::new_v4()).build(backend),
            ["tenant_id", "owner_id"],
        ),
        (
            approvals::of_hash(tenant, [1; 32]).build(backend),
            ["tenant_id", "token_hash"],
        ),
        (
            approvals::by_account(tenant, AccountId(Uuid::new_v4())).build(backend),
            ["tenant_id", "account_id"],
        ),
        (
            devices::of_account(tenant, AccountId(Uuid::new_v4())).build(backend),
            ["tenant_id", "account_id"],
        ),
        (
            one_time_passes::of_account(tenant, AccountId(Uuid::new_v4())).build(backend),
            ["tenant_id", "account_id"],
        ),
        (
            devices::by_enrolment(tenant, EnrolmentId(Uuid::new_v4())).build(backend),
            ["tenant_id", "enrolment_id"],
        ),
    ]
}

/// The plans, by lines; an empty table counts as dear to be read whole.
async fn plans(store: &Store, explain: &str, column: usize) -> Vec<(Vec<String>, [&'static str; 2])> {
    let db = store.begin().await.unwrap();
    if !store.is_sqlite() {
        db.execute_unprepared("SET LOCAL enable_seqscan = off").await.unwrap();
    }
    let mut plans = Vec::new();
    let backend = db.get_database_backend();
    let all = look_ups(backend).into_iter().chain(phone_look_ups(backend));
    for (mut look_up, columns) in all {
        look_up.sql = format!("{explain} {}", look_up.sql);
        let rows = db.query_all_raw(look_up).await.unwrap();
        let lines = rows.iter().map(|row| row.try_get_by_index(column).unwrap());
        plans.push((lines.collect(), columns));
    }
    plans
}

#[tokio::test]
async fn look_ups_use_their_indexes_on_sqlite() {
    for (plan, columns) in plans(&Store::for_tests().await, "EXPLAIN QUERY PLAN", 3).await {
        let mut searches = plan.iter().filter(|line| line.starts_with("SEARCH"));
        let is_narrowed = |search: &String| columns.iter().all(|column| search.contains(column));
        assert!(searches.next().is_some_and(is_narrowed), "{plan:?}");
        assert!(
            plan.iter()
                .all(|line| !line.starts_with("SCAN") || line == "SCAN CONSTANT ROW"),
            "{plan:?}"
        );
    }
}

/// Which of its indexes it takes in an empty table is chance; that they are SQLite's the tests of the schema hold.
#[tokio::test]
async fn look_ups_use_indexes_on_postgresql() {
    for (plan, _) in plans(&Store::for_tests_on_postgres().await, "EXPLAIN", 0).await {
        let plan = plan.join("\n");
        assert!(plan.contains("Index Cond") && !plan.contains("Seq Scan"), "{plan}");
    }
}
