//! What a server asks of the world around it.

use alloc::vec::Vec;

use crate::{Entry, Event, Index, Message, SaveNumber, ServerId, Term};

/// Something to carry out. Effects are carried out in the order in which they stand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Make this durable, then report it with [`Input::Saved`](crate::Input::Saved). Saves are done in order; several
    /// may be reported at once.
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
    /// Hand this entry to the state machine. Indexes come without gaps, each once in a life of the server.
    Apply {
        /// Its index.
        index: Index,
        /// The entry.
        entry: Entry,
    },
    /// What was decided, and why. Only when someone observes ([`Effects::observed`]).
    Event(Event),
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
    /// The change to the log, if there is one.
    pub log: Option<LogWrite>,
}

/// A change to the durable log: forget everything from an index on, then append.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogWrite {
    /// The index of the first new entry. What the disk holds there and after goes.
    pub from: Index,
    /// The new entries, possibly none.
    pub entries: Vec<Entry>,
}

/// A list of effects, kept by the caller and filled by each step; reused, it stops allocating.
#[derive(Clone, Debug, Default)]
pub struct Effects {
    list: Vec<Effect>,
    observed: bool,
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
        Self { list: Vec::new(), observed: true }
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

    /// Notes an event; it is not even made when nobody observes.
    pub(crate) fn tell(&mut self, event: impl FnOnce() -> Event) {
        if self.observed {
            self.list.push(Effect::Event(event()));
        }
    }
}
