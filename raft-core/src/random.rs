//! Randomness that is addressed rather than streamed: a draw is a hash of what it is for, so taking one draw away leaves
//! all others as they were.

/// Mixes the words of an address into 64 evenly spread bits. The same words give the same bits everywhere.
///
/// ```
/// use raft_core::random::draw;
/// assert_eq!(draw(&[1, 2, 3]), draw(&[1, 2, 3]));
/// assert_ne!(draw(&[1, 2, 3]), draw(&[1, 3, 2]));
/// ```
#[must_use]
pub fn draw(address: &[u64]) -> u64 {
    address.iter().fold(0x9e37_79b9_7f4a_7c15, |drawn, &word| draw_on(drawn, word))
}

/// The draw at an address that is one word longer than that of `drawn`.
///
/// ```
/// use raft_core::random::{draw, draw_on};
/// assert_eq!(draw_on(draw(&[1, 2]), 3), draw(&[1, 2, 3]));
/// ```
#[must_use]
pub const fn draw_on(drawn: u64, word: u64) -> u64 {
    mix(drawn ^ mix(word.wrapping_add(0x632b_e59b_d9b4_e019)))
}

/// A draw from `low` to `high`, both included, evenly to within one part in 2^32 for ranges of an hour in microseconds.
/// `low` when the range is empty.
#[must_use]
pub fn draw_between(low: u64, high: u64, address: &[u64]) -> u64 {
    scaled(low, high, draw(address))
}

/// A draw scaled to lie from `low` to `high`, both included, as [`draw_between`] does it; `low` when the range is empty.
#[must_use]
pub fn scaled(low: u64, high: u64, drawn: u64) -> u64 {
    let Some(width) = high.checked_sub(low) else { return low };
    let scaled = (u128::from(drawn) * (u128::from(width) + 1)) >> 64;
    // The product's upper half is at most the width.
    low + u64::try_from(scaled).unwrap_or(width)
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014), with the shifts of Stafford's variant 13.
const fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_what_they_have_always_been() {
        // A changed draw would change every recorded run.
        assert_eq!(draw(&[]), 0x9e37_79b9_7f4a_7c15);
        const DRAWS: [u64; 3] = [17_782_338_546_857_308_674, 9_307_261_025_309_213_834, 18_031_672_716_684_953_657];
        assert_eq!([draw(&[0]), draw(&[1]), draw(&[1, 2, 3])], DRAWS);
        assert_eq!(draw_between(150, 300, &[1, 2, 3]), 150 + ((u128::from(DRAWS[2]) * 151) >> 64) as u64);
    }

    #[test]
    fn each_bit_of_a_draw_is_set_half_of_the_time_and_follows_each_bit_of_the_address() {
        let every = if cfg!(miri) { 63 } else { 1 };
        for bit in (0..64).step_by(every) {
            let ones = (0..4096_u64).filter(|&word| draw(&[word]) >> bit & 1 == 1).count();
            // 2048 expected, with a standard deviation of 32.
            assert!((1888..=2208).contains(&ones), "bit {bit} is set {ones} times of 4096");
            let changed: u32 =
                (0..256_u64).map(|word| (draw(&[7, word]) ^ draw(&[7, word ^ (1 << bit)])).count_ones()).sum();
            assert!((7782..=8602).contains(&changed), "bit {bit} of the address changes {changed} of 16384 bits");
        }
    }

    #[test]
    fn a_range_is_drawn_evenly_with_both_ends_and_an_empty_one_is_its_low_end() {
        let mut seen = [0; 5];
        for word in 0..5000 {
            seen[usize::try_from(draw_between(3, 7, &[word]) - 3).unwrap_or(usize::MAX)] += 1;
        }
        // 1000 each, with a standard deviation of 28.
        assert!(seen.iter().all(|count| (860..=1140).contains(count)), "{seen:?}");
        assert_eq!((draw_between(5, 5, &[1]), draw_between(6, 5, &[1])), (5, 6));
        assert!((0..100).all(|word| draw_between(0, u64::MAX, &[word]) == draw(&[word])));
    }
}
