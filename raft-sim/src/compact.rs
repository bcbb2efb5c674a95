//! Scenarios as few bytes, for links.
//!
//! The first byte is the scenario's version; what follows is one value of plain data. A value begins with a number whose
//! lowest three bits say what it is ([`kind`]) and whose rest says how large, how long or which; numbers are written
//! seven bits at a time, the lowest first, and the last byte has its highest bit clear. Names and words that the
//! format knows are numbers of [`words`](crate::words), and an object begins with a number that says which earlier one
//! had the same fields, so a run's inputs are little more than their values. What is as by default is left out, and a
//! time `at_us` is the difference to the one before it.
//!
//! What comes back is counted by a [`Meter`] while it is read and is then looked at as strictly as JSON is. Nothing is
//! reserved for what is only announced: a list grows with the items that are there.

use std::borrow::Cow;

use crate::plain::{Meter, Text, Tree, Unwritable, Wrong};
use crate::scenario::Scenario;
use crate::words::{WORDS, word};

/// What the lowest three bits of a value's first number say.
mod kind {
    /// The rest is the number.
    pub(super) const WHOLE: u64 = 0;
    /// The rest is by how much the number is below -1.
    pub(super) const NEGATIVE: u64 = 1;
    /// As many bytes of UTF-8 follow.
    pub(super) const TEXT: u64 = 2;
    /// The rest is the place of a known word.
    pub(super) const WORD: u64 = 3;
    /// As many values follow.
    pub(super) const LIST: u64 = 4;
    /// The rest is the place of a shape: the values follow that are not part of it. One place beyond the known shapes, a
    /// new one follows first: how many fields, and for each its name and whether a word is its value. A name is 0 with
    /// a text behind it, or one more than the place of a known word; doubled, and with its lowest bit set when a word's
    /// place follows.
    pub(super) const FIELDS: u64 = 5;
    /// 0 is nothing, 1 false and 2 true.
    pub(super) const SIMPLE: u64 = 6;
}

/// The field whose values are written as differences.
const TIME: &str = "at_us";

/// The largest number there is a way to write.
const LARGEST: u64 = (1 << 60) - 1;

/// An object's fields, and those words among its values that belong to its shape.
type Shape = Vec<(Text, Option<Text>)>;

impl Scenario {
    /// The scenario as few bytes, of which [`from_bytes`](Self::from_bytes) makes it again.
    ///
    /// # Errors
    /// None that a scenario can cause.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Unwritable> {
        let tree = changed(Tree::of(self)?, &Tree::of(&Self::default())?);
        let mut writer = Writer { bytes: vec![Self::VERSION as u8], shapes: Vec::new(), time: 0 };
        writer.value(&tree)?;
        Ok(writer.bytes)
    }

    /// A scenario from the bytes that [`to_bytes`](Self::to_bytes) makes. Whether it can be lived is for
    /// [`check`](Self::check) to say.
    ///
    /// # Errors
    /// Names the byte at which no scenario can be read, or the field that holds what it cannot.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let mut reader = Reader { bytes, at: 0, shapes: Vec::new(), time: 0, meter: Meter::for_links() };
        reader.scenario().and_then(Self::read_from)
    }
}

/// What of an object's fields differs from the default, in the same way within its objects.
fn changed(tree: Tree, default: &Tree) -> Tree {
    let (Tree::Fields(fields), Tree::Fields(defaults)) = (&tree, default) else { return tree };
    let differing = fields.iter().filter_map(|(name, value)| {
        let usual = defaults.iter().find(|(usual, _)| usual == name).map(|(_, value)| value);
        match usual {
            Some(usual) if usual == value => None,
            Some(usual) => Some((name.clone(), changed(value.clone(), usual))),
            None => Some((name.clone(), value.clone())),
        }
    });
    Tree::Fields(differing.collect())
}

struct Writer {
    bytes: Vec<u8>,
    shapes: Vec<Shape>,
    time: i64,
}

impl Writer {
    fn number(&mut self, mut number: u64) {
        while number > 0x7f {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    fn head(&mut self, kind: u64, rest: u64) {
        self.number(rest << 3 | kind);
    }

    fn text(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn value(&mut self, value: &Tree) -> Result<(), Unwritable> {
        match value {
            Tree::Nothing => self.head(kind::SIMPLE, 0),
            Tree::Truth(truth) => self.head(kind::SIMPLE, 1 + u64::from(*truth)),
            // Three bits are taken for the kind.
            Tree::Whole(number) if number.unsigned_abs() > LARGEST => return Err(Unwritable),
            Tree::Whole(number) if *number < 0 => self.head(kind::NEGATIVE, !number.cast_unsigned()),
            Tree::Whole(number) => self.head(kind::WHOLE, number.cast_unsigned()),
            Tree::Text(text) => match word(text) {
                Some(place) => self.head(kind::WORD, place),
                None => {
                    self.head(kind::TEXT, text.len() as u64);
                    self.text(text);
                }
            },
            Tree::List(items) => {
                self.head(kind::LIST, items.len() as u64);
                for item in items {
                    self.value(item)?;
                }
            }
            Tree::Fields(fields) => self.fields(fields)?,
            Tree::Fraction(_) | Tree::Other(_) => return Err(Unwritable),
        }
        Ok(())
    }

    fn fields(&mut self, fields: &[(Text, Tree)]) -> Result<(), Unwritable> {
        let shape: Shape = fields.iter().map(|(name, value)| (name.clone(), known_word(value))).collect();
        let place = self.shapes.iter().position(|known| *known == shape).unwrap_or(self.shapes.len());
        self.head(kind::FIELDS, place as u64);
        if place == self.shapes.len() {
            self.shape(&shape);
            self.shapes.push(shape);
        }
        for (name, value) in fields {
            match value {
                Tree::Whole(time) if name == TIME => {
                    let before = std::mem::replace(&mut self.time, *time);
                    self.value(&Tree::Whole(time.wrapping_sub(before)))?;
                }
                value if known_word(value).is_none() => self.value(value)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn shape(&mut self, shape: &Shape) {
        self.number(shape.len() as u64);
        for (name, value) in shape {
            let place = word(name).map_or(0, |place| place + 1);
            self.number(place << 1 | u64::from(value.is_some()));
            if place == 0 {
                self.number(name.len() as u64);
                self.text(name);
            }
            if let Some(place) = value.as_ref().and_then(|value| word(value)) {
                self.number(place);
            }
        }
    }
}

fn known_word(value: &Tree) -> Option<Text> {
    match value {
        Tree::Text(text) if word(text).is_some() => Some(text.clone()),
        _ => None,
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    shapes: Vec<Shape>,
    time: i64,
    meter: Meter,
}

type Result<T, E = Box<Wrong>> = std::result::Result<T, E>;

impl<'a> Reader<'a> {
    fn scenario(&mut self) -> Result<Tree> {
        if self.bytes.len() > Meter::LINK_BYTES_MAX {
            let expected = format!("at most {} bytes", Meter::LINK_BYTES_MAX);
            return Err(Wrong::new("the link", format!("{} bytes long", self.bytes.len()), expected));
        }
        let version = self.byte()?;
        if u32::from(version) != Scenario::VERSION {
            return Err(self.wrong(&version.to_string(), &format!("the version {}", Scenario::VERSION)));
        }
        let tree = self.value()?;
        if self.at < self.bytes.len() {
            self.at += 1;
            return Err(self.wrong("one byte more", "the end"));
        }
        Ok(tree)
    }

    /// What is wrong with the byte that was read last.
    #[inline(never)]
    fn wrong(&self, found: &str, expected: &str) -> Box<Wrong> {
        Wrong::new(&format!("byte {}", self.at), found, expected)
    }

    fn byte(&mut self) -> Result<u8> {
        let byte = self.bytes.get(self.at).copied();
        self.at += 1;
        byte.ok_or_else(|| self.wrong("missing", "a byte"))
    }

    fn number(&mut self) -> Result<u64> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            // Each number has one way to be written: in 64 bits, and without zeros that add nothing.
            if bits << shift >> shift != bits || (byte == 0 && shift > 0) {
                return Err(self.wrong("no end of a number", "one of at most 64 bits, in as few bytes as it takes"));
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number);
            }
            shift += 7;
            if shift > 63 {
                return Err(self.wrong("no end of a number", "one of at most 64 bits, in as few bytes as it takes"));
            }
        }
    }

    /// A number of things each of which takes a byte at least.
    fn count(&mut self) -> Result<usize> {
        let count = self.number()?;
        self.fitting(count)
    }

    fn fitting(&self, count: u64) -> Result<usize> {
        let left = self.bytes.len() - self.at;
        match usize::try_from(count) {
            Ok(count) if count <= left => Ok(count),
            _ => Err(self.wrong(&format!("a length of {count}"), &format!("what the {left} bytes left can hold"))),
        }
    }

    fn text(&mut self, bytes: usize) -> Result<Text> {
        self.meter.count(bytes)?;
        let end = self.at + bytes;
        let text = self.bytes.get(self.at..end).and_then(|bytes| std::str::from_utf8(bytes).ok());
        self.at = end;
        text.map(|text| Cow::Owned(text.to_owned())).ok_or_else(|| self.wrong("no text", "UTF-8"))
    }

    fn word(&mut self, place: u64) -> Result<Text> {
        let known = usize::try_from(place).ok().and_then(|place| WORDS.get(place));
        let word = known.ok_or_else(|| {
            self.wrong(&format!("the word {place}"), &format!("one of the {} known words", WORDS.len()))
        })?;
        self.meter.count(word.len())?;
        Ok(Cow::Borrowed(word))
    }

    fn value(&mut self) -> Result<Tree> {
        let head = self.number()?;
        let rest = head >> 3;
        if let kind::WHOLE | kind::NEGATIVE | kind::SIMPLE = head & 7 {
            self.meter.count(0)?;
        }
        Ok(match head & 7 {
            kind::WHOLE => Tree::Whole(rest.cast_signed()),
            kind::NEGATIVE => Tree::Whole(!rest.cast_signed()),
            kind::SIMPLE => match rest {
                0 => Tree::Nothing,
                1 => Tree::Truth(false),
                2 => Tree::Truth(true),
                _ => return Err(self.wrong(&format!("a simple value {rest}"), "0 to 2")),
            },
            kind::TEXT => {
                let bytes = self.fitting(rest)?;
                Tree::Text(self.text(bytes)?)
            }
            kind::WORD => Tree::Text(self.word(rest)?),
            kind::LIST => {
                self.meter.enter()?;
                let count = self.fitting(rest)?;
                let mut items = Vec::new();
                for _ in 0..count {
                    items.push(self.value()?);
                }
                self.meter.leave();
                Tree::List(items)
            }
            kind::FIELDS => {
                self.meter.enter()?;
                let fields = self.fields(rest)?;
                self.meter.leave();
                Tree::Fields(fields)
            }
            other => return Err(self.wrong(&format!("a value of kind {other}"), "a kind from 0 to 6")),
        })
    }

    fn fields(&mut self, place: u64) -> Result<Vec<(Text, Tree)>> {
        if place == self.shapes.len() as u64 {
            let shape = self.shape()?;
            self.shapes.push(shape);
        }
        let known = usize::try_from(place).ok().filter(|place| *place < self.shapes.len());
        let Some(place) = known else {
            return Err(self.wrong(&format!("the shape {place}"), &format!("at most {}", self.shapes.len())));
        };
        let mut fields = Vec::new();
        for at in 0..self.shapes[place].len() {
            let (name, word) = self.shapes[place][at].clone();
            self.meter.count(name.len())?;
            let value = match word {
                Some(word) => {
                    self.meter.count(word.len())?;
                    Tree::Text(word)
                }
                None => self.value()?,
            };
            let value = match value {
                Tree::Whole(since) if name == TIME => {
                    self.time = self
                        .time
                        .checked_add(since)
                        .ok_or_else(|| self.wrong("a time beyond all numbers", "times within 2^53"))?;
                    Tree::Whole(self.time)
                }
                value => value,
            };
            fields.push((name, value));
        }
        Ok(fields)
    }

    fn shape(&mut self) -> Result<Shape> {
        let mut shape = Shape::new();
        for _ in 0..self.count()? {
            let head = self.number()?;
            let name = match head >> 1 {
                0 => {
                    let bytes = self.count()?;
                    self.text(bytes)?
                }
                place => self.word(place - 1)?,
            };
            let word = match head & 1 {
                0 => None,
                _ => {
                    let place = self.number()?;
                    Some(self.word(place)?)
                }
            };
            shape.push((name, word));
        }
        Ok(shape)
    }
}
