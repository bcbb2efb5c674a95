//! Searches, for a worker: in a module of its own, compiled for speed, since few who see the page ever search.

use raft_sim::explore::{Ask, Bounds, Ended, Epoch, Pieces, Search, Shrunk, Tally};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use crate::read::tree;
use crate::{range_error, small_number, type_error, whole_number};

/// A search for a violation, step by step and in any order ([`raft_sim::explore`]).
#[wasm_bindgen]
pub struct Explorer {
    search: Search,
    /// The latest epoch that was lived: its stories are mostly what is asked for next.
    latest: Option<Epoch>,
}

/// What an epoch came to.
#[derive(Serialize)]
struct EpochView {
    number: u64,
    strategy: &'static str,
    runs: u64,
    actions: u64,
    /// How many states were told apart; counted only where the strategy rests on it.
    states: u64,
    found: Vec<FoundView>,
}

#[derive(Serialize)]
struct FoundView {
    run: u64,
    /// The property that is violated.
    property: Option<&'static str>,
    /// How many steps it took, before it is made short.
    steps: u32,
}

/// A find made short, to be played.
#[derive(Serialize)]
struct StoryView {
    property: Option<&'static str>,
    /// The run, as bytes for a link.
    bytes: Vec<u8>,
    title: String,
    text: String,
    steps: Vec<String>,
    step_us: u64,
    ends_us: u64,
    /// How many runs were tried to make it so short.
    replays: u64,
}

#[wasm_bindgen]
impl Explorer {
    /// A search from what is asked of it, such as `{ seed: 1, rules_off: ["one_vote_per_term"] }`.
    ///
    /// # Errors
    /// `TypeError` when the object asks for nothing that there is, `RangeError` when a value is out of its range.
    #[wasm_bindgen(constructor)]
    pub fn new(ask: &JsValue) -> Result<Self, JsValue> {
        let ask = tree(ask).and_then(Ask::read_from).map_err(type_error)?;
        Ok(Self { search: ask.search().map_err(range_error)?, latest: None })
    }

    /// Lives the runs of an epoch: 64, or fewer when ten of them found something. It rests on nothing but the search and this
    /// number.
    ///
    /// # Errors
    /// `RangeError` unless it is a whole number from 0 to 2^53 - 1.
    pub fn epoch(&mut self, number: f64) -> Result<JsValue, JsValue> {
        let number = whole_number(number, "number")?;
        let epoch = self.search.epoch(number).map_err(range_error)?;
        let found = epoch.found.iter().map(|found| FoundView {
            run: found.run,
            property: found.property.map(raft_sim::Property::name),
            steps: found.actions.len() as u32,
        });
        let (strategy, runs, actions, states) = (epoch.strategy.name(), epoch.runs, epoch.actions, epoch.states);
        let view = told(&EpochView { number, strategy, runs, actions, states, found: found.collect() });
        self.latest = Some(epoch);
        view
    }

    /// Makes one of an epoch's finds short, by its place among them; null when there is none, or it cannot be given times.
    ///
    /// # Errors
    /// `RangeError` unless both are whole numbers from 0 to 2^53 - 1.
    pub fn story(&mut self, epoch: f64, at: f64) -> Result<JsValue, JsValue> {
        let (number, at) = (whole_number(epoch, "epoch")?, small_number(at, "at")? as usize);
        let epoch = match self.latest.take().filter(|latest| latest.number == number) {
            Some(latest) => latest,
            None => self.search.epoch(number).map_err(range_error)?,
        };
        let epoch = self.latest.insert(epoch);
        let Some(found) = epoch.found.get(at) else { return Ok(JsValue::NULL) };
        story(&self.search.shrink(found).map_err(range_error)?)
    }
}

/// A search that tries everything in a small world, piece by piece.
#[wasm_bindgen]
pub struct Everything {
    pieces: Pieces,
}

/// How far it came.
#[derive(Serialize)]
struct CameView {
    /// Up to how many steps everything was tried.
    depth: u32,
    /// How many states there were, each counted as often as it was come to.
    all: u64,
    /// How many of them were different.
    unique: u64,
    /// Of the states from which the next step leads further, how many were tried, and how many there are.
    beyond: (u64, u64),
    bytes: u64,
    /// Why it ended; null while it can go on.
    ended: Option<Ended>,
    /// The property that is violated.
    property: Option<&'static str>,
}

/// The most bytes that the states may take: what moves to a larger place needs both meanwhile, and the linker gives 256 MiB to all.
const MEMORY_MAX: u64 = 160_000_000;

#[wasm_bindgen]
impl Everything {
    /// A search from its bounds, such as `{ servers: 3, terms: 2, depth: 12, rules_off: ["one_vote_per_term"] }`.
    ///
    /// # Errors
    /// `TypeError` when the object asks for nothing that there is, `RangeError` when a value is out of its range.
    #[wasm_bindgen(constructor)]
    pub fn new(bounds: &JsValue) -> Result<Self, JsValue> {
        let bounds = tree(bounds).and_then(Bounds::read_from).map_err(type_error)?;
        if bounds.memory > MEMORY_MAX {
            return Err(range_error(format!("memory is {}; expected at most {MEMORY_MAX}", bounds.memory)));
        }
        Ok(Self { pieces: Pieces::new(bounds).map_err(range_error)? })
    }

    /// Goes on by at most so many chunks of 256 states, and no further than to the end of a level; says how far it came.
    ///
    /// # Errors
    /// `RangeError` unless it is a whole number from 0 to 2^53 - 1.
    pub fn go_on(&mut self, chunks: f64) -> Result<JsValue, JsValue> {
        self.pieces.go_on(small_number(chunks, "chunks")?);
        let Tally { depth, beyond, all, unique, bytes } = self.pieces.tally();
        let property = self.pieces.violation().and_then(|found| found.property).map(raft_sim::Property::name);
        told(&CameView { depth, all, unique, beyond, bytes, ended: self.pieces.ended(), property })
    }

    /// What it has found that violates a property, to be played; null when there is nothing, or it cannot be given times.
    ///
    /// # Errors
    /// None: what violates something can be lived again.
    pub fn story(&self) -> Result<JsValue, JsValue> {
        self.pieces.violation().as_ref().map_or(Ok(JsValue::NULL), story)
    }
}

/// A find with times; null when it cannot be given any.
fn story(shrunk: &Shrunk) -> Result<JsValue, JsValue> {
    let Some(story) = shrunk.story().map_err(range_error)? else { return Ok(JsValue::NULL) };
    told(&StoryView {
        property: story.property.map(raft_sim::Property::name),
        bytes: story.scenario.to_bytes().map_err(range_error)?,
        title: story.scenario.title.unwrap_or_default(),
        text: story.scenario.text.unwrap_or_default(),
        steps: story.steps,
        step_us: story.step_us,
        ends_us: story.ends_us,
        replays: shrunk.replays,
    })
}

/// As JavaScript has it: objects for records, null for nothing.
fn told(what: &impl Serialize) -> Result<JsValue, JsValue> {
    let serializer = Serializer::new().serialize_maps_as_objects(true).serialize_missing_as_null(true);
    what.serialize(&serializer).map_err(Into::into)
}
