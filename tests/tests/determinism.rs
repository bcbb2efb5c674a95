//! The same scenario gives the same run to the last bit: natively, in a browser, and however time is cut up.
//!
//! `fixtures/determinism.json` holds scenarios with the fingerprints they end in, `fixtures/swarm.json` fingerprints of runs
//! that `raft_sim::plans` draws. This test checks them natively, and
//! raft-wasm's tests check the same file in Chrome. After a change that is meant to alter runs, write the file anew with
//! `RAFT_BLESS=1 cargo test -p raft-tests --test determinism`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use raft_sim::faults::{Intensities, random_inputs};
use raft_sim::plans::Plan;
use raft_sim::{Scenario, World, WorldOptions};
use serde_json::{Value, json};

const FIXTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/determinism.json");

fn scenarios() -> Vec<(u64, Scenario)> {
    let second = 1_000_000;
    let quiet = Scenario { seed: 1, ..Scenario::default() };
    let busy =
        Scenario { seed: 2, options: WorldOptions { clients: 3, ..WorldOptions::default() }, ..Scenario::default() };
    let faulty = |seed, servers| Scenario {
        seed,
        servers,
        options: WorldOptions { clients: 2, loss_ppm: 50_000, duplicate_ppm: 20_000, ..WorldOptions::default() },
        inputs: random_inputs(seed, servers, 20 * second, &Intensities::default()),
        ..Scenario::default()
    };
    vec![(10 * second, quiet), (10 * second, busy), (20 * second, faulty(3, 5)), (20 * second, faulty(4, 9))]
}

fn lived(scenario: &Scenario) -> World {
    World::new(scenario.clone()).unwrap_or_else(|error| panic!("seed {}: {error}", scenario.seed))
}

#[test]
fn fingerprints_are_those_of_the_fixture_in_steps_of_any_size() {
    let mut runs = Vec::new();
    for (until_us, scenario) in scenarios() {
        let mut whole = lived(&scenario);
        assert!(whole.advance(until_us, u64::MAX).reached);
        assert!(whole.events() > 1000, "seed {} hardly ran", scenario.seed);
        let fingerprint = whole.fingerprint();
        for rate in [60, 144, 1000] {
            let mut world = lived(&scenario);
            while world.now().0 < until_us {
                let step = (1_000_000 / rate).min(until_us - world.now().0);
                world.advance(step, u64::MAX);
            }
            assert_eq!(world.fingerprint(), fingerprint, "seed {} in steps of 1/{rate} s", scenario.seed);
        }
        let mut single = lived(&scenario);
        while single.next_event_at().is_some_and(|at| at.0 <= until_us) {
            assert!(single.step_event());
        }
        single.advance(until_us - single.now().0, u64::MAX);
        assert_eq!(single.fingerprint(), fingerprint, "seed {} event by event", scenario.seed);

        let mut unseen = lived(&scenario);
        unseen.observe(false);
        unseen.advance(until_us, u64::MAX);
        assert_eq!(unseen.fingerprint(), fingerprint, "seed {}: observing changed the run", scenario.seed);
        runs.push(json!({ "scenario": scenario, "until_us": until_us, "fingerprint": format!("{fingerprint:016x}") }));
    }
    let fixture = json!({ "runs": runs });
    if std::env::var_os("RAFT_BLESS").is_some() {
        std::fs::create_dir_all(Path::new(FIXTURE).parent().unwrap()).unwrap();
        std::fs::write(FIXTURE, serde_json::to_string(&fixture).unwrap() + "\n").unwrap();
    }
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(FIXTURE).unwrap()).unwrap();
    for (now, then) in runs.iter().zip(kept["runs"].as_array().unwrap()) {
        assert_eq!(now["scenario"], then["scenario"], "the scenario of the fixture is another one");
        assert_eq!(now["fingerprint"], then["fingerprint"], "seed {}", now["scenario"]["seed"]);
    }
    assert_eq!(runs.len(), kept["runs"].as_array().unwrap().len());
}

#[test]
fn another_seed_gives_another_run() {
    let ends = |seed| {
        let mut world = lived(&Scenario { seed, ..Scenario::default() });
        world.advance(1_000_000, u64::MAX);
        world.fingerprint()
    };
    assert_eq!(ends(1), ends(1));
    assert_ne!(ends(1), ends(2));
}

const SWARM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/swarm.json");

/// How many runs with all faults and features are compared between here and the browser, and how long each is.
const SWARM_RUNS: u64 = 200;
const SWARM_US: u64 = 60_000_000;

#[test]
fn runs_with_every_fault_and_feature_end_with_the_fingerprints_of_the_fixture() {
    let fingerprint = |seed| {
        let mut world = lived(&Plan::Swarm.run(seed, SWARM_US, &[]).scenario);
        world.observe(false);
        world.advance(SWARM_US, u64::MAX);
        assert_eq!(world.violation(), None, "seed {seed}");
        format!("{:016x}", world.fingerprint())
    };
    let fingerprints: Vec<String> = (0..SWARM_RUNS).map(fingerprint).collect();
    let fixture = json!({ "until_us": SWARM_US, "fingerprints": fingerprints });
    if std::env::var_os("RAFT_BLESS").is_some() {
        std::fs::write(SWARM, serde_json::to_string(&fixture).unwrap() + "\n").unwrap();
    }
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(SWARM).unwrap()).unwrap();
    for (seed, fingerprint) in fingerprints.iter().enumerate() {
        assert_eq!(kept["fingerprints"][seed], *fingerprint, "seed {seed}");
    }
}
