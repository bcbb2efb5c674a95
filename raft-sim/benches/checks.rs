//! What the checks cost: the same run with them and without, of three kinds.
//!
//! `cargo bench -p raft-sim --bench checks` takes times, by turns. On a machine that others use too, counted instructions are
//! the honest measure, and they say what each check takes:
//! `valgrind --tool=callgrind target/release/deps/checks-* busy with`, and the same with `without`; then `callgrind_annotate
//! --inclusive=yes`. docs/checks.md holds what came out.
#![allow(clippy::unwrap_used, clippy::float_arithmetic)]

mod scenes;

use std::time::{Duration, Instant};

use raft_sim::faults::{Intensities, random_inputs};
use raft_sim::{Scenario, World, WorldOptions};

const TURNS: usize = 41;

/// What goes on in a run.
#[derive(Clone, Copy)]
enum Scene {
    /// Five servers and nothing but heartbeats.
    Idle,
    /// Five servers, a thousand writes a second and 1 % of all messages lost.
    Busy,
    /// Five servers with every kind of fault now and then, twenty clients and a snapshot every thousand entries.
    Faults,
}

impl Scene {
    const ALL: [(&str, Self); 3] = [("idle", Self::Idle), ("busy", Self::Busy), ("faults", Self::Faults)];

    const fn until_us(self) -> u64 {
        match self {
            Self::Idle => 100_000_000,
            Self::Busy => 10_000_000,
            Self::Faults => 20_000_000,
        }
    }

    fn scenario(self) -> Scenario {
        let options = match self {
            Self::Idle => scenes::idle(),
            Self::Busy => scenes::busy(),
            Self::Faults => WorldOptions {
                clients: 20,
                client_pause_us: 1_000,
                client_reads_ppm: 200_000,
                loss_ppm: 10_000,
                snapshot_every: 1_000,
                ..WorldOptions::default()
            },
        };
        let inputs = match self {
            Self::Idle | Self::Busy => Vec::new(),
            Self::Faults => random_inputs(7, 5, self.until_us(), &Intensities::default()),
        };
        Scenario { seed: 7, servers: 5, options, inputs, ..Scenario::default() }
    }

    fn live(self, with: bool) -> (Duration, u64) {
        let mut world = World::new(self.scenario()).unwrap();
        world.observe(false);
        if !with {
            world.without_checkers();
        }
        let started = Instant::now();
        world.advance(self.until_us(), u64::MAX);
        let took = started.elapsed();
        assert!(world.violation().is_none() && world.now().0 == self.until_us());
        (took, world.fingerprint())
    }
}

/// How much of a time the checks take, in percent.
fn share(with: Duration, without: Duration) -> f64 {
    100.0 - 100.0 * without.as_secs_f64() / with.as_secs_f64()
}

fn compare(name: &str, scene: Scene) {
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..TURNS {
        let (with, fingerprint) = scene.live(true);
        let (without, same) = scene.live(false);
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
        "{name}, {TURNS} turns. Medians: with the checks {:?}, without {:?}. The checks take {:.1} % of the time ({:.1} .. {:.1} in \
         half of the turns). Least: {:?} and {:?}, {:.1} %",
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

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let named = |name: &str| Scene::ALL.into_iter().find(|(known, _)| *known == name);
    match (words.first().and_then(|name| named(name)), words.get(1).map(String::as_str)) {
        (Some((_, scene)), Some(how @ ("with" | "without"))) => println!("{:?}", scene.live(how == "with")),
        _ => Scene::ALL.into_iter().for_each(|(name, scene)| compare(name, scene)),
    }
}
