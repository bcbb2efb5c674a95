//! The network, the disks, and what inputs do to them.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use raft_core::{Body, Rejected, ServerId, Term, Time};
use raft_sim::{Fate, Happening, Input, InputError, Label, Loss, Scenario, Stops, World, WorldOptions};

const S1: ServerId = ServerId(1);
const S2: ServerId = ServerId(2);
const S3: ServerId = ServerId(3);

/// Three servers on a network without chance: a save takes 1 ms, a message 20 ms, and nobody times out by himself.
fn calm() -> World {
    let options = common::calm_options();
    World::new(Scenario { seed: 1, servers: 3, options, ..Scenario::default() }).unwrap()
}

/// S1 has asked for votes. Its requests left at 1 ms and arrive at 21 ms.
fn asking() -> World {
    let mut world = calm();
    world.apply(Input::TimeOut { server: S1 }).unwrap();
    world.advance(1_000, u64::MAX);
    world
}

fn until(world: &mut World, us: u64) {
    world.advance(us - world.now().0, u64::MAX);
}

fn term(world: &World, server: ServerId) -> u64 {
    world.servers()[server.0 as usize - 1].server().unwrap().current_term().0
}

/// A wall through the middle of the way from S1, at the top, to S2, at the lower right. S3 is out of its reach.
fn wall(wall: u32) -> Input {
    Input::Wall { wall, ax: 5_500, ay: 5_000, bx: 7_500, by: 3_000 }
}

const fn set_wall(wall: u32, stops: Stops, loss_ppm: u32) -> Input {
    Input::SetWall { wall, stops, loss_ppm }
}

fn end_of(world: &World, from: ServerId, to: ServerId) -> Option<(Time, Happening)> {
    let of_it = |label: &Label| (label.from, label.to) == (from, to);
    let found = world.events_since(0).find(|record| match &record.happening {
        Happening::Delivered { label } | Happening::Lost { label, .. } | Happening::Blocked { label, .. } => {
            of_it(label)
        }
        _ => false,
    })?;
    Some((found.at, found.happening.clone()))
}

fn blocked_at(world: &World, from: ServerId, to: ServerId) -> Option<(u64, Option<u32>)> {
    match end_of(world, from, to)? {
        (at, Happening::Blocked { wall, .. }) => Some((at.0, wall)),
        _ => None,
    }
}

fn delivered_at(world: &World, from: ServerId, to: ServerId) -> Option<u64> {
    match end_of(world, from, to)? {
        (at, Happening::Delivered { .. }) => Some(at.0),
        _ => None,
    }
}

#[test]
fn a_wall_stops_what_reaches_it_and_nothing_else() {
    let mut world = calm();
    world.apply(wall(7)).unwrap();
    assert_eq!(world.link(S1, S2).unwrap().wall.map(|crossing| crossing.wall), Some(7));
    assert_eq!(world.link(S1, S3).unwrap().wall, None);
    world.apply(Input::TimeOut { server: S1 }).unwrap();
    until(&mut world, 25_000);
    let (at, by) = blocked_at(&world, S1, S2).unwrap();
    assert_eq!(by, Some(7));
    assert!((9_000..13_000).contains(&at), "halfway is at 11 ms, it ended at {at} us");
    assert_eq!(delivered_at(&world, S1, S3), Some(21_000));
    assert_eq!((term(&world, S2), term(&world, S3)), (0, 1));
    let seen: Vec<Fate> = world.messages().map(raft_sim::InFlight::fate).collect();
    assert!(seen.contains(&Fate::Blocked { wall: Some(7) }), "a message that ended can still be seen: {seen:?}");
    until(&mut world, 60_000);
    assert!(world.messages().all(|message| message.sent_at() > Time(1_000)), "after a while it is gone from sight");
}

#[test]
fn a_wall_drawn_while_a_message_is_before_it_stops_it_and_behind_it_does_not() {
    let mut world = asking();
    until(&mut world, 5_000);
    world.apply(wall(1)).unwrap();
    until(&mut world, 30_000);
    assert!(blocked_at(&world, S1, S2).is_some());

    let mut world = asking();
    until(&mut world, 15_000);
    world.apply(wall(1)).unwrap();
    until(&mut world, 30_000);
    assert_eq!(delivered_at(&world, S1, S2), Some(21_000));
}

#[test]
fn a_wall_removed_or_moved_away_in_time_stops_nothing() {
    let away = Input::Wall { wall: 1, ax: 0, ay: 0, bx: 1, by: 0 };
    for mend in [Input::RemoveWall { wall: 1 }, Input::Heal {}, away] {
        let mut world = asking();
        world.apply(wall(1)).unwrap();
        until(&mut world, 5_000);
        world.apply(mend.clone()).unwrap();
        until(&mut world, 30_000);
        assert_eq!(delivered_at(&world, S1, S2), Some(21_000), "{mend:?}");
    }
}

#[test]
fn a_wall_of_one_direction_stops_that_direction_alone_wherever_it_is_put() {
    for (stops, there, back) in
        [(Stops::Rightward, true, false), (Stops::Leftward, false, true), (Stops::Both, true, true)]
    {
        let mut world = calm();
        world.apply(wall(7)).unwrap();
        // As it is drawn it stops both already.
        assert_eq!(world.apply(set_wall(7, stops, 1_000_000)).is_ok(), stops != Stops::Both);
        // A step further out, and as it was set.
        world.apply(Input::Wall { wall: 7, ax: 5_600, ay: 5_100, bx: 7_600, by: 3_100 }).unwrap();
        assert_eq!(world.link(S1, S2).unwrap().wall.is_some(), there, "{stops:?}");
        assert_eq!(world.link(S2, S1).unwrap().wall.is_some(), back, "{stops:?}");
        world.apply(Input::TimeOut { server: S1 }).unwrap();
        world.apply(Input::TimeOut { server: S2 }).unwrap();
        until(&mut world, 40_000);
        assert_eq!(blocked_at(&world, S1, S2).is_some(), there, "{stops:?}");
        assert_eq!(blocked_at(&world, S2, S1).is_some(), back, "{stops:?}");
    }
}

#[test]
fn a_wall_that_lets_some_through_stops_about_as_many_as_it_is_set_to() {
    let ends = |loss_ppm: u32, moved: bool| {
        // Heartbeats of S1, a hundred a second, for ten seconds.
        let options = WorldOptions { heartbeat_us: 10_000, check_quorum: false, ..common::calm_options() };
        let mut world = World::new(Scenario { seed: 1, servers: 3, options, ..Scenario::default() }).unwrap();
        world.apply(Input::TimeOut { server: S1 }).unwrap();
        until(&mut world, 100_000);
        world.apply(wall(1)).unwrap();
        world.apply(set_wall(1, Stops::Rightward, loss_ppm)).unwrap();
        assert_eq!(world.link(S1, S2).unwrap().wall, None, "it is no cut");
        assert!(world.link(S1, S2).unwrap().sifted && !world.link(S2, S1).unwrap().sifted);
        let (mut blocked, mut delivered) = (0, 0);
        for step in 0..100_u32 {
            let seen = world.event_count();
            if moved {
                // Messages that are on their way are looked at again, and each keeps its lot.
                let by = step % 2;
                world.apply(Input::Wall { wall: 1, ax: 5_501 - by, ay: 5_000, bx: 7_500, by: 3_001 - by }).unwrap();
            }
            world.advance(100_000, u64::MAX);
            for record in world.events_since(seen) {
                match record.happening {
                    Happening::Blocked { label, wall } => {
                        assert_eq!(((label.from, label.to), wall), ((S1, S2), Some(1)));
                        blocked += 1;
                    }
                    Happening::Delivered { label } if (label.from, label.to) == (S1, S2) => delivered += 1,
                    _ => {}
                }
            }
        }
        (blocked, delivered)
    };
    let (blocked, delivered) = ends(300_000, false);
    assert!(blocked + delivered > 900, "{blocked} {delivered}");
    assert!((250..350).contains(&(blocked * 1_000 / (blocked + delivered))), "{blocked} of {}", blocked + delivered);
    assert_eq!(ends(300_000, true), (blocked, delivered), "how often it is moved changes nothing");
    assert_eq!(ends(0, false).0, 0);
}

#[test]
fn the_nearest_obstacle_is_the_one_that_stops() {
    let mut world = calm();
    // S1 stands at 5,000 1,600: the second wall is right below it, and in the way to S3 as well.
    world.apply(wall(1)).unwrap();
    world.apply(Input::Wall { wall: 2, ax: 4_000, ay: 2_000, bx: 6_000, by: 2_000 }).unwrap();
    world.apply(Input::Cut { from: S1, to: S2 }).unwrap();
    world.apply(Input::TimeOut { server: S1 }).unwrap();
    until(&mut world, 30_000);
    let (at, by) = blocked_at(&world, S1, S2).unwrap();
    assert_eq!(by, Some(2));
    assert!(at < 5_000, "{at}");
    assert_eq!(blocked_at(&world, S1, S3).unwrap().1, Some(2));
}

#[test]
fn a_server_carried_across_a_wall_takes_its_messages_way_with_it() {
    let mut world = calm();
    world.apply(wall(1)).unwrap();
    world.apply(Input::TimeOut { server: S1 }).unwrap();
    until(&mut world, 5_000);
    // S2 goes to where S3 stands: the way there is free.
    world.apply(Input::Move { server: S2, x: 2_000, y: 6_700 }).unwrap();
    until(&mut world, 30_000);
    assert_eq!(delivered_at(&world, S1, S2), Some(21_000));
}

#[test]
fn a_cut_stops_one_direction_halfway_and_the_other_goes_on() {
    let mut world = calm();
    world.apply(Input::Cut { from: S1, to: S2 }).unwrap();
    world.apply(Input::TimeOut { server: S1 }).unwrap();
    world.apply(Input::TimeOut { server: S2 }).unwrap();
    until(&mut world, 30_000);
    assert_eq!(blocked_at(&world, S1, S2), Some((11_000, None)));
    assert_eq!(delivered_at(&world, S2, S1), Some(21_000));
    world.apply(Input::Uncut { from: S1, to: S2 }).unwrap();
    world.advance(30_000, u64::MAX);
    let delivered = world
        .events_since(0)
        .any(|record| matches!(record.happening, Happening::Delivered { label } if (label.from, label.to) == (S1, S2)));
    assert!(delivered);
}

#[test]
fn a_cut_made_or_mended_while_a_message_is_on_its_way_counts_at_half_of_it() {
    for (cut_at, uncut_at, gets_through) in [(5_000, None, false), (11_001, None, true), (5_000, Some(10_999), true)] {
        let mut world = asking();
        until(&mut world, cut_at);
        world.apply(Input::Cut { from: S1, to: S2 }).unwrap();
        if let Some(uncut_at) = uncut_at {
            until(&mut world, uncut_at);
            world.apply(Input::Uncut { from: S1, to: S2 }).unwrap();
        }
        until(&mut world, 30_000);
        assert_eq!(delivered_at(&world, S1, S2).is_some(), gets_through, "cut at {cut_at}, mended at {uncut_at:?}");
    }
}

#[test]
fn a_partition_lets_messages_through_within_its_groups_only() {
    let mut world = calm();
    world.apply(Input::Partition { groups: vec![vec![S1]] }).unwrap();
    for (from, to, cut) in [(S1, S2, true), (S2, S1, true), (S1, S3, true), (S2, S3, false), (S3, S2, false)] {
        assert_eq!(world.link(from, to).unwrap().cut, cut, "{from} to {to}");
    }
    world.apply(Input::Partition { groups: vec![vec![S1, S2], vec![S3]] }).unwrap();
    for (from, to, cut) in [(S1, S2, false), (S1, S3, true), (S3, S2, true)] {
        assert_eq!(world.link(from, to).unwrap().cut, cut, "{from} to {to}");
    }
}

#[test]
fn a_link_that_loses_everything_delivers_nothing_and_one_that_doubles_delivers_twice() {
    let mut world = calm();
    let link = |to, loss_ppm, duplicate_ppm| Input::SetLink {
        from: S1,
        to,
        delay_us_min: 10_000,
        delay_us_max: 10_000,
        loss_ppm,
        duplicate_ppm,
        delay_tail_us: 0,
        in_order: false,
    };
    world.apply(link(S2, 1_000_000, 0)).unwrap();
    world.apply(link(S3, 0, 1_000_000)).unwrap();
    world.apply(Input::TimeOut { server: S1 }).unwrap();
    until(&mut world, 12_000);
    let (at, lost) = end_of(&world, S1, S2).unwrap();
    assert!(matches!(lost, Happening::Lost { why: Loss::Chance, .. }), "{lost:?}");
    assert!((4_000..=9_000).contains(&at.0), "lost 30 to 80 % of the way along: {at}");
    let copies = world.events_since(0).filter(
        |record| matches!(record.happening, Happening::Delivered { label } if (label.from, label.to) == (S1, S3)),
    );
    assert_eq!(copies.count(), 2);
    let duplicated = world.events_since(0).any(|record| matches!(record.happening, Happening::Duplicated { .. }));
    assert!(duplicated);
}

#[test]
fn what_arrives_at_a_crashed_server_is_lost() {
    let mut world = asking();
    world.apply(Input::Crash { server: S2, written: 0 }).unwrap();
    until(&mut world, 30_000);
    let (at, lost) = end_of(&world, S1, S2).unwrap();
    assert_eq!(at, Time(21_000));
    assert!(matches!(lost, Happening::Lost { why: Loss::ReceiverDown, .. }), "{lost:?}");
}

#[test]
fn a_crash_takes_what_was_not_saved_and_what_waited_for_it() {
    let mut world = calm();
    world.apply(Input::TimeOut { server: S1 }).unwrap();
    until(&mut world, 999);
    assert_eq!(world.servers()[0].saves_under_way(), 1);
    world.apply(Input::Crash { server: S1, written: 0 }).unwrap();
    until(&mut world, 30_000);
    assert_eq!(world.messages().count(), 0, "a request for a vote left although the vote was never saved");
    assert_eq!(world.servers()[0].durable().current_term, Term(0));
    world.apply(Input::Restart { server: S1 }).unwrap();
    assert_eq!(term(&world, S1), 0);
}

#[test]
fn nothing_of_a_life_reaches_into_the_next() {
    let mut world = calm();
    // S2's save is due first, so that S1's is not yet looked at while S1 is crashed.
    for server in [S2, S1] {
        world.apply(Input::TimeOut { server }).unwrap();
    }
    until(&mut world, 999);
    for input in [Input::Crash { server: S1, written: 0 }, Input::Restart { server: S1 }, Input::TimeOut { server: S1 }]
    {
        world.apply(input).unwrap();
    }
    // The save of the first life would have been done at 1,000, that of the second is done at 1,999.
    let saved = |world: &World| (world.servers()[0].durable().current_term, world.servers()[0].saves_under_way());
    let sent = |world: &World| world.messages().filter(|message| message.message().from == S1).count();
    until(&mut world, 1_998);
    assert_eq!((saved(&world), sent(&world)), ((Term(0), 1), 0));
    until(&mut world, 1_999);
    assert_eq!((saved(&world), sent(&world)), ((Term(1), 0), 2));
}

#[test]
fn a_server_starts_again_from_its_disk_and_its_messages_travel_on() {
    let mut world = asking();
    world.apply(Input::Crash { server: S1, written: 0 }).unwrap();
    assert_eq!(world.messages().count(), 2);
    assert!(world.servers()[0].server().is_none());
    until(&mut world, 50_000);
    assert_eq!((term(&world, S2), term(&world, S3)), (1, 1), "the requests were on their way");
    world.apply(Input::Restart { server: S1 }).unwrap();
    let server = world.servers()[0].server().unwrap();
    assert_eq!((server.current_term(), server.voted_for()), (Term(1), Some(S1)));
    assert!(!server.is_leader());
}

#[test]
fn a_server_has_other_timeouts_in_each_life() {
    let mut world = calm();
    let deadline = |world: &World| {
        let timer = world.servers()[0].server().unwrap().election_timer().unwrap();
        timer.deadline.since(timer.started)
    };
    let first = deadline(&world);
    world.apply(Input::Crash { server: S1, written: 0 }).unwrap();
    world.apply(Input::Restart { server: S1 }).unwrap();
    assert_ne!(deadline(&world), first);
}

#[test]
fn at_most_five_thousand_messages_are_on_their_way() {
    let options = WorldOptions { delay_us_min: 60_000_000, delay_us_max: 60_000_000, ..WorldOptions::default() };
    let mut world = World::new(Scenario { servers: 50, options, ..Scenario::default() }).unwrap();
    // Each asks 49 others for their votes, three times over.
    for server in (1..=50).chain(1..=50).chain(1..=50).map(ServerId) {
        world.apply(Input::TimeOut { server }).unwrap();
    }
    world.advance(20_000, u64::MAX);
    assert_eq!(world.messages().count(), 5_000);
    let too_many =
        |record: &&raft_sim::Record| matches!(record.happening, Happening::Lost { why: Loss::TooManyInFlight, .. });
    assert_eq!(world.events_since(0).filter(too_many).count(), 3 * 50 * 49 - 5_000);
}

#[test]
fn every_input_that_would_change_nothing_or_cannot_be_is_refused_and_changes_nothing() {
    let mut world = calm();
    world.apply(Input::Crash { server: S3, written: 0 }).unwrap();
    world.apply(Input::TimeOut { server: S1 }).unwrap();
    world.apply(Input::Cut { from: S2, to: S3 }).unwrap();
    world.advance(100_000, u64::MAX);
    world.apply(wall(1)).unwrap();
    assert!(world.servers()[0].server().unwrap().is_leader());
    let here = world.position(S1).unwrap();
    let link = world.link(S1, S2).unwrap();
    let same_link = Input::SetLink {
        from: S1,
        to: S2,
        delay_us_min: link.delay_us_min,
        delay_us_max: link.delay_us_max,
        loss_ppm: link.loss_ppm,
        duplicate_ppm: link.duplicate_ppm,
        delay_tail_us: 0,
        in_order: false,
    };
    let not_leader = Rejected::NotLeader { leader: Some(S1) };
    let propose = |server| Input::Propose { value: "1".into(), server: Some(server) };
    let table = [
        (
            Input::Crash { server: S3, written: 0 },
            InputError::ServerIsDown(S3),
            "S3 is crashed; expected a running server",
        ),
        (Input::Restart { server: S1 }, InputError::ServerIsUp(S1), "S1 is running; expected a crashed server"),
        (Input::TimeOut { server: S3 }, InputError::ServerIsDown(S3), "S3 is crashed; expected a running server"),
        (
            Input::TimeOut { server: S1 },
            InputError::Refused { server: S1, why: Rejected::LeaderHasNoElectionTimer },
            "S1 refuses: a leader has no election timer",
        ),
        (propose(S3), InputError::ServerIsDown(S3), "S3 is crashed; expected a running server"),
        (propose(S2), InputError::Refused { server: S2, why: not_leader }, "S2 refuses: not the leader; S1 may be"),
        (
            Input::Cut { from: S2, to: S3 },
            InputError::AlreadyCut { from: S2, to: S3 },
            "the link from S2 to S3 is cut by hand already",
        ),
        (
            Input::Uncut { from: S3, to: S2 },
            InputError::NotCut { from: S3, to: S2 },
            "the link from S3 to S2 is not cut by hand",
        ),
        (
            same_link,
            InputError::NothingToChange { because: "the link is set in just this way" },
            "nothing would change: the link is set in just this way",
        ),
        (
            Input::Move { server: S1, x: here.x, y: here.y },
            InputError::NothingToChange { because: "the server stands there" },
            "nothing would change: the server stands there",
        ),
        (
            wall(1),
            InputError::NothingToChange { because: "the wall stands so already" },
            "nothing would change: the wall stands so already",
        ),
        (Input::RemoveWall { wall: 2 }, InputError::NoSuchWall(2), "there is no wall 2"),
        (set_wall(2, Stops::Both, 0), InputError::NoSuchWall(2), "there is no wall 2"),
        (
            set_wall(1, Stops::Both, 1_000_000),
            InputError::NothingToChange { because: "the wall stands so already" },
            "nothing would change: the wall stands so already",
        ),
    ];
    let before = world.fingerprint();
    let records = world.event_count();
    for (input, error, text) in table {
        assert_eq!(world.apply(input.clone()), Err(error.clone()), "{input:?}");
        assert_eq!(error.to_string(), text);
    }
    let out_of_range = world.apply(Input::Crash { server: ServerId(4), written: 0 }).unwrap_err();
    assert_eq!(out_of_range.to_string(), "server is 4; expected 1 to 3");
    assert_eq!(world.fingerprint(), before, "a refused input changed something");
    assert_eq!(world.event_count(), records);
    assert_eq!(world.scenario().inputs.len(), 4, "a refused input was recorded");

    world.apply(Input::Heal {}).unwrap();
    let healed = "nothing would change: no link is cut by hand and no wall stands";
    assert_eq!(world.apply(Input::Heal {}).unwrap_err().to_string(), healed);
    let all = Input::Partition { groups: vec![vec![S1, S2, S3]] };
    let same = "nothing would change: the links are cut in just this way";
    assert_eq!(world.apply(all).unwrap_err().to_string(), same);
}

#[test]
fn walls_values_and_inputs_are_limited() {
    let mut world = calm();
    let wall = |wall| Input::Wall { wall, ax: wall, ay: 0, bx: wall, by: 1 };
    for number in 0..64 {
        world.apply(wall(number)).unwrap();
    }
    assert_eq!(world.apply(wall(64)).unwrap_err().to_string(), "64 walls stand, and no more may");
    world.apply(Input::Wall { wall: 3, ax: 9, ay: 9, bx: 9, by: 8 }).unwrap();
    let value = || Input::Propose { value: "1".into(), server: None };
    // One is under way, a hundred wait.
    for _ in 0..101 {
        world.apply(value()).unwrap();
    }
    assert_eq!(world.waiting().count(), 101);
    let full = "100 values wait for the leader, and no more may";
    assert_eq!(world.apply(value()).unwrap_err().to_string(), full);
    let toggle = |at: u32| Input::Move { server: S1, x: at % 2, y: 0 };
    let more = 100_000 - world.scenario().inputs.len() as u32;
    for at in 0..more {
        world.apply(toggle(at)).unwrap();
    }
    let full = "100000 inputs were recorded, and no more may be";
    assert_eq!(world.apply(toggle(more)).unwrap_err().to_string(), full);
    assert_eq!(world.scenario().check(), Ok(()));
}

#[test]
fn servers_that_do_not_exist_stand_nowhere_and_have_no_links() {
    let world = calm();
    for server in [0, 4, u32::MAX].map(ServerId) {
        assert_eq!((world.position(server), world.link(S1, server), world.link(server, S1)), (None, None, None));
    }
    assert_eq!(world.link(S1, S1), None);
}

#[test]
fn messages_show_what_they_say_and_when_they_end() {
    let world = asking();
    let mut messages: Vec<_> = world.messages().collect();
    messages.sort_by_key(|message| message.id());
    assert_eq!(messages.iter().map(|message| message.message().to).collect::<Vec<_>>(), [S2, S3]);
    for message in messages {
        assert!(matches!(message.message().body, Body::RequestVote { .. }));
        assert_eq!((message.sent_at(), message.ends_at()), (Time(1_000), Time(21_000)));
        assert_eq!((message.arrives_at(), message.fate(), message.is_copy()), (Time(21_000), Fate::Arrives, false));
    }
}
