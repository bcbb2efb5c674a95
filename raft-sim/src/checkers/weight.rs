//! What a clone of the checkers takes in memory.

use super::Checkers;

impl Checkers {
    /// How many bytes a clone of it takes, nearly, beside what clones share.
    pub(crate) fn own_bytes(&self) -> usize {
        let ghosts: usize = self.ghosts.iter().map(|ghost| size_of_val(ghost) + ghost.log.own_bytes()).sum();
        ghosts
            + self.leaderships.len() * 24
            + self.seen.len() * 32
            + self.chain.own_bytes()
            + self.states.own_bytes()
            + size_of_val(self.committed_in.as_slice())
    }

    /// The bytes that this one shares with later ones and not with an earlier one: two numbers for each committed entry.
    pub(crate) fn shared_bytes_since(&self, earlier: Option<&Self>) -> usize {
        let before = earlier.map_or(0, |earlier| earlier.states.len());
        self.states.len().saturating_sub(before) as usize * 16
    }
}
