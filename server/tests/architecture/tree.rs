//! Reads the work tree: which files there are, and what in them is not a test.

use std::fs;
use std::path::{Path, PathBuf};

/// One file: its path from the root, with `/`, and its text.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// The root of the work tree.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The text of one file, if it is there.
pub(crate) fn read(path: &str) -> Option<String> {
    fs::read_to_string(root().join(path)).ok()
}

/// Every file below these folders whose name ends so, in order.
pub(crate) fn files(folders: &[&str], ending: &str) -> Vec<File> {
    let mut found = Vec::new();
    for folder in folders {
        walk(&root().join(folder), folder, ending, &mut found);
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn walk(folder: &Path, name: &str, ending: &str, found: &mut Vec<File>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let part = entry.file_name().to_string_lossy().into_owned();
        let path = if name.is_empty() {
            part.clone()
        } else {
            format!("{name}/{part}")
        };
        if entry.path().is_dir() {
            if !matches!(part.as_str(), "target" | "dist" | "data" | "node_modules" | ".git") {
                walk(&entry.path(), &path, ending, found);
            }
        } else if part.ends_with(ending) {
            let text = fs::read_to_string(entry.path()).expect("a source is UTF-8");
            found.push(File { path, text });
        }
    }
}

/// All Rust that ships: no `tests/` folders, no `tests.rs`.
pub(crate) fn sources() -> Vec<File> {
    let mut all = files(&["crates", "app", "server", "frontend"], ".rs");
    all.retain(|file| {
        let tests = file.path.contains("/tests/") || file.path.contains("/examples/");
        !tests && !file.path.ends_with("/tests.rs") && !file.path.ends_with("_tests.rs")
    });
    all
}

/// The lines of a Rust file without its test module, numbered from 1.
pub(crate) fn shipped(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines: Vec<&str> = text.lines().collect();
    let tests = lines.windows(2).position(|pair| {
        matches!(pair, [first, second] if first.trim() == "#[cfg(test)]" && second.trim().ends_with('{') && second.contains("mod "))
    });
    let end = tests.unwrap_or(lines.len());
    lines
        .into_iter()
        .take(end)
        .enumerate()
        .map(|(index, line)| (index + 1, line))
}

/// The shipped lines that are code: no comment lines.
pub(crate) fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    shipped(text).filter(|(_, line)| !line.trim_start().starts_with("//"))
}
