//! Accounts of a file: read and counted first, then made as it was seen, all of them or none.

use super::newcomer::{Newcomer, read, root};
use super::{Console, Staff};
use crate::again::again;
use crate::hex::encode;
use crate::note::{self, Note, Page};
use crate::visit::{Keep, Standing, Stepped, Visit};
use regain_domain::audit::Activity;
use regain_domain::limits::{ACCOUNTS_PER_DESTINATION, IMPORT_LINES_MOST};
use regain_domain::people::{Field, Fields, ImportLine, ImportView, Wrong};
use regain_domain::policy::Group;
use regain_domain::role::Act;
use regain_domain::staff::Guarded;
use regain_domain::tenant::TenantSettings;
use regain_store::{Error, Tx, desk, groups, methods, people};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};

/// The file that a session has posted.
const POSTED: &str = "import";
/// Longest text that is shown to be put right, in bytes.
const SHOWN_MOST: usize = 32 * 1024;
/// Lines that are listed with what is wrong with them.
const LISTED_MOST: usize = 100;

/// What a file says, against the rows as they are.
#[derive(Default)]
struct Reading {
    unknown: Vec<String>,
    new: Vec<Newcomer>,
    n_known: u32,
    n_wrong: u32,
    wrong: Vec<ImportLine>,
}

/// A line of the file: its number, and what its columns hold.
struct Line {
    number: u32,
    fields: Fields,
}

impl Console {
    /// The form, and what the posted file would do.
    pub async fn look_import(&self, visit: &Visit) -> anyhow::Result<Guarded<ImportView>> {
        let tx = self.core.store.read(visit.tenant.id).await?;
        let staff = match self.caller(&tx, visit, Act::ManageUsers).await? {
            Ok(staff) => staff,
            Err(outside) => return Ok(outside.into()),
        };
        let text: Option<String> = desk::get(&tx, staff.session.id, POSTED).await?;
        let read = match &text {
            Some(text) => self.reading(&tx, visit, text).await?,
            None => Ok(Reading::default()),
        };
        let note = note::read(&self.core, visit, Page::Import).unwrap_or_default();
        Ok(Guarded::Page(Box::new(view(&staff, text.as_deref(), read, note.made))))
    }

    /// Takes a file: nothing is made yet.
    pub async fn post_import(&self, visit: &Visit, text: &str) -> anyhow::Result<Stepped<Guarded<ImportView>>> {
        let (tx, staff) = match self.enter(visit, Act::ManageUsers).await? {
            Ok(entered) => entered,
            Err(outside) => return self.shut_out(visit, outside).await,
        };
        match text.trim().is_empty() {
            true => desk::clear(&tx, staff.session.id, POSTED).await?,
            false => desk::put(&tx, staff.session.id, POSTED, &text).await?,
        }
        tx.commit().await?;
        Ok(Stepped::new(self.look_import(visit).await?))
    }

    /// Makes the accounts, if the file would still do what was seen; else the page says what it would do now.
    pub async fn import(&self, visit: &Visit, seen: &str) -> anyhow::Result<Stepped<Guarded<ImportView>>> {
        let made = match again(|| self.imported(visit, seen)).await? {
            Imported::Shut(outside) => return self.shut_out(visit, outside).await,
            Imported::Late => {
                return Ok(Stepped {
                    standing: Standing::Stale,
                    ..Stepped::new(self.look_import(visit).await?)
                });
            }
            Imported::Made(n) => n,
        };
        let note = Note {
            page: Page::Import,
            made: Some(made),
            at: self.core.now(),
            ..Note::default()
        };
        let note = note::write(&self.core, visit, &note)?;
        let screen = self.look_import(&visit.with_note(&note)).await?;
        Ok(Stepped {
            note: Keep::Set(note),
            ..Stepped::new(screen)
        })
    }

    async fn imported(&self, visit: &Visit, seen: &str) -> anyhow::Result<Imported> {
        let (tx, staff) = match self.enter(visit, Act::ManageUsers).await? {
            Ok(entered) => entered,
            Err(outside) => return Ok(Imported::Shut(outside)),
        };
        let Some(text) = desk::get::<String>(&tx, staff.session.id, POSTED).await? else {
            return Ok(Imported::Late);
        };
        let Ok(reading) = self.reading(&tx, visit, &text).await? else {
            return Ok(Imported::Late);
        };
        if seen_of(&text, &reading).as_deref() != Some(seen) {
            return Ok(Imported::Late);
        }
        let n_new = n(reading.new.len());
        match self.make(&tx, reading.new, self.core.now()).await {
            Ok(_) => {}
            Err(Error::Conflict) => return Ok(Imported::Late),
            Err(error) => return Err(error.into()),
        }
        desk::clear(&tx, staff.session.id, POSTED).await?;
        self.told(
            &tx,
            visit,
            &staff,
            None,
            (Activity::AccountsImported, &n_new.to_string()),
        )
        .await?;
        tx.commit().await?;
        Ok(Imported::Made(n_new))
    }

    /// Reads a file against the accounts, addresses and groups that there are.
    async fn reading(&self, tx: &Tx, visit: &Visit, text: &str) -> anyhow::Result<Result<Reading, Wrong>> {
        let groups = groups::all(tx).await?;
        let (lines, unknown) = match parsed(text) {
            Ok(parsed) => parsed,
            Err(wrong) => return Ok(Err(wrong)),
        };
        let read = each(&lines, &visit.tenant.settings, &groups);
        let newcomers = || read.iter().filter_map(|(_, read)| read.as_ref().ok());
        let names: Vec<&str> = newcomers().map(|newcomer| newcomer.user_name.as_str()).collect();
        let known = people::known(tx, &names).await?;
        let ways = newcomers().flat_map(|newcomer| &newcomer.ways);
        let roots: Vec<_> = ways.map(|(_, kind, value)| root(*kind, value)).collect();
        let n_holders = methods::n_holders(tx, &roots).await?;
        Ok(Ok(sorted(read, unknown, &known, n_holders)))
    }
}

/// What came of an import.
enum Imported {
    Shut(super::Outside),
    /// It is not what was seen any more.
    Late,
    /// So many were made.
    Made(u32),
}

fn view(staff: &Staff, text: Option<&str>, read: Result<Reading, Wrong>, made: Option<u32>) -> ImportView {
    let (reading, refusal) = match read {
        Ok(reading) => (reading, None),
        Err(wrong) => (Reading::default(), Some(wrong)),
    };
    let shown = text.filter(|text| text.len() <= SHOWN_MOST).unwrap_or_default();
    ImportView {
        reader: staff.reader(),
        is_posted: text.is_some(),
        text: shown.to_owned(),
        refusal,
        seen: text.and_then(|text| seen_of(text, &reading)),
        n_new: n(reading.new.len()),
        n_known: reading.n_known,
        n_wrong: reading.n_wrong,
        unknown: reading.unknown,
        wrong: reading.wrong,
        made,
    }
}

/// Names what an administrator has seen: the file, and whom it makes. Nothing where it makes nobody, or a line is wrong.
fn seen_of(text: &str, reading: &Reading) -> Option<String> {
    if reading.new.is_empty() || reading.n_wrong > 0 {
        return None;
    }
    let mut digest = Sha256::new();
    digest.update(text.as_bytes());
    for newcomer in &reading.new {
        digest.update([0]);
        digest.update(newcomer.user_name.as_str().as_bytes());
    }
    Some(encode(&digest.finalize()))
}

/// The lines of a file, and the columns that are not known.
fn parsed(text: &str) -> Result<(Vec<Line>, Vec<String>), Wrong> {
    // One end of line throughout, as forms send two: else the numbers of lines are one behind.
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(&text))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let head = reader.headers().map_err(|error| form(&error))?.clone();
    let columns: Vec<Option<Field>> = head.iter().map(column).collect();
    if !columns.contains(&Some(Field::UserName)) {
        return Err(Wrong::NoNames);
    }
    let is_unknown = |(name, column): &(&str, &Option<Field>)| column.is_none() && !name.is_empty();
    let unknown = head.iter().zip(&columns).filter(is_unknown);
    let unknown = unknown.map(|(name, _)| name.chars().take(40).collect()).collect();
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| form(&error))?;
        let number = record
            .position()
            .map_or(0, |position| n(usize::try_from(position.line()).unwrap_or(0)));
        if record.len() > columns.len() {
            return Err(Wrong::LineForm { line: number });
        }
        if lines.len() == IMPORT_LINES_MOST {
            return Err(Wrong::TooManyLines {
                most: n(IMPORT_LINES_MOST),
            });
        }
        let fields = record.iter().zip(&columns);
        let fields = fields.filter_map(|(text, column)| Some(((*column)?, text.to_owned())));
        lines.push(Line {
            number,
            fields: Fields(fields.collect()),
        });
    }
    match lines.is_empty() {
        true => Err(Wrong::NoLines),
        false => Ok((lines, unknown)),
    }
}

/// What stands most often in the first line between its names: a comma, a semicolon or a tab.
fn delimiter(text: &str) -> u8 {
    let head = text.lines().next().unwrap_or_default();
    let most = [b',', b';', b'\t']
        .into_iter()
        .rev()
        .max_by_key(|delimiter| head.bytes().filter(|byte| byte == delimiter).count());
    most.unwrap_or(b',')
}

/// The field of a column, however its name is spelled.
fn column(name: &str) -> Option<Field> {
    let name = name.trim().to_lowercase().replace([' ', '-'], "_");
    match name.as_str() {
        "username" => Some(Field::UserName),
        name => Field::of_code(name),
    }
}

fn form(error: &csv::Error) -> Wrong {
    let line = error.position().map_or(0, csv::Position::line);
    Wrong::LineForm {
        line: n(usize::try_from(line).unwrap_or(0)),
    }
}

type Read<'a> = (&'a Line, Result<Newcomer, Vec<(Field, Wrong)>>);

/// Each line by itself, but for names that an earlier one has.
fn each<'a>(lines: &'a [Line], settings: &TenantSettings, groups: &[Group]) -> Vec<Read<'a>> {
    let mut names = HashSet::new();
    let mut one = |line: &'a Line| {
        let read = read(&line.fields, settings, groups).and_then(|newcomer| {
            match names.insert(newcomer.user_name.as_str().to_owned()) {
                true => Ok(newcomer),
                false => Err(vec![(Field::UserName, Wrong::Twice)]),
            }
        });
        (line, read)
    };
    lines.iter().map(&mut one).collect()
}

/// Sorts lines into those that are new, known and wrong. `n_holders`: how many accounts have an address or number already.
fn sorted(
    read: Vec<Read<'_>>,
    unknown: Vec<String>,
    known: &HashSet<String>,
    mut n_holders: HashMap<String, u32>,
) -> Reading {
    let mut reading = Reading {
        unknown,
        ..Reading::default()
    };
    for (line, read) in read {
        let wrongs = match read {
            Ok(newcomer) if known.contains(newcomer.user_name.as_str()) => {
                reading.n_known += 1;
                continue;
            }
            Ok(newcomer) => {
                let shared = shared(&newcomer, &mut n_holders);
                if shared.is_empty() {
                    reading.new.push(newcomer);
                    continue;
                }
                shared
            }
            Err(wrongs) => wrongs,
        };
        reading.n_wrong += 1;
        if reading.wrong.len() < LISTED_MOST {
            reading.wrong.push(ImportLine {
                number: line.number,
                user_name: line.fields.text(Field::UserName).chars().take(120).collect(),
                wrongs,
            });
        }
    }
    reading
}

/// Its addresses and numbers that as many have as may (R53); the others are counted for the lines after it.
fn shared(newcomer: &Newcomer, n_holders: &mut HashMap<String, u32>) -> Vec<(Field, Wrong)> {
    let mut shared = Vec::new();
    for (field, kind, value) in &newcomer.ways {
        let n = n_holders.entry(root(*kind, value).as_str().to_owned()).or_default();
        match *n >= ACCOUNTS_PER_DESTINATION {
            true => shared.push((*field, Wrong::Shared)),
            false => *n += 1,
        }
    }
    shared
}

fn n(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Result<Vec<(u32, String)>, Wrong> {
        let (lines, _) = parsed(text)?;
        let name = |line: &Line| (line.number, line.fields.text(Field::UserName).to_owned());
        Ok(lines.iter().map(name).collect())
    }

    #[test]
    fn files_are_read_as_spreadsheets_write_them() {
        let expect = vec![(2, "ada@acorn.example".to_owned())];
        for text in [
            "user_name,given_name\nada@acorn.example,Ada\n",
            "\u{feff}User name;Given name\r\nada@acorn.example;Ada\r\n",
            "given-name\tUSERNAME\nAda\t ada@acorn.example ",
            "given_name,user_name\n\"A, \"\"Ada\"\"\",ada@acorn.example",
            "user_name,given_name\nada@acorn.example",
        ] {
            assert_eq!(names(text), Ok(expect.clone()), "{text:?}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_is_told_why() {
        let long = format!("user_name\n{}", "a\n".repeat(IMPORT_LINES_MOST + 1));
        for (text, expect) in [
            ("", Wrong::NoNames),
            ("given_name\nAda", Wrong::NoNames),
            ("user_name\n", Wrong::NoLines),
            ("user_name,mail\na,b,c", Wrong::LineForm { line: 2 }),
            (
                &long,
                Wrong::TooManyLines {
                    most: n(IMPORT_LINES_MOST),
                },
            ),
        ] {
            assert_eq!(names(text), Err(expect), "{:?}", text.get(..20));
        }
    }

    #[test]
    fn columns_that_are_not_known_are_named() {
        let (_, unknown) = parsed("user_name,password,\nada,secret,").expect("lines");
        assert_eq!(unknown, ["password"]);
    }
}
