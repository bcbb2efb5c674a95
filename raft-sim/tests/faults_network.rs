//! Messages by hand, delays, and links that flap.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use raft_core::{ServerId, Term, Time};
use raft_sim::{Fate, Happening, Input, Label, Loss, Scenario, World, WorldOptions};

const S1: ServerId = ServerId(1);
const S2: ServerId = ServerId(2);
const S3: ServerId = ServerId(3);

/// S1 has asked for votes. Its requests, 1 to S2 and 2 to S3, left at 1 ms and arrive at 21 ms.
fn asking() -> World {
    let options = common::calm_options();
    let mut world = World::new(Scenario { seed: 1, servers: 3, options, ..Scenario::default() }).unwrap();
    world.apply(Input::TimeOut { server: S1 }).unwrap();
    world.advance(1_000, u64::MAX);
    world
}

fn until(world: &mut World, us: u64) {
    world.advance(us - world.now().0, u64::MAX);
}

fn times(world: &World, is: impl Fn(&Happening) -> bool) -> Vec<u64> {
    world.events_since(0).filter(|record| is(&record.happening)).map(|record| record.at.0).collect()
}

/// When a message with this number was delivered.
fn delivered(world: &World, number: u64) -> Vec<u64> {
    times(world, |happening| matches!(happening, Happening::Delivered { label } if label.message == number))
}

fn term(world: &World, server: ServerId) -> Term {
    world.servers()[server.0 as usize - 1].server().unwrap().current_term()
}

#[test]
fn a_message_that_is_held_stays_where_it_is_and_then_goes_the_rest_of_its_way() {
    let mut world = asking();
    until(&mut world, 11_000);
    world.apply(Input::Hold { message: 1 }).unwrap();
    until(&mut world, 100_000);
    assert_eq!((delivered(&world, 1), delivered(&world, 2)), (vec![], vec![21_000]));
    let held = world.messages().find(|message| message.id() == 1).unwrap();
    assert_eq!((held.fate(), held.held_at(), held.ends_at()), (Fate::Held, Some(Time(11_000)), Time::LIMIT));
    world.apply(Input::Release { message: 1 }).unwrap();
    let goes_on = world.messages().find(|message| message.id() == 1).unwrap();
    // As though it had left 89 ms later.
    assert_eq!((goes_on.fate(), goes_on.sent_at(), goes_on.ends_at()), (Fate::Arrives, Time(90_000), Time(110_000)));
    until(&mut world, 200_000);
    assert_eq!(delivered(&world, 1), [110_000]);
    assert_eq!(times(&world, |happening| matches!(happening, Happening::Held { .. })), [11_000]);
    assert_eq!(times(&world, |happening| matches!(happening, Happening::Released { .. })), [100_000]);
}

#[test]
fn what_stands_in_the_way_of_a_message_counts_again_when_it_is_released() {
    for (held_at, gets_through) in [(5_000, false), (15_000, true)] {
        let mut world = asking();
        until(&mut world, held_at);
        world.apply(Input::Hold { message: 1 }).unwrap();
        until(&mut world, 50_000);
        // At half of the way.
        world.apply(Input::Cut { from: S1, to: S2 }).unwrap();
        assert_eq!(world.messages().find(|message| message.id() == 1).unwrap().fate(), Fate::Held);
        until(&mut world, 60_000);
        world.apply(Input::Release { message: 1 }).unwrap();
        until(&mut world, 90_000);
        let blocked =
            |happening: &Happening| matches!(happening, Happening::Blocked { label, .. } if label.message == 1);
        let ends = (delivered(&world, 1), times(&world, blocked));
        let expected = if gets_through { (vec![66_000], vec![]) } else { (vec![], vec![66_000]) };
        assert_eq!(ends, expected, "held at {held_at}");
    }
}

#[test]
fn the_latest_message_of_a_direction_can_be_held_without_its_number_and_all_be_released_at_once() {
    let mut world = asking();
    for to in [S2, S3] {
        world.apply(Input::HoldLatest { from: S1, to }).unwrap();
    }
    until(&mut world, 50_000);
    assert_eq!(world.messages().filter(|message| message.fate() == Fate::Held).count(), 2);
    world.apply(Input::ReleaseAll {}).unwrap();
    until(&mut world, 70_000);
    assert_eq!((delivered(&world, 1), delivered(&world, 2)), (vec![70_000], vec![70_000]));
}

#[test]
fn a_message_is_dropped_by_hand_held_or_not() {
    for held in [false, true] {
        let mut world = asking();
        if held {
            world.apply(Input::Hold { message: 1 }).unwrap();
        }
        until(&mut world, 10_000);
        world.apply(Input::Drop { message: 1 }).unwrap();
        let gone = world.messages().find(|message| message.id() == 1).unwrap();
        assert_eq!((gone.fate(), gone.ends_at()), (Fate::Lost, Time(10_000)), "it can still be seen");
        until(&mut world, 30_000);
        let by_hand = |happening: &Happening| matches!(happening, Happening::Lost { why: Loss::ByHand, .. });
        assert_eq!(times(&world, by_hand), [10_000]);
        assert_eq!((term(&world, S2), term(&world, S3)), (Term(0), Term(1)));
    }
}

#[test]
fn a_message_can_be_delivered_at_once_through_whatever_stands_in_its_way() {
    for held in [false, true] {
        let mut world = asking();
        world.apply(Input::Cut { from: S1, to: S2 }).unwrap();
        if held {
            world.apply(Input::Hold { message: 1 }).unwrap();
        }
        until(&mut world, 7_000);
        world.apply(Input::Deliver { message: 1 }).unwrap();
        assert_eq!((delivered(&world, 1), term(&world, S2)), (vec![7_000], Term(1)));
        until(&mut world, 100_000);
        assert_eq!(delivered(&world, 1), [7_000], "it came again");
    }
}

#[test]
fn a_message_doubled_by_hand_arrives_twice_and_the_copy_is_held_with_it() {
    let mut world = asking();
    world.apply(Input::Duplicate { message: 1 }).unwrap();
    world.apply(Input::Hold { message: 2 }).unwrap();
    world.apply(Input::Duplicate { message: 2 }).unwrap();
    let copy_of = |number| {
        let doubled = world.events_since(0).find_map(|record| match record.happening {
            Happening::Duplicated { label: Label { message, .. }, copy_of } if copy_of == number => Some(message),
            _ => None,
        });
        doubled.unwrap()
    };
    assert_eq!((copy_of(1), copy_of(2)), (3, 4));
    until(&mut world, 21_000);
    assert_eq!((delivered(&world, 1), delivered(&world, 3)), (vec![21_000], vec![21_000]));
    until(&mut world, 30_000);
    assert!(delivered(&world, 2).is_empty() && delivered(&world, 4).is_empty());
    world.apply(Input::Deliver { message: 4 }).unwrap();
    world.apply(Input::Release { message: 2 }).unwrap();
    until(&mut world, 100_000);
    assert_eq!((delivered(&world, 4), delivered(&world, 2)), (vec![30_000], vec![50_000]));
}

#[test]
fn a_copy_made_by_hand_arrives_although_the_original_is_lost_by_chance() {
    let mut options = common::calm_options();
    options.loss_ppm = 1_000_000;
    let mut world = World::new(Scenario { servers: 3, options, ..Scenario::default() }).unwrap();
    world.apply(Input::TimeOut { server: S1 }).unwrap();
    until(&mut world, 1_000);
    world.apply(Input::Duplicate { message: 1 }).unwrap();
    until(&mut world, 30_000);
    assert_eq!((delivered(&world, 1), delivered(&world, 3)), (vec![], vec![21_000]));
}

#[test]
fn inputs_for_messages_that_are_not_there_or_would_change_nothing_are_refused() {
    let mut world = asking();
    world.apply(Input::Hold { message: 2 }).unwrap();
    let flap = Input::Flap { from: S2, to: S1, up_us: 5_000, down_us: 6_000 };
    world.apply(flap.clone()).unwrap();
    let nothing = "nothing would change: ";
    let table = [
        (Input::Hold { message: 3 }, "no message 3 is on its way".to_owned()),
        (Input::Drop { message: 3 }, "no message 3 is on its way".to_owned()),
        (Input::Duplicate { message: 3 }, "no message 3 is on its way".to_owned()),
        (Input::Deliver { message: 3 }, "no message 3 is on its way".to_owned()),
        (Input::Release { message: 3 }, "no message 3 is on its way".to_owned()),
        (Input::Hold { message: 0 }, "message is 0; expected 1 to 9007199254740991".to_owned()),
        (Input::Hold { message: 2 }, format!("{nothing}the message is held")),
        (Input::Release { message: 1 }, format!("{nothing}the message is not held")),
        (Input::HoldLatest { from: S1, to: S3 }, format!("{nothing}no message that is not held is on its way there")),
        (flap, format!("{nothing}the link flaps in just this way")),
        (
            Input::Flap { from: S1, to: S2, up_us: 999, down_us: 1_000 },
            "up_us is 999; expected 1000 to 3600000000".into(),
        ),
    ];
    let before = (world.fingerprint(), world.event_count());
    for (input, text) in table {
        assert_eq!(world.apply(input.clone()).unwrap_err().to_string(), text, "{input:?}");
    }
    assert_eq!((world.fingerprint(), world.event_count()), before, "a refused input changed something");
    until(&mut world, 30_000);
    let ended = world.apply(Input::Hold { message: 1 }).unwrap_err().to_string();
    assert_eq!(ended, "no message 1 is on its way", "it has arrived");
    world.apply(Input::Release { message: 2 }).unwrap();
    let none = world.apply(Input::ReleaseAll {}).unwrap_err().to_string();
    assert_eq!(none, format!("{nothing}no message is held"));
}

#[test]
fn a_held_message_is_part_of_the_fingerprint_and_of_the_run_lived_again() {
    let mut world = asking();
    let free = world.fingerprint();
    world.apply(Input::Hold { message: 1 }).unwrap();
    assert_ne!(world.fingerprint(), free);
    until(&mut world, 50_000);
    world.apply(Input::ReleaseAll {}).unwrap();
    world.apply(Input::Flap { from: S1, to: S2, up_us: 30_000, down_us: 40_000 }).unwrap();
    until(&mut world, 500_000);
    let mut again = World::new(world.scenario()).unwrap();
    again.advance(500_000, u64::MAX);
    assert_eq!(again.fingerprint(), world.fingerprint());
}

/// How long each message took from S1, and which had a message pass it that left later.
fn travels(delay_tail_us: u64, in_order: bool) -> (Vec<u64>, usize) {
    let options = WorldOptions {
        heartbeat_us: 1_000,
        delay_us_min: 1_000,
        delay_us_max: 1_000,
        delay_tail_us,
        in_order,
        ..common::calm_options()
    };
    let mut world = World::new(Scenario { servers: 3, options, ..Scenario::default() }).unwrap();
    world.apply(Input::TimeOut { server: S1 }).unwrap();
    let (mut took, mut passed, mut latest) = (Vec::new(), 0, 0);
    let mut seen = 0;
    let mut sent = std::collections::BTreeMap::new();
    while took.len() < 3_000 {
        world.advance(100_000, u64::MAX);
        for record in world.events_since(seen) {
            match &record.happening {
                Happening::Sent { label } if (label.from, label.to) == (S1, S2) => {
                    sent.insert(label.message, record.at);
                }
                Happening::Delivered { label } if (label.from, label.to) == (S1, S2) => {
                    took.push(record.at.since(sent[&label.message]));
                    passed += usize::from(label.message < latest);
                    latest = latest.max(label.message);
                }
                _ => {}
            }
        }
        seen = world.event_count();
    }
    (took, passed)
}

#[test]
fn a_tail_makes_some_messages_late_and_lets_them_pass_each_other_unless_they_go_in_order() {
    let (took, passed) = travels(0, false);
    assert!(took.iter().all(|&us| us == 1_000) && passed == 0);
    let (took, passed) = travels(5_000, false);
    let mean = took.iter().sum::<u64>() / took.len() as u64;
    // 1 ms and 5 ms more on average, give or take a tenth of a millisecond.
    assert!((5_600..6_400).contains(&mean), "{mean}");
    assert!(took.iter().all(|&us| us >= 1_000) && took.iter().any(|&us| us > 25_000));
    assert!(passed > 1_000, "{passed} of 3,000 came out of order");
    let (took, passed) = travels(5_000, true);
    assert_eq!(passed, 0);
    assert!(took.iter().any(|&us| us > 25_000));
}

#[test]
fn no_message_takes_longer_than_a_minute() {
    let options = WorldOptions { delay_tail_us: 60_000_000, ..common::calm_options() };
    let mut world = World::new(Scenario { servers: 50, options, ..Scenario::default() }).unwrap();
    for server in (1..=50).map(ServerId) {
        world.apply(Input::TimeOut { server }).unwrap();
    }
    until(&mut world, 1_000);
    let way = |message: &raft_sim::InFlight| message.arrives_at().since(message.sent_at());
    let longest = world.messages().map(way).filter(|&us| us == 60_000_000).count();
    // Of 2,450 messages more than a third, as e^-1 is 0.37.
    assert!((800..1_000).contains(&longest), "{longest}");
    assert!(world.messages().all(|message| way(message) <= 60_000_000));
}

#[test]
fn a_link_that_is_set_in_order_is_so_for_what_is_sent_from_then_on() {
    let mut world = asking();
    let link = |delay_us, in_order| Input::SetLink {
        from: S1,
        to: S2,
        delay_us_min: delay_us,
        delay_us_max: delay_us,
        loss_ppm: 0,
        duplicate_ppm: 0,
        delay_tail_us: 0,
        in_order,
    };
    // Request 1 arrives at 21 ms. A message of the next term leaves at 3 ms and would arrive at 4 ms.
    world.apply(link(1_000, true)).unwrap();
    until(&mut world, 2_000);
    world.apply(Input::TimeOut { server: S1 }).unwrap();
    until(&mut world, 22_000);
    assert_eq!((delivered(&world, 1), delivered(&world, 3)), (vec![21_000], vec![21_001]));
    assert!(world.link(S1, S2).unwrap().in_order && !world.link(S1, S3).unwrap().in_order);
}

#[test]
fn a_link_that_flaps_is_cut_and_mended_by_turns_until_it_is_set_otherwise() {
    let flap = Input::Flap { from: S1, to: S2, up_us: 30_000, down_us: 10_000 };
    let turns = |world: &World| {
        let turn = |record: &raft_sim::Record| match record.happening {
            Happening::LinkTurned { from, to, cut } => Some((record.at.0, from, to, cut)),
            _ => None,
        };
        world.events_since(0).filter_map(turn).collect::<Vec<_>>()
    };
    let expected = [(1_000, true), (11_000, false), (41_000, true), (51_000, false)].map(|(at, cut)| (at, S1, S2, cut));
    let group = |servers: &[ServerId]| Input::Partition { groups: vec![servers.to_vec()] };
    let ends = [
        (Input::Uncut { from: S1, to: S2 }, false),
        (Input::Cut { from: S1, to: S2 }, true),
        (Input::Heal {}, false),
        (group(&[S1, S2]), false),
        (group(&[S1]), true),
    ];
    for (end, cut) in ends {
        let mut world = asking();
        world.apply(flap.clone()).unwrap();
        until(&mut world, 60_000);
        assert_eq!(turns(&world), expected, "{end:?}");
        world.apply(end.clone()).unwrap();
        until(&mut world, 200_000);
        assert_eq!((turns(&world).len(), world.link(S1, S2).unwrap().cut), (4, cut), "{end:?}");
        assert_eq!(world.link(S1, S2).unwrap().flap, None);
    }
    // What is at half of the way while the link is whole gets through.
    let mut world = asking();
    world.apply(flap).unwrap();
    until(&mut world, 30_000);
    assert_eq!((delivered(&world, 1), term(&world, S2)), (vec![21_000], Term(1)));
}

#[test]
fn flapping_anew_takes_the_place_of_the_turns_before() {
    let mut world = asking();
    let flap = |up_us| Input::Flap { from: S1, to: S2, up_us, down_us: 10_000 };
    world.apply(flap(1_000)).unwrap();
    until(&mut world, 5_000);
    world.apply(flap(50_000)).unwrap();
    until(&mut world, 70_000);
    let turned = times(&world, |happening| matches!(happening, Happening::LinkTurned { .. }));
    assert_eq!(turned, [1_000, 5_000, 15_000, 65_000]);
}

#[test]
fn a_message_takes_as_long_for_the_rest_of_its_way_as_is_said_and_does_not_jump() {
    let mut world = asking();
    // A quarter of the way.
    until(&mut world, 6_000);
    world.apply(Input::SetDelay { message: 1, us: 90_000 }).unwrap();
    let slow = world.messages().find(|message| message.id() == 1).unwrap();
    let (gone, whole) = (world.now().0.abs_diff(slow.sent_at().0), slow.arrives_at().0 - slow.sent_at().0);
    // Where it would have left before the beginning of time, it left at the beginning.
    assert_eq!((slow.ends_at(), slow.sent_at()), (Time(96_000), Time(0)));
    assert!(gone * 4 <= whole);
    until(&mut world, 50_000);
    world.apply(Input::SetDelay { message: 1, us: 23_000 }).unwrap();
    let again = world.messages().find(|message| message.id() == 1).unwrap();
    let (gone, whole) = (50_000 - again.sent_at().0, again.arrives_at().0 - again.sent_at().0);
    assert_eq!(again.ends_at(), Time(73_000));
    assert!((gone * 96).abs_diff(whole * 50) <= whole / 500, "50 of 96 ms are behind it: {gone} of {whole}");
    until(&mut world, 100_000);
    assert_eq!((delivered(&world, 1), delivered(&world, 2)), (vec![73_000], vec![21_000]));
}

#[test]
fn a_delay_that_changes_nothing_is_refused() {
    let mut world = asking();
    let refused = |world: &mut World, us| world.apply(Input::SetDelay { message: 1, us }).unwrap_err().to_string();
    assert_eq!(refused(&mut world, 20_000), "nothing would change: the message takes so long already");
    assert!(refused(&mut world, 0).starts_with("us is 0; expected 1 to 60000000"));
    world.apply(Input::Hold { message: 1 }).unwrap();
    assert_eq!(refused(&mut world, 7), "nothing would change: the message is held");
}

#[test]
fn a_cut_stops_a_message_also_at_its_new_pace() {
    let mut world = asking();
    until(&mut world, 6_000);
    world.apply(Input::SetDelay { message: 2, us: 30_000 }).unwrap();
    world.apply(Input::Cut { from: S1, to: S3 }).unwrap();
    until(&mut world, 60_000);
    assert!(delivered(&world, 2).is_empty());
    let blocked = |happening: &Happening| matches!(happening, Happening::Blocked { label, .. } if label.message == 2);
    assert_eq!(times(&world, blocked).len(), 1);
}

#[test]
fn a_leader_sends_heartbeats_when_it_is_told_to_and_nobody_else_does() {
    let mut world = asking();
    until(&mut world, 100_000);
    let sent = |world: &World| times(world, |happening| matches!(happening, Happening::Sent { .. }));
    let before = sent(&world).len();
    assert!(world.servers()[0].server().unwrap().is_leader());
    world.apply(Input::Heartbeat { server: S1 }).unwrap();
    assert_eq!(sent(&world)[before..], [100_000; 2], "one to each other server, now");
    let refused = world.apply(Input::Heartbeat { server: S2 }).unwrap_err().to_string();
    assert_eq!(refused, "S2 refuses: not the leader; S1 may be");
}
