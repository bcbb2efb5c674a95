//! Draws from the exponential distribution, in whole numbers alone.

use raft_core::random::draw;

/// How many bits stand behind the point.
const POINT: u32 = 16;

/// ln 2.
const LN_2: u64 = 45_426;

/// A draw with this mean, at most 44 times as large. `mean` is at most 2^40.
pub(crate) fn draw_exponential(mean: u64, address: &[u64]) -> u64 {
    if mean == 0 {
        return 0;
    }
    // -ln(u) for an even u between 0 and 1 is exponentially distributed with mean 1.
    let minus_ln = (minus_log2(draw(address) | 1) * LN_2) >> POINT;
    (minus_ln * mean) >> POINT
}

/// -log2(drawn / 2^64) for a number above 0.
const fn minus_log2(drawn: u64) -> u64 {
    let zeros = drawn.leading_zeros();
    // From 1 to 2, with 31 bits behind the point. Each square of it shows one more bit of its logarithm.
    let mut mantissa = (drawn << zeros) >> 32;
    let (mut log, mut bit) = (0, 1 << POINT);
    while bit > 1 {
        bit >>= 1;
        mantissa = (mantissa * mantissa) >> 31;
        if mantissa >> 32 == 1 {
            mantissa >>= 1;
            log |= bit;
        }
    }
    ((zeros as u64 + 1) << POINT) - log
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_of_powers_of_two_are_exact_and_the_others_lie_between() {
        for power in 0..64_u32 {
            assert_eq!(minus_log2(1_u64 << power), u64::from(64 - power) << POINT, "2^{power}");
        }
        // log2(3/4) = -0.41503..., of 65,536 parts 27,199.5.
        assert_eq!(minus_log2(3 << 62), 27_200);
    }

    #[test]
    fn draws_have_the_mean_and_the_tail_of_the_exponential_distribution() {
        let draws: Vec<u64> = (0..100_000).map(|number| draw_exponential(10_000, &[1, number])).collect();
        let mean = draws.iter().sum::<u64>() / 100_000;
        // The standard deviation of the mean is 32.
        assert!((9_870..10_130).contains(&mean), "{mean}");
        for (times, expected) in [(1, 36_788), (2, 13_534), (3, 4_979), (5, 674)] {
            let beyond = draws.iter().filter(|&&drawn| drawn > times * 10_000).count();
            let off = beyond.abs_diff(expected);
            assert!(off * off < 20 * expected, "{beyond} of 100,000 beyond {times} means; expected {expected}");
        }
        assert_eq!(draw_exponential(0, &[1]), 0);
        assert!(draw_exponential(1 << 40, &[7]) < 45 << 40);
    }
}
