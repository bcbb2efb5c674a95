//! Plain data, and how records are read from it: strictly, with every error naming its place.
//!
//! Whoever has plain data implements [`Look`]; a record names its fields once. What serde generates for the same records
//! is compiled anew for each of them and was a fifth of the page's wasm, and its errors do not say where they are. With
//! serde's own formats the two meet in a `Tree`.

use std::fmt;

use raft_core::{Rule, ServerId};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A value of plain data that has not been looked at yet.
pub trait Look: Sized {
    /// Looks what it is.
    fn look(self) -> Kind<Self>;
}

/// What a value of plain data is, down to the values it holds.
#[derive(Debug)]
pub enum Kind<V> {
    /// Nothing: null.
    Nothing,
    /// True or false.
    Truth(bool),
    /// A whole number.
    Whole(i64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<V>),
    /// An object, field by field.
    Fields(Vec<(String, V)>),
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

    pub(crate) fn unlike<V>(found: &Kind<V>, expected: impl Into<String>) -> Box<Self> {
        let found = match found {
            Kind::Nothing => "null".into(),
            Kind::Truth(truth) => truth.to_string(),
            Kind::Whole(number) => number.to_string(),
            Kind::Text(text) => format!("\"{text}\""),
            Kind::List(_) => "a list".into(),
            Kind::Fields(_) => "an object".into(),
            Kind::Other(name) => name.clone(),
        };
        Self::new("", found, expected)
    }

    /// The same, seen from what holds the place: a field's name, or `[3]`.
    pub(crate) fn within(mut self: Box<Self>, place: &str) -> Box<Self> {
        let dot = if self.field.is_empty() || self.field.starts_with('[') { "" } else { "." };
        self.field = format!("{place}{dot}{}", self.field);
        self
    }
}

/// A type that can be read from plain data. An error is rare, and in a box it makes the way of what is right short.
pub(crate) trait Read<V>: Sized {
    fn read(found: Kind<V>) -> Result<Self, Box<Wrong>>;
}

/// Reads a whole value; `name` is what errors call it.
pub(crate) fn read<T: Read<V>, V: Look>(name: &str, value: V) -> Result<T, Wrong> {
    T::read(value.look()).map_err(|wrong| if wrong.field.is_empty() { *wrong.within(name) } else { *wrong })
}

/// Where a field's value goes once it is read.
pub(crate) trait Place<V> {
    fn fill(&mut self, found: Kind<V>) -> Result<(), Box<Wrong>>;
}

impl<V, T: Read<V>> Place<V> for T {
    fn fill(&mut self, found: Kind<V>) -> Result<(), Box<Wrong>> {
        T::read(found).map(|read| *self = read)
    }
}

/// Fills the places of the fields that an object has; it may have no others.
pub(crate) fn fill_fields<V: Look>(
    found: Kind<V>,
    places: &mut [(&'static str, &mut dyn Place<V>)],
) -> Result<(), Box<Wrong>> {
    let Kind::Fields(fields) = found else { return Err(Wrong::unlike(&found, "an object")) };
    for (name, value) in fields {
        let Some((_, place)) = places.iter_mut().find(|(known, _)| *known == name) else {
            return Err(Wrong::new(&name, "no known field", one_of(&mut places.iter().map(|(known, _)| *known))));
        };
        place.fill(value.look()).map_err(|wrong| wrong.within(&name))?;
    }
    Ok(())
}

/// Fills a record's fields from an object: all its fields must be named, and the compiler looks that they are.
macro_rules! fill_record {
    ($record:ident: $type:ident { $($field:ident),+ $(,)? } from $found:ident) => {{
        let $type { $($field),+ } = &mut $record;
        $crate::plain::fill_fields($found, &mut [$((stringify!($field), $field)),+])
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
pub(crate) fn one_named<V, T: Copy>(found: &Kind<V>, names: &[(&'static str, T)]) -> Result<T, Box<Wrong>> {
    if let Kind::Text(text) = found
        && let Some(&(_, what)) = names.iter().find(|(name, _)| name == text)
    {
        return Ok(what);
    }
    Err(Wrong::unlike(found, one_of(&mut names.iter().map(|&(name, _)| name))))
}

/// The largest whole number that JSON and JavaScript hold exactly with all below it.
pub(crate) const EXACT: u64 = (1 << 53) - 1;

fn whole<V>(found: &Kind<V>, at_most: u64) -> Result<u64, Box<Wrong>> {
    if let Kind::Whole(number) = *found
        && let Ok(number) = u64::try_from(number)
        && number <= at_most
    {
        return Ok(number);
    }
    Err(Wrong::unlike(found, format!("a whole number from 0 to {at_most}")))
}

impl<V> Read<V> for u64 {
    fn read(found: Kind<V>) -> Result<Self, Box<Wrong>> {
        whole(&found, EXACT)
    }
}

impl<V> Read<V> for u32 {
    fn read(found: Kind<V>) -> Result<Self, Box<Wrong>> {
        whole(&found, Self::MAX.into()).map(|number| number as Self)
    }
}

impl<V> Read<V> for ServerId {
    fn read(found: Kind<V>) -> Result<Self, Box<Wrong>> {
        u32::read(found).map(Self)
    }
}

impl<V> Read<V> for bool {
    fn read(found: Kind<V>) -> Result<Self, Box<Wrong>> {
        if let Kind::Truth(truth) = found { Ok(truth) } else { Err(Wrong::unlike(&found, "true or false")) }
    }
}

impl<V> Read<V> for String {
    fn read(found: Kind<V>) -> Result<Self, Box<Wrong>> {
        if let Kind::Text(text) = found { Ok(text) } else { Err(Wrong::unlike(&found, "a text")) }
    }
}

impl<V> Read<V> for Rule {
    fn read(found: Kind<V>) -> Result<Self, Box<Wrong>> {
        if let Kind::Text(name) = &found
            && let Some(rule) = Self::ALL.iter().find(|rule| rule.name() == name)
        {
            return Ok(*rule);
        }
        Err(Wrong::unlike(&found, one_of(&mut Self::ALL.iter().map(|rule| rule.name()))))
    }
}

impl<V, T: Read<V>> Read<V> for Option<T> {
    fn read(found: Kind<V>) -> Result<Self, Box<Wrong>> {
        if let Kind::Nothing = found { Ok(None) } else { T::read(found).map(Some) }
    }
}

impl<V: Look, T: Read<V>> Read<V> for Vec<T> {
    fn read(found: Kind<V>) -> Result<Self, Box<Wrong>> {
        let Kind::List(items) = found else { return Err(Wrong::unlike(&found, "a list")) };
        let mut list = Self::with_capacity(items.len());
        for (at, item) in items.into_iter().enumerate() {
            list.push(T::read(item.look()).map_err(|wrong| wrong.within(&format!("[{at}]")))?);
        }
        Ok(list)
    }
}

/// A whole value of plain data, as serde's formats give it.
pub(crate) struct Tree(Kind<Self>);

impl Look for Tree {
    fn look(self) -> Kind<Self> {
        self.0
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor).map(Self)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Kind<Tree>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("plain data")
    }

    fn visit_unit<E>(self) -> Result<Kind<Tree>, E> {
        Ok(Kind::Nothing)
    }

    fn visit_none<E>(self) -> Result<Kind<Tree>, E> {
        Ok(Kind::Nothing)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Kind<Tree>, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Kind<Tree>, E> {
        Ok(Kind::Truth(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Kind<Tree>, E> {
        Ok(Kind::Whole(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Kind<Tree>, E> {
        Ok(i64::try_from(number).map_or_else(|_| Kind::Other(number.to_string()), Kind::Whole))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Kind<Tree>, E> {
        Ok(Kind::Other(number.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Kind<Tree>, E> {
        Ok(Kind::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Kind<Tree>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Kind::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Kind<Tree>, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = entries.next_entry()? {
            fields.push(field);
        }
        Ok(Kind::Fields(fields))
    }
}
