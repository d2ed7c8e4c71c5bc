//! Keeps the memory of this process to itself: no core dumps, no looking in by others. R29.

use anyhow::Context;
use rustix::process::{DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit};

/// Done once, before any secret is read.
pub(crate) fn harden() -> anyhow::Result<()> {
    // A service manager may have done it, and forbidden to touch limits.
    if getrlimit(Resource::Core).maximum != Some(0) {
        let none = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        setrlimit(Resource::Core, none).context("switch core dumps off")?;
    }
    set_dumpable_behavior(DumpableBehavior::NotDumpable).context("keep other processes from looking in")
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};

    #[test]
    fn r29_no_core_is_dumped_and_nobody_looks_in() {
        super::harden().unwrap();
        assert_eq!(getrlimit(Resource::Core).maximum, Some(0));
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
    }
}
