//! Worlds kept to go back to: close together where the run is young, further apart as it ages.

use super::{History, Moment};
use crate::world::World;

/// After so many events a branch has another checkpoint. As many have to be lived again at most, where none was thinned out.
pub(super) const EVENTS_APART: u64 = 2_048;

/// A world as it was.
#[derive(Debug)]
pub(super) struct Checkpoint {
    pub(super) world: World,
    /// What it takes in memory: what is its own, and what became shared since the checkpoint before it.
    pub(super) weight: usize,
}

impl Checkpoint {
    /// The world as it stands; `before` is the latest checkpoint before it.
    pub(super) fn of(world: &World, before: Option<&Self>) -> Self {
        let world = world.clone();
        let weight = world.own_bytes() + world.shared_bytes_since(before.map(|before| &before.world));
        Self { world, weight }
    }

    pub(super) const fn moment(&self) -> Moment {
        self.world.moment()
    }
}

impl History {
    /// The latest checkpoint of a branch that is not after a moment. The beginning never goes, so there is one.
    pub(super) fn checkpoint_before(&self, mut branch: usize, mut moment: Moment) -> &Checkpoint {
        loop {
            let Some(this) = self.branches.get(branch) else { return &self.branches[0].checkpoints[0] };
            let upto = this.checkpoints.partition_point(|checkpoint| checkpoint.moment() <= moment);
            match (upto.checked_sub(1), this.parent) {
                (Some(at), _) => return &this.checkpoints[at],
                (None, Some((parent, forked_at))) => (branch, moment) = (parent, moment.min(forked_at)),
                (None, None) => return &self.branches[0].checkpoints[0],
            }
        }
    }

    /// Takes checkpoints away until the others fit into the budget: each time the one whose going leaves the gap that is
    /// smallest for how long ago it is.
    pub(super) fn thin_out(&mut self) {
        while self.weight > self.budget {
            let mut least: Option<(u64, usize, usize)> = None;
            for (number, branch) in self.branches.iter().enumerate() {
                let events = |at: usize| branch.checkpoints[at].world.events();
                let Some(last) = branch.checkpoints.len().checked_sub(1) else { continue };
                // The beginning stays, and so does the latest of each branch as long as there is another to take.
                for at in usize::from(number == 0)..last {
                    let before = if at > 0 { events(at - 1) } else { events(0).saturating_sub(EVENTS_APART) };
                    let (gap, age) = (events(at + 1) - before, events(last) - events(at) + EVENTS_APART);
                    // In parts of 2^16 of its age.
                    let loss = (gap << 16) / age;
                    if least.is_none_or(|(smallest, ..)| loss < smallest) {
                        least = Some((loss, number, at));
                    }
                }
            }
            let last_of = |(number, branch): (usize, &super::Branch)| {
                let at = branch.checkpoints.len().checked_sub(1)?;
                (number > 0 || at > 0).then_some((0, number, at))
            };
            let Some((_, number, at)) = least.or_else(|| self.branches.iter().enumerate().find_map(last_of)) else {
                return;
            };
            let gone = self.branches[number].checkpoints.remove(at);
            self.weight -= gone.weight;
            // What it shared with the one after it is that one's alone to keep now.
            if let Some(next) = self.branches[number].checkpoints.get_mut(at) {
                let shared = gone.weight - gone.world.own_bytes();
                next.weight += shared;
                self.weight += shared;
            }
        }
    }
}
