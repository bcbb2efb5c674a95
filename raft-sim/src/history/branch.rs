//! One line of events among several.

use std::sync::Arc;

use serde::Serialize;

use super::checkpoints::Checkpoint;
use super::{History, Moment};
use crate::input::TimedInput;

/// A branch. What it shares with its parent, up to where it forks off, is the parent's.
#[derive(Debug)]
pub(super) struct Branch {
    pub(super) name: String,
    pub(super) parent: Option<(usize, Moment)>,
    /// All that was done in it and is planned in it, from the beginning of the run.
    pub(super) plan: Arc<Vec<TimedInput>>,
    /// Which of them were done by hand, as places in the list.
    pub(super) by_hand: Vec<usize>,
    pub(super) lived: Moment,
    /// By rising moment; of the first branch the beginning is one.
    pub(super) checkpoints: Vec<Checkpoint>,
}

/// What can be seen of a branch.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct BranchView<'a> {
    /// Its number; the first is 0.
    pub branch: u32,
    /// Its name.
    pub name: &'a str,
    /// The branch that it forked off from; the first has none.
    pub parent: Option<u32>,
    /// Where it forked off: what was done there is the first that the two do not share.
    pub forked_at: Option<Moment>,
    /// How far it was lived.
    pub lived: Moment,
}

impl Branch {
    pub(super) const fn new(name: String, parent: Option<(usize, Moment)>, plan: Arc<Vec<TimedInput>>) -> Self {
        let lived = Moment { time_us: 0, events: 0 };
        Self { name, parent, plan, by_hand: Vec::new(), lived, checkpoints: Vec::new() }
    }

    pub(super) fn view(&self, branch: u32) -> BranchView<'_> {
        let (parent, forked_at) = self.parent.unzip();
        BranchView {
            branch,
            name: &self.name,
            parent: parent.map(|parent| parent as u32),
            forked_at,
            lived: self.lived,
        }
    }
}

impl History {
    /// The latest moment that two branches share.
    pub(super) fn parted_at(&self, mut a: usize, mut b: usize) -> Moment {
        let mut shared = Moment::end_of(u64::MAX);
        // A branch is younger than its parent, so its number is larger.
        while a != b {
            let younger = if a > b { &mut a } else { &mut b };
            let Some((parent, at)) = self.branches[*younger].parent else { break };
            (*younger, shared) = (parent, shared.min(at));
        }
        shared
    }
}
