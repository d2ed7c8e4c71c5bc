//! Writes the filter of known passwords: `build_common_filter WORDS FILTER`, where WORDS has one word a line.
//! The same words give the same file. Where they come from is told in `data/NOTICE.md`.

use anyhow::{Context, Result, anyhow};
use regain_service::common_passwords::key;
use std::path::PathBuf;
use xorf::{BinaryFuse32, DmaSerializable};

/// Shorter words are refused by length in any case (`domain.md` §7).
const LEAST: usize = 8;

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(words), Some(filter)) = (arguments.next(), arguments.next()) else {
        return Err(anyhow!(
            "two files are needed: the words to read and the filter to write"
        ));
    };
    let words = std::fs::read_to_string(&words).with_context(|| format!("read {}", words.display()))?;
    std::fs::write(&filter, filter_of(&words)?).with_context(|| format!("write {}", filter.display()))
}

fn filter_of(words: &str) -> Result<Vec<u8>> {
    let words = words.lines().filter(|word| word.chars().count() >= LEAST);
    let mut keys: Vec<u64> = words.map(key).collect();
    keys.sort_unstable();
    keys.dedup();
    let filter = BinaryFuse32::try_from(&keys).map_err(|why| anyhow!("build the filter: {why}"))?;
    let mut bytes = vec![0; BinaryFuse32::DESCRIPTOR_LEN];
    filter.dma_copy_descriptor_to(&mut bytes);
    bytes.extend_from_slice(filter.dma_fingerprints());
    Ok(bytes)
}
