//! Changing who counts (P§6, D§4).
//!
//! A configuration is an entry of the log and counts from the moment it is appended, so the old members and the new must
//! never be able to decide apart. If the voters change by one server, any majority of the old shares a server with any of
//! the new (D§4.1). For any other change both majorities are needed for a while: joint consensus (P§6).

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::configuration::Members;
use crate::event::{NewConfiguration, StepDown};
use crate::progress::Progress;
use crate::{
    Change, Configuration, Effect, Effects, Entries, EntryId, Event, Index, Payload, Rejected, Rule, Server, ServerId,
    Time,
};

/// How many rounds a learner has to catch up (D§4.2.1).
const ROUNDS_MAX: u32 = 10;

/// A change of members that waits until its new voters are up to date (D§4.2.1).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct CatchingUp {
    /// The members as they shall be then.
    pub to: Configuration,
    pub(crate) stays_joint: bool,
    /// Those who are not up to date yet.
    pub learners: Vec<CatchUp>,
}

/// A learner that is brought up to date, round by round: each is for what the leader had when it began.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct CatchUp {
    /// Who.
    pub learner: ServerId,
    /// Which round it is, counted from 1.
    pub round: u32,
    /// The index that the round ends with.
    pub upto: Index,
    /// When it began.
    pub began: Time,
}

impl Server {
    /// Begins a change of members. The entry that was appended for it, if one was.
    pub(crate) fn start_change(
        &mut self,
        now: Time,
        change: Change,
        effects: &mut Effects,
    ) -> Result<Option<EntryId>, Rejected> {
        let Change { voters, learners, catch_up, stays_joint } = change;
        let to = Configuration::new(voters, learners).map_err(Rejected::InvalidMembers)?;
        let Some(leading) = self.leading() else { return Err(Rejected::NotLeader { leader: self.leader() }) };
        if let Some(transfer) = leading.transfer {
            return Err(Rejected::TransferUnderWay { to: transfer.to });
        }
        let index = self.configurations.latest().0;
        let under_way = index > self.commit_index || self.configuration.is_joint() || leading.catching_up.is_some();
        if under_way && self.follows(Rule::OneChangeAtATime) {
            return Err(Rejected::ChangeUnderWay { index });
        }
        let term = self.current_term;
        if self.log.term_at(self.commit_index) != Some(term) && self.follows(Rule::OwnTermCommitBeforeChange) {
            return Err(Rejected::NothingCommittedInTerm { term });
        }
        self.check_log_has_room(2)?;
        if to == *self.configuration {
            return Err(Rejected::NothingToChange);
        }
        let voters_now = self.configuration.voters();
        let newcomers: Vec<ServerId> = to.voters().iter().copied().filter(|id| !voters_now.contains(id)).collect();
        if newcomers.is_empty() || !catch_up {
            return Ok(Some(self.begin_change(&to, stays_joint, effects)));
        }
        effects.tell(|| Event::CatchUpStarted { learners: newcomers.len() });
        let strangers = newcomers.iter().copied().filter(|&id| !self.configuration.is_member(id));
        let strangers: Vec<ServerId> = strangers.collect();
        let appended = (!strangers.is_empty()).then(|| {
            let with_learners = self.configuration.with_learners(strangers);
            self.append_configuration(with_learners, effects)
        });
        let upto = self.log.last_index();
        let learners = newcomers.iter().map(|&learner| CatchUp { learner, round: 1, upto, began: now }).collect();
        if let Some(leading) = self.leading_mut() {
            leading.catching_up = Some(CatchingUp { to, stays_joint, learners });
        }
        self.send_new_entries(effects);
        // Those who learn already may have everything; then the change itself begins.
        let next = EntryId { index: self.log.last_index().next(), term };
        for learner in newcomers {
            self.learner_has_come(now, learner, effects);
        }
        Ok(appended.or_else(|| self.log.has(next).then_some(next)))
    }

    /// Leaves a joint configuration.
    pub(crate) fn leave_joint(&mut self, effects: &mut Effects) -> Result<EntryId, Rejected> {
        let Some(leading) = self.leading() else { return Err(Rejected::NotLeader { leader: self.leader() }) };
        if let Some(transfer) = leading.transfer {
            return Err(Rejected::TransferUnderWay { to: transfer.to });
        }
        if !self.configuration.is_joint() {
            return Err(Rejected::NotJoint);
        }
        let (index, _) = self.configurations.latest();
        if index > self.commit_index {
            return Err(Rejected::ChangeUnderWay { index });
        }
        let term = self.current_term;
        if self.log.term_at(self.commit_index) != Some(term) && self.follows(Rule::OwnTermCommitBeforeChange) {
            return Err(Rejected::NothingCommittedInTerm { term });
        }
        self.check_log_has_room(1)?;
        let left = self.configuration.left();
        let entry = self.append_configuration(left, effects);
        self.send_new_entries(effects);
        Ok(entry)
    }

    /// Appends what leads to these members: at once if one voter at most comes or goes, else by way of both majorities.
    fn begin_change(&mut self, to: &Configuration, stays_joint: bool, effects: &mut Effects) -> EntryId {
        let now = self.configuration.voters();
        let come = to.voters().iter().filter(|id| !now.contains(id)).count();
        let go = now.iter().filter(|id| !to.voters().contains(id)).count();
        let next = if come + go <= 1 { to.clone() } else { Configuration::joint(&self.configuration, to, stays_joint) };
        let entry = self.append_configuration(next, effects);
        self.send_new_entries(effects);
        entry
    }

    fn append_configuration(&mut self, configuration: Configuration, effects: &mut Effects) -> EntryId {
        self.append_to_own_log(Payload::Configuration(Arc::new(configuration)), effects)
    }

    /// Another configuration may be in force: looks which one is, and acts on it.
    pub(crate) fn configuration_changed(&mut self, reason: NewConfiguration, effects: &mut Effects) {
        let before = self.configuration.clone();
        let index = self.find_configuration_in_force();
        if self.configuration == before {
            return;
        }
        let members = Members::from(&*self.configuration);
        effects.tell(|| Event::ConfigurationInForce { index, members, reason });
        self.keep_progress_of_members();
    }

    /// The configuration in force is the latest of the log, committed or not (P§6).
    pub(crate) fn find_configuration_in_force(&mut self) -> Index {
        let in_force = self.follows(Rule::ConfigurationInForceWhenAppended);
        let upto = if in_force { self.log.last_index() } else { self.commit_index };
        // What is cut off is out of the list; with that rule broken it still counts.
        let upto = if self.follows(Rule::ConfigurationUndoneWhenTruncated) { upto } else { Index::LIMIT };
        let (index, configuration) = self.configurations.at(upto);
        self.configuration = configuration.clone();
        index
    }

    /// A leader keeps what it knows of those who are still members, and nothing of the others: a server that was removed
    /// and is added again may have an empty disk.
    pub(crate) fn keep_progress_of_members(&mut self) {
        let own = self.id;
        let next_index = self.log.last_index().next();
        #[cfg(feature = "mutations")]
        let (remembered, remembers) = (self.remembered.clone(), !self.options.follows(Rule::ProgressFreshOnReAdding));
        let members = self.configuration.members();
        let Some(leading) = self.leading_mut() else { return };
        let known = core::mem::take(&mut leading.followers);
        #[cfg(feature = "mutations")]
        let gone = known.iter().filter(|follower| remembers && !members.contains(&follower.id)).cloned();
        #[cfg(feature = "mutations")]
        let gone: Vec<Progress> = gone.collect();
        let fresh = |id| {
            #[cfg(feature = "mutations")]
            if let Some(old) = remembered.iter().find(|old| old.id == id) {
                let mut progress = Progress::fresh(id, next_index);
                progress.match_index = old.match_index;
                return progress;
            }
            Progress::fresh(id, next_index)
        };
        let progress = |&id: &ServerId| known.iter().find(|known| known.id == id).cloned().unwrap_or_else(|| fresh(id));
        leading.followers = members.iter().filter(|&&id| id != own).map(progress).collect();
        #[cfg(feature = "mutations")]
        self.remembered.extend(gone);
    }

    /// The commit index of this leader has risen: a change may be done, or its next step due.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    pub(crate) fn go_on_with_change(&mut self, now: Time, effects: &mut Effects) {
        let (index, _) = self.configurations.latest();
        let Some(leading) = self.leading() else { return };
        if index > self.commit_index || self.check_log_has_room(1).is_err() {
            return;
        }
        if let Some(ready) = leading.catching_up.as_ref().filter(|catching_up| catching_up.learners.is_empty()) {
            let (to, stays_joint) = (ready.to.clone(), ready.stays_joint);
            if let Some(leading) = self.leading_mut() {
                leading.catching_up = None;
            }
            self.begin_change(&to, stays_joint, effects);
        } else if self.configuration.is_joint() {
            if !self.configuration.stays_joint() {
                let left = self.configuration.left();
                self.append_configuration(left, effects);
                self.send_new_entries(effects);
            }
        } else if !self.configuration.is_voter(self.id) {
            // It has led a cluster that it is no part of, until that could do without it (D§4.2.2).
            self.become_follower(now, None, StepDown::Removed { index }, effects);
        }
    }

    /// A learner has acknowledged something: it may have come to the end of a round.
    pub(crate) fn learner_has_come(&mut self, now: Time, learner: ServerId, effects: &mut Effects) {
        let short = self.options.election_timeout_us_min;
        let last = self.log.last_index();
        let Some(leading) = self.leading_mut() else { return };
        let Some(catching_up) = &mut leading.catching_up else { return };
        let Some(match_index) = leading.followers.iter().find(|f| f.id == learner).map(|f| f.match_index) else {
            return;
        };
        let Some(at) = catching_up.learners.iter().position(|catch_up| catch_up.learner == learner) else { return };
        let catch_up = &mut catching_up.learners[at];
        if match_index < catch_up.upto {
            return;
        }
        let (round, took_us) = (catch_up.round, now.since(catch_up.began));
        let caught_up = took_us < short;
        effects.tell(|| Event::CatchUpRound { learner, round, took_us, caught_up });
        if caught_up {
            catching_up.learners.remove(at);
            self.go_on_with_change(now, effects);
        } else if round == ROUNDS_MAX {
            self.abandon_change(learner, round, effects);
        } else {
            *catch_up = CatchUp { learner, round: round + 1, upto: last, began: now };
            // It may have come to the end of this round already, and would not be heard of again while nobody writes.
            self.learner_has_come(now, learner, effects);
        }
    }

    /// Gives a change up whose learner does not get on: it may be crashed, or cut off.
    pub(crate) fn look_at_catching_up(&mut self, now: Time, effects: &mut Effects) {
        let long = self.options.election_timeout_us_max.saturating_mul(u64::from(ROUNDS_MAX));
        let Some(catching_up) = self.leading().and_then(|leading| leading.catching_up.as_ref()) else { return };
        let slow = catching_up.learners.iter().find(|catch_up| now.since(catch_up.began) >= long);
        if let Some(&CatchUp { learner, round, .. }) = slow {
            self.abandon_change(learner, round, effects);
        }
    }

    /// The learners stay learners.
    fn abandon_change(&mut self, learner: ServerId, round: u32, effects: &mut Effects) {
        if let Some(leading) = self.leading_mut() {
            leading.catching_up = None;
        }
        effects.tell(|| Event::CatchUpAbandoned { learner, round });
        effects.push(Effect::ChangeAbandoned { learner });
    }

    /// One entry, at the end of the own log.
    pub(crate) fn append_to_own_log(&mut self, payload: Payload, effects: &mut Effects) -> EntryId {
        self.append_all_to_own_log(Entries::one(self.current_term, payload), effects)
    }
}
