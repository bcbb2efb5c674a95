//! The module that searches, as its worker sees it: it comes to what the same search natively comes to.
#![allow(clippy::unwrap_used, clippy::panic, clippy::float_arithmetic)]

use js_sys::{RangeError, TypeError, Uint8Array};
use raft_sim::Scenario;
use raft_sim::explore::{Bounds, Exhaustive, SmallWorld};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::explore::Everything;
use crate::tests::{get, message, number, object, text};

/// All states and those that are different up to each number of steps: docs/exhaustive.md has them natively.
const STATES: [(f64, f64); 3] = [(1_902.0, 984.0), (8_830.0, 4_274.0), (40_666.0, 18_347.0)];

#[wasm_bindgen_test]
fn everything_up_to_eight_steps_comes_to_the_same_numbers_as_natively() {
    let mut everything = Everything::new(&object(r#"{ "servers": 3, "terms": 3, "writes": 1, "depth": 8 }"#)).unwrap();
    let mut levels = Vec::new();
    let last = loop {
        let came = everything.go_on(8.0).unwrap();
        if number(&came, "beyond.0") == 0.0 {
            levels.push((number(&came, "all"), number(&came, "unique")));
        }
        if !get(&came, "ended").is_null() {
            break came;
        }
    };
    assert_eq!((levels.len(), &levels[5..]), (8, STATES.as_slice()));
    assert_eq!((text(&get(&last, "ended")), number(&last, "depth")), ("depth".into(), 8.0));
    assert!(get(&last, "property").is_null() && everything.story().unwrap().is_null());
    assert!(number(&last, "bytes") > 18_347.0 * 8.0);
}

#[wasm_bindgen_test]
fn everything_finds_the_shortest_story_that_the_command_finds() {
    let bounds = r#"{ "rules_off": ["votes_of_this_term_only"], "terms": 2, "writes": 0, "depth": 12 }"#;
    let mut everything = Everything::new(&object(bounds)).unwrap();
    let mut came = everything.go_on(1.0).unwrap();
    while get(&came, "ended").is_null() {
        came = everything.go_on(16.0).unwrap();
    }
    assert_eq!(text(&get(&came, "ended")), "violation");
    assert_eq!((text(&get(&came, "property")), number(&came, "depth")), ("Election Safety".into(), 6.0));
    let story = everything.story().unwrap();

    let rules = [raft_core::Rule::VotesOfThisTermOnly];
    let mut natively = Exhaustive::new(SmallWorld { terms: 2, writes: 0, ..SmallWorld::new(3, &rules) }).unwrap();
    let found = (0..12).find_map(|_| natively.deepen()).unwrap().story().unwrap().unwrap();
    let bytes = Uint8Array::new(&get(&story, "bytes")).to_vec();
    assert_eq!(Scenario::from_bytes(&bytes).unwrap(), found.scenario);
    assert_eq!((number(&story, "steps.length"), text(&get(&story, "steps.6"))), (7.0, found.steps[6].clone()));
}

#[wasm_bindgen_test]
fn what_cannot_be_tried_is_refused_by_its_field() {
    let refused = |json: &str| -> JsValue { Everything::new(&object(json)).map(drop).unwrap_err() };
    for (json, why) in [
        (r#"{ "servers": 5 }"#, "servers is 5; expected 1 to 4"),
        (r#"{ "terms": 3, "writes": 6 }"#, "writes is 6; expected 0 to 5"),
        (r#"{ "memory": 160000001 }"#, "memory is 160000001; expected at most 160000000"),
    ] {
        let error = refused(json);
        assert!(error.is_instance_of::<RangeError>());
        assert_eq!(message(&error), why);
    }
    let error = refused(r#"{ "step": 1 }"#);
    assert!(error.is_instance_of::<TypeError>());
    assert!(message(&error).starts_with("step is no known field; expected one of servers"), "{}", message(&error));
    assert_eq!(Bounds::default().memory, 100_000_000, "what is left open can be had");
}
