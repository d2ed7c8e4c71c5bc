//! A scripted client and the program that it talks to: the real binary, its own folder, real cookies, real bytes.

mod browser;
mod demo;
pub(crate) mod devices;
pub(crate) mod pair;
mod process;
mod rows;
pub(crate) mod wire;

pub(crate) use browser::{Browser, FLOW, Page};
pub(crate) use demo::{Demo, Person, Site};
pub(crate) use process::{Process, free_port};
pub(crate) use rows::Rows;
pub(crate) use wire::{Answer, Ask};

/// Asks until the answer is there; a test that waits longer than ten seconds has failed.
pub(crate) fn wait_for<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    for _ in 0..400 {
        if let Some(found) = ask() {
            return found;
        }
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
    panic!("waited in vain for {what}");
}

/// Runs all at once, each on a thread of its own that starts when all are there.
pub(crate) fn at_once<T: Send, F: FnOnce() -> T + Send>(all: Vec<F>) -> Vec<T> {
    let gate = std::sync::Barrier::new(all.len());
    std::thread::scope(|scope| {
        let gate = &gate;
        let run = |one: F| {
            scope.spawn(move || {
                gate.wait();
                one()
            })
        };
        let running: Vec<_> = all.into_iter().map(run).collect();
        running
            .into_iter()
            .map(|one| one.join().expect("a thread that ends well"))
            .collect()
    })
}
