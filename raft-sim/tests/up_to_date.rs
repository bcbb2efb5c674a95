//! What votes rest on, looked at in all pairs of servers: too dear for every step of every run.
#![allow(clippy::unwrap_used)]

use raft_core::{Index, Rule, Server, at_least_as_up_to_date};
use raft_sim::faults::{Intensities, random_inputs};
use raft_sim::{Node, Scenario, World, WorldOptions};

/// Whether a log holds what another server knows to be committed. What a snapshot stands for is committed, so it is held.
fn holds_committed_of(one: &Server, other: &Server) -> bool {
    let index = other.commit_index();
    let (one, other) = (one.log(), other.log());
    one.base().index >= index || other.term_at(index).is_some_and(|term| one.term_at(index) == Some(term))
}

/// The first pair in a storm of which one has the newer log, or one as new, and lacks what the other knows to be committed.
fn first_pair(seed: u64, rules_off: Vec<Rule>) -> Option<(u64, Index)> {
    let options = WorldOptions {
        loss_ppm: 200_000,
        duplicate_ppm: 100_000,
        clients: 5,
        client_pause_us: 50_000,
        entries_per_append_max: 1,
        noop_on_election: !seed.is_multiple_of(3),
        snapshot_every: if seed.is_multiple_of(2) { 10 } else { 0 },
        rules_off,
        ..WorldOptions::default()
    };
    let intensities = Intensities {
        crash_every_us: 300_000,
        time_out_every_us: 200_000,
        partition_every_us: 700_000,
        members_every_us: 1_000_000,
        lasts_us_min: 50_000,
        lasts_us_max: 800_000,
        ..Intensities::default()
    };
    let inputs = random_inputs(seed, 5, 10_000_000, &intensities);
    let mut world = World::new(Scenario { seed, servers: 5, options, inputs, ..Scenario::default() }).unwrap();
    world.observe(false);
    world.without_checkers();
    while world.now().0 < 10_000_000 && world.step_event() {
        if !world.events().is_multiple_of(10) {
            continue;
        }
        let servers: Vec<&Server> = world.servers().iter().filter_map(Node::server).collect();
        for one in &servers {
            for other in &servers {
                if at_least_as_up_to_date(one.log().last(), other.log().last()) && !holds_committed_of(one, other) {
                    return Some((world.events(), other.commit_index()));
                }
            }
        }
    }
    None
}

#[test]
fn a_log_that_is_as_up_to_date_as_another_holds_what_its_server_knows_to_be_committed() {
    for seed in 0..30 {
        assert_eq!(first_pair(seed, Vec::new()), None, "seed {seed}");
    }
    let found = (0..30).find_map(|seed| first_pair(seed, vec![Rule::CommitOnlyOwnTermByCount]));
    assert!(found.is_some(), "the test says nothing");
}
