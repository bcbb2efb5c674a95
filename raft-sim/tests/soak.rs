//! Correct servers come through every fault, and broken ones are found out.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::time::Instant;

use raft_core::Rule;
use raft_sim::faults::{Intensities, random_inputs};
use raft_sim::{Property, Scenario, World, WorldOptions};

fn storm(seed: u64, until_us: u64, options: WorldOptions, intensities: &Intensities) -> World {
    let inputs = random_inputs(seed, 5, until_us, intensities);
    let mut world = World::new(Scenario { seed, servers: 5, options, inputs, ..Scenario::default() }).unwrap();
    world.observe(false);
    world
}

#[test]
fn correct_servers_keep_every_property_through_fifty_minutes_of_storms_and_get_on() {
    let started = Instant::now();
    let mut events = 0;
    for seed in 0..50 {
        let options = WorldOptions { loss_ppm: 100_000, duplicate_ppm: 50_000, clients: 3, ..WorldOptions::default() };
        let intensities = Intensities { loss_ppm: 100_000, duplicate_ppm: 50_000, ..Intensities::default() };
        let mut world = storm(seed, 50_000_000, options, &intensities);
        world.advance(50_000_000, u64::MAX);
        let in_the_storm = world.committed();
        // The faults are over; what remains is loss and duplication.
        world.advance(10_000_000, u64::MAX);
        assert_eq!(world.violation(), None, "seed {seed}");
        assert!(in_the_storm.0 > 100, "seed {seed}: only {in_the_storm} entries were committed in the storm");
        let after = world.committed();
        assert!(after.0 > in_the_storm.0 + 30, "seed {seed}: {in_the_storm} entries, and {after} ten seconds later");
        events += world.events();
    }
    println!("{events} events in {:?}", started.elapsed());
}

/// Small appends, frequent elections and short lives: where rules matter most.
fn rough(seed: u64, rules_off: Vec<Rule>) -> World {
    let options = WorldOptions {
        loss_ppm: 200_000,
        duplicate_ppm: 100_000,
        clients: 5,
        client_pause_us: 100_000,
        entries_per_append_max: 1,
        noop_on_election: false,
        rules_off,
        ..WorldOptions::default()
    };
    let intensities = Intensities {
        crash_every_us: 300_000,
        time_out_every_us: 200_000,
        partition_every_us: 700_000,
        cut_every_us: 0,
        link_every_us: 500_000,
        lasts_us_min: 50_000,
        lasts_us_max: 800_000,
        loss_ppm: 200_000,
        duplicate_ppm: 100_000,
        ..Intensities::default()
    };
    let mut world = storm(seed, 20_000_000, options, &intensities);
    world.advance(20_000_000, u64::MAX);
    world
}

#[test]
fn correct_servers_keep_every_property_where_broken_ones_do_not() {
    for seed in 0..200 {
        assert_eq!(rough(seed, Vec::new()).violation(), None, "seed {seed}");
    }
}

/// Runs a broken rule until a checker objects.
fn first_violation(rule: Rule) -> Option<(u64, Property)> {
    let started = Instant::now();
    let found = (0..1_000).find_map(|seed| Some((seed, rough(seed, vec![rule]).violation()?.property)));
    println!("{rule}: {found:?} in {:?}", started.elapsed());
    found
}

#[test]
fn servers_that_break_a_rule_are_found_out() {
    for &rule in Rule::ALL {
        match rule {
            // This one cannot matter here: raft-core's hints take a leader straight to where the logs part, so the first
            // append that a follower accepts reaches that place, and whatever is someone else's is cut off with it.
            Rule::CommitOnlyWhatWasVerified => {}
            // These guard progress, not safety: nothing wrong is ever decided without them.
            Rule::TimerResetOnlyByLeaderOrVote | Rule::PreVoteIsNoContact => {}
            // Storms reach these too rarely; they have stories of their own in tests/tests/rules.rs.
            Rule::HintIsNoMatch | Rule::AppendReplyTermChecked | Rule::OverwrittenWriteMarksNothing => {}
            _ => assert!(first_violation(rule).is_some(), "{rule} was switched off, and nobody noticed"),
        }
    }
}

#[test]
fn a_violation_stops_the_run_with_its_evidence_and_is_found_again() {
    let (seed, property) = first_violation(Rule::OneVotePerTerm).unwrap();
    let mut world = rough(seed, vec![Rule::OneVotePerTerm]);
    let violation = world.violation().unwrap().clone();
    assert_eq!((violation.property, violation.at), (property, world.now()));
    assert_eq!(violation.section, property.section());
    assert!(!violation.servers.is_empty() && violation.text.ends_with('.'), "{violation}");
    assert!(!world.step_event());
    let stopped = world.advance(1_000_000, u64::MAX);
    assert_eq!((stopped.steps, stopped.reached, stopped.violation), (0, false, true));
    assert_eq!(world.next_event_at(), None);

    let mut again = World::new(world.scenario()).unwrap();
    again.advance(20_000_000, u64::MAX);
    assert_eq!(again.violation(), Some(&violation));
    assert_eq!(again.fingerprint(), world.fingerprint());
}
