//! The five properties that Raft guarantees (P Fig. 3), and what changes of members rest on (D§4.1), checked at each step
//! that could break one. What reads show is checked where they are answered.
//!
//! The checkers know nothing of how a server decides. They look at what it asks to be saved, what it hands to its state
//! machine, and who leads; and they remember what no server does: who led which term, which entry was ever seen where,
//! what was ever committed. A log up to an index is remembered as a hash, so each comparison takes one step; a
//! snapshot changes nothing in what is remembered.

mod property;
mod weight;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use raft_core::{
    Configuration, Effect, Entries, EntryId, Index, Log, Payload, Server, ServerId, StandingRole, Term, Time,
};

use crate::begin::Beginning;
use crate::fingerprint::Fingerprint;
use crate::network::at;
use crate::node::Node;
use crate::short_map::ShortMap;
use crate::store::Store;
pub use property::{Property, Violation};

/// What a server was before a step.
#[derive(Clone, Copy)]
pub(crate) struct Before {
    pub(crate) term: Term,
    pub(crate) leads: bool,
    pub(crate) commit_index: Index,
}

impl Before {
    pub(crate) const fn of(server: &Server) -> Self {
        Self { term: server.current_term(), leads: server.is_leader(), commit_index: server.commit_index() }
    }
}

/// The outcome of a check. A violation is large and rare.
pub(crate) type Check = Result<(), Box<Violation>>;

/// What is remembered of one server.
#[derive(Clone, Debug)]
struct Ghost {
    /// The hash of its log up to each index.
    prefixes: Vec<u64>,
    /// The last index it applied in this life.
    applied: Index,
    /// What it was started with for the beginning of its log.
    first: Arc<Configuration>,
    /// The configuration that its log rests on, and those that stand in it with the terms in which they were appended.
    base: Arc<Configuration>,
    configurations: Vec<(Index, Term, Arc<Configuration>)>,
}

impl Ghost {
    fn starting_with(first: Configuration) -> Self {
        let first = Arc::new(first);
        Self { prefixes: Vec::new(), applied: Index::ZERO, base: first.clone(), first, configurations: Vec::new() }
    }

    fn prefix(&self, index: Index) -> Option<u64> {
        prefix(&self.prefixes, index)
    }
}

/// The hash of a log up to `index`, given those for each index from 1; zero is before the first.
fn prefix(prefixes: &[u64], index: Index) -> Option<u64> {
    let Some(at) = index.0.checked_sub(1) else { return Some(0) };
    prefixes.get(usize::try_from(at).ok()?).copied()
}

fn extend(prefix: u64, term: Term, payload: &Payload) -> u64 {
    let mut hasher = Fingerprint::new();
    (prefix, term, payload).hash(&mut hasher);
    hasher.finish()
}

/// All that is remembered.
#[derive(Clone, Debug)]
pub(crate) struct Checkers {
    ghosts: Vec<Ghost>,
    leaders: ShortMap<Term, ServerId>,
    /// For each entry ever seen, the hash of the log up to it, and who had it first.
    seen: ShortMap<(Index, Term), (u64, ServerId)>,
    /// The hash of the committed log up to each index, and who committed that index first.
    committed: Vec<u64>,
    committed_first_by: Vec<ServerId>,
    /// The configurations that were committed, the one of the beginning first.
    committed_configurations: Vec<(Index, Arc<Configuration>)>,
    /// The digest of the state machine after each committed index.
    states: Vec<u64>,
    /// How far leaders of each term committed, by rising term. A term that got no further than an earlier one is left out, so the last
    /// of some terms is the furthest of them.
    committed_in: Vec<(Term, Index)>,
}

impl Checkers {
    pub(crate) fn new(first: &Configuration) -> Self {
        Self {
            ghosts: first.voters().iter().map(|_| Ghost::starting_with(first.clone())).collect(),
            committed_configurations: vec![(Index::ZERO, Arc::new(first.clone()))],
            leaders: ShortMap::default(),
            seen: ShortMap::default(),
            committed: Vec::new(),
            committed_first_by: Vec::new(),
            states: Vec::new(),
            committed_in: Vec::new(),
        }
    }

    /// What is remembered when these servers begin: their logs, what is committed as far as any of them knows, and who leads.
    pub(crate) fn begin(first: &Configuration, servers: &[Beginning]) -> Result<Self, Box<Violation>> {
        let mut begun = Self::new(first);
        begun.ghosts = servers.iter().map(|server| Ghost::starting_with(server.first.clone())).collect();
        begun.note_committed(servers);
        for Beginning { id, durable, standing, .. } in servers {
            let base = durable.log.base();
            begun.rests_on(Time::ZERO, *id, base, &durable.log)?;
            if let Some(snapshot) = &durable.snapshot
                && begun.ghosts[at(*id)].base != snapshot.configuration
            {
                let text = format!("{id} has a snapshot with another configuration than the committed log up to it.");
                Violation::new(Property::MembershipSafety, Time::ZERO, text, &[*id], &[base.index], &[])?;
            }
            begun.commits(Time::ZERO, *id, base.index, standing.commit_index)?;
            begun.ghosts[at(*id)].applied = standing.commit_index;
        }
        for Beginning { id, durable, standing, .. } in servers {
            if standing.role == StandingRole::Leader {
                begun.won(Time::ZERO, *id, durable.current_term)?;
            }
        }
        Ok(begun)
    }

    /// Puts together what is committed, from the logs and snapshots of all.
    fn note_committed(&mut self, servers: &[Beginning]) {
        let claim = |server: &Beginning| {
            let index = server.standing.commit_index;
            EntryId { index, term: server.durable.log.term_at(index).unwrap_or_default() }
        };
        let Some(furthest) = servers.iter().map(claim).max_by_key(|claim| claim.index) else { return };
        // A log with an entry that is committed by another's word is the committed log up to there.
        let reaches =
            |log: &Log| servers.iter().map(claim).filter(|&claim| log.has(claim)).map(|claim| claim.index).max();
        let mut store = Store::default();
        while self.committed() < furthest.index {
            let next = self.committed().next();
            let has = |log: &Log| log.first_index() <= next && reaches(log).is_some_and(|upto| upto >= next);
            let mut before = self.committed.last().copied().unwrap_or(0);
            if let Some(Beginning { id, durable, .. }) = servers.iter().find(|server| has(&server.durable.log)) {
                let upto = reaches(&durable.log).unwrap_or_default();
                for (index, term, payload) in durable.log.iter_from(next).take_while(|(index, ..)| *index <= upto) {
                    before = extend(before, term, payload);
                    store.apply(payload);
                    self.committed.push(before);
                    self.committed_first_by.push(*id);
                    self.states.push(store.digest());
                    if let Payload::Configuration(configuration) = payload {
                        self.committed_configurations.push((index, configuration.clone()));
                    }
                }
                continue;
            }
            // Snapshots alone stand for what comes next; which entries it was is not known.
            let snapshots = servers.iter().filter_map(|server| Some((server.id, server.durable.snapshot.as_ref()?)));
            let later = snapshots.filter(|(_, snapshot)| snapshot.last_included.index >= next);
            let Some((id, snapshot)) = later.min_by_key(|(_, snapshot)| snapshot.last_included.index) else { return };
            store = Store::restore(&snapshot.data).unwrap_or_default();
            while self.committed() < snapshot.last_included.index {
                // No entry has this term.
                before = extend(before, Term::LIMIT.next(), &Payload::Noop);
                self.committed.push(before);
                self.committed_first_by.push(id);
                self.states.push(store.digest());
            }
            self.committed_configurations.push((snapshot.last_included.index, snapshot.configuration.clone()));
        }
        if furthest.index > Index::ZERO {
            self.committed_in.push((furthest.term, furthest.index));
        }
    }

    /// One more server is there, which knows nobody.
    pub(crate) fn add_server(&mut self) {
        self.ghosts.push(Ghost::starting_with(Configuration::unknown()));
    }

    /// The furthest index that was ever committed.
    pub(crate) fn committed(&self) -> Index {
        Index(self.committed.len() as u64)
    }

    /// Checks what one step of a server did.
    pub(crate) fn after_step(
        &mut self,
        now: Time,
        nodes: &[Node],
        server: &Server,
        before: Before,
        effects: &[Effect],
    ) -> Check {
        let (id, term, leads) = (server.id(), server.current_term(), server.is_leader());
        let led_throughout = before.leads && leads && before.term == term;
        for effect in effects {
            if let Effect::Save(save) = effect {
                if let Some(snapshot) = &save.snapshot {
                    self.rests_on(now, id, snapshot.last_included, server.log())?;
                }
                if let Some(write) = &save.log {
                    self.wrote(now, id, led_throughout.then_some(term), write.from, &write.entries)?;
                }
            }
        }
        self.counts(now, server)?;
        if leads && !led_throughout {
            self.won(now, id, term)?;
        }
        if server.commit_index() > before.commit_index {
            self.commits(now, id, before.commit_index, server.commit_index())?;
            if leads {
                let leads_later = |node: &Node| {
                    let server = node.server()?;
                    (server.is_leader() && server.current_term() > term).then(|| (node.id(), server.current_term()))
                };
                self.leader_commits(now, term, server.commit_index(), nodes.iter().filter_map(leads_later))?;
            }
        }
        for effect in effects {
            match effect {
                Effect::Apply { first, entries } => {
                    for (index, payload) in (first.0..).map(Index).zip(entries.payloads()) {
                        self.applies(now, id, index, entries.term(), payload)?;
                    }
                }
                Effect::Restore(snapshot) => self.restores(now, id, snapshot.last_included.index)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// A server started from this log.
    pub(crate) fn started(&mut self, now: Time, server: ServerId, log: &Log) -> Check {
        let ghost = &mut self.ghosts[at(server)];
        ghost.prefixes.clear();
        ghost.applied = log.base().index;
        self.rests_on(now, server, log.base(), log)
    }

    /// A snapshot stands for a server's log up to an entry: all up to it must be the committed log, and `log` is what stands
    /// behind it.
    fn rests_on(&mut self, now: Time, server: ServerId, base: EntryId, log: &Log) -> Check {
        let index = base.index;
        let committed = prefix(&self.committed, index);
        let is_other = |&(seen, _): &(u64, ServerId)| Some(seen) != committed;
        if committed.is_none() || self.seen.get(&(index, base.term)).is_some_and(is_other) {
            let text = format!("{server} has a snapshot that ends with the entry {base}, which is not committed.");
            return Violation::new(Property::StateMachineSafety, now, text, &[server], &[index], &[base.term]);
        }
        let ghost = &mut self.ghosts[at(server)];
        if index > Index::ZERO && ghost.prefix(index) == committed {
            return Ok(());
        }
        // Another log begins here.
        ghost.configurations.clear();
        ghost.base = if index == Index::ZERO {
            ghost.first.clone()
        } else {
            let known = &self.committed_configurations;
            known[known.partition_point(|&(at, _)| at <= index) - 1].1.clone()
        };
        ghost.prefixes.clear();
        ghost.prefixes.extend_from_slice(&self.committed[..index.0 as usize]);
        for (first, entries) in log.between(Index::ZERO, log.last_index()) {
            self.wrote(now, server, None, first, &entries)?;
        }
        Ok(())
    }

    /// A server's log is now these entries from an index on. `leads`: it led this term before and still does.
    fn wrote(&mut self, now: Time, server: ServerId, leads: Option<Term>, from: Index, entries: &Entries) -> Check {
        let ghost = &mut self.ghosts[at(server)];
        let last = Index(ghost.prefixes.len() as u64);
        let whole = ghost.prefix(last);
        ghost.prefixes.truncate(usize::try_from(from.previous().0).unwrap_or(usize::MAX));
        let mut prefix = ghost.prefixes.last().copied().unwrap_or(0);
        ghost.configurations.truncate(ghost.configurations.partition_point(|&(index, ..)| index < from));
        for (index, payload) in (from.0..).map(Index).zip(entries.payloads()) {
            prefix = extend(prefix, entries.term(), payload);
            ghost.prefixes.push(prefix);
            if let Payload::Configuration(configuration) = payload {
                ghost.configurations.push((index, entries.term(), configuration.clone()));
            }
        }
        if let Some(term) = leads
            && ghost.prefix(last) != whole
        {
            let text = format!("{server} leads term {term} and changed its own log at index {from} or after it.");
            return Violation::new(Property::LeaderAppendOnly, now, text, &[server], &[from], &[term]);
        }
        let new = ghost.prefixes.iter().skip(ghost.prefixes.len() - entries.len());
        let term = entries.term();
        for (index, &prefix) in (from.0..).map(Index).zip(new) {
            let (first_prefix, first) = *self.seen.get_or_insert((index, term), (prefix, server));
            if first_prefix != prefix {
                let text = if first == server {
                    format!("{server} had an entry of term {term} at index {index} before, behind another log.")
                } else {
                    format!(
                        "{first} and {server} both have an entry of term {term} at index {index}, but their logs up to \
                         it differ."
                    )
                };
                return Violation::new(Property::LogMatching, now, text, &[first, server], &[index], &[term]);
            }
        }
        Ok(())
    }

    /// By which configuration a server counts, and how many a leader has under way.
    fn counts(&self, now: Time, server: &Server) -> Check {
        let (id, term, ghost) = (server.id(), server.current_term(), &self.ghosts[at(server.id())]);
        let (index, latest) = match ghost.configurations.last() {
            Some((index, _, latest)) => (*index, latest),
            None => (Index::ZERO, &ghost.base),
        };
        if server.configuration() != &**latest {
            let text = format!("{id} counts by another configuration than the latest of its log, at index {index}.");
            return Violation::new(Property::MembershipSafety, now, text, &[id], &[index], &[]);
        }
        if server.is_leader() && index > server.commit_index() {
            let own = |&&(at, appended, _): &&(Index, Term, _)| at > server.commit_index() && appended == term;
            let mut own = ghost.configurations.iter().rev().filter(own).map(|&(at, ..)| at);
            if let (Some(second), Some(first)) = (own.next(), own.next()) {
                let text = format!(
                    "{id} leads term {term} and has appended a configuration at index {second} before its last one, at \
                     index {first}, is committed."
                );
                return Violation::new(Property::MembershipSafety, now, text, &[id], &[first, second], &[term]);
            }
        }
        Ok(())
    }

    /// A server has become leader.
    fn won(&mut self, now: Time, server: ServerId, term: Term) -> Check {
        let first = *self.leaders.get_or_insert(term, server);
        if first != server {
            let text = format!("{first} and {server} were both elected leader in term {term}.");
            return Violation::new(Property::ElectionSafety, now, text, &[first, server], &[], &[term]);
        }
        let earlier = self.committed_in.partition_point(|(earlier, _)| *earlier < term);
        match self.committed_in[..earlier].last() {
            Some(&(earlier, index)) => self.leader_has(now, server, term, earlier, index),
            None => Ok(()),
        }
    }

    /// A leader of `term` knows that all up to `index` is committed. Its election may be long past, and the leaders of
    /// later terms elected already (`later`).
    fn leader_commits(
        &mut self,
        now: Time,
        term: Term,
        index: Index,
        later: impl Iterator<Item = (ServerId, Term)>,
    ) -> Check {
        let terms = &self.committed_in;
        let upto = terms.partition_point(|(earlier, _)| *earlier <= term);
        if terms[..upto].last().is_none_or(|&(_, before)| before < index) {
            let from = terms.partition_point(|(earlier, _)| *earlier < term);
            let surpassed = terms[from..].iter().take_while(|&&(_, furthest)| furthest <= index).count();
            self.committed_in.splice(from..from + surpassed, [(term, index)]);
        }
        for (leader, leads) in later {
            self.leader_has(now, leader, leads, term, index)?;
        }
        Ok(())
    }

    /// Whether the leader of `term` has all up to `index`, which was committed in an `earlier` term.
    fn leader_has(&self, now: Time, leader: ServerId, term: Term, earlier: Term, index: Index) -> Check {
        if self.ghosts[at(leader)].prefix(index) == prefix(&self.committed, index) {
            return Ok(());
        }
        // Where they part is looked for only now: the prefixes agree up to somewhere and differ from there on.
        let own = &self.ghosts[at(leader)].prefixes;
        let agree = own.iter().zip(&self.committed).take_while(|(own, committed)| own == committed).count();
        let missing = Index(agree as u64 + 1);
        let text =
            format!("{leader} leads term {term} without the entry at index {missing}, committed in term {earlier}.");
        Violation::new(Property::LeaderCompleteness, now, text, &[leader], &[missing], &[earlier, term])
    }

    /// A server's commit index rises.
    fn commits(&mut self, now: Time, server: ServerId, from: Index, to: Index) -> Check {
        let ghost = &self.ghosts[at(server)];
        for index in (from.0 + 1..=to.0).map(Index) {
            let Some(own) = ghost.prefix(index) else {
                let text = format!("{server} committed index {index}, which its log does not reach.");
                return Violation::new(Property::StateMachineSafety, now, text, &[server], &[index], &[]);
            };
            let Some(committed) = prefix(&self.committed, index) else {
                self.committed.push(own);
                self.committed_first_by.push(server);
                if let Ok(found) = ghost.configurations.binary_search_by_key(&index, |&(at, ..)| at) {
                    self.committed_configurations.push((index, ghost.configurations[found].2.clone()));
                }
                continue;
            };
            if own != committed {
                let first = self.committed_first_by[index.0 as usize - 1];
                let text = format!("{first} and {server} committed different entries at index {index}.");
                return Violation::new(Property::StateMachineSafety, now, text, &[first, server], &[index], &[]);
            }
        }
        Ok(())
    }

    /// A server's state machine goes on from a snapshot.
    fn restores(&mut self, now: Time, server: ServerId, index: Index) -> Check {
        let ghost = &mut self.ghosts[at(server)];
        let applied = std::mem::replace(&mut ghost.applied, index);
        if index < applied {
            let text = format!("{server} took its state machine back from index {applied} to {index}.");
            return Violation::new(Property::StateMachineSafety, now, text, &[server], &[index, applied], &[]);
        }
        Ok(())
    }

    /// A server's state machine has come to an index, and its state then has this digest.
    pub(crate) fn has_state(&mut self, now: Time, server: ServerId, index: Index, digest: u64) -> Check {
        match prefix(&self.states, index) {
            None if index.0 == self.states.len() as u64 + 1 => self.states.push(digest),
            Some(state) if state != digest => {
                let text = format!("{server} has another state after index {index} than the committed log gives.");
                return Violation::new(Property::StateMachineSafety, now, text, &[server], &[index], &[]);
            }
            _ => {}
        }
        Ok(())
    }

    /// A server hands an entry to its state machine.
    fn applies(&mut self, now: Time, server: ServerId, index: Index, term: Term, payload: &Payload) -> Check {
        let ghost = &mut self.ghosts[at(server)];
        let expected = ghost.applied.next();
        if index != expected {
            let text = format!("{server} applied the entry at index {index}, where {expected} was next.");
            return Violation::new(Property::StateMachineSafety, now, text, &[server], &[expected, index], &[]);
        }
        ghost.applied = index;
        let before = prefix(&self.committed, index.previous()).unwrap_or(0);
        if prefix(&self.committed, index) != Some(extend(before, term, payload)) {
            let text = format!("{server} applied another entry at index {index} than the committed one.");
            return Violation::new(Property::StateMachineSafety, now, text, &[server], &[index], &[term]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
