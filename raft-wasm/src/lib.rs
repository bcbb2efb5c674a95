//! The thin door between the Raft Playground's world and JavaScript: one class, [`Playground`].
//!
//! Nothing is decided here. What is drawn in every frame is read from linear memory ([`Playground::frame`]); what is read
//! on demand crosses as plain objects; whatever comes from outside is checked by raft-sim and answered with a `TypeError`
//! or `RangeError` that names what was wrong.

#[cfg(feature = "explore")]
mod explore;
mod frame;
mod read;
mod records;
mod state;
#[cfg(test)]
mod tests;
#[cfg(all(test, feature = "explore"))]
mod tests_explore;
#[cfg(feature = "trace")]
mod trace;
mod write;

use js_sys::{RangeError, TypeError};
use raft_core::{Index, ServerId};
use raft_sim::plain::{Tree, Wrong};
use raft_sim::{BranchView, History, Input, Mark, Moment, Page, Record, Scenario};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::frame::{Frame, push_entries};
use crate::read::{SAFE_INTEGER_MAX, number_text, tree};
use crate::state::{ServerView, StateView, entries};

/// The most cells of one log that are asked for at once: more than the widest screen shows.
const CELLS_MAX: usize = 4_096;

/// Half the size of the standard library's allocator for this target, which is paid by every reader of the page.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// Bits of what [`Playground::advance`] and [`Playground::step`] return.
mod flag {
    /// The time asked for was reached.
    pub(crate) const REACHED: u32 = 1;
    /// A property is violated; the run has stopped.
    pub(crate) const VIOLATION: u32 = 2;
    /// A server began to lead.
    pub(crate) const LEADER: u32 = 4;
    /// Something was committed.
    pub(crate) const COMMIT: u32 = 8;
    /// Anything happened.
    pub(crate) const ANY: u32 = 16;
}

/// How many bytes the checkpoints of a run take at most: a page that plays for long comes to rest at that within minutes, and any
/// moment is still a few milliseconds away.
const CHECKPOINT_BYTES: usize = 12 << 20;

/// Says on the console where Rust panicked, should it ever.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// One run of a cluster.
#[wasm_bindgen]
pub struct Playground {
    history: History,
    frame: Frame,
}

#[wasm_bindgen]
impl Playground {
    /// A run from a scenario object; `{}` is five servers with seed 0.
    ///
    /// # Errors
    /// `TypeError` when the object is no scenario, `RangeError` when a value is out of its range.
    #[wasm_bindgen(constructor)]
    pub fn new(scenario: JsValue) -> Result<Self, JsValue> {
        let scenario = tree(&scenario).and_then(Scenario::read_from).map_err(type_error)?;
        let history = History::with_budget(scenario, CHECKPOINT_BYTES).map_err(range_error)?;
        Ok(Self { history, frame: Frame::default() })
    }

    /// A seed that nobody has seen, 0 to 2^53 - 1.
    ///
    /// # Errors
    /// When the browser has no source of randomness.
    pub fn fresh_seed() -> Result<f64, JsValue> {
        let bits = getrandom::u64().map_err(|error| js_sys::Error::new(&error.to_string()))?;
        #[allow(clippy::cast_precision_loss)] // 53 bits are exact.
        Ok((bits >> 11) as f64)
    }

    /// Lets `us` microseconds pass, or fewer when `max_steps` steps were taken first. Returns flags: 1 the time was
    /// reached, 2 a property is violated, 4 a server began to lead, 8 something was committed, 16 anything happened.
    ///
    /// # Errors
    /// `RangeError` unless both are whole numbers from 0 to 2^53 - 1.
    pub fn advance(&mut self, us: f64, max_steps: f64) -> Result<u32, JsValue> {
        let (us, max_steps) = (whole_number(us, "us")?, whole_number(max_steps, "max_steps")?);
        Ok(self.noting_changes(|history| {
            let advanced = history.advance(us, max_steps);
            (advanced.reached, advanced.steps > 0)
        }))
    }

    /// Lets the next event happen, whenever it is due. Returns the flags of `advance`.
    pub fn step(&mut self) -> u32 {
        self.noting_changes(|history| {
            let stepped = history.step_event();
            (stepped, stepped)
        })
    }

    /// Virtual microseconds since the start.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // A run of 285 years is still exact.
    pub fn time_us(&self) -> f64 {
        self.history.world().now().0 as f64
    }

    /// The number of the latest event.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // Far below 2^53.
    pub fn event_count(&self) -> f64 {
        self.history.world().event_count() as f64
    }

    /// 16 hexadecimal digits over the whole state of the world.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        format!("{:016x}", self.history.world().fingerprint())
    }

    /// Does something to the world, now.
    ///
    /// # Errors
    /// `TypeError` when the object is no input, `RangeError` when it names what is not there or would change nothing. The
    /// world is then as it was.
    pub fn apply(&mut self, input: JsValue) -> Result<(), JsValue> {
        let input = tree(&input).and_then(Input::read_from).map_err(type_error)?;
        self.history.apply(input).map_err(range_error)
    }

    /// Refreshes the records that are drawn, and returns the address of their header in linear memory. The next call into
    /// this instance may move them.
    pub fn frame(&mut self) -> u32 {
        self.frame.refresh(self.history.world())
    }

    /// The whole cluster as a plain object.
    ///
    /// # Errors
    /// None that a world can cause.
    pub fn state(&self) -> Result<JsValue, JsValue> {
        to_js(&StateView::of(self.history.world(), true))
    }

    /// The same without what takes long in a long run: the logs are left empty, and so is the fingerprint.
    ///
    /// # Errors
    /// None that a world can cause.
    pub fn standing(&self) -> Result<JsValue, JsValue> {
        to_js(&StateView::of(self.history.world(), false))
    }

    /// How the history of the clients stands, as [`state`](Self::state) has it.
    ///
    /// # Errors
    /// None that a world can cause.
    pub fn linearizability(&self) -> Result<JsValue, JsValue> {
        to_js(&self.history.world().linearizability())
    }

    /// One server as [`state`](Self::state) has it, with an empty log; null when there is none of this number.
    ///
    /// # Errors
    /// `RangeError` unless it is a whole number from 0 to 2^53 - 1.
    pub fn server(&self, server: f64) -> Result<JsValue, JsValue> {
        let (world, id) = (self.history.world(), ServerId(small_number(server, "server")?));
        let node = world.servers().iter().find(|node| node.id() == id);
        to_js(&node.map(|node| ServerView::of(node, world, false)))
    }

    /// A window on the logs, log by log: of each of `servers` servers from number `server` on, the entries of `count` indexes from
    /// `first` on, as lanes that a frame's tails have; 0 where there is no entry.
    ///
    /// # Errors
    /// `RangeError` unless all are whole numbers from 0 to 2^53 - 1, and `count` is at most 4,096.
    pub fn cells(&self, first: f64, count: f64, server: f64, servers: f64) -> Result<Vec<u32>, JsValue> {
        let (first, count) = (Index(whole_number(first, "first")?), small_number(count, "count")? as usize);
        let (server, servers) = (small_number(server, "server")? as usize, small_number(servers, "servers")? as usize);
        if count > CELLS_MAX {
            return Err(range_error(format!("count is {count}; expected at most {CELLS_MAX}")));
        }
        let mut cells = Vec::new();
        for node in self.history.world().servers().iter().skip(server.saturating_sub(1)).take(servers) {
            push_entries(&mut cells, node, first, count);
        }
        Ok(cells)
    }

    /// At most `count` entries of a server's log, from index `first` on; none of a server that is not there.
    ///
    /// # Errors
    /// `RangeError` unless all are whole numbers from 0 to 2^53 - 1.
    pub fn entries(&self, server: f64, first: f64, count: f64) -> Result<JsValue, JsValue> {
        let (id, first) = (ServerId(small_number(server, "server")?), Index(whole_number(first, "first")?));
        let count = whole_number(count, "count")?;
        let node = self.history.world().servers().iter().find(|node| node.id() == id);
        to_js(&node.map_or_else(Vec::new, |node| entries(node, first, count)))
    }

    /// At most `max` of the kept events after number `after`, oldest first.
    ///
    /// # Errors
    /// `RangeError` unless both are whole numbers from 0 to 2^53 - 1.
    pub fn events(&mut self, after: f64, max: f64) -> Result<JsValue, JsValue> {
        let (after, max) = (whole_number(after, "after")?, whole_number(max, "max")?);
        let max = usize::try_from(max).unwrap_or(usize::MAX);
        let records = self.history.events_since(after).take(max).map(Record::to_tree).collect::<Result<Vec<_>, _>>();
        write::value(&Tree::List(records.map_err(range_error)?))
    }

    /// The run so far as few bytes, for a link, with what the page keeps beside it: left out, what came with the scenario.
    ///
    /// # Errors
    /// `TypeError` or `RangeError` that names the first field of `page` that is not as expected.
    pub fn encode(&self, page: &JsValue) -> Result<Vec<u8>, JsValue> {
        let mut scenario = self.history.world().scenario();
        if !page.is_undefined() {
            let page: Page = tree(page).and_then(TryInto::try_into).map_err(type_error)?;
            page.check().map_err(range_error)?;
            scenario.page = Some(page).filter(|page| !page.bookmarks.is_empty());
        }
        scenario.to_bytes().map_err(range_error)
    }

    /// The scenario object that such bytes stand for.
    ///
    /// # Errors
    /// `TypeError` when they stand for none. Whether it can be lived is for the constructor to say.
    pub fn decode(bytes: &[u8]) -> Result<JsValue, JsValue> {
        to_js(&Scenario::from_bytes(bytes).map_err(type_error)?)
    }

    /// The run so far: what started it, and every input at its moment.
    ///
    /// # Errors
    /// None that a world can cause.
    pub fn scenario(&self) -> Result<JsValue, JsValue> {
        to_js(&self.history.world().scenario())
    }

    /// Goes to a moment of what this branch has lived: after so many events of that microsecond, or after all of them.
    ///
    /// # Errors
    /// `RangeError` when that is not a moment, or the branch has not lived so far.
    pub fn seek(&mut self, time_us: f64, events: Option<f64>) -> Result<(), JsValue> {
        let time_us = whole_number(time_us, "time_us")?;
        let events = events.map_or(Ok(u64::MAX), |events| whole_number(events, "events"))?;
        let events = u32::try_from(events).unwrap_or(u32::MAX);
        self.history.seek(Moment { time_us, events }).map_err(range_error)
    }

    /// How many events of its microsecond have happened: the other half of this moment, for `seek`.
    #[must_use]
    pub fn events_of_now(&self) -> u32 {
        self.history.moment().events
    }

    /// Goes back to the last event before this moment. False at the beginning.
    pub fn step_back(&mut self) -> bool {
        self.history.step_back()
    }

    /// Goes to the next `leader`, `commit`, `violation` or `input` that this branch has lived, or back to the last one. Returns
    /// the number of the event, or 0 when there is none.
    ///
    /// # Errors
    /// `RangeError` when `kind` is none of these.
    #[allow(clippy::cast_precision_loss)] // Far below 2^53.
    pub fn jump(&mut self, kind: &str, forward: bool) -> Result<f64, JsValue> {
        let mark = match kind {
            "leader" => Mark::Leader,
            "commit" => Mark::Commit,
            "violation" => Mark::Violation,
            "input" => Mark::Input,
            _ => return Err(range_error(format!("kind is {kind}; expected leader, commit, violation or input"))),
        };
        Ok(self.history.jump(mark, forward).unwrap_or(0) as f64)
    }

    /// The number of the present branch, from 0.
    #[must_use]
    pub fn branch(&self) -> u32 {
        self.history.branch()
    }

    /// All branches: number, name, parent, where they forked off and how far they were lived.
    ///
    /// # Errors
    /// None that a history can cause.
    pub fn branches(&self) -> Result<JsValue, JsValue> {
        to_js(&self.history.branches().collect::<Vec<BranchView<'_>>>())
    }

    /// Goes over to another branch: to this moment there, or to the end of what was lived of it.
    ///
    /// # Errors
    /// `RangeError` when there is no such branch.
    pub fn switch_branch(&mut self, branch: f64) -> Result<(), JsValue> {
        self.history.switch(small_number(branch, "branch")?).map_err(range_error)
    }

    /// Gives a branch a name.
    ///
    /// # Errors
    /// `RangeError` when there is no such branch, or the name is not of 1 to 64 characters without control characters.
    pub fn rename_branch(&mut self, branch: f64, name: &str) -> Result<(), JsValue> {
        self.history.rename(small_number(branch, "branch")?, name).map_err(range_error)
    }

    /// Where the events of two branches part, and what is not the same at the latest moment that both have lived.
    ///
    /// # Errors
    /// `RangeError` when there is no such branch.
    pub fn diff(&self, a: f64, b: f64) -> Result<JsValue, JsValue> {
        to_js(&self.history.diff(small_number(a, "a")?, small_number(b, "b")?).map_err(range_error)?)
    }

    /// Why an event happened, or how an entry came with it: the events without which it would not have, itself first; null when
    /// there is no such event.
    ///
    /// # Errors
    /// `RangeError` unless both are whole numbers from 0 to 2^53 - 1.
    pub fn why(&self, event: f64, entry: Option<f64>) -> Result<JsValue, JsValue> {
        let entry = Index(whole_number(entry.unwrap_or(0.0), "entry")?);
        to_js(&self.history.why_entry(whole_number(event, "event")?, entry))
    }

    /// Why a server leads, or did last; null when it never did.
    ///
    /// # Errors
    /// `RangeError` unless it is a whole number from 0 to 2^53 - 1.
    pub fn why_leader(&self, server: f64) -> Result<JsValue, JsValue> {
        to_js(&self.history.why_leader(ServerId(small_number(server, "server")?)))
    }

    /// Why an entry is committed; null when it is not.
    ///
    /// # Errors
    /// `RangeError` unless it is a whole number from 0 to 2^53 - 1.
    pub fn why_committed(&self, index: f64) -> Result<JsValue, JsValue> {
        to_js(&self.history.why_committed(Index(whole_number(index, "index")?)))
    }

    /// Up to which virtual microsecond this branch was lived.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // A run of 285 years is still exact.
    pub fn lived_us(&self) -> f64 {
        self.history.lived().time_us as f64
    }
}

impl Playground {
    fn noting_changes(&mut self, act: impl FnOnce(&mut History) -> (bool, bool)) -> u32 {
        let (leaders, commits) = (self.history.world().leader_changes(), self.history.world().commits());
        let (reached, happened) = act(&mut self.history);
        let mut flags = 0;
        let mut set = |condition: bool, bit: u32| flags |= if condition { bit } else { 0 };
        set(reached, flag::REACHED);
        set(self.history.world().violation().is_some(), flag::VIOLATION);
        set(self.history.world().leader_changes() != leaders, flag::LEADER);
        set(self.history.world().commits() != commits, flag::COMMIT);
        set(happened, flag::ANY);
        flags
    }
}

#[allow(clippy::needless_pass_by_value)] // For map_err.
fn type_error(wrong: Box<Wrong>) -> JsValue {
    TypeError::new(&wrong.to_string()).into()
}

fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    write::value(&Tree::of(value).map_err(range_error)?)
}

#[allow(clippy::needless_pass_by_value)] // For map_err.
fn range_error(error: impl ToString) -> JsValue {
    RangeError::new(&error.to_string()).into()
}

/// A number of a server or a branch: what is larger than any of them is as unknown as the largest.
fn small_number(number: f64, name: &str) -> Result<u32, JsValue> {
    whole_number(number, name).map(|number| u32::try_from(number).unwrap_or(u32::MAX))
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // It is checked just before.
fn whole_number(number: f64, name: &str) -> Result<u64, JsValue> {
    if (0.0..=SAFE_INTEGER_MAX).contains(&number) && number.fract() == 0.0 {
        Ok(number as u64)
    } else {
        let found = number_text(number);
        Err(range_error(format!("{name} is {found}; expected a whole number from 0 to 2^53 - 1")))
    }
}
