//! What a first visit loads, and what a further language adds to it.

use crate::site::Site;
use crate::table::{Against, Table};
use crate::wire::{Ask, Line};
use anyhow::{Context, bail};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::{Command, Stdio};

/// The most that html, css, js and wasm may weigh.
const MOST_KB: f64 = 250.0;
/// The most that a program may weigh, in kB.
const PROGRAMS: [(&str, f64); 2] = [("authenticator", 200.0), ("console", 400.0)];
/// The slices whose words no bundle of the wizard holds.
const NOT_IN_WIZARD: [&str; 3] = ["authenticator.json", "console.json", "security.json"];

/// Loads `/reset` and everything that it names, as a browser does that takes brotli.
pub(crate) async fn measure(site: &Site, root: &Path, table: &mut Table) -> anyhow::Result<()> {
    let client = Ipv4Addr::new(10, 255, 0, 1);
    let mut line = Line::open(site.address).await?;
    let html = line
        .ask(Ask {
            takes_brotli: true,
            ..site.get("/reset", client)
        })
        .await?;
    let text = String::from_utf8_lossy(&html.body).into_owned();
    let mut bytes = BTreeMap::from([("html", html.body.len())]);
    let mut n_plain = usize::from(html.header("content-encoding").is_none());
    for path in named(&text) {
        let answer = line
            .ask(Ask {
                takes_brotli: true,
                ..site.get(&path, client)
            })
            .await?;
        if answer.status != 200 {
            bail!("{path}: status {}", answer.status);
        }
        let kind = match path.rsplit('.').next() {
            Some("css") => "css",
            Some("js") => "js",
            Some("wasm") => "wasm",
            _ => continue,
        };
        n_plain += usize::from(answer.header("content-encoding") != Some("br"));
        *bytes.entry(kind).or_default() += answer.body.len();
    }
    let sum: usize = bytes.values().sum();
    table.row(
        "first load of /reset, html + css + js + wasm",
        kb(sum),
        "kB",
        Against::Most(MOST_KB),
    );
    for (kind, n) in bytes {
        table.row(format!("  of that {kind}"), kb(n), "kB", Against::Peer(MOST_KB));
    }
    if n_plain > 0 {
        table.note(format!(
            "{n_plain} of the files of the first load came without brotli and count as they came."
        ));
    }
    programs(root, table)?;
    languages(root, table)
}

/// Each program as it was built, with its glue.
fn programs(root: &Path, table: &mut Table) -> anyhow::Result<()> {
    let folder = root.join("dist/pkg");
    let manifest = fs::read(folder.join("manifest.json")).context("read the list of built files")?;
    let names: BTreeMap<String, String> = serde_json::from_slice(&manifest)?;
    for program in names.keys().filter_map(|name| name.strip_suffix("_bg.wasm")) {
        let mut n = 0;
        for plain in [format!("{program}_bg.wasm"), format!("{program}.js")] {
            let file = names.get(&plain).with_context(|| format!("{plain} is not built"))?;
            let twin = folder.join(format!("{file}.br"));
            n += fs::metadata(&twin)
                .with_context(|| format!("{} is missing", twin.display()))?
                .len();
        }
        let against = PROGRAMS.iter().find(|(name, _)| *name == program);
        let against = against.map_or(Against::Nothing, |(_, most)| Against::Most(*most));
        table.row(
            format!("program {program}: wasm and js, brotli"),
            kb(usize::try_from(n)?),
            "kB",
            against,
        );
    }
    Ok(())
}

/// The words of each language, as the catalogues hold them.
fn languages(root: &Path, table: &mut Table) -> anyhow::Result<()> {
    let folder = root.join("app/locales");
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir(&folder).context("look for the catalogues")? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    for name in names {
        let mut words = Vec::new();
        for file in fs::read_dir(folder.join(&name))? {
            let file = file?;
            if !NOT_IN_WIZARD.iter().any(|other| file.file_name() == *other) {
                words.extend(fs::read(file.path())?);
            }
        }
        let (n, how) = match brotli(&words) {
            Ok(compressed) => (compressed.len(), "brotli"),
            Err(_) => (words.len(), "plain, no brotli here"),
        };
        table.row(
            format!("words of the wizard in {name}, {how}"),
            kb(n),
            "kB",
            Against::Nothing,
        );
    }
    table.note("A language's words are told by its catalogues' bytes under brotli, keys included: about what it adds to the first load.");
    Ok(())
}

/// Every built file that a page names, once.
fn named(html: &str) -> Vec<String> {
    let ends = |c: char| matches!(c, '"' | '\'' | ' ' | '<' | '>' | ')' | ';' | ',');
    let tails = html.split("/pkg/").skip(1).filter_map(|tail| tail.split(ends).next());
    let mut names: Vec<String> = tails.map(|name| format!("/pkg/{name}")).collect();
    names.sort();
    names.dedup();
    names
}

/// Compresses as the build of the pages does: by the program, else by Node.
fn brotli(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let node = "const z = require('zlib'), c = z.constants; process.stdout.write(z.brotliCompressSync(\
        require('fs').readFileSync(0), { params: { [c.BROTLI_PARAM_QUALITY]: 11, [c.BROTLI_PARAM_LGWIN]: 24 } }))";
    piped("brotli", &["-q", "11", "-w", "24", "-c"], bytes).or_else(|_| piped("node", &["-e", node], bytes))
}

fn piped(program: &str, arguments: &[&str], bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    // It reads all before it writes, so nobody waits for the other; dropped here, which ends its input.
    child.stdin.take().context("its input")?.write_all(bytes)?;
    let output = child.wait_with_output()?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => bail!("{program} failed"),
    }
}

fn kb(n: usize) -> f64 {
    n as f64 / 1000.0
}
