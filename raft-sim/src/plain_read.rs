//! How serde's formats are read into plain data, within the limits on what comes from outside.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::plain::{EXACT, Meter, Tree};

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Metered(&mut Meter::for_files()).deserialize(deserializer)
    }
}

struct Metered<'a>(&'a mut Meter);

impl<'de> DeserializeSeed<'de> for Metered<'_> {
    type Value = Tree;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Metered<'_> {
    fn one<E: Error>(self, value: Tree) -> Result<Tree, E> {
        self.0.count(0).map_err(E::custom)?;
        Ok(value)
    }
}

impl<'de> Visitor<'de> for Metered<'_> {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("plain data")
    }

    fn visit_unit<E: Error>(self) -> Result<Tree, E> {
        self.one(Tree::Nothing)
    }

    fn visit_none<E: Error>(self) -> Result<Tree, E> {
        self.one(Tree::Nothing)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Tree, E> {
        self.one(Tree::Truth(truth))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Tree, E> {
        self.one(Tree::Whole(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Tree, E> {
        self.one(i64::try_from(number).map_or_else(|_| Tree::Other(number.to_string()), Tree::Whole))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Tree, E> {
        // A whole number is one however it is written, 5.0 or 1e3: as JavaScript has it, and JSON Schema.
        if number.fract() == 0.0 && number.abs() <= EXACT as f64 {
            return self.one(Tree::Whole(number as i64));
        }
        // Written out, a few characters can come to hundreds of digits.
        let is_short = (1e-6..1e21).contains(&number.abs());
        self.one(Tree::Other(if is_short { number.to_string() } else { format!("{number:e}") }))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Tree, E> {
        self.0.count(text.len()).map_err(E::custom)?;
        Ok(Tree::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
        self.0.enter().map_err(A::Error::custom)?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Metered(self.0))? {
            list.push(item);
        }
        self.0.leave();
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Tree, A::Error> {
        self.0.enter().map_err(A::Error::custom)?;
        let mut fields = Vec::new();
        while let Some(name) = entries.next_key::<String>()? {
            self.0.count(name.len()).map_err(A::Error::custom)?;
            let name = Cow::Owned(name);
            fields.push((name, entries.next_value_seed(Metered(self.0))?));
        }
        self.0.leave();
        Ok(Tree::Fields(fields))
    }
}
