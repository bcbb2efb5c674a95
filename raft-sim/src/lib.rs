//! The world around [`raft_core`]: virtual time, a network with walls, disks, clients, faults and checkers.
//!
//! # How a run flows
//!
//! A [`Scenario`] says everything that a run depends on: how many servers, under which conditions, the seed of all
//! chance, and what is done to them when. A [`World`] lives it. It holds one queue of what is due: a message at the end
//! of its way, a save done by a disk, a server to be woken, a client's question or answer. Taking the next of these,
//! handing it to the server it concerns and carrying out what the server asks in return (save this, send that, apply
//! this entry) is an event; time jumps from one event to the next. [`World::advance`] does that for a span of virtual
//! time, [`World::step_event`] once.
//!
//! People and scripts act by [`Input`]s, between events. Each is recorded with its exact place, the moment and how many
//! events of that very microsecond came before it, so [`World::scenario`] is at any time a scenario that lives the same
//! run again.
//!
//! After each step of a server the checkers look whether the paper's five properties (P Fig. 3), what they rest on, and those
//! of changes of members and of reads still hold ([`Property`]); if not, the run stops with a [`Violation`].
//!
//! # What is deterministic
//!
//! All of it: the same scenario gives the same run to the last bit, natively and in WebAssembly, however it is divided
//! into steps and whether or not anybody observes. [`World::fingerprint`] is 64 bits by which to prove that. There are
//! no floats, no hash maps, no clock but the virtual one, and no shared stream of random numbers: every draw is a hash
//! of what it is for ([`raft_core::random`]), so taking one input or one message away leaves the draws for all
//! others as they were.
//!
//! ```
//! use raft_sim::{Input, Scenario, World};
//! let mut world = World::new(Scenario { seed: 42, ..Scenario::default() })?;
//! world.advance(1_000_000, u64::MAX);
//! world.apply(Input::Propose { value: "color=blue".into(), server: None })?;
//! world.advance(1_000_000, u64::MAX);
//! for node in world.servers() {
//!     assert_eq!(node.store().values()["color"], "blue");
//! }
//!
//! // Everything done so far, lived again.
//! let mut again = World::new(world.scenario())?;
//! again.advance(2_000_000, u64::MAX);
//! assert_eq!(again.fingerprint(), world.fingerprint());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod act;
mod act_network;
mod act_server;
mod backlog;
mod begin;
mod cause;
mod checkers;
mod client;
mod client_history;
mod client_options;
mod clock;
mod compact;
mod disk;
pub mod explore;
mod exponential;
pub mod faults;
mod fingerprint;
mod happening;
mod history;
mod initial;
mod input;
mod input_error;
mod linearizability;
mod liveness;
mod network;
mod node;
#[cfg(test)]
mod occurrences;
mod page;
pub mod plain;
mod plain_input;
mod plain_read;
mod plain_write;
pub mod plans;
mod purpose;
mod queue;
mod requests;
mod scenario;
#[cfg(feature = "schema")]
mod schema;
mod short_map;
mod stage;
mod started;
mod store;
mod together;
#[cfg(feature = "trace")]
pub mod trace;
mod view;
mod words;
mod world;

pub use backlog::BACKLOG_MAX;
pub use checkers::{Property, Violation};
pub use client::{ANSWER_WITHIN_US, WAITING_MAX};
pub use client_history::Linearizability;
pub use client_options::{ClientLoop, ReadsBy};
pub use clock::Clock;
pub use disk::Disk;
pub use fingerprint::Fingerprint;
pub use happening::{Happening, Label, Loss, NoRead, RECORDS_KEPT, Record, Retry};
pub use history::{Aspect, BranchView, Difference, History, HistoryError, Mark, Moment, Reason, ServerDifference};
pub use initial::{
    Initial, InitialEntry, InitialKind, InitialMembers, InitialMessage, InitialRole, InitialRun, InitialServer,
    InitialSnapshot,
};
pub use input::{Input, TimedInput, VALUE_CHARS_MAX};
pub use input_error::{InputError, InvalidInput};
pub use linearizability::{ClientOperation, OperationKind};
pub use liveness::{Calm, Progress, Stall};
pub use network::{Fate, Flap, IN_FLIGHT_MAX, InFlight, Link, SEEN_AFTER_END_US};
pub use node::Node;
pub use page::{Bookmark, Page};
pub use scenario::{Scenario, ScenarioError, WorldOptions};
pub use short_map::ShortMap;
pub use stage::{Crossing, Position, Stage, Stops, WHOLE_WAY, Wall, crossing};
pub use store::{Operation, READ_MARK, Store, VALUE_BYTES_MAX, Wanted};
pub use world::{Advanced, World};
