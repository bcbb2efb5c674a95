//! What a search looks for.

use crate::world::World;

/// What a search looks for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Goal {
    /// A violation of any property.
    #[default]
    Violation,
}

/// A goal on the watch during one run.
#[derive(Clone, Debug)]
pub(crate) struct Watch<'a> {
    goal: &'a Goal,
}

impl Goal {
    pub(crate) const fn watch(&self) -> Watch<'_> {
        Watch { goal: self }
    }
}

impl Watch<'_> {
    /// Whether the goal is reached by now.
    pub(crate) fn reached(&mut self, world: &World) -> bool {
        match self.goal {
            Goal::Violation => world.violation.is_some(),
        }
    }
}
