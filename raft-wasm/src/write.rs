//! Writes plain data as JavaScript's own values. Thousands of records cross in a second of a large cluster, and most of what
//! that takes is making texts; names that the program itself knows are therefore made once.

use std::borrow::Cow;
use std::cell::RefCell;

use js_sys::{Array, Object};
use raft_sim::plain::{Text, Tree};
use wasm_bindgen::prelude::*;

use crate::range_error;
use crate::read::SAFE_INTEGER_MAX;

#[wasm_bindgen]
extern "C" {
    /// A plain object. Unlike `Reflect::set`, this way of writing to it goes through no `try`.
    type Fields;
    #[wasm_bindgen(method, structural, indexing_setter)]
    fn set(this: &Fields, name: &JsValue, value: &JsValue);
}

/// A text of the program: where it begins, how long it is, and the same in JavaScript.
type Known = (usize, usize, JsValue);

thread_local! {
    /// In the order of their addresses.
    static KNOWN: RefCell<Vec<Known>> = const { RefCell::new(Vec::new()) };
}

/// A value as JavaScript has it: objects for records, null for nothing.
///
/// # Errors
/// `RangeError` when it holds a whole number that JavaScript cannot count to.
pub(crate) fn value(tree: &Tree) -> Result<JsValue, JsValue> {
    Ok(match tree {
        Tree::Nothing => JsValue::NULL,
        Tree::Truth(truth) => JsValue::from_bool(*truth),
        Tree::Whole(number) => {
            #[allow(clippy::cast_precision_loss)] // It is checked right away.
            let exact = *number as f64;
            if exact.abs() > SAFE_INTEGER_MAX {
                return Err(range_error(format!("{number} is more than JavaScript counts to")));
            }
            JsValue::from_f64(exact)
        }
        Tree::Fraction(number) => JsValue::from_f64(*number),
        Tree::Text(text) => with_text(text, JsValue::clone),
        Tree::List(items) => {
            let list = Array::new();
            for item in items {
                list.push(&value(item)?);
            }
            list.into()
        }
        Tree::Fields(fields) => {
            let object: Fields = Object::new().unchecked_into();
            for (name, field) in fields {
                let field = value(field)?;
                with_text(name, |name| object.set(name, &field));
            }
            object.into()
        }
        Tree::Other(name) => JsValue::from_str(name),
    })
}

/// Does something with a text as JavaScript has it.
fn with_text<T>(text: &Text, act: impl FnOnce(&JsValue) -> T) -> T {
    let Cow::Borrowed(text) = text else { return act(&JsValue::from_str(text)) };
    KNOWN.with_borrow_mut(|known| {
        let place = (text.as_ptr().addr(), text.len());
        let at = known.binary_search_by_key(&place, |&(begins, length, _)| (begins, length)).unwrap_or_else(|at| {
            known.insert(at, (place.0, place.1, JsValue::from_str(text)));
            at
        });
        act(&known[at].2)
    })
}
