//! 64 bits that tell two states apart, the same on every platform.

use std::hash::Hasher;

use raft_core::random::draw;

/// A hasher whose result depends on nothing but what is hashed: no key of its own, sizes and discriminants as 64 bits
/// whatever the platform's width, and each number with its own width so that neighbours cannot run together.
///
/// (Slices of numbers other than bytes reach a `Hasher` as the platform stores them; every platform that runs a browser
/// stores them little-endian.)
#[derive(Clone, Debug)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// Nothing hashed yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(0x243f_6a88_85a3_08d3)
    }

    /// Takes in one word. The product of 64 bits is long in wasm, and every field of every type takes one: there it is not inlined.
    #[cfg_attr(target_family = "wasm", inline(never))]
    #[cfg_attr(not(target_family = "wasm"), inline)]
    const fn word(&mut self, word: u64) {
        // The two halves of a product, folded: every bit hashed reaches every bit of the state within two words. What is
        // added keeps a product of nothing from sticking.
        let product = (self.0 ^ word) as u128 * 0x9e37_79b9_7f4a_7c15;
        self.0 = ((product >> 64) as u64 ^ (product as u64).rotate_left(23)).wrapping_add(0x1319_8a2e_0370_7344);
    }
}

impl Default for Fingerprint {
    fn default() -> Self {
        Self::new()
    }
}

impl Hasher for Fingerprint {
    fn finish(&self) -> u64 {
        draw(&[self.0])
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks();
        for &word in words {
            self.word(u64::from_le_bytes(word));
        }
        if !rest.is_empty() {
            self.word(rest.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)));
        }
        self.word(bytes.len() as u64);
    }

    fn write_u8(&mut self, number: u8) {
        self.word(number.into());
    }

    fn write_u16(&mut self, number: u16) {
        self.word(number.into());
    }

    fn write_u32(&mut self, number: u32) {
        self.word(number.into());
    }

    fn write_u64(&mut self, number: u64) {
        self.word(number);
    }

    fn write_u128(&mut self, number: u128) {
        self.write(&number.to_le_bytes());
    }

    fn write_usize(&mut self, number: usize) {
        self.word(number as u64);
    }

    fn write_i8(&mut self, number: i8) {
        self.word(i64::from(number).cast_unsigned());
    }

    fn write_i16(&mut self, number: i16) {
        self.word(i64::from(number).cast_unsigned());
    }

    fn write_i32(&mut self, number: i32) {
        self.word(i64::from(number).cast_unsigned());
    }

    fn write_i64(&mut self, number: i64) {
        self.word(number.cast_unsigned());
    }

    fn write_i128(&mut self, number: i128) {
        self.write(&number.to_le_bytes());
    }

    fn write_isize(&mut self, number: isize) {
        self.word((number as i64).cast_unsigned());
    }
}

#[cfg(test)]
mod tests {
    use std::hash::Hash;

    use super::*;

    fn of(value: &impl Hash) -> u64 {
        let mut hasher = Fingerprint::new();
        value.hash(&mut hasher);
        hasher.finish()
    }

    #[test]
    fn a_size_and_a_discriminant_count_as_64_bits_whatever_the_platforms_width() {
        assert_eq!(of(&7_usize), of(&7_u64));
        assert_eq!(of(&-1_isize), of(&-1_i64));
        assert_eq!(of(&vec![Some(true)]), of(&(1_u64, 1_i64, true)), "a list's length, an option's discriminant");
    }

    #[test]
    fn the_same_value_has_the_same_fingerprint_for_ever() {
        // Written down once: a change here breaks every fingerprint that anyone has noted.
        assert_eq!(of(&(1_u8, 2_u32, 3_u64, "Raft", [4_u8, 5], None::<u64>)), 0xe42b_aa95_0c5c_4fdb);
    }

    #[test]
    fn bytes_count_as_words_of_eight_and_then_their_number() {
        for length in 0..=25_usize {
            let bytes: Vec<u8> = (1..=25).map(|byte| 10 * byte).take(length).collect();
            let (mut whole, mut by_words) = (Fingerprint::new(), Fingerprint::new());
            whole.write(&bytes);
            for chunk in bytes.chunks(8) {
                let mut word = [0; 8];
                word[..chunk.len()].copy_from_slice(chunk);
                by_words.write_u64(u64::from_le_bytes(word));
            }
            by_words.write_u64(length as u64);
            assert_eq!(whole.finish(), by_words.finish(), "{length} bytes");
        }
    }

    #[test]
    fn neighbours_do_not_run_together_and_order_matters() {
        let values = [
            of(&("ab", "c")),
            of(&("a", "bc")),
            of(&("c", "ab")),
            of(&(vec![1_u64], vec![2_u64, 3])),
            of(&(vec![1_u64, 2], vec![3_u64])),
            of(&(vec![2_u64, 1], vec![3_u64])),
        ];
        for (at, value) in values.iter().enumerate() {
            assert!(!values[..at].contains(value), "{at}");
        }
    }

    #[test]
    fn one_bit_changes_half_of_the_fingerprint_on_average() {
        let mut changed = 0;
        for n in 0..1_000_u64 {
            let number = draw(&[n]);
            changed += (of(&(number, 1_u64)) ^ of(&(number ^ 1 << (n % 64), 1_u64))).count_ones();
        }
        assert!((31_000..33_000).contains(&changed), "{changed} of 64,000 bits");
    }
}
