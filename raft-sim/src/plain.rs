//! Plain data, and how records are read from it: strictly, with every error naming its place.
//!
//! All that comes from outside or goes there is a [`Tree`] on its way: JSON through serde, JavaScript's objects through
//! raft-wasm, links through [`compact`](crate::compact). So what serde and the readers generate for each record is compiled
//! for one type, not for each format again; in the page's wasm that was a fifth of all.

use std::borrow::Cow;
use std::fmt;

use raft_core::{Rule, ServerId};

pub use crate::plain_write::Unwritable;
use crate::scenario::Scenario;

/// A name or a text: those that the program itself knows are not copied.
pub type Text = Cow<'static, str>;

/// A value of plain data.
#[derive(Clone, PartialEq, Debug)]
pub enum Tree {
    /// Nothing: null.
    Nothing,
    /// True or false.
    Truth(bool),
    /// A whole number.
    Whole(i64),
    /// Any other number; it is written, but nowhere read.
    Fraction(f64),
    /// A text.
    Text(Text),
    /// A list.
    List(Vec<Self>),
    /// An object, field by field.
    Fields(Vec<(Text, Self)>),
    /// None of these; this is what to call it.
    Other(String),
}

/// What cannot be read: where it stands, what it is and what is expected there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wrong {
    /// The field, such as `options.loss_ppm` or `inputs[3].input.server`.
    pub field: String,
    /// What it holds.
    pub found: String,
    /// What it may hold.
    pub expected: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { field, found, expected } = self;
        write!(f, "{field} is {found}; expected {expected}")
    }
}

impl std::error::Error for Wrong {}

impl Wrong {
    pub(crate) fn new(field: &str, found: impl Into<String>, expected: impl Into<String>) -> Box<Self> {
        Box::new(Self { field: field.into(), found: found.into(), expected: expected.into() })
    }

    pub(crate) fn unlike(found: &Tree, expected: impl Into<String>) -> Box<Self> {
        let found = match found {
            Tree::Nothing => "null".into(),
            Tree::Truth(truth) => if *truth { "true" } else { "false" }.into(),
            Tree::Whole(number) => number.to_string(),
            Tree::Fraction(_) => "a fraction".into(),
            Tree::Text(text) => quoted(text),
            Tree::List(_) => "a list".into(),
            Tree::Fields(_) => "an object".into(),
            Tree::Other(name) => name.clone(),
        };
        Self::new("", found, expected)
    }

    /// The same, seen from what holds the place: a field's name, or `[3]`.
    pub(crate) fn within(mut self: Box<Self>, place: &str) -> Box<Self> {
        let dot = if self.field.is_empty() || self.field.starts_with('[') { "" } else { "." };
        self.field.insert_str(0, dot);
        self.field.insert_str(0, place);
        self
    }
}

/// As much of a text or a name as errors repeat.
fn short(text: &str) -> Text {
    let end = text.char_indices().nth(TEXT_SHOWN_MAX).map(|(end, _)| end);
    Cow::Owned(end.map_or_else(|| text.to_owned(), |end| [&text[..end], "…"].concat()))
}

/// A text as errors name it.
pub(crate) fn quoted(text: &str) -> String {
    ["\"", &short(text), "\""].concat()
}

/// The most characters of what was found that an error repeats.
const TEXT_SHOWN_MAX: usize = 64;

/// What is wrong with a field.
pub(crate) fn not(field: &str, found: impl fmt::Display, expected: &str) -> Box<Wrong> {
    // Compiled once, for whatever is found.
    #[inline(never)]
    fn not(field: &str, found: &dyn fmt::Display, expected: &str) -> Box<Wrong> {
        Wrong::new(field, found.to_string(), expected)
    }
    not(field, &found, expected)
}

/// Whether a field holds what it may.
#[inline(never)]
pub(crate) fn within(field: &str, found: u64, at_least: u64, at_most: u64) -> Result<(), Box<Wrong>> {
    if (at_least..=at_most).contains(&found) {
        Ok(())
    } else {
        Err(not(field, found, &format!("{at_least} to {at_most}")))
    }
}

/// Counts plain data while it is read, so that nothing grows beyond its limits before anybody has looked at it.
#[derive(Debug)]
pub struct Meter {
    bytes_max: usize,
    bytes_left: usize,
    depth_left: u32,
}

impl Meter {
    /// The most bytes of a file, and of the plain data in it.
    pub const FILE_BYTES_MAX: usize = 5_000_000;
    /// The most bytes of plain data in a link.
    pub const LINK_BYTES_MAX: usize = 256_000;
    /// How deep lists and objects may stand in each other.
    pub const DEPTH_MAX: u32 = 16;

    const fn new(bytes_max: usize) -> Self {
        Self { bytes_max, bytes_left: bytes_max, depth_left: Self::DEPTH_MAX }
    }

    /// For what a person opens or a program hands over.
    #[must_use]
    pub const fn for_files() -> Self {
        Self::new(Self::FILE_BYTES_MAX)
    }

    /// For what stands in a link.
    #[must_use]
    pub const fn for_links() -> Self {
        Self::new(Self::LINK_BYTES_MAX)
    }

    /// Counts a value or a name with its text, as about what it takes in JSON.
    ///
    /// # Errors
    /// When that is more than may be.
    pub fn count(&mut self, text_bytes: usize) -> Result<(), Box<Wrong>> {
        let left = self.bytes_left.checked_sub(text_bytes.saturating_add(2));
        self.bytes_left = left.ok_or_else(|| {
            let most = self.bytes_max.to_string();
            Wrong::new("the plain data", format!("more than {most} bytes"), format!("at most {most} bytes"))
        })?;
        Ok(())
    }

    /// Counts a list or an object, whose values follow.
    ///
    /// # Errors
    /// When it is one too many, or stands too deep in others.
    pub fn enter(&mut self) -> Result<(), Box<Wrong>> {
        self.count(0)?;
        self.depth_left = self.depth_left.checked_sub(1).ok_or_else(|| {
            let most = Self::DEPTH_MAX.to_string();
            Wrong::new("the plain data", format!("nested more than {most} deep"), format!("at most {most} levels"))
        })?;
        Ok(())
    }

    /// The list or object is whole.
    pub const fn leave(&mut self) {
        self.depth_left += 1;
    }
}

/// A type that can be read from plain data. An error is rare, and in a box it makes the way of what is right short.
pub(crate) trait Read: Sized {
    /// How many of them a list holds at most. It is looked at before anything is reserved for them.
    const LISTED_MAX: usize = 1_000;

    fn read(found: Tree) -> Result<Self, Box<Wrong>>;
}

/// What stands in the place of a value that could not be read until the error is handed out.
pub(crate) trait Blank: Read {
    const BLANK: Self;
}

/// Reads a whole value; `name` is what errors call it.
pub(crate) fn read<T: Read>(name: &str, value: Tree) -> Result<T, Box<Wrong>> {
    T::read(value).map_err(|wrong| if wrong.field.is_empty() { wrong.within(name) } else { wrong })
}

/// An object whose fields are taken one by one, the first error being kept until [`finish`](Self::finish): so that to read
/// one more field takes one call and no branch.
pub(crate) struct Object {
    fields: Vec<(Text, Tree)>,
    /// What was asked for.
    known: Vec<&'static str>,
    wrong: Option<Box<Wrong>>,
}

impl Object {
    pub(crate) fn of(found: Tree) -> Self {
        match found {
            Tree::Fields(fields) => Self { fields, known: Vec::new(), wrong: None },
            found => Self { fields: Vec::new(), known: Vec::new(), wrong: Some(Wrong::unlike(&found, "an object")) },
        }
    }

    #[inline(never)]
    fn find(&mut self, name: &'static str) -> Option<Tree> {
        self.known.push(name);
        let at = self.fields.iter().position(|(known, _)| known == name)?;
        Some(self.fields.remove(at).1)
    }

    #[inline(never)]
    fn keep(&mut self, wrong: Box<Wrong>) {
        if self.wrong.is_none() {
            self.wrong = Some(wrong);
        }
    }

    /// A field's value, if it is given.
    #[inline(never)]
    pub(crate) fn take<T: Read>(&mut self, name: &'static str) -> Option<T> {
        match T::read(self.find(name)?) {
            Ok(value) => Some(value),
            Err(wrong) => {
                self.keep(wrong.within(name));
                None
            }
        }
    }

    /// Sets a field that is given; one that is not stays as it is.
    #[inline(never)]
    pub(crate) fn fill<T: Read>(&mut self, name: &'static str, place: &mut T) {
        if let Some(value) = self.take(name) {
            *place = value;
        }
    }

    /// A field that must be given.
    #[inline(never)]
    pub(crate) fn need<T: Blank>(&mut self, name: &'static str) -> T {
        self.take(name).unwrap_or_else(|| {
            // Where the value itself was wrong, that is kept already.
            self.keep(Wrong::new(name, "missing", "a value"));
            T::BLANK
        })
    }

    pub(crate) fn keep_wrong(&mut self, field: &str, found: impl Into<String>, expected: impl Into<String>) {
        self.keep(Wrong::new(field, found, expected));
    }

    /// What was asked for.
    #[cfg(test)]
    pub(crate) fn known(&self) -> &[&'static str] {
        &self.known
    }

    /// Nothing, unless something was wrong or a field is left that nobody asked for.
    #[inline(never)]
    pub(crate) fn finish(self) -> Result<(), Box<Wrong>> {
        if let Some(wrong) = self.wrong {
            return Err(wrong);
        }
        let Some((name, _)) = self.fields.first() else { return Ok(()) };
        let twice = self.known.iter().any(|known| known == name);
        let found = if twice { "given twice" } else { "no known field" };
        Err(Wrong::new(&short(name), found, one_of(&mut self.known.iter().copied())))
    }
}

/// Fills a record's fields from an object: all its fields must be named, and the compiler looks that they are.
macro_rules! fill_record {
    ($record:ident: $type:ident { $($field:ident),+ $(,)? } from $found:ident) => {{
        let mut object = $crate::plain::Object::of($found);
        $crate::plain::fill_record!($record: $type { $($field),+ } from object object)
    }};
    // What else there may be has been taken from the object.
    ($record:ident: $type:ident { $($field:ident),+ $(,)? } from object $object:ident) => {{
        let $type { $($field),+ } = &mut $record;
        $($object.fill(stringify!($field), $field);)+
        $object.finish()
    }};
}
pub(crate) use fill_record;

pub(crate) fn one_of(names: &mut dyn Iterator<Item = &'static str>) -> String {
    let mut list = "one of".to_owned();
    for (at, name) in names.enumerate() {
        list += if at == 0 { " " } else { ", " };
        list += name;
    }
    list
}

/// What a text names among these.
pub(crate) fn one_named<T: Copy>(found: &Tree, names: &[(&'static str, T)]) -> Result<T, Box<Wrong>> {
    if let Tree::Text(text) = found
        && let Some(&(_, what)) = names.iter().find(|(name, _)| name == text)
    {
        return Ok(what);
    }
    Err(Wrong::unlike(found, one_of(&mut names.iter().map(|&(name, _)| name))))
}

/// The largest whole number that JSON and JavaScript hold exactly with all below it.
pub(crate) const EXACT: u64 = (1 << 53) - 1;

fn whole(found: &Tree, at_most: u64) -> Result<u64, Box<Wrong>> {
    if let Tree::Whole(number) = *found
        && let Ok(number) = u64::try_from(number)
        && number <= at_most
    {
        return Ok(number);
    }
    Err(Wrong::unlike(found, format!("a whole number from 0 to {at_most}")))
}

impl Read for u64 {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        whole(&found, EXACT)
    }
}

impl Read for u32 {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        whole(&found, Self::MAX.into()).map(|number| number as Self)
    }
}

impl Read for ServerId {
    const LISTED_MAX: usize = Scenario::SERVERS_MAX as usize;

    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        u32::read(found).map(Self)
    }
}

impl Read for bool {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        if let Tree::Truth(truth) = found { Ok(truth) } else { Err(Wrong::unlike(&found, "true or false")) }
    }
}

impl Read for String {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        if let Tree::Text(text) = found { Ok(text.into_owned()) } else { Err(Wrong::unlike(&found, "a text")) }
    }
}

impl Read for Rule {
    const LISTED_MAX: usize = Self::ALL.len();

    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        if let Tree::Text(name) = &found
            && let Some(rule) = Self::ALL.iter().find(|rule| rule.name() == name)
        {
            return Ok(*rule);
        }
        Err(Wrong::unlike(&found, one_of(&mut Self::ALL.iter().map(|rule| rule.name()))))
    }
}

impl<T: Read> Read for Option<T> {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        T::read(found).map(Some)
    }
}

/// Whether a list is as long as it may be.
#[inline(never)]
pub(crate) fn fits(items: &[Tree], at_most: usize) -> Result<(), Box<Wrong>> {
    if items.len() <= at_most {
        return Ok(());
    }
    Err(not("", format!("a list of {}", items.len()), &format!("at most {at_most}")))
}

impl<T: Read> Read for Vec<T> {
    /// Lists of lists hold groups of servers.
    const LISTED_MAX: usize = Scenario::SERVERS_MAX as usize;

    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        let Tree::List(items) = found else { return Err(Wrong::unlike(&found, "a list")) };
        fits(&items, T::LISTED_MAX)?;
        let mut list = Self::with_capacity(items.len());
        for (at, item) in items.into_iter().enumerate() {
            list.push(T::read(item).map_err(|wrong| wrong.within(&format!("[{at}]")))?);
        }
        Ok(list)
    }
}

impl Blank for u64 {
    const BLANK: Self = 0;
}

impl Blank for u32 {
    const BLANK: Self = 0;
}

impl Blank for ServerId {
    const BLANK: Self = Self(0);
}

impl Blank for String {
    const BLANK: Self = Self::new();
}

impl<T: Read> Blank for Vec<T> {
    const BLANK: Self = Self::new();
}
