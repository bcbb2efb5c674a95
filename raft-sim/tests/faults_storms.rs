//! All kinds of faults at random: correct servers keep every property, and get on in each calm.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;

use raft_core::{Rule, ServerId};
use raft_sim::faults::{Intensities, random_inputs};
use raft_sim::plans::{Plan, Planned};
use raft_sim::{Calm, Happening, Input, Scenario, TimedInput, World, WorldOptions};

#[test]
fn correct_servers_come_through_swarms_of_all_faults_and_get_on_in_each_calm() {
    let mut done: BTreeMap<&'static str, u64> = BTreeMap::new();
    let (mut calms_lived, mut slowest_us) = (0, 0);
    for seed in 0..80 {
        let Planned { scenario, until_us, calms } = Plan::Swarm.run(seed, 40_000_000, &[]);
        let mut world = World::new(scenario).unwrap();
        world.observe(false);
        assert!(calms.len() > 1, "a calm between two storms");
        for calm in calms {
            world.advance(calm.from_us - world.now().0, u64::MAX);
            assert!(is_whole(&world), "seed {seed}: a fault lasts into the calm from {}", calm.from_us);
            let lived = calm.live_through(&mut world);
            assert_eq!(world.violation(), None, "seed {seed}");
            if Calm::owes_progress(world.options()) {
                let progress = lived.unwrap_or_else(|stall| panic!("seed {seed}, calm from {}: {stall}", calm.from_us));
                slowest_us = slowest_us.max(progress.agreed_us).max(progress.answered_us);
                calms_lived += 1;
            }
        }
        assert_eq!(world.now().0, until_us);
        for timed in world.scenario().inputs {
            *done.entry(timed.input.kind()).or_default() += 1;
        }
    }
    println!("{calms_lived} calms, the slowest done after {slowest_us} us; inputs done: {done:?}");
    assert!(calms_lived > 40, "{calms_lived}");
    let expected = [
        "crash",
        "restart",
        "pause",
        "resume",
        "slow",
        "set_disk",
        "set_clock",
        "time_out",
        "transfer",
        "compact",
        "set_members",
        "read",
        "cut",
        "uncut",
        "partition",
        "heal",
        "flap",
        "set_link",
        "hold_latest",
        "release_all",
    ];
    for kind in expected {
        assert!(done.get(kind).is_some_and(|&count| count > 50), "{kind}: {:?}", done.get(kind));
    }
}

#[test]
fn correct_servers_come_through_hunts_and_get_on_in_each_calm() {
    let (mut calms_lived, mut changed, mut committed) = (0, 0, 0);
    for seed in 0..120 {
        let planned = Plan::Hunt.run(seed, 20_000_000, &[]);
        assert_eq!(planned.calms.len(), 2, "seed {seed}");
        let lived = planned.live().unwrap();
        assert_eq!((lived.world.violation(), lived.stalled), (None, None), "seed {seed}");
        assert_eq!(lived.world.now().0, 20_000_000);
        assert!(is_whole(&lived.world), "seed {seed}");
        calms_lived += lived.progress.len();
        changed += lived.world.leader_changes();
        committed += lived.world.committed().0;
    }
    println!("{calms_lived} calms in which all got on, {changed} changes of leaders, {committed} entries committed");
    assert!(calms_lived > 120 && changed > 2_000 && committed > 20_000, "the test says little");
}

#[test]
fn a_run_that_is_lived_ends_where_a_property_is_violated_or_nothing_gets_on() {
    let broken = Plan::Hunt.run(0, 10_000_000, &[Rule::QuorumIsMoreThanHalf]).live().unwrap();
    assert!(broken.world.violation().is_some() && broken.stalled.is_none());
    // Nobody comes back from these crashes.
    let mut planned = Plan::Calm.run(1, 20_000_000, &[]);
    planned.scenario.options.check_quorum = true;
    let crashes = [1, 2, 3].map(|server| Input::Crash { server: ServerId(server), written: 0 });
    planned.scenario.inputs = crashes.map(|input| TimedInput { at_us: 4_000_000, after_events: 0, input }).to_vec();
    let stuck = planned.live().unwrap();
    let (calm, _) = stuck.stalled.unwrap();
    assert_eq!((calm, stuck.world.now().0), (planned.calms[0], calm.until_us));
    assert!(stuck.progress.is_empty() && stuck.world.violation().is_none());
}

/// Whether no fault lasts: all run at their speed, with their disks and clocks, and nothing is cut or held.
fn is_whole(world: &World) -> bool {
    let options = world.options();
    let disk_us = (options.disk_us_min, options.disk_us_max);
    let nodes = world.servers();
    let pairs = || nodes.iter().flat_map(|from| nodes.iter().map(|to| (from.id(), to.id())));
    let link_is_whole = |(from, to)| {
        world.link(from, to).is_none_or(|link| {
            !link.cut
                && link.flap.is_none()
                && (link.delay_us_max, link.delay_tail_us) == (options.delay_us_max, options.delay_tail_us)
                && (link.loss_ppm, link.duplicate_ppm) == (options.loss_ppm, options.duplicate_ppm)
        })
    };
    nodes.iter().all(|node| {
        let works = node.is_up() && !node.is_paused() && node.step_us() == 0;
        works && node.disk().us() == disk_us && !node.disk().lies() && node.clock().rate_ppm() == 1_000_000
    }) && pairs().all(link_is_whole)
        && world.messages().all(|message| message.held_at().is_none())
}

#[test]
fn leases_hold_while_clocks_drift_no_further_than_they_allow_for() {
    let mut by_lease = 0;
    for seed in 0..60 {
        let options = WorldOptions {
            check_quorum: true,
            lease_reads: true,
            clock_drift_ppm_max: 200_000,
            clients: 5,
            client_pause_us: 20_000,
            client_reads_ppm: 500_000,
            ..WorldOptions::default()
        };
        let intensities = Intensities {
            partition_every_us: 700_000,
            crash_every_us: 1_000_000,
            time_out_every_us: 200_000,
            read_every_us: 10_000,
            pause_every_us: 500_000,
            slow_every_us: 1_000_000,
            clock_every_us: 100_000,
            clock_drift_ppm_max: 200_000,
            ..Intensities::default()
        };
        let inputs = random_inputs(seed, 3, 20_000_000, &intensities);
        let mut world = World::new(Scenario { seed, servers: 3, options, inputs, ..Scenario::default() }).unwrap();
        while world.now().0 < 20_000_000 && world.violation().is_none() {
            let seen = world.event_count();
            world.advance(500_000, u64::MAX);
            let is_by_lease = |record: &&raft_sim::Record| {
                matches!(record.happening, Happening::Decision { event: raft_core::Event::ReadByLease { .. }, .. })
            };
            by_lease += world.events_since(seen).filter(is_by_lease).count();
        }
        assert_eq!(world.violation(), None, "seed {seed}");
    }
    println!("{by_lease} reads were answered by lease");
    assert!(by_lease > 10_000, "{by_lease}");
}

#[test]
fn disks_that_lie_break_what_raft_promises() {
    let broken = (0..40).filter(|&seed| {
        let options = WorldOptions { clients: 5, client_pause_us: 20_000, ..WorldOptions::default() };
        let intensities = Intensities {
            lie_every_us: 100_000,
            crash_every_us: 200_000,
            time_out_every_us: 500_000,
            lasts_us_max: 4_000_000,
            ..Intensities::default()
        };
        let inputs = random_inputs(seed, 3, 20_000_000, &intensities);
        assert!(inputs.iter().any(|timed| matches!(timed.input, Input::SetDisk { lies: true, .. })));
        let mut world = World::new(Scenario { seed, servers: 3, options, inputs, ..Scenario::default() }).unwrap();
        world.observe(false);
        world.advance(20_000_000, u64::MAX);
        world.violation().is_some()
    });
    let broken = broken.count();
    println!("{broken} of 40 storms with lying disks end in a violation");
    assert!(broken > 10, "{broken}");
}
