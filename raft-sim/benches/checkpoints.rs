//! What a checkpoint, which is a clone of a world, costs after 100,000 committed entries.
//!
//! `cargo bench -p raft-sim --bench checkpoints`
#![allow(clippy::unwrap_used)]

use std::time::Instant;

use raft_sim::{Scenario, World, WorldOptions};

const ENTRIES: u64 = 100_000;
const CLONES: usize = 51;

/// Five servers that have committed so many entries.
fn world(snapshot_every: u64) -> World {
    let options = WorldOptions {
        clients: 20,
        client_pause_us: 1_000,
        delay_us_min: 100,
        delay_us_max: 200,
        disk_us_min: 10,
        disk_us_max: 20,
        snapshot_every,
        ..WorldOptions::default()
    };
    let mut world = World::new(Scenario { servers: 5, options, ..Scenario::default() }).unwrap();
    world.observe(false);
    while world.committed().0 < ENTRIES {
        world.advance(100_000, u64::MAX);
    }
    assert_eq!(world.violation(), None);
    world
}

fn main() {
    for snapshot_every in [0, 1_000] {
        let world = world(snapshot_every);
        let mut took: Vec<_> = (0..CLONES)
            .map(|_| {
                let started = Instant::now();
                let clone = world.clone();
                let took = started.elapsed();
                assert_eq!(clone.events(), world.events());
                took
            })
            .collect();
        took.sort_unstable();
        let (entries, events) = (world.committed(), world.events());
        println!(
            "{entries} entries committed in {events} events, a snapshot every {snapshot_every}: a clone takes {:?}, the \
             median of {CLONES} (the fastest {:?})",
            took[CLONES / 2],
            took[0],
        );
    }
}
