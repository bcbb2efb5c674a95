//! Who hears whom: holding on to a leader that is alive, and letting go of one that is not (D§6.2, D§4.2.3, D§9.6).

use crate::event::{StepDown, VoteRefusal};
use crate::server::Role;
use crate::{Effects, EntryId, Event, Server, ServerId, Term, Time};

impl Server {
    /// The leader that this server hears from, and how long ago that was, in microseconds: itself when it leads, and
    /// nobody once the shortest election timeout has passed.
    pub(crate) fn living_leader(&self, now: Time) -> Option<(ServerId, u64)> {
        match self.role {
            Role::Leader(_) => Some((self.id, 0)),
            Role::Follower { leader: Some(leader), heard_at } => {
                let ago = now.since(heard_at);
                (ago < self.options.election_timeout_us_min).then_some((leader, ago))
            }
            _ => None,
        }
    }

    /// Why a request for a vote in a newer term is disregarded, if it is: neither answered, nor its term believed. A server that was
    /// removed, or that hears nothing, could otherwise depose a leader that works (D§4.2.3).
    pub(crate) fn holds_on_to_leader(&self, now: Time, leadership_transfer: bool) -> Option<VoteRefusal> {
        if !self.options.check_quorum || leadership_transfer {
            return None;
        }
        let alive = self.living_leader(now);
        let reason = alive.map(|(leader, heard_us_ago)| VoteRefusal::LeaderAlive { leader, heard_us_ago });
        reason.or_else(|| self.lease_may_run(now))
    }

    /// Whether a leader, of whichever term, may still answer reads because this server has answered it. A server that has
    /// entered another term since, or has been restarted, is no longer sure whom it heard from.
    pub(crate) fn lease_may_run(&self, now: Time) -> Option<VoteRefusal> {
        let us_ago = now.since(self.last_contact);
        let may_run = self.options.lease_reads && !self.is_leader() && us_ago < self.options.election_timeout_us_min;
        may_run.then_some(VoteRefusal::LeaseMayRun { us_ago })
    }

    /// Whether this server would vote for another in a term that neither has entered (D§9.6).
    pub(crate) fn decide_pre_vote(
        &self,
        now: Time,
        next_term: Term,
        candidate_last: EntryId,
    ) -> Result<(), VoteRefusal> {
        if next_term <= self.current_term {
            return Err(VoteRefusal::OlderTerm { candidate_term: next_term, current_term: self.current_term });
        }
        if let Some((leader, heard_us_ago)) = self.living_leader(now) {
            return Err(VoteRefusal::LeaderAlive { leader, heard_us_ago });
        }
        self.check_up_to_date(candidate_last)
    }

    /// Steps down unless a quorum has answered since the last look (D§6.2).
    pub(crate) fn look_for_quorum(&mut self, now: Time, effects: &mut Effects) {
        let next = now.plus(self.options.election_timeout_us_max);
        let Some(leading) = self.leading() else { return };
        let own = self.id;
        let heard = |id| id == own || leading.followers.iter().any(|follower| follower.id == id && follower.heard);
        let heard = self.tally(heard);
        if let Some(leading) = self.leading_mut() {
            leading.quorum_due = next;
            for follower in &mut leading.followers {
                follower.heard = false;
            }
        }
        if heard.reached() {
            effects.tell(|| Event::QuorumHeard { heard });
        } else {
            self.become_follower(now, None, StepDown::NoQuorum { heard }, effects);
        }
    }
}
