//! `regain audit export`: to standard output, page by page, itself audited by the service. R54.

use super::{Settings, moment, open, request_id};
use anyhow::{Context, anyhow};
use chrono::{DateTime, NaiveDate, NaiveTime};
use clap::{Args, Subcommand, ValueEnum};
use regain_domain::Timestamp;
use regain_service::admin::{self, COLUMNS, Line};
use std::io::{BufWriter, Write};

/// The audit.
#[derive(Subcommand)]
pub(super) enum AuditCommand {
    /// Write it to standard output, oldest entries first.
    Export(Export),
}

/// An export.
#[derive(Args)]
pub(super) struct Export {
    #[command(flatten)]
    settings: Settings,
    /// The organisation, by its host or short name [default: all of them]
    #[arg(long, value_name = "HOST")]
    tenant: Option<String>,
    /// Entries from this day on (UTC), such as 2026-01-31, or from a time such as 2026-01-31T12:00:00Z
    #[arg(long, value_name = "DATE", value_parser = from)]
    from: Option<Timestamp>,
    /// How each entry is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// How an entry is written.
#[derive(Clone, Copy, Default, ValueEnum)]
enum Format {
    /// One JSON object a line
    #[default]
    Ndjson,
    /// Comma-separated values, safe to open in a spreadsheet
    Csv,
}

impl AuditCommand {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let Self::Export(export) = self;
        export.run().await
    }
}

impl Export {
    async fn run(self) -> anyhow::Result<()> {
        let service = open::beside(&self.settings.read()?).await?;
        let begun = admin::Export::begin(&service, self.tenant.as_deref(), self.from, &request_id()).await?;
        let mut export = begun.map_err(|wrong| anyhow!(wrong))?;
        let mut out = BufWriter::new(std::io::stdout().lock());
        let write = "write to standard output";
        out.write_all(self.format.head().as_bytes()).context(write)?;
        while let Some(page) = export.next().await? {
            for line in page {
                out.write_all(self.format.text(&line).as_bytes()).context(write)?;
            }
        }
        out.flush().context(write)?;
        drop(out);
        drop(export);
        service.close().await
    }
}

impl Format {
    fn head(self) -> String {
        match self {
            Self::Ndjson => String::new(),
            Self::Csv => record(std::iter::once("at").chain(COLUMNS)),
        }
    }

    fn text(self, line: &Line) -> String {
        let at = moment(line.at);
        let values = || std::iter::once(at.as_str()).chain(line.values.iter().map(String::as_str));
        match self {
            Self::Ndjson => {
                let names = std::iter::once("at").chain(COLUMNS);
                object(names.zip(values()))
            }
            Self::Csv => record(values()),
        }
    }
}

/// A JSON object on a line of its own, its fields in their order.
fn object<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let text = |value: &str| serde_json::Value::from(value).to_string();
    let fields: Vec<String> = fields
        .map(|(name, value)| format!("{}:{}", text(name), text(value)))
        .collect();
    format!("{{{}}}\n", fields.join(","))
}

/// A record of RFC 4180.
fn record<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let cells: Vec<String> = cells.map(cell).collect();
    format!("{}\r\n", cells.join(","))
}

/// A cell that no spreadsheet takes for a formula (R54), in quotes where it needs them.
fn cell(text: &str) -> String {
    let safe = match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    };
    match safe.contains([',', '"', '\r', '\n']) {
        true => format!("\"{}\"", safe.replace('"', "\"\"")),
        false => safe,
    }
}

fn from(text: &str) -> Result<Timestamp, String> {
    let day = text
        .parse::<NaiveDate>()
        .map(|day| day.and_time(NaiveTime::MIN).and_utc());
    let at = match day {
        Ok(at) => at,
        Err(_) => DateTime::parse_from_rfc3339(text)
            .map_err(|_| "write it like 2026-01-31 or 2026-01-31T12:00:00Z".to_owned())?
            .to_utc(),
    };
    Ok(Timestamp::from_ms(at.timestamp_millis()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r54_no_cell_is_a_formula() {
        for (text, expect) in [
            ("sign-in", "sign-in"),
            ("", ""),
            ("=1+1", "'=1+1"),
            ("+49", "'+49"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
            ("a,b", "\"a,b\""),
            ("=\"x\"", "\"'=\"\"x\"\"\""),
            ("a\nb", "\"a\nb\""),
        ] {
            assert_eq!(cell(text), expect, "{text:?}");
        }
    }

    #[test]
    fn r54_an_entry_is_one_line_of_either_form() {
        let mut values: [String; COLUMNS.len()] = COLUMNS.map(|_| String::new());
        values[0] = "acorn".to_owned();
        values[6] = "=cmd@acorn.example".to_owned();
        values[13] = "two\nlines".to_owned();
        let line = Line {
            at: Timestamp::from_ms(1_800_000_000_123),
            values,
        };
        let text = Format::Ndjson.text(&line);
        assert!(
            text.starts_with(r#"{"at":"2027-01-15T08:00:00.123Z","tenant":"acorn","#),
            "{text}"
        );
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((text.lines().count(), &read["reference"]), (1, &"two\nlines".into()));
        let text = Format::Csv.text(&line);
        assert!(text.starts_with("2027-01-15T08:00:00.123Z,acorn,,"), "{text}");
        assert!(text.contains(",'=cmd@acorn.example,"), "{text}");
        let columns = Format::Csv.head();
        assert_eq!(columns.split(',').count(), 16, "{columns}");
    }

    #[test]
    fn a_date_is_its_beginning() {
        for (text, expect) in [
            ("2027-01-15", Some(1_799_971_200_000)),
            ("2027-01-15T08:00:00Z", Some(1_800_000_000_000)),
            ("2027-01-15T09:00:00+01:00", Some(1_800_000_000_000)),
            ("yesterday", None),
            ("2027-02-30", None),
        ] {
            assert_eq!(from(text).ok(), expect.map(Timestamp::from_ms), "{text}");
        }
    }
}
