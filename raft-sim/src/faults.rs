//! Random faults, drawn ahead as inputs of a scenario: for soaks, and for finding out what a rule guards against.
//!
//! The draws are addressed, so the same seed gives the same faults whatever is made of them, and more of one kind leaves
//! those of the others as they were.

use raft_core::ServerId;
use raft_core::random::{draw, draw_between};

use crate::input::{Input, TimedInput};
use crate::purpose;
use crate::scenario::Scenario;

/// How much goes wrong. A fault of a kind begins, on average, each `..._every_us` microseconds; 0 is never.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Intensities {
    /// Partitions: a single server, or any part of them, on the other side.
    pub partition_every_us: u64,
    /// Crashes, each with a restart.
    pub crash_every_us: u64,
    /// Cuts of one direction of a link.
    pub cut_every_us: u64,
    /// Links that become slow, lose messages or double them.
    pub link_every_us: u64,
    /// Election timers that run out early.
    pub time_out_every_us: u64,
    /// Changes of members, asked of the leader: to any three or more of the servers as voters and any of the others as
    /// learners; some stay in joint consensus for as long as a fault lasts. Never with fewer than three servers.
    pub members_every_us: u64,
    /// Snapshots.
    pub compact_every_us: u64,
    /// Reads, asked of any server.
    pub read_every_us: u64,
    /// Leaderships handed over, if the server that is asked happens to lead.
    pub transfer_every_us: u64,
    /// The shortest time that a fault lasts.
    pub lasts_us_min: u64,
    /// The longest.
    pub lasts_us_max: u64,
    /// How many of a million messages a bad link loses or doubles at most.
    pub bad_ppm_max: u32,
    /// How long a message takes at most on a bad link.
    pub bad_delay_us_max: u64,
    /// What a link is like when it is mended: the shortest time that a message takes,
    pub delay_us_min: u64,
    /// the longest,
    pub delay_us_max: u64,
    /// how many of a million are lost,
    pub loss_ppm: u32,
    /// and how many of a million arrive twice.
    pub duplicate_ppm: u32,
}

impl Default for Intensities {
    /// Something every few hundred milliseconds, for as long as a few elections; links are mended to what a
    /// [`WorldOptions`](crate::WorldOptions) has by default.
    fn default() -> Self {
        Self {
            partition_every_us: 2_000_000,
            crash_every_us: 1_500_000,
            cut_every_us: 1_000_000,
            link_every_us: 1_000_000,
            time_out_every_us: 1_000_000,
            members_every_us: 0,
            compact_every_us: 0,
            read_every_us: 0,
            transfer_every_us: 0,
            lasts_us_min: 100_000,
            lasts_us_max: 1_500_000,
            bad_ppm_max: 500_000,
            bad_delay_us_max: 300_000,
            delay_us_min: 15_000,
            delay_us_max: 25_000,
            loss_ppm: 0,
            duplicate_ppm: 0,
        }
    }
}

/// Faults for so many servers, 1 to 50, from time 0 until `until_us`, in the order of their time. Every fault
/// is over by then: the restart, the healing or the mending comes at `until_us` at the latest.
///
/// They are drawn without knowledge of the run, so a few will find nothing to change when their time comes; a world
/// passes over those. There are never more than a scenario may hold.
///
/// ```
/// use raft_sim::faults::{Intensities, random_inputs};
/// use raft_sim::{Scenario, World};
/// let inputs = random_inputs(1, 5, 10_000_000, &Intensities::default());
/// let mut world = World::new(Scenario { inputs, ..Scenario::default() })?;
/// world.advance(11_000_000, u64::MAX);
/// assert_eq!(world.violation(), None);
/// # Ok::<(), raft_sim::ScenarioError>(())
/// ```
#[must_use]
pub fn random_inputs(seed: u64, servers: u32, until_us: u64, intensities: &Intensities) -> Vec<TimedInput> {
    let servers = servers.clamp(1, Scenario::SERVERS_MAX);
    let mut faults = Faults { seed, servers, until_us, intensities, inputs: Vec::new() };
    faults.draw_all(Kind::Partition, intensities.partition_every_us);
    faults.draw_all(Kind::Crash, intensities.crash_every_us);
    faults.draw_all(Kind::TimeOut, intensities.time_out_every_us);
    if servers > 1 {
        faults.draw_all(Kind::Cut, intensities.cut_every_us);
        faults.draw_all(Kind::BadLink, intensities.link_every_us);
    }
    faults.draw_all(Kind::Compact, intensities.compact_every_us);
    faults.draw_all(Kind::Read, intensities.read_every_us);
    if servers > 1 {
        faults.draw_all(Kind::Transfer, intensities.transfer_every_us);
    }
    if servers >= VOTERS_MIN {
        faults.draw_all(Kind::Members, intensities.members_every_us);
    }
    faults.inputs.sort_by_key(|timed| timed.at_us);
    faults.inputs
}

#[derive(Clone, Copy)]
enum Kind {
    Partition = 1,
    Crash,
    Cut,
    BadLink,
    TimeOut,
    Members,
    Compact,
    Read,
    Transfer,
}

/// A change of members leaves so many voters at least.
const VOTERS_MIN: u32 = 3;

/// What of a fault is drawn.
#[derive(Clone, Copy)]
enum Part {
    Gap = 1,
    Lasts,
    Server,
    Other,
    Shape,
    Delay,
    Loss,
    Duplicate,
}

struct Faults<'a> {
    seed: u64,
    servers: u32,
    until_us: u64,
    intensities: &'a Intensities,
    inputs: Vec<TimedInput>,
}

/// One fault: its kind, and how many of its kind came before.
type Fault = (Kind, u64);

impl Faults<'_> {
    fn address(&self, (kind, number): Fault, part: Part) -> [u64; 5] {
        [self.seed, purpose::FAULTS, kind as u64, number, part as u64]
    }

    fn between(&self, low: u64, high: u64, fault: Fault, part: Part) -> u64 {
        draw_between(low, high, &self.address(fault, part))
    }

    fn ppm(&self, fault: Fault, part: Part) -> u32 {
        // At most what it is bounded by.
        self.between(0, self.intensities.bad_ppm_max.into(), fault, part) as u32
    }

    /// A server, by its place among so many.
    fn one_of(&self, count: u32, fault: Fault, part: Part) -> u32 {
        self.between(0, u64::from(count) - 1, fault, part) as u32
    }

    fn draw_all(&mut self, kind: Kind, every_us: u64) {
        if every_us == 0 {
            return;
        }
        let mut begins_us = 0_u64;
        for number in 0.. {
            let fault = (kind, number);
            begins_us = begins_us.saturating_add(self.between(1, every_us.saturating_mul(2), fault, Part::Gap));
            if begins_us >= self.until_us || self.inputs.len() + 2 > Scenario::INPUTS_MAX {
                return;
            }
            let &Intensities { lasts_us_min, lasts_us_max, .. } = self.intensities;
            let lasts_us = self.between(lasts_us_min, lasts_us_max, fault, Part::Lasts);
            let (begin, end) = self.draw_one(fault);
            self.inputs.push(TimedInput { at_us: begins_us, after_events: 0, input: begin });
            if let Some(input) = end {
                let at_us = begins_us.saturating_add(lasts_us).min(self.until_us);
                self.inputs.push(TimedInput { at_us, after_events: 0, input });
            }
        }
    }

    /// How a fault begins, and how it ends.
    fn draw_one(&self, fault: Fault) -> (Input, Option<Input>) {
        let server = ServerId(self.one_of(self.servers, fault, Part::Server) + 1);
        // Another one: so many places further on, around the circle.
        let other = || {
            let further = 1 + self.one_of(self.servers - 1, fault, Part::Other);
            ServerId((server.0 - 1 + further) % self.servers + 1)
        };
        match fault.0 {
            Kind::Partition => {
                let shape = draw(&self.address(fault, Part::Shape));
                let mut side: Vec<ServerId> =
                    (1..=self.servers).filter(|&id| shape >> id & 1 == 1).map(ServerId).collect();
                if shape & 1 == 0 || side.is_empty() {
                    side = vec![server];
                }
                (Input::Partition { groups: vec![side] }, Some(Input::Heal {}))
            }
            Kind::Crash => (Input::Crash { server }, Some(Input::Restart { server })),
            Kind::TimeOut => (Input::TimeOut { server }, None),
            Kind::Compact => (Input::Compact { server }, None),
            Kind::Read => (Input::Read { key: "x".to_owned(), server: Some(server) }, None),
            Kind::Transfer => (Input::Transfer { server, to: other() }, None),
            Kind::Members => {
                let shape = draw(&self.address(fault, Part::Shape));
                let count = self.between(VOTERS_MIN.into(), self.servers.into(), fault, Part::Other) as usize;
                let mut voters: Vec<ServerId> = (1..=self.servers).map(ServerId).collect();
                voters.sort_by_key(|id| draw(&[shape, id.0.into()]));
                let learners = voters.split_off(count).into_iter().filter(|id| shape >> id.0 & 1 == 1).collect();
                // Most catch up first, and few stay joint.
                let (catch_up, stays_joint) = (shape >> 60 & 3 != 0, shape >> 62 == 0);
                let begin = Input::SetMembers { voters, learners, server: None, catch_up, stays_joint };
                (begin, stays_joint.then_some(Input::LeaveJoint { server: None }))
            }
            Kind::Cut => {
                let (from, to) = (server, other());
                (Input::Cut { from, to }, Some(Input::Uncut { from, to }))
            }
            Kind::BadLink => {
                let (from, to) = (server, other());
                let &Intensities { bad_delay_us_max, delay_us_min, delay_us_max, loss_ppm, duplicate_ppm, .. } =
                    self.intensities;
                let slow_us = self.between(delay_us_max, bad_delay_us_max.max(delay_us_max), fault, Part::Delay);
                let bad = Input::SetLink {
                    from,
                    to,
                    delay_us_min,
                    delay_us_max: slow_us,
                    loss_ppm: self.ppm(fault, Part::Loss),
                    duplicate_ppm: self.ppm(fault, Part::Duplicate),
                };
                let mended = Input::SetLink { from, to, delay_us_min, delay_us_max, loss_ppm, duplicate_ppm };
                (bad, Some(mended))
            }
        }
    }
}

#[cfg(test)]
mod tests {
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
            ..Intensities::default()
        };
        for (seed, servers) in [(1, 1), (2, 2), (3, 5), (4, 50)] {
            let inputs = random_inputs(seed, servers, 30_000_000, &all);
            let changes = inputs.iter().filter(|timed| matches!(timed.input, Input::SetMembers { .. })).count();
            assert_eq!(changes > 10, servers >= 3, "{changes} changes of {servers} members");
            assert!(inputs.is_sorted_by_key(|timed| timed.at_us));
            let (mut down, mut cut, mut partitioned) = (BTreeSet::new(), BTreeSet::new(), false);
            for timed in &inputs {
                assert!(timed.at_us <= 30_000_000);
                assert_eq!(timed.input.check(servers), Ok(()), "{timed:?}");
                match &timed.input {
                    Input::Crash { server } => drop(down.insert(*server)),
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
}
