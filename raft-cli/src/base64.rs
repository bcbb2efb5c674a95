//! Bytes as letters that an address may hold: base64url without padding (RFC 4648, section 5), as in the page's links.

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

pub(crate) fn of(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let padded = [three[0], three.get(1).copied().unwrap_or(0), three.get(2).copied().unwrap_or(0)];
        let bits = u32::from_be_bytes([0, padded[0], padded[1], padded[2]]);
        for letter in 0..=three.len() {
            text.push(LETTERS[(bits >> (18 - 6 * letter) & 63) as usize].into());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::of;

    /// The vectors of RFC 4648, section 10, without padding.
    #[test]
    fn it_is_as_the_standard_has_it() {
        let texts = ["", "f", "fo", "foo", "foob", "fooba", "foobar"];
        let encoded = ["", "Zg", "Zm8", "Zm9v", "Zm9vYg", "Zm9vYmE", "Zm9vYmFy"];
        assert_eq!(texts.map(|text| of(text.as_bytes())), encoded);
        assert_eq!(of(&[0xfb, 0xff, 0xfe]), "-__-");
    }
}
