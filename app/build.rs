//! Turns `locales/<language>/<slice>.json` into typed keys. A missing or odd key stops the build.

use leptos_i18n_parser::parse_locales::{
    options::{Config, ParseOptions},
    parse_locales,
};
use std::{env, error::Error, fs, path::Path};

/// Beside English, which is the source.
const LANGUAGES: [&str; 4] = ["de", "fr", "es", "ar"];
const SLICES: [&str; 12] = [
    "frame",
    "refusal",
    "reset",
    "kiosk",
    "account",
    "security",
    "not_me",
    "setup",
    "authenticator",
    "console",
    "people",
    "demo",
];

fn main() -> Result<(), Box<dyn Error>> {
    tell("rerun-if-changed=build.rs");
    tell("rerun-if-changed=locales");
    let config = Config::new("en")?
        .add_locales(LANGUAGES)?
        .add_namespaces(SLICES)?
        .parse_options(ParseOptions::new().interpolate_display(true));
    let parsed = parse_locales(None, config)?;
    for file in parsed.tracked_files.iter().flatten() {
        tell(&format!("rerun-if-changed={file}"));
    }
    for warning in parsed.diag.warnings().iter() {
        tell(&format!("error={warning}"));
    }
    for error in parsed.diag.errors().iter() {
        tell(&format!("error={error}"));
    }
    let code = leptos_i18n_codegen::gen_code(&parsed, None, false, None, false)?;
    fs::write(Path::new(&out_dir()?).join("i18n.rs"), code.to_string())?;
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script its folder in no other way"
)]
fn out_dir() -> Result<String, env::VarError> {
    env::var("OUT_DIR")
}

fn tell(words: &str) {
    println!("cargo::{words}");
}
