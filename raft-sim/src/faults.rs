//! Random faults, drawn ahead as inputs of a scenario: for soaks, and for finding out what a rule guards against.
//!
//! The draws are addressed, so the same seed gives the same faults whatever is made of them, and more of one kind leaves
//! those of the others as they were.

use raft_core::ServerId;
use raft_core::random::{draw, draw_between};

use crate::input::{Input, TimedInput};
use crate::liveness::Calm;
use crate::purpose;
use crate::scenario::{MILLION, Scenario};
use crate::stage::Stage;

/// How much goes wrong. A fault of a kind begins, on average, each `..._every_us` microseconds; 0 is never.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Intensities {
    /// Partitions: a single server, or any part of them, on the other side.
    pub partition_every_us: u64,
    /// Crashes, each with a restart. Of what the disk is writing some pieces get onto it, none as often as some.
    pub crash_every_us: u64,
    /// How many pieces at most.
    pub crash_written_max: u32,
    /// Cuts of one direction of a link.
    pub cut_every_us: u64,
    /// Links that become slow, lose messages or double them.
    pub link_every_us: u64,
    /// Election timers that run out early.
    pub time_out_every_us: u64,
    /// Changes of members, asked of the leader: to any [`voters_min`](Self::voters_min) or more of the servers as voters and any of the others as
    /// learners; some stay in joint consensus for as long as a fault lasts. Never with fewer servers than that.
    pub members_every_us: u64,
    /// How many voters a change leaves at least, 1 or more: three by default.
    pub voters_min: u32,
    /// How many servers appear in the first half of the time. Faults happen to them too, and changes of members make use of
    /// them.
    pub newcomers: u32,
    /// Snapshots.
    pub compact_every_us: u64,
    /// Reads, asked of any server.
    pub read_every_us: u64,
    /// Leaderships handed over, if the server that is asked happens to lead.
    pub transfer_every_us: u64,
    /// Messages that are held for as long as a fault lasts: each time the latest in one direction of a link.
    pub hold_every_us: u64,
    /// Walls across the stage; and, as often, servers that are put elsewhere on it.
    pub wall_every_us: u64,
    /// Things for the person's client to write, beside what the others do.
    pub propose_every_us: u64,
    /// Directions of links that flap, each turn 20 to 200 ms long.
    pub flap_every_us: u64,
    /// Servers that are paused.
    pub pause_every_us: u64,
    /// Servers that are slow.
    pub slow_every_us: u64,
    /// How long a slow one takes at most for each thing that it handles.
    pub slow_us_max: u64,
    /// Disks that are slow.
    pub disk_every_us: u64,
    /// How long a slow one takes at most for a save.
    pub bad_disk_us_max: u64,
    /// Disks that lie, which Raft does not tolerate.
    pub lie_every_us: u64,
    /// Clocks that run faster than right ones.
    pub clock_every_us: u64,
    /// By how many parts of a million at most. More than
    /// [`clock_drift_ppm_max`](crate::WorldOptions::clock_drift_ppm_max) is more than leases tolerate.
    pub clock_drift_ppm_max: u32,
    /// Clocks that are put ahead, by 10 ms to a second; leases do not tolerate that.
    pub clock_jump_every_us: u64,
    /// How long each storm is, after which comes a calm; 0: there is one storm without a calm.
    pub storm_us: u64,
    /// How long each calm is, in which no fault begins and none lasts.
    pub calm_us: u64,
    /// The shortest time that a fault lasts.
    pub lasts_us_min: u64,
    /// The longest.
    pub lasts_us_max: u64,
    /// How many of a million messages a bad link loses or doubles at most.
    pub bad_ppm_max: u32,
    /// How long a message takes at most on a bad link, but for its tail.
    pub bad_delay_us_max: u64,
    /// The mean of that tail at most. Some bad links keep what they carry in order.
    pub bad_delay_tail_us_max: u64,
    /// What a link is like when it is mended: the shortest time that a message takes,
    pub delay_us_min: u64,
    /// the longest,
    pub delay_us_max: u64,
    /// the mean of what is added to that,
    pub delay_tail_us: u64,
    /// whether none overtakes another,
    pub in_order: bool,
    /// how many of a million are lost,
    pub loss_ppm: u32,
    /// and how many of a million arrive twice.
    pub duplicate_ppm: u32,
    /// What a disk is like when it is mended: the shortest time that a save takes,
    pub disk_us_min: u64,
    /// and the longest.
    pub disk_us_max: u64,
}

impl Default for Intensities {
    /// Something every few hundred milliseconds, for as long as a few elections; links are mended to what a
    /// [`WorldOptions`](crate::WorldOptions) has by default.
    fn default() -> Self {
        Self {
            partition_every_us: 2_000_000,
            crash_every_us: 1_500_000,
            crash_written_max: 6,
            cut_every_us: 1_000_000,
            link_every_us: 1_000_000,
            time_out_every_us: 1_000_000,
            members_every_us: 0,
            voters_min: 3,
            newcomers: 0,
            compact_every_us: 0,
            read_every_us: 0,
            transfer_every_us: 0,
            hold_every_us: 0,
            wall_every_us: 0,
            propose_every_us: 0,
            flap_every_us: 0,
            pause_every_us: 0,
            slow_every_us: 0,
            slow_us_max: 20_000,
            disk_every_us: 0,
            bad_disk_us_max: 200_000,
            lie_every_us: 0,
            clock_every_us: 0,
            clock_drift_ppm_max: 100_000,
            clock_jump_every_us: 0,
            storm_us: 0,
            calm_us: 0,
            lasts_us_min: 100_000,
            lasts_us_max: 1_500_000,
            bad_ppm_max: 500_000,
            bad_delay_us_max: 300_000,
            bad_delay_tail_us_max: 0,
            delay_us_min: 15_000,
            delay_us_max: 25_000,
            delay_tail_us: 0,
            in_order: false,
            loss_ppm: 0,
            duplicate_ppm: 0,
            disk_us_min: 500,
            disk_us_max: 1_500,
        }
    }
}

impl Intensities {
    /// The calms up to `until_us`, in order.
    #[must_use]
    pub fn calms(&self, until_us: u64) -> Vec<Calm> {
        let mut calms = Vec::new();
        let mut from_us = self.storm_us;
        while self.storm_us > 0 && from_us < until_us && calms.len() < Scenario::INPUTS_MAX {
            let calm = Calm { from_us, until_us: from_us.saturating_add(self.calm_us).min(until_us) };
            calms.push(calm);
            from_us = calm.until_us.saturating_add(self.storm_us);
        }
        calms
    }

    /// Until when a fault may last that begins at a moment; none in a calm.
    const fn storms_until(&self, at_us: u64) -> Option<u64> {
        if self.storm_us == 0 {
            return Some(u64::MAX);
        }
        let both_us = self.storm_us.saturating_add(self.calm_us);
        let begun_us = at_us - at_us % both_us;
        if at_us - begun_us < self.storm_us { Some(begun_us.saturating_add(self.storm_us)) } else { None }
    }
}

/// Faults for so many servers, 1 to 50, from time 0 until `until_us`, in the order of their time. Every fault
/// is over by then, and when a calm begins: the restart, the healing or the mending comes at that moment at the latest.
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
    let first = servers.clamp(1, Scenario::SERVERS_MAX);
    let servers = first.saturating_add(intensities.newcomers).min(Scenario::SERVERS_MAX);
    let mut faults = Faults { seed, servers, until_us, intensities, inputs: Vec::new() };
    for number in first..servers {
        let at_us = faults.between(0, until_us / 2, (Kind::NewServer, number.into()), Part::Gap);
        faults.inputs.push(TimedInput { at_us, after_events: 0, input: Input::NewServer {} });
    }
    faults.draw_all(Kind::Partition, intensities.partition_every_us);
    faults.draw_all(Kind::Crash, intensities.crash_every_us);
    faults.draw_all(Kind::TimeOut, intensities.time_out_every_us);
    if servers > 1 {
        faults.draw_all(Kind::Cut, intensities.cut_every_us);
        faults.draw_all(Kind::BadLink, intensities.link_every_us);
        faults.draw_all(Kind::Hold, intensities.hold_every_us);
        faults.draw_all(Kind::Flap, intensities.flap_every_us);
    }
    faults.draw_all(Kind::Pause, intensities.pause_every_us);
    faults.draw_all(Kind::Slow, intensities.slow_every_us);
    faults.draw_all(Kind::Disk, intensities.disk_every_us);
    faults.draw_all(Kind::Lie, intensities.lie_every_us);
    faults.draw_all(Kind::Clock, intensities.clock_every_us);
    faults.draw_all(Kind::ClockJump, intensities.clock_jump_every_us);
    faults.draw_all(Kind::Compact, intensities.compact_every_us);
    faults.draw_all(Kind::Read, intensities.read_every_us);
    if servers > 1 {
        faults.draw_all(Kind::Transfer, intensities.transfer_every_us);
    }
    faults.draw_all(Kind::Wall, intensities.wall_every_us);
    faults.draw_all(Kind::Move, intensities.wall_every_us);
    faults.draw_all(Kind::Propose, intensities.propose_every_us);
    if servers >= intensities.voters_min {
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
    Hold,
    Flap,
    Pause,
    Slow,
    Disk,
    Lie,
    Clock,
    ClockJump,
    NewServer,
    Wall,
    Move,
    Propose,
}

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
    Written,
    Tail,
    InOrder,
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

    /// A place on the stage, along one axis.
    fn coordinate(&self, fault: Fault, part: Part) -> u32 {
        self.between(0, Stage::SIZE.into(), fault, part) as u32
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
            let Some(storms_until_us) = self.intensities.storms_until(begins_us) else { continue };
            let &Intensities { lasts_us_min, lasts_us_max, .. } = self.intensities;
            let lasts_us = self.between(lasts_us_min, lasts_us_max, fault, Part::Lasts);
            let (begin, end) = self.draw_one(fault);
            self.inputs.push(TimedInput { at_us: begins_us, after_events: 0, input: begin });
            if let Some(input) = end {
                let at_us = begins_us.saturating_add(lasts_us).min(storms_until_us).min(self.until_us);
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
            Kind::Crash => {
                let most = u64::from(self.intensities.crash_written_max);
                // As far below zero as above it.
                let written = self.between(0, 2 * most, fault, Part::Written).saturating_sub(most) as u32;
                (Input::Crash { server, written }, Some(Input::Restart { server }))
            }
            Kind::TimeOut => (Input::TimeOut { server }, None),
            Kind::Compact => (Input::Compact { server }, None),
            Kind::Read => (Input::Read { key: "x".to_owned(), server: Some(server) }, None),
            Kind::Transfer => (Input::Transfer { server, to: other() }, None),
            Kind::Members => {
                let shape = draw(&self.address(fault, Part::Shape));
                let count =
                    self.between(self.intensities.voters_min.max(1).into(), self.servers.into(), fault, Part::Other)
                        as usize;
                let mut voters: Vec<ServerId> = (1..=self.servers).map(ServerId).collect();
                voters.sort_by_key(|id| draw(&[shape, id.0.into()]));
                let learners = voters.split_off(count).into_iter().filter(|id| shape >> id.0 & 1 == 1).collect();
                // Most catch up first, and few stay joint.
                let (catch_up, stays_joint) = (shape >> 60 & 3 != 0, shape >> 62 == 0);
                let begin = Input::SetMembers { voters, learners, server: None, catch_up, stays_joint };
                (begin, stays_joint.then_some(Input::LeaveJoint { server: None }))
            }
            Kind::NewServer => (Input::NewServer {}, None),
            Kind::Wall => {
                let number = fault.1 as u32;
                let [ax, ay, bx] = [Part::Shape, Part::Delay, Part::Tail].map(|part| self.coordinate(fault, part));
                // From the one half to the other: never from a point to itself.
                let (ay, by) = (ay / 2, Stage::SIZE / 2 + 1 + self.coordinate(fault, Part::Loss) / 3);
                (Input::Wall { wall: number, ax, ay, bx, by }, Some(Input::RemoveWall { wall: number }))
            }
            Kind::Move => {
                let [x, y] = [Part::Shape, Part::Delay].map(|part| self.coordinate(fault, part));
                (Input::Move { server, x, y }, None)
            }
            // By the client, which asks until it knows: what is handed to a server and never heard of again may be done at any
            // later time, and each such write doubles the ways in which reads can be explained.
            Kind::Propose => (Input::Propose { value: format!("x={}", fault.1), server: None }, None),
            Kind::Cut => {
                let (from, to) = (server, other());
                (Input::Cut { from, to }, Some(Input::Uncut { from, to }))
            }
            Kind::Hold => (Input::HoldLatest { from: server, to: other() }, Some(Input::ReleaseAll {})),
            Kind::Flap => {
                let (from, to) = (server, other());
                let turn_us = |part| self.between(20_000, 200_000, fault, part);
                let (up_us, down_us) = (turn_us(Part::Shape), turn_us(Part::Delay));
                (Input::Flap { from, to, up_us, down_us }, Some(Input::Uncut { from, to }))
            }
            Kind::Pause => (Input::Pause { server }, Some(Input::Resume { server })),
            Kind::Slow => {
                let step_us = self.between(1, self.intensities.slow_us_max.max(1), fault, Part::Delay);
                (Input::Slow { server, step_us }, Some(Input::Slow { server, step_us: 0 }))
            }
            Kind::Disk | Kind::Lie => {
                let &Intensities { disk_us_min: us_min, disk_us_max, bad_disk_us_max, .. } = self.intensities;
                let mended = Input::SetDisk { server, us_min, us_max: disk_us_max, lies: false };
                let slow_us = self.between(disk_us_max, bad_disk_us_max.max(disk_us_max), fault, Part::Delay);
                let lies = matches!(fault.0, Kind::Lie);
                let us_max = if lies { disk_us_max } else { slow_us };
                (Input::SetDisk { server, us_min, us_max, lies }, Some(mended))
            }
            Kind::Clock => {
                let faster =
                    self.between(1, self.intensities.clock_drift_ppm_max.clamp(1, MILLION).into(), fault, Part::Delay);
                let clock = |rate_ppm| Input::SetClock { server, rate_ppm, ahead_us: 0 };
                (clock(MILLION + faster as u32), Some(clock(MILLION)))
            }
            Kind::ClockJump => {
                let ahead_us = self.between(10_000, 1_000_000, fault, Part::Delay);
                (Input::SetClock { server, rate_ppm: MILLION, ahead_us }, None)
            }
            Kind::BadLink => {
                let (from, to) = (server, other());
                let &Intensities { delay_us_min, delay_us_max, delay_tail_us, in_order, .. } = self.intensities;
                let &Intensities { loss_ppm, duplicate_ppm, bad_delay_us_max, .. } = self.intensities;
                let slow_us = self.between(delay_us_max, bad_delay_us_max.max(delay_us_max), fault, Part::Delay);
                let bad = Input::SetLink {
                    from,
                    to,
                    delay_us_min,
                    delay_us_max: slow_us,
                    loss_ppm: self.ppm(fault, Part::Loss),
                    duplicate_ppm: self.ppm(fault, Part::Duplicate),
                    delay_tail_us: self.between(0, self.intensities.bad_delay_tail_us_max, fault, Part::Tail),
                    in_order: self.between(0, 3, fault, Part::InOrder) == 3,
                };
                let mended = Input::SetLink {
                    from,
                    to,
                    delay_us_min,
                    delay_us_max,
                    loss_ppm,
                    duplicate_ppm,
                    delay_tail_us,
                    in_order,
                };
                (bad, Some(mended))
            }
        }
    }
}

#[cfg(test)]
mod tests;
