//! Servers that are in the middle of their lives as a trace begins.

use raft_core::{Configuration, Durable, EntryId, Log, ServerId, Snapshot, Standing, StandingRole};

use super::super::fact::Begin;
use super::super::moments::{ServerRole, ServerState};
use super::Judge;
use crate::begin::Beginning;
use crate::network::at;

impl Judge {
    pub(super) fn begin(&mut self, id: ServerId, begin: &Begin, line: u64) {
        let last = self.base(begin.snapshot, line);
        let last = self.grow(last, begin.snapshot.index.next(), begin.entries.clone(), line);
        let role = if begin.leads { ServerRole::Leader } else { ServerRole::Follower };
        self.states[at(id)] = ServerState {
            role,
            term: begin.term,
            vote: begin.vote.map(|vote| (begin.term, vote)),
            commit: begin.commit,
            applied: begin.commit,
            base: begin.snapshot.index,
            last,
            disk_last: last,
            disk_term: begin.term,
            disk_vote: begin.vote,
        };
        if begin.leads {
            self.won.get_or_insert(begin.term, line);
        }
    }
}

/// What the checkers are told of a server as it begins.
pub(super) fn beginning(id: ServerId, first: &Configuration, given: Option<&Begin>) -> Beginning {
    let unknown = Configuration::unknown();
    let own = if first.is_member(id) { first } else { &unknown };
    let mut durable = Durable::default();
    let mut standing = Standing::default();
    if let Some(begin) = given {
        (durable.current_term, durable.voted_for) = (begin.term, begin.vote);
        if begin.snapshot != EntryId::START {
            let configuration = begin.configuration.as_ref().unwrap_or(first).clone().into();
            durable.snapshot = Some(Snapshot { last_included: begin.snapshot, configuration, data: Vec::new().into() });
        }
        durable.log = Log::after(begin.snapshot);
        durable.log.extend(begin.entries.iter().cloned());
        standing.commit_index = begin.commit;
        if begin.leads {
            standing.role = StandingRole::Leader;
        }
    }
    Beginning { id, first: own.clone(), durable, standing, down: false, place: None }
}
