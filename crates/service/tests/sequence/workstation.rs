//! Enrolled workstations: where a tenant wants to know them, no other opens the kiosk (R58).

use crate::people::{HELPDESK, page, staff};
use crate::stage::{changed, narrow};
use crate::walk::{Browser, House};
use regain_domain::flow::{Client, Input, Screen, Step};
use regain_domain::gate::Gate;
use regain_domain::ids::KioskId;
use regain_domain::kiosk::{KioskSaid, KiosksView};
use regain_domain::people::Wrong;
use regain_domain::policy::Workstations;
use regain_domain::role::Role;
use regain_domain::staff::Guarded;
use regain_domain::{Refusal, Secret};
use regain_service::{Identify, Keep, Knock, Standing, Tenancy, admin};
use regain_store::Store;

const USER: &str = "user@acorn.example";
const POLICY: &str = "policy@acorn.example";
/// A token, and its fingerprint by `sha256sum`.
const TOKEN: &str = "q4nGvFq0Jb3kXw2yYt5mHs8dLr7cZe1uAo6iPf9jKTE";
const FINGERPRINT: &str = "7b50428b9864e734495945c24192116d45fda0bf175f9ac512f692ecad181ed8";

async fn n_of(house: &House, table: &str, which: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM {table} WHERE {which}");
    *house.store.column::<i64>(&sql).await.first().expect("a number")
}

async fn house() -> House {
    House::quiet(Store::for_tests().await).await
}

/// Acorn, which lets enrolled workstations in alone.
async fn strict(house: &House) -> Tenancy {
    changed(house, &house.acorn, |settings| {
        settings.policy.workstations = Workstations::Enrolled;
    })
    .await
}

fn kiosk<'a>(house: &'a House, tenancy: &Tenancy) -> Browser<'a> {
    let mut browser = Browser::new(house, tenancy);
    browser.visit.client = Client::Kiosk;
    browser
}

fn is_kept_out(screen: &Screen) -> bool {
    screen.step == Step::Stopped(Refusal::KioskUnknown) && screen.is_kiosk() && screen.handoff.is_some()
}

impl Browser<'_> {
    async fn knocks(&self, token: &str) -> Option<String> {
        let token = Secret::new(token.to_owned());
        match self
            .house
            .service
            .kiosk
            .knock(&self.visit, &token)
            .await
            .expect("an answer")
        {
            Knock::Ticket(ticket) => Some(ticket),
            Knock::Unknown => None,
            Knock::TooMany { .. } => panic!("too many"),
        }
    }

    /// Brings a ticket; whether the browser has a mark from now on.
    async fn brings(&mut self, ticket: &str) -> bool {
        let ticket = Secret::new(ticket.to_owned());
        let stepped = self.house.service.kiosk.enter(&self.visit, &ticket).await;
        let stepped = stepped.expect("an answer");
        let is_marked = stepped.kiosk != Keep::AsIs;
        self.keep(stepped);
        is_marked
    }

    async fn kiosks(&self) -> KiosksView {
        let looked = self.house.service.console.look_kiosks(&self.visit).await;
        page(looked.expect("a page"))
    }

    async fn enrols(&mut self, name: &str, fingerprint: &str) -> KiosksView {
        let console = &self.house.service.console;
        let stepped = console.add_kiosk(&self.visit, name, fingerprint).await;
        page(self.keep(stepped.expect("an answer")).0)
    }

    async fn removes(&mut self, kiosk: KioskId) -> (Guarded<KiosksView>, Standing) {
        let stepped = self.house.service.console.remove_kiosk(&self.visit, kiosk).await;
        self.keep(stepped.expect("an answer"))
    }
}

/// A workstation that is enrolled and open, and the administrator who did that.
async fn opened<'a>(house: &'a House, tenancy: &Tenancy) -> (Browser<'a>, Browser<'a>) {
    let (_, mut admin) = staff(house, POLICY).await;
    admin.visit.tenant = tenancy.clone();
    admin.enrols("Reception", FINGERPRINT).await;
    let mut browser = kiosk(house, tenancy);
    let ticket = browser.knocks(TOKEN).await.expect("a ticket");
    assert!(browser.brings(&ticket).await);
    (browser, admin)
}

#[tokio::test]
async fn r58_no_secret_is_wanted_unless_the_tenant_says_so() {
    let house = house().await;
    assert!(matches!(
        kiosk(&house, &house.acorn).look().await.step,
        Step::Identify { .. }
    ));
    let tenancy = strict(&house).await;
    assert!(is_kept_out(&kiosk(&house, &tenancy).look().await));
    // Elsewhere nothing changes.
    let plain = Browser::new(&house, &tenancy);
    assert!(matches!(plain.look().await.step, Step::Identify { .. }));
}

#[tokio::test]
async fn r58_an_enrolled_workstation_opens_and_the_wizard_runs_in_it() {
    let house = House::on(Store::for_tests().await).await;
    let tenancy = strict(&house).await;
    let (mut browser, admin) = opened(&house, &tenancy).await;
    let person = house.person(&tenancy, USER).await;
    browser.identify(&person.username).await;
    browser.pass_app(&person).await;
    browser.pass_mail(&person).await;
    let (screen, _) = browser.password("seven brass otters hum").await;
    assert!(matches!(screen.step, Step::Done(_)), "{screen:?}");
    let view = admin.kiosks().await;
    assert!(view.is_required && view.kiosks.len() == 1, "{view:?}");
    assert!(
        view.kiosks
            .iter()
            .all(|one| one.opened_at.is_some() && one.fingerprint == FINGERPRINT)
    );
    assert_eq!(
        n_of(
            &house,
            "audit",
            "activity = 'kiosk-changed' AND reason = 'add Reception'"
        )
        .await,
        1
    );
    let opened = "activity = 'kiosk-opened' AND reason = 'Reception' AND client = 'kiosk'";
    assert_eq!(n_of(&house, "audit", opened).await, 1);
}

#[tokio::test]
async fn r58_a_token_that_is_nobodys_gets_nothing_and_is_told_once() {
    let house = house().await;
    let (browser, _) = opened(&house, &house.acorn).await;
    let other = format!("{TOKEN}x");
    for token in ["", "x", FINGERPRINT, other.as_str()] {
        assert_eq!(browser.knocks(token).await, None, "{token}");
    }
    let failed = "activity = 'kiosk-opened' AND reason = 'kiosk-unknown' AND NOT is_success";
    assert_eq!(n_of(&house, "audit", failed).await, 1);
    // The same token at another organisation is nobody's.
    assert_eq!(kiosk(&house, &house.birch).knocks(TOKEN).await, None);
    // Nor is a short one anybody's, even if its fingerprint was enrolled by mistake: this is the one of nothing.
    let (_, mut admin) = staff(&house, POLICY).await;
    let of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(admin.enrols("Empty", of_nothing).await.kiosks.len(), 2);
    assert!(browser.knocks("").await.is_none() && browser.knocks("\n").await.is_none());
    // What ends a file's line does not count.
    assert!(browser.knocks(&format!("{TOKEN}\r\n")).await.is_some());
}

#[tokio::test]
async fn r58_a_ticket_is_good_once_for_a_minute_and_at_its_own_tenant() {
    let house = house().await;
    let tenancy = strict(&house).await;
    let (first, _) = opened(&house, &tenancy).await;
    let ticket = first.knocks(TOKEN).await.expect("a ticket");
    let mut other = kiosk(&house, &house.birch);
    assert!(!other.brings(&ticket).await, "another tenant");
    let mut one = kiosk(&house, &tenancy);
    assert!(one.brings(&ticket).await);
    assert!(!kiosk(&house, &tenancy).brings(&ticket).await, "twice");
    let late = first.knocks(TOKEN).await.expect("a ticket");
    house.demo.advance(60).await.expect("a later time");
    assert!(!kiosk(&house, &tenancy).brings(&late).await, "too late");
    // Neither is good as the other, and neither is what was never given.
    let mark = one.visit.kiosk.clone().expect("a mark");
    let fresh = first.knocks(TOKEN).await.expect("a ticket");
    assert!(!kiosk(&house, &tenancy).brings(&mark).await);
    for wrong in [fresh.as_str(), TOKEN, "", "AAAA"] {
        let mut browser = kiosk(&house, &tenancy);
        browser.visit.kiosk = Some(wrong.to_owned());
        assert!(is_kept_out(&browser.look().await), "{wrong}");
    }
    assert!(matches!(one.look().await.step, Step::Identify { .. }));
}

#[tokio::test]
async fn r58_a_workstation_that_is_removed_is_out_in_the_middle_of_a_flow() {
    let house = house().await;
    let tenancy = strict(&house).await;
    let (mut browser, mut admin) = opened(&house, &tenancy).await;
    let person = house.person(&tenancy, USER).await;
    let solved = browser.solved("nobody@acorn.example").await;
    browser.identify(&person.username).await;
    let (stale, cookie) = (
        browser.knocks(TOKEN).await.expect("a ticket"),
        browser.visit.flow.clone(),
    );
    let id = admin.kiosks().await.kiosks.first().expect("one").id;
    let (screen, standing) = admin.removes(id).await;
    let view = page(screen);
    assert_eq!(standing, Standing::Current);
    assert_eq!(view.said, Some((KioskSaid::Removed, "Reception".to_owned())));
    let screen = browser.choose(Gate::AppCode).await;
    assert!(is_kept_out(&screen), "{screen:?}");
    assert!(is_kept_out(&browser.look().await) && is_kept_out(&browser.post(Ok(Input::Cancel)).await.0));
    // Its flow, posted from elsewhere with its cookie: the row tells that it is a kiosk's.
    browser.visit.client = Client::Browser;
    browser.visit.flow = cookie;
    assert!(is_kept_out(&browser.choose(Gate::AppCode).await));
    browser.visit.client = Client::Kiosk;
    let (screen, _) = browser.identify_with(Identify { ..solved }).await;
    assert!(is_kept_out(&screen), "{screen:?}");
    assert!(browser.knocks(TOKEN).await.is_none() && !browser.brings(&stale).await);
    assert_eq!(admin.removes(id).await.1, Standing::Stale, "twice");
}

#[tokio::test]
async fn r58_what_was_begun_in_a_kiosk_that_is_kept_out_is_forgotten_and_told_once() {
    let house = house().await;
    let tenancy = strict(&house).await;
    let (mut browser, mut admin) = opened(&house, &tenancy).await;
    let person = house.person(&tenancy, USER).await;
    browser.identify(&person.username).await;
    let id = admin.kiosks().await.kiosks.first().expect("one").id;
    admin.removes(id).await;
    browser.visit.arrived_at = house.service.now();
    let touched = house.service.reset.touch(&browser.visit).await.expect("an answer");
    assert!(is_kept_out(&touched.screen));
    assert_eq!((&touched.flow, &touched.note), (&Keep::Drop, &Keep::Drop));
    assert!(is_kept_out(&browser.choose(Gate::AppCode).await));
    assert_eq!(browser.visit.flow, None);
    let failed = "activity = 'kiosk-opened' AND reason = 'kiosk-unknown' AND NOT is_success";
    assert_eq!(n_of(&house, "audit", failed).await, 1);
}

#[tokio::test]
async fn r58_of_two_browsers_with_one_ticket_one_gets_in() {
    for store in [Store::for_tests().await, Store::for_tests_on_postgres().await] {
        let house = House::quiet(store).await;
        let (first, _) = opened(&house, &house.acorn).await;
        let ticket = Secret::new(first.knocks(TOKEN).await.expect("a ticket"));
        let enter = async || {
            let stepped = house.service.kiosk.enter(&first.visit, &ticket).await;
            stepped.expect("an answer").kiosk != Keep::AsIs
        };
        let (one, other) = tokio::join!(enter(), enter());
        assert!(one != other, "{one} {other}");
    }
}

#[tokio::test]
async fn r58_whoever_has_a_token_cannot_fill_the_audit() {
    let house = house().await;
    let (browser, _) = opened(&house, &house.acorn).await;
    let strict = narrow(&house, 3).await;
    let token = Secret::new(TOKEN.to_owned());
    for n in 1..6 {
        let knock = strict.kiosk.knock(&browser.visit, &token).await.expect("an answer");
        assert_eq!(matches!(knock, Knock::Ticket(_)), n < 3, "{n}: {knock:?}");
    }
    assert_eq!(n_of(&house, "audit", "activity = 'kiosk-opened'").await, 3);
    let slowed = "activity = 'network-slowed' AND reason = 'kiosk'";
    assert_eq!(n_of(&house, "audit", slowed).await, 1);
}

#[tokio::test]
async fn r58_turning_it_on_holds_at_once_for_flows_under_way() {
    let house = house().await;
    let person = house.person(&house.acorn, USER).await;
    let mut browser = kiosk(&house, &house.acorn);
    browser.identify(&person.username).await;
    browser.visit.tenant = strict(&house).await;
    assert!(is_kept_out(&browser.choose(Gate::AppCode).await));
    assert!(is_kept_out(&browser.look().await));
}

#[tokio::test]
async fn r58_what_is_typed_to_enrol_one_is_read_or_refused_in_words() {
    let house = house().await;
    let (_, mut admin) = staff(&house, POLICY).await;
    let wrongs = |view: &KiosksView| view.typed.clone().map(|(_, wrong)| wrong);
    let view = admin.enrols(" ", "abc").await;
    assert_eq!(wrongs(&view), [Some(Wrong::Missing), Some(Wrong::Fingerprint)]);
    assert_eq!(view.typed[1].0, "abc", "what was typed stays");
    // A token that got into the field is a secret.
    let view = admin.enrols("Reception", TOKEN).await;
    assert_eq!(
        (wrongs(&view), view.typed[1].0.as_str()),
        ([None, Some(Wrong::Fingerprint)], "")
    );
    let view = admin.enrols("Reception", &FINGERPRINT.to_uppercase()).await;
    assert_eq!(view.said, Some((KioskSaid::Added, "Reception".to_owned())));
    let view = admin.enrols("Reception", FINGERPRINT).await;
    assert_eq!(wrongs(&view), [Some(Wrong::Taken), Some(Wrong::Taken)]);
    let view = admin.enrols("Lab", FINGERPRINT).await;
    assert_eq!(wrongs(&view), [None, Some(Wrong::Taken)]);
    assert_eq!(view.kiosks.len(), 1);
}

#[tokio::test]
async fn r51_only_who_sets_the_policy_enrols_workstations() {
    let house = house().await;
    let (_, mut helpdesk) = staff(&house, HELPDESK).await;
    let console = &house.service.console;
    let is_out =
        |screen: &Guarded<KiosksView>| matches!(screen, Guarded::Forbidden(reader) if reader.roles == [Role::Helpdesk]);
    assert!(is_out(&console.look_kiosks(&helpdesk.visit).await.expect("an answer")));
    let added = console
        .add_kiosk(&helpdesk.visit, "Lab", FINGERPRINT)
        .await
        .expect("an answer");
    assert!(is_out(&added.screen) && added.standing == Standing::Stale);
    let none = KioskId(uuid::Uuid::nil());
    assert!(is_out(&helpdesk.removes(none).await.0));
    let nobody = Browser::new(&house, &house.acorn);
    let looked = console.look_kiosks(&nobody.visit).await.expect("an answer");
    assert_eq!(looked, Guarded::SignedOut);
    assert_eq!(n_of(&house, "kiosk", "name = 'Lab'").await, 0);
}

#[tokio::test]
async fn r52_an_operator_enrols_and_removes_them_by_a_command() {
    let house = house().await;
    let service = &house.service;
    let add = async |name: &str, fingerprint: &str| {
        let done = admin::add_kiosk(service, "acorn", (name, fingerprint), "console-1").await;
        done.expect("an answer")
    };
    assert_eq!(add("Reception", FINGERPRINT).await, Ok(()));
    let wrong = add("Reception", "abc").await.expect_err("no fingerprint");
    assert!(wrong.starts_with("fingerprint: 64"), "{wrong}");
    let wrong = add("Reception", FINGERPRINT).await.expect_err("twice");
    assert!(wrong.contains("another one has it already"), "{wrong}");
    let all = admin::kiosks(service, "acorn")
        .await
        .expect("an answer")
        .expect("a tenant");
    assert_eq!(all.first().map(|one| one.fingerprint.as_str()), Some(FINGERPRINT));
    assert!(kiosk(&house, &house.acorn).knocks(TOKEN).await.is_some());
    let remove = async |name: &str| {
        let done = admin::remove_kiosk(service, "acorn", name, "console-2").await;
        done.expect("an answer")
    };
    assert_eq!(remove("Reception").await, Ok(()));
    assert!(remove("Reception").await.is_err());
    assert!(admin::kiosks(service, "nowhere").await.expect("an answer").is_err());
    let told = "activity = 'kiosk-changed' AND actor_role = 'operator'";
    assert_eq!(n_of(&house, "audit", told).await, 2);
}
