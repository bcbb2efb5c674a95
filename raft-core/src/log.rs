//! The log: entries from index 1, each with the term in which a leader created it (P§5.3).

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use crate::{EntryId, Index, Term};

/// A command for the replicated state machine. Raft never looks inside. Cloning shares the bytes.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Command(Arc<[u8]>);

impl Command {
    /// The command's bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<&[u8]> for Command {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }
}

impl From<Vec<u8>> for Command {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

impl From<&str> for Command {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().into())
    }
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match core::str::from_utf8(&self.0) {
            Ok(text) => write!(f, "{text:?}"),
            Err(_) => write!(f, "{:02x?}", &self.0),
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Command {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.as_ref().serialize(serializer)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Command {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<u8>::deserialize(deserializer).map(Self::from)
    }
}

/// What an entry carries.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Payload {
    /// Nothing: a new leader's first entry, by which it learns what is committed (P§8, D§6.4).
    Noop,
    /// A command for the state machine.
    Command(Command),
}

/// One entry of the log. Its index is where it stands.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Entry {
    /// The term of the leader that created it.
    pub term: Term,
    /// What it carries.
    pub payload: Payload,
}

impl Entry {
    /// An entry with a command.
    #[must_use]
    pub fn command(term: Term, command: impl Into<Command>) -> Self {
        Self { term, payload: Payload::Command(command.into()) }
    }

    /// An entry that carries nothing.
    #[must_use]
    pub const fn noop(term: Term) -> Self {
        Self { term, payload: Payload::Noop }
    }
}

/// A server's log. Terms never fall along it, and there are no holes.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Log {
    entries: Vec<Entry>,
}

impl Log {
    /// The index of the last entry, zero when there is none.
    #[must_use]
    pub fn last_index(&self) -> Index {
        Index(self.entries.len() as u64)
    }

    /// The last entry's index and term; [`EntryId::START`] when there is none.
    #[must_use]
    pub fn last(&self) -> EntryId {
        EntryId { index: self.last_index(), term: self.entries.last().map_or(Term::ZERO, |entry| entry.term) }
    }

    /// The entry at `index`, if the log reaches so far.
    #[must_use]
    pub fn get(&self, index: Index) -> Option<&Entry> {
        let at = usize::try_from(index.0.checked_sub(1)?).ok()?;
        self.entries.get(at)
    }

    /// The term of the entry at `index`: zero before the first entry, `None` past the end.
    #[must_use]
    pub fn term_at(&self, index: Index) -> Option<Term> {
        if index == Index::ZERO { Some(Term::ZERO) } else { self.get(index).map(|entry| entry.term) }
    }

    /// The entries from `from` on, none when the log ends before it.
    #[must_use]
    pub fn from(&self, from: Index) -> &[Entry] {
        let at = usize::try_from(from.previous().0).unwrap_or(usize::MAX);
        self.entries.get(at..).unwrap_or(&[])
    }

    /// The first index of the run of entries that share the term of the entry at `index`.
    #[must_use]
    pub fn run_start(&self, index: Index) -> Index {
        let Some(term) = self.term_at(index) else { return index };
        // Terms never fall, so the run's start can be searched for by halves.
        let upto = usize::try_from(index.0).unwrap_or(usize::MAX).min(self.entries.len());
        Index(self.entries[..upto].partition_point(|entry| entry.term < term) as u64 + 1)
    }

    /// The last index whose entry has a term of at most `term`; zero when there is none.
    #[must_use]
    pub fn last_index_of_term_up_to(&self, term: Term) -> Index {
        Index(self.entries.partition_point(|entry| entry.term <= term) as u64)
    }

    pub(crate) fn push(&mut self, entry: Entry) -> Index {
        self.entries.push(entry);
        self.last_index()
    }

    /// Forgets the entry at `from` and all after it.
    pub(crate) fn truncate(&mut self, from: Index) {
        self.entries.truncate(usize::try_from(from.previous().0).unwrap_or(usize::MAX));
    }
}

impl FromIterator<Entry> for Log {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        Self { entries: entries.into_iter().collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_a_term_are_found_in_every_log_of_up_to_six_entries() {
        for code in 0..4_u64.pow(6) {
            let digits = (0..6).map(|at| code / 4_u64.pow(at) % 4);
            // Zero ends the log, so that all lengths come up.
            let terms: Vec<u64> = digits.take_while(|&term| term > 0).collect();
            if !terms.is_sorted() {
                continue;
            }
            let log: Log = terms.iter().map(|&term| Entry::noop(Term(term))).collect();
            for index in 1..=terms.len() {
                let first = terms.iter().position(|&term| term == terms[index - 1]).map_or(0, |at| at as u64 + 1);
                assert_eq!(log.run_start(Index(index as u64)), Index(first), "{terms:?} at {index}");
            }
            for term in 0..5 {
                let last = terms.iter().rposition(|&own| own <= term).map_or(0, |at| at as u64 + 1);
                assert_eq!(log.last_index_of_term_up_to(Term(term)), Index(last), "{terms:?} up to {term}");
            }
        }
    }

    #[test]
    fn a_log_is_counted_from_one_and_has_nothing_past_its_end() {
        let log: Log = [1, 1, 2].map(|term| Entry::noop(Term(term))).into_iter().collect();
        assert_eq!((log.last(), log.term_at(Index(0))), (EntryId::new(3, 2), Some(Term(0))));
        assert_eq!((log.get(Index(0)), log.get(Index(4)), log.term_at(Index(4))), (None, None, None));
        assert_eq!((log.from(Index(3)).len(), log.from(Index(4)).len(), log.from(Index(u64::MAX)).len()), (1, 0, 0));
        assert_eq!(log.get(Index(u64::MAX)), None);
    }
}
