//! The set-up: a key that one browser uses once, pages in their order, and an organisation that is made at once or not at all.

use crate::cut::Statements;
use crate::time::Settable;
use crate::walk::visit;
use regain_domain::Secret;
use regain_domain::account::UserName;
use regain_domain::gate::MethodKind;
use regain_domain::limits::SETUP_LIFE;
use regain_domain::people::Field;
use regain_domain::policy::Scope;
use regain_domain::role::Role;
use regain_domain::setup::{SetupField, SetupPage, SetupScreen, SetupStep};
use regain_domain::tenant::Ways;
use regain_service::clock::{Clock, SystemClock};
use regain_service::demo::app_code;
use regain_service::{Keep, NetworkLimits, Service, Setup, Standing, Stepped, Twice, Visit, admin};
use regain_store::{Store, accounts, groups, rollout, tenants};
use std::sync::Arc;

const ADDRESS: &str = "https://reset.elm.example";
const HOST: &str = "reset.elm.example";
const GOOD: &str = "seven brass otters hum";

/// A server without an organisation.
async fn bare(store: Store, clock: Arc<dyn Clock>) -> Service {
    let opened = Service::open(store, clock, NetworkLimits::default(), Ways::default()).await;
    opened.expect("a service")
}

/// A browser at its one page.
struct Visitor {
    service: Service,
    visit: Visit,
}

impl Visitor {
    fn of(service: &Service) -> Self {
        let visit = Visit {
            is_posted: true,
            ..visit(Setup::house("https://10.0.0.7:8443".to_owned()), service.now())
        };
        Self {
            service: service.clone(),
            visit,
        }
    }

    fn keep(&mut self, stepped: anyhow::Result<Stepped<SetupScreen>>) -> (String, Standing) {
        let stepped = stepped.expect("an answer");
        for (slot, keep) in [
            (&mut self.visit.flow, stepped.flow),
            (&mut self.visit.note, stepped.note),
        ] {
            match keep {
                Keep::AsIs => {}
                Keep::Set(value) | Keep::SetBriefly(value) => *slot = Some(value),
                Keep::Drop => *slot = None,
            }
        }
        (told(&stepped.screen), stepped.standing)
    }

    async fn look(&self) -> SetupScreen {
        self.service.setup.look(&self.visit).await.expect("a page")
    }

    async fn page(&self) -> SetupPage {
        match self.look().await {
            SetupScreen::Page(page) => *page,
            other => panic!("{other:?}"),
        }
    }

    async fn open(&mut self, key: &str) -> (String, Standing) {
        let answer = self.service.setup.open(&self.visit, &secret(key)).await;
        self.keep(answer)
    }

    async fn organisation(&mut self, address: &str, domains: &str) -> (String, Standing) {
        let typed = vec![
            (SetupField::Name, "Elm House".to_owned()),
            (SetupField::Address, address.to_owned()),
            (SetupField::Domains, domains.to_owned()),
        ];
        let answer = self.service.setup.organisation(&self.visit, typed).await;
        self.keep(answer)
    }

    async fn admin(&mut self, alternate_mail: &str, password: &str) -> (String, Standing) {
        let typed = vec![
            (SetupField::Person(Field::UserName), "ada".to_owned()),
            (SetupField::Person(Field::GivenName), "Ada".to_owned()),
            (SetupField::Person(Field::AlternateMail), alternate_mail.to_owned()),
        ];
        let answer = self.service.setup.admin(&self.visit, typed, twice(password)).await;
        self.keep(answer)
    }

    async fn app(&mut self) -> (String, Standing) {
        let app = self.page().await.app.expect("an app's secret");
        let code = app_code(&app.key, self.service.now()).expect("a code");
        let answer = self.service.setup.app(&self.visit, secret(&code)).await;
        self.keep(answer)
    }

    async fn people(&mut self, user_name: &str, password: &str) -> (String, Standing) {
        let typed = vec![
            (SetupField::Person(Field::UserName), user_name.to_owned()),
            (SetupField::Group, "Pilot".to_owned()),
        ];
        let answer = self.service.setup.people(&self.visit, typed, twice(password)).await;
        self.keep(answer)
    }

    async fn finish(&mut self) -> (String, Standing) {
        let answer = self.service.setup.finish(&self.visit).await;
        self.keep(answer)
    }

    /// As far as the last page.
    async fn walks(&mut self, key: &str) {
        for (expect, answer) in [
            ("organisation", self.open(key).await),
            ("admin", self.organisation(ADDRESS, "elm.example").await),
            ("app", self.admin("ada@mail.example", GOOD).await),
            ("people", self.app().await),
            ("review", self.people("tess", GOOD).await),
        ] {
            assert_eq!(answer, (expect.to_owned(), Standing::Current));
        }
    }
}

/// Where one is, and the first thing that is wrong there.
fn told(screen: &SetupScreen) -> String {
    let (step, wrong) = match screen {
        SetupScreen::Over { .. } => ("over", None),
        SetupScreen::Key { wrong } => ("key", wrong.as_ref()),
        SetupScreen::Page(page) => (page.step.code(), page.wrongs.first().map(|(_, wrong)| wrong)),
    };
    wrong.map_or_else(|| step.to_owned(), |wrong| format!("{step} {}", wrong.code()))
}

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn twice(password: &str) -> Twice {
    Twice {
        new: secret(password),
        repeated: secret(password),
    }
}

async fn key(service: &Service) -> String {
    service.setup.begin().await.expect("an answer").expect("a key")
}

#[tokio::test]
async fn the_first_organisation_is_made_with_all_that_a_pilot_takes() {
    for store in [Store::for_tests().await, Store::for_tests_on_postgres().await] {
        let service = bare(store.clone(), Arc::new(SystemClock)).await;
        let mut visitor = Visitor::of(&service);
        let key = key(&service).await;
        visitor.walks(&key).await;
        assert_eq!(visitor.finish().await, ("over".to_owned(), Standing::Current));

        let tenancy = service.tenancy(HOST).await.expect("an answer").expect("a tenant");
        assert_eq!(tenancy.base_url, ADDRESS);
        assert_eq!(
            (tenancy.settings.brand.name.as_str(), tenancy.settings.policy.scope),
            ("Elm House", Scope::None)
        );
        let tx = store.read(tenancy.id).await.expect("a transaction");
        let by_name = async |name: &str| {
            let name = UserName::parse(name, "elm.example").expect("a name");
            accounts::by_name(&tx, &name)
                .await
                .expect("an answer")
                .expect("an account")
        };
        let (ada, tess) = (by_name("ada").await, by_name("tess").await);
        let kinds: Vec<MethodKind> = ada.methods.iter().map(|method| method.kind).collect();
        assert_eq!(
            (ada.roles, kinds),
            (vec![Role::GlobalAdmin], vec![MethodKind::App, MethodKind::Email])
        );
        assert!(tess.must_change && tess.roles.is_empty() && tess.methods.is_empty());
        let groups = groups::all(&tx).await.expect("groups");
        assert_eq!(tess.groups, groups.iter().map(|(id, _)| *id).collect::<Vec<_>>());
        let pilot = rollout::get(&tx).await.expect("an answer").expect("a pilot");
        assert_eq!(
            (pilot.person, pilot.group),
            (Some(tess.id), groups.first().map(|(id, _)| *id))
        );
        drop(tx);

        // Once there is an organisation nothing is left to do here, and there is no key.
        assert_eq!(service.setup.begin().await.expect("an answer"), None);
        assert_eq!(visitor.finish().await, ("over".to_owned(), Standing::Stale));
        assert_eq!(
            Visitor::of(&service).open(&key).await,
            ("over".to_owned(), Standing::Stale)
        );
    }
}

#[tokio::test]
async fn a_key_lets_one_browser_in_and_the_next_start_makes_it_worthless() {
    let service = bare(Store::for_tests().await, Arc::new(SystemClock)).await;
    let (mut first, mut second) = (Visitor::of(&service), Visitor::of(&service));
    assert_eq!(first.open("AAAA BBBB").await.0, "key key-unknown");
    let shown = key(&service).await;
    for odd in ["", "AAAA BBBB", "0189", &"A".repeat(32)] {
        assert_eq!(first.open(odd).await.0, "key key-unknown", "{odd}");
    }
    // A page that is loaded anew says why as well.
    assert_eq!(told(&first.look().await), "key key-unknown");
    assert_eq!(
        first.open(&shown.to_lowercase().replace(' ', "-")).await.0,
        "organisation"
    );
    assert_eq!(second.open(&shown).await.0, "key key-used");
    assert_eq!(told(&Visitor::of(&service).look().await), "key");
    let next = key(&service).await;
    assert_ne!(next, shown);
    assert_eq!(told(&first.look().await), "key");
    assert_eq!(
        first.organisation(ADDRESS, "elm.example").await,
        ("key".to_owned(), Standing::Stale)
    );
    assert_eq!(first.open(&shown).await.0, "key key-unknown");
    assert_eq!(second.open(&next).await.0, "organisation");
}

#[tokio::test]
async fn pages_come_in_their_order_and_what_is_wrong_is_told_at_its_field() {
    let service = bare(Store::for_tests().await, Arc::new(SystemClock)).await;
    let mut visitor = Visitor::of(&service);
    let stale = |page: &str| (page.to_owned(), Standing::Stale);
    assert_eq!(visitor.finish().await, stale("key"));
    let key = key(&service).await;
    visitor.open(&key).await;
    let page = visitor.page().await;
    assert_eq!(page.text(SetupField::Address), "https://10.0.0.7:8443");
    assert_eq!(visitor.admin("ada@mail.example", GOOD).await, stale("organisation"));
    assert_eq!(visitor.people("tess", GOOD).await, stale("organisation"));
    assert_eq!(visitor.finish().await, stale("organisation"));
    assert_eq!(
        visitor.organisation("http://elm.example", "elm.example").await.0,
        "organisation address-form"
    );
    assert_eq!(visitor.organisation(ADDRESS, "elm").await.0, "organisation domain-form");
    assert_eq!(visitor.page().await.text(SetupField::Domains), "elm");
    assert_eq!(visitor.organisation(ADDRESS, "elm.example").await.0, "admin");
    assert_eq!(visitor.admin("", GOOD).await.0, "admin missing");
    assert_eq!(visitor.admin("ada@elm.example", GOOD).await.0, "admin mail-own");
    assert_eq!(visitor.admin("ada@mail.example", "short").await.0, "admin pw-short");
    assert_eq!(visitor.people("tess", GOOD).await, stale("admin pw-short"));
    assert_eq!(visitor.admin("ada@mail.example", GOOD).await.0, "app");
    let wrong = visitor.service.setup.app(&visitor.visit, secret("12")).await;
    assert_eq!(visitor.keep(wrong).0, "app code-wrong");
    assert_eq!(visitor.app().await.0, "people");
    assert_eq!(visitor.people("ada", GOOD).await.0, "people taken");
    assert_eq!(visitor.people("tess", GOOD).await.0, "review");
}

#[tokio::test]
async fn an_earlier_page_can_be_changed_and_what_it_makes_wrong_is_asked_for_again() {
    let service = bare(Store::for_tests().await, Arc::new(SystemClock)).await;
    let mut visitor = Visitor::of(&service);
    let key = key(&service).await;
    visitor.walks(&key).await;
    let back = visitor
        .service
        .setup
        .back(&visitor.visit, Some(SetupStep::Organisation))
        .await;
    assert_eq!(visitor.keep(back).0, "organisation");
    // The administrator's second mailbox lies in the organisation's own domain now.
    assert_eq!(
        visitor.organisation(ADDRESS, "elm.example mail.example").await.0,
        "admin"
    );
    assert_eq!(visitor.finish().await, ("admin".to_owned(), Standing::Stale));
    assert_eq!(visitor.admin("ada@elsewhere.example", GOOD).await.0, "review");
    let odd = visitor.service.setup.back(&visitor.visit, None).await;
    assert_eq!(visitor.keep(odd), ("review".to_owned(), Standing::Stale));
}

#[tokio::test]
async fn of_two_windows_one_is_kept_and_of_two_ends_one_counts() {
    let store = Store::for_tests().await;
    let service = bare(store.clone(), Arc::new(SystemClock)).await;
    let mut visitor = Visitor::of(&service);
    let key = key(&service).await;
    visitor.walks(&key).await;
    let ends = tokio::join!(
        visitor.service.setup.finish(&visitor.visit),
        visitor.service.setup.finish(&visitor.visit)
    );
    let standings = [ends.0, ends.1].map(|end| end.expect("an answer").standing);
    assert!(
        standings.contains(&Standing::Current) && standings.contains(&Standing::Stale),
        "{standings:?}"
    );
    assert_eq!(tenants::all(&store).await.expect("tenants").len(), 1);
}

#[tokio::test]
async fn an_hour_after_its_key_the_set_up_is_over_and_a_tenant_made_elsewhere_ends_it() {
    let clock = Settable::off_by(0);
    let service = bare(Store::for_tests().await, Arc::clone(&clock) as Arc<dyn Clock>).await;
    let mut visitor = Visitor::of(&service);
    let key = key(&service).await;
    visitor.walks(&key).await;
    clock.set_further(i64::try_from(SETUP_LIFE.as_secs()).expect("seconds"));
    service.look_at_clock().await.expect("a look");
    assert_eq!(visitor.finish().await, ("key".to_owned(), Standing::Stale));
    let shown = service.setup.begin().await.expect("an answer").expect("a key");
    visitor.walks(&shown).await;
    let new = admin::NewTenant {
        slug: "oak".to_owned(),
        name: "Oak".to_owned(),
        base_url: "https://reset.oak.example".to_owned(),
        hosts: vec!["reset.oak.example".to_owned()],
        domains: vec!["oak.example".to_owned()],
    };
    admin::create_tenant(&service, new, "r")
        .await
        .expect("an answer")
        .expect("a tenant");
    assert_eq!(visitor.finish().await, ("over".to_owned(), Standing::Stale));
}

#[tokio::test]
async fn f05_an_end_given_up_at_any_await_has_made_all_or_nothing() {
    let mut is_made = false;
    let mut n_statements = 0;
    while !is_made {
        n_statements += 1;
        assert!(n_statements < 200, "it comes to an end");
        let statements = Statements::default();
        let store = statements.store().await;
        let service = bare(store.clone(), Arc::new(SystemClock)).await;
        let mut visitor = Visitor::of(&service);
        let key = key(&service).await;
        visitor.walks(&key).await;
        let answer = statements.cut(service.setup.finish(&visitor.visit), n_statements).await;
        is_made = answer.is_some();
        match service.tenancy(HOST).await.expect("an answer") {
            None => {
                assert!(!is_made, "what was answered has happened");
                assert_eq!(visitor.finish().await.0, "over");
            }
            Some(tenancy) => {
                let tx = store.read(tenancy.id).await.expect("a transaction");
                assert_eq!(accounts::list(&tx).await.expect("accounts").len(), 2);
                assert!(rollout::get(&tx).await.expect("an answer").is_some());
            }
        }
    }
    assert!(n_statements > 10, "there were {n_statements} places to give up at");
}
