//! Small worlds that are moved at random while their members change. Nothing of Figure 3 may break; and without a rule,
//! some world breaks.
//!
//! A world is its seed: every draw is addressed, so one that broke can be seen again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use raft_core::random::{draw, draw_between};
use raft_core::{Change, Event, Input, Message, Options, Rejected, Role, Rule, ServerId, Time};
use raft_tests::{Cluster, without, worlds};

/// One world: its cluster, and where its draws come from.
struct World {
    cluster: Cluster,
    seed: u64,
    drawn: u64,
    servers: u32,
    now: Time,
}

impl World {
    fn new(seed: u64, options: &Options) -> Self {
        let servers = 4 + u32::try_from(draw_between(0, 1, &[seed, 0])).unwrap();
        let voters = u32::try_from(draw_between(1, 4, &[seed, 1])).unwrap();
        let logs = vec![&[] as &[u64]; voters as usize];
        // What a world is like, each by a draw of its own.
        let one_in = |count: u64, what: u64| draw(&[seed, what]).is_multiple_of(count);
        let options = Options {
            noop_on_election: !one_in(4, 2),
            entries_per_append_max: if one_in(2, 3) { 1 } else { 64 },
            pre_vote: one_in(4, 4),
            check_quorum: one_in(4, 5),
            eager_commit: one_in(4, 6),
            snapshot_chunk_bytes: 4,
            seed,
            ..options.clone()
        };
        let mut cluster = Cluster::with_logs(0, &logs, &options).unwrap();
        for id in voters + 1..=servers {
            cluster.join(id).unwrap();
        }
        cluster.disks_are_instant = !one_in(4, 7);
        Self { cluster, seed, drawn: 10, servers, now: Time::ZERO }
    }

    /// A number below `count`.
    fn below(&mut self, count: u64) -> u64 {
        self.drawn += 1;
        draw_between(0, count - 1, &[self.seed, self.drawn])
    }

    fn server(&mut self) -> u32 {
        1 + u32::try_from(self.below(self.servers.into())).unwrap()
    }

    fn runs(&self, id: u32) -> bool {
        self.cluster.is_running(id)
    }

    /// A server that leads, as far as it knows.
    fn leader(&mut self) -> Option<u32> {
        let leaders: Vec<u32> =
            (1..=self.servers).filter(|&id| self.runs(id) && self.cluster.server(id).is_leader()).collect();
        let at = self.below(leaders.len().max(1) as u64);
        leaders.get(usize::try_from(at).unwrap()).copied()
    }

    /// Some of the servers, this one among them.
    fn group_of(&mut self, id: u32) -> Vec<u32> {
        let bits = self.below(1 << self.servers);
        (1..=self.servers).filter(|&other| other == id || bits >> (other - 1) & 1 == 1).collect()
    }

    /// The members as they are with one come, gone, promoted or demoted, or others altogether.
    fn change(&mut self, leader: u32) -> Change {
        let configuration = self.cluster.server(leader).configuration();
        let (mut voters, mut learners) = (configuration.voters().to_vec(), configuration.learners().to_vec());
        let all = (1..=self.servers).map(ServerId);
        match self.below(8) {
            0..=4 => {
                let who = ServerId(self.server());
                let learns = self.below(4) == 0;
                let was_voter = voters.contains(&who);
                voters.retain(|&id| id != who);
                learners.retain(|&id| id != who);
                if learns {
                    learners.push(who);
                } else if !was_voter {
                    voters.push(who);
                }
            }
            _ => {
                let bits = self.below(1 << self.servers);
                (voters, learners) = all.partition(|id| bits >> (id.0 - 1) & 1 == 1);
                if self.below(2) == 0 {
                    learners.clear();
                }
            }
        }
        Change { voters, learners, catch_up: self.below(4) == 0, stays_joint: self.below(4) == 0 }
    }

    fn act(&mut self) {
        let id = self.server();
        self.now = self.now.plus(self.below(60_000));
        for id in 1..=self.servers {
            self.cluster.pass(id, self.now);
        }
        if self.below(3) == 0 {
            self.cluster.finish_saves(id);
        }
        // Refusals are answers like others here: the server must only stay as it was.
        match self.below(100) {
            0..=39 if !self.cluster.network.is_empty() => {
                let count = self.cluster.network.len() as u64;
                let at = usize::try_from(self.below(count)).unwrap();
                let message = match self.below(10) {
                    0 => self.cluster.network[at].clone(),
                    _ => self.cluster.network.remove(at),
                };
                let _ = self.cluster.step(message.to.0, Input::Receive(message));
            }
            40 if !self.cluster.network.is_empty() => {
                let count = self.cluster.network.len() as u64;
                let at = usize::try_from(self.below(count)).unwrap();
                self.cluster.network.remove(at);
            }
            41 if self.runs(id) => {
                let upto = self.cluster.server(id).last_applied().0.saturating_sub(self.below(4));
                let _ = self.cluster.compact(id, upto);
            }
            42..=43 => self.cluster.lose_all(),
            // An election as a whole, or a part of one.
            44..=51 if self.runs(id) => {
                let group = self.group_of(id);
                self.cluster.time_out(id);
                self.deliver(&group, 12);
            }
            // A leader and some others are well connected for a while.
            52..=69 => {
                if let Some(leader) = self.leader() {
                    let group = self.group_of(leader);
                    self.cluster.wake(leader);
                    self.deliver(&group, 30);
                }
            }
            70..=77 => {
                if let Some(leader) = self.leader() {
                    let _ = self.cluster.propose(leader, "x");
                }
            }
            78..=89 => {
                if let Some(leader) = self.leader() {
                    let change = self.change(leader);
                    let _ = self.cluster.change(leader, change);
                }
            }
            90..=91 => {
                if let Some(leader) = self.leader() {
                    let _ = self.cluster.step(leader, Input::LeaveJoint);
                }
            }
            92 => {
                if let Some(leader) = self.leader() {
                    let to = ServerId(id);
                    let _ = self.cluster.step(leader, Input::Transfer(to));
                }
            }
            93..=94 if self.runs(id) && !matches!(self.cluster.server(id).role(), Role::Leader(_)) => {
                self.cluster.wake(id);
            }
            95..=96 => self.cluster.crash(id),
            97..=99 => self.restart_all(id),
            _ => {}
        }
    }

    fn restart_all(&mut self, from: u32) {
        for id in from..=self.servers {
            if !self.runs(id) {
                self.cluster.restart(id).unwrap();
            }
        }
    }

    /// So many messages among these servers arrive, oldest first, and their disks keep up.
    fn deliver(&mut self, group: &[u32], count: usize) {
        for _ in 0..count {
            let among = |message: &Message| group.contains(&message.from.0) && group.contains(&message.to.0);
            for &id in group {
                self.cluster.finish_saves(id);
            }
            if self.cluster.deliver_one(among).is_none() {
                return;
            }
        }
    }
}

/// Refusals of what no server can have sent that follows the rules.
const fn cannot_be(rejected: Rejected) -> bool {
    matches!(
        rejected,
        Rejected::WouldEraseCommitted { .. }
            | Rejected::SecondLeader { .. }
            | Rejected::AckPastTheEnd { .. }
            | Rejected::AbsurdConflict { .. }
            | Rejected::AbsurdOffset { .. }
            | Rejected::TermFalls { .. }
            | Rejected::EntryFromTheFuture { .. }
            | Rejected::NoSuchEntry { .. }
            | Rejected::OutOfRange { .. }
            | Rejected::UnknownSave { .. }
    )
}

impl World {
    /// Everything works from now on. How often a server has to wake up until one leads, its own entry is committed and all
    /// members have its log; none when that takes too long.
    fn comes_to_rest(&mut self) -> Option<u32> {
        self.cluster.disks_are_instant = true;
        self.restart_all(1);
        for id in 1..=self.servers {
            self.cluster.finish_saves(id);
        }
        self.cluster.lose_all();
        (0..400).find(|_| {
            let next = (1..=self.servers).min_by_key(|&id| self.cluster.server(id).next_wake_up()).unwrap();
            self.cluster.wake(next);
            self.cluster.deliver(|_| true);
            let leader = (1..=self.servers).filter(|&id| self.cluster.server(id).is_leader());
            let Some(leader) = leader.max_by_key(|&id| self.cluster.server(id).current_term()) else { return false };
            let (server, last) = (self.cluster.server(leader), self.cluster.server(leader).log().last());
            if last.term < server.current_term() {
                let _ = self.cluster.propose(leader, "rest");
                return false;
            }
            let members = server.configuration().members();
            server.commit_index() == last.index
                && members.iter().all(|id| self.cluster.server(id.0).log().last() == last)
        })
    }
}

const ACTIONS: u64 = 150;

/// What broke in a world, and after how many actions.
fn run(seed: u64, options: &Options) -> Option<(u64, String)> {
    let mut world = World::new(seed, options);
    (1..=ACTIONS).find_map(|action| {
        world.act();
        world.cluster.violations.first().map(|first| (action, first.clone()))
    })
}

#[test]
fn nothing_breaks_in_any_world_and_all_come_to_rest() {
    let mut done = [0_usize; 4];
    let mut longest = 0;
    for seed in 0..WORLDS {
        let mut world = World::new(seed, &Options::default());
        for action in 1..=ACTIONS {
            world.act();
            assert_eq!(world.cluster.violations, Vec::<String>::new(), "seed {seed}, action {action}");
        }
        let absurd = world.cluster.refused.iter().find(|(_, rejected)| cannot_be(*rejected));
        assert_eq!(absurd, None, "seed {seed}");
        let took = world.comes_to_rest();
        assert!(took.is_some(), "seed {seed} does not come to rest");
        longest = longest.max(took.unwrap());
        assert_eq!(world.cluster.violations, Vec::<String>::new(), "seed {seed}, at rest");
        // What a run is worth: how often members changed, by one and by way of both majorities, and what was committed.
        for (_, event) in &world.cluster.events {
            match event {
                Event::ConfigurationInForce { members, .. } if members.old.is_some() => done[1] += 1,
                Event::ConfigurationInForce { .. } => done[0] += 1,
                Event::BecameLeader { .. } => done[2] += 1,
                Event::Committed { .. } => done[3] += 1,
                _ => {}
            }
        }
    }
    println!("{WORLDS} worlds: single {}, joint {}, leaders {}, commits {}", done[0], done[1], done[2], done[3]);
    println!("at most {longest} wake-ups to come to rest");
    assert!(cfg!(miri) || done.iter().all(|&count| count as u64 > WORLDS / 2), "{done:?}");
}

const WORLDS: u64 = worlds(10_000);

/// Worlds that broke without a rule, to begin the search with: when what a world does has changed, the search goes on from
/// there. What [`Rule::ProgressFreshOnReAdding`] guards against breaks nothing of Figure 3 by itself, and
/// [`Rule::PromotedLearnerVotes`] is about having a leader at all.
const BROKE: [(Rule, u64); 6] = [
    (Rule::JointNeedsBothMajorities, 57),
    (Rule::ConfigurationInForceWhenAppended, 2),
    (Rule::ConfigurationUndoneWhenTruncated, 5_089),
    (Rule::OneChangeAtATime, 337),
    (Rule::OwnTermCommitBeforeChange, 96_936),
    (Rule::RemovedLeaderCountsNot, 177),
];

#[test]
#[cfg_attr(miri, ignore = "it searches through thousands of worlds")]
fn without_a_rule_some_world_breaks() {
    for (rule, first) in BROKE {
        let options = without(rule, Options::default());
        let broke = (first..first + 400_000).find_map(|seed| Some((seed, run(seed, &options)?)));
        let (seed, (action, what)) = broke.unwrap_or_else(|| panic!("no world breaks without {rule}"));
        println!("{rule}: seed {seed}, action {action}: {what}");
        assert!(["Election Safety", "State Machine Safety"].iter().any(|property| what.starts_with(property)));
        assert_eq!(run(seed, &Options::default()), None, "{rule} has nothing to do with it");
    }
}
