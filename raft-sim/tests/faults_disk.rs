//! Power that fails in the middle of a save, and disks.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use raft_core::{Durable, Index, Rule, ServerId, Term};
use raft_sim::faults::{Intensities, random_inputs};
use raft_sim::{Happening, Input, Scenario, World, WorldOptions};

const S1: ServerId = ServerId(1);
const S2: ServerId = ServerId(2);
const S3: ServerId = ServerId(3);

fn until(world: &mut World, us: u64) {
    world.advance(us - world.now().0, u64::MAX);
}

fn disk(world: &World, server: ServerId) -> &Durable {
    world.servers()[server.0 as usize - 1].durable()
}

/// What is durable after S1 has asked for votes and its power failed when so many pieces were written.
fn vote_after(written: u32, rules_off: Vec<Rule>) -> (u64, Option<ServerId>, u32) {
    let options = WorldOptions { rules_off, ..common::calm_options() };
    let mut world = World::new(Scenario { servers: 3, options, ..Scenario::default() }).unwrap();
    world.apply(Input::TimeOut { server: S1 }).unwrap();
    until(&mut world, 500);
    world.apply(Input::Crash { server: S1, written }).unwrap();
    let wrote = world.events_since(0).find_map(|record| match record.happening {
        Happening::Crashed { written, .. } => Some(written),
        _ => None,
    });
    let durable = disk(&world, S1);
    (durable.current_term.0, durable.voted_for, wrote.unwrap())
}

#[test]
fn the_term_and_the_vote_get_onto_the_disk_together_unless_that_rule_is_off() {
    assert_eq!(vote_after(0, vec![]), (0, None, 0));
    assert_eq!(vote_after(1, vec![]), (1, Some(S1), 1));
    // No more than there was to write.
    assert_eq!(vote_after(9, vec![]), (1, Some(S1), 1));
    let apart = || vec![Rule::TermAndVoteInOneWrite];
    assert_eq!(vote_after(1, apart()), (0, Some(S1), 1), "the vote of term 1 counts for term 0");
    assert_eq!(vote_after(9, apart()), (1, Some(S1), 2));
}

/// S1 leads; S2 was cut off meanwhile and is just being sent the three entries that it lacks.
fn catching_up() -> World {
    let mut world =
        World::new(Scenario { servers: 3, options: common::calm_options(), ..Scenario::default() }).unwrap();
    world.apply(Input::TimeOut { server: S1 }).unwrap();
    until(&mut world, 100_000);
    world.apply(Input::Partition { groups: vec![vec![S2]] }).unwrap();
    for value in ["a=1", "b=2", "c=3"] {
        world.apply(Input::Propose { value: value.into(), server: Some(S1) }).unwrap();
    }
    until(&mut world, 400_000);
    world.apply(Input::Heal {}).unwrap();
    while world.servers()[1].saves_under_way() == 0 {
        assert!(world.step_event());
    }
    world
}

#[test]
fn the_entries_of_one_write_get_onto_the_disk_one_by_one() {
    let before = disk(&catching_up(), S2).log.last_index();
    for written in 0..6 {
        let mut world = catching_up();
        world.apply(Input::Crash { server: S2, written }).unwrap();
        // The first piece is the term with the vote, which has not changed.
        let entries = u64::from(written.saturating_sub(1).min(3));
        assert_eq!(disk(&world, S2).log.last_index(), before.plus(entries), "{written} pieces");
        assert_eq!(disk(&world, S2).current_term, Term(1));
        world.apply(Input::Restart { server: S2 }).unwrap();
        world.advance(1_000_000, u64::MAX);
        assert_eq!(world.servers()[1].store(), world.servers()[0].store());
    }
}

#[test]
fn what_entries_replace_is_cut_off_with_the_first_of_them() {
    // S3 has two entries of term 1 that nobody else has. S1 leads term 2 with others in their place.
    let parted = || {
        let mut world =
            World::new(Scenario { servers: 3, options: common::calm_options(), ..Scenario::default() }).unwrap();
        world.apply(Input::TimeOut { server: S3 }).unwrap();
        until(&mut world, 100_000);
        world.apply(Input::Partition { groups: vec![vec![S3]] }).unwrap();
        for value in ["x=1", "x=2"] {
            world.apply(Input::Propose { value: value.into(), server: Some(S3) }).unwrap();
        }
        world.apply(Input::TimeOut { server: S1 }).unwrap();
        until(&mut world, 200_000);
        world.apply(Input::Propose { value: "x=3".into(), server: Some(S1) }).unwrap();
        world.apply(Input::Heal {}).unwrap();
        let replaces = |world: &World| {
            let node = &world.servers()[2];
            node.saves_under_way() > 0 && node.server().unwrap().log().term_at(Index(2)) == Some(Term(2))
        };
        while !replaces(&world) {
            assert!(world.step_event());
        }
        world
    };
    let terms = |world: &World| disk(world, S3).log.iter_from(Index(1)).map(|(_, term, _)| term.0).collect::<Vec<_>>();
    let mut ends = Vec::new();
    for written in 0..8 {
        let mut world = parted();
        world.apply(Input::Crash { server: S3, written }).unwrap();
        ends.push(terms(&world));
        world.apply(Input::Restart { server: S3 }).unwrap();
        world.advance(2_000_000, u64::MAX);
        assert_eq!((world.violation(), world.servers()[2].store()), (None, world.servers()[0].store()), "{written}");
    }
    ends.dedup();
    let [before, first, .., last] = ends.as_slice() else { panic!("{ends:?}") };
    assert_eq!((before.as_slice(), first.as_slice(), last.as_slice()), (&[1, 1, 1][..], &[1, 2][..], &[1, 2, 2][..]));
}

#[test]
fn correct_servers_keep_every_property_when_power_fails_in_the_middle_of_saves() {
    let (mut crashes, mut torn) = (0, 0);
    for seed in 0..100 {
        let options = WorldOptions {
            loss_ppm: 100_000,
            duplicate_ppm: 50_000,
            clients: 5,
            client_pause_us: 20_000,
            // Slow disks, so that much is under way when the power fails.
            disk_us_max: 60_000,
            snapshot_every: if seed % 2 == 0 { 10 } else { 0 },
            ..WorldOptions::default()
        };
        let intensities = Intensities {
            crash_every_us: 200_000,
            crash_written_max: 8,
            time_out_every_us: 300_000,
            compact_every_us: 500_000,
            lasts_us_max: 400_000,
            ..Intensities::default()
        };
        let inputs = random_inputs(seed, 5, 20_000_000, &intensities);
        let mut world = World::new(Scenario { seed, options, inputs, ..Scenario::default() }).unwrap();
        while world.now().0 < 20_000_000 && world.violation().is_none() {
            let seen = world.event_count();
            world.advance(500_000, u64::MAX);
            for record in world.events_since(seen) {
                if let Happening::Crashed { written, .. } = record.happening {
                    crashes += 1;
                    torn += u32::from(written > 0);
                }
            }
        }
        assert_eq!(world.violation(), None, "seed {seed}");
        assert!(world.committed().0 > 20, "seed {seed} hardly ran");
    }
    println!("{crashes} crashes, {torn} of them with something written");
    assert!(torn > 1_000, "{torn}");
}
