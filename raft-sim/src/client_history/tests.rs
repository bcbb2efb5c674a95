//! What the clients' history finds out by itself, and how little of it is kept.

use raft_core::Rule;

use crate::client_options::{ClientLoop, ReadsBy};
use crate::faults::{Intensities, random_inputs};
use crate::scenario::{Scenario, WorldOptions};
use crate::world::World;

use super::*;

/// Eight clients in a storm, with nobody to judge reads but their history.
fn storm(seed: u64, until_us: u64, options: WorldOptions) -> World {
    let options = WorldOptions {
        clients: 8,
        client_pause_us: 20_000,
        client_keys: 2,
        client_reads_ppm: 500_000,
        client_appends_ppm: 500_000,
        loss_ppm: 50_000,
        ..options
    };
    let intensities = Intensities {
        time_out_every_us: 300_000,
        transfer_every_us: 500_000,
        loss_ppm: 50_000,
        ..Intensities::default()
    };
    let inputs = random_inputs(seed, 5, until_us, &intensities);
    let mut world = World::new(Scenario { seed, options, inputs, ..Scenario::default() }).unwrap();
    world.observe(false);
    world.history.judges_alone = true;
    world.advance(until_us, u64::MAX);
    world
}

#[test]
fn read_rules_that_are_switched_off_are_found_out_by_what_clients_are_answered() {
    // Contexts of reads that repeat are found in one of some hundred storms.
    for rule in [Rule::ReadNeedsFreshConfirmation, Rule::ReadAfterOwnTermCommit] {
        let found = (0..300).find_map(|seed| {
            let world = storm(seed, 20_000_000, WorldOptions { rules_off: vec![rule], ..WorldOptions::default() });
            Some((seed, world.violation?))
        });
        let (seed, violation) = found.unwrap_or_else(|| panic!("{rule}: nobody noticed"));
        println!("{rule}: seed {seed} at {} us: {violation}", violation.at.0);
        assert_eq!(violation.property, Property::Linearizability, "{rule}");
    }
}

#[test]
fn of_a_long_run_only_what_is_not_decided_is_kept() {
    for (seed, client_retries, client_loop) in
        [(1, true, ClientLoop::Closed), (2, false, ClientLoop::Closed), (3, false, ClientLoop::Open)]
    {
        let options =
            WorldOptions { client_retries, client_loop, client_reads_by: ReadsBy::Log, ..WorldOptions::default() };
        let mut world = storm(seed, 60_000_000, options);
        world.advance(60_000_000, u64::MAX);
        assert_eq!(world.violation, None, "seed {seed}");
        let Linearizability { asked, answered, unknown, undecided, .. } = world.linearizability();
        let kept: usize = world.history.keys.values().map(|key| key.history.remembered().0).sum();
        println!(
            "seed {seed}: {asked} asked, {answered} answered, {unknown} unknown; {kept} kept, {undecided} undecided"
        );
        assert!(asked > 2_000 && asked - answered - unknown <= 8, "seed {seed}: {asked} {answered} {unknown}");
        // What was answered since the oldest open read; and of those whose outcome nobody knows, up to 200 a key that never
        // came.
        assert!(kept <= 60 + (unknown as usize).min(400), "seed {seed}: {kept}");
        assert!(world.history.open.len() <= 8 + kept, "seed {seed}");
        // Where the outcome of hundreds is unknown, the search is now and then too large.
        assert!(undecided * 2_000 <= answered, "seed {seed}: undecided {undecided} times");
    }
}

#[test]
fn a_value_that_nobody_wrote_and_one_that_was_never_written_are_told_apart() {
    let mut history = ClientHistory::default();
    let (write, read) = (Wanted::Write("k", "v"), Wanted::Read("k"));
    history.asked(Time(1_000), (2, 1), write);
    assert_eq!(history.answered(Time(2_500), (2, 1), None), Ok(()));
    history.asked(Time(3_000), (3, 1), read);
    let violation = history.answered(Time(4_001), (3, 1), None).unwrap_err();
    let text = "client 3 read k as never written (asked at 3.000 ms, answered at 4.001 ms), after client 2's write k=v \
                had been answered (at 2.500 ms). No order of the operations on k explains what was read.";
    assert_eq!(violation.text, text);
    assert_eq!(violation.operations.len(), 2);

    let mut history = ClientHistory::default();
    history.asked(Time(1), (1, 1), Wanted::Read("k"));
    let violation = history.answered(Time(2), (1, 1), Some("ghost".into())).unwrap_err();
    let text = "the person's client read k=ghost (asked at 0.001 ms, answered at 0.002 ms). No order of the operations on \
                k explains what was read.";
    assert_eq!((violation.text.as_str(), violation.operations.len()), (text, 1));
}
