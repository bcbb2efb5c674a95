//! Reads take no entry in the log, and are never older than what was answered before them.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use raft_core::{Rejected, Rule, ServerId};
use raft_sim::{Happening, Input, InputError, NoRead, Property, Retry, Scenario, World, WorldOptions};

const S1: ServerId = ServerId(1);
const S2: ServerId = ServerId(2);
const S3: ServerId = ServerId(3);

/// Of three servers S1 leads, and nothing happens by chance.
fn led_by_s1(options: WorldOptions) -> World {
    let mut world = World::new(Scenario { seed: 1, servers: 3, options, ..Scenario::default() }).unwrap();
    world.apply(Input::TimeOut { server: S1 }).unwrap();
    world.advance(300_000, u64::MAX);
    world
}

fn read(key: &str, server: ServerId) -> Input {
    Input::Read { key: key.into(), server: Some(server) }
}

/// The server, the value and the index of each read that was answered.
fn answered(world: &World) -> Vec<(ServerId, Option<String>, u64)> {
    let answer = |record: &raft_sim::Record| match &record.happening {
        Happening::ReadAnswered { server, value, index, .. } => Some((*server, value.clone(), index.0)),
        _ => None,
    };
    world.events_since(0).filter_map(answer).collect()
}

fn failed(world: &World) -> Vec<(ServerId, NoRead)> {
    let failure = |record: &raft_sim::Record| match record.happening {
        Happening::ReadFailed { server, why, .. } => Some((server, why)),
        _ => None,
    };
    world.events_since(0).filter_map(failure).collect()
}

#[test]
fn a_leader_and_a_follower_answer_reads_without_an_entry() {
    let mut world = led_by_s1(common::calm_options());
    world.apply(Input::Propose { value: "a=1".into(), server: Some(S1) }).unwrap();
    world.advance(300_000, u64::MAX);
    for (key, server) in [("a", S1), ("a", S2), ("b", S3)] {
        world.apply(read(key, server)).unwrap();
        world.advance(200_000, u64::MAX);
    }
    assert_eq!(answered(&world), [(S1, Some("1".into()), 2), (S2, Some("1".into()), 2), (S3, None, 2)]);
    assert_eq!(world.servers()[0].server().unwrap().log().len(), 2);
}

#[test]
fn the_persons_client_finds_the_leader_with_its_read() {
    let mut world = led_by_s1(common::calm_options());
    world.apply(Input::Transfer { server: S1, to: S3 }).unwrap();
    world.advance(300_000, u64::MAX);
    world.apply(Input::Propose { value: "a=1".into(), server: None }).unwrap();
    world.apply(Input::Read { key: "a".into(), server: None }).unwrap();
    assert_eq!(world.waiting().collect::<Vec<_>>(), ["a=1", "a?"]);
    world.advance(1_000_000, u64::MAX);
    assert_eq!(answered(&world), [(S3, Some("1".into()), 3)]);
    assert_eq!(world.waiting().count(), 0);
}

#[test]
fn a_read_that_cannot_be_answered_fails_with_its_reason_and_a_client_goes_on() {
    let options = WorldOptions {
        election_timeout_us_min: 200_000,
        election_timeout_us_max: 400_000,
        heartbeat_us: 100_000,
        ..common::calm_options()
    };
    let mut world = led_by_s1(options);
    world.apply(Input::Partition { groups: vec![vec![S1], vec![S2, S3]] }).unwrap();
    world.apply(read("a", S1)).unwrap();
    world.apply(Input::Read { key: "a".into(), server: None }).unwrap();
    world.advance(3_000_000, u64::MAX);
    assert_eq!(failed(&world)[..2], [(S1, NoRead::TimedOut), (S1, NoRead::TimedOut)]);
    let retries = world.events_since(0).filter_map(|record| match record.happening {
        Happening::ClientRetries { client: 1, why, .. } => Some(why),
        _ => None,
    });
    assert_eq!(retries.take(1).collect::<Vec<_>>(), [Retry::NotRead]);
    assert_eq!((answered(&world).len(), world.waiting().count()), (1, 0), "the majority's leader answers the client");
    world.apply(read("a", S1)).unwrap();
    world.apply(Input::Crash { server: S1, written: 0 }).unwrap();
    assert_eq!(failed(&world).last(), Some(&(S1, NoRead::Crashed)));
    assert_eq!(world.apply(read("a", S1)), Err(InputError::ServerIsDown(S1)));
}

#[test]
fn a_read_that_is_refused_leaves_no_trace() {
    let mut world =
        World::new(Scenario { servers: 3, options: common::calm_options(), ..Scenario::default() }).unwrap();
    let before = world.fingerprint();
    let why = Rejected::NotLeader { leader: None };
    assert_eq!(world.apply(read("a", S2)), Err(InputError::Refused { server: S2, why }));
    assert_eq!((world.fingerprint(), world.scenario().inputs.len()), (before, 0));
}

#[test]
fn background_clients_read_as_often_as_they_are_told_to() {
    let mut world = led_by_s1(WorldOptions { clients: 5, client_reads_ppm: 500_000, ..common::calm_options() });
    world.advance(20_000_000, u64::MAX);
    let (reads, writes) = (answered(&world).len(), world.committed().0 as usize);
    assert!(
        reads > 100 && writes > 100 && reads.abs_diff(writes) < (reads + writes) / 4,
        "{reads} reads, {writes} writes"
    );
    assert_eq!(world.violation(), None);
}

#[test]
fn a_deposed_leader_that_asks_nobody_reads_an_older_state_and_is_found_out() {
    let options = WorldOptions { rules_off: vec![Rule::ReadNeedsFreshConfirmation], ..common::calm_options() };
    let mut world = led_by_s1(options);
    world.apply(Input::Partition { groups: vec![vec![S1], vec![S2, S3]] }).unwrap();
    world.apply(Input::TimeOut { server: S2 }).unwrap();
    world.advance(300_000, u64::MAX);
    world.apply(read("x", S1)).unwrap();
    assert_eq!(world.violation(), None, "nothing was answered that it lacks");
    world.apply(Input::Propose { value: "1".into(), server: None }).unwrap();
    world.advance(3_000_000, u64::MAX);
    assert_eq!(world.waiting().count(), 0);
    world.apply(read("x", S1)).unwrap();
    let violation = world.violation().unwrap();
    assert_eq!((violation.property, violation.servers.as_slice()), (Property::LinearizableReads, &[S1][..]));
    let text = "S1 answered a read from its state at index 1; the operation at index 3 had been answered before the \
                read was asked for.";
    assert_eq!(violation.text, text);
}
