//! The methods policy (`domain.md` §16): who has which methods, what a change of it does, and the guide.

use crate::console::{seen, staff, view};
use crate::registration::overview;
use crate::stage::{NEW, changed, granted};
use crate::walk::{Browser, House, refused};
use regain_domain::Refusal;
use regain_domain::flow::{Screen, Step};
use regain_domain::gate::{Gate, MethodKind};
use regain_domain::ids::GroupId;
use regain_domain::policy::page::{PolicyPage, PolicyScreen, PolicyView};
use regain_domain::policy::setting::Setting;
use regain_domain::policy::{Converged, Disclosure, Means, Migration, Rule, Wrong};
use regain_service::demo::Person;
use regain_service::{Standing, Tenancy, admin};
use regain_store::{Store, groups};

const PAGE: PolicyPage = PolicyPage::MethodsPolicy;
const STATE: Setting = Setting::Converged(Converged::State);
const ADMIN: &str = "policy@acorn.example";

/// A group of Birch.
async fn group(house: &House) -> GroupId {
    let tx = house.store.write(house.birch.id).await.expect("a write");
    let group = groups::create(&tx, "Callers", house.service.now()).await;
    tx.commit().await.expect("a commit");
    group.expect("a group")
}

async fn join(house: &House, person: &Person) {
    let member = format!(
        "INSERT INTO group_account (tenant_id, group_id, account_id) \
         SELECT tenant_id, (SELECT id FROM account_group WHERE name = 'Callers'), id FROM account WHERE user_name = '{}'",
        person.username
    );
    house.store.run(&member).await;
}

/// Birch with mail for everybody, and the app's codes for a group alone.
async fn split(house: &House, group: GroupId) -> Tenancy {
    changed(house, &house.birch, |settings| {
        let methods = &mut settings.policy.methods;
        let theirs = Rule {
            groups: vec![group],
            ..Rule::EVERYBODY
        };
        methods.rules = [(Means::Email, Rule::EVERYBODY), (Means::App, theirs)].into();
        methods.ways = vec![Gate::AppCode];
    })
    .await
}

/// What is offered of the methods that the policy is about: a one-time pass is none, and offered to everybody.
fn offered(screen: &Screen) -> Vec<Gate> {
    match &screen.step {
        Step::Choose { gates, .. } => {
            let gates = gates.iter().map(|offer| offer.gate);
            gates.filter(|gate| *gate != Gate::OneTimePass).collect()
        }
        other => panic!("no choice: {other:?}"),
    }
}

#[tokio::test]
async fn a_method_for_a_group_is_its_members_and_nobody_elses() {
    let house = House::on(Store::for_tests().await).await;
    let birch = split(&house, group(&house).await).await;
    let told = changed(&house, &birch, |settings| {
        settings.policy.disclosure = Disclosure::Explicit;
    })
    .await;
    let (member, other) = (
        house.person(&birch, "user@birch.example").await,
        house.person(&birch, "user@birch.example").await,
    );
    join(&house, &member).await;
    for (person, expect) in [(&member, vec![Gate::AppCode, Gate::Email]), (&other, vec![Gate::Email])] {
        let mut browser = Browser::new(&house, &told);
        assert_eq!(offered(&browser.identify(&person.username).await), expect);
    }
}

#[tokio::test]
async fn r24_where_nothing_is_told_everybody_is_offered_the_same_and_it_leads_others_nowhere() {
    let house = House::on(Store::for_tests().await).await;
    let birch = split(&house, group(&house).await).await;
    let (member, other) = (
        house.person(&birch, "user@birch.example").await,
        house.person(&birch, "user@birch.example").await,
    );
    join(&house, &member).await;
    for name in [&member.username, &other.username, "nobody@birch.example"] {
        let mut browser = Browser::new(&house, &birch);
        assert_eq!(
            offered(&browser.identify(name).await),
            [Gate::AppCode, Gate::Email],
            "{name}"
        );
    }
    let mut browser = Browser::new(&house, &birch);
    browser.identify(&other.username).await;
    let screen = browser.pass_app(&other).await;
    assert_eq!(
        refused(&screen),
        "code-wrong",
        "the right code of a method that is not theirs"
    );
    let mut browser = Browser::new(&house, &birch);
    browser.identify(&member.username).await;
    let screen = browser.pass_app(&member).await;
    assert!(matches!(screen.step, Step::Password { .. }), "{screen:?}");
}

#[tokio::test]
async fn r24_an_address_is_asked_for_and_nothing_goes_to_those_who_have_it_not() {
    let house = House::on(Store::for_tests().await).await;
    let callers = group(&house).await;
    let birch = changed(&house, &house.birch, |settings| {
        let rule = Rule {
            excluded_groups: vec![callers],
            ..Rule::EVERYBODY
        };
        settings.policy.methods.rules.insert(Means::Email, rule);
    })
    .await;
    let left_out = house.person(&birch, "user@birch.example").await;
    join(&house, &left_out).await;
    let (mut browser, before) = (Browser::new(&house, &birch), house.newest(&birch).await);
    browser.identify(&left_out.username).await;
    browser.choose(Gate::Email).await;
    let address = left_out.emails.last().expect("a mailbox").clone();
    let screen = browser.destination(&address).await;
    assert!(matches!(screen.step, Step::Prove { .. }), "{screen:?}");
    let theirs = house.person(&birch, "user@birch.example").await;
    let mut another = Browser::new(&house, &birch);
    another.identify(&theirs.username).await;
    another.pass_mail(&theirs).await;
    let all = house.demo.messages(&birch, before).await.expect("messages");
    assert!(all.iter().all(|message| message.to != address), "{all:?}");
}

#[tokio::test]
async fn r05_a_method_taken_from_their_group_meanwhile_voids_its_pass() {
    let house = House::on(Store::for_tests().await).await;
    let callers = group(&house).await;
    let (person, mut browser) = granted(&house, &house.birch).await;
    join(&house, &person).await;
    browser.visit.tenant = changed(&house, &house.birch, |settings| {
        let rule = Rule {
            excluded_groups: vec![callers],
            ..Rule::EVERYBODY
        };
        settings.policy.methods.rules.insert(Means::App, rule);
    })
    .await;
    let (screen, _) = browser.password(NEW).await;
    let Step::Choose { progress, .. } = &screen.step else {
        panic!("{screen:?}")
    };
    assert_eq!(progress.n_passed, 0);
}

#[tokio::test]
async fn people_register_what_they_may_use_and_nothing_else() {
    let house = House::quiet(Store::for_tests().await).await;
    let birch = split(&house, group(&house).await).await;
    for (is_member, expect) in [
        (false, vec![MethodKind::Email]),
        (true, vec![MethodKind::App, MethodKind::Email]),
    ] {
        let person = house.person(&birch, "new@birch.example").await;
        if is_member {
            join(&house, &person).await;
        }
        let mut browser = Browser::new(&house, &birch);
        browser.sign_in(&person.username, &person.password).await;
        let mut offers = overview(&browser.confirm("").await).offers.clone();
        offers.retain(|kind| *kind != MethodKind::Authenticator);
        assert_eq!(offers, expect);
    }
}

fn wrong(view: &PolicyView) -> Vec<(Setting, &'static str)> {
    view.wrongs
        .iter()
        .map(|(setting, wrong)| (*setting, wrong.code()))
        .collect()
}

/// The guide proposes what everything together allows, so that nobody loses or gains.
async fn proposed(house: &House, browser: &mut Browser<'_>) {
    assert_eq!(browser.view(PAGE).await.migration, Migration::InProgress);
    let stepped = house.service.console.guide(&browser.visit).await.expect("an answer");
    let shown = view(browser.keep(stepped).0);
    let change = shown.change.clone().expect("a change");
    assert_eq!(
        (change.preview.n_lose, change.preview.n_gain),
        (0, 0),
        "everything was on"
    );
    let value = |setting| {
        shown
            .values
            .iter()
            .find(|(one, _)| *one == setting)
            .map(|(_, value)| value.as_str())
    };
    assert_eq!(value(STATE), Some("complete"));
    assert_eq!(value(Setting::Converged(Converged::Way(Gate::OfficeCall))), Some("on"));
}

#[tokio::test]
async fn the_guide_proposes_the_union_shows_who_loses_and_is_undone() {
    let house = House::on(Store::for_tests().await).await;
    let (_, mut browser) = staff(&house, ADMIN).await;
    proposed(&house, &mut browser).await;

    // As any other change: what it proposes is changed before it is saved.
    let group = (Setting::Converged(Converged::Groups(Means::App)), "Nobody’s");
    assert_eq!(
        wrong(&browser.drafts(PAGE, &[group]).await),
        [(group.0, "group-unknown")]
    );
    let off = |means| (Setting::Converged(Converged::On(means)), "");
    let fields = [
        off(Means::Sms),
        off(Means::Voice),
        off(Means::Passkey),
        off(Means::App),
        (group.0, ""),
    ];
    assert_eq!(wrong(&browser.drafts(PAGE, &fields).await), [(STATE, "too-few-gates")]);
    let shown = browser
        .drafts(PAGE, &[(off(Means::Sms).0, "on"), (off(Means::App).0, "on")])
        .await;
    let change = shown.change.clone().expect("a change");
    assert_eq!(browser.saves(PAGE, &change.seen, "").await.1, Standing::Current);
    let methods = |view: &PolicyView| view.values.iter().any(|(one, _)| *one == Setting::Gate(Gate::AppCode));
    assert!(
        !methods(&browser.view(PolicyPage::AuthenticationMethods).await),
        "they are set on one page"
    );

    // What happens is what was counted.
    let shown = browser
        .drafts(PolicyPage::AuthenticationMethods, &[(Setting::QuestionsReset, "4")])
        .await;
    let differing = &shown.change.expect("a change").differences;
    assert_eq!(differing.len(), 1, "a page sets what stands on it: {differing:?}");

    let stepped = house.service.console.guide(&browser.visit).await.expect("an answer");
    assert_eq!(
        browser.keep(stepped).1,
        Standing::Stale,
        "there is nothing left to propose"
    );
    let page = PolicyPage::Versions;
    let stepped = house.service.console.go_back(&browser.visit, house.acorn.version).await;
    let shown = view(browser.keep(stepped.expect("an answer")).0);
    assert_eq!(shown.wrongs, vec![]);
    assert_eq!(browser.saves(page, &seen(&shown), "").await.1, Standing::Current);
    let after = browser.view(PAGE).await;
    assert_eq!(after.migration, Migration::InProgress);
    let reason = browser.visit.tenant.settings.policy.methods.reason.clone();
    assert_eq!(
        reason,
        format!("v{}", house.acorn.version),
        "what was complete is not opened without one"
    );
}

#[tokio::test]
async fn what_is_complete_is_opened_again_for_a_reason() {
    let house = House::on(Store::for_tests().await).await;
    let (_, mut browser) = staff(&house, ADMIN).await;
    let reason = Setting::Converged(Converged::Reason);
    let back = browser.drafts(PAGE, &[(STATE, "pre-migration")]).await;
    assert_eq!(wrong(&back), [(STATE, "state-order")], "it did not begin there");
    changed(&house, &house.acorn, |settings| {
        settings.policy.methods = regain_domain::policy::proposal(&settings.policy);
    })
    .await;
    browser.again().await;
    let shown = browser.drafts(PAGE, &[(STATE, "in-progress")]).await;
    assert_eq!(shown.wrongs, [(reason, Wrong::ReasonMissing { most: 200 })]);
    let shown = browser
        .drafts(PAGE, &[(STATE, "in-progress"), (reason, "Calls were forgotten")])
        .await;
    assert_eq!(browser.saves(PAGE, &seen(&shown), "").await.1, Standing::Current);
    let after = browser.view(PAGE).await;
    let told = after
        .values
        .iter()
        .find(|(one, _)| *one == reason)
        .map(|(_, value)| value.clone());
    assert_eq!(
        (after.migration, told.as_deref()),
        (Migration::InProgress, Some("Calls were forgotten"))
    );
}

#[tokio::test]
async fn the_count_names_those_who_then_cannot_reset() {
    let house = House::on(Store::for_tests().await).await;
    let callers = group(&house).await;
    let (member, other) = (
        house.person(&house.birch, "user@birch.example").await,
        house.person(&house.birch, "user@birch.example").await,
    );
    join(&house, &member).await;
    let after = changed(&house, &house.birch, |settings| {
        let theirs = Rule {
            groups: vec![callers],
            ..Rule::EVERYBODY
        };
        settings.policy.methods.rules = [(Means::Email, theirs)].into();
        settings.policy.disclosure = Disclosure::Explicit;
    })
    .await;
    for (person, may) in [(member, true), (other, false)] {
        let mut browser = Browser::new(&house, &after);
        let screen = browser.identify(&person.username).await;
        match may {
            true => assert_eq!(offered(&screen), [Gate::Email]),
            false => assert_eq!(screen.step, Step::Stopped(Refusal::NoPolicy)),
        }
    }
}

#[tokio::test]
async fn r51_the_guide_is_for_those_who_set_the_policy() {
    let house = House::on(Store::for_tests().await).await;
    for (like, may) in [("helpdesk@acorn.example", false), (ADMIN, true)] {
        let (_, mut browser) = staff(&house, like).await;
        let stepped = house.service.console.guide(&browser.visit).await.expect("an answer");
        let is_page = matches!(browser.keep(stepped).0, PolicyScreen::Page(_));
        assert_eq!(is_page, may, "{like}");
    }
    let stranger = Browser::new(&house, &house.acorn);
    let stepped = house.service.console.guide(&stranger.visit).await.expect("an answer");
    assert_eq!(stepped.screen, PolicyScreen::SignedOut);
}

#[tokio::test]
async fn an_operator_says_that_a_tenant_comes_from_elsewhere() {
    let house = House::on(Store::for_tests().await).await;
    let gates = vec![Gate::AppCode];
    let done = admin::set_tenant_migration(&house.service, "birch", gates.clone(), "test").await;
    assert_eq!(done.expect("an answer"), Ok(()));
    let birch = house.service.tenancy("birch.localhost").await;
    let methods = birch
        .expect("an answer")
        .expect("a tenant")
        .settings
        .policy
        .methods
        .clone();
    assert_eq!(
        (methods.state, methods.began),
        (Migration::InProgress, Migration::InProgress)
    );
    assert_eq!((methods.sign_in, methods.sign_in_counts), (gates, true));
}
