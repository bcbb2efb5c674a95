//! The draws of one run of a search: each is a hash of the run and of how many there were before.

use raft_core::random::{draw, draw_on, scaled};

use crate::purpose;

#[derive(Clone, Debug)]
pub(crate) struct Chance {
    run: u64,
    drawn: u64,
}

impl Chance {
    pub(crate) fn of_run(seed: u64, epoch: u64, run: u64) -> Self {
        Self { run: draw(&[seed, purpose::EXPLORE, epoch, run]), drawn: 0 }
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.drawn += 1;
        draw_on(self.run, self.drawn)
    }

    /// One of so many, from 0. There is at least one.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        scaled(0, (count.max(1) - 1) as u64, self.next()) as usize
    }

    /// Whether something happens that does so this often of a thousand times.
    pub(crate) fn permille(&mut self, often: u32) -> bool {
        scaled(0, 999, self.next()) < u64::from(often)
    }

    /// One of a list.
    pub(crate) fn one_of<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        if list.is_empty() { None } else { list.get(self.below(list.len())) }
    }

    /// Which of some weighted things: none when all weigh nothing.
    pub(crate) fn weighted(&mut self, weights: &[u32]) -> Option<usize> {
        let sum: u64 = weights.iter().map(|&weight| u64::from(weight)).sum();
        if sum == 0 {
            return None;
        }
        let mut rest = scaled(0, sum - 1, self.next());
        weights.iter().position(|&weight| {
            let here = rest < u64::from(weight);
            rest = rest.saturating_sub(weight.into());
            here
        })
    }
}
