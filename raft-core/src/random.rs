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
    address
        .iter()
        .fold(0x9e37_79b9_7f4a_7c15, |state, &word| mix(state ^ mix(word.wrapping_add(0x632b_e59b_d9b4_e019))))
}

/// A draw from `low` to `high`, both included, evenly to within one part in 2^32 for ranges of an hour in microseconds.
/// `low` when the range is empty.
#[must_use]
pub fn draw_between(low: u64, high: u64, address: &[u64]) -> u64 {
    let Some(width) = high.checked_sub(low) else { return low };
    let scaled = (u128::from(draw(address)) * (u128::from(width) + 1)) >> 64;
    // The product's upper half is at most the width.
    low + u64::try_from(scaled).unwrap_or(width)
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014), with the shifts of Stafford's variant 13.
const fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}
