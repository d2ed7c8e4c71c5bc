//! The console: who is let in, and a change of the policy from its draft to the version that counts.

use crate::cut::{Cuts, Statements};
use crate::stage::{changed, number_of, settled};
use crate::walk::{Browser, House};
use regain_domain::flow::Step;
use regain_domain::gate::Gate;
use regain_domain::policy::Scope;
use regain_domain::policy::doctor::{DoctorScreen, DoctorView};
use regain_domain::policy::page::{PolicyPage, PolicyScreen, PolicyView, Told};
use regain_domain::policy::setting::Setting;
use regain_domain::{Refusal, Secret};
use regain_service::demo::Person;
use regain_service::{Standing, Stepped};
use regain_store::{Store, settings};

const ADMIN: &str = "policy@acorn.example";
const SAVED: &str = "SELECT count(*) FROM audit WHERE activity = 'policy-changed' AND actor_id = WHO";

/// A staff member who has just signed in.
pub(crate) async fn staff<'a>(house: &'a House, like: &str) -> (Person, Browser<'a>) {
    let person = house.person(&house.acorn, like).await;
    let mut browser = Browser::new(house, &house.acorn);
    browser.visit.is_posted = true;
    browser.sign_in(&person.username, &person.password).await;
    browser.sign_in_code(&house.code_of(&person)).await;
    (person, browser)
}

impl Browser<'_> {
    /// What the next request would see of the settings.
    pub(crate) async fn again(&mut self) {
        let found = self.house.service.tenancy("localhost").await.expect("an answer");
        self.visit.tenant = found.expect("a tenant");
    }

    pub(crate) async fn page(&mut self, page: PolicyPage) -> PolicyScreen {
        self.again().await;
        self.house
            .service
            .console
            .look(&self.visit, page)
            .await
            .expect("a page")
    }

    pub(crate) async fn view(&mut self, page: PolicyPage) -> PolicyView {
        view(self.page(page).await)
    }

    /// Posts the form of a page: as it is shown, but for these fields.
    pub(crate) async fn drafts(&mut self, page: PolicyPage, fields: &[(Setting, &str)]) -> PolicyView {
        let shown = self.view(page).await;
        let field = |(setting, value): &(Setting, String)| {
            let typed = fields.iter().find(|(other, _)| other == setting);
            (*setting, typed.map_or(value.clone(), |(_, typed)| (*typed).to_owned()))
        };
        let typed = shown.values.iter().map(field).collect();
        let console = &self.house.service.console;
        let stepped = console.draft(&self.visit, page, shown.version.number, typed).await;
        view(self.kept(stepped).0)
    }

    pub(crate) async fn saves(&mut self, page: PolicyPage, seen: &str, password: &str) -> (PolicyScreen, Standing) {
        self.again().await;
        let console = &self.house.service.console;
        let stepped = console
            .save(&self.visit, page, seen, Secret::new(password.to_owned()))
            .await;
        self.kept(stepped)
    }

    fn kept<T>(&mut self, stepped: regain_service::Result<Stepped<T>>) -> (T, Standing) {
        self.keep(stepped.expect("an answer"))
    }
}

pub(crate) fn view(screen: PolicyScreen) -> PolicyView {
    match screen {
        PolicyScreen::Page(view) => *view,
        other => panic!("no page: {other:?}"),
    }
}

pub(crate) fn seen(view: &PolicyView) -> String {
    view.change.as_ref().expect("a change").seen.clone()
}

async fn version(house: &House) -> i64 {
    let tx = house.store.read(house.acorn.id).await.expect("a read");
    settings::current(&tx).await.expect("settings").version
}

#[tokio::test]
async fn what_is_seen_is_saved_and_holds_at_once() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = staff(&house, ADMIN).await;
    let user = house.person(&house.acorn, "user@acorn.example").await;
    let page = PolicyPage::Properties;
    let shown = browser
        .drafts(page, &[(Setting::Scope, "none"), (Setting::Groups, "")])
        .await;
    let change = shown.change.clone().expect("a change");
    assert!(change.preview.n_lose > 0 && change.preview.n_gain == 0, "{change:?}");
    assert!(!change.wants_password && !change.is_overtaken);
    let names: Vec<_> = change.preview.lose.iter().collect();
    assert!(
        names.contains(&&(user.username.clone(), Refusal::TenantOff)),
        "{names:?}"
    );
    assert_eq!(version(&house).await, house.acorn.version, "nothing counts yet");

    let (screen, standing) = browser.saves(page, &change.seen, "").await;
    assert_eq!(standing, Standing::Current);
    let after = view(screen);
    let told = Told::Saved {
        n_lose: change.preview.n_lose,
        n_gain: 0,
    };
    assert_eq!((after.said, after.is_off, after.change), (Some(told), true, None));
    assert_eq!(after.version.number, house.acorn.version + 1);
    assert_eq!(number_of(&house, &person, SAVED).await, 2, "r54: one entry a setting");
    // What was counted is what happens.
    browser.again().await;
    let mut stranger = Browser::new(&house, &browser.visit.tenant);
    let screen = stranger.identify(&user.username).await;
    assert!(matches!(screen.step, Step::Stopped(Refusal::TenantOff)), "{screen:?}");
}

#[tokio::test]
async fn of_two_who_save_the_second_sees_what_the_first_did() {
    let house = House::on(Store::for_tests().await).await;
    let (_, mut first) = staff(&house, ADMIN).await;
    let (_, mut second) = staff(&house, "admin@acorn.example").await;
    let page = PolicyPage::Notifications;
    let one = first.drafts(page, &[(Setting::NotifyUsers, "")]).await;
    let other = second.drafts(page, &[(Setting::NotifyAllAdmins, "")]).await;
    assert_eq!(first.saves(page, &seen(&one), "").await.1, Standing::Current);

    let (screen, standing) = second.saves(page, &seen(&other), "").await;
    assert_eq!(standing, Standing::Stale);
    let moved = view(screen);
    assert_eq!(moved.refusal, Some(Refusal::Stale));
    let change = moved.change.expect("still under way");
    let differing: Vec<Setting> = change.differences.iter().map(|one| one.setting).collect();
    assert!(
        change.is_overtaken,
        "what the first saved would be undone, and is shown"
    );
    assert_eq!(differing, [Setting::NotifyUsers, Setting::NotifyAllAdmins]);
    assert_eq!(second.saves(page, &change.seen, "").await.1, Standing::Current);
    assert_eq!(version(&house).await, house.acorn.version + 2);
}

#[tokio::test]
async fn counts_that_moved_are_shown_once_more_before_anything_is_saved() {
    let house = House::on(Store::for_tests().await).await;
    let (_, mut browser) = staff(&house, ADMIN).await;
    let page = PolicyPage::Properties;
    let shown = browser.drafts(page, &[(Setting::Scope, "none")]).await;
    house.person(&house.acorn, "user@acorn.example").await;
    let (screen, standing) = browser.saves(page, &seen(&shown), "").await;
    assert_eq!(
        (standing, version(&house).await),
        (Standing::Stale, house.acorn.version)
    );
    let again = view(screen);
    let n = |view: &PolicyView| view.change.as_ref().expect("a change").preview.n_lose;
    assert_eq!(n(&again), n(&shown) + 1);
    assert_eq!(browser.saves(page, &seen(&again), "").await.1, Standing::Current);
}

#[tokio::test]
async fn a_save_given_up_at_any_await_is_one_version_or_none() {
    let statements = Statements::default();
    let house = House::on(statements.store().await).await;
    let (person, mut browser) = staff(&house, ADMIN).await;
    let (page, setting) = (PolicyPage::Notifications, Setting::NotifyUsers);
    let (mut cuts, mut n_statements) = (Cuts::default(), 0);
    while !cuts.are_enough() {
        n_statements += 1;
        let is_on = browser.visit.tenant.settings.policy.notify_users;
        let shown = browser.drafts(page, &[(setting, if is_on { "" } else { "on" })]).await;
        let before = (version(&house).await, number_of(&house, &person, SAVED).await);
        let (seen, password) = (seen(&shown), Secret::new(String::new()));
        let save = house.service.console.save(&browser.visit, page, &seen, password);
        let answer = statements.cut(save, n_statements).await;
        settled(&house).await;
        let after = (version(&house).await, number_of(&house, &person, SAVED).await);
        let is_saved = after.0 > before.0;
        assert_eq!(after, if is_saved { (before.0 + 1, before.1 + 1) } else { before });
        // What was put down is there as long as it is not saved.
        assert_eq!(browser.view(page).await.change.is_none(), is_saved);
        match (answer, is_saved) {
            (Some(answer), true) => {
                assert_eq!(answer.expect("an answer").standing, Standing::Current);
                cuts.through += 1;
                n_statements = 0;
            }
            (None, true) => cuts.lost += 1,
            (None, false) => cuts.kept += 1,
            (Some(_), false) => panic!("what was answered has happened"),
        }
    }
}

#[tokio::test]
async fn a_change_that_changes_nothing_is_told_so_and_leaves_nothing_behind() {
    let house = House::on(Store::for_tests().await).await;
    let (_, mut browser) = staff(&house, ADMIN).await;
    let (page, other) = (PolicyPage::Notifications, PolicyPage::Registration);
    let shown = browser.drafts(page, &[(Setting::NotifyUsers, "")]).await;
    let beside = browser.drafts(other, &[(Setting::ReconfirmDays, "90")]).await;
    assert!(shown.change.is_some() && beside.change.is_some());
    // Each page has a change of its own.
    assert_eq!(browser.view(page).await.change, shown.change);
    let same = browser.drafts(page, &[(Setting::NotifyUsers, "on")]).await;
    assert_eq!((same.said, same.change), (Some(Told::Same), None));
    assert_eq!(browser.saves(page, &seen(&shown), "").await.1, Standing::Stale);
    assert_eq!(browser.saves(other, &seen(&beside), "").await.1, Standing::Current);
}

#[tokio::test]
async fn r54_of_a_list_the_audit_tells_what_came_and_what_went() {
    let house = House::on(Store::for_tests().await).await;
    let (_, mut browser) = staff(&house, ADMIN).await;
    let page = PolicyPage::Properties;
    for networks in ["192.0.2.0/24\n198.51.100.0/24", "198.51.100.0/24\n203.0.113.0/24"] {
        let shown = browser.drafts(page, &[(Setting::TrustedNetworks, networks)]).await;
        assert_eq!(browser.saves(page, &seen(&shown), "").await.1, Standing::Current);
    }
    let told = "SELECT reason FROM audit WHERE activity = 'policy-changed' ORDER BY at";
    let told: Vec<String> = house.store.column(told).await;
    let last = told.last().expect("an entry");
    assert!(
        last.ends_with("trusted_networks: -192.0.2.0/24, +203.0.113.0/24"),
        "{last}"
    );
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_setting_and_cannot_be_saved() {
    let house = House::on(Store::for_tests().await).await;
    let (_, mut browser) = staff(&house, ADMIN).await;
    let page = PolicyPage::AuthenticationMethods;
    let fields = [(Setting::NGates, "1"), (Setting::QuestionsReset, "nine")];
    let shown = browser.drafts(page, &fields).await;
    let wrongs: Vec<_> = shown
        .wrongs
        .iter()
        .map(|(setting, wrong)| (*setting, wrong.code()))
        .collect();
    assert_eq!(
        wrongs,
        [
            (Setting::QuestionsReset, "range"),
            (Setting::Gate(Gate::Questions), "questions-alone")
        ]
    );
    assert_eq!(shown.change, None);
    let typed = shown
        .values
        .iter()
        .find(|(setting, _)| *setting == Setting::QuestionsReset);
    assert_eq!(
        typed.map(|(_, text)| text.as_str()),
        Some("nine"),
        "nothing typed is lost"
    );
    assert_eq!(browser.saves(page, "anything", "").await.1, Standing::Stale);

    let (screen, _) = {
        let stepped = house.service.console.discard(&browser.visit, page).await;
        browser.kept(stepped)
    };
    let dropped = view(screen);
    assert_eq!((dropped.said, dropped.wrongs), (Some(Told::Discarded), vec![]));
    assert_eq!(version(&house).await, house.acorn.version);
}

#[tokio::test]
async fn r50_a_password_that_was_not_typed_just_now_is_asked_for() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = staff(&house, ADMIN).await;
    house
        .store
        .run("UPDATE session SET password_at = password_at - 300000")
        .await;
    let page = PolicyPage::AdministratorPolicy;
    let shown = browser.drafts(page, &[(Setting::AdminReset, "")]).await;
    assert!(shown.change.as_ref().expect("a change").wants_password);
    for wrong in ["", "not the password"] {
        let (screen, _) = browser.saves(page, &seen(&shown), wrong).await;
        assert_eq!(view(screen).refusal, Some(Refusal::PasswordWrong));
    }
    assert_eq!(version(&house).await, house.acorn.version);
    let cookie = browser.visit.session.clone();
    let (screen, _) = browser.saves(page, &seen(&shown), &person.password).await;
    assert!(matches!(view(screen).said, Some(Told::Saved { .. })));
    assert_ne!(browser.visit.session, cookie, "r41: a new session id");
    // Five minutes are not bought with it: each act asks again.
    let shown = browser.drafts(page, &[(Setting::AdminReset, "on")]).await;
    assert!(shown.change.expect("a change").wants_password);
}

#[tokio::test]
async fn going_back_is_one_more_version_with_all_settings_of_the_older_one() {
    let house = House::on(Store::for_tests().await).await;
    let (_, mut browser) = staff(&house, ADMIN).await;
    for (page, field) in [
        (PolicyPage::Notifications, (Setting::NotifyUsers, "")),
        (PolicyPage::Registration, (Setting::ReconfirmDays, "90")),
    ] {
        let shown = browser.drafts(page, &[field]).await;
        assert_eq!(browser.saves(page, &seen(&shown), "").await.1, Standing::Current);
    }
    let page = PolicyPage::Versions;
    let history = browser.view(page).await.history;
    let changed: Vec<Vec<Setting>> = history
        .iter()
        .take(2)
        .map(|past| past.differences.iter().map(|one| one.setting).collect())
        .collect();
    assert_eq!(changed, [[Setting::ReconfirmDays], [Setting::NotifyUsers]]);

    let stepped = house.service.console.go_back(&browser.visit, house.acorn.version).await;
    let shown = view(browser.kept(stepped).0);
    let differing: Vec<Setting> = shown
        .change
        .iter()
        .flat_map(|change| change.differences.iter().map(|one| one.setting))
        .collect();
    assert_eq!(differing, [Setting::ReconfirmDays, Setting::NotifyUsers]);
    assert_eq!(browser.saves(page, &seen(&shown), "").await.1, Standing::Current);
    browser.again().await;
    assert_eq!(browser.visit.tenant.settings.policy, house.acorn.settings.policy);
    assert_eq!(version(&house).await, house.acorn.version + 3);
    let stepped = house.service.console.go_back(&browser.visit, 99).await;
    assert_eq!(browser.kept(stepped).1, Standing::Stale);
}

#[tokio::test]
async fn r51_each_role_sees_and_saves_its_own_pages_alone() {
    let house = House::on(Store::for_tests().await).await;
    for (like, may) in [
        ("admin@acorn.example", PolicyPage::ALL.to_vec()),
        (ADMIN, PolicyPage::ALL.to_vec()),
        ("brand@acorn.example", vec![PolicyPage::Customization]),
        ("helpdesk@acorn.example", vec![]),
        ("auditor@acorn.example", vec![]),
    ] {
        let (_, mut browser) = staff(&house, like).await;
        for page in PolicyPage::ALL {
            let screen = browser.page(page).await;
            let is_seen = matches!(screen, PolicyScreen::Page(_));
            assert_eq!(is_seen, may.contains(&page), "{like} {page:?}");
            assert!(is_seen || matches!(screen, PolicyScreen::Forbidden(_)));
            let stepped = house.service.console.draft(&browser.visit, page, 1, vec![]).await;
            let is_taken = browser.kept(stepped).1 == Standing::Current;
            assert_eq!(is_taken, may.contains(&page), "{like} {page:?}");
        }
    }
}

#[tokio::test]
async fn r51_whoever_loses_the_role_or_never_had_one_saves_nothing() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = staff(&house, ADMIN).await;
    let page = PolicyPage::Notifications;
    let shown = browser.drafts(page, &[(Setting::NotifyUsers, "")]).await;
    let role = "DELETE FROM account_role WHERE account_id = (SELECT id FROM account WHERE user_name = ";
    house.store.run(&format!("{role}'{}')", person.username)).await;
    let (screen, standing) = browser.saves(page, &seen(&shown), "").await;
    assert_eq!((screen, standing), (PolicyScreen::SignedOut, Standing::Stale));
    let mut stranger = Browser::new(&house, &house.acorn);
    assert_eq!(stranger.page(page).await, PolicyScreen::SignedOut);
    for version in [1, 99] {
        let stepped = house.service.console.go_back(&stranger.visit, version).await;
        let (screen, _) = stranger.kept(stepped);
        assert_eq!(
            (screen, &stranger.visit.note),
            (PolicyScreen::SignedOut, &None),
            "no word on versions"
        );
    }
    assert_eq!(version(&house).await, house.acorn.version);
}

fn diagnosed(screen: DoctorScreen) -> DoctorView {
    match screen {
        DoctorScreen::Page(view) => *view,
        other => panic!("no page: {other:?}"),
    }
}

#[tokio::test]
async fn the_doctor_says_why_somebody_is_refused_and_that_it_was_asked_is_recorded() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = staff(&house, "helpdesk@acorn.example").await;
    let console = &house.service.console;
    for (like, code) in [
        ("user@acorn.example", ""),
        ("new@acorn.example", "not-registered"),
        ("outsider@acorn.example", "not-in-scope"),
        ("disabled@acorn.example", "account-disabled"),
    ] {
        let whom = house.person(&house.acorn, like).await;
        let stepped = console.diagnose(&browser.visit, &whom.username.to_uppercase()).await;
        let view = diagnosed(browser.kept(stepped).0);
        let found = view.findings.clone().expect("findings");
        assert_eq!(found.user_name, whom.username);
        assert_eq!(found.refusal().map_or("", Refusal::code), code, "{like}");
        // A page without scripts draws the same.
        let looked = diagnosed(console.look_doctor(&browser.visit).await.expect("a page"));
        assert_eq!(looked, view);
        let mut stranger = Browser::new(&house, &house.acorn);
        let screen = stranger.identify(&whom.username).await;
        let refused = match &screen.step {
            Step::Stopped(refusal) => refusal.code(),
            _ => crate::walk::refused(&screen),
        };
        let told = if code == "account-disabled" {
            "user-unknown"
        } else {
            code
        };
        assert_eq!(refused, told, "what the wizard says itself");
    }
    let read =
        "SELECT count(*) FROM audit WHERE activity = 'person-read' AND actor_id = WHO AND subject_id IS NOT NULL";
    assert_eq!(number_of(&house, &person, read).await, 4);
    let stepped = console.diagnose(&browser.visit, "no name at all").await;
    assert_eq!(diagnosed(browser.kept(stepped).0).refusal, Some(Refusal::UsernameForm));
    let stepped = console.diagnose(&browser.visit, "nobody").await;
    let found = diagnosed(browser.kept(stepped).0).findings.expect("findings");
    assert_eq!(found.refusal(), Some(&Refusal::UserUnknown));
}

#[tokio::test]
async fn r51_the_doctor_is_for_those_who_assist() {
    let house = House::on(Store::for_tests().await).await;
    for (like, may) in [
        ("admin@acorn.example", true),
        (ADMIN, false),
        ("auditor@acorn.example", false),
    ] {
        let (_, mut browser) = staff(&house, like).await;
        let stepped = house.service.console.diagnose(&browser.visit, "user").await;
        let (screen, standing) = browser.kept(stepped);
        assert_eq!(matches!(screen, DoctorScreen::Page(_)), may, "{like}");
        assert_eq!(standing == Standing::Current, may);
    }
    let mut stranger = Browser::new(&house, &house.acorn);
    let stepped = house.service.console.diagnose(&stranger.visit, "user").await;
    assert_eq!(stranger.kept(stepped).0, DoctorScreen::SignedOut);
}

#[tokio::test]
async fn a_tightening_holds_for_a_flow_under_way_and_a_loosening_does_not_help_it() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let strict = house.acorn.clone();
    let loose = changed(&house, &strict, |settings| {
        settings.policy.n_gates = 1;
        settings.policy.gates = vec![Gate::AppCode, Gate::Email];
    })
    .await;
    let mut browser = Browser::new(&house, &loose);
    browser.identify(&person.username).await;
    let strict = changed(&house, &loose, |settings| settings.policy.n_gates = 2).await;
    browser.visit.tenant = strict.clone();
    let screen = browser.pass_app(&person).await;
    assert!(matches!(screen.step, Step::Choose { .. }), "{screen:?}");

    let person = house.person(&house.acorn, "user@acorn.example").await;
    let mut browser = Browser::new(&house, &strict);
    browser.identify(&person.username).await;
    browser.visit.tenant = changed(&house, &strict, |settings| {
        settings.policy.n_gates = 1;
        settings.policy.scope = Scope::All;
    })
    .await;
    let screen = browser.pass_app(&person).await;
    assert!(matches!(screen.step, Step::Choose { .. }), "{screen:?}");
}
