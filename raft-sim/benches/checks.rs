//! What the checks cost: the same busy minute with them and without.
//!
//! `cargo bench -p raft-sim --bench checks` takes times, by turns. On a machine that others use too, counted instructions are
//! the honest measure, and they say what each check takes:
//! `valgrind --tool=callgrind target/release/deps/checks-* with`, and the same with `without`; then `callgrind_annotate
//! --inclusive=yes`. docs/checks.md holds what came out.
#![allow(clippy::unwrap_used, clippy::float_arithmetic)]

use std::time::{Duration, Instant};

use raft_sim::faults::{Intensities, random_inputs};
use raft_sim::{Scenario, World, WorldOptions};

const UNTIL_US: u64 = 20_000_000;
const TURNS: usize = 41;

/// Five servers with every kind of fault now and then, twenty clients and a snapshot every thousand entries.
fn live(with: bool) -> (Duration, u64) {
    let options = WorldOptions {
        clients: 20,
        client_pause_us: 1_000,
        client_reads_ppm: 200_000,
        loss_ppm: 10_000,
        snapshot_every: 1_000,
        ..WorldOptions::default()
    };
    let inputs = random_inputs(7, 5, UNTIL_US, &Intensities::default());
    let mut world = World::new(Scenario { seed: 7, servers: 5, options, inputs, ..Scenario::default() }).unwrap();
    world.observe(false);
    if !with {
        world.without_checkers();
    }
    let started = Instant::now();
    world.advance(UNTIL_US, u64::MAX);
    let took = started.elapsed();
    assert!(world.violation().is_none() && world.now().0 == UNTIL_US);
    (took, world.fingerprint())
}

/// How much of a time the checks take, in percent.
fn share(with: Duration, without: Duration) -> f64 {
    100.0 - 100.0 * without.as_secs_f64() / with.as_secs_f64()
}

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("with") => println!("{:?}", live(true)),
        Some("without") => println!("{:?}", live(false)),
        _ => {
            let mut times = [Vec::new(), Vec::new()];
            for _ in 0..TURNS {
                let (with, fingerprint) = live(true);
                let (without, same) = live(false);
                assert_eq!(fingerprint, same, "checking changes nothing");
                times[0].push(with);
                times[1].push(without);
            }
            // The turns of a pair met the same machine; the least of all felt it least.
            let pairs = times[0].iter().zip(&times[1]);
            let mut shares: Vec<f64> = pairs.map(|(&with, &without)| share(with, without)).collect();
            shares.sort_unstable_by(f64::total_cmp);
            let [with, without] = times.map(|mut times| {
                times.sort_unstable();
                times
            });
            let at = |part: usize| shares[(TURNS - 1) * part / 4];
            println!(
                "{TURNS} turns. Medians: with the checks {:?}, without {:?}. The checks take {:.1} % of the time ({:.1} .. {:.1} in half of \
                 the turns). Least: {:?} and {:?}, {:.1} %",
                with[TURNS / 2],
                without[TURNS / 2],
                at(2),
                at(1),
                at(3),
                with[0],
                without[0],
                share(with[0], without[0]),
            );
        }
    }
}
