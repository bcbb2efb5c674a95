//! Correct servers come through every fault, and broken ones are found out.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::time::Instant;

use raft_core::Rule;
use raft_core::random::draw_between;
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
        // Slow disks: a crash often takes something with it.
        disk_us_max: 30_000,
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

/// Everything at once: changes of members, snapshots, reads and hand-overs in a storm, under options that differ from seed
/// to seed.
fn everything(seed: u64, until_us: u64, rules_off: Vec<Rule>) -> World {
    let one_of =
        |what: u64, choices: &[u64]| choices[draw_between(0, choices.len() as u64 - 1, &[seed, what]) as usize];
    let is = |what| one_of(what, &[0, 1]) == 1;
    let check_quorum = is(1);
    let options = WorldOptions {
        loss_ppm: one_of(2, &[0, 50_000, 200_000]) as u32,
        duplicate_ppm: one_of(3, &[0, 100_000]) as u32,
        clients: 5,
        client_pause_us: one_of(4, &[20_000, 100_000]),
        client_reads_ppm: 300_000,
        entries_per_append_max: one_of(5, &[1, 3, 64]) as u32,
        entries_in_flight_max: one_of(6, &[1, 8, 256]) as u32,
        eager_commit: is(7),
        snapshot_chunk_bytes: one_of(8, &[20, 65_536]) as u32,
        snapshot_every: one_of(9, &[0, 5, 40]),
        noop_on_election: one_of(10, &[0, 1, 1]) == 1,
        pre_vote: is(11),
        check_quorum,
        lease_reads: check_quorum && is(12),
        disk_us_max: one_of(13, &[1_500, 30_000]),
        rules_off,
        ..WorldOptions::default()
    };
    let intensities = Intensities {
        partition_every_us: 1_500_000,
        crash_every_us: one_of(14, &[300_000, 1_000_000]),
        time_out_every_us: one_of(15, &[200_000, 1_000_000]),
        link_every_us: 500_000,
        members_every_us: one_of(16, &[300_000, 1_000_000]),
        compact_every_us: 400_000,
        read_every_us: 100_000,
        transfer_every_us: 300_000,
        lasts_us_min: 50_000,
        lasts_us_max: 1_000_000,
        loss_ppm: options.loss_ppm,
        duplicate_ppm: options.duplicate_ppm,
        ..Intensities::default()
    };
    let servers = one_of(17, &[3, 4, 5, 7]) as u32;
    let inputs = random_inputs(seed, servers, until_us, &intensities);
    let mut world = World::new(Scenario { seed, servers, options, inputs, ..Scenario::default() }).unwrap();
    world.observe(false);
    world.advance(until_us, u64::MAX);
    world
}

#[test]
fn correct_servers_keep_every_property_while_members_change_and_logs_are_compacted_and_read() {
    let started = Instant::now();
    let (mut events, mut stuck) = (0, Vec::new());
    let (mut snapshots, mut changes, mut reads) = (0, 0, 0);
    for seed in 0..300 {
        let mut world = everything(seed, 25_000_000, Vec::new());
        let in_the_storm = world.committed();
        world.advance(5_000_000, u64::MAX);
        assert_eq!(world.violation(), None, "seed {seed}");
        // Without a new leader's own entry, reads wait for someone who writes; and here all clients may be reading. Without
        // CheckQuorum, servers that were removed go on disturbing the others (D§4.2.3).
        let owed = world.options().noop_on_election && world.options().check_quorum;
        if owed && world.committed().0 < in_the_storm.0 + 10 {
            stuck.push(seed);
        }
        events += world.events();
        let based = |node: &&raft_sim::Node| node.durable().snapshot.is_some();
        snapshots += world.servers().iter().filter(based).count();
        let all = world.servers().len();
        let changed = |server: &raft_core::Server| server.configuration().voters().len() < all;
        changes += usize::from(world.servers()[0].server().is_some_and(changed));
        reads += world.reads_asked();
    }
    println!(
        "{events} events in {:?}; {snapshots} servers end with a snapshot, {changes} runs with changed members; {reads} reads",
        started.elapsed()
    );
    assert!(snapshots > 500 && changes > 100 && reads > 10_000, "the test says little");
    assert_eq!(stuck, [0_u64; 0], "nothing gets on in the five seconds after these storms");
}

#[test]
fn whatever_broken_servers_do_the_world_goes_on_or_stops_with_a_violation() {
    let mut violated = 0;
    for seed in 0..400 {
        let drawn = |at: u64| Rule::ALL[draw_between(0, Rule::ALL.len() as u64 - 1, &[seed, 100 + at]) as usize];
        let mut rules_off: Vec<Rule> = (0..1 + seed % 5).map(drawn).collect();
        rules_off.sort_unstable();
        rules_off.dedup();
        let world = everything(seed, 10_000_000, rules_off.clone());
        assert!(world.violation().is_some() || world.now().0 == 10_000_000, "seed {seed}: {rules_off:?}");
        violated += u32::from(world.violation().is_some());
    }
    assert!((100..390).contains(&violated), "the test says little: {violated} violations");
}

/// For each rule, how many of so many storms find out that it is switched off, and what the first of them finds.
#[test]
#[ignore = "a table for people, which takes minutes"]
fn a_table_of_what_storms_find() {
    const SEEDS: u64 = 1_000;
    for &rule in Rule::ALL {
        let started = Instant::now();
        let (mut found, mut first, mut seeds) = (0, None, 0);
        for seed in 0..SEEDS {
            seeds += 1;
            if let Some(violation) = everything(seed, 20_000_000, vec![rule]).violation() {
                found += 1;
                first.get_or_insert((seed, violation.property));
            }
            if started.elapsed().as_secs() >= 12 {
                break;
            }
        }
        println!("{rule} | {first:?} | {found} of {seeds}");
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
    let mut unnoticed = Vec::new();
    for &rule in Rule::ALL {
        match rule {
            // This one cannot matter here: raft-core's hints take a leader straight to where the logs part, so the first
            // append that a follower accepts reaches that place, and whatever is someone else's is cut off with it.
            Rule::CommitOnlyWhatWasVerified => {}
            // These guard progress, not safety: nothing wrong is ever decided without them.
            Rule::CandidateYieldsToLeader | Rule::TimerResetOnlyByLeaderOrVote | Rule::PreVoteIsNoContact => {}
            // Storms reach these too rarely; they have stories of their own in tests/tests/rules.rs.
            Rule::AppendReplyTermChecked
            | Rule::OverwrittenWriteMarksNothing
            | Rule::TermAndVoteInOneWrite
            | Rule::AckBoundedByLog => {}
            // The clocks of this world run alike, and a vote that is missing only takes time.
            Rule::LeaseRespectsDrift | Rule::PromotedLearnerVotes => {}
            // As rare as those above.
            Rule::ProgressFreshOnReAdding | Rule::LeaseEndsWithTransfer | Rule::OwnTermCommitBeforeChange => {}
            // What came with snapshots, changes of members and reads is found where there are some.
            _ if rule > Rule::CommitOnlyWhatWasVerified => {
                let found = |seed| Some((seed, everything(seed, 20_000_000, vec![rule]).violation()?.property));
                let found = (0..400).find_map(found);
                println!("{rule}: {found:?} with everything at once");
                if found.is_none() {
                    unnoticed.push(rule);
                }
            }
            _ if first_violation(rule).is_none() => unnoticed.push(rule),
            _ => {}
        }
    }
    assert_eq!(unnoticed, [], "switched off, and nobody noticed");
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
