//! Terms, votes and leaders.

use raft_core::{Index, Progress, Role, Server, ServerId, Term, Time};

use super::{Check, Checkers, Property, Violation};
use crate::network::at;

/// What is remembered of a term that was won.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leadership {
    pub(super) leader: ServerId,
    /// The furthest index at which this leader wrote an entry of this term.
    pub(super) wrote: Index,
}

/// What a leader knew of a follower before it was told something by it.
#[derive(Clone, Copy)]
pub(crate) struct Known {
    /// Where this one stands among the leader's followers.
    pub(crate) place: usize,
    pub(crate) follower: ServerId,
    /// Up to where its log was known to match the leader's.
    pub(crate) matched: Index,
}

impl Known {
    /// What a server knows of another, if it leads.
    #[inline]
    pub(crate) fn of(server: &Server, follower: ServerId) -> Option<Self> {
        let Role::Leader(leading) = server.role() else { return None };
        let place = leading.followers.iter().position(|progress| progress.id == follower)?;
        Some(Self { place, follower, matched: leading.followers[place].match_index })
    }
}

impl Checkers {
    /// A running server is in this term now.
    #[inline(never)]
    pub(super) fn in_term(&mut self, now: Time, server: ServerId, term: Term) -> Check {
        let before = std::mem::replace(&mut self.ghosts[at(server)].term, term);
        if term < before {
            let text = format!("{server} has gone back from term {before} to term {term}.");
            return Violation::new(Property::TermsNeverFall, now, text, &[server], &[], &[term, before]);
        }
        Ok(())
    }

    /// A server has given its vote, and others may know.
    #[inline(never)]
    pub(super) fn voted(&mut self, now: Time, server: ServerId, term: Term, candidate: ServerId) -> Check {
        let (voted_in, voted_for) = self.ghosts[at(server)].vote;
        if voted_in == term
            && let Some(first) = voted_for
            && first != candidate
        {
            let text = format!("{server} has voted for {first} and for {candidate} in term {term}.");
            let servers = &[server, first, candidate];
            return Violation::new(Property::OneVotePerTerm, now, text, servers, &[], &[term]);
        }
        if term >= voted_in {
            self.ghosts[at(server)].vote = (term, Some(candidate));
        }
        Ok(())
    }

    /// A server has become leader.
    #[inline(never)]
    pub(super) fn won(&mut self, now: Time, server: ServerId, term: Term) -> Check {
        self.ghosts[at(server)].leads = Some(term);
        let first = self.leaderships.get_or_insert(term, Leadership { leader: server, wrote: Index::ZERO }).leader;
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

    /// Whether the leader of `term` has all up to `index`, which was committed in an `earlier` term.
    pub(super) fn leader_has(&self, now: Time, leader: ServerId, term: Term, earlier: Term, index: Index) -> Check {
        let log = &self.ghosts[at(leader)].log;
        if log.is_committed_upto(index, &self.chain) {
            return Ok(());
        }
        let mut log = log.clone();
        log.settle_upto(index.min(log.last()), &self.chain);
        let missing = log.agrees().next();
        let text =
            format!("{leader} leads term {term} without the entry at index {missing}, committed in term {earlier}.");
        Violation::new(Property::LeaderCompleteness, now, text, &[leader], &[missing], &[earlier, term])
    }

    /// A leader has been told something by a follower.
    #[inline]
    pub(super) fn matches(&self, now: Time, server: &Server, known: Known) -> Check {
        let Role::Leader(leading) = server.role() else { return Ok(()) };
        let Known { place, follower, matched: before } = known;
        let is_it = |progress: &&Progress| progress.id == follower;
        // Where it stood before, unless the members have changed meanwhile.
        let progress = leading.followers.get(place).filter(is_it);
        let Some(progress) = progress.or_else(|| leading.followers.iter().find(is_it)) else { return Ok(()) };
        let (matched, next) = (progress.match_index, progress.next_index);
        if before <= matched && matched < next {
            return Ok(());
        }
        self.knows(now, (server.id(), server.current_term()), follower, before, (matched, next))
    }

    /// The leader of a term knows a follower's log to match its own up to an index, and which it sends next; before, it knew it
    /// to match up to `before`.
    pub(super) fn knows(
        &self,
        now: Time,
        (id, term): (ServerId, Term),
        follower: ServerId,
        before: Index,
        (matched, next): (Index, Index),
    ) -> Check {
        let text = if matched < before {
            format!("{id} knew {follower} to hold all up to index {before}, and takes it back to {matched}.")
        } else if next <= matched {
            format!("{id} knows {follower} to hold all up to index {matched}, and would send it index {next} next.")
        } else {
            return Ok(());
        };
        let (low, high) = if matched < before { (matched, before) } else { (next, matched) };
        Violation::new(Property::IndexesNeverFall, now, text, &[id, follower], &[low, high], &[term])
    }
}
