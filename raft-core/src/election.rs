//! Leader election (P§5.2), with the restriction that keeps committed entries (P§5.4.1).

use alloc::vec::Vec;

use crate::event::{Ignored, StepDown, TimerReset, VoteRefusal};
use crate::message::at_least_as_up_to_date;
use crate::progress::Leading;
use crate::read::Reads;
use crate::server::{Role, Votes};
use crate::{Body, Effects, EntryId, Event, Payload, Rejected, Round, Rule, Server, ServerId, Term, Time};

impl Server {
    /// Lets the election timer run out because it was asked for.
    pub(crate) fn time_out_now(&mut self, now: Time, effects: &mut Effects) -> Result<(), Rejected> {
        if self.is_leader() {
            return Err(Rejected::LeaderHasNoElectionTimer);
        }
        if let Some(VoteRefusal::LeaseMayRun { us_ago }) = self.lease_may_run(now) {
            return Err(Rejected::LeaseMayRun { us_ago });
        }
        self.may_campaign()?;
        self.election_timed_out(now, true, effects);
        Ok(())
    }

    pub(crate) fn may_campaign(&self) -> Result<(), Rejected> {
        if !self.configuration.is_voter(self.id) && !self.may_still_be_needed() {
            Err(Rejected::NotAVoter)
        } else if self.current_term >= Term::LIMIT {
            Err(Rejected::TermsUsedUp)
        } else {
            Ok(())
        }
    }

    /// A server that is a voter no more still stands, without counting its own vote, until that is committed: the others may
    /// not have heard of it, and its log may be the newest (D§4.2.2, Fig. 4.6).
    fn may_still_be_needed(&self) -> bool {
        let (index, _) = self.configurations.latest();
        index > self.commit_index && self.configurations.at(index.previous()).1.is_voter(self.id)
    }

    pub(crate) fn election_timed_out(&mut self, now: Time, forced: bool, effects: &mut Effects) {
        let waited_us = now.since(self.timer_started);
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
        self.leader_is_gone(effects);
        self.set_term(self.current_term.next(), Some(self.id));
        self.votes = Votes::default();
        let (term, votes) = (self.current_term, self.tally(|_| false));
        effects.tell(|| Event::BecameCandidate { term, votes });
        self.reset_timer(now, TimerReset::StartedElection, effects);
        // The own vote counts like any other: only once it is durable.
        self.role = Role::Candidate { own_vote: self.save_number(effects) };
        let last = self.log.last();
        for peer in self.other_voters() {
            let body = Body::RequestVote { leadership_transfer, last_log_index: last.index, last_log_term: last.term };
            self.send_when_saved(peer, body, effects);
        }
    }

    /// Asks whether it could win, before anything changes: neither the term nor the vote (D§9.6).
    fn start_pre_vote(&mut self, now: Time, effects: &mut Effects) {
        self.leader_is_gone(effects);
        self.votes = Votes::default();
        self.role = Role::PreCandidate;
        let (next_term, votes) = (self.current_term.next(), self.tally(|_| false));
        effects.tell(|| Event::BecamePreCandidate { next_term, votes });
        self.reset_timer(now, TimerReset::StartedElection, effects);
        let last = self.log.last();
        for peer in self.other_voters() {
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
        leadership_transfer: bool,
        effects: &mut Effects,
    ) {
        let own_last = self.log.last();
        let decision = self.decide_vote(now, candidate, candidate_term, candidate_last, leadership_transfer);
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
    ///
    /// Whether it knows the candidate, or that it is a voter itself, plays no part: its configuration may be an old one
    /// (D§4.2.1).
    fn decide_vote(
        &self,
        now: Time,
        candidate: ServerId,
        candidate_term: Term,
        candidate_last: EntryId,
        leadership_transfer: bool,
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
        if !leadership_transfer && let Some(reason) = self.lease_may_run(now) {
            return Err(reason);
        }
        if !self.follows(Rule::PromotedLearnerVotes) && !self.configuration.is_voter(self.id) {
            return Err(VoteRefusal::NotAVoter);
        }
        self.check_up_to_date(candidate_last)
    }

    /// A vote goes only to a log at least as up-to-date as the own one (P§5.4.1).
    pub(crate) fn check_up_to_date(&self, candidate_last: EntryId) -> Result<(), VoteRefusal> {
        let own_last = self.log.last();
        let up_to_date = if !self.follows(Rule::VoteOnlyForUpToDateLog) {
            true
        } else if !self.follows(Rule::LastTermComparedFirst) {
            candidate_last.index >= own_last.index
        } else if !self.follows(Rule::ThenLengthCompared) {
            candidate_last.term >= own_last.term
        } else {
            at_least_as_up_to_date(candidate_last, own_last)
        };
        if !up_to_date {
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
        if !self.configuration.is_voter(from) {
            return effects.tell(|| Event::ReplyIgnored { from, reason: Ignored::NotAVoter });
        }
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
        let mut votes = self.tally(|voter| self.votes.granted.contains(&voter));
        if !self.follows(Rule::EachVoteCountsOnce) {
            votes.voters.have = self.votes.granted.len();
        }
        if matches!(self.role, Role::PreCandidate) {
            effects.tell(|| Event::PreVoteCounted { from, votes });
            if votes.reached() {
                self.start_election(now, false, effects);
            }
        } else {
            effects.tell(|| Event::VoteCounted { from, votes });
            if votes.reached() {
                effects.tell(|| Event::BecameLeader { term: self.current_term, votes });
                self.become_leader(now, effects);
            }
        }
    }

    fn become_leader(&mut self, now: Time, effects: &mut Effects) {
        self.begin_to_lead(now);
        if self.options.noop_on_election && self.check_log_has_room(1).is_ok() {
            self.append_to_own_log(Payload::Noop, effects);
        }
        self.send_heartbeats(now, effects);
    }

    /// Leads, as at an election, and has done nothing with it yet.
    pub(crate) fn begin_to_lead(&mut self, now: Time) {
        self.role = Role::Leader(Leading {
            followers: Vec::new(),
            heartbeat_due: now,
            quorum_due: now.plus(self.options.election_timeout_us_max),
            transfer: None,
            catching_up: None,
            round: Round::ZERO,
            reads: Reads::default(),
        });
        // Nothing is known of the followers' logs; the leader starts from the guess that they equal its own (P§5.3).
        self.keep_progress_of_members();
    }

    /// Yields to whoever has shown to lead this term.
    pub(crate) fn follow(&mut self, now: Time, leader: ServerId, effects: &mut Effects) {
        self.last_contact = now;
        if !self.follows(Rule::VoteKeptWithinItsTerm) && self.leader() != Some(leader) {
            self.set_vote(None);
        }
        match &mut self.role {
            Role::Follower { leader: Some(followed), heard_at } if *followed == leader => *heard_at = now,
            _ => self.become_follower(now, Some(leader), StepDown::LeaderElected { leader }, effects),
        }
        self.reset_timer(now, TimerReset::HeardFromLeader { leader }, effects);
    }

    /// All other voters, of both halves while they are changing.
    fn other_voters(&self) -> Vec<ServerId> {
        let members = self.configuration.members().into_iter();
        members.filter(|&id| id != self.id && self.configuration.is_voter(id)).collect()
    }
}
