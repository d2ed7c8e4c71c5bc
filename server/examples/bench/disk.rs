//! How long the disk takes to keep a page: each committed transaction of SQLite waits for it.

use crate::stats::{median, ms};
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Instant;

/// Milliseconds of writing 4 KiB and waiting until it is kept, in the middle of 200.
pub(crate) fn sync_ms(folder: &Path) -> anyhow::Result<f64> {
    let mut file = File::create(folder.join("sync"))?;
    let mut samples = Vec::new();
    for _ in 0..200 {
        let begun_at = Instant::now();
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        samples.push(ms(begun_at.elapsed()));
    }
    Ok(median(&samples))
}
