//! What was measured: rows for people on standard output, and the same as JSON for machines.

use anyhow::Context;
use serde::Serialize;
use std::fs;
use std::io::Write;
use std::path::Path;

/// What a figure is held against.
#[derive(Clone, Copy)]
pub(crate) enum Against {
    /// It may not be more.
    Most(f64),
    /// It may not be less.
    Least(f64),
    /// It must be at least this share of a peer measured in the same run.
    Share(f64, f64),
    /// A peer or limit to compare with; nothing is asked.
    Peer(f64),
    /// Nothing.
    Nothing,
}

/// One line of the table.
#[derive(Serialize)]
pub(crate) struct Row {
    what: String,
    figure: f64,
    unit: &'static str,
    /// The figure by its limit or peer.
    ratio: Option<f64>,
    /// What the ratio is to.
    to: String,
    /// Whether what is asked holds; nothing where nothing is asked.
    holds: Option<bool>,
}

/// All lines, and what has to be known to read them.
#[derive(Default, Serialize)]
pub(crate) struct Table {
    rows: Vec<Row>,
    notes: Vec<String>,
}

impl Table {
    /// Adds a line.
    pub(crate) fn row(&mut self, what: impl Into<String>, figure: f64, unit: &'static str, against: Against) {
        let (ratio, to, holds) = match against {
            Against::Most(most) => (
                Some(figure / most),
                format!("at most {}", short(most)),
                Some(figure <= most),
            ),
            Against::Least(least) => (
                Some(figure / least),
                format!("at least {}", short(least)),
                Some(figure >= least),
            ),
            Against::Share(peer, share) => {
                let to = format!("at least {} × {}", short(share), short(peer));
                (Some(figure / peer), to, Some(figure >= share * peer))
            }
            Against::Peer(peer) => (Some(figure / peer), short(peer), None),
            Against::Nothing => (None, String::new(), None),
        };
        let ratio = ratio.filter(|ratio| ratio.is_finite());
        let what = what.into();
        say(&format!("  {what}: {} {unit}", short(figure)));
        self.rows.push(Row {
            what,
            figure,
            unit,
            ratio,
            to,
            holds,
        });
    }

    /// Adds a line to the foot.
    pub(crate) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Writes the table to standard output.
    pub(crate) fn print(&self) -> anyhow::Result<()> {
        let widest = self
            .rows
            .iter()
            .map(|row| row.what.chars().count())
            .max()
            .unwrap_or_default();
        let mut out = std::io::stdout().lock();
        writeln!(
            out,
            "{:widest$} {:>10} {:<6} {:>7}  to",
            "what", "figure", "unit", "ratio"
        )?;
        for row in &self.rows {
            let ratio = row.ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default();
            let missed = if row.holds == Some(false) { "  MISSED" } else { "" };
            let (what, figure, unit, to) = (&row.what, short(row.figure), row.unit, &row.to);
            writeln!(out, "{what:widest$} {figure:>10} {unit:<6} {ratio:>7}  {to}{missed}")?;
        }
        writeln!(out)?;
        self.notes.iter().try_for_each(|note| writeln!(out, "{note}"))?;
        out.flush().context("write the table")
    }

    /// Keeps it as JSON.
    pub(crate) fn keep(&self, file: &Path) -> anyhow::Result<()> {
        let json = serde_json::to_vec_pretty(self)?;
        fs::write(file, json).with_context(|| format!("write {}", file.display()))
    }
}

/// Tells on standard error how far the bench is.
pub(crate) fn say(line: &str) {
    // Nobody is there to hear that standard error is gone.
    drop(writeln!(std::io::stderr(), "{line}"));
}

/// Three or four digits that mean something.
fn short(figure: f64) -> String {
    match figure.abs() {
        size if size >= 100.0 || size.fract() == 0.0 => format!("{figure:.0}"),
        size if size >= 1.0 => format!("{figure:.1}"),
        _ => format!("{figure:.3}"),
    }
}
