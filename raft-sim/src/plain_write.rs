//! How whatever serde can write becomes plain data, and plain data is written in serde's formats.

use std::borrow::Cow;
use std::{fmt, mem};

use serde::ser::{
    Error, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use crate::plain::{Text, Tree};

/// A value that has no form in plain data: its own way of being written refuses, or a map has keys that are no names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unwritable;

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value has no form in plain data")
    }
}

impl std::error::Error for Unwritable {}

impl Error for Unwritable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl Tree {
    /// The plain form of a value: what its JSON would hold.
    ///
    /// # Errors
    /// None for the types of this crate and of raft-core.
    pub fn of(value: &impl Serialize) -> Result<Self, Unwritable> {
        let mut writer = Writer { value: Self::Nothing, open: Vec::new(), refused: false };
        value.serialize(&mut writer)?;
        if writer.refused { Err(Unwritable) } else { Ok(writer.value) }
    }
}

/// What is written so far. It stands in one place and hands itself on, and what serde generates for a record is then no
/// more than a call for each field: nothing to move, to drop or to branch on.
struct Writer {
    /// What was written last.
    value: Tree,
    /// The lists and objects around it, the innermost last.
    open: Vec<Tree>,
    refused: bool,
}

type Written = Result<(), Unwritable>;

impl Writer {
    #[inline(never)]
    fn whole(&mut self, number: u64) {
        self.value = i64::try_from(number).map_or_else(|_| Tree::Other(number.to_string()), Tree::Whole);
    }

    #[inline(never)]
    fn text(&mut self, text: &str) {
        self.value = Tree::Text(Cow::Owned(text.to_owned()));
    }

    #[inline(never)]
    fn name(&mut self, name: &'static str) {
        self.value = Tree::Text(Cow::Borrowed(name));
    }

    #[inline(never)]
    fn open_list(&mut self, len: usize) {
        self.open.push(Tree::List(Vec::with_capacity(len)));
    }

    #[inline(never)]
    fn open_fields(&mut self, len: usize) {
        self.open.push(Tree::Fields(Vec::with_capacity(len)));
    }

    /// The innermost list or object is whole.
    #[inline(never)]
    fn close(&mut self) {
        self.value = self.open.pop().unwrap_or(Tree::Nothing);
    }

    /// Puts what was written last into the innermost object.
    #[inline(never)]
    fn field(&mut self, name: Text) {
        let value = mem::replace(&mut self.value, Tree::Nothing);
        if let Some(Tree::Fields(fields)) = self.open.last_mut() {
            fields.push((name, value));
        }
    }

    #[inline(never)]
    fn known_field(&mut self, name: &'static str) {
        self.field(Cow::Borrowed(name));
    }

    /// Puts what was written last into the innermost list.
    #[inline(never)]
    fn item(&mut self) {
        let value = mem::replace(&mut self.value, Tree::Nothing);
        if let Some(Tree::List(items)) = self.open.last_mut() {
            items.push(value);
        }
    }

    /// Takes what was written last for the name of a field whose value is to come.
    fn key(&mut self) {
        let name = match mem::replace(&mut self.value, Tree::Nothing) {
            Tree::Text(text) => text,
            // As JSON has it: every key is a text.
            Tree::Whole(number) => Cow::Owned(number.to_string()),
            _ => {
                self.refused = true;
                Cow::Borrowed("")
            }
        };
        self.field(name);
    }

    /// Puts what was written last into the innermost object, as the value of its last field.
    fn value_of_last(&mut self) {
        if let Some(Tree::Fields(fields)) = self.open.last_mut()
            && let Some((_, place)) = fields.last_mut()
        {
            *place = mem::replace(&mut self.value, Tree::Nothing);
        }
    }

    /// Opens the object that an enum's variant is, for the one field that is named as the variant.
    fn open_variant(&mut self, variant: &'static str) {
        self.open_fields(1);
        self.known_field(variant);
    }

    fn close_variant(&mut self) {
        self.value_of_last();
        self.close();
    }
}

impl Serializer for &mut Writer {
    type Ok = ();
    type Error = Unwritable;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    fn serialize_bool(self, truth: bool) -> Written {
        self.value = Tree::Truth(truth);
        Ok(())
    }

    fn serialize_i8(self, number: i8) -> Written {
        self.serialize_i64(number.into())
    }

    fn serialize_i16(self, number: i16) -> Written {
        self.serialize_i64(number.into())
    }

    fn serialize_i32(self, number: i32) -> Written {
        self.serialize_i64(number.into())
    }

    fn serialize_i64(self, number: i64) -> Written {
        self.value = Tree::Whole(number);
        Ok(())
    }

    fn serialize_u8(self, number: u8) -> Written {
        self.serialize_u64(number.into())
    }

    fn serialize_u16(self, number: u16) -> Written {
        self.serialize_u64(number.into())
    }

    fn serialize_u32(self, number: u32) -> Written {
        self.serialize_u64(number.into())
    }

    fn serialize_u64(self, number: u64) -> Written {
        self.whole(number);
        Ok(())
    }

    fn serialize_f32(self, number: f32) -> Written {
        self.serialize_f64(number.into())
    }

    fn serialize_f64(self, number: f64) -> Written {
        self.value = Tree::Fraction(number);
        Ok(())
    }

    fn serialize_char(self, character: char) -> Written {
        self.text(character.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Written {
        self.text(text);
        Ok(())
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Written {
        self.value = Tree::List(bytes.iter().map(|byte| Tree::Whole((*byte).into())).collect());
        Ok(())
    }

    fn serialize_none(self) -> Written {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        self.value = Tree::Nothing;
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Written {
        self.name(variant);
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Written {
        self.open_variant(variant);
        value.serialize(&mut *self)?;
        self.close_variant();
        Ok(())
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Self, Unwritable> {
        self.open_list(len.unwrap_or(0));
        Ok(self)
    }

    fn serialize_tuple(self, len: usize) -> Result<Self, Unwritable> {
        self.open_list(len);
        Ok(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, len: usize) -> Result<Self, Unwritable> {
        self.open_list(len);
        Ok(self)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self, Unwritable> {
        self.open_variant(variant);
        self.open_list(len);
        Ok(self)
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Self, Unwritable> {
        self.open_fields(len.unwrap_or(0));
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, len: usize) -> Result<Self, Unwritable> {
        self.open_fields(len);
        Ok(self)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self, Unwritable> {
        self.open_variant(variant);
        self.open_fields(len);
        Ok(self)
    }
}

/// Lists, tuples and fields differ for serde in the names of their methods alone.
macro_rules! compound {
    ($compound:ident, $method:ident, ($($name:ident)?), $put:ident $(, $close_variant:ident)?) => {
        impl $compound for &mut Writer {
            type Ok = ();
            type Error = Unwritable;

            fn $method<T: Serialize + ?Sized>(&mut self, $($name: &'static str,)? value: &T) -> Written {
                value.serialize(&mut **self)?;
                self.$put($($name)?);
                Ok(())
            }

            fn end(self) -> Written {
                self.close();
                $(self.$close_variant();)?
                Ok(())
            }
        }
    };
}

compound!(SerializeSeq, serialize_element, (), item);
compound!(SerializeTuple, serialize_element, (), item);
compound!(SerializeTupleStruct, serialize_field, (), item);
compound!(SerializeTupleVariant, serialize_field, (), item, close_variant);
compound!(SerializeStruct, serialize_field, (name), known_field);
compound!(SerializeStructVariant, serialize_field, (name), known_field, close_variant);

impl SerializeMap for &mut Writer {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Written {
        key.serialize(&mut **self)?;
        self.key();
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        value.serialize(&mut **self)?;
        self.value_of_last();
        Ok(())
    }

    fn end(self) -> Written {
        self.close();
        Ok(())
    }
}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nothing => serializer.serialize_unit(),
            Self::Truth(truth) => serializer.serialize_bool(*truth),
            Self::Whole(number) => serializer.serialize_i64(*number),
            Self::Fraction(number) => serializer.serialize_f64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Fields(fields) => serializer.collect_map(fields.iter().map(|(name, value)| (name, value))),
            Self::Other(name) => serializer.serialize_str(name),
        }
    }
}
