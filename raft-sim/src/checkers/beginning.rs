//! What is remembered when a world begins in the middle of its life.

use std::sync::Arc;

use raft_core::{EntryId, Index, Log, Payload, StandingRole, Time};

use super::chain::UNKNOWN;
use super::{Checkers, Configuration, Ghost, Property, Violation, extend};
use crate::begin::Beginning;
use crate::network::at;
use crate::store::Store;

impl Checkers {
    /// What is remembered when these servers begin: their logs, what is committed as far as any of them knows, and who leads.
    pub(crate) fn begin(first: &Configuration, servers: &[Beginning]) -> Result<Self, Box<Violation>> {
        let mut begun = Self::new(first);
        begun.ghosts = servers.iter().map(|server| Ghost::starting_with(Arc::new(server.first.clone()))).collect();
        begun.unseen = servers.iter().map(|server| server.durable.current_term).max().unwrap_or_default();
        begun.note_committed(servers);
        for Beginning { id, durable, standing, .. } in servers {
            let (term, base) = (durable.current_term, durable.log.base());
            let ghost = &mut begun.ghosts[at(*id)];
            (ghost.term, ghost.spoke, ghost.vote) = (term, term, (term, durable.voted_for));
            ghost.on_disk = durable.log.last();
            begun.rests_on(Time::ZERO, *id, base, &durable.log)?;
            if let Some(snapshot) = &durable.snapshot
                && begun.ghosts[at(*id)].base != snapshot.configuration
            {
                let text = format!("{id} has a snapshot with another configuration than the committed log up to it.");
                Violation::new(Property::MembershipSafety, Time::ZERO, text, &[*id], &[base.index], &[])?;
            }
            begun.commits(Time::ZERO, *id, standing.commit_index)?;
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
        while self.chain.last() < furthest.index {
            let next = self.chain.last().next();
            let has = |log: &Log| log.first_index() <= next && reaches(log).is_some_and(|upto| upto >= next);
            let mut before = self.chain.prefix(next.previous()).unwrap_or(0);
            if let Some(Beginning { id, durable, .. }) = servers.iter().find(|server| has(&server.durable.log)) {
                let upto = reaches(&durable.log).unwrap_or_default();
                for (index, term, payload) in durable.log.iter_from(next).take_while(|(index, ..)| *index <= upto) {
                    before = extend(before, term, payload);
                    store.apply(payload, true);
                    self.chain.push(before, term, *id);
                    self.states.push(store.digest());
                    if let Payload::Configuration(configuration) = payload {
                        self.chain.push_configuration(index, configuration.clone());
                    }
                }
                continue;
            }
            // Snapshots alone stand for what comes next; which entries it was is not known.
            let snapshots = servers.iter().filter_map(|server| Some((server.id, server.durable.snapshot.as_ref()?)));
            let later = snapshots.filter(|(_, snapshot)| snapshot.last_included.index >= next);
            let Some((id, snapshot)) = later.min_by_key(|(_, snapshot)| snapshot.last_included.index) else { break };
            store = Store::restore(&snapshot.data).unwrap_or_default();
            while self.chain.last() < snapshot.last_included.index {
                before = extend(before, UNKNOWN, &Payload::Noop);
                self.chain.push(before, UNKNOWN, id);
                self.states.push(store.digest());
            }
            self.chain.push_configuration(snapshot.last_included.index, snapshot.configuration.clone());
        }
        (self.furthest, self.begun) = (self.chain.last(), self.chain.last());
        if furthest.index > Index::ZERO {
            self.committed_in.push((furthest.term, furthest.index));
        }
    }
}
