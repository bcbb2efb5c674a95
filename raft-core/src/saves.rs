//! Durability: what was asked to be saved, what is known to be saved, and what has to wait for it.

use alloc::collections::VecDeque;

use crate::effect::LogWrite;
use crate::server::Role;
use crate::{Body, Effect, Effects, Entry, Index, Message, Rejected, Rule, Save, SaveNumber, Server, ServerId, Time};

/// Saves that were asked for and are not known to be done.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Saves {
    issued: SaveNumber,
    done: SaveNumber,
    /// For each save under way, the last index that it makes durable. Entries that have been overwritten since no longer
    /// count: the completion of an overwritten write must mark nothing.
    under_way: VecDeque<(SaveNumber, Index)>,
    /// Up to where the log as it stands is durable.
    durable_index: Index,
    /// What has changed since the last save was issued.
    state_changed: bool,
    log_changed_from: Option<Index>,
}

impl Saves {
    /// What a server starts with: all of the log it read is durable.
    pub(crate) fn all_done_up_to(durable_index: Index) -> Self {
        Self { durable_index, ..Self::default() }
    }

    /// The term or the vote has changed.
    pub(crate) const fn state_changed(&mut self) {
        self.state_changed = true;
    }

    /// Up to where the log as it stands is durable.
    pub(crate) const fn durable_index(&self) -> Index {
        self.durable_index
    }
}

impl Server {
    /// Appends to the own log.
    pub(crate) fn push_entry(&mut self, entry: Entry) -> Index {
        let index = self.log.push(entry);
        let from = self.saves.log_changed_from.unwrap_or(index).min(index);
        self.saves.log_changed_from = Some(from);
        index
    }

    /// Removes the entry at `from` and all after it.
    pub(crate) fn truncate_log(&mut self, from: Index) {
        self.log.truncate(from);
        let keep = from.previous();
        self.saves.durable_index = self.saves.durable_index.min(keep);
        if self.follows(Rule::OverwrittenWriteMarksNothing) {
            for (_, durable_then) in &mut self.saves.under_way {
                *durable_then = (*durable_then).min(keep);
            }
        }
        let changed = self.saves.log_changed_from.unwrap_or(from).min(from);
        self.saves.log_changed_from = Some(changed);
    }

    /// Asks for what has changed to be made durable, in one save.
    pub(crate) fn save(&mut self, effects: &mut Effects) {
        let log = self.saves.log_changed_from.take();
        if log.is_none() && !self.saves.state_changed {
            return;
        }
        self.saves.state_changed = false;
        self.saves.issued = self.saves.issued.next();
        if log.is_some() {
            self.saves.under_way.push_back((self.saves.issued, self.log.last_index()));
        }
        let term_persisted = self.follows(Rule::TermPersisted);
        let vote_persisted = term_persisted && self.follows(Rule::VotePersisted);
        effects.push(Effect::Save(Save {
            number: self.saves.issued,
            // No server could start again from a term older than its log's.
            current_term: if term_persisted { self.current_term } else { self.log.last().term },
            voted_for: if vote_persisted { self.voted_for } else { None },
            log: log.map(|from| LogWrite { from, entries: self.log.from(from).to_vec() }),
        }));
    }

    /// The number of the save that will hold all changes so far, asking for it if need be.
    pub(crate) fn save_number(&mut self, effects: &mut Effects) -> SaveNumber {
        self.save(effects);
        self.saves.issued
    }

    /// All saves up to `number` are done.
    pub(crate) fn saved(&mut self, now: Time, number: SaveNumber, effects: &mut Effects) -> Result<(), Rejected> {
        if number > self.saves.issued {
            return Err(Rejected::UnknownSave { claimed: number, issued: self.saves.issued });
        }
        self.saves.done = self.saves.done.max(number);
        while let Some(&(save, durable_then)) = self.saves.under_way.front() {
            if save > number {
                break;
            }
            self.saves.durable_index = self.saves.durable_index.max(durable_then);
            self.saves.under_way.pop_front();
        }
        match self.role {
            Role::Candidate { own_vote } if number >= own_vote && !self.votes.granted.contains(&self.id) => {
                self.count_vote(now, self.id, effects);
            }
            Role::Leader { .. } => self.advance_commit(effects),
            _ => {}
        }
        Ok(())
    }

    /// Sends a message that promises nothing beyond the term, which is durable since the election.
    pub(crate) fn send_now(&mut self, to: ServerId, body: Body, effects: &mut Effects) {
        self.save(effects);
        let message = Message { from: self.id, to, term: self.current_term, body };
        effects.push(Effect::Send { message, after: None });
    }

    /// Sends a message that may leave only when everything this server has changed so far is durable.
    pub(crate) fn send_when_saved(&mut self, to: ServerId, body: Body, effects: &mut Effects) {
        let number = self.save_number(effects);
        let after = (number > self.saves.done).then_some(number);
        let message = Message { from: self.id, to, term: self.current_term, body };
        effects.push(Effect::Send { message, after });
    }
}
