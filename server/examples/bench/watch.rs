//! What the kernel tells of processes: their processor time and memory.

use anyhow::Context;
use std::fs;
use std::time::Duration;

/// A tick of `/proc`: Linux tells times to user space in hundredths of a second, whatever it counts itself.
const TICK: Duration = Duration::from_millis(10);

/// The processor time that a process has used, in user space and in the kernel.
pub(crate) fn cpu(process: u32) -> anyhow::Result<Duration> {
    ticks_of(&format!("/proc/{process}/stat"))
}

/// The processor time of this very process.
pub(crate) fn own_cpu() -> anyhow::Result<Duration> {
    ticks_of("/proc/self/stat")
}

/// Resident memory, in MiB.
pub(crate) fn rss(process: u32) -> anyhow::Result<f64> {
    let text = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .context("no VmRSS")?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib / 1024.0)
}

/// The processor time that everybody on this machine has used.
pub(crate) fn machine_cpu() -> anyhow::Result<Duration> {
    let text = fs::read_to_string("/proc/stat")?;
    let line = text.lines().next().context("an empty /proc/stat")?;
    // user nice system idle iowait irq softirq steal: all but the two that mean nobody.
    let fields = line.split_whitespace().skip(1).enumerate();
    let busy = fields
        .filter(|(at, _)| matches!(at, 0..=2 | 5..=6))
        .map(|(_, field)| field);
    summed(busy)
}

fn ticks_of(file: &str) -> anyhow::Result<Duration> {
    let text = fs::read_to_string(file).with_context(|| format!("read {file}"))?;
    // The name in parentheses may hold blanks; user and system time are the 12th and 13th field behind it.
    let (_, rest) = text.rsplit_once(") ").context("no process name")?;
    summed(rest.split(' ').skip(11).take(2))
}

fn summed<'a>(ticks: impl Iterator<Item = &'a str>) -> anyhow::Result<Duration> {
    let mut sum = 0;
    for field in ticks {
        sum += field.parse::<u32>()?;
    }
    Ok(TICK * sum)
}
