//! The measured server: the program as it is built, in a process of its own, configured by a file.

use crate::table::say;
use crate::wire::{Ask, Line};
use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process};
use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The time it gets to become ready, and to stop.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where everything is that a server needs.
pub(crate) struct Ground {
    /// The program.
    pub(crate) program: PathBuf,
    /// The built pages.
    pub(crate) assets: PathBuf,
    /// The folder of this server's files.
    pub(crate) folder: PathBuf,
    pub(crate) database: String,
    /// Where mail goes.
    pub(crate) mail: SocketAddr,
    /// Where text messages go.
    pub(crate) phone: SocketAddr,
    /// Where people are served.
    pub(crate) listen: SocketAddr,
}

/// A running server; killed when dropped.
pub(crate) struct Server {
    child: Child,
}

impl Ground {
    /// The file with its keys.
    pub(crate) fn keys(&self) -> PathBuf {
        self.folder.join("keys")
    }

    /// Starts it, and waits until it is ready.
    pub(crate) async fn start(&self) -> anyhow::Result<Server> {
        let operations = free_address()?;
        let file = self.folder.join("regain.toml");
        fs::write(&file, self.config(operations))?;
        let log = File::create(self.folder.join("server.log"))?;
        let child = Command::new(&self.program)
            .args(["serve", "--config"])
            .arg(&file)
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("start {}", self.program.display()))?;
        let mut server = Server { child };
        let until = Instant::now() + PATIENCE;
        while !is_ready(operations).await {
            if Instant::now() > until || server.child.try_wait()?.is_some() {
                let log = fs::read_to_string(self.folder.join("server.log")).unwrap_or_default();
                bail!("the server did not become ready: {}", log.trim());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(server)
    }

    /// Tells what the server itself complained about, if it did.
    pub(crate) fn complaints(&self) {
        let log = fs::read_to_string(self.folder.join("server.log")).unwrap_or_default();
        let lines = log
            .lines()
            .filter(|line| line.contains("ERROR") || line.contains("WARN"));
        let found: Vec<&str> = lines.collect();
        if let Some(first) = found.first() {
            say(&format!(
                "  the server's log has {} warnings or errors; the first: {first}",
                found.len()
            ));
        }
    }

    fn config(&self, operations: SocketAddr) -> String {
        let quoted = |text: &dyn std::fmt::Display| format!("{:?}", text.to_string());
        format!(
            "listen = {listen}\n[database]\nurl = {database}\n[keys]\nfile = {keys}\n\
             [operations]\nlisten = {operations}\n[http]\ntrusted_proxies = [\"127.0.0.1/32\"]\n\
             [mail]\nhost = {mail}\nport = {port}\ntls = \"none\"\nfrom = \"no-reply@bench.example\"\n\
             [assets]\ndir = {assets}\n\
             [gateways.bench]\nurl = {phone}\naccount = \"AC1\"\ntoken = \"bench\"\nsms_from = \"+15005550006\"\n\
             price_sms = \"0\"\nallowed_networks = [\"127.0.0.0/8\"]\n",
            listen = quoted(&self.listen),
            database = quoted(&self.database),
            keys = quoted(&self.keys().display()),
            operations = quoted(&operations),
            mail = quoted(&self.mail.ip()),
            port = self.mail.port(),
            phone = quoted(&format!("http://{}", self.phone)),
            assets = quoted(&self.assets.display()),
        )
    }
}

impl Server {
    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Stops it as an operator would.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        kill_process(Pid::from_child(&self.child), Signal::TERM)?;
        let until = Instant::now() + PATIENCE;
        while self.child.try_wait()?.is_none() {
            if Instant::now() > until {
                say("  the server did not stop in time and is killed");
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // If it has ended already there is nothing to kill.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A port that nobody uses.
pub(crate) fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?)
}

/// Builds the program beside this example with the same cargo, if one runs this; gives where it is.
pub(crate) fn built() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let profile = own
        .parent()
        .and_then(Path::parent)
        .context("an example lies in target/<profile>/examples")?;
    if let Ok(cargo) = std::env::var("CARGO") {
        let is_release = profile.file_name().is_some_and(|name| name == "release");
        let mut build = Command::new(cargo);
        // With the example, so that both are built of the same parts.
        build.args([
            "build",
            "--quiet",
            "--package",
            "regain-server",
            "--bin",
            "regain",
            "--example",
            "bench",
        ]);
        if is_release {
            build.arg("--release");
        }
        if !build.status().context("run cargo")?.success() {
            bail!("the program could not be built");
        }
    }
    let program = profile.join("regain");
    match program.exists() {
        true => Ok(program),
        false => bail!(
            "{} is not built: cargo build --release --package regain-server",
            program.display()
        ),
    }
}

async fn is_ready(operations: SocketAddr) -> bool {
    let Ok(mut line) = Line::open(operations).await else {
        return false;
    };
    let ask = Ask {
        host: "localhost",
        path: "/readyz",
        client: Ipv4Addr::LOCALHOST,
        cookie: None,
        form: None,
        takes_brotli: false,
    };
    line.ask(ask).await.is_ok_and(|answer| answer.status == 200)
}
