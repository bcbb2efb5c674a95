//! Where a search takes place: who takes part, under which conditions, and what may be done.

use raft_core::{Rule, ServerId};

use crate::input::{Input, TimedInput};
use crate::plain::within;
use crate::scenario::{MINUTE_US, Scenario, ScenarioError, WorldOptions};

/// How often each kind of action is chosen beside the others that are possible. 0: never.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Weights {
    /// A message arrives.
    pub deliver: u32,
    /// A leader sends its heartbeats.
    pub heartbeat: u32,
    /// Something to write.
    pub propose: u32,
    /// A read.
    pub read: u32,
    /// An election timer runs out.
    pub time_out: u32,
    /// A message is lost.
    pub drop: u32,
    /// A message is doubled.
    pub duplicate: u32,
    /// A server crashes.
    pub crash: u32,
    /// A crashed one starts again.
    pub restart: u32,
    /// The leadership is handed over.
    pub transfer: u32,
    /// A snapshot.
    pub compact: u32,
    /// A change of members.
    pub members: u32,
    /// A clock that runs at another rate.
    pub clock: u32,
    /// Time passes.
    pub wait: u32,
}

impl Weights {
    /// As measured to be good where only elections, the log and crashes are looked at.
    pub const PLAIN: Self = Self {
        deliver: 600,
        heartbeat: 60,
        propose: 70,
        read: 0,
        time_out: 40,
        drop: 40,
        duplicate: 20,
        crash: 15,
        restart: 60,
        transfer: 0,
        compact: 0,
        members: 0,
        clock: 0,
        wait: 0,
    };

    /// Nothing is ever done.
    pub(crate) const NOTHING: Self = Self {
        deliver: 0,
        heartbeat: 0,
        propose: 0,
        read: 0,
        time_out: 0,
        drop: 0,
        duplicate: 0,
        crash: 0,
        restart: 0,
        transfer: 0,
        compact: 0,
        members: 0,
        clock: 0,
        wait: 0,
    };

    /// By class ([`Action::class`](super::Action::class)).
    pub(crate) const fn by_class(&self) -> [u32; 14] {
        [
            self.deliver,
            self.drop,
            self.duplicate,
            self.time_out,
            self.heartbeat,
            self.propose,
            self.read,
            self.crash,
            self.restart,
            self.transfer,
            self.compact,
            self.members,
            self.clock,
            self.wait,
        ]
    }
}

/// Where a search takes place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ground {
    /// How many servers vote at first, 1 to 7.
    pub servers: u32,
    /// How many more there are that belong to nothing yet, so that members can change; with them at most 9.
    pub spares: u32,
    /// Under which conditions. Delays, timeouts and the like are the search's own.
    pub options: WorldOptions,
    /// How many steps of a run a slow disk takes for a save, 0 to 40. 0: a save is done at once, as with all other disks.
    pub disk_steps: u32,
    /// How many servers have slow disks: the first ones.
    pub slow_disks: u32,
    /// What may be done, and how often.
    pub weights: Weights,
    /// How many steps a run has at most, 1 to 500.
    pub actions_max: u32,
    /// What servers do besides that they must not.
    #[cfg(test)]
    pub(crate) breach: Option<super::breaches::Breach>,
}

impl Ground {
    /// The most servers with which a search begins.
    pub const SERVERS_MAX: u32 = 7;
    /// The most servers in all.
    pub const ALL_SERVERS_MAX: u32 = 9;
    /// The most steps of a run.
    pub const ACTIONS_MAX: u32 = 500;
    /// The most steps that a save takes.
    pub const DISK_STEPS_MAX: u32 = 40;

    /// So many servers, with elections, writes, crashes and a network that loses and doubles messages; without `rules_off`.
    #[must_use]
    pub fn plain(servers: u32, rules_off: &[Rule]) -> Self {
        let options = WorldOptions {
            pre_vote: false,
            check_quorum: false,
            noop_on_election: true,
            rules_off: rules_off.to_vec(),
            ..WorldOptions::default()
        };
        Self {
            servers,
            spares: 0,
            options,
            disk_steps: 0,
            slow_disks: 0,
            weights: Weights::PLAIN,
            actions_max: 200,
            #[cfg(test)]
            breach: None,
        }
    }

    /// Everything that raft-core has, at once: Pre-Vote, CheckQuorum, leases, snapshots, changes of members.
    #[must_use]
    pub fn full(servers: u32, spares: u32, rules_off: &[Rule]) -> Self {
        let options = WorldOptions {
            pre_vote: true,
            check_quorum: true,
            lease_reads: true,
            noop_on_election: true,
            rules_off: rules_off.to_vec(),
            ..WorldOptions::default()
        };
        let weights = Weights {
            read: 40,
            transfer: 10,
            compact: 15,
            members: if spares > 0 { 25 } else { 0 },
            clock: 5,
            wait: 60,
            ..Weights::PLAIN
        };
        Self { spares, options, weights, actions_max: 300, ..Self::plain(servers, &[]) }
    }

    /// Grounds on which a rule's absence shows: what it is about is done more often, and what it has nothing to do with not at all.
    /// Several, as one cannot know what else it takes: with and without an entry at the beginning of a term, entries one by
    /// one and many at once, three servers and more.
    #[must_use]
    pub fn for_rule(rule: Rule) -> Vec<Self> {
        let plain = |servers, noop_on_election, entries_per_append_max| {
            let mut ground = Self::plain(servers, &[rule]);
            ground.options.noop_on_election = noop_on_election;
            ground.options.entries_per_append_max = entries_per_append_max;
            ground
        };
        let mut grounds = vec![plain(3, true, 8), plain(3, false, 8), plain(3, false, 1)];
        let each = |grounds: &mut Vec<Self>, change: &dyn Fn(&mut Self)| grounds.iter_mut().for_each(change);
        match rule {
            Rule::EachVoteCountsOnce => grounds = vec![plain(5, true, 8), plain(5, false, 8)],
            Rule::AppendReplyTermChecked | Rule::MatchStartsAtZero => {
                grounds = vec![plain(5, true, 8), plain(5, false, 8)];
                // One server has to lead twice, and another between.
                each(&mut grounds, &|ground| ground.actions_max = 300);
            }
            Rule::QuorumIsMoreThanHalf => grounds = vec![plain(2, true, 8), plain(4, true, 8)],
            Rule::TermAndVoteInOneWrite => each(&mut grounds, &|ground| {
                (ground.disk_steps, ground.slow_disks, ground.weights.crash) = (2, 1, 80);
            }),
            Rule::EntriesPersistedBeforeAck => each(&mut grounds, &|ground| {
                (ground.disk_steps, ground.slow_disks) = (4, 1);
            }),
            Rule::OverwrittenWriteMarksNothing => each(&mut grounds, &|ground| {
                (ground.disk_steps, ground.slow_disks, ground.weights.crash) = (20, 1, 0);
            }),
            Rule::JointNeedsBothMajorities
            | Rule::ConfigurationInForceWhenAppended
            | Rule::ConfigurationUndoneWhenTruncated
            | Rule::OneChangeAtATime
            | Rule::OwnTermCommitBeforeChange
            | Rule::RemovedLeaderCountsNot
            | Rule::ProgressFreshOnReAdding
            | Rule::PromotedLearnerVotes => each(&mut grounds, &|ground| {
                (ground.servers, ground.spares, ground.weights.members) = (4, 1, 60);
            }),
            Rule::SnapshotCarriesConfiguration => each(&mut grounds, &|ground| {
                ground.spares = 1;
                (ground.weights.members, ground.weights.compact) = (50, 50);
            }),
            Rule::OlderSnapshotIgnored | Rule::SnapshotEdgeChecked => {
                each(&mut grounds, &|ground| ground.weights.compact = 60);
            }
            Rule::ReadAfterOwnTermCommit | Rule::ReadNeedsFreshConfirmation | Rule::ReadContextIsUnique => {
                each(&mut grounds, &|ground| {
                    (ground.weights.read, ground.weights.crash) = (80, 0);
                });
            }
            Rule::LeaseEndsWithTransfer | Rule::LeaseRespectsDrift => each(&mut grounds, &|ground| {
                (ground.options.check_quorum, ground.options.lease_reads) = (true, true);
                let Weights { read, wait, transfer, clock, crash, .. } = &mut ground.weights;
                (*read, *wait, *crash) = (60, 60, 0);
                if rule == Rule::LeaseEndsWithTransfer {
                    *transfer = 30
                } else {
                    *clock = 20
                }
                // The more clocks may differ, the shorter a lease has to be: by so much the rule's absence is seen from afar.
                ground.options.clock_drift_ppm_max = 500_000;
            }),
            Rule::PreVoteIsNoContact => each(&mut grounds, &|ground| {
                ground.options.pre_vote = true;
                ground.weights.wait = 30;
            }),
            _ => {}
        }
        grounds
    }

    /// All servers, those that belong to nothing included.
    pub(crate) const fn all_servers(&self) -> u32 {
        self.servers + self.spares
    }

    /// How long a step takes, in microseconds. Where time is let pass steps are short beside it.
    pub(crate) const fn step_us(&self) -> u64 {
        if self.weights.wait > 0 { 1_000 } else { 20_000 }
    }

    /// The shortest election timeout.
    pub(crate) const fn timeout_us_min(&self) -> u64 {
        self.step_us() * 1_500
    }

    /// The conditions with the times of a search: no timer runs out within a run's steps, but only where time is let pass
    /// ([`Action::Wait`](super::Action::Wait)) or a timer is let run out.
    fn timed(&self, delay_us: u64) -> WorldOptions {
        let step_us = self.step_us();
        WorldOptions {
            election_timeout_us_min: self.timeout_us_min(),
            election_timeout_us_max: step_us * 2_250,
            heartbeat_us: step_us * 600,
            delay_us_min: delay_us,
            delay_us_max: delay_us,
            loss_ppm: 0,
            duplicate_ppm: 0,
            delay_tail_us: 0,
            in_order: false,
            disk_us_min: 0,
            disk_us_max: 0,
            clients: 0,
            ..self.options.clone()
        }
    }

    /// The scenario in which nothing has been done yet. Where it is searched no message arrives by itself; where it is shown,
    /// each takes a step.
    ///
    /// # Errors
    /// Names the first field that is out of its range.
    pub(crate) fn scenario(&self, shown: bool) -> Result<Scenario, ScenarioError> {
        within("servers", self.servers.into(), 1, Self::SERVERS_MAX.into())?;
        within("spares", self.spares.into(), 0, u64::from(Self::ALL_SERVERS_MAX) - u64::from(self.servers))?;
        within("actions_max", self.actions_max.into(), 1, Self::ACTIONS_MAX.into())?;
        within("disk_steps", self.disk_steps.into(), 0, Self::DISK_STEPS_MAX.into())?;
        within("slow_disks", self.slow_disks.into(), 0, self.servers.into())?;
        let at_first = |input| TimedInput { at_us: 0, after_events: 0, input };
        let appear = (0..self.spares).map(|_| Input::NewServer {});
        // Done just before a step, so that it is no question which of the two comes first.
        let us = (u64::from(self.disk_steps) * self.step_us()).saturating_sub(1);
        let slow = |server| Input::SetDisk { server: ServerId(server), us_min: us, us_max: us, lies: false };
        let slow = (1..=if us > 0 { self.slow_disks } else { 0 }).map(slow);
        let scenario = Scenario {
            servers: self.servers,
            options: self.timed(if shown { self.step_us() } else { MINUTE_US }),
            inputs: appear.chain(slow).map(at_first).collect(),
            ..Scenario::default()
        };
        scenario.check()?;
        Ok(scenario)
    }

    /// All servers in their order.
    pub(crate) fn servers(&self) -> impl Iterator<Item = ServerId> + use<> {
        (1..=self.all_servers()).map(ServerId)
    }
}
