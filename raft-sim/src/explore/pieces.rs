//! Trying everything piece by piece, by one that is spoken to in between.

use std::ops::Range;
use std::vec;

use serde::Serialize;

use super::exhaustive::{Exhaustive, Level, Tally};
use super::shrink::Shrunk;
use super::small_world::{SmallWorld, fill};
use crate::plain::{Object, Read, Tree, Wrong, read, within};
use crate::scenario::ScenarioError;

/// Why a search that tries everything ended.
#[derive(Serialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// Something violates a property.
    Violation,
    /// As many steps as were asked for.
    Depth,
    /// No step leads to a new state.
    Nothing,
    /// The states take more memory than they may.
    Memory,
    /// It took longer than it may, for whoever looks at a clock.
    Time,
}

/// In which world everything is tried, and up to where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// The world.
    pub small: SmallWorld,
    /// How many steps at most, 1 to 40.
    pub depth: u32,
    /// How many bytes the states may take; once they take more it ends.
    pub memory: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { small: SmallWorld::default(), depth: 10, memory: 100_000_000 }
    }
}

impl Bounds {
    /// What is asked, from plain data such as `{ terms: 2, depth: 12, rules_off: ["one_vote_per_term"] }`.
    ///
    /// # Errors
    /// Names the first field that is none of these, or holds what it cannot.
    pub fn read_from(found: Tree) -> Result<Self, Box<Wrong>> {
        read("search", found)
    }
}

impl Read for Bounds {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        let mut object = Object::of(found);
        let mut bounds = Self::default();
        fill(&mut bounds.small, &mut object);
        object.fill("depth", &mut bounds.depth);
        object.fill("memory", &mut bounds.memory);
        object.finish()?;
        Ok(bounds)
    }
}

/// A search that tries everything, as far as it is. It comes to the same as one whose chunks are shared.
#[derive(Debug)]
pub struct Pieces {
    search: Exhaustive,
    level: Level,
    /// The chunks of the level that are to come.
    chunks: vec::IntoIter<Range<u64>>,
    depth: u32,
    memory: u64,
    ended: Option<Ended>,
}

impl Pieces {
    /// A search at its beginning.
    ///
    /// # Errors
    /// Names the first bound that is out of its range.
    pub fn new(bounds: Bounds) -> Result<Self, ScenarioError> {
        let Bounds { small, depth, memory } = bounds;
        within("depth", depth.into(), 1, SmallWorld::DEPTH_MAX.into())?;
        let search = Exhaustive::new(small)?;
        let chunks = search.chunks().into_iter();
        Ok(Self { search, level: Level::default(), chunks, depth, memory, ended: None })
    }

    /// Goes on by at most so many chunks, and no further than to the end of a level.
    pub fn go_on(&mut self, chunks: u32) {
        for _ in 0..chunks {
            if self.ended.is_some() {
                return;
            }
            let Some(chunk) = self.chunks.next() else { return self.next_level() };
            self.level.take(self.search.expand(&chunk));
            if self.level.is_violated() {
                self.ended = Some(Ended::Violation);
            } else if self.tally().bytes > self.memory {
                self.ended = Some(Ended::Memory);
            }
        }
    }

    fn next_level(&mut self) {
        let level = std::mem::take(&mut self.level);
        self.search.finish(level);
        self.chunks = self.search.chunks().into_iter();
        if self.chunks.len() == 0 {
            self.ended = Some(Ended::Nothing);
        } else if self.search.tally(None).depth >= self.depth {
            self.ended = Some(Ended::Depth);
        }
    }

    /// Why it ended; none while it can go on.
    #[must_use]
    pub const fn ended(&self) -> Option<Ended> {
        self.ended
    }

    /// How far it came.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.search.tally(Some(&self.level))
    }

    /// What it has found that violates a property. It could not be shorter.
    #[must_use]
    pub fn violation(&self) -> Option<Shrunk> {
        self.search.violation(&self.level)
    }
}
