//! Random runs: nothing that can go wrong in the world breaks a property of Raft, and without its rules the same runs do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use raft_core::Rule;
use raft_sim::faults::{Intensities, random_inputs};
use raft_sim::{Scenario, World, WorldOptions};

const SECOND_US: u64 = 1_000_000;

/// A run of five servers with loss, duplication, delay, partitions, crashes and clients, all drawn from the seed.
///
/// Without a rule entries travel one by one and a new leader adds none of its own: that is when an old entry can reach a
/// majority alone, as in Figure 8.
fn scenario(seed: u64, seconds: u64, rules_off: &[Rule]) -> Scenario {
    Scenario {
        seed,
        options: WorldOptions {
            clients: 3,
            loss_ppm: 50_000,
            duplicate_ppm: 50_000,
            delay_us_min: 1_000,
            delay_us_max: 40_000,
            noop_on_election: rules_off.is_empty(),
            // Every mixture of the two comes up.
            pre_vote: rules_off.is_empty() && seed.is_multiple_of(2),
            check_quorum: rules_off.is_empty() && seed % 4 < 2,
            entries_per_append_max: if rules_off.is_empty() { 64 } else { 1 },
            rules_off: rules_off.to_vec(),
            ..WorldOptions::default()
        },
        inputs: random_inputs(seed, 5, seconds * SECOND_US, &Intensities::default()),
        ..Scenario::default()
    }
}

/// What one run came to.
struct Outcome {
    events: u64,
    committed: u64,
    leader_changes: u64,
    violation: Option<String>,
}

fn live(scenario: Scenario, seconds: u64) -> Outcome {
    let seed = scenario.seed;
    let mut world = World::new(scenario).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    world.observe(false);
    world.advance(seconds * SECOND_US, u64::MAX);
    Outcome {
        events: world.events(),
        committed: world.committed().0,
        leader_changes: world.leader_changes(),
        violation: world.violation().map(|violation| format!("{}: {}", violation.property, violation.text)),
    }
}

/// Lives the runs of these seeds on two threads; in the order of the seeds.
fn live_all(seeds: RangeInclusive<u64>, seconds: u64, rules_off: &[Rule]) -> BTreeMap<u64, Outcome> {
    let (next, outcomes) = (AtomicU64::new(*seeds.start()), Mutex::new(BTreeMap::new()));
    std::thread::scope(|threads| {
        for _ in 0..2 {
            threads.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if !seeds.contains(&seed) {
                        break;
                    }
                    let outcome = live(scenario(seed, seconds, rules_off), seconds);
                    outcomes.lock().unwrap().insert(seed, outcome);
                }
            });
        }
    });
    outcomes.into_inner().unwrap()
}

#[test]
fn a_thousand_random_minutes_break_no_property() {
    const RUNS: u64 = 1_000;
    let outcomes = live_all(1..=RUNS, 60, &[]);
    let sum = |of: fn(&Outcome) -> u64| outcomes.values().map(of).sum::<u64>();
    println!(
        "seeds 1 to {RUNS}, 60 virtual seconds each: {} events, {} entries committed, {} leaders",
        sum(|outcome| outcome.events),
        sum(|outcome| outcome.committed),
        sum(|outcome| outcome.leader_changes),
    );
    for (seed, outcome) in &outcomes {
        assert!(outcome.violation.is_none(), "seed {seed}: {:?}", outcome.violation);
    }
    // A run in which nothing happens proves nothing.
    let idle: Vec<&u64> = outcomes.iter().filter(|(_, outcome)| outcome.committed < 10).map(|(seed, _)| seed).collect();
    assert!(idle.len() < 10, "hardly anything was committed with seeds {idle:?}");
    assert!(sum(|outcome| outcome.leader_changes) > 2 * RUNS, "leaders hardly ever changed");
}

/// The lowest seed up to `seeds` whose run breaks a property without this rule.
fn found_without(rule: Rule, seeds: u64) -> Option<(u64, String)> {
    const AT_A_TIME: u64 = 20;
    (1..=seeds).step_by(AT_A_TIME as usize).find_map(|first| {
        let outcomes = live_all(first..=first + AT_A_TIME - 1, 60, &[rule]);
        outcomes.into_iter().find_map(|(seed, outcome)| Some((seed, outcome.violation?)))
    })
}

#[test]
fn without_the_commit_rule_random_runs_break_a_property() {
    let (seed, violation) = found_without(Rule::CommitOnlyOwnTermByCount, 1_000).expect("no run broke");
    println!("seed {seed}: {violation}");
}

#[test]
fn without_the_up_to_date_check_random_runs_break_a_property() {
    let (seed, violation) = found_without(Rule::VoteOnlyForUpToDateLog, 1_000).expect("no run broke");
    println!("seed {seed}: {violation}");
}
