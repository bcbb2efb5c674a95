//! The ways to many states, a byte a step.

/// Ways that are all as long. In blocks, so that what is there is never copied to a larger place, which takes both meanwhile.
#[derive(Clone, Debug, Default)]
pub(super) struct Ways {
    blocks: Vec<Vec<u8>>,
    count: u64,
}

impl Ways {
    /// How many ways a block has.
    const BLOCK: u64 = 1_024;

    pub(super) fn push(&mut self, way: &[u8]) {
        if self.count.is_multiple_of(Self::BLOCK) {
            self.blocks.push(Vec::with_capacity(Self::BLOCK as usize * way.len()));
        }
        if let Some(block) = self.blocks.last_mut() {
            block.extend_from_slice(way);
        }
        self.count += 1;
    }

    /// One of them, of so many steps.
    pub(super) fn get(&self, number: u64, steps: usize) -> &[u8] {
        let from = (number % Self::BLOCK) as usize * steps;
        &self.blocks[(number / Self::BLOCK) as usize][from..from + steps]
    }

    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    /// How many bytes they take: all blocks are as large. It is asked after each chunk, of which there are as many as blocks.
    pub(super) fn bytes(&self) -> u64 {
        self.blocks.first().map_or(0, |block| (self.blocks.len() * block.capacity()) as u64)
    }
}
