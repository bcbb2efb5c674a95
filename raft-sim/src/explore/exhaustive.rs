//! Every order of steps up to a bound, in a small world: what is not found there is not there.
//!
//! The search goes breadth first: after a level all states are known that so many steps can lead to, so what is found first is as short
//! as it can be. A state is kept as 64 bits ([`Identity`]), and, while it is on the edge of what is known, as the way that leads
//! to it: a byte a step. To go on from it the way is lived again, and as the edge is in the order of its ways, most of each way
//! is that of the one before.
//!
//! A level is cut into chunks, each of which rests on nothing but what was known before the level; they are merged in their order, so
//! it comes to the same however many share the work.
//!
//! That a message is lost is no step: one that is lost is one that never arrives, and any may wait for ever. For the same reason none
//! arrives at a server that is down.

use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;

use raft_core::{Server, ServerId};

use super::action::Action;
use super::field::Field;
use super::goal::Goal;
use super::ground::Ground;
use super::identity::{Identity, OnTheWay};
use super::parts::Parts;
use super::shrink::Shrunk;
use super::small_world::SmallWorld;
use super::ways::Ways;
use crate::checkers::Property;
use crate::network::at;
use crate::scenario::ScenarioError;

/// What can be done next in some state.
#[derive(Clone, Debug)]
enum Move {
    Deliver(u32),
    Duplicate(u32),
    Act(Action),
}

/// A state, with how much was done of what is bounded.
#[derive(Clone, Debug)]
struct Spot {
    field: Field,
    crashes: u32,
    duplicates: u32,
}

impl Spot {
    fn go_where(&mut self, other: &Self) {
        self.field.go_where(&other.field);
        (self.crashes, self.duplicates) = (other.crashes, other.duplicates);
    }

    const fn spent(&self) -> [u32; 3] {
        [self.field.written(), self.crashes, self.duplicates]
    }

    fn take(&mut self, next: &Move) -> Option<Action> {
        match next {
            Move::Deliver(slot) => self.field.deliver(*slot),
            Move::Duplicate(slot) => {
                self.duplicates += 1;
                self.field.duplicate(*slot)
            }
            Move::Act(action) => {
                self.crashes += u32::from(matches!(action, Action::Crash(_)));
                self.field.perform(action)
            }
        }
    }

    /// All that can be done next, in an order that rests on nothing but how one came here.
    fn moves(&self, small: &SmallWorld, identity: &mut Identity, moves: &mut Vec<Move>) {
        moves.clear();
        let world = self.field.world();
        let says = |message: &OnTheWay| (message.from, message.to, message.says);
        let all = identity.on_the_way(&self.field);
        for message in all {
            // Of messages that say the same, the first that was sent arrives.
            let is_first = all.iter().all(|other| other.id >= message.id || says(other) != says(message));
            if is_first && world.nodes[at(message.to)].is_up() {
                moves.push(Move::Deliver(message.slot));
                if self.duplicates < small.duplicates {
                    moves.push(Move::Duplicate(message.slot));
                }
            }
        }
        for node in &world.nodes {
            let id = node.id();
            let mut may = |action: fn(ServerId) -> Action| moves.push(Move::Act(action(id)));
            let Some(server) = node.server() else {
                may(Action::Restart);
                continue;
            };
            if server.is_leader() {
                may(Action::Heartbeat);
                if self.field.written() < small.writes {
                    may(Action::Propose);
                }
            } else if Server::current_term(server).0 < u64::from(small.terms) {
                may(Action::TimeOut);
            }
            if self.crashes < small.crashes {
                may(Action::Crash);
            }
        }
    }
}

/// What the states of a chunk lead to.
#[derive(Clone, Debug)]
pub struct Expanded {
    /// How many steps were taken.
    steps: u64,
    /// How many states of the level this is about.
    states: u64,
    /// What they led to that was not known before the level, and the ways there, one behind another.
    found: Vec<u64>,
    ways: Vec<u8>,
    violation: Option<Vec<u8>>,
}

/// A level as far as it is done: at first not at all.
#[derive(Clone, Debug, Default)]
pub struct Level {
    fresh: Parts,
    ways: Ways,
    steps: u64,
    states: u64,
    violation: Option<Vec<u8>>,
}

/// How far a search came, in numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tally {
    /// Up to how many steps everything was tried.
    pub depth: u32,
    /// Of the states from which the next step leads further, how many were tried, and how many there are.
    pub beyond: (u64, u64),
    /// How many states there were, each counted as often as it was come to.
    pub all: u64,
    /// How many of them were different.
    pub unique: u64,
    /// How many bytes it takes to know them.
    pub bytes: u64,
}

/// A search that tries everything.
#[derive(Debug)]
pub struct Exhaustive {
    small: SmallWorld,
    ground: Arc<Ground>,
    begin: Spot,
    depth: u32,
    seen: Parts,
    /// The ways to the states of the latest level, each of `depth` bytes.
    edge: Ways,
    all: u64,
}

impl Exhaustive {
    /// How many states a chunk has.
    pub const CHUNK: u64 = 256;

    /// A search at its beginning.
    ///
    /// # Errors
    /// Names the first bound that is out of its range.
    pub fn new(small: SmallWorld) -> Result<Self, ScenarioError> {
        let ground = Arc::new(small.ground()?);
        let begin = Spot { field: Field::new(ground.clone())?, crashes: 0, duplicates: 0 };
        let mut seen = Parts::default();
        let first = identity(&small).of(&begin.field, begin.spent());
        seen.insert(first);
        let mut edge = Ways::default();
        edge.push(&[]);
        Ok(Self { small, ground, begin, depth: 0, seen, edge, all: 1 })
    }

    /// The world in which it takes place.
    #[must_use]
    pub const fn small_world(&self) -> &SmallWorld {
        &self.small
    }

    /// The chunks of the next level; none when nothing leads further.
    #[must_use]
    pub fn chunks(&self) -> Vec<Range<u64>> {
        (0..self.edge.count().div_ceil(Self::CHUNK))
            .map(|chunk| chunk * Self::CHUNK..((chunk + 1) * Self::CHUNK).min(self.edge.count()))
            .collect()
    }

    /// Takes every step from every state of a chunk. With a violation it ends.
    #[must_use]
    pub fn expand(&self, chunk: &Range<u64>) -> Expanded {
        let mut expanded = Expanded { steps: 0, states: 0, found: Vec::new(), ways: Vec::new(), violation: None };
        let length = self.depth as usize;
        let mut identity = identity(&self.small);
        // The states along the way, with what can be done in each.
        let mut along = vec![(self.begin.clone(), Vec::new()); length + 1];
        let mut next = self.begin.clone();
        let mut before: &[u8] = &[];
        let begin =
            |spot: &Spot, moves: &mut Vec<Move>, identity: &mut Identity| spot.moves(&self.small, identity, moves);
        let (spot, moves) = &mut along[0];
        begin(spot, moves, &mut identity);
        for state in chunk.clone() {
            let way = self.edge.get(state, length);
            let common = way.iter().zip(before).take_while(|(a, b)| a == b).count();
            for step in common..length {
                if let [(spot, moves), (further, then), ..] = &mut along[step..] {
                    further.go_where(spot);
                    further.take(&moves[usize::from(way[step])]);
                    begin(further, then, &mut identity);
                }
            }
            before = way;
            let (spot, moves) = &along[length];
            expanded.states += 1;
            for (number, step) in (0_u8..).zip(moves) {
                next.go_where(spot);
                if next.take(step).is_none() {
                    continue;
                }
                expanded.steps += 1;
                if next.field.world().violation().is_some() {
                    expanded.violation = Some([way, &[number]].concat());
                    return expanded;
                }
                let hash = identity.of(&next.field, next.spent());
                if !self.seen.contains(hash) {
                    expanded.found.push(hash);
                    expanded.ways.extend_from_slice(way);
                    expanded.ways.push(number);
                }
            }
        }
        expanded
    }

    /// Ends a level whose chunks were all taken in: one more step is known now. With a violation it was not finished, and
    /// nothing is.
    pub fn finish(&mut self, level: Level) {
        if level.violation.is_some() || level.states < self.edge.count() {
            return;
        }
        self.depth += 1;
        self.all += level.steps;
        self.edge = level.ways;
        self.seen.extend(level.fresh);
    }

    /// Lives the next level alone. What violates a property, if something does.
    pub fn deepen(&mut self) -> Option<Shrunk> {
        let mut level = Level::default();
        for chunk in self.chunks() {
            level.take(self.expand(&chunk));
            if let Some(found) = self.violation(&level) {
                return Some(found);
            }
        }
        self.finish(level);
        None
    }

    /// What a level has found that violates a property. It could not be shorter.
    #[must_use]
    pub fn violation(&self, level: &Level) -> Option<Shrunk> {
        let way = level.violation.as_ref()?;
        let (mut spot, mut moves, mut identity) = (self.begin.clone(), Vec::new(), identity(&self.small));
        let mut actions = Vec::with_capacity(way.len());
        for &number in way {
            spot.moves(&self.small, &mut identity, &mut moves);
            actions.extend(spot.take(&moves[usize::from(number)]));
        }
        let property = spot.field.world().violation().map(|violation| violation.property);
        let goal = Goal::Violation;
        Some(Shrunk { ground: self.ground.clone(), goal, property, actions, replays: 0 })
    }

    /// How far it came, with a level that is not finished, if there is one.
    #[must_use]
    pub fn tally(&self, level: Option<&Level>) -> Tally {
        let known = Tally {
            depth: self.depth,
            beyond: (0, self.edge.count()),
            all: self.all,
            unique: self.seen.len(),
            bytes: self.seen.bytes() + self.edge.bytes(),
        };
        level.map_or(known, |level| Tally {
            beyond: (level.states, self.edge.count()),
            all: known.all + level.steps,
            unique: known.unique + level.fresh.len(),
            bytes: known.bytes + level.bytes(),
            ..known
        })
    }

    /// What a search that came so far says, and what it does not.
    #[must_use]
    pub fn says(&self, tally: &Tally, found: Option<(Property, usize)>) -> String {
        let SmallWorld { servers, rules_off, noop_on_election, terms, writes, crashes, duplicates, symmetry } =
            &self.small;
        let mut text = match found {
            Some((property, steps)) => format!(
                "{} is violated after {steps} steps, and by no fewer: everything of up to {} steps was tried",
                property.name(),
                tally.depth
            ),
            None => format!("No property is violated by anything of up to {} steps", tally.depth),
        };
        let _ = write!(
            text,
            ". That is every order of messages that arrive, timers that run out, heartbeats, writes and crashes, with {servers} \
             servers, terms up to {terms}, {} by each leader at the beginning of its term, {writes} writes, {crashes} crashes and \
             {duplicates} messages doubled. Lost messages are in it: they are those that never arrive.",
            if *noop_on_election { "an entry" } else { "no entry" },
        );
        if !rules_off.is_empty() {
            let names: Vec<&str> = rules_off.iter().map(|rule| rule.name()).collect();
            let _ = write!(text, " The servers do not follow {}.", names.join(", "));
        }
        let (tried, of) = tally.beyond;
        if found.is_none() && of == 0 {
            text.push_str(" There is nothing beyond: no step leads to a new state.");
        } else if tried > 0 {
            let _ = write!(text, " Of the {of} states there, {tried} were tried one step further.");
        }
        if found.is_none() {
            text.push_str(
                " It says nothing of what lies beyond these bounds, nor of slow disks, snapshots, changes of members, reads and \
                 clocks, which are not in it.",
            );
        }
        let _ = write!(
            text,
            " {}States are told apart by 64 bits; that two of these {} had the same by chance is as likely as about 1 in {}.",
            if *symmetry { "States in which servers have changed places are one. " } else { "" },
            tally.unique,
            one_in(tally.unique),
        );
        text
    }
}

/// One in how many times some of so many states have the same 64 bits (the birthday bound).
fn one_in(states: u64) -> u128 {
    let pairs = (u128::from(states) * u128::from(states.saturating_sub(1)) / 2).max(1);
    (1_u128 << 64) / pairs
}

fn identity(small: &SmallWorld) -> Identity {
    Identity::new(small.servers as usize, small.symmetry, small.rounds_count())
}

impl Level {
    /// Takes in what came of a chunk: of all chunks in their order. After a violation nothing more is taken in.
    pub fn take(&mut self, expanded: Expanded) {
        if self.violation.is_some() {
            return;
        }
        self.steps += expanded.steps;
        self.states += expanded.states;
        let length = expanded.ways.len() / expanded.found.len().max(1);
        for (number, hash) in expanded.found.into_iter().enumerate() {
            if self.fresh.insert(hash) {
                self.ways.push(&expanded.ways[number * length..(number + 1) * length]);
            }
        }
        self.violation = expanded.violation;
    }

    /// How many bytes it takes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.fresh.bytes() + self.ways.bytes()
    }

    /// Whether something violates a property.
    #[must_use]
    pub const fn is_violated(&self) -> bool {
        self.violation.is_some()
    }
}
