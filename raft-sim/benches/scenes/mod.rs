//! What goes on in the worlds that are measured: one piece for the benchmarks here, and for those of tests/bench, which is a workspace of
//! its own.

use raft_sim::{ClientLoop, WorldOptions};

/// Nothing but heartbeats, every 50 ms.
pub(crate) fn idle() -> WorldOptions {
    WorldOptions { heartbeat_us: 50_000, ..WorldOptions::default() }
}

/// A thousand writes a second, of ten clients that do not wait for each other; 1 % of all messages is lost, and a snapshot
/// is taken every thousand entries.
pub(crate) fn busy() -> WorldOptions {
    WorldOptions {
        clients: 10,
        client_loop: ClientLoop::Open,
        client_pause_us: 10_000,
        loss_ppm: 10_000,
        delay_us_min: 500,
        delay_us_max: 1_500,
        snapshot_every: 1_000,
        ..WorldOptions::default()
    }
}
