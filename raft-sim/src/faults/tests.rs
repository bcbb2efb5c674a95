//! Faults drawn ahead: each is over in time, and none depends on the others.

use std::collections::BTreeSet;

use super::*;

#[test]
fn every_fault_is_over_in_time_and_could_be_an_input_of_a_scenario() {
    let every = 1_000_000;
    let all = Intensities {
        members_every_us: every,
        compact_every_us: every,
        read_every_us: every,
        transfer_every_us: every,
        wall_every_us: every,
        propose_every_us: every,
        hold_every_us: every,
        flap_every_us: every,
        pause_every_us: every,
        slow_every_us: every,
        disk_every_us: every,
        lie_every_us: every,
        clock_every_us: every,
        clock_jump_every_us: every,
        bad_delay_tail_us_max: 50_000,
        ..Intensities::default()
    };
    for (seed, first, newcomers) in [(1, 1, 0), (2, 2, 0), (3, 5, 0), (4, 50, 0), (5, 2, 2), (6, 49, 3)] {
        let all = Intensities { newcomers, ..all.clone() };
        let inputs = random_inputs(seed, first, 30_000_000, &all);
        let appear = inputs.iter().filter(|timed| timed.input == Input::NewServer {}).count();
        let servers = (first + newcomers).min(50);
        assert_eq!(appear as u32, servers - first);
        let changes = inputs.iter().filter(|timed| matches!(timed.input, Input::SetMembers { .. })).count();
        assert_eq!(changes > 10, servers >= 3, "{changes} changes of {servers} members");
        assert!(inputs.is_sorted_by_key(|timed| timed.at_us));
        let (mut down, mut cut, mut partitioned) = (BTreeSet::new(), BTreeSet::new(), false);
        for timed in &inputs {
            assert!(timed.at_us <= 30_000_000);
            assert_eq!(timed.input.check(servers), Ok(()), "{timed:?}");
            match &timed.input {
                Input::Crash { server, .. } => drop(down.insert(*server)),
                Input::Restart { server } => drop(down.remove(server)),
                Input::Cut { from, to } => drop(cut.insert((*from, *to))),
                Input::Uncut { from, to } => drop(cut.remove(&(*from, *to))),
                Input::Partition { .. } => partitioned = true,
                Input::Heal {} => partitioned = false,
                _ => {}
            }
        }
        assert!(down.is_empty() && cut.is_empty() && !partitioned, "seed {seed}");
        assert!(inputs.len() > 50);
    }
}

#[test]
fn no_fault_begins_in_a_calm_or_lasts_into_it() {
    let every = 100_000;
    let (storm_us, calm_us) = (3_000_000, 2_000_000);
    let all = Intensities {
        hold_every_us: every,
        flap_every_us: every,
        pause_every_us: every,
        slow_every_us: every,
        disk_every_us: every,
        clock_every_us: every,
        storm_us,
        calm_us,
        ..Intensities::default()
    };
    let calms = all.calms(17_000_000);
    let expected = [(3, 5), (8, 10), (13, 15)].map(|(from, until)| (from * 1_000_000, until * 1_000_000));
    assert_eq!(calms.iter().map(|calm| (calm.from_us, calm.until_us)).collect::<Vec<_>>(), expected);
    let inputs = random_inputs(5, 5, 17_000_000, &all);
    for calm in &calms {
        let within = |timed: &&TimedInput| timed.at_us > calm.from_us && timed.at_us < calm.until_us;
        assert_eq!(inputs.iter().find(within), None, "{calm:?}");
    }
    // The others are where they would be without calms.
    let storms = |timed: &&TimedInput| timed.at_us < storm_us;
    let without = random_inputs(5, 5, 17_000_000, &Intensities { storm_us: 0, ..all });
    assert!(inputs.iter().filter(storms).eq(without.iter().filter(storms)));
    assert!(inputs.iter().filter(storms).count() > 100);
}

#[test]
fn more_of_one_kind_leaves_the_others_as_they_were() {
    let some = Intensities::default();
    let more = Intensities { crash_every_us: 100_000, ..some.clone() };
    let without_crashes = |intensities: &Intensities| {
        let inputs = random_inputs(7, 5, 30_000_000, intensities).into_iter();
        let is_of_a_crash = |input: &Input| matches!(input, Input::Crash { .. } | Input::Restart { .. });
        inputs.filter(|timed| !is_of_a_crash(&timed.input)).collect::<Vec<_>>()
    };
    assert_eq!(without_crashes(&some), without_crashes(&more));
    assert_ne!(random_inputs(7, 5, 30_000_000, &some), random_inputs(7, 5, 30_000_000, &more));
}

#[test]
fn there_are_never_more_than_a_scenario_may_hold() {
    let endless = Intensities { crash_every_us: 1, ..Intensities::default() };
    assert!(random_inputs(1, 5, u64::MAX, &endless).len() <= Scenario::INPUTS_MAX);
}
