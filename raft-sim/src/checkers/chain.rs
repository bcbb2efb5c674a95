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
    /// How many are in those.
    in_full: usize,
    last: Vec<u64>,
}

impl Chunks {
    pub(super) const fn own_bytes(&self) -> usize {
        size_of_val(self.last.as_slice())
    }

    pub(super) fn len(&self) -> u64 {
        (self.in_full + self.last.len()) as u64
    }

    #[inline]
    pub(super) fn get(&self, index: Index) -> Option<u64> {
        let at = usize::try_from(index.0.checked_sub(1)?).ok()?;
        // Nearly always it is one of the last.
        match at.checked_sub(self.in_full) {
            Some(at) => self.last.get(at).copied(),
            None => Some(self.full[at / CHUNK][at % CHUNK]),
        }
    }

    pub(super) fn push(&mut self, number: u64) {
        self.last.push(number);
        if self.last.len() == CHUNK {
            Arc::make_mut(&mut self.full).push(self.last.as_slice().into());
            self.in_full += CHUNK;
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
#[inline]
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
    #[inline]
    pub(super) fn prefix(&self, index: Index) -> Option<u64> {
        if index == Index::ZERO { Some(0) } else { self.prefixes.get(index) }
    }

    /// The term of a committed entry; zero before the first.
    #[inline]
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

    /// One more entry is committed, first by this server.
    #[inline]
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

/// A server's log.
///
/// An entry of a term at an index has one and the same log before it, wherever it is: that is looked at when it is written
/// (Log Matching). So the terms of its entries say all of a log.
#[derive(Clone, Debug, Default)]
pub(super) struct OwnLog {
    /// Up to here it is the committed log, as far as is known.
    agrees: Index,
    last: Index,
    /// For each run of entries of one term behind, its first index. The first run may have begun before.
    terms: Vec<(Index, Term)>,
    /// The hash of the whole log.
    whole: u64,
}

impl OwnLog {
    /// The committed log up to an index, which is committed.
    pub(super) fn committed_upto(index: Index, chain: &Chain) -> Self {
        Self { agrees: index, last: index, terms: Vec::new(), whole: chain.prefix(index).unwrap_or_default() }
    }

    pub(super) const fn own_bytes(&self) -> usize {
        size_of_val(self.terms.as_slice())
    }

    /// Up to where it is the committed log, as far as is known.
    pub(super) const fn agrees(&self) -> Index {
        self.agrees
    }

    pub(super) const fn last(&self) -> Index {
        self.last
    }

    /// The hash of the whole log.
    pub(super) const fn whole(&self) -> u64 {
        self.whole
    }

    /// The term of the entry at an index, if there is one; [`UNKNOWN`] where only a snapshot stands for it.
    #[inline]
    pub(super) fn term(&self, index: Index, chain: &Chain) -> Option<Term> {
        if index <= self.agrees {
            chain.term(index)
        } else if index <= self.last {
            at(&self.terms, index).copied()
        } else {
            None
        }
    }

    /// Whether it is the committed log up to an index that is committed.
    #[inline]
    pub(super) fn is_committed_upto(&self, index: Index, chain: &Chain) -> bool {
        let term = self.term(index, chain);
        term.is_some() && term == chain.term(index)
    }

    /// Forgets all after an index; the hash is that of what stays.
    pub(super) fn keep_upto(&mut self, index: Index, whole: u64) {
        self.agrees = self.agrees.min(index);
        self.last = self.last.min(index);
        self.terms.truncate(self.terms.partition_point(|&(first, _)| first <= index));
        self.whole = whole;
    }

    /// So many more entries of a term; the hash is that of the log with them.
    #[inline]
    pub(super) fn push(&mut self, term: Term, count: usize, whole: u64) {
        if self.terms.last().is_none_or(|&(_, last)| last != term) {
            self.terms.push((self.last.next(), term));
        }
        self.last = self.last.plus(count as u64);
        self.whole = whole;
    }

    /// Looks whether it is the committed log up to an index that both reach. If not, it is so up to before where it parts.
    #[inline]
    pub(super) fn settle_upto(&mut self, index: Index, chain: &Chain) -> bool {
        if index > self.agrees {
            if !self.is_committed_upto(index, chain) {
                return self.parts_before(index, chain);
            }
            self.agrees_upto(index);
        }
        true
    }

    /// It is the committed log up to before where it parts, which it does by this index.
    #[inline(never)]
    fn parts_before(&mut self, index: Index, chain: &Chain) -> bool {
        let behind = (self.agrees.0 + 1..index.0).map(Index);
        let agrees = behind.take_while(|&index| self.is_committed_upto(index, chain)).last();
        self.agrees_upto(agrees.unwrap_or(self.agrees));
        false
    }

    /// It is known to be the committed log up to an index.
    #[inline]
    pub(super) fn agrees_upto(&mut self, index: Index) {
        self.agrees = index;
        // What reaches beyond stays.
        if let [_, (second, _), ..] = self.terms[..]
            && second <= index.next()
        {
            self.terms.drain(..self.terms.partition_point(|&(first, _)| first <= index.next()) - 1);
        }
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
            log.push(Term(own_term), 1, own);
            committed = extend(committed, Term(term), &Payload::Noop);
            chain.push(committed, Term(term), ServerId(index));
            assert_eq!(log.settle_upto(chain.last(), &chain), index < 3, "index {index}");
        }
        assert_eq!((log.agrees(), log.last(), log.whole()), (Index(2), Index(4), own));
        assert_eq!((log.term(Index(2), &chain), log.term(Index(3), &chain)), (Some(Term(1)), Some(Term(3))));
        assert_eq!((chain.term(Index(3)), chain.first_by(Index(3))), (Some(Term(2)), Some(ServerId(3))));
        assert_eq!((log.term(Index(4), &chain), log.term(Index(5), &chain)), (Some(Term(3)), None));
        log.keep_upto(Index(3), 7);
        assert_eq!((log.agrees(), log.last(), log.whole()), (Index(2), Index(3), 7));
        log.keep_upto(Index(1), 8);
        assert_eq!((log.agrees(), log.last(), log.term(Index(2), &chain)), (Index(1), Index(1), None));
        log.push(Term(2), 2, 9);
        assert_eq!((log.term(Index(1), &chain), log.term(Index(3), &chain)), (Some(Term(1)), Some(Term(2))));
        assert!(!log.is_committed_upto(Index(2), &chain) && !log.is_committed_upto(Index(4), &chain));
        let rested = OwnLog::committed_upto(Index(3), &chain);
        assert_eq!((rested.last(), rested.whole()), (Index(3), chain.prefix(Index(3)).unwrap()));
        assert!(rested.is_committed_upto(Index(3), &chain));
    }

    #[test]
    fn of_what_is_committed_no_more_is_kept_than_the_run_that_goes_on() {
        let mut chain = Chain::new(Arc::default());
        let mut log = OwnLog::default();
        let runs = [(1, 3), (2, 2), (5, 4), (6, 1)];
        for (term, count) in runs {
            log.push(Term(term), count, term);
            (0..count).for_each(|_| chain.push(term, Term(term), ServerId(1)));
        }
        let expected: Vec<Term> = runs.iter().flat_map(|&(term, count)| vec![Term(term); count]).collect();
        for (index, kept) in [(1, 4), (3, 3), (4, 3), (5, 2), (8, 2), (9, 1), (10, 1)] {
            assert!(log.settle_upto(Index(index), &chain));
            assert_eq!(log.terms.len(), kept, "index {index}");
            let terms = (1..=10).map(|index| log.term(Index(index), &chain).unwrap());
            assert!(terms.eq(expected.iter().copied()), "index {index}");
        }
    }
}
