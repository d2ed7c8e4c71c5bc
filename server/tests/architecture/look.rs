//! What style sheets may say: logical sides only, and colours only as tokens.

use crate::{none, tree};

/// The declarations of a style sheet, `name: value`, with their line; selectors and at-rules are left out.
fn declarations(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let (mut line, mut part, mut in_comment, mut before) = (1, String::new(), false, ' ');
    for c in text.chars() {
        line += usize::from(c == '\n');
        match (in_comment, before, c) {
            (true, '*', '/') => in_comment = false,
            (false, '/', '*') => {
                part.pop();
                in_comment = true;
            }
            (true, ..) => {}
            (false, _, '{') => part.clear(),
            (false, _, ';' | '}') => {
                let declaration = part.trim();
                if declaration.contains(':') && !declaration.starts_with('@') {
                    found.push((line, declaration.to_owned()));
                }
                part.clear();
            }
            (false, ..) => part.push(c),
        }
        before = c;
    }
    found
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '#')
}

fn is_hex_colour(word: &str) -> bool {
    word.strip_prefix('#')
        .is_some_and(|hex| hex.len() >= 3 && hex.chars().all(|c| c.is_ascii_hexdigit()))
}

#[test]
fn declarations_are_told_from_selectors() {
    let found =
        declarations("/* a: b; */ a:hover #ada { color: red; & b { x: #fff } } @media (width: 3px) { c { y: z; } }");
    let texts: Vec<&str> = found.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(texts, ["color: red", "x: #fff", "y: z"]);
}

#[test]
fn sides_are_logical() {
    let mut faults = Vec::new();
    for file in tree::files(&["style"], ".css") {
        for (line, declaration) in declarations(&file.text) {
            if words(&declaration).any(|word| word == "left" || word == "right") {
                faults.push(format!("{}:{line}: {declaration}", file.path));
            }
        }
    }
    none(
        &faults,
        "Say inline-start and inline-end, so that right to left needs no rule of its own.",
    );
}

#[test]
fn colours_are_tokens() {
    let mut faults = Vec::new();
    for file in tree::files(&["style"], ".css")
        .iter()
        .filter(|file| file.path != "style/tokens.css")
    {
        for (line, declaration) in declarations(&file.text) {
            let function = ["rgb(", "rgba(", "hsl(", "oklch(", "light-dark("]
                .iter()
                .any(|name| declaration.contains(name));
            if function || words(&declaration).any(is_hex_colour) {
                faults.push(format!("{}:{line}: {declaration}", file.path));
            }
        }
    }
    none(
        &faults,
        "Give the colour a name in style/tokens.css and use var(--name).",
    );
}

#[test]
fn every_sheet_is_in_the_one_that_is_built() {
    let main = tree::read("style/main.css").unwrap_or_default();
    let mut faults: Vec<String> = tree::files(&["style"], ".css")
        .into_iter()
        .map(|file| file.path)
        .collect();
    faults.retain(|path| {
        path != "style/main.css" && !main.contains(&format!("\"{}\"", path.trim_start_matches("style/")))
    });
    none(&faults, "Import it in style/main.css or delete it.");
}
