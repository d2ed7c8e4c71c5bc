//! The shape of the sources: rules of the house that a machine can hold. Each failure says what to do.

#![expect(
    clippy::expect_used,
    reason = "a test that cannot read the sources has nothing to say"
)]

#[path = "architecture/docs.rs"]
mod docs;
#[path = "architecture/edges.rs"]
mod edges;
#[path = "architecture/look.rs"]
mod look;
#[path = "architecture/sources.rs"]
mod sources;
#[path = "architecture/tree.rs"]
mod tree;

/// Fails with every fault at once and the one thing to do about them.
fn none(faults: &[String], advice: &str) {
    assert!(
        faults.is_empty(),
        "{} found.\n{advice}\n  {}\n",
        faults.len(),
        faults.join("\n  ")
    );
}
