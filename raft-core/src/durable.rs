//! What a server's disk holds, and starting from it.

use alloc::sync::Arc;
use core::fmt;

use crate::options::InvalidOptions;
use crate::standing::InvalidStanding;
use crate::{Configuration, EntryId, Index, Log, Save, ServerId, Term};

/// The state machine's state at some index, in place of the log up to there (P§7).
///
/// Cloning shares the bytes.
#[derive(Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Snapshot {
    /// The last entry that it stands for: lastIncludedIndex and lastIncludedTerm.
    pub last_included: EntryId,
    /// The configuration as of that entry: lastConfig (D Fig. 5.3).
    pub configuration: Arc<Configuration>,
    /// The state, as the state machine wrote it. Raft never looks inside.
    pub data: Arc<[u8]>,
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Snapshot(up to {}, {} bytes)", self.last_included, self.data.len())
    }
}

/// What a server has on disk: all that a restart leaves of it (P Fig. 2, "persistent state").
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Durable {
    /// The latest term this server has seen.
    pub current_term: Term,
    /// Whom it voted for in that term.
    pub voted_for: Option<ServerId>,
    /// The latest snapshot, if there is one. Whoever starts a server restores the state machine from it.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub snapshot: Option<Snapshot>,
    /// The log after what the snapshot stands for, from index 1 without one.
    pub log: Log,
}

impl Durable {
    /// Whether a server can have written this: terms start at 1, never fall, and stay within the server's own; and the log
    /// begins where the snapshot ends. [`Server::start`](crate::Server::start) asks the same.
    ///
    /// # Errors
    /// Says what no server can have written.
    pub fn check(&self) -> Result<(), InvalidStart> {
        let current_term = self.current_term;
        if current_term > Term::LIMIT {
            return Err(InvalidStart::TermOutOfRange(current_term));
        }
        let snapshot = self.snapshot.as_ref().map_or(EntryId::START, |snapshot| snapshot.last_included);
        let base = self.log.base();
        if snapshot != base || (base.index == Index::ZERO) != (base.term == Term::ZERO) {
            return Err(InvalidStart::SnapshotElsewhere { snapshot, base });
        }
        let mut after = base.term;
        let snapshot = (base.index > Index::ZERO).then_some((base.index, base.term));
        for (index, found) in
            snapshot.into_iter().chain(self.log.iter_from(Index::ZERO).map(|(at, term, _)| (at, term)))
        {
            if found < after || found == Term::ZERO {
                return Err(InvalidStart::TermFalls { index, found, after });
            }
            if found > current_term {
                return Err(InvalidStart::EntryFromTheFuture { index, found, current_term });
            }
            after = found;
        }
        if self.log.last_index() > Index::LIMIT {
            return Err(InvalidStart::LogTooLong(self.log.last_index()));
        }
        Ok(())
    }

    /// Does what a [`Save`] asks of a disk.
    ///
    /// ```
    /// use raft_core::{Durable, Entries, Entry, LogWrite, Index, Payload, Save, SaveNumber, Term};
    /// let log = [Entry::noop(Term(1)), Entry::noop(Term(1))].into_iter().collect();
    /// let mut disk = Durable { current_term: Term(1), log, ..Durable::default() };
    /// disk.write(&Save {
    ///     number: SaveNumber(1),
    ///     current_term: Term(2),
    ///     voted_for: None,
    ///     snapshot: None,
    ///     log: Some(LogWrite { from: Index(2), entries: Entries::new(Term(2), [Payload::Noop]) }),
    /// });
    /// assert!(disk.log.from(Index(1)).eq([Entry::noop(Term(1)), Entry::noop(Term(2))]));
    /// ```
    pub fn write(&mut self, save: &Save) {
        self.current_term = save.current_term;
        self.voted_for = save.voted_for;
        if let Some(snapshot) = &save.snapshot {
            self.log.compact(snapshot.last_included);
            self.snapshot = Some(snapshot.clone());
        }
        if let Some(write) = &save.log {
            self.log.truncate(write.from);
            self.log.push(write.entries.clone());
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
    /// The log reaches beyond [`Index::LIMIT`].
    LogTooLong(Index),
    /// The log does not begin where the snapshot ends.
    SnapshotElsewhere {
        /// The last entry that the snapshot stands for; [`EntryId::START`] without a snapshot.
        snapshot: EntryId,
        /// The entry after which the log begins.
        base: EntryId,
    },
    /// It cannot stand where it is said to in the middle of its life.
    Standing(InvalidStanding),
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
            Self::LogTooLong(last) => write!(f, "the log reaches to {last}; expected at most {}", Index::LIMIT),
            Self::SnapshotElsewhere { snapshot, base } => {
                write!(f, "the log begins after entry {base}; the snapshot ends with {snapshot}")
            }
            Self::Standing(invalid) => invalid.fmt(f),
        }
    }
}

impl core::error::Error for InvalidStart {}
