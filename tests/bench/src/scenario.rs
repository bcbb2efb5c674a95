//! What is measured: entries that are proposed, delivered, committed and applied.

use crate::cluster::Cluster;

/// How the commands come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scenario {
    /// One is proposed, and everything is delivered before the next.
    One,
    /// 64 are proposed at once, and everything is delivered before the next 64.
    Batch,
}

/// How many commands come at once in [`Scenario::Batch`].
pub const BATCH: usize = 64;

impl Scenario {
    /// Both.
    pub const ALL: [Self; 2] = [Self::One, Self::Batch];

    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::Batch => "batch",
        }
    }

    /// Its name in a heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::One => "One at a time",
            Self::Batch => "64 at once",
        }
    }

    const fn at_once(self) -> usize {
        match self {
            Self::One => 1,
            Self::Batch => BATCH,
        }
    }

    /// Commands of 16 bytes that differ from each other.
    #[must_use]
    pub fn commands() -> Vec<Vec<u8>> {
        (0..BATCH).map(|number| format!("command {number:08}").into_bytes()).collect()
    }

    /// Runs a cluster, whose commands are prepared, by this many entries. This is what is measured.
    #[inline(never)]
    pub fn run(self, cluster: &mut dyn Cluster, entries: usize) {
        let mut done = 0;
        while done < entries {
            let first = done % BATCH;
            let count = self.at_once().min(entries - done);
            cluster.propose(first..first + count);
            cluster.settle();
            done += count;
        }
    }
}
