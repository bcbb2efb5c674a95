//! Finding out what can happen: a world driven step by step, in any order, until a property is violated or a goal is
//! reached; and making what was found as short as it can be.
//!
//! # Steps, not time
//!
//! In a run as it is lived, time decides what comes next. Most orders of events are then very rare: that a message arrives
//! after three elections takes a delay that long. Here, whatever could come next may ([`Action`]): any message on its way may
//! arrive, any timer run out, any server crash. Each step takes the same little time, shorter than any timer, so
//! nothing runs out by itself; where clocks are what matters, letting time pass is a step as well. What is found is given its
//! times afterwards ([`Story`]), and is then a scenario like any other.
//!
//! # A search can be repeated
//!
//! A [`Search`] is a seed, a [`Ground`] and a [`Goal`]. Its work is cut into epochs ([`Search::epoch`]), which rest on nothing but
//! their number: however many share the work, the same is found.
//!
//! # Everything, in a small world
//!
//! A search finds what it happens upon. An [`Exhaustive`] one tries every step from every state, and so can say that there is nothing;
//! but only of a [`SmallWorld`], and up to a number of steps.

mod action;
mod ask;
#[cfg(test)]
pub(crate) mod breaches;
mod chance;
mod coverage;
mod exhaustive;
mod field;
mod goal;
mod ground;
mod identity;
mod parts;
mod pieces;
mod search;
mod shorten;
mod shrink;
mod small_world;
mod story;
mod strategy;
mod telling;
mod ways;

pub use action::{Action, Kind, Sign};
pub use ask::{Ask, On};
pub use exhaustive::{Exhaustive, Expanded, Level, Tally};
pub use goal::{Expression, Goal, NamedGoal, Watch};
pub use ground::{Ground, Weights};
pub use pieces::{Bounds, Ended, Pieces};
pub use search::{Epoch, Found, Search, Shares};
pub use shorten::{Shortened, shorten};
pub use shrink::Shrunk;
pub use small_world::SmallWorld;
pub use story::Story;
pub use strategy::Strategy;
