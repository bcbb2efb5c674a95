//! A server's disk: what is on it, and what is being written.

use std::collections::VecDeque;
use std::hash::{Hash, Hasher};

use raft_core::random::draw_between;
use raft_core::{Durable, LogWrite, Save, SaveNumber, Time};

use crate::purpose;

/// A disk. It does one save after another.
#[derive(Clone, Debug)]
pub struct Disk {
    /// The shortest and the longest time that a save takes.
    us: (u64, u64),
    /// What it says it holds.
    durable: Durable,
    /// What it holds in truth, if it lies: what it held when it began to.
    truly: Option<Durable>,
    under_way: VecDeque<Save>,
    /// When all that is under way will be done.
    free_at: Time,
    /// How many saves were begun: the address of the next one's draw.
    begun: u64,
}

impl Disk {
    /// A disk with nothing under way. `us` is the shortest and the longest time that a save takes.
    pub(crate) fn holding(durable: Durable, us: (u64, u64)) -> Self {
        Self { us, durable, truly: None, under_way: VecDeque::new(), free_at: Time::ZERO, begun: 0 }
    }

    /// The shortest and the longest time that a save takes, in microseconds.
    #[must_use]
    pub const fn us(&self) -> (u64, u64) {
        self.us
    }

    /// Whether it says that saves are done which are only in a cache.
    #[must_use]
    pub const fn lies(&self) -> bool {
        self.truly.is_some()
    }

    /// Sets what it is like. One that ceases to lie writes down what is in its cache. False when it is so already.
    pub(crate) fn set(&mut self, us: (u64, u64), lies: bool) -> bool {
        let changed = self.us != us || self.lies() != lies;
        self.us = us;
        if self.lies() != lies {
            self.truly = lies.then(|| self.durable.clone());
        }
        changed
    }

    /// Writes by hand what it holds, while its server is down. False when it holds just that.
    pub(crate) fn edit(&mut self, durable: Durable) -> bool {
        let changed = self.durable != durable;
        // What is in the cache of one that lies is what was edited.
        self.durable = durable;
        changed
    }

    pub(crate) const fn durable(&self) -> &Durable {
        &self.durable
    }

    pub(crate) fn under_way(&self) -> usize {
        self.under_way.len()
    }

    /// Begins a save and says when it will be done.
    pub(crate) fn begin(&mut self, now: Time, seed: u64, server: u32, save: Save) -> Time {
        let takes = draw_between(self.us.0, self.us.1, &[seed, purpose::SAVE, server.into(), self.begun]);
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

    /// The power fails when so many more pieces are written; the rest of what is under way is gone. Returns how many were
    /// written, which is less when there were no more.
    pub(crate) fn crash(&mut self, mut written: u32) -> u32 {
        let asked = written;
        for save in std::mem::take(&mut self.under_way) {
            let count = pieces(&save).min(written);
            if count > 0 {
                self.durable.write(&first_pieces(save, count));
            }
            written -= count;
        }
        if let Some(truly) = &self.truly {
            // The cache is gone, with all that was said to be done since.
            self.durable = truly.clone();
        }
        self.free_at = Time::ZERO;
        asked - written
    }
}

/// In how many pieces a save gets onto the disk: the term with the vote, a snapshot, and each entry; what the entries
/// replace is cut off with the first of them, or by itself if there is none.
fn pieces(save: &Save) -> u32 {
    let entries = save.log.as_ref().map_or(0, |write| write.entries.len().max(1));
    1 + u32::from(save.snapshot.is_some()) + entries as u32
}

/// A save of which only the first pieces get onto the disk, at least one.
fn first_pieces(mut save: Save, count: u32) -> Save {
    let rest = count - 1;
    if rest == 0 {
        save.snapshot = None;
    }
    let entries = rest - u32::from(save.snapshot.is_some());
    save.log = save
        .log
        .filter(|_| entries > 0)
        .map(|LogWrite { from, entries: all }| LogWrite { from, entries: all.take(entries as usize) });
    save
}

impl Hash for Disk {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.us, &self.durable, &self.truly).hash(state);
        self.under_way.len().hash(state);
        for Save { number, current_term, voted_for, snapshot, log } in &self.under_way {
            (number, current_term, voted_for, snapshot).hash(state);
            log.as_ref().map(|LogWrite { from, entries }| (from, entries)).hash(state);
        }
        (self.free_at, self.begun).hash(state);
    }
}
