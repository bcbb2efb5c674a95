//! What several of these tests start from.

use raft_sim::WorldOptions;

/// A world without chance: a save takes 1 ms, a message 20 ms, and nobody times out by himself.
pub(crate) fn calm_options() -> WorldOptions {
    WorldOptions {
        election_timeout_us_min: 10_000_000,
        election_timeout_us_max: 20_000_000,
        delay_us_min: 20_000,
        delay_us_max: 20_000,
        disk_us_min: 1_000,
        disk_us_max: 1_000,
        ..WorldOptions::default()
    }
}
