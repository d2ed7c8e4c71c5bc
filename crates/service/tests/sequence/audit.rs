//! What the audit tells: who, in which role, to whom; what anybody could repeat without end, once (R38, R54).

use crate::stage::{NEW, changed, granted, narrow, outspoken};
use crate::walk::{Browser, House, refused};
use regain_delivery::{Channel, Envelope, Outcome};
use regain_domain::audit::{Activity, Actor, AuditDays, Entry};
use regain_domain::flow::Proof;
use regain_domain::gate::Gate;
use regain_domain::ids::{AccountId, TenantId};
use regain_domain::limits::TOLD_PER_TENANT;
use regain_domain::notice::Letter;
use regain_domain::{Secret, Timestamp};
use regain_service::admin::{self, COLUMNS, Export, NewTenant};
use regain_service::tasks::Tasks;
use regain_service::{Channels, Identify, Standing, Tenancy};
use regain_store::audit::{Row, Shown};
use regain_store::{Store, accounts, audit, outbox};
use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// The tenant's entries of an activity, oldest first.
async fn told(house: &House, tenant: TenantId, activity: Activity) -> Vec<Shown> {
    let tx = house.store.read(tenant).await.expect("a read");
    let mut all = audit::recent(&tx, 10_000).await.expect("entries");
    all.retain(|entry| entry.activity == activity.code());
    all.reverse();
    all
}

async fn id_of(house: &House, tenancy: &Tenancy, user_name: &str) -> AccountId {
    let tx = house.store.read(tenancy.id).await.expect("a read");
    let all = accounts::list(&tx).await.expect("accounts");
    let found = all.into_iter().find(|account| account.user_name.as_str() == user_name);
    found.expect("an account").id
}

/// Who did it, in which role, to whom, and what came of it.
type Told<'a> = (Option<AccountId>, Option<&'a str>, Option<AccountId>, &'a str);

fn who(entries: &[Shown]) -> Vec<Told<'_>> {
    fn row(entry: &Shown) -> Told<'_> {
        let role = entry.actor_role.as_deref();
        (entry.actor, role, entry.subject, entry.reason.as_str())
    }
    entries.iter().map(row).collect()
}

#[tokio::test]
async fn r54_signing_in_and_out_names_who_did_it_once_the_password_was_right() {
    let house = House::quiet(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "auditor@acorn.example").await;
    let id = id_of(&house, &house.acorn, &person.username).await;
    let mut browser = Browser::new(&house, &house.acorn);
    browser.sign_in(&person.username, "not the password").await;
    browser.sign_in("nobody@acorn.example", "not the password").await;
    browser.sign_in(&person.username, &person.password).await;
    browser.sign_in_code("000000").await;
    browser.sign_in_code(&house.code_of(&person)).await;
    house.service.account.sign_out(&browser.visit).await.expect("an answer");
    let role = Some("auditor");
    let rows = told(&house, house.acorn.id, Activity::SignIn).await;
    assert_eq!(
        who(&rows),
        [
            (None, None, Some(id), "sign-in-failed"),
            (None, None, None, "sign-in-failed"),
            (Some(id), role, Some(id), "code-due"),
            (Some(id), role, Some(id), "app_code"),
            (Some(id), role, Some(id), "app_code"),
        ]
    );
    assert_eq!(
        rows.iter().map(|row| row.is_success).collect::<Vec<_>>(),
        [false, false, true, false, true]
    );
    let rows = told(&house, house.acorn.id, Activity::SignOut).await;
    assert_eq!(who(&rows), [(Some(id), role, Some(id), "own")]);
}

#[tokio::test]
async fn r54_a_reset_names_its_owner_only_after_all_gates() {
    let house = House::quiet(Store::for_tests().await).await;
    let birch = outspoken(&house).await;
    let (person, mut browser) = granted(&house, &birch).await;
    let id = id_of(&house, &birch, &person.username).await;
    browser.password(NEW).await;
    let rows = told(&house, birch.id, Activity::PasswordReset).await;
    assert_eq!(who(&rows), [(Some(id), None, Some(id), "self-service")]);
    let rows = told(&house, birch.id, Activity::FlowProgress).await;
    let actors: Vec<_> = rows.iter().map(|row| (row.actor, row.reason.as_str())).collect();
    assert_eq!(actors.first(), Some(&(None, "identified")));
    assert_eq!(actors.last(), Some(&(Some(id), "done")));
}

#[tokio::test]
async fn r54_a_post_that_cannot_be_read_and_a_flow_left_for_another_are_told() {
    let house = House::quiet(Store::for_tests().await).await;
    let birch = outspoken(&house).await;
    let person = house.person(&birch, "user@birch.example").await;
    let mut browser = Browser::new(&house, &birch);
    browser.identify(&person.username).await;
    browser.choose(Gate::AppCode).await;
    let (screen, _) = browser.prove(Proof::of_code(Secret::new("12".to_owned()))).await;
    let code = refused(&screen);
    let first = browser.visit.flow.clone();
    let post = Browser::new(&house, &birch).solved(&person.username).await;
    browser.identify_with(post).await;
    assert_ne!(first, browser.visit.flow);
    let rows = told(&house, birch.id, Activity::FlowProgress).await;
    let reasons: Vec<_> = rows.iter().map(|row| row.reason.as_str()).collect();
    assert!(!code.is_empty());
    for expect in [code, "cancelled"] {
        assert!(reasons.contains(&expect), "{expect} {reasons:?}");
    }
}

/// A captcha that nobody solved, from an address.
async fn unsolved(house: &House, tenancy: &Tenancy, from: [u8; 4], user_name: &str) {
    let mut browser = Browser::new(house, tenancy);
    browser.visit.network = IpAddr::V4(Ipv4Addr::from(from));
    let post = Identify {
        user_name: user_name.to_owned(),
        captcha_answer: "000000".to_owned(),
        ..Identify::default()
    };
    browser.identify_with(post).await;
}

#[tokio::test]
async fn r54_failed_captchas_of_a_network_are_told_once_within_a_while() {
    let house = House::quiet(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    for name in [person.username.as_str(), "nobody@acorn.example", ""] {
        for _ in 0..3 {
            unsolved(&house, &house.acorn, [192, 0, 2, 9], name).await;
        }
    }
    let rows = told(&house, house.acorn.id, Activity::CaptchaFailed).await;
    assert_eq!(rows.len(), 1, "whoever was named");
    assert_eq!(
        (rows[0].network.as_str(), rows[0].is_success, rows[0].subject),
        ("192.0.2.9", false, None)
    );
    unsolved(&house, &house.acorn, [192, 0, 2, 10], "").await;
    house.demo.advance(601).await.expect("a later time");
    unsolved(&house, &house.acorn, [192, 0, 2, 9], "").await;
    assert_eq!(told(&house, house.acorn.id, Activity::CaptchaFailed).await.len(), 3);
}

#[tokio::test]
async fn r54_many_networks_do_not_fill_the_disk() {
    let house = House::quiet(Store::for_tests().await).await;
    let [most] = TOLD_PER_TENANT;
    for n in 0..=u8::try_from(most.most).expect("a small number") {
        unsolved(&house, &house.acorn, [203, 0, 113, n], "").await;
    }
    assert_eq!(
        told(&house, house.acorn.id, Activity::CaptchaFailed).await.len(),
        most.most
    );
}

#[tokio::test]
async fn r54_a_network_that_is_told_to_wait_is_told_once() {
    let house = House::quiet(Store::for_tests().await).await;
    let strict = narrow(&house, 2).await;
    let browser = Browser::new(&house, &house.acorn);
    for n in 0..5 {
        let name = "nobody@acorn.example".to_owned();
        let stepped = strict
            .account
            .sign_in(&browser.visit, name, Secret::new("no".to_owned()))
            .await;
        let standing = stepped.expect("an answer").standing;
        assert_eq!(standing == Standing::TooMany, n >= 2, "{n}");
        let stepped = strict.reset.identify(&browser.visit, Identify::default()).await;
        let standing = stepped.expect("an answer").standing;
        // Explicit: half as many.
        assert_eq!(standing == Standing::TooMany, n >= 1, "{n}");
    }
    let rows = told(&house, house.acorn.id, Activity::NetworkSlowed).await;
    assert_eq!(
        rows.iter().map(|row| row.reason.as_str()).collect::<Vec<_>>(),
        ["identify"]
    );
}

#[tokio::test]
async fn r54_the_console_refused_is_told_by_a_post_once_and_never_by_a_page() {
    let house = House::quiet(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let id = id_of(&house, &house.acorn, &person.username).await;
    let mut browser = Browser::new(&house, &house.acorn);
    let look = async |browser: &Browser<'_>| {
        house
            .service
            .account
            .look_staff(&browser.visit)
            .await
            .expect("an answer")
    };
    browser.visit.is_posted = true;
    assert!(look(&browser).await.is_none(), "nobody is signed in");
    browser.sign_in(&person.username, &person.password).await;
    browser.visit.is_posted = false;
    let before = told(&house, house.acorn.id, Activity::AccessRefused).await;
    assert!(look(&browser).await.is_none() && before.is_empty());
    assert!(
        told(&house, house.acorn.id, Activity::AccessRefused).await.is_empty(),
        "r42"
    );
    browser.visit.is_posted = true;
    for _ in 0..3 {
        assert!(look(&browser).await.is_none());
    }
    let rows = told(&house, house.acorn.id, Activity::AccessRefused).await;
    assert_eq!(who(&rows), [(Some(id), None, Some(id), "console")]);
}

/// Refuses everything for good.
struct Refusing;

impl Channel for Refusing {
    fn deliver<'a>(&'a self, _: &'a Letter, _: &'a Envelope) -> Pin<Box<dyn Future<Output = Outcome> + Send + 'a>> {
        Box::pin(async {
            Outcome::Never {
                why: "550 5.1.1".to_owned(),
            }
        })
    }
}

/// Waits until something holds; a test that waits longer than ten seconds has failed.
async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..400 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("waited in vain for {what}");
}

#[tokio::test]
async fn r34_an_operator_sees_dead_letters_and_sends_a_notice_once_more() {
    let house = House::quiet(Store::for_tests().await).await;
    let birch = outspoken(&house).await;
    let (person, mut browser) = granted(&house, &birch).await;
    browser.password(NEW).await;
    let id = id_of(&house, &birch, &person.username).await;
    let tasks = Tasks::default();
    house.service.start(&tasks, Channels::all(Arc::new(Refusing)));
    until("dead letters", async || {
        outbox::tallies(&house.store).await.expect("numbers") == [0, 2]
    })
    .await;
    tasks.stop();
    assert!(tasks.finished(Duration::from_secs(10)).await);
    let rows = told(&house, birch.id, Activity::MessageGivenUp).await;
    assert_eq!(who(&rows), [(None, Some("server"), Some(id), "password-reset"); 2]);

    let list = async |tenant| {
        admin::dead_letters(&house.service, tenant, "r")
            .await
            .expect("an answer")
    };
    assert!(list(Some("nowhere.example")).await.is_err());
    assert_eq!(list(Some("localhost")).await.map(|found| found.len()), Ok(0));
    let found = list(Some("birch.localhost")).await.expect("a tenant");
    let [of_birch] = &found[..] else { panic!("one tenant") };
    assert_eq!((of_birch.tenant.as_str(), of_birch.is_cut), ("birch", false));
    for letter in &of_birch.letters {
        assert_eq!(
            (letter.purpose.as_str(), letter.why.as_str(), letter.may_retry),
            ("password-reset", "550 5.1.1", true)
        );
        let to = letter.to.as_deref().expect("a masked address");
        assert!(to.contains("•••") && !person.emails.iter().any(|own| own == to), "{to}");
    }
    let rows = told(&house, birch.id, Activity::OutboxRead).await;
    assert_eq!(who(&rows), [(None, Some("operator"), None, "dead")]);

    let letter = of_birch.letters.first().expect("a letter").id.to_string();
    for unknown in ["x", "00000000-0000-0000-0000-000000000007"] {
        assert!(
            admin::retry(&house.service, unknown, "r")
                .await
                .expect("an answer")
                .is_err()
        );
    }
    let retry = async || admin::retry(&house.service, &letter, "r").await.expect("an answer");
    assert_eq!(retry().await, Ok(()));
    assert!(retry().await.is_err(), "it waits already");
    let rows = told(&house, birch.id, Activity::MessageRetried).await;
    assert_eq!(who(&rows), [(None, Some("operator"), Some(id), "password-reset")]);
    house.work();
    until("the notice", async || {
        outbox::tallies(&house.store).await.expect("numbers") == [0, 1]
    })
    .await;
    let rows = told(&house, birch.id, Activity::MessageSent).await;
    assert_eq!(who(&rows), [(None, Some("server"), Some(id), "password-reset")]);
}

async fn written_at(house: &House, tenancy: &Tenancy, at: Timestamp, reason: &str) {
    let entry = Entry::success(Activity::HelpAsked, reason);
    let row = Row {
        entry: &entry,
        at,
        actor: Actor::Visitor,
        subject: None,
        network: "",
        device_hash: None,
        request_id: "",
        reference: None,
        client: None,
    };
    let tx = house.store.write(tenancy.id).await.expect("a write");
    audit::write(&tx, &row).await.expect("an entry");
    tx.commit().await.expect("a commit");
}

async fn the_audit_is_kept_as_long_as_its_tenant_says(store: Store) {
    let house = House::quiet(store).await;
    let acorn = changed(&house, &house.acorn, |settings| {
        settings.audit_days = AuditDays::new(AuditDays::LEAST).expect("days");
    })
    .await;
    let days_ago = |n: u64| house.service.now().minus(Duration::from_hours(24 * n));
    for (n, reason) in [(401, "oldest"), (31, "older"), (29, "newer")] {
        written_at(&house, &acorn, days_ago(n), reason).await;
        written_at(&house, &house.birch, days_ago(n), reason).await;
    }
    house.work();
    let left = async |tenancy: &Tenancy| {
        let rows = told(&house, tenancy.id, Activity::HelpAsked).await;
        rows.into_iter().map(|row| row.reason).collect::<Vec<_>>()
    };
    until("acorn's", async || left(&acorn).await == ["newer"]).await;
    until("birch's", async || left(&house.birch).await == ["older", "newer"]).await;
    house.rest().await;
    assert_eq!(left(&acorn).await, ["newer"]);
}

#[tokio::test]
async fn r38_the_audit_is_kept_as_long_as_its_tenant_says_on_sqlite() {
    the_audit_is_kept_as_long_as_its_tenant_says(Store::for_tests().await).await;
}

#[tokio::test]
async fn r38_the_audit_is_kept_as_long_as_its_tenant_says_on_postgres() {
    the_audit_is_kept_as_long_as_its_tenant_says(Store::for_tests_on_postgres().await).await;
}

#[tokio::test]
async fn r54_an_export_is_told_first_and_comes_in_pages() {
    let house = House::quiet(Store::for_tests().await).await;
    let now = house.service.now();
    for n in 0..700_u64 {
        written_at(&house, &house.acorn, now.minus(Duration::from_secs(n)), "many").await;
    }
    let person = house.person(&house.birch, "user@birch.example").await;
    Browser::new(&house, &house.birch)
        .sign_in(&person.username, &person.password)
        .await;
    let begin = async |tenant, from| {
        Export::begin(&house.service, tenant, from, "console-7")
            .await
            .expect("an answer")
    };
    assert!(begin(Some("nowhere.example"), None).await.is_err());
    let mut export = begin(None, None).await.expect("an export");
    let (mut sizes, mut lines) = (Vec::new(), Vec::new());
    while let Some(page) = export.next().await.expect("a page") {
        sizes.push(page.len());
        lines.extend(page);
    }
    assert_eq!(sizes[..2], [500, 201]);
    let column = |name: &str| COLUMNS.iter().position(|column| *column == name).expect("a column");
    let of = |line: &admin::Line, name: &str| line.values[column(name)].clone();
    let own = lines.iter().filter(|line| of(line, "activity") == "audit-exported");
    let own: Vec<_> = own
        .map(|line| (of(line, "tenant"), of(line, "actor_role"), of(line, "request_id")))
        .collect();
    let row = |tenant: &str| (tenant.to_owned(), "operator".to_owned(), "console-7".to_owned());
    assert_eq!(own, [row("acorn"), row("birch")]);
    let signed_in = lines
        .iter()
        .find(|line| of(line, "activity") == "sign-in")
        .expect("a sign-in");
    assert_eq!(of(signed_in, "actor_name"), person.username);
    assert_eq!(of(signed_in, "device_hash").len(), 64);

    let mut export = begin(Some("LOCALHOST"), Some(now.minus(Duration::from_secs(9))))
        .await
        .expect("an export");
    let page = export.next().await.expect("a page").expect("lines");
    assert_eq!(page.len(), 10 + 2, "both exports are told");
    assert!(export.next().await.expect("an answer").is_none());
}

#[tokio::test]
async fn r54_a_tenant_and_its_audit_are_made_together() {
    let house = House::quiet(Store::for_tests().await).await;
    let new = || NewTenant {
        slug: "cedar".to_owned(),
        name: "Cedar".to_owned(),
        base_url: "https://reset.cedar.example".to_owned(),
        hosts: vec!["reset.cedar.example".to_owned()],
        domains: vec!["cedar.example".to_owned()],
    };
    house
        .store
        .run("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END")
        .await;
    assert!(admin::create_tenant(&house.service, new(), "r").await.is_err());
    assert!(
        house
            .service
            .tenancy("reset.cedar.example")
            .await
            .expect("an answer")
            .is_none()
    );
    house.store.run("DROP TRIGGER full").await;
    let id = admin::create_tenant(&house.service, new(), "r")
        .await
        .expect("an answer")
        .expect("a tenant");
    let rows = told(&house, id, Activity::TenantCreated).await;
    assert_eq!(who(&rows), [(None, Some("operator"), None, "created")]);
}
