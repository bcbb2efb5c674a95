//! What is committed by a trace, and what the disks hold.

use raft_core::{EntryId, Index, ServerId};

use super::super::forest::{Forest, Place};
use super::super::moments::ServerState;
use crate::checkers::Disks;
use crate::network::at;

/// What is committed, as entries of the forest.
#[derive(Debug)]
pub(super) struct Committed {
    /// What was committed as the trace begins, which nobody looks at.
    pub(super) begun: Index,
    /// What stands behind that, and the lines by which it was committed.
    pub(super) places: Vec<Place>,
    pub(super) lines: Vec<u64>,
}

impl Committed {
    pub(super) fn last(&self) -> Index {
        self.begun.plus(self.places.len() as u64)
    }

    fn slot(&self, index: Index) -> Option<usize> {
        usize::try_from(index.0.checked_sub(self.begun.0 + 1)?).ok()
    }

    pub(super) fn place(&self, index: Index) -> Option<Place> {
        self.places.get(self.slot(index)?).copied()
    }

    pub(super) fn line(&self, index: Index) -> Option<u64> {
        self.lines.get(self.slot(index)?).copied()
    }
}

/// What the disks hold by the trace. All of them hold everything if it does not say.
pub(super) struct Known<'a> {
    pub(super) saves: bool,
    pub(super) forest: &'a Forest,
    pub(super) states: &'a [ServerState],
    pub(super) committed: &'a Committed,
}

impl Disks for Known<'_> {
    fn hold(&self, server: ServerId, entry: EntryId) -> bool {
        let Some(state) = self.states.get(at(server)) else { return false };
        let is_committed = |place| {
            let index = self.forest.id(place).index;
            index <= self.committed.begun || self.committed.place(index) == Some(place)
        };
        !self.saves || self.forest.id(self.forest.descend(state.disk_last, is_committed)).index >= entry.index
    }
}

/// The disks while a line commits: what it commits is not among the committed entries yet, but stands in its server's log.
pub(super) struct Committing<'a> {
    pub(super) disks: &'a Known<'a>,
    pub(super) last: Place,
    pub(super) index: Index,
}

impl Disks for Committing<'_> {
    fn hold(&self, server: ServerId, entry: EntryId) -> bool {
        let Known { saves, forest, states, .. } = *self.disks;
        let Some(state) = states.get(at(server)) else { return false };
        !saves
            || forest
                .at(self.last, self.index)
                .is_some_and(|place| forest.at(state.disk_last, entry.index) == Some(place))
    }
}
