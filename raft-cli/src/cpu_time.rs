//! How much processor time a thread has used.

use std::fs;
use std::time::{Duration, Instant};

/// A moment in the life of a thread. Only that thread can say what has passed since.
pub(crate) struct CpuTime {
    begun: Instant,
    used: Option<Duration>,
}

impl CpuTime {
    pub(crate) fn now() -> Self {
        Self { begun: Instant::now(), used: used() }
    }

    /// The processor time that this thread has used since; the time that has passed where the system does not say.
    pub(crate) fn passed(&self) -> Duration {
        match (self.used, used()) {
            (Some(before), Some(now)) => now.saturating_sub(before),
            _ => self.begun.elapsed(),
        }
    }
}

/// As Linux counts it: the first number is in nanoseconds.
fn used() -> Option<Duration> {
    let counted = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(counted.split_ascii_whitespace().next()?.parse().ok()?))
}
