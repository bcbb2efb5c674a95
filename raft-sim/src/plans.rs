//! Whole runs drawn from a seed: conditions, faults, and the calms in which progress is owed. For soaks.

use std::fmt;

use raft_core::Rule;
use raft_core::random::draw_between;

use crate::faults::{Intensities, random_inputs};
use crate::liveness::Calm;
use crate::purpose;
use crate::scenario::{Scenario, WorldOptions};

/// What runs are like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Plan {
    /// Nothing goes wrong: five servers and three clients.
    Calm,
    /// Crashes, partitions and bad links every second or two, among five servers that lose a tenth of all messages.
    Storm,
    /// Each run switches a part of all faults and features on, with intensities of its own.
    Swarm,
}

/// A run to be lived.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Planned {
    /// Its scenario.
    pub scenario: Scenario,
    /// How long it is, in microseconds.
    pub until_us: u64,
    /// When progress is owed, in order; the last one ends with the run.
    pub calms: Vec<Calm>,
}

/// How long the calm at a run's end is: long enough for elections among servers that lose messages.
const LAST_CALM_US: u64 = 8_000_000;

impl Plan {
    /// All plans.
    pub const ALL: &'static [Self] = &[Self::Calm, Self::Storm, Self::Swarm];

    /// Its name: `calm`, `storm` or `swarm`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Calm => "calm",
            Self::Storm => "storm",
            Self::Swarm => "swarm",
        }
    }

    /// What it is, in a sentence.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Calm => "nothing goes wrong",
            Self::Storm => "crashes, partitions and bad links every second or two",
            Self::Swarm => "each run switches a part of all faults and features on",
        }
    }

    /// The run of a seed, without the rules in `rules_off`.
    #[must_use]
    pub fn run(self, seed: u64, until_us: u64, rules_off: &[Rule]) -> Planned {
        let calm = Calm { from_us: until_us.saturating_sub(LAST_CALM_US), until_us };
        let (servers, mut options, intensities) = match self {
            Self::Calm => (5, WorldOptions { clients: 3, ..WorldOptions::default() }, None),
            Self::Storm => {
                let (loss_ppm, duplicate_ppm) = (100_000, 50_000);
                let options = WorldOptions { loss_ppm, duplicate_ppm, clients: 3, ..WorldOptions::default() };
                (5, options, Some(Intensities { loss_ppm, duplicate_ppm, ..Intensities::default() }))
            }
            Self::Swarm => swarm(seed),
        };
        options.rules_off = rules_off.to_vec();
        let (mut inputs, mut calms) = (Vec::new(), Vec::new());
        if let Some(intensities) = intensities {
            inputs = random_inputs(seed, servers, calm.from_us, &intensities);
            calms = intensities.calms(calm.from_us);
        }
        calms.push(calm);
        let scenario = Scenario { seed, servers, options, inputs, ..Scenario::default() };
        Planned { scenario, until_us, calms }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Conditions and faults that differ from seed to seed.
fn swarm(seed: u64) -> (u32, WorldOptions, Option<Intensities>) {
    let one_of = |what: u64, choices: &[u64]| {
        choices[draw_between(0, choices.len() as u64 - 1, &[seed, purpose::PLAN, what]) as usize]
    };
    let is = |what| one_of(what, &[0, 1]) == 1;
    let check_quorum = is(1);
    let options = WorldOptions {
        loss_ppm: one_of(2, &[0, 50_000, 200_000]) as u32,
        duplicate_ppm: one_of(3, &[0, 100_000]) as u32,
        clients: 5,
        client_pause_us: one_of(4, &[20_000, 100_000]),
        client_reads_ppm: 300_000,
        entries_per_append_max: one_of(5, &[1, 3, 64]) as u32,
        entries_in_flight_max: one_of(6, &[1, 8, 256]) as u32,
        eager_commit: is(7),
        snapshot_chunk_bytes: one_of(8, &[20, 65_536]) as u32,
        snapshot_every: one_of(9, &[0, 5, 40]),
        noop_on_election: one_of(10, &[0, 1, 1]) == 1,
        pre_vote: is(11),
        check_quorum,
        lease_reads: check_quorum && is(12),
        disk_us_max: one_of(13, &[1_500, 30_000]),
        ..WorldOptions::default()
    };
    // Each kind is there in every second run, now seldom and now often.
    let every = |what, often_us| if is(what) { one_of(what + 100, &[often_us, 3 * often_us]) } else { 0 };
    let intensities = Intensities {
        partition_every_us: every(20, 1_500_000),
        crash_every_us: every(21, 400_000),
        crash_written_max: 8,
        cut_every_us: every(22, 1_000_000),
        link_every_us: every(23, 500_000),
        time_out_every_us: every(24, 300_000),
        members_every_us: every(25, 400_000),
        compact_every_us: every(26, 400_000),
        read_every_us: every(27, 100_000),
        transfer_every_us: every(28, 300_000),
        hold_every_us: every(29, 100_000),
        flap_every_us: every(30, 1_000_000),
        pause_every_us: every(31, 700_000),
        slow_every_us: every(32, 1_000_000),
        disk_every_us: every(33, 700_000),
        clock_every_us: every(34, 500_000),
        clock_drift_ppm_max: options.clock_drift_ppm_max,
        // What clocks show matters to leases alone.
        clock_jump_every_us: if options.lease_reads { 0 } else { every(35, 500_000) },
        storm_us: one_of(36, &[4_000_000, 10_000_000]),
        calm_us: LAST_CALM_US,
        lasts_us_min: 50_000,
        lasts_us_max: one_of(37, &[300_000, 1_500_000]),
        bad_delay_tail_us_max: one_of(38, &[0, 100_000]),
        loss_ppm: options.loss_ppm,
        duplicate_ppm: options.duplicate_ppm,
        disk_us_min: options.disk_us_min,
        disk_us_max: options.disk_us_max,
        ..Intensities::default()
    };
    (one_of(17, &[3, 4, 5, 7]) as u32, options, Some(intensities))
}
