//! All entries that ever stood in a log, each behind the one before it: so a log is its last entry, and two logs share
//! what they have in common.

use std::collections::BTreeMap;

use raft_core::{Entry, EntryId, Index, Log, Payload, Term};

/// Where an entry stands among all. Zero is before the first entry of any log.
pub(crate) type Place = u32;

/// Before the first entry.
pub(crate) const START: Place = 0;

#[derive(Clone, Debug)]
struct Node {
    parent: Place,
    /// Some entry further up: by these any entry of a log is found in a few leaps.
    leap: Place,
    id: EntryId,
    payload: Payload,
    /// The line by which it came.
    line: u64,
}

/// The entries.
#[derive(Clone, Debug)]
pub(crate) struct Forest {
    nodes: Vec<Node>,
    /// The first entry that was seen with an index and a term. By Log Matching (P§5.3) there is no other.
    by_id: BTreeMap<(Index, Term), Place>,
}

impl Default for Forest {
    fn default() -> Self {
        let start = Node { parent: START, leap: START, id: EntryId::START, payload: Payload::Noop, line: 0 };
        Self { nodes: vec![start], by_id: BTreeMap::from([((Index::ZERO, Term::ZERO), START)]) }
    }
}

impl Forest {
    fn node(&self, place: Place) -> &Node {
        &self.nodes[place as usize]
    }

    /// How many entries there are.
    #[cfg(test)]
    const fn len(&self) -> usize {
        self.nodes.len() - 1
    }

    pub(crate) fn id(&self, place: Place) -> EntryId {
        self.node(place).id
    }

    pub(crate) fn line(&self, place: Place) -> u64 {
        self.node(place).line
    }

    pub(crate) fn payload(&self, place: Place) -> &Payload {
        &self.node(place).payload
    }

    pub(crate) fn parent(&self, place: Place) -> Place {
        self.node(place).parent
    }

    /// The entry with this index and term, if there is one in any log.
    pub(crate) fn find(&self, id: EntryId) -> Option<Place> {
        self.by_id.get(&(id.index, id.term)).copied()
    }

    /// The entry behind another, which is added if it is not there. A log may begin behind a snapshot, of which nobody has the
    /// entries: `parent` is then the start, and the index any.
    pub(crate) fn behind(&mut self, parent: Place, index: Index, entry: Entry, line: u64) -> Place {
        let id = EntryId { index, term: entry.term };
        if let Some(known) = self.find(id)
            && self.node(known).parent == parent
            && self.node(known).payload == entry.payload
        {
            return known;
        }
        let (one, two) = (self.node(parent).leap, self.node(self.node(parent).leap).leap);
        let length = |from: Place, to: Place| self.id(from).index.since(self.id(to).index);
        let leap = if length(parent, one) == length(one, two) { two } else { parent };
        let place = self.nodes.len() as Place;
        self.nodes.push(Node { parent, leap, id, payload: entry.payload, line });
        self.by_id.entry((index, entry.term)).or_insert(place);
        place
    }

    /// The first entry, from a log's last one on down, for which `is` holds; the start if it does for none. It must hold
    /// for all below one for which it does.
    pub(crate) fn descend(&self, last: Place, is: impl Fn(Place) -> bool) -> Place {
        let mut place = last;
        while place != START && !is(place) {
            let Node { parent, leap, .. } = *self.node(place);
            place = if is(leap) { parent } else { leap };
        }
        place
    }

    /// The entry at an index of the log that ends here, unless the log does not reach there or begins behind it.
    pub(crate) fn at(&self, last: Place, index: Index) -> Option<Place> {
        let found = self.descend(last, |place| self.id(place).index <= index);
        (self.id(found).index == index).then_some(found)
    }

    /// The log that ends here, behind an entry that stands in it.
    pub(crate) fn log(&self, base: EntryId, last: Place) -> Log {
        let mut places = Vec::new();
        let mut place = last;
        while self.id(place).index > base.index {
            places.push(place);
            place = self.parent(place);
        }
        let mut log = Log::after(base);
        log.extend(places.into_iter().rev().map(|place| {
            let node = self.node(place);
            Entry { term: node.id.term, payload: node.payload.clone() }
        }));
        log
    }
}

#[cfg(test)]
mod tests {
    use raft_core::random::draw_between;

    use super::*;

    #[test]
    fn any_entry_of_any_log_is_found_as_by_going_up_one_by_one() {
        let mut forest = Forest::default();
        let mut logs: Vec<Vec<Place>> = vec![Vec::new()];
        for step in 0..2_000 {
            let newest = logs.len() as u64 - 1;
            let log = draw_between(newest.saturating_sub(5), newest, &[1, step]) as usize;
            let mut log = logs[log].clone();
            log.truncate(log.len().saturating_sub(draw_between(0, 3, &[2, step]) as usize));
            for _ in 0..draw_between(1, 4, &[3, step]) {
                let last = log.last().copied().unwrap_or(START);
                let term = forest.id(last).term.0.max(draw_between(1, 1 + step / 100, &[4, step]));
                log.push(forest.behind(last, Index(log.len() as u64 + 1), Entry::noop(Term(term)), step));
            }
            logs.push(log);
        }
        for log in &logs {
            let last = log.last().copied().unwrap_or(START);
            for (at, &place) in log.iter().enumerate() {
                assert_eq!(forest.at(last, Index(at as u64 + 1)), Some(place));
            }
            assert_eq!(forest.at(last, Index(log.len() as u64 + 1)), None);
            assert_eq!(forest.log(EntryId::START, last).len(), log.len());
        }
        assert!(logs.iter().map(Vec::len).max().unwrap() > 30 && forest.len() < logs.iter().map(Vec::len).sum());
    }
}
