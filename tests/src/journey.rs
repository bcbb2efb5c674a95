//! Small worlds moved at random: who times out, which message arrives and what is asked for is drawn from the seed and
//! the step, so that a seed says all there is to say of a run.

use std::cmp::Ordering;
use std::ops::Range;

use raft_core::random::draw_between;
use raft_core::{
    Body, Change, Configuration, Durable, Event, Input, InvalidStart, Options, Rejected, Rule, ServerId, Time,
};

use crate::{Cluster, without};

/// A world and for how long it is moved.
#[derive(Clone, Debug)]
pub struct Journey {
    /// How many servers vote from the beginning: S1 to Sn.
    pub voters: u32,
    /// How many servers more there are that know nobody yet; with some, members change.
    pub newcomers: u32,
    /// How many actions.
    pub steps: u64,
    /// Whether time passes, and servers time out by their own clocks only. These run apart by no more than the options
    /// allow for. Without it any server may time out at any moment.
    pub timed: bool,
    /// The servers' options.
    pub options: Options,
}

/// What may happen, and how often: the weights are varied with each seed, so that each run leans to something else.
const ACTIONS: [(Action, u64); 16] = [
    (Action::Deliver, 48),
    (Action::Settle, 5),
    (Action::Propose, 8),
    (Action::Read, 8),
    (Action::WakeUp, 7),
    (Action::TimeOut, 2),
    (Action::Elect, 2),
    (Action::Compact, 5),
    (Action::Save, 12),
    (Action::Duplicate, 3),
    (Action::Drop, 3),
    (Action::Cut, 2),
    (Action::Crash, 1),
    (Action::Restart, 3),
    (Action::Change, 2),
    (Action::LeaveBehind, 2),
];

#[derive(Clone, Copy, Debug)]
enum Action {
    Deliver,
    /// Messages are delivered among some servers until they are quiet.
    Settle,
    Propose,
    Read,
    WakeUp,
    TimeOut,
    /// A server times out, and some answer.
    Elect,
    Compact,
    Save,
    Duplicate,
    Drop,
    /// Some servers do not reach the others until the next cut.
    Cut,
    Crash,
    Restart,
    /// The members change, or the leader.
    Change,
    /// One server misses what the others do, and is brought up to date.
    LeaveBehind,
}

/// Draws for one step of one run.
struct Draws {
    seed: u64,
    step: u64,
    drawn: u64,
}

impl Draws {
    fn below(&mut self, limit: u64) -> u64 {
        self.drawn += 1;
        draw_between(0, limit.saturating_sub(1), &[self.seed, self.step, self.drawn])
    }

    fn one_of<T: Copy>(&mut self, list: &[T]) -> Option<T> {
        let at = usize::try_from(self.below(list.len() as u64)).unwrap_or(0);
        list.get(at).copied()
    }

    /// Some of the servers 1 to n, as bits from bit 1 on.
    fn some(&mut self, servers: u32) -> u64 {
        self.below(1 << servers) << 1
    }
}

impl Journey {
    fn world(&self, seed: u64) -> Result<Cluster, InvalidStart> {
        let options = Options { seed, ..self.options.clone() };
        // There is at least one voter, and each has a number of its own.
        let all = Configuration::of_voters((1..=self.voters).map(ServerId)).unwrap_or_default();
        let beginning = |id| if id <= self.voters { all.clone() } else { Configuration::unknown() };
        let server = |id| (ServerId(id), beginning(id), Durable::default());
        Cluster::with_members((1..=self.voters + self.newcomers).map(server).collect(), &options)
    }

    /// Moves the world of a seed until a property breaks or the steps are done.
    ///
    /// # Errors
    /// When a server cannot start again from what its disk holds.
    pub fn run(&self, seed: u64) -> Result<Cluster, InvalidStart> {
        self.go(seed, None)
    }

    /// The same in a world whose disks are instant, and whose servers are told of each save (`reported`) or need not be.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub fn run_on_instant_disks(&self, seed: u64, reported: bool) -> Result<Cluster, InvalidStart> {
        self.go(seed, Some(reported))
    }

    fn go(&self, seed: u64, reported: Option<bool>) -> Result<Cluster, InvalidStart> {
        let mut cluster = self.world(seed)?;
        let servers = self.voters + self.newcomers;
        let mut draws = Draws { seed, step: 0, drawn: 0 };
        let drawn = draws.below(3) > 0;
        cluster.disks_are_instant = reported.unwrap_or(drawn);
        cluster.saved_at_once = reported == Some(false);
        let weights = ACTIONS.map(|(action, weight)| match action {
            Action::Deliver | Action::Settle | Action::Save | Action::WakeUp => weight * (1 + draws.below(3)),
            // Some runs do without.
            _ => weight * draws.below(4).pow(2) / 2,
        });
        let rates: Vec<u64> = (0..=servers).map(|_| draws.below(2) * self.options.clock_drift_ppm_max).collect();
        let (mut real_us, mut cut, mut numbered) = (0, 0, 0);
        for step in 1..=self.steps {
            draws = Draws { seed, step, drawn: 0 };
            if self.timed {
                real_us += draws.below(4_000);
                for id in 1..=servers {
                    let rate = 1_000_000 + rates[id as usize];
                    cluster.pass(id, Time(real_us * rate / 1_000_000));
                    // Whoever has something to do is called soon, not at once.
                    if draws.below(4) == 0 {
                        let _ = cluster.step(id, Input::WakeUp);
                    }
                }
            }
            let mut at = draws.below(weights.iter().sum());
            let chosen = ACTIONS.iter().zip(weights).find(|&(_, weight)| match at.cmp(&weight) {
                Ordering::Less => true,
                _ => {
                    at -= weight;
                    false
                }
            });
            let Some((&(action, _), _)) = chosen else { continue };
            numbered += 1;
            match action {
                Action::Cut if cut != 0 => cut = 0,
                Action::Cut => {
                    let leads = |id: &u32| cluster.server(*id).is_leader();
                    let leader = cluster.running().into_iter().rfind(leads).filter(|_| draws.below(2) == 0);
                    cut = leader.map_or_else(|| draws.some(servers), |leader| 1 << leader);
                }
                Action::Crash | Action::Restart => {
                    let id = 1 + u32::try_from(draws.below(servers.into())).unwrap_or(0);
                    if !cluster.running().contains(&id) {
                        cluster.restart(id)?;
                    } else if matches!(action, Action::Crash) {
                        cluster.crash(id);
                    }
                }
                _ => self.act(&mut cluster, action, numbered, cut, &mut draws),
            }
            if step % 8 == 0 {
                cluster.check_log_matching();
            }
            if !cluster.violations.is_empty() {
                break;
            }
        }
        Ok(cluster)
    }

    /// The first of these seeds whose world breaks a property without a rule, with what broke.
    ///
    /// # Errors
    /// When a server cannot start again from what its disk holds.
    pub fn broken_without(&self, rule: Rule, seeds: Range<u64>) -> Result<Option<(u64, String)>, InvalidStart> {
        let journey = Self { options: without(rule, self.options.clone()), ..self.clone() };
        for seed in seeds {
            if let Some(broken) = journey.run(seed)?.violations.into_iter().next() {
                return Ok(Some((seed, broken)));
            }
        }
        Ok(None)
    }

    fn act(&self, cluster: &mut Cluster, action: Action, numbered: u64, cut: u64, draws: &mut Draws) {
        let servers = self.voters + self.newcomers;
        let running = cluster.running();
        let Some(id) = draws.one_of(&running) else { return };
        // Most of what is asked of a server is for a leader.
        let leads: Vec<u32> = running.iter().copied().filter(|&id| cluster.server(id).is_leader()).collect();
        let leader = if draws.below(8) == 0 { id } else { draws.one_of(&leads).unwrap_or(id) };
        match action {
            Action::Deliver | Action::Duplicate | Action::Drop => {
                let crosses = |from: u32, to: u32| (cut >> from ^ cut >> to) & 1 == 1;
                let reach = |at: &usize| {
                    let message = &cluster.network[*at];
                    matches!(action, Action::Drop) || !crosses(message.from.0, message.to.0)
                };
                let can: Vec<usize> = (0..cluster.network.len()).filter(reach).collect();
                let Some(at) = draws.one_of(&can) else { return };
                let message = cluster.network[at].clone();
                if !matches!(action, Action::Duplicate) || cluster.network.len() > 60 {
                    cluster.network.remove(at);
                }
                if !matches!(action, Action::Drop) {
                    // A refusal has been noted.
                    let _ = cluster.step(message.to.0, Input::Receive(message));
                }
            }
            Action::Settle => {
                let group = draws.some(servers);
                settle(cluster, group);
            }
            Action::Elect if !self.timed => {
                let group = draws.some(servers) | 1 << id;
                cluster.time_out(id);
                settle(cluster, group);
            }
            Action::TimeOut if !self.timed => cluster.time_out(id),
            Action::WakeUp if !self.timed && cluster.server(leader).is_leader() => cluster.wake(leader),
            Action::WakeUp | Action::TimeOut | Action::Elect => {}
            Action::Propose => {
                let _ = cluster.propose(leader, &format!("c{numbered}"));
            }
            Action::Read => {
                let _ = cluster.read(leader, numbered);
            }
            Action::Compact => {
                let (base, applied) = (cluster.server(id).log().base().index, cluster.server(id).last_applied());
                if cluster.compact(id, base.0 + 1 + draws.below(applied.since(base))).is_err() {
                    // Not a message.
                    cluster.refused.pop();
                }
            }
            Action::Save => cluster.finish_oldest_saves(id, 1),
            Action::Change if self.newcomers == 0 || draws.below(3) == 0 => {
                if cluster.step(leader, Input::Transfer(ServerId(id))).is_ok() {
                    cluster.deliver_one(|message| message.to.0 == id && message.body == Body::TimeoutNow);
                    let group = draws.some(servers);
                    settle(cluster, group);
                }
            }
            Action::Change => self.change_members(cluster, leader, draws),
            Action::LeaveBehind => {
                let others = !(1 << id);
                for at in 0..draws.below(4) {
                    // If it leads, these are entries of which nobody hears.
                    let _ = cluster.propose(id, &format!("c{numbered}.{at}"));
                }
                if draws.below(2) == 0 {
                    // Or one other.
                    let mate = draws.some(servers) & draws.some(servers);
                    settle(cluster, mate | 1 << id);
                }
                let Some(next) = draws.one_of(&running).filter(|&next| next != id) else { return };
                if !self.timed {
                    cluster.time_out(next);
                }
                settle(cluster, others);
                for at in 4..5 + draws.below(4) {
                    let _ = cluster.propose(next, &format!("c{numbered}.{at}"));
                }
                settle(cluster, others);
                if self.newcomers > 0 && draws.below(2) == 0 {
                    self.change_members(cluster, next, draws);
                    settle(cluster, others);
                }
                if cluster.compact(next, cluster.server(next).last_applied().0).is_err() {
                    cluster.refused.pop();
                }
                if !self.timed && cluster.server(next).is_leader() {
                    cluster.wake(next);
                }
            }
            Action::Cut | Action::Crash | Action::Restart => {}
        }
    }

    fn change_members(&self, cluster: &mut Cluster, leader: u32, draws: &mut Draws) {
        let servers = self.voters + self.newcomers;
        let some = draws.some(servers) | draws.some(servers);
        let voters = (1..=servers).filter(|id| some >> id & 1 == 1).map(ServerId);
        let change = Change { catch_up: draws.below(4) == 0, ..Change::to_voters(voters) };
        // A change to nobody is refused, and that is not a message's refusal.
        if some > 0 {
            let _ = cluster.step(leader, Input::Reconfigure(change));
        }
    }
}

/// Delivers what is on its way among a group, and what comes of it; what crosses its border waits.
fn settle(cluster: &mut Cluster, group: u64) {
    for _ in 0..40 {
        let within = |message: &raft_core::Message| group >> message.from.0 & group >> message.to.0 & 1 == 1;
        if cluster.deliver_one(within).is_none() {
            return;
        }
    }
}

/// The messages of these servers to each other that were refused: between correct servers there is none. Whether the
/// sender counts is another question while members change.
#[must_use]
pub fn refused_messages(cluster: &Cluster) -> Vec<(u32, Rejected)> {
    let of_inputs = |rejected: &Rejected| {
        matches!(
            rejected,
            Rejected::NotLeader { .. }
                | Rejected::TransferUnderWay { .. }
                | Rejected::NoTransferTo { .. }
                | Rejected::LeaderHasNoElectionTimer
                | Rejected::NotAVoter
                | Rejected::ChangeUnderWay { .. }
                | Rejected::NothingCommittedInTerm { .. }
                | Rejected::NothingToChange
                | Rejected::UnknownSender { .. }
        )
    };
    cluster.refused.iter().filter(|(_, rejected)| !of_inputs(rejected)).copied().collect()
}

/// What happened in some runs, so that a test can show that it tested something.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Happened {
    /// How many leaders were elected.
    pub elected: usize,
    /// How many snapshots took the place of a follower's log.
    pub installed: usize,
    /// How many snapshots were passed over.
    pub passed_over: usize,
    /// How many reads were answered.
    pub reads: usize,
    /// How many of them by lease.
    pub by_lease: usize,
    /// How many configurations came into force.
    pub configurations: usize,
}

impl Happened {
    /// Counts one run in.
    pub fn count(&mut self, cluster: &Cluster) {
        for (_, event) in &cluster.events {
            match event {
                Event::BecameLeader { .. } => self.elected += 1,
                Event::SnapshotInstalled { .. } => self.installed += 1,
                Event::SnapshotIgnored { .. } => self.passed_over += 1,
                Event::ReadByLease { .. } => self.by_lease += 1,
                Event::ConfigurationInForce { .. } => self.configurations += 1,
                _ => {}
            }
        }
        self.reads += cluster.reads_ready().len();
    }
}
