//! Snapshots take the place of the log, and nobody can tell.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use raft_core::{Index, Rejected, ServerId};
use raft_sim::{Happening, Input, InputError, Retry, Scenario, World, WorldOptions};

const S1: ServerId = ServerId(1);
const S2: ServerId = ServerId(2);
const S3: ServerId = ServerId(3);

/// S1 leads, and nothing happens by chance.
fn led_by_s1(options: WorldOptions) -> World {
    let mut world = World::new(Scenario { seed: 1, servers: 3, options, ..Scenario::default() }).unwrap();
    world.apply(Input::TimeOut { server: S1 }).unwrap();
    world.advance(300_000, u64::MAX);
    world
}

fn write(world: &mut World, texts: &[&str]) {
    for text in texts {
        world.apply(Input::Propose { value: (*text).into(), server: Some(S1) }).unwrap();
    }
    world.advance(300_000, u64::MAX);
}

fn base(world: &World, server: ServerId) -> u64 {
    let node = &world.servers()[server.0 as usize - 1];
    node.server().map_or(&node.durable().log, |server| server.log()).base().index.0
}

fn value<'a>(world: &'a World, server: ServerId, key: &str) -> Option<&'a str> {
    world.servers()[server.0 as usize - 1].store().values().get(key).map(String::as_str)
}

#[test]
fn a_snapshot_is_taken_when_asked_for_and_a_restarted_server_begins_with_it() {
    let mut world = led_by_s1(common::calm_options());
    let too_early = world.apply(Input::Compact { server: S1 });
    assert_eq!(too_early, Ok(()), "the no-op is applied");
    write(&mut world, &["a=1", "b=2"]);
    world.apply(Input::Compact { server: S2 }).unwrap();
    assert_eq!((base(&world, S1), base(&world, S2), base(&world, S3)), (1, 3, 0));
    let again = world.apply(Input::Compact { server: S2 }).unwrap_err();
    let why = Rejected::CannotCompact { upto: Index(3), snapshot: Index(3), applied: Index(3) };
    assert_eq!(again, InputError::Refused { server: S2, why });
    world.advance(10_000, u64::MAX);
    world.apply(Input::Crash { server: S2, written: 0 }).unwrap();
    assert_eq!(world.apply(Input::Compact { server: S2 }), Err(InputError::ServerIsDown(S2)));
    world.apply(Input::Restart { server: S2 }).unwrap();
    assert_eq!((value(&world, S2, "a"), value(&world, S2, "b")), (Some("1"), Some("2")), "at once, from its disk");
    write(&mut world, &["a=3"]);
    assert_eq!((value(&world, S2, "a"), world.violation()), (Some("3"), None));
}

#[test]
fn a_server_that_is_far_behind_is_sent_the_snapshot_part_by_part() {
    let options = WorldOptions { snapshot_chunk_bytes: 7, ..common::calm_options() };
    let mut world = led_by_s1(options);
    world.apply(Input::Crash { server: S3, written: 0 }).unwrap();
    write(&mut world, &["a=1", "b=2", "some=text"]);
    world.apply(Input::Compact { server: S1 }).unwrap();
    write(&mut world, &["c=3"]);
    world.apply(Input::Restart { server: S3 }).unwrap();
    world.advance(2_000_000, u64::MAX);
    assert_eq!(base(&world, S3), 4);
    for (key, expected) in [("a", "1"), ("b", "2"), ("some", "text"), ("c", "3")] {
        assert_eq!(value(&world, S3, key), Some(expected));
    }
    let parts = world.events_since(0).filter(|record| match &record.happening {
        Happening::Delivered { label } => label.name == "InstallSnapshot",
        _ => false,
    });
    assert!(parts.count() >= 3);
    assert_eq!(world.violation(), None);
}

#[test]
fn with_snapshot_every_servers_take_them_by_themselves() {
    let options = WorldOptions { snapshot_every: 10, ..common::calm_options() };
    let mut world = led_by_s1(options);
    for round in 0..25 {
        write(&mut world, &[&format!("a={round}")]);
    }
    // 26 entries with the no-op.
    assert_eq!([S1, S2, S3].map(|server| base(&world, server)), [20, 20, 20]);
    assert_eq!((value(&world, S3, "a"), world.violation()), (Some("24"), None));
    let never = led_by_s1(common::calm_options());
    assert_eq!(base(&never, S1), 0);
}

#[test]
fn who_waits_for_an_entry_whose_place_a_snapshot_takes_is_told_and_asks_again() {
    let mut world = led_by_s1(common::calm_options());
    // The person's client asks S1, whose word gets nowhere: its entry stays at index 2.
    world.apply(Input::Partition { groups: vec![vec![S1], vec![S2, S3]] }).unwrap();
    world.apply(Input::Propose { value: "mine=1".into(), server: None }).unwrap();
    world.advance(30_000, u64::MAX);
    world.apply(Input::TimeOut { server: S2 }).unwrap();
    world.advance(60_000, u64::MAX);
    for text in ["a=1", "b=2"] {
        world.apply(Input::Propose { value: text.into(), server: Some(S2) }).unwrap();
        world.advance(60_000, u64::MAX);
    }
    world.apply(Input::Compact { server: S2 }).unwrap();
    world.apply(Input::Heal {}).unwrap();
    world.advance(2_000_000, u64::MAX);
    let retries = world.events_since(0).filter_map(|record| match record.happening {
        Happening::ClientRetries { client: 1, why, .. } => Some(why),
        _ => None,
    });
    assert_eq!(retries.collect::<Vec<_>>(), [Retry::Unknown, Retry::NotLeader]);
    assert_eq!((value(&world, S1, "mine"), value(&world, S3, "mine")), (Some("1"), Some("1")));
    assert_eq!((world.waiting().count(), world.violation()), (0, None));
}
