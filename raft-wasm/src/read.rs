//! Reads what comes from JavaScript, strictly.
//!
//! serde-wasm-bindgen asks an object only for the fields it knows, so a misspelt one would be passed over in silence. Here an
//! object is read from end to end, and raft-sim's types refuse what they do not know.

use js_sys::{Array, Reflect};
use serde::Deserializer;
use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use serde::de::{Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use wasm_bindgen::{JsCast, JsValue};

/// The largest number that JavaScript counts to without gaps, 2^53 - 1.
pub(crate) const SAFE_INTEGER_MAX: f64 = 9_007_199_254_740_991.0;

/// A value from JavaScript, to be read by serde.
pub(crate) struct FromJs(pub(crate) JsValue);

impl IntoDeserializer<'_, Error> for FromJs {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// What an object's own getter threw.
fn thrown(error: &JsValue) -> Error {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    Error::custom(message.unwrap_or_else(|| "the object cannot be read".to_owned()))
}

/// What a value from JavaScript is.
enum Kind {
    Nothing,
    Truth(bool),
    Whole(i64),
    Number(f64),
    Text(String),
    List(Vec<FromJs>),
    Fields(Vec<(String, FromJs)>),
}

impl Kind {
    /// Looks once. Apart from serde's generic code, which is compiled anew for each type that is read.
    fn of(value: &JsValue) -> Result<Self, Error> {
        if value.is_null() || value.is_undefined() {
            return Ok(Self::Nothing);
        }
        if let Some(truth) = value.as_bool() {
            return Ok(Self::Truth(truth));
        }
        if let Some(number) = value.as_f64() {
            // A whole number where it is one: 5 is an integer in JavaScript, and 5.5 is refused as what it is.
            let whole = number.fract() == 0.0 && number.abs() <= SAFE_INTEGER_MAX;
            #[allow(clippy::cast_possible_truncation)] // It was checked just now.
            return Ok(if whole { Self::Whole(number as i64) } else { Self::Number(number) });
        }
        if let Some(text) = value.as_string() {
            return Ok(Self::Text(text));
        }
        if let Some(items) = value.dyn_ref::<Array>() {
            return Ok(Self::List(items.iter().map(FromJs).collect()));
        }
        if !value.is_object() {
            return Err(Error::custom("expected a plain value, found a function, a symbol or a BigInt"));
        }
        let mut fields = Vec::new();
        for key in Reflect::own_keys(value).map_err(|error| thrown(&error))?.iter() {
            // A symbol is nobody's field.
            if let Some(name) = key.as_string() {
                fields.push((name, FromJs(Reflect::get(value, &key).map_err(|error| thrown(&error))?)));
            }
        }
        Ok(Self::Fields(fields))
    }
}

impl<'de> Deserializer<'de> for FromJs {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match Kind::of(&self.0)? {
            Kind::Nothing => visitor.visit_unit(),
            Kind::Truth(truth) => visitor.visit_bool(truth),
            Kind::Whole(number) => visitor.visit_i64(number),
            Kind::Number(number) => visitor.visit_f64(number),
            Kind::Text(text) => visitor.visit_string(text),
            Kind::List(items) => visitor.visit_seq(SeqDeserializer::new(items.into_iter())),
            Kind::Fields(fields) => visitor.visit_map(MapDeserializer::new(fields.into_iter())),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() || self.0.is_undefined() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier ignored_any
    }
}
