//! Two servers on one PostgreSQL, as `regain serve`, and people made past them.

use super::{Ask, Browser, FLOW, Person, Process, Rows, Site, free_port, wait_for};
use regain_domain::flow::Client;
use regain_domain::locale::Language;
use regain_service::demo::{self, Demo};
use regain_service::{Service, Tenancy, Visit};
use regain_store::{Keyring, Store};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The two nodes; people are made past them, on the same rows and with the same keys.
pub(crate) struct Pair {
    pub(crate) nodes: [(Process, u16, u16); 2],
    pub(crate) runtime: Runtime,
    pub(crate) service: Service,
    pub(crate) demo: Demo,
    pub(crate) store: Store,
    pub(crate) url: String,
    _folder: TempDir,
}

impl Pair {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// With more settings; the first node is where the tenants' addresses lead.
    pub(crate) fn start_with(more: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let runtime = Runtime::new().expect("a runtime");
        let ports = [free_port(), free_port()];
        let url = runtime.block_on(regain_store::testing::new_postgres_database());
        let keys = folder.path().join("keys");
        let keyring = Arc::new(Keyring::load_or_create(&keys, true).expect("keys"));
        let store = runtime.block_on(Store::open(&url, keyring)).expect("rows");
        let (service, demo) = runtime.block_on(Demo::start(store.clone(), ports[0])).expect("people");
        let node = |name: &str, port: u16| {
            let operations = free_port();
            let (listen, watch) = (format!("127.0.0.1:{port}"), format!("127.0.0.1:{operations}"));
            let settings: Vec<(&str, &str)> = [
                ("REGAIN_LISTEN", listen.as_str()),
                ("REGAIN_OPERATIONS__LISTEN", &watch),
                ("REGAIN_DATABASE__URL", &url),
                ("REGAIN_KEYS__FILE", keys.to_str().expect("a path")),
                ("REGAIN_MAIL__HOST", "127.0.0.1"),
                ("REGAIN_MAIL__PORT", "9"),
                ("REGAIN_MAIL__TLS", "none"),
                ("REGAIN_MAIL__FROM", "regain@acorn.example"),
                ("REGAIN_LIMITS__CONNECTIONS_PER_NETWORK", "1000"),
            ]
            .into_iter()
            .chain(more.iter().copied())
            .collect();
            (
                Process::start(&["serve"], &settings, &folder.path().join(name)),
                port,
                operations,
            )
        };
        let nodes = [node("one", ports[0]), node("two", ports[1])];
        for (_, _, operations) in &nodes {
            wait_for("a node", || {
                let answer = Ask::new("GET", "/readyz").header("host", "x").try_send(*operations);
                answer.is_ok_and(|answer| answer.status == 200).then_some(())
            });
        }
        Self {
            nodes,
            runtime,
            service,
            demo,
            store,
            url,
            _folder: folder,
        }
    }

    pub(crate) fn site(&self, node: usize, host: &'static str) -> Site {
        Site {
            port: self.nodes[node].1,
            host,
        }
    }

    pub(crate) fn tenancy(&self, host: &str) -> Tenancy {
        let found = self.runtime.block_on(self.service.tenancy(host));
        found.expect("an answer").expect("a tenant")
    }

    pub(crate) fn person(&self, host: &str, like: &str) -> Person {
        let made = self.runtime.block_on(self.demo.another(&self.tenancy(host), like));
        let made = made.expect("an answer").expect("a person");
        serde_json::from_value(serde_json::to_value(made).expect("json")).expect("a person")
    }

    pub(crate) fn app_code(&self, person: &Person) -> String {
        let secret = person.totp_secret.as_deref().expect("an app");
        demo::app_code(secret, self.service.now()).expect("a code")
    }

    /// A picture's ticket and what it shows, drawn past the nodes.
    pub(crate) fn captcha(&self, host: &str) -> (String, String) {
        let visit = Visit {
            tenant: self.tenancy(host),
            network: IpAddr::V4(Ipv4Addr::LOCALHOST),
            client: Client::Browser,
            device: String::new(),
            request_id: String::new(),
            language: Language::En,
            flow: None,
            session: None,
            note: None,
            mark: None,
            kiosk: None,
            arrived_at: self.service.now(),
            is_posted: false,
        };
        let screen = self
            .runtime
            .block_on(self.service.reset.look(&visit, false, ""))
            .expect("a page");
        let regain_domain::flow::Step::Identify { captcha, .. } = screen.step else {
            panic!("not on identify")
        };
        let all = self
            .runtime
            .block_on(self.demo.messages(&visit.tenant, 0))
            .expect("messages");
        let shown = all
            .into_iter()
            .find(|message| message.context == captcha.ticket)
            .expect("an answer");
        (captcha.ticket, shown.text)
    }

    /// A browser on the first node whose flow has begun.
    pub(crate) fn identified(&self, host: &'static str, person: &Person) -> Browser {
        let (ticket, digits) = self.captcha(host);
        let mut browser = Browser::scripted(self.site(0, host));
        let answer = browser.identify_with(&person.username, &ticket, &digits);
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert!(browser.cookies.contains_key(FLOW), "{}", answer.text());
        browser
    }

    /// The same browser, talking to the other node.
    pub(crate) fn elsewhere(&self, browser: &Browser) -> Browser {
        let mut other = browser.clone();
        other.site.port = self.nodes[1].1;
        other
    }

    /// The page of a person's own methods on the first node, opened by password and app.
    pub(crate) fn methods_page(&self, host: &'static str, person: &Person) -> Browser {
        let mut browser = Browser::scripted(self.site(0, host));
        browser.opens_methods(person, || self.app_code(person));
        browser
    }

    pub(crate) fn rows(&self) -> Rows {
        Rows::open(&self.url)
    }

    /// Entries of the audit about a person, with this activity and reason.
    pub(crate) fn n_entries(&self, person: &Person, activity: &str, reason: &str) -> i64 {
        self.rows().number(&format!(
            "SELECT count(*) FROM audit JOIN account ON account.id = audit.subject_id \
             WHERE user_name = '{}' AND activity = '{activity}' AND reason LIKE '{reason}'",
            person.username
        ))
    }
}
