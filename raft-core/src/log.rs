//! The log: runs of entries that share the term in which a leader created them (P§5.3).
//!
//! Entries travel, rest and are handed out in runs: an [`Entries`] is a shared handle on some that follow each other in one
//! term. The leader's log, the appends on their way, the followers' logs, what is being saved and what is being applied
//! all hold the same memory; passing a thousand entries on costs as much as passing one.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::slice;

use crate::{Configuration, EntryId, Index, Term};

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
    /// Who counts from this entry on (P§6, D§4.1). Not for the state machine, which passes over it.
    Configuration(Arc<Configuration>),
}

impl Payload {
    /// How much it weighs against the limits in bytes: a command's length, and nothing for the others.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match self {
            Self::Command(command) => command.bytes().len(),
            Self::Noop | Self::Configuration(_) => 0,
        }
    }
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

    /// An entry with a configuration.
    #[must_use]
    pub fn configuration(term: Term, configuration: Configuration) -> Self {
        Self { term, payload: Payload::Configuration(Arc::new(configuration)) }
    }
}

/// Some entries of one term that follow each other. Cloning and slicing share the memory.
#[derive(Clone, Default)]
pub struct Entries {
    /// Zero when there is none.
    term: Term,
    held: Held,
    /// Which of those held: from here to there, the latter not included.
    from: u32,
    to: u32,
}

/// What a handle holds. An entry that is proposed alone needs no memory of its own until it is gathered with others.
#[derive(Clone, Default)]
enum Held {
    #[default]
    Nothing,
    One(Payload),
    Many(Arc<[Payload]>),
}

impl Entries {
    /// None at all, as a heartbeat has them.
    pub const NONE: Self = Self { term: Term::ZERO, held: Held::Nothing, from: 0, to: 0 };

    /// The most that one handle holds.
    pub const LEN_MAX: usize = 1 << 30;

    /// Entries of a term with these payloads, at most [`Self::LEN_MAX`]; the others are left out.
    #[must_use]
    pub fn new(term: Term, payloads: impl IntoIterator<Item = Payload>) -> Self {
        Self::of(term, payloads.into_iter().collect())
    }

    pub(crate) const fn one(term: Term, payload: Payload) -> Self {
        Self { term, held: Held::One(payload), from: 0, to: 1 }
    }

    fn of(term: Term, shared: Arc<[Payload]>) -> Self {
        match u32::try_from(shared.len()).unwrap_or(u32::MAX) {
            0 => Self::NONE,
            to => Self { term, held: Held::Many(shared), from: 0, to },
        }
    }

    /// The term of the leader that created them; zero when there is none.
    #[must_use]
    pub const fn term(&self) -> Term {
        self.term
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        (self.to - self.from) as usize
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.to == self.from
    }

    /// What they carry, in order.
    #[must_use]
    pub fn payloads(&self) -> &[Payload] {
        match &self.held {
            Held::Nothing => &[],
            Held::One(payload) => slice::from_ref(payload),
            Held::Many(shared) => &shared[self.from as usize..self.to as usize],
        }
    }

    /// They, one by one.
    pub fn iter(&self) -> impl Iterator<Item = Entry> + '_ {
        self.payloads().iter().map(|payload| Entry { term: self.term, payload: payload.clone() })
    }

    /// All but the first `count`.
    #[must_use]
    pub fn skip(mut self, count: usize) -> Self {
        if count >= self.len() {
            return Self::NONE;
        }
        // Less than a length that fits.
        self.from += count as u32;
        self
    }

    /// The first `count`.
    #[must_use]
    pub fn take(mut self, count: usize) -> Self {
        if count == 0 {
            return Self::NONE;
        }
        if count < self.len() {
            self.to = self.from + count as u32;
        }
        self
    }

    /// How much they weigh against the limits in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.payloads().iter().map(Payload::bytes).sum()
    }

    /// As many as fit into so many bytes, at least one, and how much they weigh.
    fn fitting(self, limit: usize) -> (Self, usize) {
        let all = self.bytes();
        if all <= limit {
            return (self, all);
        }
        let (mut count, mut weight) = (0, 0_usize);
        for bytes in self.payloads().iter().map(Payload::bytes) {
            if count > 0 && weight.saturating_add(bytes) > limit {
                break;
            }
            (count, weight) = (count + 1, weight.saturating_add(bytes));
        }
        (self.take(count), weight)
    }
}

impl PartialEq for Entries {
    fn eq(&self, other: &Self) -> bool {
        self.term == other.term && self.payloads() == other.payloads()
    }
}

impl Eq for Entries {}

impl Hash for Entries {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.term, self.payloads()).hash(state);
    }
}

impl fmt::Debug for Entries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}{:?}", self.term, self.payloads())
    }
}

#[cfg(feature = "serde")]
mod entries_serde {
    use super::{Entries, Payload, Term, Vec};

    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Plain {
        term: Term,
        payloads: Vec<Payload>,
    }

    impl serde::Serialize for Entries {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            use serde::ser::SerializeStruct;
            let mut plain = serializer.serialize_struct("Entries", 2)?;
            plain.serialize_field("term", &self.term)?;
            plain.serialize_field("payloads", self.payloads())?;
            plain.end()
        }
    }

    impl<'de> serde::Deserialize<'de> for Entries {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let Plain { term, payloads } = Plain::deserialize(deserializer)?;
            Ok(match <[Payload; 1]>::try_from(payloads) {
                Ok([alone]) => Self::one(term, alone),
                Err(payloads) => Self::new(term, payloads),
            })
        }
    }
}

/// Entries with the index of their first.
#[derive(Clone, Default)]
struct Run {
    first: Index,
    entries: Entries,
}

impl Run {
    /// The index after the last.
    fn end(&self) -> Index {
        self.first.plus(self.entries.len() as u64)
    }

    /// What stands from an index that is here to another, as far as it is here.
    fn between(&self, from: Index, to: Index) -> Entries {
        let (skipped, count) = (from.since(self.first), to.next().since(from));
        self.entries.clone().skip(skipped as usize).take(count as usize)
    }
}

/// A server's log. Terms never fall along it, and there are no holes. What a snapshot stands for is gone from its front.
///
/// Entries stay in the memory that they came in. Of those that come a few at a time the last ones are loose runs, which are
/// gathered into one now and then, so that in the long run an entry costs hardly more than what it carries.
#[derive(Clone, Default)]
pub struct Log {
    /// The last entry that a snapshot stands for; [`EntryId::START`] without one.
    base: EntryId,
    last: EntryId,
    /// By rising index, without holes.
    runs: Vec<Run>,
    /// The place of the first loose run. They are all of the log's last term.
    loose: usize,
}

/// So many entries that come together are never loose.
const MANY: usize = 32;

/// So many entries in loose runs are gathered.
const LOOSE_MAX: u64 = 64;

/// So many runs at the end are looked at one by one before others are searched for by halves.
const NEAR: usize = 4;

impl Log {
    /// A log that begins after what a snapshot stands for.
    #[must_use]
    pub fn after(base: EntryId) -> Self {
        Self { base, last: base, ..Self::default() }
    }

    /// The last entry that is gone because a snapshot stands for it: lastIncludedIndex and lastIncludedTerm (P§7).
    #[must_use]
    pub const fn base(&self) -> EntryId {
        self.base
    }

    /// The index of the first entry that is there, or would be.
    #[must_use]
    pub const fn first_index(&self) -> Index {
        self.base.index.next()
    }

    /// The index of the last entry, zero when there never was one.
    #[must_use]
    pub const fn last_index(&self) -> Index {
        self.last.index
    }

    /// The last entry's index and term, be it in a snapshot; [`EntryId::START`] when there never was one.
    #[must_use]
    pub const fn last(&self) -> EntryId {
        self.last
    }

    /// How many entries are there.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.last.index.since(self.base.index) as usize
    }

    /// Whether none is there.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.last.index.0 == self.base.index.0
    }

    /// How many bytes a clone of it takes for itself: it shares the entries.
    #[must_use]
    pub fn own_bytes(&self) -> usize {
        size_of_val(self.runs.as_slice())
    }

    /// Which run holds the entry at an index, if it is there.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn run_of(&self, index: Index) -> Option<usize> {
        if index <= self.base.index || index > self.last.index {
            return None;
        }
        // Nearly always it is about the end of the log.
        let mut at = self.runs.len().checked_sub(1)?;
        let farthest = at.saturating_sub(NEAR);
        while self.runs[at].first > index {
            if at == farthest {
                return self.runs[..at].partition_point(|run| run.first <= index).checked_sub(1);
            }
            at -= 1;
        }
        Some(at)
    }

    /// The entry at `index`, if it is there.
    #[must_use]
    pub fn get(&self, index: Index) -> Option<Entry> {
        let run = &self.runs[self.run_of(index)?];
        let payload = run.entries.payloads().get(index.since(run.first) as usize)?;
        Some(Entry { term: run.entries.term(), payload: payload.clone() })
    }

    /// The term of the entry at `index`: known for all that are there and for the last that a snapshot stands for, which
    /// is term zero before the first entry of all.
    #[must_use]
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    pub fn term_at(&self, index: Index) -> Option<Term> {
        if index == self.last.index {
            Some(self.last.term)
        } else if index == self.base.index {
            Some(self.base.term)
        } else {
            self.run_of(index).map(|at| self.runs[at].entries.term())
        }
    }

    /// Whether an entry stands in this log, or is the last that its snapshot stands for.
    #[must_use]
    pub fn has(&self, entry: EntryId) -> bool {
        self.term_at(entry.index) == Some(entry.term)
    }

    /// The entries from one index to another, both included, as far as they are there, in runs of one term.
    pub fn between(&self, from: Index, to: Index) -> impl Iterator<Item = (Index, Entries)> + '_ {
        let from = from.max(self.first_index());
        let at = self.run_of(from).unwrap_or(self.runs.len());
        self.runs[at..].iter().take_while(move |run| run.first <= to).map(move |run| {
            let first = run.first.max(from);
            (first, run.between(first, to))
        })
    }

    /// One handle on the entries from one index to another, both included, as far as they are there and of one term with
    /// the first.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    pub(crate) fn share(&mut self, from: Index, to: Index) -> Entries {
        match self.run_of(from).map(|at| &self.runs[at]) {
            // Mostly it is one whole run.
            Some(run) if run.first == from && run.end() == to.next() => run.entries.clone(),
            _ => self.share_part(from, to),
        }
    }

    /// As above, when it is a part of a run, or of loose ones.
    fn share_part(&mut self, from: Index, to: Index) -> Entries {
        let Some(mut at) = self.run_of(from) else { return Entries::NONE };
        let end = self.runs[at].end();
        if at >= self.loose && end <= to && end <= self.last.index {
            // Whoever asks next is likely to want the same.
            self.gather();
            at = self.loose;
        }
        self.runs[at].between(from, to)
    }

    /// The entries from `from` on, one by one; none when the log ends before it.
    pub fn from(&self, from: Index) -> impl Iterator<Item = Entry> + '_ {
        self.iter_from(from).map(|(_, term, payload)| Entry { term, payload: payload.clone() })
    }

    /// The entries from `from` on without their memory being shared: index, term, and what each carries.
    pub fn iter_from(&self, from: Index) -> impl Iterator<Item = (Index, Term, &Payload)> + '_ {
        let from = from.clamp(self.first_index(), self.last.index.next());
        let at = self.run_of(from).unwrap_or(self.runs.len());
        let entries = self.runs[at..].iter().flat_map(move |run| {
            let rest = run.entries.payloads().get(from.since(run.first) as usize..).unwrap_or(&[]);
            rest.iter().map(|payload| (run.entries.term(), payload))
        });
        let indexes = (from.0..).map(Index);
        indexes.zip(entries).map(|(index, (term, payload))| (index, term, payload))
    }

    /// The first index of those entries, up to the one at `index`, that share its term. What a snapshot stands for counts as
    /// far as its last entry.
    #[must_use]
    pub fn run_start(&self, index: Index) -> Index {
        let Some(term) = self.term_at(index) else { return index };
        if term == self.base.term {
            return self.base.index.max(Index(1));
        }
        // Terms never fall, so the start can be searched for by halves.
        let first = self.runs.partition_point(|run| run.entries.term() < term);
        self.runs.get(first).map_or(index, |run| run.first).min(index)
    }

    /// The last index whose entry has a term of at most `term`, as far as is known: zero, or where the snapshot ends.
    #[must_use]
    pub fn last_index_of_term_up_to(&self, term: Term) -> Index {
        if self.last.term <= term {
            return self.last.index;
        }
        let after = self.runs.partition_point(|run| run.entries.term() <= term);
        match after.checked_sub(1) {
            Some(at) => self.runs[at].end().previous(),
            None if self.base.term <= term => self.base.index,
            None => Index::ZERO,
        }
    }

    /// Entries from `from` on to be sent together, and their weight: of one term, at least one if there is one, and no more
    /// than the limits allow.
    pub(crate) fn batch(&mut self, from: Index, count: usize, bytes: usize) -> (Entries, usize) {
        let to = from.previous().plus(count as u64).min(self.last.index);
        self.share(from, to).fitting(bytes)
    }

    /// How many of these entries, to stand after `prev`, are there already, counted up to the first that differs.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    pub(crate) fn known(&self, prev: Index, entries: &Entries) -> usize {
        if entries.is_empty() || prev >= self.last.index {
            return 0;
        }
        // What a snapshot stands for is committed, so it is what any leader has.
        let in_snapshot = self.base.index.since(prev) as usize;
        let mut known = in_snapshot.min(entries.len());
        let in_runs = self.run_of(prev.plus(known as u64).next()).unwrap_or(self.runs.len());
        for run in &self.runs[in_runs..] {
            if known == entries.len() || run.entries.term() != entries.term() {
                break;
            }
            let there = run.end().since(prev.plus(known as u64).next()) as usize;
            known = known.saturating_add(there).min(entries.len());
        }
        known
    }

    /// The first of these entries, to stand after `prev`, that is there by its index and term and carries something else.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    pub(crate) fn contradicts(&self, prev: Index, entries: &Entries) -> Option<EntryId> {
        if prev >= self.last.index {
            return None;
        }
        let from = prev.next().max(self.first_index());
        let new = entries.payloads().get(from.since(prev.next()) as usize..).unwrap_or(&[]);
        let both = self.iter_from(from).zip(new).take_while(|((_, term, _), _)| *term == entries.term());
        let differs = |&((_, _, own), new): &((Index, Term, &Payload), &Payload)| own != new;
        both.filter(differs).map(|((index, term, _), _)| EntryId { index, term }).next()
    }

    /// Appends entries.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    pub(crate) fn push(&mut self, entries: Entries) {
        if entries.is_empty() {
            return;
        }
        let first = self.last.index.next();
        let many = entries.len() >= MANY;
        if many || entries.term() != self.last.term {
            self.close();
        }
        self.last = EntryId { index: self.last.index.plus(entries.len() as u64), term: entries.term() };
        self.runs.push(Run { first, entries });
        if many || self.last.index.next().since(self.runs[self.loose].first) >= LOOSE_MAX {
            self.close();
        }
    }

    /// No run is loose any more.
    fn close(&mut self) {
        self.gather();
        self.loose = self.runs.len();
    }

    /// The loose runs become one.
    fn gather(&mut self) {
        let [first, _, ..] = &self.runs[self.loose..] else { return };
        let first = first.first;
        let mut payloads = Vec::with_capacity(self.last.index.next().since(first) as usize);
        for run in self.runs.drain(self.loose..) {
            match run.entries.held {
                Held::One(payload) => payloads.push(payload),
                _ => payloads.extend_from_slice(run.entries.payloads()),
            }
        }
        self.runs.push(Run { first, entries: Entries::of(self.last.term, payloads.into()) });
    }

    /// Forgets the entry at `from` and all after it. What a snapshot stands for stays.
    pub(crate) fn truncate(&mut self, from: Index) {
        let from = from.max(self.first_index());
        let Some(at) = self.run_of(from) else { return };
        let run = &mut self.runs[at];
        run.entries = core::mem::take(&mut run.entries).take(from.since(run.first) as usize);
        let kept = usize::from(!run.entries.is_empty());
        self.runs.truncate(at + kept);
        self.loose = self.loose.min(self.runs.len());
        let term = self.runs.last().map_or(self.base.term, |run| run.entries.term());
        self.last = EntryId { index: from.previous(), term };
    }

    /// A snapshot now stands for all entries up to this one. Those after it stay if the log holds it, and go otherwise:
    /// they would stand behind an entry that is not theirs (P Fig. 13, 6).
    pub(crate) fn compact(&mut self, base: EntryId) {
        if base.index <= self.base.index {
            return;
        }
        if !self.has(base) {
            *self = Self::after(base);
            return;
        }
        let gone = self.runs.partition_point(|run| run.end() <= base.index.next());
        self.runs.drain(..gone);
        self.loose = self.loose.saturating_sub(gone);
        if let Some(run) = self.runs.first_mut()
            && run.first <= base.index
        {
            let skipped = base.index.next().since(run.first);
            run.entries = core::mem::take(&mut run.entries).skip(skipped as usize);
            run.first = base.index.next();
        }
        self.base = base;
    }

    /// As [`Self::compact`], but what stands behind stays whatever it stood behind: the rule that is broken here.
    #[cfg(feature = "mutations")]
    pub(crate) fn compact_blindly(&mut self, base: EntryId) {
        if let Some(term) = self.term_at(base.index) {
            self.compact(EntryId { index: base.index, term });
            self.base = base;
            if self.is_empty() {
                self.last = base;
            }
        } else {
            self.compact(base);
        }
    }
}

impl FromIterator<Entry> for Log {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        let mut log = Self::default();
        log.extend(entries);
        log
    }
}

impl Extend<Entry> for Log {
    /// Appends entries one by one, in runs of their terms.
    fn extend<I: IntoIterator<Item = Entry>>(&mut self, entries: I) {
        let mut run: (Term, Vec<Payload>) = (Term::ZERO, Vec::new());
        for Entry { term, payload } in entries {
            if term != run.0 && !run.1.is_empty() {
                self.push(Entries::new(run.0, core::mem::take(&mut run.1)));
            }
            run.0 = term;
            run.1.push(payload);
        }
        self.push(Entries::new(run.0, run.1));
    }
}

/// How the entries lie in memory says nothing.
impl PartialEq for Log {
    fn eq(&self, other: &Self) -> bool {
        (self.base, self.last) == (other.base, other.last)
            && self.iter_from(Index::ZERO).eq(other.iter_from(Index::ZERO))
    }
}

impl Eq for Log {}

impl Hash for Log {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.base, self.last).hash(state);
        for entry in self.iter_from(Index::ZERO) {
            entry.hash(state);
        }
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.base)?;
        f.debug_list().entries(self.between(Index::ZERO, self.last.index).map(|(_, run)| run)).finish()
    }
}

#[cfg(feature = "serde")]
mod log_serde {
    use super::{Entry, EntryId, Index, Log, Vec};

    #[derive(serde::Serialize, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Plain {
        #[serde(default)]
        base: EntryId,
        entries: Vec<Entry>,
    }

    impl serde::Serialize for Log {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            Plain { base: self.base(), entries: self.from(Index::ZERO).collect() }.serialize(serializer)
        }
    }

    impl<'de> serde::Deserialize<'de> for Log {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let plain = Plain::deserialize(deserializer)?;
            let mut log = Self::after(plain.base);
            log.extend(plain.entries);
            Ok(log)
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::random::draw;

    fn log(terms: &[u64]) -> Log {
        terms.iter().map(|&term| Entry::noop(Term(term))).collect()
    }

    #[test]
    fn runs_of_a_term_are_found_in_every_log_of_up_to_six_entries() {
        let most = if cfg!(miri) { 3 } else { 6 };
        for code in 0..4_u64.pow(most) {
            let digits = (0..most).map(|at| code / 4_u64.pow(at) % 4);
            // Zero ends the log, so that all lengths come up.
            let terms: Vec<u64> = digits.take_while(|&term| term > 0).collect();
            if !terms.is_sorted() {
                continue;
            }
            let log = log(&terms);
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
        let log = log(&[1, 1, 2]);
        assert_eq!((log.last(), log.term_at(Index(0))), (EntryId::new(3, 2), Some(Term(0))));
        assert_eq!((log.get(Index(0)), log.get(Index(4)), log.term_at(Index(4))), (None, None, None));
        let count = |from| log.from(Index(from)).count();
        assert_eq!((count(0), count(3), count(4), count(u64::MAX)), (3, 1, 0, 0));
        assert_eq!(log.get(Index(u64::MAX)), None);
    }

    /// What a log should be: a list of numbered entries behind a base.
    #[derive(Clone, Debug)]
    struct Model {
        base: EntryId,
        entries: Vec<Entry>,
    }

    impl Model {
        fn term_at(&self, index: u64) -> Option<Term> {
            if index == self.base.index.0 {
                return Some(self.base.term);
            }
            let at = index.checked_sub(self.base.index.0 + 1)?;
            self.entries.get(usize::try_from(at).unwrap()).map(|entry| entry.term)
        }
    }

    fn assert_same(log: &Log, model: &Model, step: u64) {
        assert_eq!(log.base(), model.base, "step {step}");
        assert_eq!(log.len(), model.entries.len(), "step {step}");
        assert!(log.from(Index::ZERO).eq(model.entries.iter().cloned()), "step {step}: {log:?} {model:?}");
        let last = model.base.index.0 + model.entries.len() as u64;
        for index in 0..last + 3 {
            assert_eq!(log.term_at(Index(index)), model.term_at(index), "step {step}: term at {index}");
            let entry = index.checked_sub(model.base.index.0 + 1).and_then(|at| model.entries.get(at as usize));
            assert_eq!(log.get(Index(index)).as_ref(), entry, "step {step}: entry at {index}");
            let from = model.entries.len() - model.entries.len().min(last.saturating_sub(index.max(1) - 1) as usize);
            assert!(log.from(Index(index)).eq(model.entries[from..].iter().cloned()), "step {step}: from {index}");
            for to in [index, index + 3, last, u64::MAX] {
                let upto = (to.saturating_sub(model.base.index.0) as usize).min(model.entries.len()).max(from);
                let mut next = index.max(model.base.index.0 + 1);
                let mut found = Vec::new();
                for (first, run) in log.between(Index(index), Index(to)) {
                    assert_eq!(first, Index(next), "step {step}: runs from {index} to {to}");
                    next += run.len() as u64;
                    found.extend(run.iter());
                }
                assert_eq!(found, model.entries[from..upto], "step {step}: runs from {index} to {to}");
            }
        }
        assert_eq!(Some(log.last().term), model.term_at(last));
    }

    #[test]
    fn whatever_is_done_to_a_log_it_is_a_list_of_entries() {
        let (seeds, steps) = if cfg!(miri) { (1, 3) } else { (60, 60) };
        for seed in 0..seeds {
            let (mut log, mut term, mut number) = (Log::default(), 1, 0);
            let mut model = Model { base: EntryId::START, entries: Vec::new() };
            for step in 0..steps {
                let chance = |what: u64, of: u64| draw(&[seed, step, what]) % of;
                match chance(0, 10) {
                    0..=5 => {
                        term += u64::from(chance(1, 8) == 0);
                        let count = if chance(2, 4) == 0 { chance(3, 70) } else { chance(3, 3) };
                        let numbered = (number..number + count).map(|n| Payload::Command(vec![n as u8].into()));
                        let new = Entries::new(Term(term), numbered);
                        number += count;
                        model.entries.extend(new.iter());
                        log.push(new);
                    }
                    6 => {
                        let from = model.base.index.0 + 1 + chance(4, model.entries.len() as u64 + 2);
                        log.truncate(Index(from));
                        model.entries.truncate((from - model.base.index.0 - 1) as usize);
                    }
                    7 => {
                        let count = chance(5, model.entries.len() as u64 + 1);
                        let index = model.base.index.0 + count;
                        let base = EntryId { index: Index(index), term: model.term_at(index).unwrap() };
                        log.compact(base);
                        model.entries.drain(..count as usize);
                        model.base = base;
                    }
                    8 if chance(6, 6) == 0 => {
                        let base = EntryId::new(log.last_index().0 + chance(7, 3) + 1, term);
                        log.compact(base);
                        model = Model { base, entries: Vec::new() };
                    }
                    _ => {
                        let from = model.base.index.0 + 1 + chance(8, model.entries.len() as u64 + 2);
                        let (count, bytes) = (1 + chance(9, 40) as usize, chance(10, 40) as usize);
                        let (batch, weight) = log.batch(Index(from), count, bytes);
                        let at = (from - model.base.index.0 - 1) as usize;
                        let expected = model.entries.get(at..).unwrap_or(&[]);
                        assert_eq!(batch.bytes(), weight);
                        assert!(batch.len() <= count && (batch.bytes() <= bytes || batch.len() == 1));
                        assert_eq!(batch.is_empty(), expected.is_empty());
                        assert!(batch.iter().eq(expected.iter().take(batch.len()).cloned()), "step {step}");
                    }
                }
                assert_same(&log, &model, step);
                let again: Log = Log::after(model.base).extend_into(model.entries.iter().cloned());
                assert_eq!(log, again, "the same entries in other runs are the same log");
            }
        }
    }

    trait ExtendInto<T>: Extend<T> + Sized {
        fn extend_into(mut self, items: impl IntoIterator<Item = T>) -> Self {
            self.extend(items);
            self
        }
    }
    impl ExtendInto<Entry> for Log {}

    #[test]
    fn what_is_known_of_new_entries_ends_at_the_first_that_differs() {
        let own = log(&[1, 1, 2, 2, 3]);
        let known = |prev, term, count| own.known(Index(prev), &Entries::new(Term(term), vec![Payload::Noop; count]));
        assert_eq!([known(0, 1, 1), known(0, 1, 2), known(0, 1, 3), known(2, 2, 2), known(2, 2, 3)], [1, 2, 2, 2, 2]);
        assert_eq!([known(2, 3, 2), known(4, 3, 4), known(5, 3, 1), known(3, 2, 0), known(9, 3, 1)], [0, 1, 0, 0, 0]);
        let mut compacted = own.clone();
        compacted.compact(EntryId::new(3, 2));
        let known =
            |prev, term, count| compacted.known(Index(prev), &Entries::new(Term(term), vec![Payload::Noop; count]));
        assert_eq!([known(0, 2, 2), known(2, 2, 2), known(2, 2, 4), known(3, 2, 1), known(1, 1, 1)], [2, 2, 2, 1, 1]);
    }

    #[test]
    fn an_entry_takes_no_more_than_32_bytes_whether_they_come_one_by_one_or_together() {
        let count = if cfg!(miri) { 256 } else { 20_000 };
        for together in [1, 3, 31, 32, 64] {
            let mut log = Log::default();
            let payload = Payload::Command("".into());
            for _ in 0..count / together {
                log.push(Entries::new(Term(1), vec![payload.clone(); together]));
            }
            // The counts of an Arc take two words.
            let of_run = |run: &Run| size_of::<Run>() + 16 + size_of_val(run.entries.payloads());
            let of_runs: usize = log.runs.iter().map(of_run).sum();
            assert!(of_runs <= 32 * log.len(), "{together} at a time: {} bytes an entry", of_runs / log.len());
        }
    }

    #[test]
    fn entries_are_sliced_without_end() {
        let three = Entries::new(Term(1), vec![Payload::Noop; 3]);
        assert_eq!((three.clone().skip(1).len(), three.clone().take(2).len(), three.clone().take(9).len()), (2, 2, 3));
        assert_eq!((three.clone().skip(3), three.clone().take(0)), (Entries::NONE, Entries::NONE));
        assert_eq!(three.clone().skip(1).take(1), Entries::new(Term(1), [Payload::Noop]));
        assert_eq!(Entries::new(Term(4), []), Entries::NONE);
    }
}
