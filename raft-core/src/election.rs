//! Leader election (P§5.2), with the restriction that keeps committed entries (P§5.4.1).

use alloc::vec::Vec;

use crate::event::{Ignored, StepDown, TimerReset, VoteRefusal};
use crate::message::at_least_as_up_to_date;
use crate::server::{Progress, Role, Votes};
use crate::{Body, Effects, Entry, EntryId, Event, Index, Rejected, Rule, Server, ServerId, Term, Time};

impl Server {
    /// Lets the election timer run out because it was asked for.
    pub(crate) fn time_out_now(&mut self, now: Time, effects: &mut Effects) -> Result<(), Rejected> {
        if self.is_leader() {
            return Err(Rejected::LeaderHasNoElectionTimer);
        }
        self.may_campaign()?;
        self.election_timed_out(now, true, effects);
        Ok(())
    }

    pub(crate) fn may_campaign(&self) -> Result<(), Rejected> {
        if !self.configuration.is_voter(self.id) {
            Err(Rejected::NotAVoter)
        } else if self.current_term >= Term::LIMIT {
            Err(Rejected::TermsUsedUp)
        } else {
            Ok(())
        }
    }

    pub(crate) fn election_timed_out(&mut self, now: Time, forced: bool, effects: &mut Effects) {
        let waited_us = now.since(self.timer.started);
        effects.tell(|| Event::ElectionTimedOut { waited_us, forced });
        match self.may_campaign() {
            Ok(()) if self.options.pre_vote => self.start_pre_vote(now, effects),
            Ok(()) => self.start_election(now, false, effects),
            Err(reason) => {
                effects.tell(|| Event::ElectionNotStarted { reason });
                self.reset_timer(now, TimerReset::ElectionNotStarted, effects);
            }
        }
    }

    /// "Increment currentTerm, vote for self, reset election timer, send RequestVote to all other servers" (Fig. 2).
    ///
    /// With `leadership_transfer` the leader itself has asked for it.
    pub(crate) fn start_election(&mut self, now: Time, leadership_transfer: bool, effects: &mut Effects) {
        self.set_term(self.current_term.next(), Some(self.id));
        self.votes = Votes::default();
        let (term, votes_needed) = (self.current_term, self.quorum());
        effects.tell(|| Event::BecameCandidate { term, votes_needed });
        self.reset_timer(now, TimerReset::StartedElection, effects);
        // The own vote counts like any other: only once it is durable.
        self.role = Role::Candidate { own_vote: self.save_number(effects) };
        let last = self.log.last();
        for peer in self.peers() {
            let body = Body::RequestVote { leadership_transfer, last_log_index: last.index, last_log_term: last.term };
            self.send_when_saved(peer, body, effects);
        }
    }

    /// Asks whether it could win, before anything changes: neither the term nor the vote (D§9.6).
    fn start_pre_vote(&mut self, now: Time, effects: &mut Effects) {
        self.votes = Votes::default();
        self.role = Role::PreCandidate;
        let (next_term, votes_needed) = (self.current_term.next(), self.quorum());
        effects.tell(|| Event::BecamePreCandidate { next_term, votes_needed });
        self.reset_timer(now, TimerReset::StartedElection, effects);
        let last = self.log.last();
        for peer in self.peers() {
            let body = Body::PreVote { next_term, last_log_index: last.index, last_log_term: last.term };
            self.send_when_saved(peer, body, effects);
        }
        self.count_vote(now, self.id, effects);
    }

    pub(crate) fn answer_pre_vote(
        &mut self,
        now: Time,
        candidate: ServerId,
        next_term: Term,
        candidate_last: EntryId,
        effects: &mut Effects,
    ) {
        let own_last = self.log.last();
        let decision = self.decide_pre_vote(now, next_term, candidate_last);
        match decision {
            Ok(()) => {
                effects.tell(|| Event::PreVoteGranted { candidate, next_term, candidate_last, own_last });
                if let Role::Follower { heard_at, .. } = &mut self.role
                    && !self.options.follows(Rule::PreVoteIsNoContact)
                {
                    *heard_at = now;
                }
            }
            Err(reason) => effects.tell(|| Event::PreVoteRefused { candidate, reason }),
        }
        let body = Body::PreVoteReply { next_term, vote_granted: decision.is_ok() };
        self.send_when_saved(candidate, body, effects);
    }

    pub(crate) fn take_pre_vote(
        &mut self,
        now: Time,
        from: ServerId,
        next_term: Term,
        vote_granted: bool,
        effects: &mut Effects,
    ) {
        if !matches!(self.role, Role::PreCandidate) {
            return effects.tell(|| Event::ReplyIgnored { from, reason: Ignored::NotCandidate });
        }
        let current_term = self.current_term;
        if next_term != current_term.next() {
            let reason = Ignored::OlderTerm { reply_term: next_term, current_term };
            return effects.tell(|| Event::ReplyIgnored { from, reason });
        }
        self.take_answer(now, from, vote_granted, effects);
    }

    pub(crate) fn answer_vote_request(
        &mut self,
        now: Time,
        candidate: ServerId,
        candidate_term: Term,
        candidate_last: EntryId,
        effects: &mut Effects,
    ) {
        let own_last = self.log.last();
        let decision = self.decide_vote(candidate, candidate_term, candidate_last);
        match decision {
            Ok(()) => {
                let again = self.voted_for == Some(candidate);
                effects.tell(|| Event::VoteGranted { candidate, candidate_last, own_last, again });
                if !again {
                    self.set_vote(Some(candidate));
                }
                self.reset_timer(now, TimerReset::GrantedVote { candidate }, effects);
            }
            Err(reason) => {
                effects.tell(|| Event::VoteRefused { candidate, reason });
                if !self.is_leader() && !self.follows(Rule::TimerResetOnlyByLeaderOrVote) {
                    self.reset_timer(now, TimerReset::GrantedVote { candidate }, effects);
                }
            }
        }
        self.send_when_saved(candidate, Body::RequestVoteReply { vote_granted: decision.is_ok() }, effects);
    }

    /// Whether this server votes for a candidate: Figure 2's receiver rules, in their order.
    fn decide_vote(
        &self,
        candidate: ServerId,
        candidate_term: Term,
        candidate_last: EntryId,
    ) -> Result<(), VoteRefusal> {
        if candidate_term < self.current_term {
            return Err(VoteRefusal::OlderTerm { candidate_term, current_term: self.current_term });
        }
        if let Some(voted_for) = self.voted_for
            && voted_for != candidate
            && self.follows(Rule::OneVotePerTerm)
        {
            return Err(VoteRefusal::AlreadyVoted { voted_for });
        }
        self.check_up_to_date(candidate_last)
    }

    /// A vote goes only to a log at least as up-to-date as the own one (P§5.4.1).
    pub(crate) fn check_up_to_date(&self, candidate_last: EntryId) -> Result<(), VoteRefusal> {
        let own_last = self.log.last();
        if self.follows(Rule::VoteOnlyForUpToDateLog) && !at_least_as_up_to_date(candidate_last, own_last) {
            return Err(VoteRefusal::OwnLogNewer { candidate_last, own_last });
        }
        Ok(())
    }

    pub(crate) fn take_vote(
        &mut self,
        now: Time,
        from: ServerId,
        reply_term: Term,
        vote_granted: bool,
        effects: &mut Effects,
    ) {
        if reply_term < self.current_term && self.follows(Rule::VotesOfThisTermOnly) {
            let reason = Ignored::OlderTerm { reply_term, current_term: self.current_term };
            return effects.tell(|| Event::ReplyIgnored { from, reason });
        }
        if !matches!(self.role, Role::Candidate { .. }) {
            return effects.tell(|| Event::ReplyIgnored { from, reason: Ignored::NotCandidate });
        }
        self.take_answer(now, from, vote_granted, effects);
    }

    /// Counts an answer to the election or Pre-Vote under way.
    fn take_answer(&mut self, now: Time, from: ServerId, vote_granted: bool, effects: &mut Effects) {
        if vote_granted || !self.follows(Rule::OnlyGrantedVotesCount) {
            if self.votes.granted.contains(&from) && self.follows(Rule::EachVoteCountsOnce) {
                return effects.tell(|| Event::ReplyIgnored { from, reason: Ignored::CountedAlready });
            }
            self.count_vote(now, from, effects);
        } else {
            let pre_vote = matches!(self.role, Role::PreCandidate);
            effects.tell(|| if pre_vote { Event::PreVoteDenied { from } } else { Event::VoteDenied { from } });
            if !self.votes.refused.contains(&from) {
                self.votes.refused.push(from);
            }
        }
    }

    pub(crate) fn count_vote(&mut self, now: Time, from: ServerId, effects: &mut Effects) {
        self.votes.granted.push(from);
        let (votes, votes_needed) = (self.votes.granted.len(), self.quorum());
        let enough = votes >= votes_needed;
        if matches!(self.role, Role::PreCandidate) {
            effects.tell(|| Event::PreVoteCounted { from, votes, votes_needed });
            if enough {
                self.start_election(now, false, effects);
            }
        } else {
            effects.tell(|| Event::VoteCounted { from, votes, votes_needed });
            if enough {
                self.become_leader(now, effects);
            }
        }
    }

    fn become_leader(&mut self, now: Time, effects: &mut Effects) {
        let (term, votes, votes_needed) = (self.current_term, self.votes.granted.len(), self.quorum());
        effects.tell(|| Event::BecameLeader { term, votes, votes_needed });
        let next_index = self.log.last_index().next();
        // Nothing is known of the followers' logs; the leader starts from the guess that they equal its own (P§5.3).
        let followers: Vec<Progress> = self
            .peers()
            .into_iter()
            .map(|id| Progress { id, next_index, match_index: Index::ZERO, sent_index: Index::ZERO, heard: false })
            .collect();
        self.role = Role::Leader {
            followers,
            heartbeat_due: now,
            quorum_due: now.plus(self.options.election_timeout_us_max),
            transfer: None,
        };
        if self.options.noop_on_election {
            self.append_to_own_log(Entry::noop(self.current_term), effects);
        }
        self.send_heartbeats(now, effects);
    }

    /// Yields to whoever has shown to lead this term.
    pub(crate) fn follow(&mut self, now: Time, leader: ServerId, effects: &mut Effects) {
        self.become_follower(now, Some(leader), StepDown::LeaderElected { leader }, effects);
        self.reset_timer(now, TimerReset::HeardFromLeader { leader }, effects);
    }

    /// All other voters.
    pub(crate) fn peers(&self) -> Vec<ServerId> {
        self.configuration.voters().iter().copied().filter(|&id| id != self.id).collect()
    }
}
