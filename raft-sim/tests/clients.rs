//! What clients ask comes true once, whoever leads and whatever breaks.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use raft_core::{Payload, ServerId};
use raft_sim::{Happening, Input, Operation, Retry, Scenario, World, WorldOptions};

const S1: ServerId = ServerId(1);
const S2: ServerId = ServerId(2);
const S3: ServerId = ServerId(3);

/// A save takes 1 ms, a message 20 ms, nobody times out by himself, and this server leads.
fn led_by(leader: ServerId, clients: u32) -> World {
    let options = WorldOptions { clients, ..common::calm_options() };
    let mut world = World::new(Scenario { seed: 1, servers: 3, options, ..Scenario::default() }).unwrap();
    world.apply(Input::TimeOut { server: leader }).unwrap();
    world.advance(200_000, u64::MAX);
    assert!(world.servers()[leader.0 as usize - 1].server().unwrap().is_leader());
    world
}

fn ask(value: &str) -> Input {
    Input::Propose { value: value.into(), server: None }
}

fn retries(world: &World) -> Vec<(ServerId, Retry)> {
    let retry = |record: &raft_sim::Record| match record.happening {
        Happening::ClientRetries { client: 1, server, why, .. } => Some((server, why)),
        _ => None,
    };
    world.events_since(0).filter_map(retry).collect()
}

fn answers(world: &World) -> usize {
    let answered = |record: &&raft_sim::Record| matches!(record.happening, Happening::ClientAnswered { client: 1, .. });
    world.events_since(0).filter(answered).count()
}

fn value<'a>(world: &'a World, server: ServerId, key: &str) -> Option<&'a str> {
    world.servers()[server.0 as usize - 1].store().values().get(key).map(String::as_str)
}

#[test]
fn what_the_persons_client_asks_for_is_applied_everywhere_and_answered() {
    let mut world = led_by(S1, 0);
    world.apply(ask("color=blue")).unwrap();
    world.apply(ask("plain")).unwrap();
    assert_eq!(world.waiting().collect::<Vec<_>>(), ["color=blue", "plain"]);
    world.advance(1_000_000, u64::MAX);
    for server in [S1, S2, S3] {
        assert_eq!((value(&world, server, "color"), value(&world, server, "x")), (Some("blue"), Some("plain")));
    }
    assert_eq!((world.waiting().count(), answers(&world), retries(&world)), (0, 2, Vec::new()));
}

#[test]
fn a_client_follows_the_hint_to_the_leader_and_stays_there() {
    let mut world = led_by(S3, 0);
    world.apply(ask("1")).unwrap();
    world.apply(ask("2")).unwrap();
    world.advance(1_000_000, u64::MAX);
    assert_eq!(retries(&world), [(S3, Retry::NotLeader)]);
    assert_eq!((answers(&world), value(&world, S1, "x")), (2, Some("2")));
}

#[test]
fn a_client_without_an_answer_asks_the_next_server_after_half_a_second() {
    let mut world = led_by(S2, 0);
    world.apply(Input::Crash { server: S1, written: 0 }).unwrap();
    world.apply(ask("1")).unwrap();
    world.advance(499_999, u64::MAX);
    assert_eq!(retries(&world), []);
    world.advance(1, u64::MAX);
    assert_eq!(retries(&world), [(S2, Retry::NoAnswer)]);
    world.advance(500_000, u64::MAX);
    assert_eq!((answers(&world), value(&world, S3, "x")), (1, Some("1")));
}

#[test]
fn an_operation_that_was_committed_without_its_client_learning_of_it_is_not_applied_again() {
    let mut world = led_by(S1, 0);
    world.apply(ask("first")).unwrap();
    // The request takes 20 ms, the entry as long to the others and a millisecond to their disks. Then the leader falls
    // silent, before it could know that its entry is held by all.
    world.advance(45_000, u64::MAX);
    let held = |world: &World, server: ServerId| world.servers()[server.0 as usize - 1].durable().log.len();
    assert_eq!((held(&world, S2), held(&world, S3)), (2, 2), "the no-op and the entry");
    world.apply(Input::Crash { server: S1, written: 0 }).unwrap();
    world.apply(Input::TimeOut { server: S2 }).unwrap();
    world.advance(200_000, u64::MAX);
    assert_eq!(value(&world, S2, "x"), Some("first"), "the new leader committed it");
    world.apply(Input::Propose { value: "second".into(), server: Some(S2) }).unwrap();
    world.advance(200_000, u64::MAX);
    assert_eq!((value(&world, S2, "x"), answers(&world)), (Some("second"), 0));

    world.advance(1_000_000, u64::MAX);
    let log = world.servers()[1].server().unwrap().log();
    let times = log.from(raft_core::Index(1)).filter(|entry| match &entry.payload {
        Payload::Command(command) => Operation::decode(command).is_some_and(|operation| operation.text == "first"),
        Payload::Noop | Payload::Configuration(_) => false,
    });
    assert_eq!(times.count(), 2, "the client asked again, and the log has it twice");
    assert_eq!((value(&world, S2, "x"), value(&world, S3, "x")), (Some("second"), Some("second")));
    assert_eq!(answers(&world), 1);
}

#[test]
fn a_client_whose_server_leads_no_longer_is_told_that_nobody_knows_and_asks_again() {
    let mut world = led_by(S1, 0);
    // S1 can hear but not be heard: what it takes, it cannot spread.
    world.apply(Input::Cut { from: S1, to: S2 }).unwrap();
    world.apply(Input::Cut { from: S1, to: S3 }).unwrap();
    world.apply(ask("1")).unwrap();
    world.advance(100_000, u64::MAX);
    world.apply(Input::TimeOut { server: S2 }).unwrap();
    world.advance(250_000, u64::MAX);
    assert_eq!(retries(&world), [(S1, Retry::Unknown), (S2, Retry::NotLeader)]);
    world.advance(500_000, u64::MAX);
    assert_eq!((answers(&world), value(&world, S3, "x")), (1, Some("1")));
}

#[test]
fn a_server_that_crashed_no_longer_knows_whom_it_owes_an_answer() {
    let mut world = led_by(S1, 0);
    world.apply(ask("1")).unwrap();
    world.advance(45_000, u64::MAX);
    for input in [Input::Crash { server: S1, written: 0 }, Input::Restart { server: S1 }, Input::TimeOut { server: S1 }]
    {
        world.apply(input).unwrap();
    }
    world.advance(400_000, u64::MAX);
    assert_eq!((value(&world, S1, "x"), answers(&world)), (Some("1"), 0), "applied, and nobody left to tell");
    world.advance(500_000, u64::MAX);
    assert_eq!((answers(&world), value(&world, S1, "x")), (1, Some("1")));
}

#[test]
fn a_value_handed_to_the_leader_is_appended_at_once() {
    let mut world = led_by(S1, 0);
    world.apply(Input::Propose { value: "a=1".into(), server: Some(S1) }).unwrap();
    assert_eq!(world.servers()[0].server().unwrap().log().last_index().0, 2);
    world.advance(300_000, u64::MAX);
    assert_eq!(value(&world, S3, "a"), Some("1"));
}

#[test]
fn background_clients_write_one_thing_after_another_each_to_its_own_key() {
    let mut world = led_by(S1, 20);
    world.advance(10_000_000, u64::MAX);
    for client in 2..=21 {
        let latest: u64 = value(&world, S1, &format!("c{client}")).unwrap().parse().unwrap();
        assert!((50..100).contains(&latest), "client {client} came to {latest} in ten seconds of about 115 ms each");
    }
}

#[test]
fn a_restarted_server_rebuilds_its_state_machine_from_its_log() {
    let mut world = led_by(S1, 0);
    world.apply(ask("a=1")).unwrap();
    world.advance(300_000, u64::MAX);
    world.apply(Input::Crash { server: S3, written: 0 }).unwrap();
    assert_eq!(value(&world, S3, "a"), None);
    world.apply(Input::Restart { server: S3 }).unwrap();
    world.advance(300_000, u64::MAX);
    assert_eq!(value(&world, S3, "a"), Some("1"));
}

#[test]
fn a_client_finds_its_way_out_of_a_minority_whose_leader_cannot_answer() {
    let mut world = World::new(Scenario { seed: 1, ..Scenario::default() }).unwrap();
    world.advance(1_000_000, u64::MAX);
    let leads = |world: &World| {
        let leaders = world.servers().iter().filter(|node| node.server().is_some_and(raft_core::Server::is_leader));
        leaders.map(raft_sim::Node::id).collect::<Vec<_>>()
    };
    let leader = leads(&world)[0];
    world.apply(ask("x=1")).unwrap();
    world.advance(1_000_000, u64::MAX);
    // The leader keeps the follower that the client asks next, and which will go on naming that leader.
    let other = ServerId(leader.0 % 5 + 1);
    world.apply(Input::Partition { groups: vec![vec![leader, other]] }).unwrap();
    world.advance(2_000_000, u64::MAX);
    assert_eq!(leads(&world).len(), 2, "the majority has a leader of its own");
    world.apply(ask("x=2")).unwrap();
    world.advance(5_000_000, u64::MAX);
    assert_eq!(world.waiting().count(), 0, "answered");
    assert_eq!(answers(&world), 2);
}
