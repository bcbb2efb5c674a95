//! How what a search tells is held against a world that is lived like any other.

use raft_sim::{Property, Scenario, World};

/// What a scenario violates within a time, from its JSON.
pub(crate) fn violated(scenario: &Scenario, until_us: u64) -> Option<Property> {
    let json = serde_json::to_string(scenario).unwrap();
    let mut world = World::new(serde_json::from_str(&json).unwrap()).unwrap();
    world.advance(until_us, u64::MAX);
    world.violation().map(|violation| violation.property)
}
