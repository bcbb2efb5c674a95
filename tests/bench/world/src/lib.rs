//! The worlds that are measured, for a native program and for a browser alike.

#[path = "../../../../raft-sim/benches/scenes/mod.rs"]
mod scenes;

use std::cell::RefCell;

use raft_sim::{Scenario, World};

/// What a cluster does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scene {
    /// Nothing but heartbeats, every 50 ms.
    Idle,
    /// A thousand writes a second, of ten clients that do not wait for each other; 1 % of all messages is lost, and a snapshot
    /// is taken every thousand entries.
    Busy,
}

impl Scene {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Idle, Self::Busy];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Busy => "busy",
        }
    }

    /// A world in which this has gone on for two seconds: a leader is there, and all that grows at first has grown. All
    /// checks are on; nobody observes.
    ///
    /// # Panics
    /// When the options cannot be: never.
    #[must_use]
    #[allow(clippy::expect_used)]
    pub fn world(self, servers: u32) -> World {
        let options = match self {
            Self::Idle => scenes::idle(),
            Self::Busy => scenes::busy(),
        };
        let scenario = Scenario { servers, seed: 1, options, ..Scenario::default() };
        let mut world = World::new(scenario).expect("a world that can be");
        world.observe(false);
        world.advance(2_000_000, u64::MAX);
        world
    }
}

thread_local! {
    static WORLD: RefCell<Option<World>> = const { RefCell::new(None) };
}

/// For a browser: makes a world ready, of the scene with this number.
#[unsafe(no_mangle)]
pub extern "C" fn begin(scene: u32, servers: u32) {
    WORLD.set(Some(Scene::ALL[scene as usize % Scene::ALL.len()].world(servers)));
}

/// For a browser: lets it live for so many seconds, and says how many events that were.
#[unsafe(no_mangle)]
pub extern "C" fn live(seconds: u32) -> u32 {
    WORLD.with_borrow_mut(|world| {
        let Some(world) = world else { return 0 };
        let before = world.events();
        world.advance(u64::from(seconds) * 1_000_000, u64::MAX);
        (world.events() - before) as u32
    })
}
