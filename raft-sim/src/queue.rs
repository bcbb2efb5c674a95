//! What is due when: the only order of events there is.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::hash::{Hash, Hasher};

use raft_core::Time;

/// What is due. The numbers beside each say for which life or version it was meant; it is dropped unnoticed when that
/// is over.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Due {
    /// A server may want to be woken.
    WakeUp { server: u32, generation: u32 },
    /// A message is at the end of its way, wherever that is.
    MessageEnds { slot: u32, generation: u32 },
    /// A server's disk has done the first of its saves.
    SaveDone { server: u32, incarnation: u32 },
    /// A server that is slow, or was paused, handles what waits first.
    Turn { server: u32, turn: u32 },
    /// A direction of a link that flaps is cut or mended.
    LinkTurns { from: u32, to: u32, generation: u32 },
    /// A client's request arrives at a server, or an answer at a client.
    ClientMessage { number: u64 },
    /// A client may have waited long enough for an answer.
    ClientGivesUp { client: u32 },
    /// A background client has rested.
    ClientWrites { client: u32 },
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Scheduled {
    at: Time,
    /// In the order of scheduling: of two things due at one moment, what was scheduled first comes first.
    number: u64,
    due: Due,
}

impl Scheduled {
    /// The moment and the number in one: one comparison, without a branch.
    const fn place(&self) -> u128 {
        (self.at.0 as u128) << 64 | self.number as u128
    }
}

impl Ord for Scheduled {
    fn cmp(&self, other: &Self) -> Ordering {
        self.place().cmp(&other.place())
    }
}

impl PartialOrd for Scheduled {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The queue of what is due.
#[derive(Clone, Debug, Default)]
pub(crate) struct Queue {
    heap: BinaryHeap<Reverse<Scheduled>>,
    scheduled: u64,
}

impl Queue {
    pub(crate) fn schedule(&mut self, at: Time, due: Due) {
        self.scheduled += 1;
        self.heap.push(Reverse(Scheduled { at, number: self.scheduled, due }));
    }

    /// What is due next, and when.
    pub(crate) fn next(&self) -> Option<(Time, Due)> {
        self.heap.peek().map(|Reverse(scheduled)| (scheduled.at, scheduled.due))
    }

    /// How many bytes a clone of it takes.
    pub(crate) fn own_bytes(&self) -> usize {
        self.heap.len() * size_of::<Scheduled>()
    }

    pub(crate) fn take_next(&mut self) -> Option<(Time, Due)> {
        self.heap.pop().map(|Reverse(scheduled)| (scheduled.at, scheduled.due))
    }
}

impl Hash for Queue {
    /// In the order in which things are due, the last first: how the heap happens to lie says nothing.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.heap.clone().into_sorted_vec().hash(state);
        self.scheduled.hash(state);
    }
}
