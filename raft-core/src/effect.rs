//! What a server asks of the world around it.

use alloc::vec::Vec;

use crate::{Entries, EntryId, Event, Index, Message, ReadId, SaveNumber, ServerId, Snapshot, Term};

/// Something to carry out. Effects are carried out in the order in which they stand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Make this durable, then report it with [`Input::Saved`](crate::Input::Saved). Saves are done in order; several
    /// may be reported at once, and none where all are [done at once](Effects::saved_at_once).
    Save(Save),
    /// Send a message.
    Send {
        /// The message.
        message: Message,
        /// Not before this save is durable: the message promises what the save holds (P Fig. 2: "updated on stable
        /// storage before responding"). A leader's appends wait for nothing, so its own disk works while they travel
        /// (D§10.2.1).
        after: Option<SaveNumber>,
    },
    /// Hand these entries to the state machine. Indexes come without gaps, each once in a life of the server, except that a
    /// [`Restore`](Self::Restore) jumps ahead.
    Apply {
        /// The index of the first.
        first: Index,
        /// The entries.
        entries: Entries,
    },
    /// Replace the state machine's state by this snapshot's (P§7). What comes next to be applied is the entry after it. A
    /// server that starts from a disk that holds a snapshot has that restored by whoever starts it.
    Restore(Snapshot),
    /// Answer this read from the state machine, as it stands after all effects so far (D§6.4).
    ReadReady {
        /// Which read.
        read: ReadId,
        /// The index that the read had to see, which is applied.
        read_index: Index,
    },
    /// This read gets no answer here.
    ReadFailed {
        /// Which read.
        read: ReadId,
        /// Why.
        reason: ReadFailure,
    },
    /// This server does not lead any more. What was proposed here from an index on and is not committed yet may still be, or
    /// be replaced: its index is applied with one entry or with another, but this server cannot say when.
    LeadershipLost {
        /// The first index that is not known to be committed.
        uncertain_from: Index,
        /// The last one in this server's log.
        last: EntryId,
    },
    /// A change of members that was asked for is given up before it began: a learner did not catch up (D§4.2.1).
    ChangeAbandoned {
        /// Who was too slow.
        learner: ServerId,
    },
    /// What was decided, and why. Only when someone observes ([`Effects::observed`]).
    Event(Event),
}

/// Why a read gets no answer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum ReadFailure {
    /// Whoever led when the read was asked for does so no longer, as far as this server knows.
    LeadershipLost,
    /// No quorum, or no leader, has answered for an election timeout.
    TimedOut,
    /// The asked server says that it does not lead.
    NotLeader,
}

/// What must be durable. Everything in one save becomes durable together or not at all.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Save {
    /// Its number.
    pub number: SaveNumber,
    /// The current term.
    pub current_term: Term,
    /// Whom this server voted for in that term.
    pub voted_for: Option<ServerId>,
    /// A snapshot that takes the place of the one before and of the log up to its last entry. Comes before `log`.
    pub snapshot: Option<Snapshot>,
    /// The change to the log, if there is one.
    pub log: Option<LogWrite>,
}

/// A change to the durable log: forget everything from an index on, then append.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct LogWrite {
    /// The index of the first new entry. What the disk holds there and after goes.
    pub from: Index,
    /// The new entries, possibly none.
    pub entries: Entries,
}

/// A list of effects, kept by the caller and filled by each step; reused, it stops allocating.
#[derive(Clone, Debug, Default)]
pub struct Effects {
    list: Vec<Effect>,
    observed: bool,
    saved_at_once: bool,
}

impl Effects {
    /// An empty list without events: nobody observes, and nothing is spent on it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty list in which every decision leaves an [`Effect::Event`].
    #[must_use]
    pub fn observed() -> Self {
        Self { observed: true, ..Self::default() }
    }

    /// The same list for a caller whose disk is done before anything else is: it carries out what a step has left, in order and
    /// each save to its end, before the server's next step. No save has to be reported then, and no message names one to wait
    /// for, as what it rests on stands before it. What a leader sends leaves only after its own write: a disk that works while
    /// appends travel (D§10.2.1) is for callers who report.
    #[must_use]
    pub fn saved_at_once(self) -> Self {
        Self { saved_at_once: true, ..self }
    }

    /// The effects, in order.
    #[must_use]
    pub fn as_slice(&self) -> &[Effect] {
        &self.list
    }

    /// Takes the effects out, in order, and leaves the list empty.
    pub fn drain(&mut self) -> impl Iterator<Item = Effect> + '_ {
        self.list.drain(..)
    }

    /// Empties the list.
    pub fn clear(&mut self) {
        self.list.clear();
    }

    pub(crate) fn push(&mut self, effect: Effect) {
        self.list.push(effect);
    }

    /// Whether events are noted at all.
    pub(crate) const fn are_observed(&self) -> bool {
        self.observed
    }

    /// Whether a save that is asked for is as good as done.
    pub(crate) const fn are_saved_at_once(&self) -> bool {
        self.saved_at_once
    }

    /// Notes an event; it is not even made when nobody observes.
    pub(crate) fn tell(&mut self, event: impl FnOnce() -> Event) {
        if self.observed {
            self.list.push(Effect::Event(event()));
        }
    }
}
