//! Reads what comes from JavaScript, strictly: an object from end to end, so that a misspelt field is not passed over.

use js_sys::{Array, Object, Reflect};
use raft_sim::plain::{Kind, Look};
use wasm_bindgen::{JsCast, JsValue};

/// The largest number that JavaScript counts to without gaps, 2^53 - 1.
pub(crate) const SAFE_INTEGER_MAX: f64 = 9_007_199_254_740_991.0;

/// A value from JavaScript, to be read by raft-sim.
pub(crate) struct FromJs(pub(crate) JsValue);

/// What an object's own getter threw.
fn unreadable(error: &JsValue) -> Kind<FromJs> {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    Kind::Other(format!("unreadable ({})", message.as_deref().unwrap_or("no reason given")))
}

/// A number as JavaScript itself writes it: Rust's way of writing floats is large in wasm.
pub(crate) fn number_text(number: f64) -> String {
    Object::from(JsValue::from(number)).to_string().into()
}

impl Look for FromJs {
    fn look(self) -> Kind<Self> {
        let Self(value) = self;
        if value.is_null() || value.is_undefined() {
            return Kind::Nothing;
        }
        if let Some(truth) = value.as_bool() {
            return Kind::Truth(truth);
        }
        if let Some(number) = value.as_f64() {
            // A whole number where it is one: 5 is an integer in JavaScript, and 5.5 is refused as what it is.
            let whole = number.fract() == 0.0 && number.abs() <= SAFE_INTEGER_MAX;
            #[allow(clippy::cast_possible_truncation)] // It was checked just now.
            return if whole { Kind::Whole(number as i64) } else { Kind::Other(number_text(number)) };
        }
        if let Some(text) = value.as_string() {
            return Kind::Text(text);
        }
        if let Some(items) = value.dyn_ref::<Array>() {
            return Kind::List(items.iter().map(FromJs).collect());
        }
        if !value.is_object() {
            return Kind::Other("a function, a symbol or a BigInt".to_owned());
        }
        match fields(&value) {
            Ok(fields) => Kind::Fields(fields),
            Err(thrown) => unreadable(&thrown),
        }
    }
}

fn fields(object: &JsValue) -> Result<Vec<(String, FromJs)>, JsValue> {
    let mut fields = Vec::new();
    for key in Reflect::own_keys(object)?.iter() {
        // A symbol is nobody's field.
        if let Some(name) = key.as_string() {
            fields.push((name, FromJs(Reflect::get(object, &key)?)));
        }
    }
    Ok(fields)
}
