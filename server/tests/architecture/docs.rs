//! What the documents say exists: paths, links, make targets and subcommands.

use crate::{none, tree};
use std::path::Path;
use std::process::Command;

/// A piece of code in a document: an inline span or a line of a block.
struct Code {
    place: String,
    text: String,
}

fn documents() -> Vec<tree::File> {
    let mut all = tree::files(&[""], ".md");
    all.retain(|file| !file.path.contains('/') || file.path.starts_with("docs/"));
    all
}

/// The lines inside fenced blocks, or those outside.
fn lines(text: &str, inside: bool) -> Vec<(usize, &str)> {
    let (mut found, mut fenced) = (Vec::new(), false);
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if fenced == inside {
            found.push((index + 1, line));
        }
    }
    found
}

fn spans(file: &tree::File) -> Vec<Code> {
    let mut found = Vec::new();
    for (number, line) in lines(&file.text, false) {
        for text in line.split('`').skip(1).step_by(2) {
            found.push(Code {
                place: format!("{}:{number}", file.path),
                text: text.to_owned(),
            });
        }
    }
    found
}

/// Spans and lines of blocks that begin with this command; what follows it.
fn uses(command: &str) -> Vec<Code> {
    let mut found = Vec::new();
    for file in documents() {
        let blocks = lines(&file.text, true);
        let block_lines = blocks.into_iter().map(|(number, line)| Code {
            place: format!("{}:{number}", file.path),
            text: line.to_owned(),
        });
        for code in spans(&file).into_iter().chain(block_lines) {
            let text = code.text.trim().trim_start_matches("$ ").trim_start_matches("sudo ");
            if let Some(rest) = text.strip_prefix(command).and_then(|rest| rest.strip_prefix(' ')) {
                found.push(Code {
                    place: code.place,
                    text: rest.to_owned(),
                });
            }
        }
    }
    found
}

fn is_plain(word: &str) -> bool {
    !word.is_empty()
        && word
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

#[test]
fn every_path_of_the_code_map_exists() {
    let text = tree::read("ARCHITECTURE.md").unwrap_or_default();
    let file = tree::File {
        path: "ARCHITECTURE.md".to_owned(),
        text,
    };
    let is_path = |text: &str| {
        let clean = !text.starts_with('/') && !text.contains([' ', '<', '*', '{', '(']) && !text.contains("://");
        let known = [
            ".rs", ".toml", ".css", ".json", ".sh", ".ts", ".md", ".html", ".js", "/",
        ]
        .iter()
        .any(|end| text.ends_with(end));
        let top = text
            .split_once('/')
            .is_some_and(|(top, _)| tree::root().join(top).is_dir());
        clean && text.contains('/') && (known || top)
    };
    let mut paths = spans(&file);
    for code in &mut paths {
        code.text = code.text.split("::").next().unwrap_or_default().to_owned();
    }
    paths.retain(|code| is_path(&code.text));
    assert!(
        paths.len() >= 10,
        "ARCHITECTURE.md needs a code map: paths from the root, each in backticks"
    );
    paths.retain(|code| !tree::root().join(&code.text).exists());
    let faults: Vec<String> = paths
        .into_iter()
        .map(|code| format!("{}: {}", code.place, code.text))
        .collect();
    none(&faults, "Write the path as it is now, from the root.");
    assert!(
        file.text.lines().count() <= 200,
        "ARCHITECTURE.md has at most 200 lines: move detail to docs/"
    );
}

#[test]
fn every_link_leads_somewhere() {
    let mut faults = Vec::new();
    for file in documents() {
        let folder = Path::new(&file.path).parent().unwrap_or(Path::new(""));
        for (number, line) in lines(&file.text, false) {
            for target in line
                .split("](")
                .skip(1)
                .filter_map(|rest| rest.split([')', ' ']).next())
            {
                let path = target.split('#').next().unwrap_or_default();
                let outside = target.contains("://") || target.starts_with("mailto:") || path.is_empty();
                if !outside && !tree::root().join(folder).join(path).exists() {
                    faults.push(format!("{}:{number}: {target}", file.path));
                }
            }
        }
    }
    none(&faults, "Mend the link: it is relative to the document's own folder.");
}

#[test]
fn every_make_target_named_exists() {
    let makefile = tree::read("Makefile").unwrap_or_default();
    let targets: Vec<&str> = makefile
        .lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, _)| name)
        .collect();
    let mut faults = Vec::new();
    for code in uses("make") {
        for word in code.text.split_whitespace().take_while(|word| is_plain(word)) {
            if !targets.contains(&word) {
                faults.push(format!("{}: make {word}", code.place));
            }
        }
    }
    none(&faults, "`make` alone lists the targets there are.");
}

#[test]
fn every_subcommand_named_exists() {
    let output = Command::new(env!("CARGO_BIN_EXE_regain"))
        .arg("--help")
        .output()
        .expect("regain --help runs");
    let help = String::from_utf8_lossy(&output.stdout).into_owned();
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1)
        .take_while(|line| line.starts_with(' '))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let mut faults = Vec::new();
    for code in uses("regain") {
        let word = code.text.split_whitespace().next().unwrap_or_default();
        if is_plain(word) && !word.starts_with('-') && !commands.contains(&word) {
            faults.push(format!("{}: regain {word}", code.place));
        }
    }
    none(&faults, "`regain --help` lists the commands there are.");
}
