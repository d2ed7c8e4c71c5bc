//! A browser without a browser: keeps cookies, reads the demo's mailbox, walks the wizard.

use regain_domain::authenticator::of_base64url;
use regain_domain::flow::{Client, Input, Proof, Screen, Step};
use regain_domain::gate::Gate;
use regain_domain::locale::Language;
use regain_domain::sign_in::AccountScreen;
use regain_domain::{Refusal, Secret, Timestamp};
use regain_service::clock::{Clock, SystemClock};
use regain_service::demo::{Demo, Message, Person, app_code};
use regain_service::tasks::Tasks;
use regain_service::{Identify, Keep, Service, Standing, Stepped, Tenancy, Visit};
use regain_store::Store;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

/// A demo with its workers running.
pub(crate) struct House {
    pub(crate) service: Service,
    pub(crate) store: Store,
    pub(crate) demo: Demo,
    pub(crate) acorn: Tenancy,
    pub(crate) birch: Tenancy,
    tasks: Tasks,
}

impl House {
    /// A demo whose messages are delivered to its mailbox.
    pub(crate) async fn on(store: Store) -> Self {
        let house = Self::quiet(store).await;
        house.work();
        house
    }

    /// Starts its workers.
    pub(crate) fn work(&self) {
        self.service.start(&self.tasks, self.demo.channels());
    }

    /// A demo in which nobody empties the outbox.
    pub(crate) async fn quiet(store: Store) -> Self {
        Self::by(store, Arc::new(SystemClock)).await
    }

    /// The same, by other clocks.
    pub(crate) async fn by(store: Store, clock: Arc<dyn Clock>) -> Self {
        let made = Demo::start_by(store.clone(), 3000, clock).await;
        let (service, demo) = made.expect("a demo");
        let tasks = Tasks::default();
        let tenancy = |host: &'static str| {
            let service = service.clone();
            async move { service.tenancy(host).await.expect("an answer").expect("a tenant") }
        };
        let (acorn, birch) = (tenancy("localhost").await, tenancy("birch.localhost").await);
        Self {
            service,
            store,
            demo,
            acorn,
            birch,
            tasks,
        }
    }

    /// Ends the workers: from here on nothing happens beside the posts.
    pub(crate) async fn rest(&self) {
        self.tasks.stop();
        assert!(self.tasks.finished(Duration::from_secs(10)).await, "the workers end");
    }

    /// One more person, so that no test meets another's counters.
    pub(crate) async fn person(&self, tenancy: &Tenancy, like: &str) -> Person {
        self.demo
            .another(tenancy, like)
            .await
            .expect("an answer")
            .expect("a person")
    }

    /// The newest message to an address of a purpose; waits for the outbox, not for a time.
    pub(crate) async fn message(&self, tenancy: &Tenancy, to: &str, purpose: &str, after: i64) -> Message {
        for _ in 0..200 {
            let all = self.demo.messages(tenancy, after).await.expect("messages");
            if let Some(found) = all
                .into_iter()
                .rfind(|message| message.to == to && message.context == purpose)
            {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("no {purpose} reached {to}");
    }

    /// What the newest message of a purpose says.
    pub(crate) async fn messages_of(&self, tenancy: &Tenancy, purpose: &str, after: i64) -> String {
        let all = self.demo.messages(tenancy, after).await.expect("messages");
        let found = all.into_iter().rfind(|message| message.context == purpose);
        found.expect("a message").text
    }

    /// The number of the newest message so far.
    pub(crate) async fn newest(&self, tenancy: &Tenancy) -> i64 {
        let all = self.demo.messages(tenancy, 0).await.expect("messages");
        all.last().map_or(0, |message| message.id)
    }

    pub(crate) fn code_of(&self, person: &Person) -> String {
        let secret = person.totp_secret.as_deref().expect("an authenticator");
        app_code(secret, self.service.now()).expect("a code")
    }

    /// The code of a secret in base64url, as a phone with the authenticator has it.
    pub(crate) fn code_by(&self, secret: &str) -> String {
        let secret = of_base64url(secret).expect("a secret");
        let totp = totp_rs::Builder::new()
            .with_secret(secret)
            .build()
            .expect("a generator");
        let seconds = u64::try_from(self.service.now().seconds()).expect("a time");
        totp.generate(seconds).to_string()
    }
}

/// What the door knows of a browser that has never been there.
pub(crate) fn visit(tenant: Tenancy, arrived_at: Timestamp) -> Visit {
    Visit {
        tenant,
        network: IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7)),
        client: Client::Browser,
        device: "test".to_owned(),
        request_id: "0".repeat(16),
        language: Language::En,
        flow: None,
        session: None,
        note: None,
        mark: None,
        kiosk: None,
        arrived_at,
        is_posted: false,
    }
}

/// One browser at one tenant.
pub(crate) struct Browser<'a> {
    pub(crate) house: &'a House,
    pub(crate) visit: Visit,
}

impl<'a> Browser<'a> {
    pub(crate) fn new(house: &'a House, tenancy: &Tenancy) -> Self {
        let visit = visit(tenancy.clone(), house.service.now());
        Self { house, visit }
    }

    pub(crate) fn keep<T>(&mut self, stepped: Stepped<T>) -> (T, Standing) {
        let put = |slot: &mut Option<String>, keep: Keep| match keep {
            Keep::AsIs => {}
            Keep::Set(value) | Keep::SetBriefly(value) => *slot = Some(value),
            Keep::Drop => *slot = None,
        };
        put(&mut self.visit.flow, stepped.flow);
        put(&mut self.visit.session, stepped.session);
        put(&mut self.visit.note, stepped.note);
        put(&mut self.visit.mark, stepped.mark);
        put(&mut self.visit.kiosk, stepped.kiosk);
        (stepped.screen, stepped.standing)
    }

    pub(crate) async fn look(&self) -> Screen {
        self.house
            .service
            .reset
            .look(&self.visit, false, "")
            .await
            .expect("a page")
    }

    /// Identifies with the picture's answer, which the demo lists.
    pub(crate) async fn identify(&mut self, user_name: &str) -> Screen {
        self.visit.flow = None;
        let post = self.solved(user_name).await;
        self.identify_with(post).await.0
    }

    /// The identify form of a fresh page, with its picture's answer.
    pub(crate) async fn solved(&self, user_name: &str) -> Identify {
        let Step::Identify { captcha, .. } = self.look().await.step else {
            panic!("not on identify")
        };
        let all = self.house.demo.messages(&self.visit.tenant, 0).await.expect("messages");
        let shown = all
            .into_iter()
            .find(|message| message.context == captcha.ticket)
            .expect("the picture's answer");
        Identify {
            user_name: user_name.to_owned(),
            captcha_ticket: captcha.ticket,
            captcha_answer: shown.text,
            ..Identify::default()
        }
    }

    pub(crate) async fn identify_with(&mut self, post: Identify) -> (Screen, Standing) {
        self.visit.arrived_at = self.house.service.now();
        let stepped = self
            .house
            .service
            .reset
            .identify(&self.visit, post)
            .await
            .expect("an answer");
        self.keep(stepped)
    }

    pub(crate) async fn post(&mut self, input: Result<Input, Refusal>) -> (Screen, Standing) {
        self.visit.arrived_at = self.house.service.now();
        let stepped = self
            .house
            .service
            .reset
            .step(&self.visit, input)
            .await
            .expect("an answer");
        self.keep(stepped)
    }

    pub(crate) async fn prove(&mut self, proof: Proof) -> (Screen, Standing) {
        self.visit.arrived_at = self.house.service.now();
        let stepped = self.house.service.reset.prove(&self.visit, proof).await;
        self.keep(stepped.expect("an answer"))
    }

    pub(crate) async fn choose(&mut self, gate: Gate) -> Screen {
        self.post(Ok(Input::Choose(Some(gate)))).await.0
    }

    pub(crate) async fn destination(&mut self, address: &str) -> Screen {
        let proof = Proof {
            destination: address.to_owned(),
            ..Proof::of_code(Secret::new(String::new()))
        };
        self.prove(proof).await.0
    }

    pub(crate) async fn code(&mut self, code: &str) -> Screen {
        self.prove(Proof::of_code(Secret::new(code.to_owned()))).await.0
    }

    pub(crate) async fn password(&mut self, password: &str) -> (Screen, Standing) {
        let secret = || Secret::new(password.to_owned());
        self.post(Ok(Input::Password {
            new: secret(),
            repeated: secret(),
        }))
        .await
    }

    /// Passes the mail gate; the code comes out of the demo's mailbox.
    pub(crate) async fn pass_mail(&mut self, person: &Person) -> Screen {
        let tenant = self.visit.tenant.clone();
        let before = self.house.newest(&tenant).await;
        let address = person.emails.last().expect("a second mail").clone();
        let screen = self.choose(Gate::Email).await;
        if let Step::Prove {
            form: regain_domain::flow::ProveForm::Destination { .. },
            ..
        } = screen.step
        {
            self.destination(&address).await;
        }
        let letter = self.house.message(&tenant, &address, "reset-code", before).await;
        self.code(&letter.code.expect("a code")).await
    }

    /// Passes the app's gate with a code that no other step has used yet.
    pub(crate) async fn pass_app(&mut self, person: &Person) -> Screen {
        self.choose(Gate::AppCode).await;
        let code = self.house.code_of(person);
        self.code(&code).await
    }

    pub(crate) async fn sign_in(&mut self, user_name: &str, password: &str) -> AccountScreen {
        let stepped = self
            .house
            .service
            .account
            .sign_in(&self.visit, user_name.to_owned(), Secret::new(password.to_owned()))
            .await
            .expect("an answer");
        self.keep(stepped).0
    }

    pub(crate) async fn sign_in_code(&mut self, code: &str) -> AccountScreen {
        let stepped = self
            .house
            .service
            .account
            .sign_in_code(&self.visit, Secret::new(code.to_owned()))
            .await
            .expect("an answer");
        self.keep(stepped).0
    }
}

/// The first refusal's code, or an empty text.
pub(crate) fn refused(screen: &Screen) -> &'static str {
    screen.refusals.first().map_or("", Refusal::code)
}
