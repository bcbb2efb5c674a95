//! Anything that can happen, in any order: the properties of Figure 3 hold all along, and once nothing goes wrong any more
//! the servers come to agree and have every command that was acknowledged.
//!
//! Actions are made by proptest from a fixed seed and made smaller when they fail; what failed once is kept beside this
//! file and tried first.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, RngSeed};
use raft_core::{Body, Change, Configuration, Durable, Entry, EntryId, Index, Input, Message, Options, ServerId, Term};
use raft_tests::Cluster;

/// One thing that happens. Numbers choose among what is there, so that every sequence can be played.
#[derive(Clone, Copy, Debug)]
enum Action {
    Deliver(u8),
    Lose(u8),
    Duplicate(u8),
    /// All that is on its way between two servers arrives, with the answers and the disks' work.
    Exchange(u8, u8),
    /// A server times out and asks those of a set of bits for their votes, who all answer.
    Elect(u8, u8),
    TimeOut(u8),
    Wake(u8),
    Propose(u8, u8),
    FinishSave(u8),
    FinishSaves(u8),
    Crash(u8),
    Restart(u8),
    Transfer(u8, u8),
    Compact(u8),
    /// To the members of a set of bits, some of them learners.
    Reconfigure(u8, u8),
    LeaveJoint(u8),
}

fn action() -> impl Strategy<Value = Action> {
    use Action::{
        Compact, Crash, Deliver, Duplicate, Elect, Exchange, FinishSave, FinishSaves, LeaveJoint, Lose, Propose,
        Reconfigure, Restart, TimeOut, Transfer, Wake,
    };
    let (one, two) = (any::<u8>(), (any::<u8>(), any::<u8>()));
    prop_oneof![
        30 => one.prop_map(Deliver),
        3 => one.prop_map(Lose),
        3 => one.prop_map(Duplicate),
        12 => two.prop_map(|(a, b)| Exchange(a, b)),
        6 => two.prop_map(|(a, b)| Elect(a, b)),
        4 => one.prop_map(TimeOut),
        8 => one.prop_map(Wake),
        8 => two.prop_map(|(a, b)| Propose(a, b)),
        10 => one.prop_map(FinishSave),
        10 => one.prop_map(FinishSaves),
        2 => one.prop_map(Crash),
        4 => one.prop_map(Restart),
        1 => two.prop_map(|(a, b)| Transfer(a, b)),
        2 => one.prop_map(Compact),
        2 => two.prop_map(|(a, b)| Reconfigure(a, b)),
        1 => one.prop_map(LeaveJoint),
    ]
}

fn options() -> impl Strategy<Value = Options> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let window = (prop_oneof![Just(1), Just(2), Just(64)], prop_oneof![Just(1), Just(3), Just(256)]);
    (flags, window, any::<bool>(), 1..40_usize, any::<u64>()).prop_map(|(flags, window, few_bytes, chunk, seed)| {
        let (pre_vote, check_quorum, noop_on_election, eager_commit) = flags;
        let (entries_per_append_max, entries_in_flight_max) = window;
        let bytes_in_flight_max = if few_bytes { 8 } else { 4 << 20 };
        Options {
            pre_vote,
            check_quorum,
            noop_on_election,
            eager_commit,
            entries_per_append_max,
            entries_in_flight_max,
            bytes_in_flight_max,
            snapshot_chunk_bytes: chunk,
            seed,
            ..Options::default()
        }
    })
}

/// A cluster with what is remembered of it to be held against it.
struct World {
    cluster: Cluster,
    count: u32,
    up: BTreeSet<u32>,
    /// Whether half of the servers are the members at first, and others join and leave.
    members_change: bool,
    proposed: u32,
    /// Commands, and who leads that was handed them.
    waiting: Vec<(u32, String)>,
    acknowledged: Vec<String>,
    /// What stands before an entry and what it carries: the same wherever it stands (Log Matching).
    entries: BTreeMap<(Index, Term), (Term, Entry)>,
    /// What is committed, and in which term it was.
    committed: BTreeMap<Index, (Term, Term)>,
    /// Each leadership's log as it was last seen, by its last entry (Leader Append-Only).
    leaderships: BTreeMap<Term, EntryId>,
    votes: BTreeMap<(ServerId, Term), ServerId>,
    /// Each server's term and commit index, in this life.
    reached: BTreeMap<u32, (Term, Index)>,
}

impl World {
    fn new(count: u32, members_change: bool, options: &Options) -> Self {
        let first = if members_change { count.div_ceil(2) } else { count };
        let beginning = Configuration::of_voters((1..=first).map(ServerId)).unwrap();
        let of = |id| if id <= first { beginning.clone() } else { Configuration::unknown() };
        let servers = (1..=count).map(|id| (ServerId(id), of(id), Durable::default())).collect();
        let mut cluster = Cluster::with_members(servers, options).unwrap();
        cluster.disks_are_instant = false;
        let up = (1..=count).collect();
        let (waiting, acknowledged) = (Vec::new(), Vec::new());
        let (entries, committed, leaderships) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let (votes, reached) = (BTreeMap::new(), BTreeMap::new());
        Self {
            cluster,
            count,
            up,
            members_change,
            proposed: 0,
            waiting,
            acknowledged,
            entries,
            committed,
            leaderships,
            votes,
            reached,
        }
    }

    /// One of the running servers.
    fn running(&self, choice: u8) -> Option<u32> {
        self.up.iter().nth(usize::from(choice) % self.up.len().max(1)).copied()
    }

    /// Mostly one that leads.
    fn leading(&self, choice: u8) -> Option<u32> {
        let leaders: Vec<u32> = self.up.iter().copied().filter(|&id| self.cluster.server(id).is_leader()).collect();
        match leaders.len() {
            0 => self.running(choice),
            count => leaders.get(usize::from(choice) % count).copied(),
        }
    }

    fn on_its_way(&self, choice: u8) -> Option<usize> {
        let count = self.cluster.network.len();
        // Nearer to the oldest, so that some go the whole way.
        (count > 0).then(|| usize::from(choice) * usize::from(choice) * count / (256 * 256))
    }

    fn receive(&mut self, message: Message) {
        if self.up.contains(&message.to.0) {
            let outcome = self.cluster.step(message.to.0, Input::Receive(message.clone()));
            // Those who do not know each other's members may be strangers.
            let stranger = self.members_change && matches!(outcome, Err(raft_core::Rejected::UnknownSender { .. }));
            assert!(outcome.is_ok() || stranger, "{message:?}: {outcome:?}");
        }
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Deliver(choice) => {
                let Some(at) = self.on_its_way(choice) else { return };
                let message = self.cluster.network.remove(at);
                self.receive(message);
            }
            Action::Lose(choice) => {
                let Some(at) = self.on_its_way(choice) else { return };
                self.cluster.network.remove(at);
            }
            Action::Duplicate(choice) => {
                let Some(at) = self.on_its_way(choice) else { return };
                self.cluster.network.push(self.cluster.network[at].clone());
            }
            Action::Exchange(one, other) => {
                let (Some(one), Some(other)) = (self.running(one), self.running(other)) else { return };
                for _ in 0..20 {
                    self.cluster.finish_saves(one);
                    self.cluster.finish_saves(other);
                    let between = |message: &Message| {
                        [[one, other], [other, one]].contains(&[message.from.0, message.to.0]) && one != other
                    };
                    let Some(at) = self.cluster.network.iter().position(between) else { break };
                    let message = self.cluster.network.remove(at);
                    self.receive(message);
                    self.look();
                }
            }
            Action::Elect(choice, bits) => {
                let Some(id) = self.running(choice) else { return };
                let _ = self.cluster.step(id, Input::TimeOut);
                self.cluster.finish_saves(id);
                let term = self.cluster.server(id).current_term();
                let asked = |other: ServerId| bits >> (other.0 - 1) & 1 == 1;
                let of_election = |message: &Message| {
                    message.term == term
                        && raft_tests::is_vote(message)
                        && (message.from.0 == id && asked(message.to) || message.to.0 == id && asked(message.from))
                };
                while let Some(at) = self.cluster.network.iter().position(of_election) {
                    let message = self.cluster.network.remove(at);
                    let to = message.to.0;
                    self.receive(message);
                    if self.up.contains(&to) {
                        self.cluster.finish_saves(to);
                    }
                }
            }
            Action::TimeOut(choice) => {
                let Some(id) = self.running(choice) else { return };
                let _ = self.cluster.step(id, Input::TimeOut);
            }
            Action::Wake(choice) => {
                let Some(id) = self.running(choice) else { return };
                self.cluster.wake(id);
            }
            Action::Propose(choice, count) => {
                let Some(id) = self.leading(choice) else { return };
                let commands: Vec<String> = (0..1 + count % 3).map(|at| format!("{}.{at}", self.proposed)).collect();
                let commands: Vec<&str> = commands.iter().map(String::as_str).collect();
                self.proposed += 1;
                if self.cluster.propose_all(id, &commands).is_ok() {
                    self.waiting.extend(commands.iter().map(|&command| (id, command.to_owned())));
                }
            }
            Action::FinishSave(choice) => {
                let Some(id) = self.running(choice) else { return };
                self.cluster.finish_one_save(id);
            }
            Action::FinishSaves(choice) => {
                let Some(id) = self.running(choice) else { return };
                self.cluster.finish_saves(id);
            }
            Action::Crash(choice) => {
                let Some(id) = self.running(choice) else { return };
                self.cluster.crash(id);
                self.up.remove(&id);
                self.waiting.retain(|(at, _)| *at != id);
            }
            Action::Restart(choice) => {
                let id = 1 + u32::from(choice) % self.count;
                self.restart(id);
            }
            Action::Transfer(choice, to) => {
                let Some(id) = self.leading(choice) else { return };
                let _ = self.cluster.step(id, Input::Transfer(ServerId(1 + u32::from(to) % self.count)));
            }
            Action::Compact(choice) => {
                let Some(id) = self.running(choice) else { return };
                let applied = self.cluster.server(id).last_applied().0;
                let _ = self.cluster.compact(id, applied);
            }
            Action::Reconfigure(choice, bits) => {
                let Some(id) = self.leading(choice).filter(|_| self.members_change) else { return };
                let named =
                    |shift: u8| (1..=self.count).filter(move |id| bits.rotate_right(shift.into()) >> id & 1 == 1);
                let voters: Vec<ServerId> = named(0).map(ServerId).collect();
                let learners = named(3).map(ServerId).filter(|id| !voters.contains(id)).collect();
                let (catch_up, stays_joint) = (bits & 1 == 1, bits & 0x80 != 0);
                let _ = self.cluster.step(id, Input::Reconfigure(Change { voters, learners, catch_up, stays_joint }));
            }
            Action::LeaveJoint(choice) => {
                let Some(id) = self.leading(choice) else { return };
                let _ = self.cluster.step(id, Input::LeaveJoint);
            }
        }
    }

    fn restart(&mut self, id: u32) {
        if self.up.insert(id) {
            self.cluster.restart(id).unwrap();
            // A term that was not on disk yet has bound it to nothing.
            self.reached.insert(id, (self.cluster.server(id).current_term(), Index::ZERO));
        }
    }

    /// Holds everything against the properties.
    fn look(&mut self) {
        assert_eq!(self.cluster.violations, Vec::<String>::new());
        for message in &self.cluster.network {
            if message.body == (Body::RequestVoteReply { vote_granted: true }) {
                let first = *self.votes.entry((message.from, message.term)).or_insert(message.to);
                assert_eq!(first, message.to, "{} voted twice in term {}", message.from, message.term);
            }
        }
        for &id in &self.up {
            let server = self.cluster.server(id);
            raft_tests::assert_sound(server);
            let (term, commit_index) = (server.current_term(), server.commit_index());
            let before = self.reached.insert(id, (term, commit_index)).unwrap_or_default();
            assert!(term >= before.0 && commit_index >= before.1, "S{id} went back from {before:?}");
            let mut previous = server.log().base().term;
            for (index, entry) in (server.log().first_index().0..).map(Index).zip(server.log().from(Index(1))) {
                let seen = (previous, entry.clone());
                previous = entry.term;
                let first = self.entries.entry((index, entry.term)).or_insert_with(|| seen.clone());
                assert_eq!(*first, seen, "Log Matching at {index}");
            }
            for index in (server.log().base().index.next().0..=commit_index.0).map(Index) {
                let entry_term = server.log().term_at(index).unwrap();
                let first = *self.committed.entry(index).or_insert((entry_term, term));
                assert_eq!(first.0, entry_term, "State Machine Safety at {index}");
            }
            if server.is_leader() {
                let last = self.leaderships.entry(term).or_insert(EntryId::START);
                if *last == EntryId::START {
                    let lacks = |&(&index, &(entry, in_term)): &(&Index, &(Term, Term))| {
                        in_term < term
                            && index > server.log().base().index
                            && server.log().term_at(index) != Some(entry)
                    };
                    let lacking = self.committed.iter().find(lacks);
                    assert_eq!(lacking, None, "Leader Completeness: S{id} in term {term}");
                } else if last.index >= server.log().base().index {
                    assert!(server.log().has(*last), "Leader Append-Only: S{id} in term {term}");
                }
                *last = server.log().last();
            }
        }
        let acknowledged = |(id, command): &(u32, String)| self.cluster.applied(*id).contains(command);
        let (done, waiting) = std::mem::take(&mut self.waiting).into_iter().partition(acknowledged);
        self.waiting = waiting;
        let done: Vec<(u32, String)> = done;
        self.acknowledged.extend(done.into_iter().map(|(_, command)| command));
    }

    /// Nothing goes wrong any more: whoever is there comes to agree.
    fn heal(&mut self) {
        self.cluster.disks_are_instant = true;
        for id in 1..=self.count {
            self.restart(id);
            self.cluster.finish_saves(id);
        }
        for _ in 0..400 {
            while !self.cluster.network.is_empty() {
                let message = self.cluster.network.remove(0);
                self.receive(message);
            }
            self.look();
            let leads = |id: &u32| self.cluster.server(*id).is_leader();
            // Of two, the older does not know yet that it is none.
            let leader = self.up.iter().copied().filter(leads).max_by_key(|&id| self.cluster.server(id).current_term());
            if let Some(leader) = leader {
                if self.agree(leader) {
                    return;
                }
                let server = self.cluster.server(leader);
                // What an older term left behind counts once something of this one does.
                if server.log().last().term < server.current_term() && self.cluster.propose(leader, "last").is_ok() {
                    continue;
                }
                let _ = self.cluster.step(leader, Input::LeaveJoint);
                self.switch_off_who_was_removed(leader);
            }
            let next = self.up.iter().copied().min_by_key(|&id| (self.cluster.server(id).next_wake_up(), id)).unwrap();
            let now = self.cluster.server(next).next_wake_up();
            self.up.iter().for_each(|&id| self.cluster.pass(id, now));
            self.cluster.wake(next);
        }
        let seen = |&id: &u32| (id, self.cluster.log(id), self.cluster.server(id).role().clone());
        panic!("no agreement: {:#?}", self.up.iter().map(seen).collect::<Vec<_>>());
    }

    fn switch_off_who_was_removed(&mut self, leader: u32) {
        let server = self.cluster.server(leader);
        let configuration = server.configuration().clone();
        if configuration.is_joint() || server.configuration_index() > server.commit_index() {
            return;
        }
        let (stay, gone) =
            std::mem::take(&mut self.up).into_iter().partition(|&id| configuration.is_member(ServerId(id)));
        self.up = stay;
        let gone: BTreeSet<u32> = gone;
        gone.into_iter().for_each(|id| self.cluster.crash(id));
    }

    /// Whether all have applied all of the leader's log, and the leader has a say in its end.
    fn agree(&self, leader: u32) -> bool {
        let of_leader = self.cluster.server(leader);
        let last = of_leader.log().last();
        let same = |&id: &u32| {
            let server = self.cluster.server(id);
            server.log().last() == last
                && server.last_applied() == last.index
                && server.leader() == Some(ServerId(leader))
                && self.cluster.applied(id) == self.cluster.applied(leader)
        };
        last.term == of_leader.current_term() && !of_leader.configuration().is_joint() && self.up.iter().all(same)
    }
}

fn play(count: u32, members_change: bool, options: &Options, actions: &[Action]) {
    let mut world = World::new(count, members_change, options);
    for &action in actions {
        world.act(action);
        world.look();
    }
    world.heal();
    let applied = world.cluster.applied(*world.up.first().unwrap());
    for command in &world.acknowledged {
        let times = applied.iter().filter(|there| *there == command).count();
        assert_eq!(times, 1, "{command} was acknowledged");
    }
}

fn config(cases: u32, seed: u64) -> Config {
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sequences.proptest-regressions");
    Config {
        cases: if cfg!(miri) { 2 } else { cases },
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: if cfg!(miri) { None } else { Some(Box::new(FileFailurePersistence::Direct(kept))) },
        max_shrink_iters: 20_000,
        ..Config::default()
    }
}

proptest! {
    #![proptest_config(config(4_000, 0x5afe))]
    #[test]
    fn whatever_happens_the_properties_hold_and_the_servers_come_to_agree(
        count in 1..=5_u32,
        options in options(),
        actions in prop::collection::vec(action(), 0..250),
    ) {
        play(count, false, &options, &actions);
    }
}

proptest! {
    #![proptest_config(config(4_000, 0xc4a6e))]
    #[test]
    fn whatever_happens_while_members_change_the_properties_hold_and_the_members_come_to_agree(
        count in 2..=5_u32,
        options in options(),
        actions in prop::collection::vec(action(), 0..250),
    ) {
        play(count, true, &options, &actions);
    }
}
