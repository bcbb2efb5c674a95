//! What is remembered of logs: the committed one, and how far each server's own goes along with it.

use std::sync::Arc;

use raft_core::{Configuration, EntryId, Index, ServerId, Term};

/// So many numbers are shared by clones in one piece.
const CHUNK: usize = 512;

/// The term of committed entries for which only a snapshot stands since the beginning. No entry has it.
pub(super) const UNKNOWN: Term = Term::LIMIT.next();

/// Numbers by index, from 1. A clone copies only the last few of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Chunks {
    full: Arc<Vec<Arc<[u64]>>>,
    last: Vec<u64>,
}

impl Chunks {
    pub(super) const fn own_bytes(&self) -> usize {
        size_of_val(self.last.as_slice())
    }

    pub(super) fn len(&self) -> u64 {
        (self.full.len() * CHUNK + self.last.len()) as u64
    }

    pub(super) fn get(&self, index: Index) -> Option<u64> {
        let at = usize::try_from(index.0.checked_sub(1)?).ok()?;
        match self.full.get(at / CHUNK) {
            Some(chunk) => Some(chunk[at % CHUNK]),
            None => self.last.get(at - self.full.len() * CHUNK).copied(),
        }
    }

    pub(super) fn push(&mut self, number: u64) {
        self.last.push(number);
        if self.last.len() == CHUNK {
            Arc::make_mut(&mut self.full).push(self.last.as_slice().into());
            self.last.clear();
        }
    }
}

/// The committed log.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    /// The hash of the log up to each index.
    prefixes: Chunks,
    /// For each run of entries of one term, its first index; and for each run that one server committed first.
    terms: Vec<(Index, Term)>,
    first_by: Vec<(Index, ServerId)>,
    /// The configurations, the one of the beginning first.
    configurations: Vec<(Index, Arc<Configuration>)>,
}

/// What holds at an index, of values that hold from their index on.
fn at<T>(runs: &[(Index, T)], index: Index) -> Option<&T> {
    // Nearly always it is the last one.
    let upto = match runs.last() {
        Some(&(from, _)) if from <= index => runs.len(),
        _ => runs.partition_point(|&(from, _)| from <= index),
    };
    runs[..upto].last().map(|(_, value)| value)
}

impl Chain {
    pub(super) fn new(first: Arc<Configuration>) -> Self {
        Self {
            prefixes: Chunks::default(),
            terms: Vec::new(),
            first_by: Vec::new(),
            configurations: vec![(Index::ZERO, first)],
        }
    }

    pub(super) const fn own_bytes(&self) -> usize {
        self.prefixes.own_bytes()
            + size_of_val(self.terms.as_slice())
            + size_of_val(self.first_by.as_slice())
            + size_of_val(self.configurations.as_slice())
    }

    pub(super) fn last(&self) -> Index {
        Index(self.prefixes.len())
    }

    /// The hash of the log up to an index; zero is before the first.
    pub(super) fn prefix(&self, index: Index) -> Option<u64> {
        if index == Index::ZERO { Some(0) } else { self.prefixes.get(index) }
    }

    /// The term of a committed entry; zero before the first.
    pub(super) fn term(&self, index: Index) -> Option<Term> {
        if index == Index::ZERO {
            return Some(Term::ZERO);
        }
        (index <= self.last()).then(|| at(&self.terms, index).copied()).flatten()
    }

    pub(super) fn holds(&self, entry: EntryId) -> bool {
        self.term(entry.index).is_some_and(|term| term == entry.term || term == UNKNOWN)
    }

    /// Who committed an index first.
    pub(super) fn first_by(&self, index: Index) -> Option<ServerId> {
        at(&self.first_by, index).copied()
    }

    /// The latest configuration up to an index.
    pub(super) fn configuration(&self, index: Index) -> &Arc<Configuration> {
        // The first one stands at zero, so there is always one.
        at(&self.configurations, index).unwrap_or(&self.configurations[0].1)
    }

    pub(super) fn push(&mut self, prefix: u64, term: Term, first_by: ServerId) {
        self.prefixes.push(prefix);
        let index = self.last();
        if self.terms.last().is_none_or(|&(_, last)| last != term) {
            self.terms.push((index, term));
        }
        if self.first_by.last().is_none_or(|&(_, last)| last != first_by) {
            self.first_by.push((index, first_by));
        }
    }

    pub(super) fn push_configuration(&mut self, index: Index, configuration: Arc<Configuration>) {
        self.configurations.push((index, configuration));
    }
}

/// A server's log: the committed one up to somewhere, and what stands behind it.
#[derive(Clone, Debug, Default)]
pub(super) struct OwnLog {
    /// Up to here it is the committed log.
    agrees: Index,
    /// For each entry behind, the hash of the log up to it, and its term.
    behind: Vec<(u64, Term)>,
}

impl OwnLog {
    /// The committed log up to an index, which is committed.
    pub(super) const fn committed_upto(index: Index) -> Self {
        Self { agrees: index, behind: Vec::new() }
    }

    pub(super) const fn own_bytes(&self) -> usize {
        size_of_val(self.behind.as_slice())
    }

    /// Up to where it is the committed log, as far as is known.
    pub(super) const fn agrees(&self) -> Index {
        self.agrees
    }

    pub(super) fn last(&self) -> Index {
        self.agrees.plus(self.behind.len() as u64)
    }

    fn at(&self, index: Index, chain: &Chain) -> Option<(u64, Term)> {
        if index <= self.agrees {
            return Some((chain.prefix(index)?, chain.term(index)?));
        }
        self.behind.get(index.since(self.agrees) as usize - 1).copied()
    }

    /// The hash of the log up to an index, if it reaches there.
    pub(super) fn prefix(&self, index: Index, chain: &Chain) -> Option<u64> {
        self.at(index, chain).map(|(prefix, _)| prefix)
    }

    /// The term of the entry at an index, if there is one; zero where only a snapshot stands for it.
    pub(super) fn term(&self, index: Index, chain: &Chain) -> Option<Term> {
        self.at(index, chain).map(|(_, term)| if term == UNKNOWN { Term::ZERO } else { term })
    }

    /// Forgets all after an index.
    pub(super) fn keep_upto(&mut self, index: Index) {
        self.behind.truncate(index.since(self.agrees) as usize);
        self.agrees = self.agrees.min(index);
    }

    /// One more entry; the hash is that of the log with it.
    pub(super) fn push(&mut self, prefix: u64, term: Term) {
        self.behind.push((prefix, term));
    }

    /// Looks up to where it is the committed log by now.
    pub(super) fn settle(&mut self, chain: &Chain) {
        let both = (chain.last().since(self.agrees) as usize).min(self.behind.len());
        let agrees = self.agrees;
        let is_same = |count: usize| chain.prefix(agrees.plus(count as u64)) == Some(self.behind[count - 1].0);
        // A hash stands for all before it, and mostly all is the same.
        let same = match both {
            0 => return,
            all if is_same(all) => all,
            _ => (1..=both).take_while(|&count| is_same(count)).count(),
        };
        self.behind.drain(..same);
        self.agrees = agrees.plus(same as u64);
    }
}

#[cfg(test)]
mod tests {
    use raft_core::Payload;

    use super::super::extend;
    use super::*;

    #[test]
    fn numbers_in_chunks_are_those_of_a_plain_list_and_a_clone_goes_its_own_way() {
        let mut chunks = Chunks::default();
        let mut early = None;
        for number in 1..=2_000_u64 {
            if number == 1_200 {
                early = Some(chunks.clone());
            }
            chunks.push(number * 3);
            assert_eq!(chunks.len(), number);
        }
        let mut early = early.unwrap();
        for number in 1_200..=2_000_u64 {
            early.push(number * 7);
        }
        for index in 1..=2_000 {
            assert_eq!(chunks.get(Index(index)), Some(index * 3));
            assert_eq!(early.get(Index(index)), Some(if index < 1_200 { index * 3 } else { index * 7 }));
        }
        assert_eq!((chunks.get(Index(0)), chunks.get(Index(2_001))), (None, None));
    }

    #[test]
    fn a_log_agrees_with_the_committed_one_up_to_where_it_parts() {
        let mut chain = Chain::new(Arc::default());
        let mut log = OwnLog::default();
        let (mut own, mut committed) = (0, 0);
        for (index, (own_term, term)) in (1..).zip([(1, 1), (1, 1), (3, 2), (3, 2)]) {
            own = extend(own, Term(own_term), &Payload::Noop);
            log.push(own, Term(own_term));
            committed = extend(committed, Term(term), &Payload::Noop);
            chain.push(committed, Term(term), ServerId(index));
            log.settle(&chain);
        }
        assert_eq!((log.agrees(), log.last()), (Index(2), Index(4)));
        assert_eq!((log.term(Index(2), &chain), log.term(Index(3), &chain)), (Some(Term(1)), Some(Term(3))));
        assert_eq!((chain.term(Index(3)), chain.first_by(Index(3))), (Some(Term(2)), Some(ServerId(3))));
        assert_eq!((log.prefix(Index(4), &chain), log.prefix(Index(5), &chain)), (Some(own), None));
        log.keep_upto(Index(1));
        assert_eq!((log.agrees(), log.last()), (Index(1), Index(1)));
    }
}
