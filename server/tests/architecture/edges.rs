//! Who may use whom: the crates of this workspace, and the outside crates that would pull a layer down.

use crate::{none, tree};
use toml::{Table, Value};

/// What one crate may use of ours and must never use of others (a name stands for its family too: `leptos`, `leptos_axum`).
struct Rule {
    folder: &'static str,
    may: &'static [&'static str],
    never: &'static [&'static str],
}

const DATABASE: [&str; 3] = ["sea-orm", "sqlx", "sea-query"];

const RULES: [Rule; 9] = [
    Rule {
        folder: "crates/domain",
        may: &[],
        never: &[
            "tokio",
            "sea-orm",
            "sqlx",
            "leptos",
            "axum",
            "rand",
            "getrandom",
            "reqwest",
            "lettre",
            "tracing",
            "anyhow",
        ],
    },
    Rule {
        // Itself: its tests want its own feature `testing`.
        folder: "crates/store",
        may: &["regain-domain", "regain-store"],
        never: &["leptos", "axum", "lettre", "ldap3", "argon2", "anyhow"],
    },
    Rule {
        folder: "crates/directory",
        may: &["regain-domain"],
        never: &["leptos", "axum", "lettre", "sea-orm", "sqlx", "argon2", "anyhow"],
    },
    Rule {
        folder: "crates/delivery",
        may: &["regain-domain"],
        never: &["leptos", "axum", "ldap3", "sea-orm", "sqlx", "argon2", "anyhow"],
    },
    Rule {
        // Itself: its tests want its own feature `testing`.
        folder: "crates/service",
        may: &[
            "regain-domain",
            "regain-store",
            "regain-directory",
            "regain-delivery",
            "regain-service",
        ],
        never: &[
            "leptos",
            "axum",
            "tower",
            "sea-orm",
            "sqlx",
            "sea-query",
            "lettre",
            "ldap3",
        ],
    },
    Rule {
        folder: "app",
        may: &["regain-domain", "regain-service"],
        never: &[
            "sea-orm",
            "sqlx",
            "sea-query",
            "lettre",
            "ldap3",
            "argon2",
            "tokio",
            "rand",
            "anyhow",
        ],
    },
    Rule {
        folder: "server",
        may: &[
            "regain-domain",
            "regain-app",
            "regain-service",
            "regain-store",
            "regain-directory",
            "regain-delivery",
        ],
        never: &["sea-orm", "sqlx", "sea-query", "lettre", "ldap3", "argon2"],
    },
    Rule {
        folder: "frontend",
        may: &["regain-app"],
        never: &[],
    },
    Rule {
        folder: "clients/windows",
        may: &[],
        never: &[],
    },
];

/// All that the browser's programs may name.
const FRONTEND: [&str; 4] = ["regain-app", "leptos", "console_error_panic_hook", "wasm-bindgen"];
/// What `app` may use on the server's side only.
const SERVER_SIDE: [&str; 3] = ["regain-service", "axum", "leptos_axum"];

fn manifest(folder: &str) -> Table {
    let text = tree::read(&format!("{folder}/Cargo.toml")).expect("a crate has a manifest");
    text.parse().expect("a manifest is TOML")
}

/// The dependencies in tables of these names, for every target, with what is said about each.
fn dependencies(manifest: &Table, kinds: &[&str]) -> Vec<(String, Value)> {
    let mut tables = vec![manifest];
    let targets = manifest.get("target").and_then(Value::as_table);
    tables.extend(targets.into_iter().flat_map(Table::values).filter_map(Value::as_table));
    let mut found = Vec::new();
    for table in tables {
        for list in kinds
            .iter()
            .filter_map(|kind| table.get(*kind))
            .filter_map(Value::as_table)
        {
            for (name, value) in list {
                let real = value.get("package").and_then(Value::as_str).unwrap_or(name);
                found.push((real.to_owned(), value.clone()));
            }
        }
    }
    found
}

fn is_of_family(name: &str, family: &str) -> bool {
    name.strip_prefix(family)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}

fn feature<'a>(manifest: &'a Table, name: &str) -> Vec<&'a str> {
    let list = manifest
        .get("features")
        .and_then(|features| features.get(name))
        .and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).collect()
}

#[test]
fn each_crate_uses_only_what_its_layer_may() {
    let mut faults = Vec::new();
    for rule in &RULES {
        let manifest = manifest(rule.folder);
        for (name, _) in dependencies(&manifest, &["dependencies", "dev-dependencies", "build-dependencies"]) {
            if name.starts_with("regain-") && !rule.may.contains(&name.as_str()) {
                faults.push(format!("{} uses {name}", rule.folder));
            }
        }
        for (name, _) in dependencies(&manifest, &["dependencies", "build-dependencies"]) {
            if rule.never.iter().any(|family| is_of_family(&name, family)) {
                faults.push(format!("{} uses {name}", rule.folder));
            }
            if rule.folder == "frontend" && !FRONTEND.contains(&name.as_str()) {
                faults.push(format!("frontend uses {name}"));
            }
        }
    }
    none(
        &faults,
        "Move the code to the layer that may use this, or change RULES in server/tests/architecture/edges.rs with an ADR.",
    );
}

#[test]
fn every_crate_of_the_workspace_has_a_rule() {
    let found = tree::files(&["crates", "app", "server", "frontend"], "Cargo.toml");
    let mut faults: Vec<String> = found.into_iter().map(|file| file.path).collect();
    faults.retain(|path| !RULES.iter().any(|rule| path == &format!("{}/Cargo.toml", rule.folder)));
    none(
        &faults,
        "Give the new crate its place in RULES of server/tests/architecture/edges.rs, with an ADR.",
    );
}

#[test]
fn app_links_the_server_only_with_ssr() {
    let manifest = manifest("app");
    let mut faults = Vec::new();
    for (name, value) in dependencies(&manifest, &["dependencies"]) {
        let optional = value.get("optional").and_then(Value::as_bool).unwrap_or(false);
        if SERVER_SIDE.contains(&name.as_str()) && !optional {
            faults.push(format!("app: {name} is not optional"));
        }
    }
    let browser = [feature(&manifest, "hydrate"), feature(&manifest, "default")].concat();
    for name in browser {
        if SERVER_SIDE.iter().any(|server| name == format!("dep:{server}")) || name == "ssr" {
            faults.push(format!("app: the browser's features switch {name} on"));
        }
    }
    none(
        &faults,
        "Make it optional in app/Cargo.toml and list it under the feature ssr alone.",
    );
}

#[test]
fn domain_is_given_its_time_and_dice() {
    let root: Table = tree::read("Cargo.toml")
        .expect("the workspace has a manifest")
        .parse()
        .expect("it is TOML");
    let shared = root.get("workspace").and_then(Value::as_table).expect("a workspace");
    let mut all = dependencies(shared, &["dependencies"]);
    all.extend(dependencies(&manifest("crates/domain"), &["dependencies"]));
    let mut faults = Vec::new();
    for (name, value) in all {
        let features = value
            .get("features")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        for on in features {
            if matches!((name.as_str(), on), ("uuid", "v4" | "v7") | ("chrono", "clock" | "now")) {
                faults.push(format!("{name} has the feature {on}"));
            }
        }
    }
    none(
        &faults,
        "Switch it on in the crate that needs it: domain and the browser take ids and times from outside.",
    );
}

#[test]
fn queries_stay_in_the_store() {
    let mut faults = Vec::new();
    for file in tree::sources()
        .iter()
        .filter(|file| !file.path.starts_with("crates/store/"))
    {
        for (number, line) in tree::code(&file.text) {
            if DATABASE
                .iter()
                .any(|name| line.contains(&format!("{}::", name.replace('-', "_"))))
            {
                faults.push(format!("{}:{number}", file.path));
            }
        }
    }
    none(&faults, "Name the query as a function of crates/store and call that.");
}
