//! What a server's disk holds, and starting from it.

use alloc::vec::Vec;
use core::fmt;

use crate::options::InvalidOptions;
use crate::{Entry, Index, Save, ServerId, Term};

/// What a server has on disk: all that a restart leaves of it (P Fig. 2, "persistent state").
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Durable {
    /// The latest term this server has seen.
    pub current_term: Term,
    /// Whom it voted for in that term.
    pub voted_for: Option<ServerId>,
    /// The log from index 1.
    pub log: Vec<Entry>,
}

impl Durable {
    /// Whether a server can have written this: terms start at 1, never fall, and stay within the server's own.
    pub(crate) fn check(&self) -> Result<(), InvalidStart> {
        let current_term = self.current_term;
        if current_term > Term::LIMIT {
            return Err(InvalidStart::TermOutOfRange(current_term));
        }
        let mut after = Term::ZERO;
        for (index, entry) in (1..).map(Index).zip(&self.log) {
            let found = entry.term;
            if found < after || found == Term::ZERO {
                return Err(InvalidStart::TermFalls { index, found, after });
            }
            if found > current_term {
                return Err(InvalidStart::EntryFromTheFuture { index, found, current_term });
            }
            after = found;
        }
        Ok(())
    }

    /// Does what a [`Save`] asks of a disk.
    ///
    /// ```
    /// use raft_core::{Durable, Entry, LogWrite, Index, Save, SaveNumber, Term};
    /// let mut disk = Durable { log: vec![Entry::noop(Term(1)), Entry::noop(Term(1))], ..Durable::default() };
    /// disk.write(&Save {
    ///     number: SaveNumber(1),
    ///     current_term: Term(2),
    ///     voted_for: None,
    ///     log: Some(LogWrite { from: Index(2), entries: vec![Entry::noop(Term(2))] }),
    /// });
    /// assert_eq!(disk.log, [Entry::noop(Term(1)), Entry::noop(Term(2))]);
    /// ```
    pub fn write(&mut self, save: &Save) {
        self.current_term = save.current_term;
        self.voted_for = save.voted_for;
        if let Some(write) = &save.log {
            self.log.truncate(usize::try_from(write.from.previous().0).unwrap_or(usize::MAX));
            self.log.extend_from_slice(&write.entries);
        }
    }
}

/// Why a server cannot start from what it was given.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum InvalidStart {
    /// An option is out of its range.
    Options(InvalidOptions),
    /// An entry's term is lower than that of the entry before it, or zero.
    TermFalls {
        /// The entry's index.
        index: Index,
        /// Its term.
        found: Term,
        /// The term before it.
        after: Term,
    },
    /// An entry is from a later term than the server's own.
    EntryFromTheFuture {
        /// The entry's index.
        index: Index,
        /// Its term.
        found: Term,
        /// The server's term.
        current_term: Term,
    },
    /// The term is beyond [`Term::LIMIT`].
    TermOutOfRange(Term),
}

impl fmt::Display for InvalidStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Options(invalid) => invalid.fmt(f),
            Self::TermFalls { index, found, after } => {
                write!(
                    f,
                    "entry {index} has term {found} after term {after}; expected at least 1, and terms never fall"
                )
            }
            Self::EntryFromTheFuture { index, found, current_term } => {
                write!(f, "entry {index} has term {found}; the server's own term is {current_term}")
            }
            Self::TermOutOfRange(term) => write!(f, "the term is {term}; expected at most {}", Term::LIMIT),
        }
    }
}

impl core::error::Error for InvalidStart {}
