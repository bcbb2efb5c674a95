//! What a clone of the checkers takes in memory.

use super::Checkers;

impl Checkers {
    /// How many bytes a clone of it takes, nearly.
    pub(crate) fn own_bytes(&self) -> usize {
        let prefixes: usize =
            self.ghosts.iter().map(|ghost| size_of_val(ghost) + size_of_val(ghost.prefixes.as_slice())).sum();
        prefixes
            + self.seen.len() * 32
            + size_of_val(self.committed.as_slice())
            + size_of_val(self.committed_first_by.as_slice())
            + size_of_val(self.states.as_slice())
    }
}
