//! A server's disk: what is on it, and what is being written.

use std::collections::VecDeque;
use std::hash::{Hash, Hasher};

use raft_core::random::draw_between;
use raft_core::{Durable, LogWrite, Save, SaveNumber, Time};

use crate::purpose;

/// A disk does one save after another; each is on it as a whole or not at all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Disk {
    durable: Durable,
    under_way: VecDeque<Save>,
    /// When all that is under way will be done.
    free_at: Time,
    /// How many saves were begun: the address of the next one's draw.
    begun: u64,
}

impl Disk {
    /// A disk with nothing under way.
    pub(crate) fn holding(durable: Durable) -> Self {
        Self { durable, ..Self::default() }
    }

    pub(crate) const fn durable(&self) -> &Durable {
        &self.durable
    }

    pub(crate) fn under_way(&self) -> usize {
        self.under_way.len()
    }

    /// Begins a save and says when it will be done. `us` is the shortest and the longest time that one takes.
    pub(crate) fn begin(&mut self, now: Time, seed: u64, server: u32, us: (u64, u64), save: Save) -> Time {
        let takes = draw_between(us.0, us.1, &[seed, purpose::SAVE, server.into(), self.begun]);
        self.begun += 1;
        self.free_at = self.free_at.max(now).plus(takes);
        self.under_way.push_back(save);
        self.free_at
    }

    /// The first save under way is done.
    pub(crate) fn finish(&mut self) -> Option<SaveNumber> {
        let save = self.under_way.pop_front()?;
        self.durable.write(&save);
        Some(save.number)
    }

    /// The power fails: what is under way is gone.
    pub(crate) fn crash(&mut self) {
        self.under_way.clear();
        self.free_at = Time::ZERO;
    }
}

impl Hash for Disk {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.durable.hash(state);
        self.under_way.len().hash(state);
        for Save { number, current_term, voted_for, snapshot, log } in &self.under_way {
            (number, current_term, voted_for, snapshot).hash(state);
            log.as_ref().map(|LogWrite { from, entries }| (from, entries)).hash(state);
        }
        (self.free_at, self.begun).hash(state);
    }
}
