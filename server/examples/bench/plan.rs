//! What is measured, in which order, and what each figure is held against.

use crate::figures::{self, Figure};
use crate::load::{self, Plan, Report};
use crate::mailbox::Mailbox;
use crate::people::{House, Person};
use crate::phone::Phone;
use crate::server::{Ground, Server, built, free_address};
use crate::site::Site;
use crate::table::{Against, Table, say};
use crate::{bare, bundle, console, disk, handing, pages, proof, sign_in, timing, watch};
use anyhow::{Context, ensure};
use clap::Parser;
use regain_store::testing::new_postgres_database;
use regain_store::{Keyring, Store};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The most memory of a server that nobody uses, in MiB.
const RSS_IDLE: f64 = 50.0;
/// How long bare hashing is measured, each time.
const BARE: Duration = Duration::from_secs(3);

/// The organisation that resets in crowds.
const LOAD: House = House(0);

/// Measures the server against its goals.
#[derive(Parser)]
#[command(name = "bench")]
pub(crate) struct Options {
    /// How long the window of each load is
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(5..=600))]
    seconds: u64,
    /// How long challenges are solved before each load; the window closes early where they run out
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=120))]
    solve_seconds: u64,
    /// Solve no challenges: rewrite them with the server's own key, for windows longer than this machine could solve for
    #[arg(long)]
    rewrite: bool,
    /// So many resets open at once, instead of as many as leave identify within its limit
    #[arg(long)]
    open: Option<u32>,
    /// Also measure with a million people in the rows, written in bulk in about two minutes
    #[arg(long)]
    million: bool,
    /// Leave out all but the loads of resets
    #[arg(long)]
    only_loads: bool,
    /// Where the built pages are
    #[arg(long, value_name = "FOLDER")]
    assets: Option<PathBuf>,
}

/// What all measurements share.
struct Bench<'a> {
    options: &'a Options,
    program: PathBuf,
    assets: PathBuf,
    folder: &'a Path,
    mailbox: Mailbox,
    mail: SocketAddr,
    phone: Phone,
    phones: SocketAddr,
    table: Table,
    n_started: u32,
}

/// A database to measure on.
#[derive(Clone, Copy)]
enum Kind {
    Sqlite,
    Postgres,
}

/// Runs everything, prints the table and keeps it.
pub(crate) async fn run(options: &Options) -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    let out = root.join("target/bench");
    std::fs::create_dir_all(&out)?;
    // Beside the results, not in /tmp: that may be memory, where a disk costs nothing.
    let folder = tempfile::Builder::new().prefix("run-").tempdir_in(&out)?;
    let assets = options
        .assets
        .clone()
        .unwrap_or_else(|| root.join("dist/pkg"))
        .canonicalize();
    let (mailbox, mail) = Mailbox::open().await?;
    let (phone, phones) = Phone::open().await?;
    let mut bench = Bench {
        options,
        program: built()?,
        assets: assets.context("the pages are not built: run frontend/build.sh release")?,
        folder: folder.path(),
        mailbox,
        mail,
        phone,
        phones,
        table: Table::default(),
        n_started: 0,
    };
    bench.all(&root).await?;
    bench.notes();
    bench.table.print()?;
    bench.table.keep(&out.join("latest.json"))
}

impl Bench<'_> {
    async fn all(&mut self, root: &Path) -> anyhow::Result<()> {
        let sync_ms = disk::sync_ms(self.folder)?;
        self.table
            .row("disk: 4 KiB kept (fdatasync), median", sync_ms, "ms", Against::Nothing);
        if !self.options.only_loads {
            say("single pages, first load, timing, on SQLite");
            self.idle(root).await?;
            self.console().await?;
            self.sign_ins().await?;
        }
        let few = 1000.max(self.n_tickets());
        let sqlite = self.loaded(Kind::Sqlite, few).await?;
        if std::env::var("REGAIN_TEST_POSTGRES").is_ok() {
            self.loaded(Kind::Postgres, few).await?;
        } else {
            self.table
                .note("PostgreSQL was left out: REGAIN_TEST_POSTGRES names none; scripts/with-postgres.sh brings one.");
        }
        if self.options.million {
            let many = self.loaded(Kind::Sqlite, 1_000_000).await?;
            let what = format!("resets with 1000000 people beside those with {few}, SQLite");
            self.table.row(what, many.rate(), "/s", Against::Peer(sqlite.rate()));
        }
        Ok(())
    }

    /// What one visitor meets on an idle server.
    async fn idle(&mut self, root: &Path) -> anyhow::Result<()> {
        let ground = self.ground(Kind::Sqlite).await?;
        let mut houses = vec![(LOAD, 1)];
        houses.push((handing::HOUSE, handing::N));
        houses.extend(timing::HOUSES.map(|number| (House(number), timing::N)));
        self.fill(&ground, &houses).await?;
        let server = ground.start().await?;
        let site = Site::of(LOAD, ground.listen);
        // The first page is part of being idle: what is made at first use is made then.
        bundle::measure(&site, root, &mut self.table).await?;
        tokio::time::sleep(Duration::from_secs(3)).await;
        let rss = watch::rss(server.id())?;
        self.table
            .row("memory (RSS), idle", rss, "MiB", Against::Most(RSS_IDLE));
        pages::measure(&site, LOAD, &self.mailbox, server.id(), &mut self.table).await?;
        let phones = Site::of(handing::HOUSE, ground.listen);
        handing::measure(&phones, &self.mailbox, &self.phone, &mut self.table).await?;
        timing::measure(ground.listen, &mut self.table).await?;
        self.end(server, &ground).await
    }

    /// What an administrator of many people meets on an idle server.
    async fn console(&mut self) -> anyhow::Result<()> {
        say(&format!("the console, {} people, on SQLite", console::N));
        let ground = self.ground(Kind::Sqlite).await?;
        self.fill(&ground, &[(console::HOUSE, console::N)]).await?;
        let cookie = {
            let keyring = Keyring::load_or_create(&ground.keys(), false)?;
            let store = Store::open(&ground.database, Arc::new(keyring)).await?;
            let cookie = console::seat(&store).await?;
            store.close().await?;
            cookie
        };
        let server = ground.start().await?;
        let site = Site::of(console::HOUSE, ground.listen);
        console::measure(&site, &cookie, &mut self.table).await?;
        self.end(server, &ground).await
    }

    /// People who know their passwords.
    async fn sign_ins(&mut self) -> anyhow::Result<()> {
        say("sign-ins, on SQLite");
        let ground = self.ground(Kind::Sqlite).await?;
        self.fill(&ground, &[(sign_in::HOUSE, sign_in::N)]).await?;
        let server = ground.start().await?;
        let site = Site::of(sign_in::HOUSE, ground.listen);
        sign_in::measure(&site, server.id(), BARE, &mut self.table).await?;
        self.end(server, &ground).await
    }

    /// Full resets in crowds, between two measurements of bare hashing.
    async fn loaded(&mut self, kind: Kind, n_people: u32) -> anyhow::Result<Report> {
        let name = kind.name();
        say(&format!("full resets on {name}, {n_people} people"));
        let ground = self.ground(kind).await?;
        self.fill(&ground, &[(LOAD, n_people)]).await?;
        let process = ground.start().await?;
        let site = Site::of(LOAD, ground.listen);
        let n_tickets = self.n_tickets().min(n_people);
        let people: Vec<Person> = (0..n_tickets).map(|number| LOAD.person(number)).collect();
        let time = Duration::from_secs(self.options.solve_seconds);
        let before = tokio::task::block_in_place(|| bare::measure(BARE))?;
        let solved = match self.options.rewrite {
            true => proof::rewritten(&Keyring::load_or_create(&ground.keys(), false)?, &people)?,
            false => proof::solve(&site, &people, time).await?,
        };
        ensure!(!solved.tickets.is_empty(), "no challenge was solved in time");
        say(&format!("  {} challenges", solved.tickets.len()));
        let a_challenge = solved.each;
        let plan = Plan {
            window: Duration::from_secs(self.options.seconds),
            open: self.options.open,
            begin: before.per_second * 0.5,
        };
        let report = load::run(&site, &self.mailbox, process.id(), solved, plan).await?;
        let after = tokio::task::block_in_place(|| bare::measure(BARE))?;
        self.end(process, &ground).await?;
        let hashes = before.midpoint(after);
        let name = format!("{name}, {n_people} people");
        self.tell(&name, figures::goals(&report, hashes, kind.per_second()));
        self.tell(&name, figures::costs(&report, hashes, a_challenge)?);
        Ok(report)
    }

    fn tell(&mut self, name: &str, rows: impl IntoIterator<Item = Figure>) {
        for (what, figure, unit, against) in rows {
            self.table.row(format!("{name}: {what}"), figure, unit, against);
        }
    }

    /// As many as the fastest server could use.
    fn n_tickets(&self) -> u32 {
        u32::try_from(100 * (self.options.seconds + 10))
            .unwrap_or(u32::MAX)
            .min(60_000)
    }

    async fn ground(&mut self, kind: Kind) -> anyhow::Result<Ground> {
        self.n_started += 1;
        let folder = self.folder.join(self.n_started.to_string());
        std::fs::create_dir(&folder)?;
        let database = match kind {
            Kind::Sqlite => format!("sqlite://{}?mode=rwc", folder.join("regain.db").display()),
            Kind::Postgres => new_postgres_database().await,
        };
        Ok(Ground {
            program: self.program.clone(),
            assets: self.assets.clone(),
            folder,
            database,
            mail: self.mail,
            phone: self.phones,
            listen: free_address()?,
        })
    }

    async fn fill(&self, ground: &Ground, houses: &[(House, u32)]) -> anyhow::Result<()> {
        let keyring = Keyring::load_or_create(&ground.keys(), true)?;
        let store = Store::open(&ground.database, Arc::new(keyring)).await?;
        for (house, n_people) in houses {
            house.fill(&store, ground.listen.port(), *n_people).await?;
        }
        Ok(store.close().await?)
    }

    async fn end(&self, server: Server, ground: &Ground) -> anyhow::Result<()> {
        server.stop().await?;
        ground.complaints();
        Ok(())
    }

    fn notes(&mut self) {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        self.table.note(match self.options.rewrite {
            true => {
                "Challenges were fetched within the window and rewritten with the server's key, not solved: the server's \
                 work is the same, the clients' is not."
            }
            false => "Challenges were solved before the window, and their CPU stands apart.",
        });
        self.table.note(format!(
            "Client, server and database share this machine's {cores} cores. Nothing else should run here: \"all others\" \
             tells whether something did."
        ));
        self.table.note(
            "A full reset: GET /reset, identify with a solved challenge, mail code and app code, new password, done; a \
             person, a connection and a client address of its own; discreet, two methods required, all else at defaults.",
        );
        let fsync = std::env::var("FSYNC").unwrap_or_else(|_| "off".to_owned());
        self.table.note(format!(
            "PostgreSQL of scripts/with-postgres.sh ran with FSYNC={fsync}."
        ));
    }
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }

    /// Resets a second that a release has to do (`security.md` §5).
    const fn per_second(self) -> f64 {
        match self {
            Self::Sqlite => 15.0,
            Self::Postgres => 25.0,
        }
    }
}
