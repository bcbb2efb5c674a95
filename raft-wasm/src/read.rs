//! Reads what comes from JavaScript, strictly: an object from end to end, so that a misspelt field is not passed over.

use std::borrow::Cow;

use js_sys::{Array, Object, Reflect};
use raft_sim::plain::{Meter, Tree, Wrong};
use wasm_bindgen::{JsCast, JsValue};

/// The largest number that JavaScript counts to without gaps, 2^53 - 1.
pub(crate) const SAFE_INTEGER_MAX: f64 = 9_007_199_254_740_991.0;

/// What an object's own getter threw.
fn unreadable(error: &JsValue) -> Tree {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    Tree::Other(format!("unreadable ({})", message.as_deref().unwrap_or("no reason given")))
}

/// A number as JavaScript itself writes it: Rust's way of writing floats is large in wasm.
pub(crate) fn number_text(number: f64) -> String {
    Object::from(JsValue::from(number)).to_string().into()
}

/// A value from JavaScript as plain data.
///
/// # Errors
/// When it is larger or deeper than anything that could be meant, an object that holds itself for one.
pub(crate) fn tree(value: &JsValue) -> Result<Tree, Box<Wrong>> {
    plain(value, &mut Meter::for_files())
}

fn plain(value: &JsValue, meter: &mut Meter) -> Result<Tree, Box<Wrong>> {
    if let Some(items) = value.dyn_ref::<Array>() {
        meter.enter()?;
        let mut list = Vec::new();
        for item in items.iter() {
            list.push(plain(&item, meter)?);
        }
        meter.leave();
        return Ok(Tree::List(list));
    }
    if let Some(text) = value.as_string() {
        meter.count(text.len())?;
        return Ok(Tree::Text(Cow::Owned(text)));
    }
    if value.is_object() {
        meter.enter()?;
        let object = fields(value, meter)?;
        meter.leave();
        return Ok(object);
    }
    meter.count(0)?;
    Ok(match value.as_f64() {
        // A whole number where it is one: 5 is an integer in JavaScript, and 5.5 is refused as what it is.
        #[allow(clippy::cast_possible_truncation)] // It is checked just before.
        Some(number) if number.fract() == 0.0 && number.abs() <= SAFE_INTEGER_MAX => Tree::Whole(number as i64),
        Some(number) => Tree::Other(number_text(number)),
        None if value.is_null() || value.is_undefined() => Tree::Nothing,
        None => match value.as_bool() {
            Some(truth) => Tree::Truth(truth),
            None => Tree::Other("a function, a symbol or a BigInt".to_owned()),
        },
    })
}

fn fields(object: &JsValue, meter: &mut Meter) -> Result<Tree, Box<Wrong>> {
    let keys = match Reflect::own_keys(object) {
        Ok(keys) => keys,
        Err(thrown) => return Ok(unreadable(&thrown)),
    };
    let mut fields = Vec::new();
    for key in keys.iter() {
        // A symbol is nobody's field.
        let Some(name) = key.as_string() else { continue };
        let value = match Reflect::get(object, &key) {
            Ok(value) => value,
            Err(thrown) => return Ok(unreadable(&thrown)),
        };
        // As in JSON: what is undefined is left out.
        if !value.is_undefined() {
            meter.count(name.len())?;
            fields.push((Cow::Owned(name), plain(&value, meter)?));
        }
    }
    Ok(Tree::Fields(fields))
}
