//! People and groups: found, opened, helped, made, imported, and put into groups.

use crate::cut::{Cuts, Statements};
use crate::stage::{number_of, settled};
use crate::walk::{Browser, House};
use regain_domain::Refusal;
use regain_domain::Secret;
use regain_domain::account::Status;
use regain_domain::flow::Step;
use regain_domain::gate::Gate;
use regain_domain::people::{
    Doing, Field, Fields, GroupAct, GroupView, ImportView, Only, PeopleView, PersonAct, PersonView, Said, Search, Wrong,
};
use regain_domain::role::Role;
use regain_domain::sign_in::AccountScreen;
use regain_domain::staff::Guarded;
use regain_service::Standing;
use regain_service::demo::Person;
use regain_store::{Store, accounts, groups};

const ADMIN: &str = "admin@acorn.example";
pub(crate) const HELPDESK: &str = "helpdesk@acorn.example";
pub(crate) const USER: &str = "user@acorn.example";

/// A staff member who has just signed in.
pub(crate) async fn staff<'a>(house: &'a House, like: &str) -> (Person, Browser<'a>) {
    let person = house.person(&house.acorn, like).await;
    let mut browser = Browser::new(house, &house.acorn);
    browser.visit.is_posted = true;
    browser.sign_in(&person.username, &person.password).await;
    browser.sign_in_code(&house.code_of(&person)).await;
    (person, browser)
}

pub(crate) fn page<T>(screen: Guarded<T>) -> T {
    match screen {
        Guarded::Page(page) => *page,
        Guarded::SignedOut | Guarded::Forbidden(_) => panic!("no page"),
    }
}

impl Browser<'_> {
    async fn finds(&mut self, words: &str, only: Only, after: &str) -> PeopleView {
        let search = Search {
            words: words.to_owned(),
            only,
            after: after.to_owned(),
        };
        let stepped = self.house.service.console.find(&self.visit, search).await;
        page(self.keep(stepped.expect("an answer")).0)
    }

    pub(crate) async fn opens(&mut self, person: &Person) -> PersonView {
        let found = self.finds(&person.username, Only::Everyone, "").await.found;
        let id = found.first().expect("somebody").id;
        let stepped = self.house.service.console.open(&self.visit, id).await;
        page(self.keep(stepped.expect("an answer")).0).expect("a person")
    }

    pub(crate) async fn does(
        &mut self,
        view: &PersonView,
        doing: Doing,
        password: &str,
    ) -> (Guarded<Option<PersonView>>, Standing) {
        let console = &self.house.service.console;
        let password = Secret::new(password.to_owned());
        let stepped = console.act(&self.visit, view.id, doing, password).await;
        self.keep(stepped.expect("an answer"))
    }

    pub(crate) async fn did(&mut self, view: &PersonView, doing: Doing) -> PersonView {
        let act = doing.act();
        let (screen, standing) = self.does(view, doing, "").await;
        let view = page(screen).expect("a person");
        assert_eq!((standing, view.said), (Standing::Current, Some(Said::Done(act))));
        view
    }

    async fn creates(&mut self, fields: &[(Field, &str)]) -> Option<PersonView> {
        let fields = fields
            .iter()
            .map(|(field, text)| (*field, (*text).to_owned()))
            .collect();
        let stepped = self.house.service.console.create(&self.visit, Fields(fields)).await;
        page(self.keep(stepped.expect("an answer")).0)
    }

    async fn posts(&mut self, csv: &str) -> ImportView {
        let stepped = self.house.service.console.post_import(&self.visit, csv).await;
        page(self.keep(stepped.expect("an answer")).0)
    }

    async fn imports(&mut self, seen: &str) -> (ImportView, Standing) {
        let stepped = self.house.service.console.import(&self.visit, seen).await;
        let (screen, standing) = self.keep(stepped.expect("an answer"));
        (page(screen), standing)
    }

    async fn changes(&mut self, group: &GroupView, act: GroupAct, who: &str) -> Option<GroupView> {
        let console = &self.house.service.console;
        let stepped = console.change_group(&self.visit, group.id, act, who).await;
        page(self.keep(stepped.expect("an answer")).0)
    }

    async fn makes_group(&mut self, name: &str) -> Option<GroupView> {
        let stepped = self.house.service.console.create_group(&self.visit, name).await;
        page(self.keep(stepped.expect("an answer")).0)
    }
}

fn names(view: &PeopleView) -> Vec<&str> {
    view.found.iter().map(|found| found.user_name.as_str()).collect()
}

#[tokio::test]
async fn people_are_found_by_parts_of_names_and_by_what_they_are() {
    let house = House::on(Store::for_tests().await).await;
    let (_, mut browser) = staff(&house, HELPDESK).await;
    for (words, only, expect) in [
        ("SERRANO uma", Only::Everyone, true),
        ("user@acorn", Only::Everyone, true),
        ("er_er@", Only::Everyone, false),
        ("%", Only::Everyone, false),
        ("uma", Only::Staff, false),
    ] {
        let view = browser.finds(words, only, "").await;
        assert_eq!(names(&view).contains(&USER), expect, "{words}");
    }
    let view = browser.finds("", Only::Staff, "").await;
    assert!(view.found.iter().all(|found| found.is_staff) && names(&view).contains(&ADMIN));
    assert_eq!(
        names(&browser.finds("", Only::Locked, "").await),
        ["locked@acorn.example"]
    );
    assert_eq!(
        names(&browser.finds("", Only::Disabled, "").await),
        ["disabled@acorn.example"]
    );
    let all = browser.finds("", Only::Everyone, "").await;
    let middle = all.found[3].user_name.clone();
    let rest = browser.finds("", Only::Everyone, &middle).await;
    assert_eq!(rest.found, all.found[4..], "a page begins after a name");
    assert!(!names(&all).iter().any(|name| name.ends_with("birch.example")), "r49");
    // A page without scripts draws what was found.
    let looked = house.service.console.look_people(&browser.visit).await;
    assert_eq!(page(looked.expect("a page")), rest);
}

#[tokio::test]
async fn r54_who_looked_for_whom_is_recorded() {
    let house = House::on(Store::for_tests().await).await;
    let user = house.person(&house.acorn, USER).await;
    let (person, mut browser) = staff(&house, HELPDESK).await;
    browser.opens(&user).await;
    let found = "SELECT count(*) FROM audit WHERE activity = 'person-read' AND reason = 'found' AND actor_id = WHO";
    assert_eq!(number_of(&house, &person, found).await, 1);
    let opened = "SELECT count(*) FROM audit WHERE activity = 'person-read' AND reason = 'opened' AND subject_id = WHO";
    assert_eq!(number_of(&house, &user, opened).await, 1);
}

#[tokio::test]
async fn r51_people_are_for_those_who_assist_and_roles_for_global_admins() {
    let house = House::on(Store::for_tests().await).await;
    let user = house.person(&house.acorn, USER).await;
    let (_, mut admin) = staff(&house, ADMIN).await;
    let view = admin.opens(&user).await;
    for like in ["policy@acorn.example", "brand@acorn.example", "auditor@acorn.example"] {
        let (_, mut browser) = staff(&house, like).await;
        let looked = house.service.console.look_people(&browser.visit).await.expect("a page");
        assert!(matches!(looked, Guarded::Forbidden(_)), "{like}");
        for doing in [Doing::Lift, Doing::Disable, Doing::Roles(vec![Role::GlobalAdmin])] {
            let (screen, standing) = browser.does(&view, doing, "").await;
            assert!(
                matches!(screen, Guarded::Forbidden(_)) && standing == Standing::Stale,
                "{like}"
            );
        }
        let groups = house.service.console.look_groups(&browser.visit).await.expect("a page");
        assert!(matches!(groups, Guarded::Forbidden(_)));
    }
    let (_, mut helpdesk) = staff(&house, HELPDESK).await;
    for doing in [Doing::Disable, Doing::Roles(vec![Role::Auditor])] {
        let (screen, _) = helpdesk.does(&view, doing, "").await;
        assert!(matches!(screen, Guarded::Forbidden(_)));
    }
    let (screen, _) = Browser::new(&house, &house.acorn).does(&view, Doing::Lift, "").await;
    assert!(matches!(screen, Guarded::SignedOut));
    let tx = house.store.read(house.acorn.id).await.expect("a read");
    let live = accounts::by_id(&tx, view.id)
        .await
        .expect("a read")
        .expect("an account");
    assert_eq!((live.status, live.roles), (Status::Active, vec![]));
}

#[tokio::test]
async fn r18_r52_a_lift_ends_block_and_lock_at_once_and_is_told() {
    let house = House::on(Store::for_tests().await).await;
    house.work();
    let person = house.person(&house.acorn, "locked@acorn.example").await;
    let (_, mut browser) = staff(&house, HELPDESK).await;
    // Five wrong codes: resets rest.
    let mut outsider = Browser::new(&house, &house.acorn);
    outsider.identify(&person.username).await;
    outsider.choose(Gate::AppCode).await;
    for _ in 0..5 {
        outsider.code("000000").await;
    }
    let view = browser.opens(&person).await;
    assert!(
        view.held.blocked_until.is_some() && view.status == Status::Locked,
        "{view:?}"
    );
    let newest = house.newest(&house.acorn).await;
    let view = browser.did(&view, Doing::Lift).await;
    assert_eq!((view.held.blocked_until, view.status), (None, Status::Active));
    assert!(!view.acts.contains(&PersonAct::Lift), "nothing is left to be lifted");
    house.message(&house.acorn, &person.emails[0], "by-staff", newest).await;
    let mut own = Browser::new(&house, &house.acorn);
    let screen = own.sign_in(&person.username, &person.password).await;
    assert!(matches!(screen, AccountScreen::In(_)), "{screen:?}");
    // Twice is not done twice.
    assert_eq!(browser.does(&view, Doing::Lift, "").await.1, Standing::Stale);
}

#[tokio::test]
async fn r52_methods_are_removed_for_a_reason_and_registered_anew() {
    let house = House::on(Store::for_tests().await).await;
    house.work();
    let person = house.person(&house.acorn, USER).await;
    let (_, mut browser) = staff(&house, HELPDESK).await;
    let view = browser.opens(&person).await;
    let text = format!("{:?}", view.methods);
    assert!(!text.contains(&person.emails[1]), "masked: {text}");
    let (screen, _) = browser
        .does(
            &view,
            Doing::RegisterAgain {
                reason: "  ".to_owned(),
            },
            "",
        )
        .await;
    let refused = page(screen).expect("a person");
    assert_eq!(
        (refused.wrong, refused.methods.len()),
        (Some(Wrong::Missing), view.methods.len())
    );

    let mut own = Browser::new(&house, &house.acorn);
    own.sign_in(&person.username, &person.password).await;
    let newest = house.newest(&house.acorn).await;
    let first = view.methods[0].clone();
    let doing = Doing::RemoveMethod {
        method: first.id,
        reason: "phone lost".to_owned(),
    };
    let view = browser.did(&view, doing.clone()).await;
    assert!(view.methods.iter().all(|method| method.id != first.id));
    assert_eq!(
        browser.does(&view, doing, "").await.1,
        Standing::Stale,
        "it is gone already"
    );
    house.message(&house.acorn, &person.emails[0], "by-staff", newest).await;
    let looked = house.service.account.look(&own.visit).await.expect("a page");
    assert!(matches!(looked, AccountScreen::SignIn { .. }), "r08: signed out");
}

#[tokio::test]
async fn r52_whoever_has_to_register_again_cannot_put_it_off() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, USER).await;
    let (_, mut browser) = staff(&house, HELPDESK).await;
    let view = browser.opens(&person).await;
    let reason = "all lost".to_owned();
    let view = browser.did(&view, Doing::RegisterAgain { reason }).await;
    assert!(view.methods.is_empty() && view.standing.must_register);
    let told = "SELECT count(*) FROM audit WHERE activity = 'method-removed' AND reason = 'all: all lost' AND subject_id = WHO";
    assert_eq!(number_of(&house, &person, told).await, 1);
    let mut own = Browser::new(&house, &house.acorn);
    let screen = own.sign_in(&person.username, &person.password).await;
    let AccountScreen::In(who) = screen else {
        panic!("{screen:?}")
    };
    assert!(who.is_asked, "asked at the next sign-in");
    assert_eq!(
        house
            .service
            .registration
            .skip(&own.visit)
            .await
            .expect("an answer")
            .standing,
        Standing::Stale,
        "it cannot be put off"
    );
}

#[tokio::test]
async fn r51_a_role_is_told_ends_sessions_and_nobody_changes_their_own() {
    let house = House::on(Store::for_tests().await).await;
    house.work();
    let user = house.person(&house.acorn, USER).await;
    let (admin, mut browser) = staff(&house, ADMIN).await;
    let mut own = Browser::new(&house, &house.acorn);
    own.sign_in(&user.username, &user.password).await;
    let newest = house.newest(&house.acorn).await;
    let view = browser.opens(&user).await;
    let view = browser
        .did(&view, Doing::Roles(vec![Role::Helpdesk, Role::Auditor]))
        .await;
    assert_eq!(view.roles, [Role::Helpdesk, Role::Auditor]);
    house
        .message(&house.acorn, "policy@acorn.example", "roles-changed", newest)
        .await;
    let looked = house.service.account.look(&own.visit).await.expect("a page");
    assert!(matches!(looked, AccountScreen::SignIn { .. }), "r41");
    let told = "SELECT count(*) FROM audit WHERE activity = 'roles-changed' AND reason = '- > helpdesk auditor' AND subject_id = WHO";
    assert_eq!(number_of(&house, &user, told).await, 1);
    let self_view = browser.opens(&admin).await;
    assert_eq!(self_view.acts, []);
    let (_, standing) = browser.does(&self_view, Doing::Roles(vec![]), "").await;
    assert_eq!(standing, Standing::Stale);
}

#[tokio::test]
async fn r50_what_is_sensitive_takes_the_password_once_it_is_old() {
    let house = House::on(Store::for_tests().await).await;
    let user = house.person(&house.acorn, USER).await;
    let (admin, mut browser) = staff(&house, ADMIN).await;
    let old = "UPDATE session SET password_at = 0 WHERE is_staff = 1";
    house.store.run(old).await;
    let view = browser.opens(&user).await;
    assert!(view.wants_password);
    let before = browser.visit.session.clone();
    for (typed, refusal) in [("", Refusal::PasswordWrong), ("not it", Refusal::PasswordWrong)] {
        let (screen, _) = browser.does(&view, Doing::Disable, typed).await;
        let refused = page(screen).expect("a person");
        assert_eq!((refused.refusal, refused.status), (Some(refusal), Status::Active));
        assert_eq!(refused.tried, Some(Doing::Disable), "the form stays open");
    }
    let (screen, _) = browser.does(&view, Doing::Disable, &admin.password).await;
    assert_eq!(page(screen).expect("a person").status, Status::Disabled);
    assert_ne!(browser.visit.session, before, "r41: another cookie");
    let mut own = Browser::new(&house, &house.acorn);
    let screen = own.sign_in(&user.username, &user.password).await;
    assert!(!matches!(screen, AccountScreen::In(_)), "{screen:?}");
    let view = browser.opens(&user).await;
    assert_eq!(browser.did(&view, Doing::Enable).await.status, Status::Active);
}

#[tokio::test]
async fn somebody_who_was_made_sets_the_first_password_by_a_reset() {
    let house = House::on(Store::for_tests().await).await;
    house.work();
    let (_, mut browser) = staff(&house, ADMIN).await;
    let fields = [
        (Field::UserName, " Ada.Byron "),
        (Field::GivenName, "Ada"),
        (Field::FamilyName, "Byron"),
        (Field::Mail, "ada.byron@acorn.example"),
        (Field::AlternateMail, "ada@mail.example"),
        (Field::Mobile, "+1 212 555 0150"),
        (Field::Groups, "Pilot"),
    ];
    let view = browser.creates(&fields).await.expect("a person");
    assert_eq!(view.said, Some(Said::Created));
    assert_eq!(
        (view.user_name.as_str(), view.groups.len()),
        ("ada.byron@acorn.example", 1)
    );
    assert!(view.methods.iter().all(|method| !method.is_verified) && view.methods.len() == 2);
    for password in ["", "x", "Ada"] {
        let mut own = Browser::new(&house, &house.acorn);
        let screen = own.sign_in("ada.byron@acorn.example", password).await;
        assert!(matches!(screen, AccountScreen::SignIn { .. }), "no password fits");
    }
    let mut own = Browser::new(&house, &house.acorn);
    let screen = own.identify("ada.byron@acorn.example").await;
    assert!(!matches!(screen.step, Step::Stopped(_)), "{screen:?}");
    assert_eq!(browser.creates(&fields).await, None);
    let form = page(
        house
            .service
            .console
            .look_newcomer(&browser.visit)
            .await
            .expect("a page"),
    );
    assert_eq!(form.wrongs, [(Field::UserName, Wrong::Taken)]);
    assert_eq!(form.fields.text(Field::GivenName), "Ada", "nothing typed is lost");
}

#[tokio::test]
async fn r47_a_mailbox_outside_of_the_organisation_is_shown_masked() {
    let house = House::on(Store::for_tests().await).await;
    let (_, mut browser) = staff(&house, ADMIN).await;
    for (name, mail, is_whole) in [("ada", "ada@acorn.example", true), ("bob", "bob@mail.example", false)] {
        let view = browser.creates(&[(Field::UserName, name), (Field::Mail, mail)]).await;
        let shown = view.expect("a person").mail.expect("a mailbox");
        assert_eq!(shown == mail, is_whole, "{shown}");
    }
}

#[tokio::test]
async fn each_field_of_a_new_account_is_judged() {
    let house = House::on(Store::for_tests().await).await;
    let (_, mut browser) = staff(&house, ADMIN).await;
    for (field, text, expect) in [
        (Field::UserName, "", Wrong::Missing),
        (Field::UserName, "a b", Wrong::NameForm),
        (Field::GivenName, "Ada\u{202e}", Wrong::Characters),
        (Field::Mail, "ada", Wrong::MailForm),
        (Field::AlternateMail, "ada@acorn.example", Wrong::MailOwn),
        (Field::Mobile, "twelve", Wrong::NumberForm),
        (Field::Language, "tlh", Wrong::LanguageUnknown),
        (
            Field::Groups,
            "Pilot; Nobody’s",
            Wrong::GroupUnknown {
                name: "Nobody’s".to_owned(),
            },
        ),
    ] {
        let mut fields = vec![(Field::UserName, "ada"), (field, text)];
        fields.reverse();
        assert_eq!(browser.creates(&fields).await, None, "{text}");
        let form = page(
            house
                .service
                .console
                .look_newcomer(&browser.visit)
                .await
                .expect("a page"),
        );
        assert_eq!(form.wrongs, [(field, expect)]);
    }
}

#[tokio::test]
async fn a_file_is_looked_at_first_and_made_as_it_was_seen_or_not_at_all() {
    let house = House::on(Store::for_tests().await).await;
    let (admin, mut browser) = staff(&house, ADMIN).await;
    let csv = "user_name;given_name;alternate_mail;groups;shoe size\n\
               ada;Ada;ada@mail.example;Pilot;38\n\
               user@acorn.example;Uma;;;\n\
               ADA@acorn.example;Ada;;;\n\
               bob;Bob;bob@acorn.example;;\n";
    let view = browser.posts(csv).await;
    assert_eq!(
        (view.n_new, view.n_known, view.n_wrong, view.seen.clone()),
        (1, 1, 2, None)
    );
    assert_eq!(view.unknown, ["shoe size"]);
    let wrongs: Vec<_> = view
        .wrong
        .iter()
        .map(|line| (line.number, line.wrongs.clone()))
        .collect();
    assert_eq!(
        wrongs,
        [
            (4, vec![(Field::UserName, Wrong::Twice)]),
            (5, vec![(Field::AlternateMail, Wrong::MailOwn)])
        ]
    );
    let csv = "user_name,alternate_mail,groups\nada,ada@mail.example,Pilot\nbob,bob@mail.example,\nuser,,\n";
    let view = browser.posts(csv).await;
    let seen = view.seen.clone().expect("it can be made");
    assert_eq!((view.n_new, view.n_known), (2, 1));
    // Somebody makes one of them meanwhile: what was seen is not what would be done.
    let (_, mut other) = staff(&house, ADMIN).await;
    assert!(other.creates(&[(Field::UserName, "bob")]).await.is_some());
    let (view, standing) = browser.imports(&seen).await;
    assert_eq!((standing, view.n_new, view.n_known), (Standing::Stale, 1, 2));
    let (view, standing) = browser.imports(&view.seen.expect("it can be made")).await;
    assert_eq!(
        (standing, view.made, view.is_posted),
        (Standing::Current, Some(1), false)
    );
    let told = "SELECT count(*) FROM audit WHERE activity = 'accounts-imported' AND reason = '1' AND actor_id = WHO";
    assert_eq!(number_of(&house, &admin, told).await, 1);
    assert_eq!(
        names(&browser.finds("ada@mail", Only::Everyone, "").await),
        Vec::<&str>::new(),
        "codes go there, nothing else"
    );
    let ada = browser.finds("ada@acorn", Only::Everyone, "").await;
    let stepped = house.service.console.open(&browser.visit, ada.found[0].id).await;
    let view = page(browser.keep(stepped.expect("an answer")).0).expect("a person");
    assert_eq!((view.methods.len(), view.groups), (1, vec!["Pilot".to_owned()]));
}

/// How an act ended that was given up: what was answered has happened.
pub(crate) fn counted(cuts: &mut Cuts, is_answered: bool, is_done: bool) {
    match (is_answered, is_done) {
        (true, true) => cuts.through += 1,
        (false, true) => cuts.lost += 1,
        (false, false) => cuts.kept += 1,
        (true, false) => panic!("what was answered has happened"),
    }
}

#[tokio::test]
async fn an_import_given_up_at_any_await_makes_all_of_its_accounts_or_none() {
    let statements = Statements::default();
    let house = House::on(statements.store().await).await;
    let (admin, mut browser) = staff(&house, ADMIN).await;
    let told = "SELECT count(*) FROM audit WHERE activity = 'accounts-imported' AND actor_id = WHO";
    let (mut cuts, mut n_statements, mut n_files) = (Cuts::default(), 0, 0);
    while !cuts.are_enough() {
        (n_statements, n_files) = (n_statements + 1, n_files + 1);
        let csv = format!("user_name,alternate_mail\nada.{n_files}.x,\nbob.{n_files}.x,b{n_files}@mail.example\n");
        let seen = browser.posts(&csv).await.seen.expect("it can be made");
        let before = number_of(&house, &admin, told).await;
        let import = house.service.console.import(&browser.visit, &seen);
        let answer = statements.cut(import, n_statements).await;
        settled(&house).await;
        let found = browser.finds(&format!(".{n_files}.x@"), Only::Everyone, "").await.found;
        let is_made = found.len() == 2;
        assert!(is_made || found.is_empty(), "{found:?}");
        let entries = number_of(&house, &admin, told).await;
        assert_eq!(entries, before + i64::from(is_made));
        // The file is there as long as nothing was made of it.
        let looked = page(house.service.console.look_import(&browser.visit).await.expect("a page"));
        assert_eq!(looked.is_posted, !is_made);
        counted(&mut cuts, answer.is_some(), is_made);
        if answer.is_some() {
            n_statements = 0;
        }
    }
}

#[tokio::test]
async fn an_act_given_up_at_any_await_is_done_and_told_or_neither() {
    let statements = Statements::default();
    let house = House::on(statements.store().await).await;
    let (_, mut browser) = staff(&house, HELPDESK).await;
    let mut person = house.person(&house.acorn, USER).await;
    let (mut cuts, mut n_statements) = (Cuts::default(), 0);
    while !cuts.are_enough() {
        n_statements += 1;
        let view = browser.opens(&person).await;
        let reason = "all lost".to_owned();
        let act = house.service.console.act(
            &browser.visit,
            view.id,
            Doing::RegisterAgain { reason },
            Secret::new(String::new()),
        );
        let answer = statements.cut(act, n_statements).await;
        settled(&house).await;
        let after = browser.opens(&person).await;
        let is_done = after.methods.is_empty();
        assert!(is_done || after.methods == view.methods, "all of them or none");
        assert_eq!(after.standing.must_register, is_done);
        let removed = "SELECT count(*) FROM audit WHERE activity = 'method-removed' AND subject_id = WHO";
        assert_eq!(number_of(&house, &person, removed).await, i64::from(is_done));
        let notices = "SELECT count(*) FROM outbox WHERE purpose = 'by-staff' AND account_id = WHO";
        assert_eq!(number_of(&house, &person, notices).await > 0, is_done);
        counted(&mut cuts, answer.is_some(), is_done);
        if answer.is_some() {
            n_statements = 0;
        }
        if is_done {
            person = house.person(&house.acorn, USER).await;
        }
    }
}

#[tokio::test]
async fn r53_an_address_that_three_have_is_not_loaded_for_a_fourth() {
    let house = House::on(Store::for_tests().await).await;
    let (_, mut browser) = staff(&house, ADMIN).await;
    let line = |n: u8| format!("p{n},shared@mail.example\n");
    let csv = format!("user_name,alternate_mail\n{}", (1..=4).map(line).collect::<String>());
    let view = browser.posts(&csv).await;
    assert_eq!((view.n_new, view.n_wrong), (3, 1));
    assert_eq!(view.wrong[0].wrongs, [(Field::AlternateMail, Wrong::Shared)]);
}

#[tokio::test]
async fn groups_are_made_filled_nested_and_removed_and_hold_at_once() {
    let house = House::on(Store::for_tests().await).await;
    let (admin, mut browser) = staff(&house, ADMIN).await;
    let outsider = house.person(&house.acorn, "outsider@acorn.example").await;
    let team = browser.makes_group("Team").await.expect("a group");
    let view = browser.changes(&team, GroupAct::AddPerson, &outsider.username).await;
    let view = view.expect("a group");
    assert_eq!((view.people.len(), view.said), (1, Some(GroupAct::AddPerson)));
    let stranger = Browser::new(&house, &house.acorn).identify(&outsider.username).await;
    assert!(matches!(stranger.step, Step::Stopped(Refusal::NotInScope)));
    // The group goes into the one that may reset, and its people with it.
    let all = page(house.service.console.look_groups(&browser.visit).await.expect("a page")).groups;
    let pilot = all.iter().find(|group| group.name == "Pilot").expect("the pilot group");
    let stepped = house.service.console.open_group(&browser.visit, pilot.id, "").await;
    let pilot = page(browser.keep(stepped.expect("an answer")).0).expect("a group");
    assert!(pilot.is_named);
    let inside = browser
        .changes(&pilot, GroupAct::AddGroup, &team.id.to_string())
        .await
        .expect("a group");
    assert_eq!(inside.groups, [(team.id, "Team".to_owned())]);
    let stranger = Browser::new(&house, &house.acorn).identify(&outsider.username).await;
    assert!(!matches!(stranger.step, Step::Stopped(_)), "{stranger:?}");

    let refused = browser
        .changes(&team, GroupAct::AddGroup, &pilot.id.to_string())
        .await
        .expect("a group");
    assert_eq!(refused.refusal, Some(Wrong::Circle));
    let refused = browser.changes(&pilot, GroupAct::Remove, "").await.expect("a group");
    assert_eq!(refused.refusal, Some(Wrong::GroupNamed));
    let refused = browser
        .changes(&team, GroupAct::AddPerson, "nobody")
        .await
        .expect("a group");
    assert_eq!(
        (refused.refusal, refused.typed.as_str()),
        (Some(Wrong::PersonUnknown), "nobody")
    );
    assert_eq!(browser.makes_group("Team").await, None);
    let list = page(house.service.console.look_groups(&browser.visit).await.expect("a page"));
    assert_eq!((list.refusal, list.typed.as_str()), (Some(Wrong::Taken), "Team"));

    assert_eq!(browser.changes(&team, GroupAct::Remove, "").await, None);
    let list = page(house.service.console.look_groups(&browser.visit).await.expect("a page"));
    assert_eq!(list.removed.as_deref(), Some("Team"));
    let stranger = Browser::new(&house, &house.acorn).identify(&outsider.username).await;
    assert!(matches!(stranger.step, Step::Stopped(Refusal::NotInScope)));
    let told = "SELECT count(*) FROM audit WHERE activity = 'group-changed' AND actor_id = WHO";
    assert_eq!(number_of(&house, &admin, told).await, 4);
}

#[tokio::test]
async fn r49_what_is_another_tenants_is_nobodys() {
    let house = House::on(Store::for_tests().await).await;
    let (_, mut browser) = staff(&house, ADMIN).await;
    let tx = house.store.write(house.birch.id).await.expect("a write");
    let theirs = accounts::list(&tx).await.expect("a read")[0].id;
    let group = groups::create(&tx, "Theirs", house.service.now())
        .await
        .expect("a write");
    tx.commit().await.expect("a commit");
    let stepped = house.service.console.open(&browser.visit, theirs).await;
    assert_eq!(page(browser.keep(stepped.expect("an answer")).0), None);
    let stepped = house.service.console.open_group(&browser.visit, group, "").await;
    assert_eq!(page(browser.keep(stepped.expect("an answer")).0), None);
    let console = &house.service.console;
    let stepped = console
        .act(&browser.visit, theirs, Doing::Disable, Secret::new(String::new()))
        .await;
    assert_eq!(browser.keep(stepped.expect("an answer")).1, Standing::Stale);
}
