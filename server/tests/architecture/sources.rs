//! What Rust files may hold: size, the one door to the server, pure decisions, explicit addresses.

use crate::{none, tree};
use std::collections::HashMap;

/// None is longer, without its tests.
const LONGEST: usize = 400;
/// Half of all files are at most so long.
const MEDIAN: usize = 120;

#[test]
fn files_are_short() {
    let mut sizes: Vec<(usize, String)> = tree::sources()
        .into_iter()
        .map(|file| (tree::shipped(&file.text).count(), file.path))
        .collect();
    sizes.sort();
    let long = sizes.iter().filter(|(lines, _)| *lines > LONGEST);
    let faults: Vec<String> = long.map(|(lines, path)| format!("{path}: {lines} lines")).collect();
    none(
        &faults,
        &format!("Name the second idea in the file and move it to one of its own: at most {LONGEST} lines."),
    );
    let median = sizes.get(sizes.len() / 2).map_or(0, |(lines, _)| *lines);
    assert!(
        median <= MEDIAN,
        "half of all files are longer than {median} lines, {MEDIAN} is the budget: split where two ideas meet"
    );
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent = tree::sources()
        .into_iter()
        .filter(|file| !file.text.starts_with("//! "));
    none(
        &silent.map(|file| file.path).collect::<Vec<_>>(),
        "Begin the file with one `//!` sentence.",
    );
}

#[test]
fn modules_are_named_for_what_they_hold() {
    let vague = ["utils", "util", "helpers", "common", "types", "misc"];
    let mut faults: Vec<String> = tree::sources().into_iter().map(|file| file.path).collect();
    faults.retain(|path| {
        path.trim_end_matches(".rs")
            .split('/')
            .any(|part| vague.contains(&part))
    });
    none(&faults, "Name it for its subject.");
}

#[test]
fn ssr_is_said_at_the_door_only() {
    let mut faults = Vec::new();
    for file in tree::files(&["app/src"], ".rs") {
        let said: Vec<usize> = tree::code(&file.text)
            .filter(|(_, line)| line.contains("\"ssr\""))
            .map(|(number, _)| number)
            .collect();
        let allowed = usize::from(file.path == "app/src/lib.rs");
        if !file.path.starts_with("app/src/doorstep") && said.len() > allowed {
            faults.push(format!("{}: line {said:?}", file.path));
        }
    }
    none(
        &faults,
        "What needs the server goes through app/src/doorstep; lib.rs has the one cfg that opens it.",
    );
}

#[test]
fn decisions_touch_nothing_outside() {
    let outside = [
        "SystemTime",
        "Instant::",
        "Utc::now",
        "Local::now",
        "rand::",
        "thread_rng",
        "getrandom",
        "std::env",
        "std::fs",
        "std::net",
        "std::process",
        "std::thread",
        "std::io",
        "new_v4",
        "now_v7",
        "println!",
        "async fn",
    ];
    let mut faults = Vec::new();
    for file in tree::sources()
        .iter()
        .filter(|file| file.path.starts_with("crates/domain/src/"))
    {
        for (number, line) in tree::code(&file.text) {
            if let Some(word) = outside.iter().find(|word| names(line, word)) {
                faults.push(format!("{}:{number}: {word}", file.path));
            }
        }
    }
    none(
        &faults,
        "Pass the time, the dice or the fact in as an argument; gathering is for crates/service.",
    );
}

#[test]
fn every_server_function_has_an_explicit_address() {
    let mut faults = Vec::new();
    let mut seen: HashMap<String, String> = HashMap::new();
    for file in tree::files(&["app/src"], ".rs") {
        let code = tree::code(&file.text)
            .map(|(_, line)| line)
            .collect::<Vec<_>>()
            .join("\n");
        // These stand at an argument, and name no address.
        let at_arguments = ["#[server(default)]", "#[server(flatten)]", "#[server(rename"];
        let functions = code.match_indices("#[server").map(|(at, _)| at);
        for start in functions.filter(|at| {
            let rest = code.get(*at..).unwrap_or_default();
            !at_arguments.iter().any(|argument| rest.starts_with(argument))
        }) {
            let attribute = code
                .get(start..)
                .and_then(|rest| rest.split_once(']'))
                .map_or("", |(attribute, _)| attribute);
            let place = format!("{}: {attribute}]", file.path);
            let endpoint = said(attribute, "endpoint").unwrap_or_default();
            let well_named = !endpoint.is_empty()
                && endpoint
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
            if !matches!(said(attribute, "prefix"), Some("/fn/public" | "/fn/user" | "/fn/admin")) || !well_named {
                faults.push(format!(
                    "{place} needs a prefix of an audience and an endpoint in kebab case"
                ));
            }
            if attribute.contains("input") || attribute.contains("Get") {
                faults.push(format!("{place} must take a url-encoded POST, which needs no `input`"));
            }
            if let Some(other) = seen.insert(endpoint.to_owned(), place.clone()) {
                faults.push(format!("{place} has the endpoint of {other}"));
            }
        }
    }
    none(
        &faults,
        "Write #[server(prefix = \"/fn/public\", endpoint = \"slice-verb\")].",
    );
}

/// Does the line say it, and not as the end of a longer word (`brand::` is no dice)?
fn names(line: &str, what: &str) -> bool {
    line.match_indices(what).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        before.is_none_or(|c| !c.is_alphanumeric() && c != '_')
    })
}

/// The value of `name = "value"` within an attribute.
fn said<'a>(attribute: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = attribute.split_once(name)?;
    let (_, rest) = rest.split_once('"')?;
    rest.split_once('"').map(|(value, _)| value)
}

#[test]
fn pages_have_no_inline_styles() {
    let mut faults = Vec::new();
    for file in tree::files(&["app/src"], ".rs") {
        for (number, line) in tree::code(&file.text) {
            if line.contains(" style=") || line.contains(" style:") {
                faults.push(format!("{}:{number}", file.path));
            }
        }
    }
    none(
        &faults,
        "The policy of the pages refuses inline styles: write a part in style/parts/ or a token.",
    );
}
