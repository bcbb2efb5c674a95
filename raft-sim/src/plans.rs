//! Whole runs drawn from a seed: conditions, faults, and the calms in which progress is owed. For soaks.

use std::fmt;

use raft_core::Rule;
use raft_core::random::draw_between;

use crate::client_options::{ClientLoop, ReadsBy};
use crate::faults::{Intensities, random_inputs};
use crate::liveness::{Calm, Progress, Stall};
use crate::purpose;
use crate::scenario::{Scenario, ScenarioError, WorldOptions};
use crate::world::World;

mod hunt;

/// What runs are like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Plan {
    /// Nothing goes wrong: five servers and three clients.
    Calm,
    /// Crashes, partitions and bad links every second or two, among five servers that lose a tenth of all messages.
    Storm,
    /// Each run switches a part of all faults and features on, with intensities of its own.
    Swarm,
    /// As a swarm, but dense: few servers, elections within tens of milliseconds, and more faults in a second than a swarm has
    /// in ten. What a broken rule leads to shows in it after fewer events.
    Hunt,
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

/// A run that was lived.
#[derive(Clone, Debug)]
pub struct Lived {
    /// The world at its end: where a property was violated, at the end of a calm in which nothing got on, or where the run ends.
    pub world: World,
    /// When what each calm owed came true, in order.
    pub progress: Vec<Progress>,
    /// The calm in which something that was owed did not come, and what that is. Then no property was violated before.
    pub stalled: Option<(Calm, Stall)>,
}

impl Planned {
    /// Lives the run to its end, to the first violation, or to the end of the first calm in which owed progress was not made.
    ///
    /// # Errors
    /// Names the first field of the scenario that is not as expected. A plan's own scenarios have none.
    pub fn live(&self) -> Result<Lived, ScenarioError> {
        let owed = Calm::owes_progress(&self.scenario.options);
        let mut world = World::new(self.scenario.clone())?;
        world.observe(false);
        let mut progress = Vec::new();
        for &calm in &self.calms {
            world.advance(calm.from_us.saturating_sub(world.now().0), u64::MAX);
            match calm.live_through(&mut world) {
                Ok(made) => progress.push(made),
                Err(stall) if owed && world.violation().is_none() => {
                    return Ok(Lived { world, progress, stalled: Some((calm, stall)) });
                }
                Err(_) => {}
            }
        }
        world.advance(self.until_us.saturating_sub(world.now().0), u64::MAX);
        Ok(Lived { world, progress, stalled: None })
    }
}

/// How long a calm is: long enough for elections among servers that lose messages.
const CALM_US: u64 = 12_000_000;

impl Plan {
    /// All plans.
    pub const ALL: &'static [Self] = &[Self::Calm, Self::Storm, Self::Swarm, Self::Hunt];

    /// Its name: `calm`, `storm`, `swarm` or `hunt`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Calm => "calm",
            Self::Storm => "storm",
            Self::Swarm => "swarm",
            Self::Hunt => "hunt",
        }
    }

    /// What it is, in a sentence.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Calm => "nothing goes wrong",
            Self::Storm => "crashes, partitions and bad links every second or two",
            Self::Swarm => "each run switches a part of all faults and features on",
            Self::Hunt => "a swarm of few servers and dense faults, where broken rules show soonest",
        }
    }

    /// The run of a seed, without the rules in `rules_off`. It ends with a calm; of a swarm's and a
    /// hunt's runs most have others before.
    #[must_use]
    pub fn run(self, seed: u64, until_us: u64, rules_off: &[Rule]) -> Planned {
        let (servers, mut options, intensities) = match self {
            Self::Calm => (5, WorldOptions { clients: 3, ..WorldOptions::default() }, None),
            Self::Storm => {
                let (loss_ppm, duplicate_ppm) = (100_000, 50_000);
                let options = WorldOptions { loss_ppm, duplicate_ppm, clients: 3, ..WorldOptions::default() };
                (5, options, Some(Intensities { loss_ppm, duplicate_ppm, ..Intensities::default() }))
            }
            Self::Swarm => Swarm(seed).conditions(),
            Self::Hunt => hunt::conditions(seed),
        };
        options.rules_off = rules_off.to_vec();
        let calm_us = if self == Self::Hunt { hunt::CALM_US } else { CALM_US };
        let last = Calm { from_us: until_us.saturating_sub(calm_us), until_us };
        let (mut calms, mut inputs) = (Vec::new(), Vec::new());
        if let Some(intensities) = intensities {
            inputs = random_inputs(seed, servers, last.from_us, &intensities);
            // One that the end of the storms cuts short goes over into the last.
            calms = intensities.calms(last.from_us).into_iter().filter(|calm| calm.until_us < last.from_us).collect();
        }
        calms.push(last);
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
struct Swarm(u64);

impl Swarm {
    fn one_of(&self, what: u64, choices: &[u64]) -> u64 {
        choices[draw_between(0, choices.len() as u64 - 1, &[self.0, purpose::PLAN, what]) as usize]
    }

    fn is(&self, what: u64) -> bool {
        self.one_of(what, &[0, 1]) == 1
    }

    /// How often a fault begins: in half of the runs never.
    fn every_us(&self, what: u64, often_us: u64, seldom_us: u64) -> u64 {
        self.one_of(what, &[0, 0, often_us, seldom_us])
    }

    /// How many servers, under which conditions, and what goes wrong.
    fn conditions(&self) -> (u32, WorldOptions, Option<Intensities>) {
        let options = self.options();
        let intensities = self.intensities(&options);
        (self.one_of(17, &[1, 2, 3, 3, 4, 5, 5, 7]) as u32, options, Some(intensities))
    }

    fn options(&self) -> WorldOptions {
        let check_quorum = self.is(1);
        let delay_us_min = self.one_of(18, &[1_000, 15_000]);
        let delay_us_max = self.one_of(20, &[15_000, 25_000, 60_000]);
        let delay_tail_us = self.one_of(21, &[0, 0, 10_000, 50_000]);
        let disk_us_min = self.one_of(19, &[0, 500]);
        let client_keys = self.one_of(44, &[0, 1, 3]) as u32;
        // Raft owes progress only where messages take far less time than an election timeout (P§5.6).
        let election_timeout_us_min = (6 * (delay_us_max + delay_tail_us)).max(150_000);
        WorldOptions {
            election_timeout_us_min,
            election_timeout_us_max: 2 * election_timeout_us_min,
            heartbeat_us: election_timeout_us_min / 3,
            delay_us_min,
            delay_us_max,
            delay_tail_us,
            in_order: self.one_of(22, &[0, 0, 1]) == 1,
            loss_ppm: self.one_of(2, &[0, 50_000, 200_000]) as u32,
            duplicate_ppm: self.one_of(3, &[0, 100_000]) as u32,
            clients: self.one_of(23, &[1, 5, 8]) as u32,
            client_pause_us: self.one_of(4, &[20_000, 100_000]),
            client_loop: if self.is(41) { ClientLoop::Closed } else { ClientLoop::Open },
            client_reads_ppm: self.one_of(24, &[0, 300_000, 700_000]) as u32,
            client_reads_by: if self.one_of(42, &[0, 0, 1]) == 1 { ReadsBy::Log } else { ReadsBy::ReadIndex },
            client_appends_ppm: self.one_of(43, &[0, 300_000]) as u32,
            client_keys,
            // Operations that may have been done or not are costly to explain where clients share keys.
            client_retries: client_keys > 0 || self.is(45),
            wrong_hints_ppm: self.one_of(46, &[0, 0, 200_000]) as u32,
            entries_per_append_max: self.one_of(5, &[3, 8, 64]) as u32,
            // Fewer could not make up for what a storm leaves within a calm: each takes a round trip, and some are lost.
            entries_in_flight_max: self.one_of(6, &[64, 256]) as u32,
            eager_commit: self.is(7),
            snapshot_chunk_bytes: self.one_of(8, &[20, 65_536]) as u32,
            snapshot_every: self.one_of(9, &[0, 5, 40]),
            noop_on_election: self.one_of(10, &[0, 1, 1]) == 1,
            pre_vote: self.is(11),
            check_quorum,
            lease_reads: check_quorum && self.is(12),
            disk_us_min,
            disk_us_max: self.one_of(13, &[1_500, 30_000]),
            ..WorldOptions::default()
        }
    }

    /// Lying disks are not among them, nor clocks that jump under leases: Raft tolerates neither.
    fn intensities(&self, options: &WorldOptions) -> Intensities {
        let clock_jump_every_us = if options.lease_reads { 0 } else { self.every_us(39, 500_000, 3_000_000) };
        Intensities {
            partition_every_us: self.every_us(25, 700_000, 3_000_000),
            crash_every_us: self.every_us(14, 300_000, 1_500_000),
            cut_every_us: self.every_us(26, 300_000, 1_500_000),
            link_every_us: self.every_us(27, 300_000, 1_500_000),
            time_out_every_us: self.every_us(15, 200_000, 1_000_000),
            members_every_us: self.every_us(16, 300_000, 1_000_000),
            compact_every_us: self.every_us(28, 400_000, 2_000_000),
            read_every_us: self.every_us(29, 100_000, 1_000_000),
            transfer_every_us: self.every_us(30, 300_000, 2_000_000),
            hold_every_us: self.every_us(31, 100_000, 1_000_000),
            flap_every_us: self.every_us(32, 500_000, 3_000_000),
            pause_every_us: self.every_us(33, 500_000, 3_000_000),
            slow_every_us: self.every_us(34, 500_000, 3_000_000),
            disk_every_us: self.every_us(35, 500_000, 3_000_000),
            clock_every_us: self.every_us(36, 500_000, 3_000_000),
            clock_drift_ppm_max: options.clock_drift_ppm_max,
            clock_jump_every_us,
            storm_us: self.one_of(37, &[6_000_000, 12_000_000]),
            calm_us: CALM_US,
            lasts_us_min: 50_000,
            lasts_us_max: self.one_of(38, &[400_000, 1_500_000]),
            bad_delay_tail_us_max: self.one_of(40, &[0, 100_000]),
            delay_us_min: options.delay_us_min,
            delay_us_max: options.delay_us_max,
            delay_tail_us: options.delay_tail_us,
            in_order: options.in_order,
            disk_us_min: options.disk_us_min,
            disk_us_max: options.disk_us_max,
            loss_ppm: options.loss_ppm,
            duplicate_ppm: options.duplicate_ppm,
            ..Intensities::default()
        }
    }
}
