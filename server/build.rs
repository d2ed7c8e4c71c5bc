//! With the feature `embed`: puts the built bundles into the program, by a table of names and bytes.

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_FEATURE_EMBED").is_none() {
        return Ok(());
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist/pkg");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut table = "/// Every built file, by name.\npub(super) static FILES: &[(&str, &[u8])] = &[\n".to_owned();
    for name in names(&folder)? {
        let path = folder.join(&name).canonicalize()?;
        let path = path.to_str().ok_or("the path of dist/pkg is not UTF-8")?;
        writeln!(table, "    ({name:?}, include_bytes!({path:?})),")?;
    }
    table.push_str("];\n");
    let out = std::env::var_os("OUT_DIR")
        .map(PathBuf::from)
        .ok_or("cargo sets no OUT_DIR")?;
    fs::write(out.join("embedded.rs"), table)?;
    Ok(())
}

/// The manifest and all that it names, with compressed twins; leftovers of former builds stay out.
fn names(folder: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let manifest = folder.join("manifest.json");
    let text = fs::read_to_string(&manifest)
        .map_err(|error| format!("{}: {error}; run `frontend/build.sh release` first", manifest.display()))?;
    let listed: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text)?;
    let mut names = vec!["manifest.json".to_owned()];
    for name in listed.values().filter_map(serde_json::Value::as_str) {
        let twins = ["", ".br", ".gz"].map(|suffix| format!("{name}{suffix}"));
        names.extend(twins.into_iter().filter(|twin| folder.join(twin).exists()));
    }
    Ok(names)
}
