//! A run written down as a trace, for files: in a module of its own, since few who see the page ever want one.

use raft_sim::trace::Header;
use raft_sim::{Moment, Scenario, World};
use wasm_bindgen::prelude::*;

use crate::{range_error, type_error, whole_number};

/// A run that is lived once more, with all that happens in it written down as `docs/trace.md` has it.
#[wasm_bindgen]
pub struct Trace {
    world: World,
    /// The first line, until it is fetched.
    header: Option<Header>,
    to: Moment,
    done: bool,
}

#[wasm_bindgen]
impl Trace {
    /// The run that the bytes of `Playground.encode` stand for, up to a moment: after so many events of that microsecond.
    ///
    /// # Errors
    /// `TypeError` when the bytes stand for no scenario, `RangeError` when that cannot be lived or a trace has no word for what is
    /// done in it, or when the numbers are no moment.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: &[u8], time_us: f64, events: f64) -> Result<Self, JsValue> {
        let (time_us, events) = (whole_number(time_us, "time_us")?, whole_number(events, "events")?);
        let to = Moment { time_us, events: u32::try_from(events).unwrap_or(u32::MAX) };
        let scenario = Scenario::from_bytes(bytes).map_err(type_error)?;
        let (mut world, header) = World::traced(scenario).map_err(range_error)?;
        world.observe(false);
        Ok(Self { world, header: Some(header), to, done: false })
    }

    /// What at most so many further steps bring about, as lines; nothing once all is written.
    ///
    /// # Errors
    /// `RangeError` unless it is a whole number from 0 to 2^53 - 1.
    pub fn lines(&mut self, max_steps: f64) -> Result<Option<String>, JsValue> {
        let max_steps = whole_number(max_steps, "max_steps")?;
        if self.done {
            return Ok(None);
        }
        let mut text = self.header.take().map_or_else(String::new, |header| header.to_json() + "\n");
        // The last microsecond is lived as a whole: it may end in the middle.
        let there = self.to.time_us.checked_sub(1).is_none_or(|before| {
            let advanced = self.world.advance(before.saturating_sub(self.world.now().0), max_steps);
            advanced.reached || advanced.violation
        });
        if there {
            self.world.live_to(self.to);
            self.done = true;
        }
        for line in self.world.take_trace() {
            text += &line.to_json();
            text.push('\n');
        }
        Ok(Some(text))
    }
}
