//! What Raft guarantees (P Fig. 3), and what that rests on, checked at each step that could break it. What reads show is
//! checked where they are answered.
//!
//! The checkers know nothing of how a server decides. They are told facts, each where it becomes one: a server is in a
//! term, has won it, wrote this into its log, committed up to there, applied that, sent a message, stopped, started; and they
//! can ask what a disk holds. They remember what no server does: who led which term, which entry was ever seen where, what
//! was ever committed. A log up to an index is remembered as a hash, so each comparison takes one step; a snapshot
//! changes nothing in what is remembered.
//!
//! Most of a server's log is the committed log, which is remembered once. What is behind that is little, so a clone of a world
//! costs little however long it has run.

mod beginning;
mod chain;
mod commits;
mod elections;
mod logs;
mod members;
mod memo;
mod promises;
mod property;
mod recall;
#[cfg(feature = "trace")]
mod told;
mod weight;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use raft_core::{Configuration, Effect, EntryId, Index, Payload, Rule, Server, ServerId, Term, Time};

use crate::fingerprint::Fingerprint;
use crate::network::at;
use crate::node::Node;
use crate::short_map::ShortMap;
use chain::{Chain, Chunks, OwnLog};
pub(crate) use elections::Known;
use elections::Leadership;
use memo::Memo;
#[cfg(feature = "trace")]
pub(crate) use promises::OnDisk;
pub use property::{Property, Violation};

/// The outcome of a check. A violation is large and rare.
pub(crate) type Check = Result<(), Box<Violation>>;

/// What the disks of all servers hold.
pub(crate) trait Disks {
    /// Whether a server's disk holds a committed entry, in its log or in what its snapshot stands for.
    fn hold(&self, server: ServerId, entry: EntryId) -> bool;
}

impl Disks for [Node] {
    fn hold(&self, server: ServerId, entry: EntryId) -> bool {
        self.get(at(server)).is_some_and(|node| {
            let log = &node.durable().log;
            let in_log = log.has(entry) || (entry.term == chain::UNKNOWN && log.last_index() >= entry.index);
            log.base().index >= entry.index || in_log
        })
    }
}

/// What is remembered of one server.
#[derive(Clone, Debug)]
struct Ghost {
    log: OwnLog,
    /// Of this life: its latest term, the term that it leads, and how far it knows the log to be committed and has applied it.
    term: Term,
    leads: Option<Term>,
    committed: Index,
    applied: Index,
    /// Of all its lives: the latest term in which it sent a message, and the vote that it gave last.
    spoke: Term,
    vote: (Term, Option<ServerId>),
    /// The last entry of the log on its disk.
    on_disk: EntryId,
    /// What it was started with for the beginning of its log.
    first: Arc<Configuration>,
    /// The configuration that its log rests on, and those that stand in it.
    base: Arc<Configuration>,
    configurations: Vec<(Index, Arc<Configuration>)>,
}

impl Ghost {
    fn starting_with(first: Arc<Configuration>) -> Self {
        Self {
            log: OwnLog::default(),
            term: Term::ZERO,
            leads: None,
            committed: Index::ZERO,
            applied: Index::ZERO,
            spoke: Term::ZERO,
            vote: (Term::ZERO, None),
            on_disk: EntryId::START,
            base: first.clone(),
            first,
            configurations: Vec::new(),
        }
    }

    /// Its server has the latest configuration of its log in this piece of memory: so it is known again.
    fn share_configuration(&mut self, shared: &Arc<Configuration>) {
        match self.configurations.last_mut() {
            Some((_, latest)) => *latest = shared.clone(),
            None => self.base = shared.clone(),
        }
    }

    /// The latest configuration of its log, and where it stands.
    fn configuration(&self) -> (Index, &Arc<Configuration>) {
        match self.configurations.last() {
            Some((index, latest)) => (*index, latest),
            None => (Index::ZERO, &self.base),
        }
    }
}

/// Whether a server's log, or what of it is applied, is another with this effect.
#[inline]
const fn touches_log(effect: &Effect) -> bool {
    match effect {
        Effect::Save(save) => save.snapshot.is_some() || save.log.is_some(),
        Effect::Apply { .. } | Effect::Restore(_) => true,
        _ => false,
    }
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
    leaderships: ShortMap<Term, Leadership>,
    /// For each entry ever seen, the hash of the log up to it, and who had it first. The committed ones are not among them: they
    /// are in the chain.
    seen: ShortMap<(Index, Term), (u64, ServerId)>,
    chain: Chain,
    memo: Memo,
    /// The digest of the state machine after each committed index.
    states: Chunks,
    /// How far leaders of each term committed, by rising term. A term that got no further than an earlier one is left out, so the last
    /// of some terms is the furthest of them.
    committed_in: Vec<(Term, Index)>,
    /// The furthest index at which a client was told that its write stands.
    acknowledged: Index,
    /// The furthest index that any server took for committed.
    furthest: Index,
    /// The latest term of the beginning: what was in it and before, nobody saw.
    unseen: Term,
    /// What was committed at the beginning.
    begun: Index,
    /// Whether anything is checked.
    on: bool,
    /// Whether leaders are meant to commit only by entries of their own term.
    own_term_commit: bool,
}

impl Checkers {
    pub(crate) fn new(first: &Configuration) -> Self {
        let members = first.voters().len();
        let first = Arc::new(first.clone());
        Self {
            ghosts: (0..members).map(|_| Ghost::starting_with(first.clone())).collect(),
            leaderships: ShortMap::default(),
            seen: ShortMap::default(),
            chain: Chain::new(first),
            memo: Memo::default(),
            states: Chunks::default(),
            committed_in: Vec::new(),
            acknowledged: Index::ZERO,
            furthest: Index::ZERO,
            unseen: Term::ZERO,
            begun: Index::ZERO,
            on: true,
            own_term_commit: true,
        }
    }

    /// One more server is there, which knows nobody.
    pub(crate) fn add_server(&mut self) {
        self.ghosts.push(Ghost::starting_with(Arc::new(Configuration::unknown())));
    }

    /// Nothing is checked any more, nor remembered.
    pub(crate) const fn switch_off(&mut self) {
        self.on = false;
    }

    /// These rules are switched off. Own-Term Commit is a rule itself: where it is, the run goes on to what follows from that
    /// (P Fig. 8).
    pub(crate) fn without_rules(&mut self, rules: &[Rule]) {
        self.own_term_commit = !rules.contains(&Rule::CommitOnlyOwnTermByCount);
    }

    /// Whether anything is checked.
    pub(crate) const fn are_on(&self) -> bool {
        self.on
    }

    /// The furthest index that was ever committed.
    pub(crate) const fn committed(&self) -> Index {
        self.furthest
    }

    /// Tells what one step of a server did, as facts. `of_follower`: what it knew before of the follower whose message it was
    /// handed.
    pub(crate) fn after_step(
        &mut self,
        now: Time,
        nodes: &[Node],
        server: &Server,
        of_follower: Option<Known>,
        effects: &[Effect],
    ) -> Check {
        let (id, term, commit_index) = (server.id(), server.current_term(), server.commit_index());
        self.furthest = self.furthest.max(commit_index);
        if !self.on {
            return Ok(());
        }
        let ghost = &self.ghosts[at(id)];
        let leads = server.is_leader().then_some(term);
        let stands = term == ghost.term && leads == ghost.leads && commit_index == ghost.committed;
        if stands && !effects.iter().any(touches_log) {
            return of_follower.map_or(Ok(()), |known| self.matches(now, server, known));
        }
        self.step_changed(now, nodes, server, of_follower, effects)
    }

    /// The same of a step in which the server's term or role changed, or its log or what is committed or applied of it.
    #[inline(never)]
    fn step_changed(
        &mut self,
        now: Time,
        nodes: &[Node],
        server: &Server,
        of_follower: Option<Known>,
        effects: &[Effect],
    ) -> Check {
        let (id, term, commit_index) = (server.id(), server.current_term(), server.commit_index());
        let &Ghost { leads: led, term: before, committed, .. } = &self.ghosts[at(id)];
        let leads = server.is_leader().then_some(term);
        if term != before {
            self.in_term(now, id, term)?;
        }
        if leads != led {
            match leads {
                Some(term) => self.won(now, id, term)?,
                None => self.ghosts[at(id)].leads = None,
            }
        }
        // A leader commits by what was configured before, and may go on to change the members in the same step; or to step
        // down. Deposed by a later term, it commits as a follower does, when it has the new leader's entries.
        let commits = commit_index != committed;
        let by_counting = led == Some(term) && (leads == led || server.leader().is_none());
        if commits && by_counting {
            self.leader_commits(now, id, term, commit_index, nodes)?;
        }
        let (mut changed, mut applies) = (commits, None);
        for (place, effect) in effects.iter().enumerate() {
            match effect {
                Effect::Save(save) => {
                    if let Some(snapshot) = &save.snapshot {
                        self.rests_on(now, id, snapshot.last_included, server.log())?;
                        changed = true;
                    }
                    if let Some(write) = &save.log {
                        self.wrote(now, id, write.from, &write.entries)?;
                        changed = true;
                    }
                }
                Effect::Apply { .. } | Effect::Restore(_) => applies = applies.or(Some(place)),
                _ => {}
            }
        }
        if commits && !by_counting {
            self.commits(now, id, commit_index)?;
        }
        if changed && !Arc::ptr_eq(server.shared_configuration(), self.ghosts[at(id)].configuration().1) {
            self.counts_by(now, id, server.configuration())?;
            self.ghosts[at(id)].share_configuration(server.shared_configuration());
        }
        if let (Some(known), true) = (of_follower, led == leads) {
            self.matches(now, server, known)?;
        }
        // What is committed by now may be applied.
        for effect in applies.map_or(&[][..], |first| &effects[first..]) {
            match effect {
                Effect::Apply { first, entries } => self.applies(now, id, *first, entries)?,
                Effect::Restore(snapshot) => self.restores(now, id, snapshot.last_included.index)?,
                _ => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_more;
