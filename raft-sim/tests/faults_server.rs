//! Servers that are paused or slow, disks that are slow or lie, and clocks.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use raft_core::{Event, Index, Rule, ServerId, Term, Time};
use raft_sim::{Happening, Input, Loss, Property, Scenario, World, WorldOptions};

const S1: ServerId = ServerId(1);
const S2: ServerId = ServerId(2);
const S3: ServerId = ServerId(3);

fn with(options: WorldOptions) -> World {
    World::new(Scenario { seed: 1, servers: 3, options, ..Scenario::default() }).unwrap()
}

fn calm() -> World {
    with(common::calm_options())
}

/// S1 leads since about 42 ms; its heartbeats come every 75 ms.
fn led() -> World {
    let mut world = calm();
    world.apply(Input::TimeOut { server: S1 }).unwrap();
    until(&mut world, 100_000);
    assert!(server(&world, S1).is_leader());
    world
}

fn until(world: &mut World, us: u64) {
    world.advance(us - world.now().0, u64::MAX);
}

fn server(world: &World, server: ServerId) -> &raft_core::Server {
    world.servers()[server.0 as usize - 1].server().unwrap()
}

fn times(world: &World, is: impl Fn(&Happening) -> bool) -> Vec<u64> {
    world.events_since(0).filter(|record| is(&record.happening)).map(|record| record.at.0).collect()
}

fn deliveries(world: &World, to: ServerId) -> Vec<u64> {
    times(world, |happening| matches!(happening, Happening::Delivered { label } if label.to == to))
}

/// When a server saw its own election timer run out.
fn timeouts(world: &World, of: ServerId) -> Vec<u64> {
    times(
        world,
        |happening| matches!(happening, Happening::Decision { server, event: Event::ElectionTimedOut { .. }, .. } if *server == of),
    )
}

#[test]
fn what_comes_to_a_paused_server_waits_and_is_handled_in_order_when_it_goes_on() {
    let mut world = led();
    let before = deliveries(&world, S2).len();
    world.apply(Input::Pause { server: S2 }).unwrap();
    for value in ["x=1", "x=2"] {
        world.apply(Input::Propose { value: value.into(), server: Some(S1) }).unwrap();
    }
    until(&mut world, 300_000);
    let node = &world.servers()[1];
    assert!(node.is_paused() && node.is_up());
    assert_eq!((deliveries(&world, S2).len(), server(&world, S2).log().last_index()), (before, Index(1)));
    let waiting = times(&world, |happening| matches!(happening, Happening::Waits { label } if label.to == S2));
    assert_eq!((world.servers()[1].backlog(), waiting.len()), (waiting.len(), waiting.len()));
    assert!(waiting.len() > 2, "{waiting:?}");
    assert_eq!(server(&world, S1).commit_index(), Index(3), "the others go on");

    world.apply(Input::Resume { server: S2 }).unwrap();
    until(&mut world, 300_000 + 1);
    assert_eq!(deliveries(&world, S2)[before..], vec![300_000; waiting.len()]);
    let order: Vec<u64> = world
        .events_since(0)
        .filter_map(|record| match record.happening {
            Happening::Delivered { label } if label.to == S2 => Some(label.message),
            _ => None,
        })
        .collect();
    assert!(order.is_sorted(), "{order:?}");
    assert_eq!((world.servers()[1].backlog(), server(&world, S2).log().last_index()), (0, Index(3)));
}

#[test]
fn the_timer_of_a_paused_server_is_late_and_its_disk_works_on() {
    let options = WorldOptions {
        election_timeout_us_min: 150_000,
        election_timeout_us_max: 150_000,
        disk_us_min: 10_000,
        disk_us_max: 10_000,
        ..common::calm_options()
    };
    let mut world = with(options);
    until(&mut world, 100_000);
    for frozen in [S2, S3] {
        world.apply(Input::Pause { server: frozen }).unwrap();
    }
    until(&mut world, 155_000);
    // S1 has asked for votes, and its disk is about to have its term.
    world.apply(Input::Pause { server: S1 }).unwrap();
    until(&mut world, 400_000);
    assert_eq!((timeouts(&world, S1), timeouts(&world, S2)), (vec![150_000], vec![]));
    assert_eq!(world.servers()[0].durable().current_term, Term(1), "the disk is no part of what is frozen");
    assert_eq!(world.messages().count(), 0, "but the server has not heard of it");
    world.apply(Input::Resume { server: S1 }).unwrap();
    world.apply(Input::Resume { server: S2 }).unwrap();
    until(&mut world, 400_001);
    assert_eq!(timeouts(&world, S2), [400_000]);
    // S1's save came before its own timer, which has run out again meanwhile.
    assert_eq!((timeouts(&world, S1), world.messages().count()), (vec![150_000, 400_000], 2));
    assert_eq!(timeouts(&world, S3), [0_u64; 0]);
}

#[test]
fn a_crash_takes_what_waited_at_a_paused_server_and_the_pause_with_it() {
    let mut world = led();
    world.apply(Input::Pause { server: S2 }).unwrap();
    until(&mut world, 300_000);
    let waiting = world.servers()[1].backlog();
    assert!(waiting > 1);
    world.apply(Input::Crash { server: S2, written: 0 }).unwrap();
    let lost = |world: &World| {
        times(
            world,
            |happening| matches!(happening, Happening::Lost { label, why: Loss::ReceiverDown } if label.to == S2),
        )
    };
    assert_eq!(lost(&world), vec![300_000; waiting]);
    world.apply(Input::Restart { server: S2 }).unwrap();
    assert!(!world.servers()[1].is_paused());
    let before = deliveries(&world, S2).len();
    until(&mut world, 500_000);
    assert!(deliveries(&world, S2).len() > before + 1);
}

#[test]
fn a_slow_server_takes_its_time_for_each_thing_and_the_others_wait() {
    let mut world = led();
    // Four messages leave for S2 at once, and arrive at 120 ms.
    for value in ["a=1", "b=2", "c=3", "d=4"] {
        world.apply(Input::Propose { value: value.into(), server: Some(S1) }).unwrap();
    }
    world.apply(Input::Slow { server: S2, step_us: 3_000 }).unwrap();
    let before = deliveries(&world, S2).len();
    until(&mut world, 131_000);
    // Beside the four appends it hears from its disk: a save of each takes 1 ms.
    assert_eq!(deliveries(&world, S2)[before..], [123_000, 126_000, 129_000]);
    until(&mut world, 140_000);
    assert_eq!(deliveries(&world, S2)[before..], [123_000, 126_000, 129_000, 132_000]);
    world.apply(Input::Slow { server: S2, step_us: 0 }).unwrap();
    until(&mut world, 500_000);
    let swift = times(&world, |happening| matches!(happening, Happening::Waits { .. }));
    assert!(swift.iter().all(|&at| at < 140_000), "nothing waits any more: {swift:?}");
    assert_eq!(server(&world, S2).log().last_index(), Index(5));
}

#[test]
fn clients_requests_wait_at_a_paused_leader_and_are_answered_late() {
    let mut world = led();
    world.apply(Input::Propose { value: "x=1".into(), server: None }).unwrap();
    world.apply(Input::Pause { server: S1 }).unwrap();
    until(&mut world, 200_000);
    assert_eq!(server(&world, S1).log().last_index(), Index(1));
    world.apply(Input::Resume { server: S1 }).unwrap();
    until(&mut world, 400_000);
    assert_eq!(world.waiting().count(), 0, "the client has its answer");
    assert_eq!(world.servers()[0].store().values()["x"], "1");
}

#[test]
fn no_more_than_five_thousand_things_wait_at_a_server() {
    let mut world = with(WorldOptions { heartbeat_us: 1_000, ..common::calm_options() });
    world.apply(Input::TimeOut { server: S1 }).unwrap();
    until(&mut world, 100_000);
    world.apply(Input::Pause { server: S2 }).unwrap();
    let mut full = 0;
    for _ in 0..70 {
        let seen = world.event_count();
        world.advance(100_000, u64::MAX);
        let lost =
            |record: &&raft_sim::Record| matches!(record.happening, Happening::Lost { why: Loss::BacklogFull, .. });
        full += world.events_since(seen).filter(lost).count();
    }
    assert_eq!(world.servers()[1].backlog(), raft_sim::BACKLOG_MAX);
    assert!((1_900..2_100).contains(&full), "{full}");
}

#[test]
fn inputs_for_servers_that_would_change_nothing_or_cannot_be_are_refused() {
    let mut world = led();
    world.apply(Input::Crash { server: S3, written: 0 }).unwrap();
    world.apply(Input::Pause { server: S2 }).unwrap();
    let nothing = "nothing would change: ";
    let table = [
        (Input::Pause { server: S3 }, "S3 is crashed; expected a running server".to_owned()),
        (Input::Resume { server: S3 }, "S3 is crashed; expected a running server".to_owned()),
        (Input::Pause { server: S2 }, format!("{nothing}the server is paused")),
        (Input::Resume { server: S1 }, format!("{nothing}the server is not paused")),
        (Input::TimeOut { server: S2 }, "S2 is paused; expected a server that works".to_owned()),
        (Input::Slow { server: S1, step_us: 0 }, format!("{nothing}the server is just so slow")),
        (Input::Slow { server: S1, step_us: 60_000_001 }, "step_us is 60000001; expected 0 to 60000000".to_owned()),
        (
            Input::SetDisk { server: S1, us_min: 1_000, us_max: 1_000, lies: false },
            format!("{nothing}the disk is set in just this way"),
        ),
        (
            Input::SetDisk { server: S1, us_min: 2, us_max: 1, lies: false },
            "us_max is 1; expected 2 to 60000000".into(),
        ),
        (
            Input::SetClock { server: S1, rate_ppm: 1_000_000, ahead_us: 0 },
            format!("{nothing}the clock runs at just this rate"),
        ),
        (
            Input::SetClock { server: S1, rate_ppm: 499_999, ahead_us: 0 },
            "rate_ppm is 499999; expected 500000 to 2000000".into(),
        ),
        (
            Input::SetClock { server: S1, rate_ppm: 500_000, ahead_us: 3_600_000_001 },
            "ahead_us is 3600000001; expected 0 to 3600000000".into(),
        ),
    ];
    let before = (world.fingerprint(), world.event_count());
    for (input, text) in table {
        assert_eq!(world.apply(input.clone()).unwrap_err().to_string(), text, "{input:?}");
    }
    assert_eq!((world.fingerprint(), world.event_count()), before, "a refused input changed something");
}

#[test]
fn pace_disk_and_clock_are_part_of_the_fingerprint_and_of_the_run_lived_again() {
    let inputs = [
        Input::Pause { server: S2 },
        Input::Slow { server: S2, step_us: 5_000 },
        Input::SetDisk { server: S2, us_min: 5_000, us_max: 9_000, lies: true },
        Input::SetClock { server: S2, rate_ppm: 1_300_000, ahead_us: 5_000 },
    ];
    for input in inputs {
        let mut world = led();
        let before = world.fingerprint();
        world.apply(input.clone()).unwrap();
        assert_ne!(world.fingerprint(), before, "{input:?}");
        world.apply(Input::Propose { value: "x=1".into(), server: Some(S1) }).unwrap();
        until(&mut world, 400_000);
        let _ = world.apply(Input::Resume { server: S2 });
        until(&mut world, 900_000);
        let mut again = World::new(world.scenario()).unwrap();
        again.advance(900_000, u64::MAX);
        assert_eq!(again.fingerprint(), world.fingerprint(), "{input:?}");
    }
}

#[test]
fn a_disk_is_as_slow_as_it_is_set() {
    let mut world = led();
    world.apply(Input::SetDisk { server: S2, us_min: 30_000, us_max: 30_000, lies: false }).unwrap();
    world.apply(Input::Propose { value: "x=1".into(), server: Some(S1) }).unwrap();
    // The append arrives at 120 ms.
    until(&mut world, 149_999);
    let saved = |world: &World, at: usize| world.servers()[at].durable().log.last_index();
    assert_eq!((saved(&world, 1), saved(&world, 2)), (Index(1), Index(2)));
    until(&mut world, 150_000);
    assert_eq!((saved(&world, 1), world.servers()[1].disk().us()), (Index(2), (30_000, 30_000)));
}

#[test]
fn a_lying_disk_loses_at_a_crash_what_it_said_it_had_and_one_that_stops_lying_keeps_it() {
    for stops in [false, true] {
        let mut world = led();
        world.apply(Input::SetDisk { server: S2, us_min: 1_000, us_max: 1_000, lies: true }).unwrap();
        world.apply(Input::Propose { value: "x=1".into(), server: Some(S1) }).unwrap();
        until(&mut world, 200_000);
        assert_eq!(server(&world, S2).durable_index(), Index(2), "it believes its disk");
        if stops {
            world.apply(Input::SetDisk { server: S2, us_min: 1_000, us_max: 1_000, lies: false }).unwrap();
        }
        world.apply(Input::Crash { server: S2, written: 5 }).unwrap();
        let kept = if stops { Index(2) } else { Index(1) };
        assert_eq!(world.servers()[1].durable().log.last_index(), kept);
    }
}

#[test]
fn committed_entries_are_lost_with_lying_disks_and_the_checkers_say_so() {
    // Handed to a server directly, nobody waits for an answer; a client does.
    for (server, property) in [(Some(S1), Property::CommittedIsDurable), (None, Property::AcknowledgedWritesSurvive)] {
        let mut world = led();
        for server in [S1, S2] {
            world.apply(Input::SetDisk { server, us_min: 1_000, us_max: 1_000, lies: true }).unwrap();
        }
        world.apply(Input::Partition { groups: vec![vec![S1, S2]] }).unwrap();
        world.apply(Input::Propose { value: "x=1".into(), server }).unwrap();
        until(&mut world, 300_000);
        assert_eq!((world.committed(), world.violation()), (Index(2), None));
        world.apply(Input::Crash { server: S1, written: 0 }).unwrap();
        let violation = world.violation().unwrap();
        assert_eq!((violation.property, &violation.servers[..]), (property, &[S1, S3][..]), "{violation}");
        assert_eq!(violation.indexes, [Index(2)]);
    }
}

#[test]
fn a_fast_clock_lets_a_timer_run_out_sooner_and_a_slow_one_later_to_the_microsecond() {
    for (rate_ppm, ahead_us, runs_out) in [
        (2_000_000, 0, 75_000),
        (500_000, 0, 300_000),
        // 150,000 / 1.3 = 115,384.6
        (1_300_000, 0, 115_385),
        (1_000_000, 100_000, 50_000),
        // Past it: at once.
        (1_000_000, 3_600_000_000, 0),
    ] {
        let options = WorldOptions {
            election_timeout_us_min: 150_000,
            election_timeout_us_max: 150_000,
            ..common::calm_options()
        };
        let mut world = World::new(Scenario { servers: 1, options, ..Scenario::default() }).unwrap();
        world.apply(Input::SetClock { server: S1, rate_ppm, ahead_us }).unwrap();
        until(&mut world, 310_000);
        assert_eq!(timeouts(&world, S1)[0], runs_out, "{rate_ppm} {ahead_us}");
    }
}

#[test]
fn the_timers_that_are_shown_are_in_the_worlds_time() {
    let mut world = calm();
    world.apply(Input::SetClock { server: S1, rate_ppm: 2_000_000, ahead_us: 1_000_000 }).unwrap();
    world.apply(Input::TimeOut { server: S1 }).unwrap();
    let shown = world.events_since(0).find_map(|record| match record.happening {
        Happening::Decision { server, event: Event::TimerReset { deadline, .. }, .. } if server == S1 => Some(deadline),
        _ => None,
    });
    let timer = world.servers()[0].election_timer().unwrap();
    assert_eq!((timer.started, Some(timer.deadline)), (Time(0), shown));
    // 10 to 20 s by its own clock.
    assert!((5_000_000..=10_000_000).contains(&timer.deadline.0), "{timer:?}");
    assert_eq!(world.servers()[0].clock().shows(Time(500)), Time(1_001_000));
    until(&mut world, timer.deadline.0 - 1);
    // S1 leads long since; what matters is that the world's time and its own are told apart.
    assert!(server(&world, S1).is_leader());
    assert_eq!(world.servers()[0].election_timer(), None);
}

/// S1 leads with a lease of 150 ms of its own clock, less what clocks may drift, and is cut off. The clocks of the others
/// run faster. S2 is elected and writes as soon as it may, and S1 is asked for a read as late as it answers by lease.
fn lease_story(rate_ppm: u32, clock_drift_ppm_max: u32, rules_off: Vec<Rule>) -> World {
    let options = WorldOptions {
        election_timeout_us_min: 150_000,
        election_timeout_us_max: 300_000,
        heartbeat_us: 10_000,
        delay_us_min: 100,
        delay_us_max: 100,
        disk_us_min: 10,
        disk_us_max: 10,
        check_quorum: true,
        lease_reads: true,
        clock_drift_ppm_max,
        rules_off,
        ..WorldOptions::default()
    };
    let mut world = with(options);
    for server in [S2, S3] {
        world.apply(Input::SetClock { server, rate_ppm, ahead_us: 0 }).unwrap();
    }
    // Whoever is first hands over to S1.
    until(&mut world, 1_000_000);
    if let Some(leader) = world.servers().iter().find(|node| node.id() != S1 && node.server().unwrap().is_leader()) {
        let leader = leader.id();
        world.apply(Input::Transfer { server: leader, to: S1 }).unwrap();
        until(&mut world, 1_500_000);
    }
    assert!(server(&world, S1).is_leader());
    world.apply(Input::Propose { value: "x=old".into(), server: Some(S1) }).unwrap();
    world.advance(100_000, u64::MAX);
    world.apply(Input::Partition { groups: vec![vec![S1]] }).unwrap();
    let mut written = false;
    // Until S1 sees that it has lost its quorum.
    while server(&world, S1).is_leader() && world.violation().is_none() {
        if !written {
            if !server(&world, S2).is_leader() {
                let _ = world.apply(Input::TimeOut { server: S2 });
            } else if world.apply(Input::Propose { value: "x=new".into(), server: Some(S2) }).is_ok() {
                written = true;
            }
        }
        if written {
            let _ = world.apply(Input::Read { key: "x".into(), server: Some(S2) });
        }
        let _ = world.apply(Input::Read { key: "x".into(), server: Some(S1) });
        world.advance(500, u64::MAX);
    }
    assert!(written || world.violation().is_some(), "S2 was never elected while S1 led");
    world
}

#[test]
fn a_lease_is_stale_once_clocks_drift_further_than_it_allows_for_and_not_before() {
    let property = |world: World| world.violation().map(|violation| violation.property);
    assert_eq!(property(lease_story(1_100_000, 100_000, vec![])), None, "within the bound");
    assert_eq!(property(lease_story(1_500_000, 500_000, vec![])), None, "within a wider bound");
    let stale = Some(Property::LinearizableReads);
    assert_eq!(property(lease_story(1_500_000, 100_000, vec![])), stale, "beyond the bound");
    assert_eq!(property(lease_story(1_100_000, 100_000, vec![Rule::LeaseRespectsDrift])), stale, "the rule is off");
}
