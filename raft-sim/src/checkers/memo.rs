//! Hashes of logs that were taken before: one entry is written by each server, and then applied by each.

use raft_core::{Index, Payload, Term};

use super::chain::UNKNOWN;

/// So many are kept, by the last digits of the index: servers write and apply at nearly the same place.
const KEPT: usize = 1024;

/// The hash of the log up to an entry.
#[derive(Clone, Debug)]
struct Known {
    before: u64,
    term: Term,
    place: usize,
    prefix: u64,
    /// What the place is of: nothing else can come to be there as long as it is kept.
    _payload: Payload,
}

/// The latest hashes of logs that were compared with what was seen elsewhere, and found to be the same. They follow from what
/// is asked, so nothing depends on which are here; a clone begins without.
#[derive(Debug, Default)]
pub(super) struct Memo(Vec<Known>);

impl Clone for Memo {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Memo {
    /// Goes along a log with these entries behind what has the hash `prefix`, as far as they were noted: the hash of the log up to
    /// the last of those, and how many they are.
    #[inline]
    pub(super) fn follow(&self, mut prefix: u64, first: Index, term: Term, payloads: &[Payload]) -> (u64, usize) {
        let Some(kept) = self.0.first_chunk::<KEPT>() else { return (prefix, 0) };
        for (count, payload) in payloads.iter().enumerate() {
            let known = &kept[(first.0 as usize + count) % KEPT];
            if known.before != prefix || known.term != term || Some(known.place) != place(payload) {
                return (prefix, count);
            }
            prefix = known.prefix;
        }
        (prefix, payloads.len())
    }

    /// Takes down what [`extend`](super::extend) gave. Configurations are never known: whoever writes one is looked at.
    pub(super) fn note(&mut self, before: u64, index: Index, term: Term, payload: &Payload, prefix: u64) {
        let Some(place) = place(payload) else { return };
        if self.0.is_empty() {
            // No entry has that term.
            self.0.resize(KEPT, Known { before: 0, term: UNKNOWN, place: 0, prefix: 0, _payload: Payload::Noop });
        }
        self.0[index.0 as usize % KEPT] = Known { before, term, place, prefix, _payload: payload.clone() };
    }
}

/// Where in memory it is what it is: entries are shared by all who have them. Those that carry nothing are all alike.
#[inline]
fn place(payload: &Payload) -> Option<usize> {
    match payload {
        Payload::Noop => Some(0),
        Payload::Command(command) => Some(command.bytes().as_ptr() as usize),
        Payload::Configuration(_) => None,
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
        let get = |memo: &Memo, before, index, term, payload: &Payload| {
            let (last, count) = memo.follow(before, index, term, std::slice::from_ref(payload));
            assert!(count == 1 || last == before);
            (count > 0).then_some(last)
        };
        let one = Payload::Command(Command::from("x=1"));
        assert_eq!(get(&memo, 0, Index(1), Term(1), &one), None);
        let prefix = extend(0, Term(1), &one);
        memo.note(0, Index(1), Term(1), &one, prefix);
        assert_eq!(get(&memo, 0, Index(1), Term(1), &one.clone()), Some(prefix));
        let others = [
            (7, 1, 1, one.clone()),
            (0, 2, 1, one.clone()),
            (0, 1, 2, one.clone()),
            (0, 1, 1, Payload::Command(Command::from("x=1"))),
            (0, 1, 1, Payload::Noop),
            (0, 1, 1, Payload::Configuration(std::sync::Arc::default())),
        ];
        for (before, index, term, payload) in &others {
            assert_eq!(get(&memo, *before, Index(*index), Term(*term), payload), None, "{payload:?}");
        }
        assert_eq!(get(&memo.clone(), 0, Index(1), Term(1), &one), None, "a clone begins without");
        memo.note(0, Index(1 + KEPT as u64), Term(1), &one, prefix);
        assert_eq!(get(&memo, 0, Index(1 + KEPT as u64), Term(1), &one), Some(prefix));
        // The same place; what tells the two apart is the log before.
        memo.note(9, Index(1), Term(1), &one, 5);
        assert_eq!(get(&memo, 0, Index(1), Term(1), &one), None);
        let members = Payload::Configuration(std::sync::Arc::default());
        memo.note(0, Index(2), Term(1), &members, 5);
        assert_eq!(get(&memo, 0, Index(2), Term(1), &members), None, "a configuration is always looked at");
    }

    #[test]
    fn a_run_is_followed_up_to_its_first_entry_that_was_not_noted() {
        let mut memo = Memo::default();
        let run: Vec<Payload> = (0..5).map(|at| Payload::Command(Command::from(&[at][..]))).collect();
        let mut prefixes = vec![9];
        for (index, payload) in (KEPT as u64..).map(Index).zip(&run[..3]) {
            let before = prefixes[prefixes.len() - 1];
            prefixes.push(extend(before, Term(2), payload));
            memo.note(before, index, Term(2), payload, prefixes[prefixes.len() - 1]);
        }
        assert_eq!(memo.follow(9, Index(KEPT as u64), Term(2), &run), (prefixes[3], 3));
        assert_eq!(memo.follow(prefixes[1], Index(KEPT as u64 + 1), Term(2), &run[1..2]), (prefixes[2], 1));
    }
}
