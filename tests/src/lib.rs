//! A cluster moved by hand: nothing happens unless a test says so, message by message.
//!
//! The simulated world of raft-sim decides by time and chance; a rule of the paper is easier to show where the test alone
//! decides which server times out and which message arrives.

use std::collections::BTreeMap;

use raft_core::{
    Body, Command, Configuration, Durable, Effect, Effects, Entry, EntryId, Event, Index, Input, InvalidStart, Message,
    Options, Payload, Rejected, Role, Rule, RuleSet, SaveNumber, Server, ServerId, Term, Time,
};

/// What a test can ask of a cluster that it takes apart.
#[derive(Clone, Debug)]
pub struct Cluster {
    options: Options,
    configuration: Configuration,
    nodes: BTreeMap<u32, Node>,
    /// Messages on their way, oldest first.
    pub network: Vec<Message>,
    /// What was decided, in order.
    pub events: Vec<(u32, Event)>,
    /// The inputs that were refused.
    pub refused: Vec<(u32, Rejected)>,
    /// Whether saves are done as soon as they are asked for.
    pub disks_are_instant: bool,
    leaders: BTreeMap<Term, u32>,
    applied: BTreeMap<Index, Entry>,
    /// The properties of Figure 3 that were seen broken, in words.
    pub violations: Vec<String>,
}

#[derive(Clone, Debug)]
struct Node {
    disk: Durable,
    /// `None` while crashed.
    server: Option<Server>,
    now: Time,
    saves: Vec<raft_core::Save>,
    waiting: Vec<(SaveNumber, Message)>,
}

/// Entries as the paper draws them: by their terms. Each carries its term and index as its command.
#[must_use]
pub fn entries(terms: &[u64]) -> Vec<Entry> {
    let numbered = terms.iter().enumerate();
    numbered.map(|(at, &term)| Entry::command(Term(term), format!("{}.{term}", at + 1).as_str())).collect()
}

/// Options for the paper's figures: no entry appears that the figure does not show, and entries travel one by one.
#[must_use]
pub fn as_in_the_figures() -> Options {
    Options { noop_on_election: false, entries_per_append_max: 1, ..Options::default() }
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
        let disk = |log: &[u64]| Durable { current_term: Term(term), voted_for: None, log: entries(log) };
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
        let mut nodes = BTreeMap::new();
        for (id, disk) in disks {
            let server = Server::start(id, configuration.clone(), options.clone(), disk.clone(), Time::ZERO)?;
            let now = Time::ZERO;
            nodes.insert(id.0, Node { disk, server: Some(server), now, saves: Vec::new(), waiting: Vec::new() });
        }
        Ok(Self {
            options: options.clone(),
            configuration,
            nodes,
            network: Vec::new(),
            events: Vec::new(),
            refused: Vec::new(),
            disks_are_instant: true,
            leaders: BTreeMap::new(),
            applied: BTreeMap::new(),
            violations: Vec::new(),
        })
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

    /// What a server's disk holds.
    #[must_use]
    pub fn disk(&self, id: u32) -> Option<&Durable> {
        self.nodes.get(&id).map(|node| &node.disk)
    }

    /// A server's log, by terms.
    #[must_use]
    pub fn log(&self, id: u32) -> Vec<u64> {
        self.server(id).log().from(Index(1)).iter().map(|entry| entry.term.0).collect()
    }

    /// Hands a server an input.
    ///
    /// # Errors
    /// What the server refuses.
    pub fn step(&mut self, id: u32, input: Input) -> Result<Option<EntryId>, Rejected> {
        let Some(node) = self.nodes.get_mut(&id) else { return Ok(None) };
        let Some(server) = node.server.as_mut() else { return Ok(None) };
        let mut effects = Effects::observed();
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
                Effect::Save(save) => node.saves.push(save),
                Effect::Send { message, after: None } => self.network.push(message),
                Effect::Send { message, after: Some(save) } => node.waiting.push((save, message)),
                Effect::Apply { index, entry } => {
                    let first = self.applied.entry(index).or_insert_with(|| entry.clone());
                    if *first != entry {
                        self.violations.push(format!("State Machine Safety: two entries applied at {index}"));
                    }
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
        while let Some(node) = self.nodes.get_mut(&id) {
            let Some(last) = node.saves.last().map(|save| save.number) else { return };
            for save in node.saves.drain(..) {
                node.disk.write(&save);
            }
            let (leave, wait) = node.waiting.drain(..).partition(|(after, _)| *after <= last);
            node.waiting = wait;
            let leave: Vec<(SaveNumber, Message)> = leave;
            self.network.extend(leave.into_iter().map(|(_, message)| message));
            // A refusal has been noted; saves that were asked for are never refused.
            let _ = self.step(id, Input::Saved(last));
        }
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
        if let Some(node) = self.nodes.get_mut(&id) {
            let options = self.options.clone();
            let server = Server::start(ServerId(id), self.configuration.clone(), options, node.disk.clone(), node.now)?;
            node.server = Some(server);
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
        let Role::Leader { followers, .. } = self.server(leader).role() else { return None };
        let found = followers.iter().find(|progress| progress.id.0 == follower)?;
        Some((found.next_index.0, found.match_index.0))
    }

    /// The commands a server's state machine has been handed, with `-` for an entry that carries none.
    #[must_use]
    pub fn applied(&self, id: u32) -> Vec<String> {
        let server = self.server(id);
        let upto = usize::try_from(server.last_applied().0).unwrap_or(usize::MAX);
        let applied = server.log().from(Index(1)).iter().take(upto);
        applied
            .map(|entry| match &entry.payload {
                Payload::Noop => "-".to_owned(),
                Payload::Command(command) => String::from_utf8_lossy(command.bytes()).into_owned(),
            })
            .collect()
    }
}

/// Whether a message is a request for a vote or its answer.
#[must_use]
pub const fn is_vote(message: &Message) -> bool {
    matches!(message.body, Body::RequestVote { .. } | Body::RequestVoteReply { .. })
}
