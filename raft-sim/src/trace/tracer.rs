//! How a world that is being lived writes its trace: the facts that its checkers are told, and what is seen besides.

use std::sync::Arc;

use raft_core::{
    AppendOutcome, Body, Configuration, Durable, Effect, Entries, Entry, EntryId, Index, Log, Message, Payload, Role,
    Rule, Server, ServerId, SnapshotOutcome, StandingRole, Term, Time,
};

use super::fact::{Begin, Fact, Header, Line, Observed, OnDisk};
use crate::client_history::Which;
use crate::input::Input;
use crate::linearizability::OperationKind;
use crate::plain::not;
use crate::scenario::{Scenario, ScenarioError};
use crate::store::Wanted;
use crate::world::World;

/// What was written down of a server last.
#[derive(Debug, Default)]
struct Written {
    term: Term,
    vote: Option<ServerId>,
    last: EntryId,
    /// By which members it counts.
    members: Option<Arc<Configuration>>,
    /// Where its log ended.
    log_end: Index,
}

/// Takes down what happens. A clone takes down nothing: the trace stays with the original, as records do.
#[derive(Debug, Default)]
pub(crate) struct Tracer {
    on: bool,
    lines: Vec<Line>,
    written: Vec<Written>,
}

impl Clone for Tracer {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// What is expected instead of a disk written by hand.
pub(crate) const UNTRACED: &str = "an input that a trace can tell";

impl World {
    /// The world at the beginning of a scenario, writing its trace; and the trace's first line. What comes then is fetched
    /// by [`World::take_trace`].
    ///
    /// ```
    /// use raft_sim::trace::{Limits, OnError, Reader};
    /// use raft_sim::{Scenario, World};
    /// let (mut world, header) = World::traced(Scenario { servers: 3, seed: 1, ..Scenario::default() })?;
    /// world.advance(2_000_000, u64::MAX);
    /// let mut reader = Reader::new(Limits::default(), OnError::Refuse, false);
    /// reader.line(header.to_json().as_bytes())?;
    /// for line in world.take_trace() {
    ///     reader.line(line.to_json().as_bytes())?;
    /// }
    /// assert!(reader.end()?.holds());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`World::new`]; and where a disk is written by hand, of which a trace has no word.
    pub fn traced(scenario: Scenario) -> Result<(Self, Header), ScenarioError> {
        scenario.check_fields()?;
        if let Some(at) = scenario.inputs.iter().position(|timed| matches!(timed.input, Input::EditDisk { .. })) {
            return Err(not(&format!("inputs[{at}].input.kind"), "edit_disk", UNTRACED));
        }
        let begun = scenario.begin()?;
        let (servers, own_term_commit) =
            (scenario.servers, !scenario.options.rules_off.contains(&Rule::CommitOnlyOwnTermByCount));
        let header = Header {
            servers,
            configuration: Some(begun.first.clone()),
            observed: Observed::ALL.iter().map(|&(_, one)| one).filter(|&one| one != Observed::Vote).collect(),
            own_term_commit,
            about: format!("raft-sim {}, seed {}", env!("CARGO_PKG_VERSION"), scenario.seed),
        };
        let mut tracer = Tracer { on: true, ..Tracer::default() };
        tracer.written.resize_with(servers as usize, Written::default);
        if scenario.initial.is_some() {
            for server in &begun.servers {
                let durable = &server.durable;
                let snapshot = durable.snapshot.as_ref();
                let begin = Begin {
                    term: durable.current_term,
                    vote: durable.voted_for,
                    snapshot: durable.log.base(),
                    configuration: snapshot.map(|snapshot| (*snapshot.configuration).clone()),
                    entries: durable.log.from(Index(1)).collect(),
                    commit: server.standing.commit_index,
                    leads: server.standing.role == StandingRole::Leader,
                };
                tracer.push(Time::ZERO, Fact::Begin(server.id, Box::new(begin)));
                let written = &mut tracer.written[server.id.0 as usize - 1];
                (written.term, written.vote) = (durable.current_term, durable.voted_for);
                (written.last, written.log_end) = (durable.log.last(), durable.log.last_index());
            }
            for server in begun.servers.iter().filter(|server| server.down) {
                tracer.push(Time::ZERO, Fact::Crash(server.id, OnDisk::default()));
            }
        }
        Ok((Self::living(scenario, tracer)?, header))
    }

    /// What happened since the last call, in order. Nothing unless the world was made by [`World::traced`].
    pub fn take_trace(&mut self) -> Vec<Line> {
        std::mem::take(&mut self.trace.lines)
    }
}

/// What a server was before a step.
#[derive(Clone, Copy)]
pub(crate) struct Was {
    pub(crate) term: Term,
    pub(crate) leads: bool,
    pub(crate) commit: Index,
    /// The follower whose message it is handed, and up to where it knew that one's log to match.
    pub(crate) of_follower: Option<(ServerId, Index)>,
}

impl Tracer {
    fn push(&mut self, at: Time, fact: Fact) {
        self.lines.push(Line { at, fact });
    }

    fn note(&mut self, at: Time, fact: impl FnOnce() -> Fact) {
        if self.on {
            let fact = fact();
            self.push(at, fact);
        }
    }

    fn written(&mut self, server: ServerId) -> &mut Written {
        let slot = server.0 as usize - 1;
        self.written.resize_with(self.written.len().max(slot + 1), Written::default);
        &mut self.written[slot]
    }

    /// A server has made a step. The order is that in which the checkers are told: what a leader commits by counting comes
    /// before it steps down, what a follower commits behind what it wrote.
    pub(crate) fn stepped(&mut self, now: Time, server: &Server, was: Was, effects: &[Effect]) {
        if !self.on {
            return;
        }
        let (id, term, commit) = (server.id(), server.current_term(), server.commit_index());
        let (leads, same_term) = (server.is_leader(), term == was.term);
        if !same_term {
            self.push(now, Fact::Term(id, term));
            if matches!(server.role(), Role::Candidate { .. }) {
                self.push(now, Fact::Candidate(id));
            }
        }
        let by_counting = was.leads && same_term && (leads || server.leader().is_none());
        if commit != was.commit && by_counting {
            self.push(now, Fact::Commit(id, commit));
        }
        if leads && !(was.leads && same_term) {
            self.push(now, Fact::Leader(id, term));
        } else if was.leads && !leads && same_term {
            self.push(now, Fact::StepDown(id));
        }
        let mut look = self.wrote(now, server, effects);
        if commit != was.commit && !by_counting {
            self.push(now, Fact::Commit(id, commit));
        }
        let members = server.configuration();
        let written = self.written(id);
        look |= written.members.as_deref() != Some(members);
        if look {
            if written.members.as_deref() != Some(members) {
                written.members = Some(Arc::new(members.clone()));
            }
            self.push(now, Fact::Configuration(id, Box::new(members.clone())));
        }
        if let (Some((follower, before)), true, Role::Leader(leading)) =
            (was.of_follower, was.leads && same_term, server.role())
            && let Some(knows) = leading.followers.iter().find(|progress| progress.id == follower)
            && (knows.match_index != before || knows.next_index <= knows.match_index)
        {
            let (matched, next) = (knows.match_index, knows.next_index);
            self.push(now, Fact::Progress { server: id, follower, matched, next });
        }
    }

    /// What a step wrote into a server's log. Whether that may be something about its members.
    fn wrote(&mut self, now: Time, server: &Server, effects: &[Effect]) -> bool {
        let id = server.id();
        let mut of_members = false;
        let restored = effects.iter().any(|effect| matches!(effect, Effect::Restore(_)));
        for effect in effects {
            let Effect::Save(save) = effect else { continue };
            if let Some(snapshot) = &save.snapshot {
                self.push(now, Fact::Snapshot(id, snapshot.last_included));
                let written = self.written(id);
                written.log_end = written.log_end.max(snapshot.last_included.index);
                if restored {
                    // What stays behind a leader's snapshot, rightly or not.
                    for (from, entries) in server.log().between(Index::ZERO, server.log().last_index()) {
                        self.push(now, Fact::Append(id, from, listed(&entries)));
                    }
                }
                of_members = true;
            }
            if let Some(write) = &save.log {
                self.push(now, Fact::Append(id, write.from, listed(&write.entries)));
                let written = self.written(id);
                of_members |= write.from <= written.log_end
                    || write.entries.payloads().iter().any(|payload| matches!(payload, Payload::Configuration(_)));
                written.log_end = server.log().last_index();
            }
        }
        of_members
    }

    /// A server's state machine has come to an index, and its state then has this digest.
    pub(crate) fn applied(&mut self, now: Time, server: ServerId, index: Index, term: Term, digest: u64) {
        let state = || Some(format!("{digest:016x}"));
        self.note(now, || Fact::Apply { server, index, term: Some(term), state: state() });
    }

    /// A snapshot took the place of a server's state.
    pub(crate) fn restored(&mut self, now: Time, server: ServerId, index: Index, digest: u64) {
        self.note(now, || Fact::Restore(server, index, Some(format!("{digest:016x}"))));
    }

    /// A message leaves.
    pub(crate) fn sent(&mut self, now: Time, message: &Message, number: u64) {
        let Message { from: server, to, term, .. } = *message;
        let vote = match message.body {
            Body::RequestVote { .. } => Some(server),
            Body::RequestVoteReply { vote_granted: true } => Some(to),
            _ => None,
        };
        let matched = match message.body {
            Body::AppendEntriesReply { outcome: AppendOutcome::Success { match_index }, .. } => Some(match_index),
            Body::InstallSnapshotReply { last_included_index, outcome: SnapshotOutcome::Installed, .. } => {
                Some(last_included_index)
            }
            _ => None,
        };
        let kind = || Some(message.name().to_owned());
        self.note(now, || Fact::Send { server, to, term, vote, matched, kind: kind(), message: Some(number) });
    }

    /// A server is handed a message.
    pub(crate) fn received(&mut self, now: Time, server: ServerId, number: u64) {
        self.note(now, || Fact::Receive(server, number));
    }

    /// What of a disk is another than was written down last.
    fn disk(&mut self, server: ServerId, durable: &Durable) -> OnDisk {
        let (term, vote, last) = (durable.current_term, durable.voted_for, durable.log.last());
        let written = self.written(server);
        let disk = OnDisk {
            term: ((written.term, written.vote) != (term, vote)).then_some((term, vote)),
            last: (written.last != last).then_some(last),
        };
        (written.term, written.vote, written.last) = (term, vote, last);
        disk
    }

    /// A save is done.
    pub(crate) fn saved(&mut self, now: Time, server: ServerId, durable: &Durable) {
        if !self.on {
            return;
        }
        let disk = self.disk(server, durable);
        if disk != OnDisk::default() {
            self.push(now, Fact::Save(server, disk));
        }
    }

    /// Whether what happens is written down.
    pub(crate) const fn is_on(&self) -> bool {
        self.on
    }

    /// A server has stopped.
    pub(crate) fn stopped(&mut self, now: Time, server: ServerId, durable: &Durable) {
        if self.on {
            let disk = self.disk(server, durable);
            self.push(now, Fact::Crash(server, disk));
        }
    }

    /// A server has started from its disk.
    pub(crate) fn started(&mut self, now: Time, server: ServerId, durable: &Durable) {
        if !self.on {
            return;
        }
        let log: &Log = &durable.log;
        let snapshot = (log.base() != EntryId::START).then_some(log.base());
        self.written(server).log_end = log.last_index();
        let disk = OnDisk { term: Some((durable.current_term, durable.voted_for)), last: Some(log.last()) };
        self.push(now, Fact::Restart(server, snapshot, disk));
    }

    /// A server is there that was not.
    pub(crate) fn joined(&mut self, now: Time, server: ServerId) {
        self.note(now, || Fact::Join(server));
    }

    /// A client is told that its write stands.
    pub(crate) fn acknowledged(&mut self, now: Time, server: ServerId, entry: EntryId) {
        self.note(now, || Fact::Acknowledge(server, entry));
    }

    /// A read is answered.
    pub(crate) fn read(&mut self, now: Time, server: ServerId, index: Index, answered: Index) {
        self.note(now, || Fact::Read(server, index, answered));
    }

    /// A client asks for something.
    pub(crate) fn asked(&mut self, now: Time, which: Which, wanted: Wanted<'_>) {
        let (kind, key, value) = match wanted {
            Wanted::Write(key, text) => (OperationKind::Write, key, Some(text)),
            Wanted::Append(key, text) => (OperationKind::Append, key, Some(text)),
            Wanted::Read(key) => (OperationKind::Read, key, None),
        };
        self.note(now, || Fact::Ask { which, kind, key: key.to_owned(), value: value.map(str::to_owned) });
    }

    /// A client is answered.
    pub(crate) fn answered(&mut self, now: Time, which: Which, value: Option<&str>) {
        self.note(now, || Fact::Answer(which, value.map(str::to_owned)));
    }

    /// A client goes on without an answer.
    pub(crate) fn ended(&mut self, now: Time, which: Which) {
        self.note(now, || Fact::GiveUp(which));
    }

    /// What was asked for just now was refused at once: it is as though it had never been asked for.
    pub(crate) fn take_back(&mut self, which: Which) {
        let asks = |line: &Line| matches!(line.fact, Fact::Ask { which: asked, .. } if asked == which);
        if let Some(at) = self.lines.iter().rposition(asks) {
            self.lines.remove(at);
        }
    }
}

fn listed(entries: &Entries) -> Vec<Entry> {
    entries.iter().collect()
}
