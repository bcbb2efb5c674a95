//! Hashes of logs that were taken before: one entry is written by each server, and then applied by each.

use raft_core::{Index, Payload, Term};

/// So many are kept, by the last digits of the index: servers write and apply at nearly the same place.
const KEPT: usize = 1024;

/// The hash of the log up to an entry.
#[derive(Debug)]
struct Known {
    before: u64,
    term: Term,
    payload: Payload,
    prefix: u64,
}

/// The latest hashes of logs that were compared with what was seen elsewhere, and found to be the same. They follow from what
/// is asked, so nothing depends on which are here; a clone begins without.
#[derive(Debug, Default)]
pub(super) struct Memo(Vec<Option<Known>>);

impl Clone for Memo {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Memo {
    /// The hash of a log up to an entry at `index`, given that of the log before it, if it was noted.
    #[inline]
    pub(super) fn get(&self, before: u64, index: Index, term: Term, payload: &Payload) -> Option<u64> {
        match self.0.get(index.0 as usize % KEPT) {
            Some(Some(known))
                if known.before == before && known.term == term && is_the_same(&known.payload, payload) =>
            {
                Some(known.prefix)
            }
            _ => None,
        }
    }

    /// Takes down what [`extend`](super::extend) gave.
    pub(super) fn note(&mut self, before: u64, index: Index, term: Term, payload: &Payload, prefix: u64) {
        if self.0.is_empty() {
            self.0.resize_with(KEPT, || None);
        }
        self.0[index.0 as usize % KEPT] = Some(Known { before, term, payload: payload.clone(), prefix });
    }
}

/// Whether two payloads are one and the same in memory: entries are shared by all who have them.
fn is_the_same(one: &Payload, other: &Payload) -> bool {
    match (one, other) {
        (Payload::Noop, Payload::Noop) => true,
        (Payload::Command(one), Payload::Command(other)) => std::ptr::eq(one.bytes(), other.bytes()),
        (Payload::Configuration(one), Payload::Configuration(other)) => std::sync::Arc::ptr_eq(one, other),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use raft_core::Command;

    use super::super::extend;
    use super::*;

    #[test]
    fn only_what_was_noted_of_the_very_same_entry_is_known() {
        let mut memo = Memo::default();
        let one = Payload::Command(Command::from("x=1"));
        assert_eq!(memo.get(0, Index(1), Term(1), &one), None);
        let prefix = extend(0, Term(1), &one);
        memo.note(0, Index(1), Term(1), &one, prefix);
        assert_eq!(memo.get(0, Index(1), Term(1), &one.clone()), Some(prefix));
        let others = [
            (7, 1, 1, one.clone()),
            (0, 2, 1, one.clone()),
            (0, 1, 2, one.clone()),
            (0, 1, 1, Payload::Command(Command::from("x=1"))),
            (0, 1, 1, Payload::Noop),
            (0, 1, 1, Payload::Configuration(std::sync::Arc::default())),
        ];
        for (before, index, term, payload) in &others {
            assert_eq!(memo.get(*before, Index(*index), Term(*term), payload), None, "{payload:?}");
        }
        assert_eq!(memo.clone().get(0, Index(1), Term(1), &one), None, "a clone begins without");
        memo.note(0, Index(1 + KEPT as u64), Term(1), &one, prefix);
        assert_eq!(memo.get(0, Index(1 + KEPT as u64), Term(1), &one), Some(prefix));
        // The same place; what tells the two apart is the log before.
        memo.note(9, Index(1), Term(1), &one, 5);
        assert_eq!(memo.get(0, Index(1), Term(1), &one), None);
    }
}
