//! Facts, one after the other: what each server is by them, and what the checkers say.

mod begin;
mod clients;
mod disks;

use std::collections::BTreeMap;

use raft_core::{Configuration, Entries, Entry, EntryId, Index, Log, Payload, ServerId, Term, Time};

use begin::beginning;
use disks::{Committed, Committing, Known};

use super::checked::Evidence;
use super::fact::{Begin, Fact, Header, Line, Observed, OnDisk};
use super::forest::{Place, START};
use super::moments::{Moments, ServerRole, ServerState};
use crate::begin::Beginning;
use crate::checkers::{Check, Checkers, OnDisk as Held, Property, Violation};
use crate::client_history::{ClientHistory, Linearizability, Which};
use crate::fingerprint::Fingerprint;
use crate::network::at;
use crate::plain::{Wrong, not};
use crate::short_map::ShortMap;

/// What a line cannot say.
pub(super) type Taken = Result<(), Box<Wrong>>;

/// Takes facts.
#[derive(Debug)]
pub(super) struct Judge {
    observed: Vec<Observed>,
    states: Vec<ServerState>,
    committed: Committed,
    checkers: Checkers,
    history: ClientHistory,
    /// The lines by which terms were won.
    won: ShortMap<Term, u64>,
    /// Up to where each leader knows each follower's log to match.
    progress: ShortMap<(ServerId, ServerId), Index>,
    /// The latest number of each client's, and the lines by which its operations were asked for.
    clients: ShortMap<u32, u64>,
    asked: BTreeMap<Which, u64>,
    pub(super) moments: Moments,
    keeps: bool,
    pub(super) evidence: Option<Evidence>,
}

impl Judge {
    /// Judges what follows these first lines.
    pub(super) fn new(
        header: &Header,
        begins: Vec<(u64, Time, ServerId, Begin)>,
        keeps: bool,
    ) -> Result<Self, Box<Wrong>> {
        let all = || (1..=header.servers).map(ServerId);
        let first = match &header.configuration {
            Some(configuration) => configuration.clone(),
            None => Configuration::of_voters(all()).map_err(|why| not("servers", header.servers, &why.to_string()))?,
        };
        let mut given = ShortMap::default();
        let (mut line, mut now) = (1, Time::ZERO);
        for (of, at, server, begin) in begins {
            (line, now) = (of, at);
            given.insert(server, (of, begin));
        }
        let beginnings = all().map(|id| beginning(id, &first, given.get(&id).map(|(_, begin)| begin)));
        let beginnings: Vec<Beginning> = beginnings.collect();
        let begun = beginnings.iter().map(|server| server.standing.commit_index).max().unwrap_or_default();
        let (checkers, check) = match Checkers::begin(&first, &beginnings) {
            Ok(checkers) => (checkers, Ok(())),
            Err(violation) => (Checkers::new(&first), Err(violation)),
        };
        let mut judge = Self {
            observed: header.observed.clone(),
            states: vec![ServerState::NEW; header.servers as usize],
            committed: Committed { begun, places: Vec::new(), lines: Vec::new() },
            checkers,
            history: ClientHistory::default(),
            won: ShortMap::default(),
            progress: ShortMap::default(),
            clients: ShortMap::default(),
            asked: BTreeMap::new(),
            moments: Moments::default(),
            keeps,
            evidence: None,
        };
        if !header.own_term_commit {
            judge.checkers.without_own_term_commit();
        }
        if !given.is_empty() {
            let in_logs = beginnings.iter().flat_map(|server| server.durable.log.iter_from(Index::ZERO));
            judge.history.begin_in_the_middle(in_logs);
        }
        // Entries that stand in one server's log and are the last of another's snapshot are the same.
        let mut by_base: Vec<_> = given.iter().map(|(id, (line, begin))| (begin.snapshot.index, *id, *line)).collect();
        by_base.sort_unstable();
        for (_, id, line) in by_base {
            if let Some((_, begin)) = given.get(&id) {
                judge.begin(id, begin, line);
            }
        }
        for server in 0..judge.states.len() {
            judge.note(1, Time::ZERO.max(now), server);
        }
        judge.look(line, check);
        Ok(judge)
    }

    /// The last entry of a snapshot.
    fn base(&mut self, id: EntryId, line: u64) -> Place {
        let known = self.moments.forest.find(id);
        known.unwrap_or_else(|| self.moments.forest.behind(START, id.index, Entry::noop(id.term), line))
    }

    /// The last of these entries, behind another.
    fn grow(&mut self, behind: Place, from: Index, entries: Vec<Entry>, line: u64) -> Place {
        let numbered = (from.0..).map(Index).zip(entries);
        numbered.fold(behind, |last, (index, entry)| self.moments.forest.behind(last, index, entry, line))
    }

    fn note(&mut self, line: u64, now: Time, server: usize) {
        if self.keeps {
            self.moments.note(line, now, server, self.states[server]);
        }
    }

    const fn judges(&self) -> bool {
        self.evidence.is_none()
    }

    fn observes(&self, what: Observed) -> bool {
        self.observed.contains(&what)
    }

    pub(super) const fn linearizability(&self) -> Linearizability {
        self.history.counts()
    }

    pub(super) const fn servers(&self) -> usize {
        self.states.len()
    }

    /// Asks the checkers, with what the disks hold, unless they have found something already.
    fn ask(&mut self, what: impl FnOnce(&mut Checkers, &Known<'_>) -> Check) -> Check {
        if self.evidence.is_some() {
            return Ok(());
        }
        let saves = self.observed.contains(&Observed::Save);
        let Self { checkers, states, committed, moments, .. } = self;
        what(checkers, &Known { saves, forest: &moments.forest, states, committed })
    }

    /// Keeps the first violation, with the lines that belong to it.
    fn look(&mut self, line: u64, check: Check) {
        let Err(violation) = check else { return };
        let mut lines: Vec<u64> = violation.terms.iter().filter_map(|term| self.won.get(term).copied()).collect();
        lines.extend(violation.indexes.iter().filter_map(|&index| self.committed.line(index)));
        for &server in &violation.servers {
            let Some(state) = self.states.get(at(server)) else { continue };
            let places = violation.indexes.iter().filter_map(|&index| self.moments.forest.at(state.last, index));
            lines.extend(places.map(|place| self.moments.forest.line(place)).filter(|&line| line > 0));
        }
        let asked = |operation: &crate::ClientOperation| self.asked.get(&(operation.client, operation.sequence));
        lines.extend(violation.operations.iter().filter_map(asked));
        lines.push(line);
        lines.sort_unstable();
        lines.dedup();
        self.evidence = Some(Evidence { line, violation: *violation, lines });
    }

    fn known(&self, field: &str, server: ServerId) -> Taken {
        if (1..=self.states.len() as u32).contains(&server.0) {
            return Ok(());
        }
        Err(not(field, server, &format!("a server from S1 to S{}, or a `join` before", self.states.len())))
    }

    fn know_all(&self, field: &str, configuration: &Configuration) -> Taken {
        configuration.members().into_iter().try_for_each(|server| self.known(field, server))
    }

    /// The entry that a line names as the last one of a log.
    fn place(&self, field: &str, id: EntryId) -> Result<Place, Box<Wrong>> {
        let expected = "an entry that stood in a log before, as [index, term]";
        self.moments.forest.find(id).ok_or_else(|| not(field, format!("[{}, {}]", id.index, id.term), expected))
    }

    /// Takes a line, or says what is wrong with it; it has then changed nothing.
    pub(super) fn take(&mut self, line: u64, Line { at: now, fact }: Line) -> Taken {
        if let Some(missing) = fact.observed().filter(|&observed| !self.observes(observed)) {
            let expected = format!("\"{}\" among what the header says is observed", missing.name());
            return Err(not("event", format!("\"{}\"", fact.name()), &expected));
        }
        let Some(server) = fact.server() else { return self.client(line, now, fact) };
        if let Fact::Join(_) = fact {
            return self.join(line, now, server);
        }
        self.known("server", server)?;
        let is_down = self.states[at(server)].role == ServerRole::Down;
        if is_down != matches!(fact, Fact::Restart(..)) {
            let (found, expected) = if is_down {
                ("which is crashed", "a running server, or a `restart` before")
            } else {
                ("which runs", "a server that has crashed")
            };
            return Err(not("server", format!("{server}, {found}"), expected));
        }
        let before = self.states[at(server)];
        let check = self.of_server(line, now, server, fact)?;
        if self.states[at(server)] != before {
            self.note(line, now, at(server));
        }
        self.look(line, check);
        Ok(())
    }

    fn join(&mut self, line: u64, now: Time, server: ServerId) -> Taken {
        let next = ServerId(self.states.len() as u32 + 1);
        if server != next {
            return Err(not("server", server, &format!("{next}, the next one")));
        }
        self.states.push(ServerState::NEW);
        self.checkers.add_server();
        self.note(line, now, at(server));
        Ok(())
    }

    fn of_server(&mut self, line: u64, now: Time, id: ServerId, fact: Fact) -> Result<Check, Box<Wrong>> {
        let state = self.states[at(id)];
        Ok(match fact {
            Fact::Term(_, term) => {
                let check = self.ask(|checkers, _| checkers.told_term(now, id, term));
                if term != state.term {
                    let this = &mut self.states[at(id)];
                    (this.term, this.role) = (term, ServerRole::Follower);
                }
                check
            }
            Fact::Candidate(_) => {
                self.states[at(id)].role = ServerRole::Candidate;
                Ok(())
            }
            Fact::Vote(_, term, candidate) => {
                self.known("for", candidate)?;
                let held = self.held(&state);
                self.votes(id, term, candidate);
                self.ask(|checkers, _| checkers.told_vote(now, id, (term, candidate), held))
            }
            Fact::Leader(_, term) => {
                if term != state.term {
                    return Err(not("term", term, &format!("{}, the term that the server is in", state.term)));
                }
                self.states[at(id)].role = ServerRole::Leader;
                self.progress.retain(|(leader, _), _| *leader != id);
                let check = self.ask(|checkers, _| checkers.told_leader(now, id, term));
                self.won.get_or_insert(term, line);
                check
            }
            Fact::StepDown(_) => {
                self.checkers.told_step_down(id);
                self.states[at(id)].role = ServerRole::Follower;
                Ok(())
            }
            Fact::Append(_, from, entries) => self.append(line, now, id, from, entries)?,
            Fact::Snapshot(_, last) => self.snapshot(line, now, id, last)?,
            Fact::Configuration(_, members) => {
                self.know_all("voters", &members)?;
                self.ask(|checkers, _| checkers.told_configuration(now, id, &members))
            }
            Fact::Commit(_, index) if index == state.commit => Ok(()),
            Fact::Commit(_, index) => {
                self.states[at(id)].commit = index;
                let check = self.ask(|checkers, disks| {
                    // What is committed by this line is on disks as what it was before: entries of a log.
                    checkers.told_commit(now, id, index, &Committing { disks, last: state.last, index })
                });
                if check.is_ok() && self.judges() {
                    self.commit(line, state.last, index);
                }
                check
            }
            Fact::Apply { index, term, state: digest, .. } => {
                let digest = self.digest(digest)?;
                self.states[at(id)].applied = index;
                let check = self.ask(|checkers, _| {
                    checkers.told_apply(now, id, index, term)?;
                    digest.map_or(Ok(()), |digest| checkers.told_state(now, id, index, digest))
                });
                if let Some(place) = self.committed.place(index) {
                    self.history.applied(index, self.moments.forest.payload(place));
                }
                check
            }
            Fact::Restore(_, index, digest) => {
                let digest = self.digest(digest)?;
                self.states[at(id)].applied = index;
                self.ask(|checkers, _| {
                    checkers.told_restore(now, id, index)?;
                    digest.map_or(Ok(()), |digest| checkers.told_state(now, id, index, digest))
                })
            }
            Fact::Save(_, disk) => {
                self.write(id, disk)?;
                match disk.last {
                    Some(last) => self.ask(|checkers, disks| checkers.saved(now, id, last, disks)),
                    None => Ok(()),
                }
            }
            Fact::Send { to, term, vote, matched, .. } => {
                self.known("to", to)?;
                vote.map_or(Ok(()), |candidate| self.known("vote", candidate))?;
                let held = self.held(&state);
                if let Some(candidate) = vote {
                    self.votes(id, term, candidate);
                }
                self.ask(|checkers, _| checkers.told_sent(now, id, term, (vote, matched), held))
            }
            Fact::Progress { follower, matched, next, .. } => {
                self.known("follower", follower)?;
                if state.role != ServerRole::Leader {
                    return Err(not("server", format!("{id}, which does not lead"), "a leader"));
                }
                let before = self.progress.insert((id, follower), matched).unwrap_or_default();
                self.ask(|checkers, _| checkers.told_progress(now, id, follower, before, (matched, next)))
            }
            Fact::Crash(_, disk) => {
                self.write(id, disk)?;
                self.states[at(id)].role = ServerRole::Down;
                self.progress.retain(|(leader, _), _| *leader != id);
                self.ask(|checkers, disks| checkers.stopped(now, id, disks))
            }
            Fact::Restart(_, snapshot, disk) => self.restart(line, now, id, snapshot, disk)?,
            Fact::Acknowledge(_, entry) => self.ask(|checkers, _| checkers.acknowledged(now, id, entry)),
            Fact::Read(_, index, answered) if index < answered && self.judges() => {
                let text = format!(
                    "{id} answered a read from its state at index {index}; the operation at index {answered} had been \
                     answered before the read was asked for."
                );
                Violation::new(Property::LinearizableReads, now, text, &[id], &[index, answered], &[])
            }
            Fact::Begin(..) => return Err(not("event", "\"begin\"", "no `begin` behind other events")),
            _ => Ok(()),
        })
    }

    /// What a server's disk holds of its promises, if the trace says.
    fn held(&self, state: &ServerState) -> Option<Held> {
        let last = self.moments.forest.id(state.disk_last).index;
        self.observes(Observed::Save).then_some(Held { term: state.disk_term, vote: state.disk_vote, last })
    }

    fn votes(&mut self, id: ServerId, term: Term, candidate: ServerId) {
        let vote = &mut self.states[at(id)].vote;
        if vote.is_none_or(|(before, _)| before <= term) {
            *vote = Some((term, candidate));
        }
    }

    /// What stands for a state.
    fn digest(&self, state: Option<String>) -> Result<Option<u64>, Box<Wrong>> {
        if state.is_some() != self.observes(Observed::State) {
            let (found, expected) = match state {
                Some(_) => ("given", "\"state\" among what the header says is observed"),
                None => ("missing", "a text that stands for the state, as the header says that it is observed"),
            };
            return Err(not("state", found, expected));
        }
        Ok(state.map(|text| {
            use std::hash::{Hash, Hasher};
            let mut hasher = Fingerprint::new();
            text.hash(&mut hasher);
            hasher.finish()
        }))
    }

    fn append(
        &mut self,
        line: u64,
        now: Time,
        id: ServerId,
        from: Index,
        entries: Vec<Entry>,
    ) -> Result<Check, Box<Wrong>> {
        let state = self.states[at(id)];
        if from <= state.base {
            let expected = format!("an index behind {}, up to which a snapshot stands for the log", state.base);
            return Err(not("from", from, &expected));
        }
        if from.plus(entries.len() as u64) > Index::LIMIT {
            return Err(not("from", from, &format!("a log of at most {} entries", Index::LIMIT)));
        }
        let mut members = None;
        for (place, entry) in entries.iter().enumerate() {
            if let Payload::Configuration(configuration) = &entry.payload {
                self.know_all(&format!("entries[{place}][1]"), configuration)?;
                members = Some(configuration.clone());
            }
        }
        let check = self.ask(|checkers, _| {
            if entries.is_empty() {
                return checkers.told_append(now, id, from, &Entries::NONE);
            }
            let mut next = from;
            for run in entries.chunk_by(|one, other| one.term == other.term) {
                let run = Entries::new(run[0].term, run.iter().map(|entry| entry.payload.clone()));
                checkers.told_append(now, id, next, &run)?;
                next = next.plus(run.len() as u64);
            }
            Ok(())
        });
        // Behind a hole nothing can stand, which the checkers have found by now.
        if let Some(before) = self.moments.forest.at(state.last, from.previous()) {
            self.states[at(id)].last = self.grow(before, from, entries, line);
        }
        // Of whoever was removed and is added again a leader knows nothing.
        if let (Some(members), ServerRole::Leader) = (members, state.role) {
            self.progress.retain(|(leader, follower), _| *leader != id || members.is_member(*follower));
        }
        Ok(check)
    }

    fn snapshot(&mut self, line: u64, now: Time, id: ServerId, last: EntryId) -> Result<Check, Box<Wrong>> {
        if last == EntryId::START {
            return Err(not("last", "[0, 0]", "an entry, as [index, term]"));
        }
        let check = self.ask(|checkers, _| checkers.told_snapshot(now, id, last));
        let state = self.states[at(id)];
        let place = self.base(last, line);
        let stays = self.moments.forest.at(state.last, last.index).is_some_and(|at| self.moments.forest.id(at) == last);
        let this = &mut self.states[at(id)];
        this.base = last.index;
        if !stays {
            this.last = place;
        }
        Ok(check)
    }

    /// Notes what a line commits, as entries of a log.
    fn commit(&mut self, line: u64, last: Place, index: Index) {
        let known = self.committed.last();
        let Some(mut place) = self.moments.forest.at(last, index) else { return };
        let mut new = Vec::new();
        while self.moments.forest.id(place).index > known {
            new.push(place);
            place = self.moments.forest.parent(place);
        }
        self.committed.lines.resize(self.committed.lines.len() + new.len(), line);
        self.committed.places.extend(new.into_iter().rev());
    }

    /// A server's disk holds this now.
    fn write(&mut self, id: ServerId, disk: OnDisk) -> Taken {
        let last = disk.last.map(|last| self.place("last", last)).transpose()?;
        let this = &mut self.states[at(id)];
        if let Some(last) = last {
            this.disk_last = last;
        }
        if let Some((term, vote)) = disk.term {
            (this.disk_term, this.disk_vote) = (term, vote);
        }
        Ok(())
    }

    fn restart(
        &mut self,
        line: u64,
        now: Time,
        id: ServerId,
        snapshot: Option<EntryId>,
        disk: OnDisk,
    ) -> Result<Check, Box<Wrong>> {
        let state = self.states[at(id)];
        let base = snapshot.unwrap_or_default();
        let as_before = if self.observes(Observed::Save) { state.disk_last } else { state.last };
        let last = match disk.last {
            // A log that is nothing but a snapshot ends with it.
            Some(last) if last == base => self.base(base, line),
            Some(last) => self.place("last", last)?,
            None => as_before,
        };
        let forest = &self.moments.forest;
        if forest.at(last, base.index).is_none_or(|place| forest.id(place) != base) {
            let found = format!("[{}, {}]", base.index, base.term);
            return Err(not("snapshot", found, "an entry of the log that the server starts with"));
        }
        let (term, vote) = disk.term.unwrap_or((state.disk_term, state.disk_vote));
        let log: Log = forest.log(base, last);
        let is_other = last != state.disk_last;
        self.states[at(id)] = ServerState {
            role: ServerRole::Follower,
            term,
            vote: vote.map(|vote| (term, vote)),
            commit: base.index,
            applied: base.index,
            base: base.index,
            last,
            disk_last: last,
            disk_term: term,
            disk_vote: vote,
        };
        Ok(self.ask(|checkers, disks| {
            checkers.started(now, id, term, &log)?;
            if is_other { checkers.disk_changed(now, id, disks) } else { Ok(()) }
        }))
    }
}
