//! Any moment of a run can be visited, and lived differently.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;

use raft_core::random::draw_between;
use raft_core::{Event, ServerId};
use raft_sim::faults::{Intensities, random_inputs};
use raft_sim::{
    Aspect, Happening, History, HistoryError, Input, Mark, Moment, Record, Scenario, TimedInput, World, WorldOptions,
};

const UNTIL_US: u64 = 6_000_000;

/// Crashes, partitions, bad links, changes of members, snapshots and reads.
fn stormy(seed: u64) -> Scenario {
    let options = WorldOptions {
        loss_ppm: 50_000,
        duplicate_ppm: 50_000,
        clients: 3,
        client_reads_ppm: 200_000,
        // Narrow ranges: many things happen at the same microsecond, where places are hardest to keep.
        delay_us_min: 10_000,
        delay_us_max: 10_003,
        disk_us_min: 0,
        disk_us_max: 2,
        snapshot_every: 15,
        pre_vote: seed.is_multiple_of(2),
        ..WorldOptions::default()
    };
    let intensities = Intensities {
        members_every_us: 1_500_000,
        compact_every_us: 1_000_000,
        read_every_us: 500_000,
        transfer_every_us: 1_000_000,
        ..Intensities::default()
    };
    Scenario {
        seed,
        servers: 5,
        options,
        inputs: random_inputs(seed, 5, UNTIL_US, &intensities),
        ..Scenario::default()
    }
}

/// What is known of a run lived straight on: by the moment after each step, its fingerprint and how many records there were.
fn straight(scenario: Scenario, until_us: u64) -> (BTreeMap<Moment, (u64, u64)>, Vec<Record>) {
    let mut world = World::new(scenario).unwrap();
    let mut known = BTreeMap::from([(world.moment(), (world.fingerprint(), world.event_count()))]);
    let mut records: Vec<Record> = Vec::new();
    while world.next_event_at().is_some_and(|next| next.0 <= until_us) && world.step_event() {
        known.insert(world.moment(), (world.fingerprint(), world.event_count()));
        records.extend(world.events_since(records.len() as u64).cloned());
    }
    (known, records)
}

fn whim(walk: u64, number: u64) -> Input {
    let draw = |what, most| draw_between(0, most, &[walk, number, what]);
    let server = ServerId(draw(1, 4) as u32 + 1);
    match draw(0, 6) {
        0 => Input::Crash { server, written: 0 },
        1 | 2 => Input::Restart { server },
        3 => Input::TimeOut { server },
        4 => Input::Propose { value: format!("k={number}"), server: None },
        5 => Input::Partition { groups: vec![vec![server]] },
        _ => Input::Heal {},
    }
}

#[test]
fn after_any_walk_through_the_past_a_moment_is_as_in_a_run_lived_straight_on() {
    let (mut looked, mut back, mut branches) = (0, 0, 0);
    for walk in 0..200 {
        let draw = |number, what, most| draw_between(0, most, &[77, walk, number, what]);
        // Tiny budgets thin the checkpoints out, down to none but the beginning.
        let budget = [0, 400_000, 2_000_000, 64 << 20][walk as usize % 4];
        let mut history = History::with_budget(stormy(walk), budget).unwrap();
        history.advance(draw(0, 1, UNTIL_US), u64::MAX);
        for number in 1..12 {
            match draw(number, 2, 9) {
                0 | 1 => drop(history.advance(draw(number, 3, 2_000_000), u64::MAX)),
                2 => drop(history.advance(1_000_000, draw(number, 3, 300))),
                3 => drop((0..5).map(|_| history.step_event()).count()),
                4 | 5 => {
                    let (lived, before) = (history.lived(), history.moment());
                    let to = Moment { time_us: draw(number, 3, lived.time_us), events: draw(number, 4, 3) as u32 };
                    history.seek(to).unwrap();
                    assert!(history.moment() <= to.min(lived), "walk {walk}: from {before:?} to {to:?}");
                    assert_eq!(history.moment().time_us, to.time_us);
                }
                6 => {
                    for _ in 0..3 {
                        let before = history.moment();
                        assert_eq!(history.step_back(), before > Moment::default(), "walk {walk}");
                        assert!(history.moment() < before || before == Moment::default());
                        back += 1;
                    }
                }
                7 => {
                    let to = draw(number, 3, history.branches().count() as u64 - 1) as u32;
                    history.switch(to).unwrap();
                    assert_eq!(history.branch(), to);
                }
                _ => drop(history.apply(whim(walk, number))),
            }
            if number % 3 == 0 {
                // The scenario of the branch, lived straight on, is at this moment the same.
                let mut world = World::new(history.world().scenario()).unwrap();
                let here = history.moment();
                while world.next_event_at().is_some_and(|next| next.0 <= here.time_us) && world.moment() < here {
                    world.step_event();
                }
                world.advance(here.time_us - world.now().0, 0);
                assert_eq!(world.moment(), here, "walk {walk}, step {number}");
                assert_eq!(world.fingerprint(), history.world().fingerprint(), "walk {walk}, step {number}: {here:?}");
                looked += 1;
            }
        }
        branches += history.branches().count() - 1;
    }
    assert!(looked >= 600 && back > 400 && branches > 100, "{looked} looks, {back} steps back, {branches} branches");
}

#[test]
fn stepping_back_visits_every_event_in_turn_and_records_come_back_with_their_numbers() {
    for seed in 0..3 {
        let (known, records) = straight(stormy(seed), 1_500_000);
        let mut history = History::new(stormy(seed)).unwrap();
        history.advance(1_500_000, u64::MAX);
        let mut moments: Vec<_> = known.into_iter().collect();
        while let Some((moment, (fingerprint, count))) = moments.pop() {
            if history.moment() > moment {
                assert!(history.step_back(), "seed {seed}: {moment:?}");
            }
            assert_eq!(history.moment(), moment, "seed {seed}");
            assert_eq!(history.world().fingerprint(), fingerprint, "seed {seed}: {moment:?}");
            if moments.len() % 97 == 0 {
                let again: Vec<Record> = history.events_since(0).cloned().collect();
                assert_eq!(again, records[..count as usize], "seed {seed}: {moment:?}");
            }
            // Each step back is lived once more, so a whole run of them would take long.
            if moments.len() > 300 && moments.len() % 3 > 0 {
                moments.truncate(moments.len() - 60);
                if let Some(&(to, _)) = moments.last() {
                    history.seek(to).unwrap();
                }
            }
        }
        assert_eq!(history.moment(), Moment::default());
        assert!(!history.step_back());
    }
}

#[test]
fn every_place_within_a_moment_can_be_sought() {
    let (known, _) = straight(stormy(1), 1_500_000);
    let mut history = History::new(stormy(1)).unwrap();
    history.advance(1_500_000, u64::MAX);
    let within = known.iter().filter(|(moment, _)| moment.events > 1).count();
    assert!(within > 50, "the test says little: {within}");
    for (number, (&moment, &(fingerprint, _))) in known.iter().enumerate() {
        if moment.events > 1 || number % 20 == 0 {
            history.seek(moment).unwrap();
            assert_eq!((history.moment(), history.world().fingerprint()), (moment, fingerprint));
        }
    }
    let beyond = Moment::end_of(1_500_001);
    let refused = history.seek(beyond).unwrap_err();
    assert_eq!(refused, HistoryError::NotLived { moment: beyond, lived: history.lived() });
    assert_eq!(refused.to_string(), "time_us is 1500001; expected at most 1500000, the latest lived");
}

#[test]
fn acting_in_the_past_keeps_the_old_future_with_what_was_done_and_what_is_planned_in_it() {
    let planned = TimedInput { at_us: 5_000_000, after_events: 0, input: Input::Restart { server: ServerId(1) } };
    let scenario = Scenario { seed: 4, inputs: vec![planned.clone()], ..Scenario::default() };
    let mut history = History::new(scenario).unwrap();
    history.advance(1_000_000, u64::MAX);
    history.apply(Input::Crash { server: ServerId(1), written: 0 }).unwrap();
    history.advance(1_000_000, u64::MAX);
    history.apply(Input::Propose { value: "x=old".into(), server: None }).unwrap();
    history.advance(1_000_000, u64::MAX);
    let old = (history.moment(), history.world().fingerprint(), history.world().scenario());
    assert_eq!(history.branches().count(), 1, "acting at the latest moment goes on with the branch");

    history.seek(Moment::end_of(1_500_000)).unwrap();
    let refused = history.apply(Input::Crash { server: ServerId(1), written: 0 }).unwrap_err();
    assert!(matches!(refused, HistoryError::Input(_)), "{refused}");
    assert_eq!(
        (history.branches().count(), history.world().scenario()),
        (1, old.2.clone()),
        "a refusal changes nothing"
    );

    history.apply(Input::Propose { value: "x=new".into(), server: None }).unwrap();
    let inputs = history.world().scenario().inputs;
    let moments: Vec<u64> = inputs.iter().map(|timed| timed.at_us).collect();
    assert_eq!(moments, [1_000_000, 1_500_000, 5_000_000], "what the person did later is not done in the new branch");
    assert_eq!(inputs[2], planned, "the scenario's own plan is");
    let branches: Vec<_> = history.branches().collect();
    assert_eq!(
        (branches[1].parent, branches[1].forked_at),
        (Some(0), Some(Moment::end_of(1_500_000).min(history.moment())))
    );
    assert_eq!((history.branch(), branches[1].name), (1, "branch 1"));

    history.advance(4_500_000, u64::MAX);
    assert_eq!(history.world().servers()[1].store().values()["x"], "new");
    assert!(history.world().servers()[0].is_up(), "the planned restart came in the new branch");

    history.switch(0).unwrap();
    assert_eq!((history.moment(), history.world().fingerprint(), history.world().scenario()), old);
    history.advance(3_000_000, u64::MAX);
    assert_eq!(history.world().servers()[1].store().values()["x"], "old");
    assert!(history.world().servers()[0].is_up(), "and in the old one");
}

#[test]
fn what_is_done_where_a_checkpoint_stands_is_done_again_from_it() {
    let mut history = History::new(Scenario::default()).unwrap();
    // The beginning is a checkpoint, and these are done just there.
    history.apply(Input::Crash { server: ServerId(3), written: 0 }).unwrap();
    history.apply(Input::TimeOut { server: ServerId(2) }).unwrap();
    let beginning = history.world().fingerprint();
    history.advance(1_000_000, u64::MAX);
    let later = history.world().fingerprint();
    history.seek(Moment::default()).unwrap();
    assert_eq!(history.world().fingerprint(), beginning);
    history.advance(1_000_000, u64::MAX);
    assert_eq!((history.world().fingerprint(), history.branches().count()), (later, 1));
}

#[test]
fn branches_have_names_and_limits() {
    let mut history = History::new(Scenario::default()).unwrap();
    history.rename(0, "как было").unwrap();
    assert_eq!(history.branches().next().unwrap().name, "как было");
    for (name, told) in [
        (String::new(), "name is 0 characters long; expected 1 to 64"),
        ("n".repeat(65), "name is 65 characters long; expected 1 to 64"),
        ("a\nb".into(), "name is a text with U+000A; expected no control or direction character"),
    ] {
        assert_eq!(history.rename(0, &name).unwrap_err().to_string(), told);
    }
    assert_eq!(history.rename(1, "x").unwrap_err().to_string(), "branch is 1; expected 0 to 0");
    assert_eq!(history.switch(7).unwrap_err().to_string(), "branch is 7; expected 0 to 0");
    assert_eq!(history.diff(0, 3).unwrap_err().to_string(), "branch is 3; expected 0 to 0");

    history.advance(100_000, u64::MAX);
    for number in 1..History::BRANCHES_MAX as u64 {
        history.seek(Moment::end_of(number)).unwrap();
        history.apply(Input::Crash { server: ServerId(1), written: 0 }).unwrap();
        history.advance(1_000, u64::MAX);
        history.switch(0).unwrap();
    }
    history.seek(Moment::end_of(1)).unwrap();
    let before = history.world().fingerprint();
    assert_eq!(history.apply(Input::Crash { server: ServerId(2), written: 0 }), Err(HistoryError::TooManyBranches));
    assert_eq!((history.branches().count(), history.world().fingerprint()), (History::BRANCHES_MAX, before));
}

#[test]
fn jumps_find_the_same_records_forward_and_back() {
    let mut elections = 0;
    for seed in 0..6 {
        let (_, records) = straight(stormy(seed), UNTIL_US);
        for (mark, is) in [
            (
                Mark::Leader,
                &(|happening: &Happening| {
                    matches!(happening, Happening::Decision { event: Event::BecameLeader { .. }, .. })
                }) as &dyn Fn(&Happening) -> bool,
            ),
            (Mark::Input, &|happening: &Happening| matches!(happening, Happening::InputApplied { .. })),
        ] {
            let mut history = History::with_budget(stormy(seed), 3_000_000).unwrap();
            // A microsecond more: a jump back does not find what happened at the very moment where it begins.
            history.advance(UNTIL_US + 1, u64::MAX);
            // Several inputs of one step are one place to jump to: the last of them.
            let mut expected: Vec<u64> = Vec::new();
            history.seek(Moment::default()).unwrap();
            while let Some(number) = history.jump(mark, true) {
                let record = history.events_since(number - 1).next().unwrap().clone();
                assert!(is(&record.happening), "seed {seed}: {record:?}");
                assert_eq!((record.at, record.number), (history.world().now(), number));
                assert!(expected.last().is_none_or(|&last| last < number));
                expected.push(number);
            }
            let all = records.iter().filter(|record| is(&record.happening) && record.at.0 > 0).count();
            let ends = records.iter().rfind(|record| is(&record.happening)).map(|record| record.number);
            assert_eq!(expected.last().copied(), ends, "seed {seed}, {mark:?}");
            if mark == Mark::Leader {
                assert_eq!(expected.len(), all, "seed {seed}");
                elections += all;
            }
            history.seek(history.lived()).unwrap();
            let mut back = Vec::new();
            while let Some(number) = history.jump(mark, false) {
                back.push(number);
            }
            back.reverse();
            // A jump back reaches the beginning, where there is nothing to jump forward to.
            let back: Vec<u64> = back.into_iter().filter(|number| records[*number as usize - 1].at.0 > 0).collect();
            assert_eq!(back, expected, "seed {seed}, {mark:?}");
            assert_eq!(history.jump(Mark::Violation, true), None);
        }
    }
    assert!(elections > 12, "the test says little: {elections} elections");
}

#[test]
fn a_commit_and_a_violation_can_be_jumped_to() {
    let options = WorldOptions { rules_off: vec![raft_core::Rule::QuorumIsMoreThanHalf], ..WorldOptions::default() };
    let inputs = [1, 2].map(|server| {
        let input = Input::TimeOut { server: ServerId(server) };
        TimedInput { at_us: 1_000, after_events: 0, input }
    });
    let scenario = Scenario { servers: 4, options, inputs: inputs.to_vec(), ..Scenario::default() };
    let mut history = History::new(scenario).unwrap();
    assert!(history.advance(3_000_000, u64::MAX).violation);
    let violated = history.moment();
    history.seek(Moment::default()).unwrap();
    let number = history.jump(Mark::Violation, true).unwrap();
    assert_eq!((history.moment(), history.world().violation().is_some()), (violated, true));
    assert!(matches!(history.events_since(number - 1).next().unwrap().happening, Happening::Violated { .. }));

    let mut history = History::new(Scenario { seed: 2, ..Scenario::default() }).unwrap();
    history.advance(2_000_000, u64::MAX);
    history.apply(Input::Propose { value: "x".into(), server: None }).unwrap();
    history.advance(2_000_000, u64::MAX);
    let number = history.jump(Mark::Commit, false).unwrap();
    assert_eq!(history.world().committed().0, 2, "the no-op and the value");
    assert!(matches!(
        history.events_since(number - 1).next().unwrap().happening,
        Happening::Decision { event: Event::Committed { .. }, .. }
    ));
    assert!(history.moment().time_us > 2_000_000);
}

#[test]
fn a_difference_names_the_first_event_and_what_is_not_the_same() {
    let mut history = History::new(Scenario { seed: 8, ..Scenario::default() }).unwrap();
    history.advance(2_000_000, u64::MAX);
    let follower = {
        let nodes = history.world().servers().iter();
        let mut followers = nodes.filter(|node| node.server().is_some_and(|server| !server.is_leader()));
        followers.next().unwrap().id()
    };
    history.seek(Moment::end_of(1_000_000)).unwrap();
    let forked = history.moment();
    history.apply(Input::Crash { server: follower, written: 0 }).unwrap();
    history.advance(500_000, u64::MAX);
    let difference = history.diff(0, 1).unwrap();
    assert_eq!((difference.parted_at, difference.compared_at.time_us), (forked, 1_500_000));
    let (old, new) = difference.first.unwrap();
    assert!(old.unwrap().at.0 >= 1_000_000);
    assert_eq!(
        new.unwrap().happening,
        Happening::InputApplied { input: Input::Crash { server: follower, written: 0 } }
    );
    let crashed = difference.servers.iter().find(|server| server.server == follower).unwrap();
    assert_eq!(crashed.differs_in[0], Aspect::Up);
    assert!(!difference.network);

    // At once after a server has begun an election, only that and what it sends is not the same.
    history.switch(0).unwrap();
    history.seek(Moment::end_of(1_000_000)).unwrap();
    history.apply(Input::TimeOut { server: follower }).unwrap();
    history.advance(5_000, u64::MAX);
    history.apply(Input::Cut { from: ServerId(1), to: ServerId(2) }).unwrap();
    let difference = history.diff(0, 2).unwrap();
    assert!(difference.messages && difference.network);
    let only: Vec<ServerId> = difference.servers.iter().map(|server| server.server).collect();
    assert_eq!(only, [follower]);

    let itself = history.diff(1, 1).unwrap();
    assert!(itself.first.is_none() && itself.servers.is_empty() && !itself.messages && !itself.network);

    // Two branches of one branch: the same entry in other places.
    history.switch(0).unwrap();
    history.seek(Moment::end_of(1_000_000)).unwrap();
    history.apply(Input::Propose { value: "y=1".into(), server: None }).unwrap();
    history.advance(900_000, u64::MAX);
    history.switch(0).unwrap();
    history.seek(Moment::end_of(1_200_000)).unwrap();
    history.apply(Input::Propose { value: "y=2".into(), server: None }).unwrap();
    history.advance(700_000, u64::MAX);
    let difference = history.diff(3, 4).unwrap();
    assert_eq!((difference.parted_at, difference.compared_at.time_us), (forked, 1_900_000));
    let (first, _) = difference.first.as_ref().unwrap();
    assert!(matches!(first.as_ref().unwrap().happening, Happening::InputApplied { .. }));
    assert_eq!(difference.servers.len(), 5);
    assert!(difference.servers.iter().all(|server| server.log_from == Some(2)), "{difference:?}");
    assert!(difference.servers.iter().all(|server| server.differs_in.contains(&Aspect::Store)));
}
