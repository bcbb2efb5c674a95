//! A cluster moved by hand: nothing happens unless a test says so, message by message.
//!
//! The simulated world of raft-sim decides by time and chance; a rule of the paper is easier to show where the test alone
//! decides which server times out and which message arrives.

pub mod journey;

use std::collections::BTreeMap;

use raft_core::{
    Body, Change, Command, Configuration, Durable, Effect, Effects, Entries, Entry, EntryId, Event, Index, Input,
    InvalidStart, Message, Options, Payload, ReadId, Rejected, Role, Rule, RuleSet, SaveNumber, Server, ServerId,
    StepDown, Term, Time,
};

/// What a test can ask of a cluster that it takes apart.
#[derive(Clone, Debug)]
pub struct Cluster {
    options: Options,
    nodes: BTreeMap<u32, Node>,
    /// Messages on their way, oldest first.
    pub network: Vec<Message>,
    /// What was decided, in order.
    pub events: Vec<(u32, Event)>,
    /// The inputs that were refused.
    pub refused: Vec<(u32, Rejected)>,
    /// Whether saves are done as soon as they are asked for, and reported.
    pub disks_are_instant: bool,
    /// Whether they are done then without a report, which servers do not wait for.
    pub saved_at_once: bool,
    /// What servers said besides: reads answered and failed, leaderships lost, changes abandoned. In order.
    pub told: Vec<(u32, Effect)>,
    leaders: BTreeMap<Term, u32>,
    applied: BTreeMap<Index, Entry>,
    /// What each read has to see: the highest index applied anywhere when it was asked for.
    asked: BTreeMap<(u32, u64), Index>,
    /// The properties of Figure 3 that were seen broken, in words, and reads that saw too little.
    pub violations: Vec<String>,
}

#[derive(Clone, Debug)]
struct Node {
    /// What its log began with.
    beginning: Configuration,
    disk: Durable,
    /// `None` while crashed.
    server: Option<Server>,
    now: Time,
    /// How often it was started again: each life has a seed of its own.
    lives: u64,
    /// Its state machine: what was applied at each index from 1, as [`Cluster::applied`] shows it.
    machine: Vec<String>,
    saves: Vec<raft_core::Save>,
    waiting: Vec<(SaveNumber, Message)>,
}

/// Entries as the paper draws them: by their terms. Each carries its term and index as its command.
#[must_use]
pub fn entries(terms: &[u64]) -> Vec<Entry> {
    let numbered = terms.iter().enumerate();
    numbered.map(|(at, &term)| Entry::command(Term(term), format!("{}.{term}", at + 1).as_str())).collect()
}

/// The entries of a term that stand at these indexes, as [`entries`] has them.
#[must_use]
pub fn entries_of(term: u64, indexes: std::ops::RangeInclusive<u64>) -> Entries {
    let payload = |index: u64| Payload::Command(Command::from(format!("{index}.{term}").as_str()));
    Entries::new(Term(term), indexes.map(payload))
}

/// So many worlds that are moved at random; under Miri, which takes hundreds of times as long, one.
#[must_use]
pub const fn worlds(count: u64) -> u64 {
    if cfg!(miri) { 1 } else { count }
}

/// Servers by their numbers.
#[must_use]
pub fn ids(ids: &[u32]) -> Vec<ServerId> {
    ids.iter().copied().map(ServerId).collect()
}

/// A change to these members that waits for nobody.
#[must_use]
pub fn to(voters: &[u32], learners: &[u32]) -> Change {
    Change { voters: ids(voters), learners: ids(learners), catch_up: false, stays_joint: false }
}

/// Options for the paper's figures: no entry appears that the figure does not show, and entries travel one by one, each
/// after the answer to the one before.
#[must_use]
pub fn as_in_the_figures() -> Options {
    Options { noop_on_election: false, entries_per_append_max: 1, entries_in_flight_max: 1, ..Options::default() }
}

/// The same options without a rule.
#[must_use]
pub fn without(rule: Rule, options: Options) -> Options {
    Options { broken: RuleSet::from_iter([rule]), ..options }
}

impl Cluster {
    /// Servers 1 to n with these logs, by term, all in `term` and without a vote.
    ///
    /// # Errors
    /// When a log is one that no server can have.
    pub fn with_logs(term: u64, logs: &[&[u64]], options: &Options) -> Result<Self, InvalidStart> {
        let ids: Vec<ServerId> = (1..).zip(logs).map(|(id, _)| ServerId(id)).collect();
        let log = |terms: &[u64]| entries(terms).into_iter().collect();
        let disk = |terms: &[u64]| Durable { current_term: Term(term), log: log(terms), ..Durable::default() };
        Self::with_disks(ids.into_iter().zip(logs.iter().map(|log| disk(log))).collect(), options)
    }

    /// Servers that start from these disks.
    ///
    /// # Errors
    /// When a disk holds what no server can have.
    pub fn with_disks(disks: Vec<(ServerId, Durable)>, options: &Options) -> Result<Self, InvalidStart> {
        // The ids are given once each by the two callers above and by tests, whose mistake would show at once.
        let Ok(configuration) = Configuration::of_voters(disks.iter().map(|(id, _)| *id)) else {
            return Err(InvalidStart::TermOutOfRange(Term::LIMIT));
        };
        Self::with_members(disks.into_iter().map(|(id, disk)| (id, configuration.clone(), disk)).collect(), options)
    }

    /// Servers that start from these disks, each with the configuration that its log begins with.
    ///
    /// # Errors
    /// When a disk holds what no server can have.
    pub fn with_members(
        servers: Vec<(ServerId, Configuration, Durable)>,
        options: &Options,
    ) -> Result<Self, InvalidStart> {
        let mut cluster = Self {
            options: options.clone(),
            nodes: BTreeMap::new(),
            network: Vec::new(),
            events: Vec::new(),
            refused: Vec::new(),
            disks_are_instant: true,
            saved_at_once: false,
            told: Vec::new(),
            leaders: BTreeMap::new(),
            applied: BTreeMap::new(),
            asked: BTreeMap::new(),
            violations: Vec::new(),
        };
        for (id, beginning, disk) in servers {
            cluster.start(id.0, beginning, disk)?;
        }
        Ok(cluster)
    }

    /// A server starts, for the first time or in another's place: one that is to join begins with
    /// [`Configuration::unknown`].
    ///
    /// # Errors
    /// When the disk holds what no server can have.
    pub fn start(&mut self, id: u32, beginning: Configuration, disk: Durable) -> Result<(), InvalidStart> {
        let (now, lives) = self.nodes.get(&id).map_or((Time::ZERO, 0), |node| (node.now, node.lives + 1));
        let options = Options { seed: self.options.seed.wrapping_add(lives), ..self.options.clone() };
        let server = Server::start(ServerId(id), beginning.clone(), options, disk.clone(), now)?;
        let machine = disk.snapshot.as_ref().map_or_else(Vec::new, |snapshot| lines(&snapshot.data));
        let (saves, waiting) = (Vec::new(), Vec::new());
        self.nodes.insert(id, Node { beginning, disk, server: Some(server), now, lives, machine, saves, waiting });
        Ok(())
    }

    /// Servers 1 to `voters`, and `joining` more that know nobody. S1 leads term 1, and its first entry is committed.
    ///
    /// # Errors
    /// When the options are out of range.
    pub fn led(voters: u32, joining: u32, options: &Options) -> Result<Self, InvalidStart> {
        let logs: Vec<&[u64]> = (0..voters).map(|_| &[] as &[u64]).collect();
        let mut cluster = Self::with_logs(0, &logs, options)?;
        for id in voters + 1..=voters + joining {
            cluster.join(id)?;
        }
        cluster.time_out(1);
        cluster.deliver(|_| true);
        if !options.noop_on_election {
            // A refusal has been noted.
            let _ = cluster.propose(1, "x");
        }
        cluster.deliver(|_| true);
        cluster.beat(1);
        Ok(cluster)
    }

    /// A running server.
    ///
    /// # Panics
    /// When it is crashed or unknown: the test is wrong then.
    #[must_use]
    #[allow(clippy::panic)]
    pub fn server(&self, id: u32) -> &Server {
        match self.nodes.get(&id).and_then(|node| node.server.as_ref()) {
            Some(server) => server,
            None => panic!("S{id} is not running"),
        }
    }

    /// The servers that are not crashed.
    #[must_use]
    pub fn running(&self) -> Vec<u32> {
        self.nodes.iter().filter(|(_, node)| node.server.is_some()).map(|(&id, _)| id).collect()
    }

    /// Whether a server is there and not crashed.
    #[must_use]
    pub fn is_running(&self, id: u32) -> bool {
        self.nodes.get(&id).is_some_and(|node| node.server.is_some())
    }

    /// What a server's disk holds.
    #[must_use]
    pub fn disk(&self, id: u32) -> Option<&Durable> {
        self.nodes.get(&id).map(|node| &node.disk)
    }

    /// A server's log, by terms.
    #[must_use]
    pub fn log(&self, id: u32) -> Vec<u64> {
        self.server(id).log().from(Index(1)).map(|entry| entry.term.0).collect()
    }

    /// Hands a server an input.
    ///
    /// # Errors
    /// What the server refuses.
    pub fn step(&mut self, id: u32, input: Input) -> Result<Option<EntryId>, Rejected> {
        let applied_before = self.applied.last_key_value().map_or(Index::ZERO, |(&index, _)| index);
        let Some(node) = self.nodes.get_mut(&id) else { return Ok(None) };
        let Some(server) = node.server.as_mut() else { return Ok(None) };
        if let Input::Read(read) = &input {
            self.asked.insert((id, read.0), applied_before);
        }
        let mut effects = Effects::observed();
        if self.saved_at_once {
            effects = effects.saved_at_once();
        }
        let answer = server.step(node.now, input, &mut effects);
        if let Err(rejected) = answer {
            self.refused.push((id, rejected));
        }
        if server.is_leader() {
            let term = server.current_term();
            let first = *self.leaders.entry(term).or_insert(id);
            if first != id {
                self.violations.push(format!("Election Safety: S{first} and S{id} lead term {term}"));
            }
        }
        for effect in effects.drain() {
            match effect {
                Effect::Save(save) if self.saved_at_once => node.disk.write(&save),
                Effect::Save(save) => node.saves.push(save),
                Effect::Send { message, after: None } => self.network.push(message),
                Effect::Send { message, after: Some(save) } => node.waiting.push((save, message)),
                Effect::Apply { first, entries } => {
                    for (index, entry) in (first.0..).map(Index).zip(entries.iter()) {
                        let expected = node.machine.len() as u64 + 1;
                        if index.0 != expected {
                            let violation = format!("State Machine Safety: applied {index}, where {expected} was next");
                            self.violations.push(violation);
                        }
                        node.machine.push(line(&entry));
                        let first = self.applied.entry(index).or_insert_with(|| entry.clone());
                        if *first != entry {
                            self.violations.push(format!("State Machine Safety: two entries applied at {index}"));
                        }
                    }
                }
                Effect::Restore(snapshot) => {
                    let restored = lines(&snapshot.data);
                    if restored.len() < node.machine.len() {
                        self.violations.push(format!("State Machine Safety: S{id} went back to {}", restored.len()));
                    }
                    for (index, restored) in (1..).map(Index).zip(&restored) {
                        if self.applied.get(&index).is_some_and(|applied| line(applied) != *restored) {
                            self.violations.push(format!("State Machine Safety: S{id} restored another {index}"));
                        }
                    }
                    node.machine = restored;
                }
                Effect::ReadReady { read, read_index } => {
                    let asked = self.asked.get(&(id, read.0)).copied().unwrap_or_default();
                    let seen = read_index.min(Index(node.machine.len() as u64));
                    if seen < asked.max(read_index) {
                        self.violations.push(format!(
                            "Linearizability: {read:?} on S{id} sees {seen}, its index is {read_index}, and {asked} was \
                             applied before it was asked for"
                        ));
                    }
                    self.told.push((id, effect));
                }
                other
                @ (Effect::ReadFailed { .. } | Effect::LeadershipLost { .. } | Effect::ChangeAbandoned { .. }) => {
                    self.told.push((id, other));
                }
                Effect::Event(event) => self.events.push((id, event)),
            }
        }
        if self.disks_are_instant {
            self.finish_saves(id);
        }
        answer
    }

    /// All saves of this server are done now, and what waited for them leaves.
    pub fn finish_saves(&mut self, id: u32) {
        while self.nodes.get(&id).is_some_and(|node| !node.saves.is_empty()) {
            self.finish_oldest_saves(id, usize::MAX);
        }
    }

    /// So many of the oldest saves of this server are done now, and what waited for them leaves.
    pub fn finish_oldest_saves(&mut self, id: u32, count: usize) {
        if let Some(node) = self.nodes.get_mut(&id) {
            let count = count.min(node.saves.len());
            let mut last = SaveNumber::ZERO;
            for save in node.saves.drain(..count) {
                node.disk.write(&save);
                last = save.number;
            }
            let (leave, wait) = node.waiting.drain(..).partition(|(after, _)| *after <= last);
            node.waiting = wait;
            let leave: Vec<(SaveNumber, Message)> = leave;
            self.network.extend(leave.into_iter().map(|(_, message)| message));
            // A refusal has been noted; saves that were asked for are never refused.
            let _ = self.step(id, Input::Saved(last));
        }
    }

    /// The oldest save of this server is done now, and what waited for no later one leaves. False when none is under way.
    pub fn finish_one_save(&mut self, id: u32) -> bool {
        let Some(node) = self.nodes.get_mut(&id).filter(|node| !node.saves.is_empty()) else { return false };
        let save = node.saves.remove(0);
        node.disk.write(&save);
        let (leave, wait) = std::mem::take(&mut node.waiting).into_iter().partition(|(after, _)| *after <= save.number);
        node.waiting = wait;
        let leave: Vec<(SaveNumber, Message)> = leave;
        self.network.extend(leave.into_iter().map(|(_, message)| message));
        // A refusal has been noted; saves that were asked for are never refused.
        let _ = self.step(id, Input::Saved(save.number));
        true
    }

    /// The server's election timer runs out.
    pub fn time_out(&mut self, id: u32) {
        let _ = self.step(id, Input::TimeOut);
    }

    /// Time passes on one server, and nothing else happens.
    pub fn pass(&mut self, id: u32, to: Time) {
        if let Some(node) = self.nodes.get_mut(&id) {
            node.now = node.now.max(to);
        }
    }

    /// Time passes on one server until it has something to do.
    pub fn wake(&mut self, id: u32) {
        let due = self.server(id).next_wake_up();
        if let Some(node) = self.nodes.get_mut(&id) {
            node.now = node.now.max(due);
        }
        let _ = self.step(id, Input::WakeUp);
    }

    /// A client hands the server a command.
    ///
    /// # Errors
    /// When it does not lead.
    pub fn propose(&mut self, id: u32, command: &str) -> Result<Option<EntryId>, Rejected> {
        self.step(id, Input::Propose(Command::from(command)))
    }

    /// The server loses everything but its disk. Messages that had not left are gone.
    pub fn crash(&mut self, id: u32) {
        if let Some(node) = self.nodes.get_mut(&id) {
            node.server = None;
            node.saves.clear();
            node.waiting.clear();
        }
    }

    /// The server starts again from its disk.
    ///
    /// # Errors
    /// When the disk holds what no server can have.
    pub fn restart(&mut self, id: u32) -> Result<(), InvalidStart> {
        if let Some(node) = self.nodes.get(&id) {
            let (beginning, disk) = (node.beginning.clone(), node.disk.clone());
            self.start(id, beginning, disk)?;
        }
        Ok(())
    }

    /// The network forgets everything.
    pub fn lose_all(&mut self) {
        self.network.clear();
    }

    /// Delivers the oldest message that fits, if there is one.
    pub fn deliver_one(&mut self, mut fits: impl FnMut(&Message) -> bool) -> Option<Message> {
        let at = self.network.iter().position(&mut fits)?;
        let message = self.network.remove(at);
        let _ = self.step(message.to.0, Input::Receive(message.clone()));
        Some(message)
    }

    /// Delivers messages that fit, and those that come of them, until none is left.
    pub fn deliver(&mut self, mut fits: impl FnMut(&Message) -> bool) {
        while self.deliver_one(&mut fits).is_some() {}
    }

    /// Delivers everything among these servers, and loses what would leave the group.
    pub fn deliver_among(&mut self, group: &[u32]) {
        self.network.retain(|message| group.contains(&message.from.0) && group.contains(&message.to.0));
        while self.deliver_one(|message| group.contains(&message.to.0) && group.contains(&message.from.0)).is_some() {
            self.network.retain(|message| group.contains(&message.from.0) && group.contains(&message.to.0));
        }
    }

    /// The server times out and everyone in the group answers; whether it leads then.
    pub fn elect(&mut self, id: u32, group: &[u32]) -> bool {
        self.time_out(id);
        self.deliver_among(group);
        self.server(id).is_leader()
    }

    /// What a leader believes of a follower: (nextIndex, matchIndex).
    #[must_use]
    pub fn progress(&self, leader: u32, follower: u32) -> Option<(u64, u64)> {
        let Role::Leader(leading) = self.server(leader).role() else { return None };
        let found = leading.followers.iter().find(|progress| progress.id.0 == follower)?;
        Some((found.next_index.0, found.match_index.0))
    }

    /// The members that a leader keeps progress of.
    #[must_use]
    pub fn followers(&self, leader: u32) -> Vec<u32> {
        match self.server(leader).role() {
            Role::Leader(leading) => leading.followers.iter().map(|progress| progress.id.0).collect(),
            _ => Vec::new(),
        }
    }

    /// Why a server ceased to lead or to stand, the last time it did.
    #[must_use]
    pub fn stepped_down(&self, id: u32) -> Option<StepDown> {
        self.events.iter().rev().find_map(|(who, event)| match *event {
            Event::BecameFollower { reason, .. } if *who == id => Some(reason),
            _ => None,
        })
    }

    /// The commands a server's state machine has been handed, from index 1, with `-` for an entry that carries none.
    #[must_use]
    pub fn applied(&self, id: u32) -> Vec<String> {
        self.nodes.get(&id).map_or_else(Vec::new, |node| node.machine.clone())
    }

    /// A client hands the server several commands at once.
    ///
    /// # Errors
    /// When it does not lead.
    pub fn propose_all(&mut self, id: u32, commands: &[&str]) -> Result<Option<EntryId>, Rejected> {
        self.step(id, Input::ProposeBatch(commands.iter().map(|&command| Command::from(command)).collect()))
    }

    /// Asks a server to change the voters, without catching up.
    ///
    /// # Errors
    /// When it refuses.
    pub fn change_voters(&mut self, id: u32, voters: &[u32]) -> Result<Option<EntryId>, Rejected> {
        let voters = voters.iter().copied().map(ServerId);
        self.step(id, Input::Reconfigure(Change { catch_up: false, ..Change::to_voters(voters) }))
    }

    /// Asks a server for a change of members.
    ///
    /// # Errors
    /// When it refuses.
    pub fn change(&mut self, id: u32, change: Change) -> Result<Option<EntryId>, Rejected> {
        self.step(id, Input::Reconfigure(change))
    }

    /// A server starts with an empty disk, that is to join a cluster and knows nobody.
    ///
    /// # Errors
    /// When the options are out of range.
    pub fn join(&mut self, id: u32) -> Result<(), InvalidStart> {
        self.start(id, Configuration::unknown(), Durable::default())
    }

    /// The configuration in force on a server: `1 2 3`, with `+ 4` for a learner, and `1 2 3 > 3 4 5` while the majorities of
    /// both count.
    #[must_use]
    pub fn configuration(&self, id: u32) -> String {
        let list = |ids: &[ServerId]| ids.iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(" ");
        let configuration = self.server(id).configuration();
        let old = configuration.old_voters().map_or_else(String::new, |old| format!("{} > ", list(old)));
        let learners = configuration.learners();
        let learners = if learners.is_empty() { String::new() } else { format!(" + {}", list(learners)) };
        format!("{old}{}{learners}", list(configuration.voters()))
    }

    /// A leader's next wake-up comes, and everything is delivered.
    pub fn beat(&mut self, leader: u32) {
        self.wake(leader);
        self.deliver(|_| true);
    }

    /// A leader's next wake-up comes, and everything among these servers is delivered.
    pub fn beat_among(&mut self, leader: u32, group: &[u32]) {
        self.wake(leader);
        self.deliver_among(group);
    }

    /// Notes where two servers' logs have an entry in common and differ before it.
    pub fn check_log_matching(&mut self) {
        let servers: Vec<(u32, &Server)> =
            self.nodes.iter().filter_map(|(&id, node)| node.server.as_ref().map(|server| (id, server))).collect();
        let mut broken = Vec::new();
        for (at, (first, a)) in servers.iter().enumerate() {
            for (second, b) in &servers[at + 1..] {
                let last = a.log().last_index().min(b.log().last_index());
                let base = a.log().base().index.max(b.log().base().index);
                let same = |index: &u64| a.log().term_at(Index(*index)) == b.log().term_at(Index(*index));
                let common = (base.0..=last.0).rev().find(same);
                let differs = common.and_then(|common| (base.0..common).rev().find(|index| !same(index)));
                if let (Some(common), Some(differs)) = (common, differs) {
                    broken.push(format!("Log Matching: S{first} and S{second} share {common} and differ at {differs}"));
                }
            }
        }
        self.violations.extend(broken);
    }

    /// Asks a server for a read.
    ///
    /// # Errors
    /// When it refuses.
    pub fn read(&mut self, id: u32, read: u64) -> Result<(), Rejected> {
        self.step(id, Input::Read(ReadId(read))).map(drop)
    }

    /// The reads that were answered, in order: where, which, and the index that it had to see.
    #[must_use]
    pub fn reads_ready(&self) -> Vec<(u32, u64, u64)> {
        let ready = self.told.iter().filter_map(|(id, told)| match told {
            Effect::ReadReady { read, read_index } => Some((*id, read.0, read_index.0)),
            _ => None,
        });
        ready.collect()
    }

    /// The server's state machine takes a snapshot, which stands for the log up to an index from now on.
    ///
    /// # Errors
    /// When the server refuses it.
    pub fn compact(&mut self, id: u32, upto: u64) -> Result<(), Rejected> {
        let machine = self.applied(id);
        let upto_here = usize::try_from(upto).unwrap_or(usize::MAX).min(machine.len());
        let data = machine[..upto_here].join("\n").into_bytes().into();
        self.step(id, Input::Compact { upto: Index(upto), data }).map(drop)
    }
}

/// An entry as a state machine shows it.
fn line(entry: &Entry) -> String {
    match &entry.payload {
        Payload::Command(command) => String::from_utf8_lossy(command.bytes()).into_owned(),
        Payload::Noop | Payload::Configuration(_) => "-".to_owned(),
    }
}

/// A state machine's snapshot, read back.
fn lines(data: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(data);
    text.split('\n').filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Servers 1 to `voters`, and `joining` more that know nobody. S1 leads term 1, and its first entry is committed.
///
/// # Panics
/// When the options are out of range, or that is not so: the test is wrong then.
#[must_use]
#[allow(clippy::unwrap_used)]
pub fn led(voters: u32, joining: u32, options: &Options) -> Cluster {
    let cluster = Cluster::led(voters, joining, options).unwrap();
    assert_eq!((cluster.server(1).is_leader(), cluster.server(1).commit_index()), (true, Index(1)));
    cluster
}

/// Whether a message is a request for a vote or its answer.
#[must_use]
pub const fn is_vote(message: &Message) -> bool {
    matches!(message.body, Body::RequestVote { .. } | Body::RequestVoteReply { .. })
}

/// What must hold of a server whatever it was sent.
///
/// # Panics
/// When it does not.
pub fn assert_sound(server: &Server) {
    let (log, commit_index) = (server.log(), server.commit_index());
    assert!((log.base().index..=log.last_index()).contains(&commit_index), "commit index {commit_index} of {log:?}");
    assert_eq!(commit_index, server.last_applied());
    assert!(log.last().term <= server.current_term(), "{log:?} in term {}", server.current_term());
    assert!(server.durable_index() <= log.last_index());
    assert_eq!(server.snapshot().map_or(EntryId::START, |snapshot| snapshot.last_included), log.base());
    assert!(server.configuration_index() <= log.last_index());
    let terms: Vec<Term> =
        std::iter::once(log.base().term).chain(log.iter_from(Index(1)).map(|(_, term, _)| term)).collect();
    assert!(terms.is_sorted() && !terms[1..].contains(&Term::ZERO), "{log:?}");
    assert_eq!(terms.len() - 1, log.len());
    if let Role::Leader(leading) = server.role() {
        let sound = |progress: &raft_core::Progress| {
            progress.match_index < progress.next_index && progress.next_index <= log.last_index().next()
        };
        assert!(leading.followers.iter().all(sound), "{:?} with {log:?}", leading.followers);
        assert!(leading.followers.is_sorted_by(|a, b| a.id < b.id));
    }
}
