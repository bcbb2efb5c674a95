//! Making a scenario shorter that violates a property: its inputs are left out as long as the same property is violated.

use crate::checkers::Property;
use crate::input::TimedInput;
use crate::scenario::{Scenario, ScenarioError};
use crate::world::World;

/// A scenario made shorter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shortened {
    /// The scenario with the inputs that are left.
    pub scenario: Scenario,
    /// What it violates; none where it violates nothing, and nothing was left out then.
    pub property: Option<Property>,
    /// How many runs were tried.
    pub replays: u64,
}

/// Leaves out inputs, halves first and single ones at last, while the scenario violates the same property within a time.
///
/// # Errors
/// Names the first field of the scenario that is not as expected.
pub fn shorten(scenario: &Scenario, until_us: u64) -> Result<Shortened, ScenarioError> {
    let property = violated(scenario.clone(), until_us)?;
    let mut shortened = Shortened { scenario: scenario.clone(), property, replays: 1 };
    if property.is_none() {
        return Ok(shortened);
    }
    let mut size = shortened.scenario.inputs.len();
    while size > 0 {
        let before = shortened.scenario.inputs.len();
        let mut end = before;
        while end > 0 {
            let begin = end.saturating_sub(size);
            shortened.try_without(begin..end, until_us);
            end = begin.min(shortened.scenario.inputs.len());
        }
        // Single ones are tried until none of them can go.
        if size > 1 || shortened.scenario.inputs.len() == before {
            size /= 2;
        }
    }
    Ok(shortened)
}

impl Shortened {
    fn try_without(&mut self, which: std::ops::Range<usize>, until_us: u64) {
        let keeps = |(at, input): (usize, &TimedInput)| (!which.contains(&at)).then(|| input.clone());
        let inputs = self.scenario.inputs.iter().enumerate().filter_map(keeps).collect();
        let tried = Scenario { inputs, ..self.scenario.clone() };
        self.replays += 1;
        // Without an input that brings a server, others may name one that is not there.
        if violated(tried.clone(), until_us).is_ok_and(|property| property == self.property) {
            self.scenario = tried;
        }
    }
}

fn violated(scenario: Scenario, until_us: u64) -> Result<Option<Property>, ScenarioError> {
    let mut world = World::new(scenario)?;
    world.observe(false);
    world.advance(until_us, u64::MAX);
    Ok(world.violation().map(|violation| violation.property))
}
