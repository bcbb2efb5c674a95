//! The same scenario is the same run, to the last bit and however it is lived.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;

use raft_core::{ServerId, Time};
use raft_sim::faults::{Intensities, random_inputs};
use raft_sim::{Happening, Input, Scenario, World, WorldOptions};

const UNTIL_US: u64 = 8_000_000;

/// A run with everything in it.
fn eventful(seed: u64) -> Scenario {
    let options = WorldOptions {
        loss_ppm: 50_000,
        duplicate_ppm: 50_000,
        clients: 3,
        // Narrow ranges: many things happen at the same microsecond, where order is hardest to keep.
        delay_us_min: 10_000,
        delay_us_max: 10_003,
        disk_us_min: 0,
        disk_us_max: 2,
        ..WorldOptions::default()
    };
    let inputs = random_inputs(seed, 5, UNTIL_US, &Intensities::default());
    Scenario { seed, servers: 5, options, inputs, ..Scenario::default() }
}

fn lived(scenario: Scenario) -> World {
    let mut world = World::new(scenario).unwrap();
    assert!(world.advance(UNTIL_US, u64::MAX).reached);
    world
}

#[test]
fn the_same_scenario_has_the_same_fingerprint_and_another_seed_another() {
    for seed in 0..10 {
        let fingerprint = lived(eventful(seed)).fingerprint();
        assert_eq!(lived(eventful(seed)).fingerprint(), fingerprint, "seed {seed}");
        assert_ne!(lived(eventful(seed + 1)).fingerprint(), fingerprint, "seed {seed}");
    }
}

#[test]
fn a_fingerprint_noted_once_holds_on_every_platform() {
    // The same number is asked of the engine in WebAssembly. It changes whenever the run changes, for instance because
    // Raft or the network does something in another order; then write down the new one.
    assert_eq!(format!("{:016x}", lived(eventful(1)).fingerprint()), "9239764e63bf0711");
}

#[test]
fn it_makes_no_difference_in_which_steps_time_passes() {
    for seed in 0..5 {
        let expected = lived(eventful(seed)).fingerprint();
        for parts_of_a_second in [60, 144, 1_000] {
            let mut world = World::new(eventful(seed)).unwrap();
            let step_us = 1_000_000 / parts_of_a_second;
            while world.now() < Time(UNTIL_US) {
                assert!(world.advance(step_us.min(UNTIL_US - world.now().0), u64::MAX).reached, "seed {seed}");
            }
            assert_eq!(world.fingerprint(), expected, "seed {seed}, {parts_of_a_second}ths");
        }
        let mut world = World::new(eventful(seed)).unwrap();
        while world.next_event_at().is_some_and(|next| next <= Time(UNTIL_US)) {
            let next = world.next_event_at().unwrap();
            assert!(world.step_event());
            assert_eq!(world.now(), next, "seed {seed}: the next event was announced for another moment");
        }
        world.advance(UNTIL_US - world.now().0, u64::MAX);
        assert_eq!(world.fingerprint(), expected, "seed {seed}, event by event");

        let mut world = World::new(eventful(seed)).unwrap();
        let mut single = World::new(eventful(seed)).unwrap();
        loop {
            let advanced = world.advance(UNTIL_US - world.now().0, 7);
            if advanced.reached {
                break;
            }
            assert_eq!(advanced.steps, 7);
            // Seven steps are seven single steps, whether events happen in them or the scenario's inputs.
            assert!((0..7).all(|_| single.step_event()));
            assert_eq!(single.fingerprint(), world.fingerprint(), "seed {seed} at {:?}", world.now());
        }
        assert_eq!(world.fingerprint(), expected, "seed {seed}, seven steps at a time");
    }
}

#[test]
fn observing_makes_no_difference() {
    for seed in 0..5 {
        let expected = lived(eventful(seed)).fingerprint();
        let mut world = World::new(eventful(seed)).unwrap();
        world.observe(false);
        world.advance(UNTIL_US / 2, u64::MAX);
        assert_eq!(world.event_count(), 0);
        world.observe(true);
        world.advance(UNTIL_US / 2, u64::MAX);
        assert!(world.event_count() > 0);
        assert_eq!(world.fingerprint(), expected, "seed {seed}");
    }
}

#[test]
fn a_clone_lives_on_as_the_original_does() {
    let mut world = World::new(eventful(3)).unwrap();
    world.advance(UNTIL_US / 3, 5_001);
    let mut clone = world.clone();
    for world in [&mut world, &mut clone] {
        world.advance(UNTIL_US, u64::MAX);
    }
    assert_eq!(clone.fingerprint(), world.fingerprint());
    assert_eq!(clone.event_count(), world.event_count(), "it counts on");
    let latest = world.event_count() - 100;
    assert!(clone.events_since(latest).eq(world.events_since(latest)));
}

/// Things that a person might do, from an own stream of numbers.
fn whim(world: &World, number: u64) -> Input {
    let draw = |what: u64, below: u64| raft_core::random::draw(&[number, what]) % below;
    let server = ServerId(draw(1, 5) as u32 + 1);
    let other = ServerId(server.0 % 5 + 1);
    let coordinate = |what| draw(what, 10_001) as u32;
    match draw(0, 12) {
        0 => Input::Crash { server, written: 0 },
        1 | 2 => Input::Restart { server },
        3 => Input::TimeOut { server },
        4 => Input::Propose { value: format!("k{}={number}", draw(2, 3)), server: None },
        5 => {
            let leader = world.servers().iter().find(|node| node.server().is_some_and(|server| server.is_leader()));
            Input::Propose { value: number.to_string(), server: leader.map(raft_sim::Node::id) }
        }
        6 => Input::Cut { from: server, to: other },
        7 => Input::Partition { groups: vec![vec![server, other]] },
        8 => Input::Heal {},
        9 => Input::Move { server, x: coordinate(2), y: coordinate(3) },
        10 => {
            let [ax, ay, bx, by] = [2, 3, 4, 5].map(coordinate);
            Input::Wall { wall: draw(6, 3) as u32, ax, ay, bx, by }
        }
        _ => Input::SetLink {
            from: server,
            to: other,
            delay_us_min: 1,
            delay_us_max: 1 + draw(2, 50_000),
            loss_ppm: draw(3, 300_000) as u32,
            duplicate_ppm: draw(4, 300_000) as u32,
            delay_tail_us: draw(5, 20_000),
            in_order: draw(6, 1) == 1,
        },
    }
}

#[test]
fn whatever_was_done_is_lived_again_from_the_scenario() {
    let (mut done, mut within_a_moment) = (0, 0);
    for seed in 0..20 {
        let mut world = World::new(eventful(seed)).unwrap();
        for number in 0..300 {
            let number = seed * 1_000 + number;
            // By turns in leaps and event by event, so that some inputs fall between two events of one microsecond.
            match number % 3 {
                0 => drop(world.advance(raft_core::random::draw(&[number]) % 40_000, u64::MAX)),
                1 => drop(world.step_event()),
                _ => drop(world.advance(1_000_000, raft_core::random::draw(&[number]) % 9)),
            }
            done += u32::from(world.apply(whim(&world, number)).is_ok());
        }
        let scenario = world.scenario();
        within_a_moment += scenario.inputs.iter().filter(|timed| timed.after_events > 1).count();

        let mut again = World::new(scenario.clone()).unwrap();
        while again.now() < world.now() || again.events() < world.events() {
            assert!(again.step_event(), "seed {seed}");
        }
        assert_eq!(again.fingerprint(), world.fingerprint(), "seed {seed}");
        assert_eq!(again.scenario(), scenario, "seed {seed}");

        let later = |mut world: World| {
            world.advance(2_000_000, u64::MAX);
            world.fingerprint()
        };
        assert_eq!(later(again), later(world), "seed {seed}: they went on differently");
    }
    assert!(done > 2_000, "the test says little: {done} inputs");
    assert!(within_a_moment > 20, "the test says little: {within_a_moment} inputs within a moment");
}

/// For each link, how long each message sent on it takes.
fn delays(scenario: Scenario) -> BTreeMap<(ServerId, ServerId), Vec<u64>> {
    let mut world = World::new(scenario).unwrap();
    let mut delays: BTreeMap<_, Vec<u64>> = BTreeMap::new();
    let mut seen = 0;
    while world.now() < Time(3_000_000) && world.step_event() {
        let mut new: Vec<_> = world.messages().filter(|message| message.id() > seen).collect();
        new.sort_by_key(|message| message.id());
        for message in new {
            seen = message.id();
            if !message.is_copy() {
                let link = (message.message().from, message.message().to);
                delays.entry(link).or_default().push(message.arrives_at().since(message.sent_at()));
            }
        }
    }
    delays
}

#[test]
fn removing_an_input_leaves_the_draws_of_all_other_messages_as_they_were() {
    let mut scenario = Scenario { seed: 9, ..Scenario::default() };
    let without = delays(scenario.clone());
    let crash = Input::Crash { server: ServerId(2), written: 0 };
    scenario.inputs = vec![raft_sim::TimedInput { at_us: 700_000, after_events: 0, input: crash }];
    let with = delays(scenario);
    assert_ne!(with, without, "the crash changed nothing");
    let mut compared = 0;
    for (link, with) in &with {
        for (number, (with, without)) in with.iter().zip(&without[link]).enumerate() {
            assert_eq!(with, without, "message {number} from {} to {}", link.0, link.1);
            compared += 1;
        }
    }
    assert!(compared > 200, "the test says little: {compared}");
}

#[test]
fn a_refused_input_of_the_scenario_is_told_and_passed_over() {
    let mut scenario = Scenario { seed: 4, ..Scenario::default() };
    let restart = Input::Restart { server: ServerId(1) };
    scenario.inputs = vec![raft_sim::TimedInput { at_us: 50_000, after_events: 0, input: restart.clone() }];
    let mut world = World::new(scenario).unwrap();
    world.advance(1_000_000, u64::MAX);
    let told = world.events_since(0).find_map(|record| match &record.happening {
        Happening::InputRefused { input, why } => Some((record.at, input.clone(), why.clone())),
        _ => None,
    });
    assert_eq!(told, Some((Time(50_000), restart, "S1 is running; expected a crashed server".into())));
    assert!(world.scenario().inputs.is_empty());
}

#[test]
fn the_latest_records_are_kept_and_numbered_without_gaps() {
    let mut world = World::new(eventful(5)).unwrap();
    while world.event_count() < 25_000 {
        assert!(world.advance(1_000_000, u64::MAX).reached);
    }
    let numbers: Vec<u64> = world.events_since(0).map(|record| record.number).collect();
    assert_eq!(numbers.len(), raft_sim::RECORDS_KEPT);
    assert!(numbers.windows(2).all(|pair| pair[0] + 1 == pair[1]));
    assert_eq!(numbers.last(), Some(&world.event_count()));
    let last = world.event_count();
    assert_eq!(world.events_since(last - 2).map(|record| record.number).collect::<Vec<_>>(), [last - 1, last]);
    assert_eq!(world.events_since(last).count(), 0);
    assert_eq!(world.events_since(u64::MAX).count(), 0);
}
