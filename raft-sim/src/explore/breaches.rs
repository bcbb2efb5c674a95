//! Breaches that are in no table of rules, as a later release of a Raft could bring them: a search has to find those too.
//!
//! Each is a server that does what it should but for one thing that it says or hands out, which is changed on its way from the
//! server into the world. So they need nothing of raft-core, and only exist while the tests run.

use raft_core::{Body, Effect, Entries, Server, Term};

/// What a server does that it must not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Breach {
    /// A candidate says that its last entry is of the term before the one that it stands in (P§5.4.1); of that very term nobody
    /// would believe it.
    CandidateBoasts,
    /// A leader sends its log's end as what is committed (P§5.3).
    CommitRunsAhead,
    /// A leader passes on older entries as if they were of its own term (P Fig. 2: "term when entry was received by leader").
    EntriesStampedAnew,
    /// A leader tells a follower that its read has to see one entry less than is committed (D§6.4).
    ReadIndexOneShort,
}

impl Breach {
    /// What comes of an effect of a server's.
    pub(crate) fn of(self, server: &Server, effect: Effect) -> Effect {
        let Effect::Send { mut message, after } = effect else { return effect };
        match (self, &mut message.body) {
            (Self::CandidateBoasts, Body::RequestVote { last_log_index, last_log_term, .. })
                if last_log_index.0 > 0 =>
            {
                *last_log_term = Term(message.term.0 - 1);
            }
            (Self::CommitRunsAhead, Body::AppendEntries { leader_commit, .. }) => {
                *leader_commit = server.log().last_index();
            }
            (Self::EntriesStampedAnew, Body::AppendEntries { entries, .. }) => {
                *entries = Entries::new(message.term, entries.payloads().iter().cloned());
            }
            (Self::ReadIndexOneShort, Body::ReadIndexReply { read_index: Some(index), .. }) => {
                *index = index.previous();
            }
            _ => {}
        }
        Effect::Send { message, after }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::checkers::Property;
    use crate::explore::{Ground, Search};

    fn grounds(breach: Option<Breach>) -> Vec<Ground> {
        let mut reads = Ground::plain(3, &[]);
        reads.weights.read = 80;
        let mut bare = Ground::plain(3, &[]);
        (bare.options.noop_on_election, bare.options.entries_per_append_max) = (false, 1);
        let mut grounds = vec![Ground::plain(3, &[]), Ground::plain(5, &[]), bare, reads, Ground::full(3, 1, &[])];
        grounds.iter_mut().for_each(|ground| ground.breach = breach);
        grounds
    }

    #[test]
    fn breaches_that_are_in_no_table_are_found_and_made_short_too() {
        for (breach, epochs, longest, properties) in [
            (Breach::CandidateBoasts, 60, 18, &[Property::LeaderCompleteness][..]),
            (Breach::CommitRunsAhead, 20, 12, &[Property::StateMachineSafety, Property::CommittedIsDurable]),
            (Breach::EntriesStampedAnew, 60, 20, &[Property::StateMachineSafety]),
            (Breach::ReadIndexOneShort, 200, 24, &[Property::Linearizability, Property::LinearizableReads]),
        ] {
            let search = Search::new(1, grounds(Some(breach))).unwrap();
            let found = (0..epochs).map(|number| search.epoch(number).unwrap().found).find(|found| !found.is_empty());
            let shrunk = found.unwrap_or_default().into_iter().map(|found| search.shrink(&found).unwrap());
            let shortest = shrunk.min_by_key(|shrunk| shrunk.actions.len());
            let shortest = shortest.unwrap_or_else(|| panic!("{breach:?} is not found in {epochs} epochs"));
            let (property, steps) = (shortest.property.unwrap(), shortest.actions.len());
            println!("{breach:?}: {property}, {steps} steps");
            assert!(properties.contains(&property), "{breach:?} violates {property}");
            assert!(steps <= longest, "{breach:?}: {steps} steps: {:#?}", shortest.actions);
        }
    }

    /// What the search finds is the breach: the same grounds give it nothing without one.
    #[test]
    fn without_a_breach_the_same_grounds_give_nothing() {
        let search = Search::new(1, grounds(None)).unwrap();
        for number in 0..40 {
            assert_eq!(search.epoch(number).unwrap().found, Vec::new(), "epoch {number}");
        }
    }
}
