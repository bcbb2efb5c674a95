//! How much memory an entry keeps in the log of each server.

use crate::heap::Heap;
use crate::measure::Case;
use crate::scenario::BATCH;

/// Bytes per entry and server that stay allocated after a run, without the command itself: it is one empty command,
/// shared by all entries where handles are shared, and nothing at all elsewhere. The free space at the end of vectors
/// that grow by doubling is counted as what it is.
#[must_use]
pub fn bytes_per_entry(case: Case, entries: usize) -> f64 {
    let mut cluster = case.contender.start(case.servers);
    cluster.prepare(&vec![Vec::new(); BATCH]);
    let before = Heap::now().live;
    case.scenario.run(cluster.as_mut(), entries);
    cluster.heartbeat();
    cluster.settle();
    let kept = Heap::now().live - before;
    kept as f64 / (entries * case.servers) as f64
}
