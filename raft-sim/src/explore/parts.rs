//! Hashes in parts, which take memory as evenly as they become more.

use super::coverage::Seen;

/// How many parts there are.
const PARTS: usize = 64;
/// How many shares of the hashes all of them have together.
const SHARES: usize = PARTS * PARTS + PARTS * (PARTS - 1) / 2;

/// Whose each share is. The first part has 64 of them, the last nearly twice as many: a set doubles its room once it is full, and if all
/// were as large they would do so at once, and all memory with them.
const OWNERS: [u8; SHARES] = {
    let mut owners = [0; SHARES];
    let (mut share, mut part) = (0, 0);
    while part < PARTS {
        let until = share + PARTS + part;
        while share < until {
            owners[share] = part as u8;
            share += 1;
        }
        part += 1;
    }
    owners
};

/// Neither by the lowest bits nor by the highest, by which a set finds its places.
const fn part(hash: u64) -> usize {
    OWNERS[((hash >> 32) & 0xff_ffff) as usize % SHARES] as usize
}

/// A set of hashes.
#[derive(Clone, Debug)]
pub(super) struct Parts(Vec<Seen>);

impl Default for Parts {
    fn default() -> Self {
        Self(vec![Seen::default(); PARTS])
    }
}

impl Parts {
    /// Whether it was not in it.
    pub(super) fn insert(&mut self, hash: u64) -> bool {
        self.0[part(hash)].insert(hash)
    }

    pub(super) fn contains(&self, hash: u64) -> bool {
        self.0[part(hash)].contains(&hash)
    }

    /// Takes in all of another.
    pub(super) fn extend(&mut self, other: Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            mine.extend(theirs);
        }
    }

    pub(super) fn len(&self) -> u64 {
        self.0.iter().map(|set| set.len() as u64).sum()
    }

    /// How many bytes it takes.
    pub(super) fn bytes(&self) -> u64 {
        // A place takes the hash and a byte, and seven of eight are used at most.
        self.0.iter().map(|set| set.capacity() as u64 * 9 * 8 / 7).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use raft_core::random::draw;

    fn hashes(from: u64, to: u64) -> impl Iterator<Item = u64> {
        (from..to).map(|number| draw(&[number]))
    }

    #[test]
    fn memory_grows_as_evenly_as_what_is_in_it() {
        let per_hash = |parts: &Parts| parts.bytes() / parts.len();
        let mut parts = Parts::default();
        for (number, hash) in (1..).zip(hashes(0, 300_000)) {
            assert!(parts.insert(hash) && parts.contains(hash));
            if number >= 20_000 && number % 1_000 == 0 {
                assert!((13..=17).contains(&per_hash(&parts)), "{} bytes of each of {number}", per_hash(&parts));
            }
        }
        // Also where much comes at once.
        for more in [50_000, 200_000, 400_000] {
            let (mut large, mut fresh) = (parts.clone(), Parts::default());
            assert!(hashes(1_000_000, 1_000_000 + more).all(|hash| fresh.insert(hash)));
            let before = large.bytes() + fresh.bytes();
            large.extend(fresh);
            assert_eq!(large.len(), 300_000 + more);
            assert!((13..=17).contains(&per_hash(&large)), "{} bytes of each", per_hash(&large));
            assert!(large.bytes() < before * 11 / 10, "{} after {before}", large.bytes());
        }
    }
}
