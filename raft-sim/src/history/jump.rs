//! From one event that matters to the next.

use raft_core::{CommitReason, Event};

use super::{History, Moment};
use crate::happening::{Happening, Record};
use crate::world::World;

/// What one can jump to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mark {
    /// An election was won.
    Leader,
    /// A leader has committed something.
    Commit,
    /// A property was violated.
    Violation,
    /// Something was done from outside.
    Input,
}

impl Mark {
    /// Whether a record is one.
    const fn is(self, record: &Record) -> bool {
        match (self, &record.happening) {
            (Self::Violation, Happening::Violated { .. }) | (Self::Input, Happening::InputApplied { .. }) => true,
            (_, Happening::Decision { event, .. }) => match event {
                Event::BecameLeader { .. } => matches!(self, Self::Leader),
                Event::Committed { reason: CommitReason::QuorumHolds { .. }, .. } => matches!(self, Self::Commit),
                _ => false,
            },
            _ => false,
        }
    }

    /// A number that is another after such a record than before.
    fn count(self, world: &World) -> u64 {
        match self {
            Self::Leader => world.leader_changes(),
            Self::Commit => world.commits(),
            Self::Violation => world.violation().is_some().into(),
            Self::Input => world.applied.len() as u64,
        }
    }
}

impl History {
    /// Goes to the next such record of what was lived in this branch, or to the one before. Returns its number; none when
    /// there is none, and then nothing changes.
    pub fn jump(&mut self, mark: Mark, forward: bool) -> Option<u64> {
        let (moment, number) = if forward {
            self.next(mark)
        } else {
            self.find_back(&|world| mark.count(world), &|record| mark.is(record), false)
        }?;
        self.go_to(moment);
        Some(number)
    }

    fn next(&self, mark: Mark) -> Option<(Moment, u64)> {
        let lived = self.lived();
        let mut from = self.moment();
        while from < lived {
            // To the end of what one checkpoint covers.
            let next = self.checkpoint_after(from);
            let upto = next.map_or(lived, |(moment, _)| moment);
            let mut world = self.relive(self.current, from);
            if next.is_none_or(|(_, reached)| mark.count(reached) != mark.count(&world))
                && let Some(found) = find(&mut world, &|record| mark.is(record), upto, true)
            {
                return Some(found);
            }
            from = upto;
        }
        None
    }

    /// The latest record before the present moment, or up to it, for which `is` holds, with its moment. `count` changes with
    /// each such record.
    pub(super) fn find_back(
        &self,
        count_of: &dyn Fn(&World) -> u64,
        is: &dyn Fn(&Record) -> bool,
        here_too: bool,
    ) -> Option<(Moment, u64)> {
        let mut upto = self.moment();
        let mut count = count_of(&self.world);
        let mut before = Moment { events: upto.events.saturating_add(here_too.into()), ..upto };
        while upto > Moment::default() {
            let checkpoint = self.checkpoint_before(self.current, upto.just_before());
            let mut world = self.relive_from(checkpoint, self.current, checkpoint.moment());
            let at_checkpoint = count_of(&world);
            if count != at_checkpoint
                && let Some(found) = find(&mut world, is, before, false)
            {
                return Some(found);
            }
            upto = checkpoint.moment();
            before = Moment { events: upto.events.saturating_add(1), ..upto };
            count = at_checkpoint;
        }
        None
    }

    /// The next checkpoint of this branch after a moment, and its world.
    fn checkpoint_after(&self, moment: Moment) -> Option<(Moment, &World)> {
        let mut branch = self.current;
        let mut end = Moment::end_of(u64::MAX);
        let mut found = None;
        loop {
            let this = &self.branches[branch];
            let after = this.checkpoints.partition_point(|checkpoint| checkpoint.moment() <= moment);
            if let Some(checkpoint) = this.checkpoints.get(after).filter(|checkpoint| checkpoint.moment() <= end) {
                found = Some((checkpoint.moment(), &checkpoint.world));
            }
            let Some((parent, forked_at)) = this.parent else { return found };
            (branch, end) = (parent, end.min(forked_at));
        }
    }
}

/// The first such record up to and at a moment, or the last one before it.
fn find(world: &mut World, is: &dyn Fn(&Record) -> bool, upto: Moment, first: bool) -> Option<(Moment, u64)> {
    let mut found = None;
    loop {
        let seen = world.event_count();
        let next = world.next_event_at();
        if next.is_none_or(|next| next.0 > upto.time_us) || world.moment() >= upto || !world.step_event() {
            return found;
        }
        let moment = world.moment();
        if moment > upto || (!first && moment == upto) {
            return found;
        }
        let of_step = world.events_since(seen).filter(|record| is(record));
        found = of_step.last().map(|record| (moment, record.number)).or(found);
        if first && found.is_some() {
            return found;
        }
    }
}
