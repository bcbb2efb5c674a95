//! A world that is driven step by step: whatever is on its way arrives when it is told to, and not by itself.

use std::cmp::Reverse;
use std::sync::Arc;

use raft_core::{Input as CoreInput, ServerId};

use super::action::{Action, Sign};
use super::goal::Goal;
use super::ground::Ground;
use crate::input::Input;
use crate::network::{Fate, at};
use crate::scenario::{MINUTE_US, ScenarioError};
use crate::world::World;

/// A world at some step of a run.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    ground: Arc<Ground>,
    /// Before the first step.
    start: World,
    world: World,
    /// How many steps were taken.
    taken: u32,
    /// How many things were handed to leaders to write: each writes another value.
    written: u32,
    /// How many reads were asked for.
    read: u32,
    /// How long was waited, in microseconds.
    waited_us: u64,
    /// How long the latest step took, and how long all those took since that came to nothing: whatever was asked for was refused.
    latest_us: u64,
    in_vain_us: u64,
    /// Which message the latest step was about, and what was done to the world by it.
    touched: Option<u64>,
    latest_input: Option<Input>,
}

/// The most time that is let pass in a run: no message arrives by itself within it.
const WAITED_US_MAX: u64 = MINUTE_US - 5_000_000;

impl Field {
    /// A world at its beginning.
    ///
    /// # Errors
    /// Names the first field of the ground that is out of its range.
    pub(crate) fn new(ground: Arc<Ground>) -> Result<Self, ScenarioError> {
        let mut start = World::new(ground.scenario(false)?)?;
        start.observe(false);
        #[cfg(test)]
        {
            start.breach = ground.breach;
        }
        start.advance(0, u64::MAX);
        Ok(Self {
            world: start.clone(),
            start,
            ground,
            taken: 0,
            written: 0,
            read: 0,
            waited_us: 0,
            latest_us: 0,
            in_vain_us: 0,
            touched: None,
            latest_input: None,
        })
    }

    /// Back to the beginning.
    pub(crate) fn begin_anew(&mut self) {
        self.world.clone_from(&self.start);
        (self.taken, self.written, self.read, self.waited_us, self.in_vain_us) = (0, 0, 0, 0, 0);
    }

    /// Goes to where another on the same ground stands.
    pub(crate) fn go_where(&mut self, other: &Self) {
        self.world.clone_from(&other.world);
        (self.taken, self.written, self.read, self.waited_us, self.in_vain_us) =
            (other.taken, other.written, other.read, other.waited_us, other.in_vain_us);
    }

    /// The message that the latest step was about.
    pub(crate) const fn touched(&self) -> Option<u64> {
        self.touched
    }

    /// What the latest step did to the world, unless it was about a message.
    pub(crate) fn latest_input(&self) -> Option<Input> {
        self.latest_input.clone()
    }

    pub(crate) const fn world(&self) -> &World {
        &self.world
    }

    pub(crate) fn ground(&self) -> &Ground {
        &self.ground
    }

    /// How many steps were taken.
    pub(crate) const fn taken(&self) -> u32 {
        self.taken
    }

    /// How many things were handed to leaders to write.
    pub(crate) const fn written(&self) -> u32 {
        self.written
    }

    /// How many reads were asked for.
    pub(crate) const fn read(&self) -> u32 {
        self.read
    }

    /// Whether so much time may be let pass.
    pub(crate) const fn may_wait(&self, us: u64) -> bool {
        self.waited_us + us <= WAITED_US_MAX
    }

    /// Where the message on its way stands that looks most like this; of several the one whose term is nearest, as all terms are
    /// lower where an election was left out; and of those the one that was sent first.
    pub(crate) fn find(&self, sign: &Sign) -> Option<u32> {
        let alike = self.world.network.slots_in_flight().filter_map(|(slot, guest)| {
            let found = Sign::of(guest.message());
            let likeness = found.likeness(sign);
            let apart = found.term.0.abs_diff(sign.term.0);
            (likeness > 0).then_some((likeness, Reverse(apart), Reverse(guest.id()), slot))
        });
        alike.max().map(|(.., slot)| slot)
    }

    /// Takes a step, if it is possible, and says as what: a message may be another than was asked for.
    pub(crate) fn perform(&mut self, action: &Action) -> Option<Action> {
        (self.touched, self.latest_input) = (None, None);
        match action {
            Action::Deliver(sign) => self.find(sign).and_then(|slot| self.deliver(slot)),
            Action::Drop(sign) => self.find(sign).and_then(|slot| self.drop(slot)),
            Action::Duplicate(sign) => self.find(sign).and_then(|slot| self.duplicate(slot)),
            &Action::Wait { us } => self.wait(us).then(|| action.clone()).and_then(|wait| self.took(wait)),
            _ => self.act(action).then(|| action.clone()).and_then(|action| self.took(action)),
        }
    }

    /// A message arrives.
    pub(crate) fn deliver(&mut self, slot: u32) -> Option<Action> {
        let (id, sign) = self.signed(slot)?;
        self.pass(self.ground.step_us());
        // A timer that ran out meanwhile has not moved it, but it may have arrived by itself.
        let ended = self.world.network.get(slot).filter(|guest| guest.id() == id)?;
        let label = ended.label();
        if self.world.nodes[at(label.to)].is_up() {
            if let Some(message) = self.world.network.take_message(slot) {
                self.world.receive(label, message);
            }
        } else if let Some(mut ended) = self.world.network.take(slot) {
            ended.end(self.world.now, Fate::Arrives);
            self.world.message_ends(ended);
        }
        self.settle();
        self.took(Action::Deliver(sign))
    }

    /// A message is lost.
    pub(crate) fn drop(&mut self, slot: u32) -> Option<Action> {
        let (_, sign) = self.signed(slot)?;
        self.pass(self.ground.step_us());
        self.world.network.take(slot)?;
        self.settle();
        self.took(Action::Drop(sign))
    }

    /// A message is doubled.
    pub(crate) fn duplicate(&mut self, slot: u32) -> Option<Action> {
        let (_, sign) = self.signed(slot)?;
        self.pass(self.ground.step_us());
        let world = &mut self.world;
        world.network.duplicate(slot, world.now, &world.stage, &mut world.queue)?;
        self.settle();
        self.took(Action::Duplicate(sign))
    }

    /// A step was taken.
    fn took(&mut self, action: Action) -> Option<Action> {
        self.in_vain_us -= self.latest_us;
        Some(action)
    }

    /// The time that passed with steps that came to nothing, as a step of its own; none where time is nothing to anybody. Without it
    /// a run with slow disks would go another way when it is lived again.
    pub(crate) fn passed_in_vain(&mut self) -> Option<Action> {
        let us = std::mem::take(&mut self.in_vain_us);
        let matters = self.ground.slow_disks > 0 || self.ground.weights.wait > 0;
        (us > 0 && matters).then_some(Action::Wait { us })
    }

    fn signed(&mut self, slot: u32) -> Option<(u64, Sign)> {
        let guest = self.world.network.get(slot)?;
        self.touched = Some(guest.id());
        Some((guest.id(), Sign::of(guest.message())))
    }

    /// Time passes, in which what is due happens.
    fn wait(&mut self, us: u64) -> bool {
        if !self.may_wait(us) {
            return false;
        }
        self.waited_us += us;
        self.pass(us);
        self.settle();
        true
    }

    /// What is done to one server. False when it refuses: nothing but time has passed then.
    fn act(&mut self, action: &Action) -> bool {
        if !self.may(action) {
            return false;
        }
        self.pass(self.ground.step_us());
        let Some(input) = self.input(action) else { return false };
        let done = match input {
            // The same as by the input, without the record of it that nobody reads.
            Input::TimeOut { server } => self.hand(server, CoreInput::TimeOut),
            Input::Heartbeat { server } => self.hand(server, CoreInput::Heartbeat),
            ref input => self.world.act(input).is_ok(),
        };
        self.latest_input = Some(input);
        self.settle();
        done
    }

    fn hand(&mut self, server: ServerId, input: CoreInput) -> bool {
        self.world.hand(at(server), input, None).is_ok()
    }

    /// The action as an input of the world. What is done to messages has others.
    fn input(&mut self, action: &Action) -> Option<Input> {
        Some(match *action {
            Action::TimeOut(server) => Input::TimeOut { server },
            Action::Heartbeat(server) => Input::Heartbeat { server },
            Action::Propose(server) => {
                self.written += 1;
                Input::Propose { value: format!("x={}", self.written), server: Some(server) }
            }
            Action::Read(server) => {
                self.read += 1;
                Input::Read { key: "x".into(), server: Some(server) }
            }
            Action::Crash(server) => Input::Crash { server, written: 0 },
            Action::Restart(server) => Input::Restart { server },
            Action::Transfer { leader, to } => Input::Transfer { server: leader, to },
            Action::Compact(server) => Input::Compact { server },
            Action::SetMembers { leader, ref voters, ref learners, catch_up } => Input::SetMembers {
                voters: voters.clone(),
                learners: learners.clone(),
                server: Some(leader),
                catch_up,
                stays_joint: false,
            },
            Action::SetClock { server, rate_ppm } => Input::SetClock { server, rate_ppm, ahead_us: 0 },
            Action::Deliver(_) | Action::Drop(_) | Action::Duplicate(_) | Action::Wait { .. } => return None,
        })
    }

    /// Whether it is worth a try: what is refused for certain takes no step.
    fn may(&self, action: &Action) -> bool {
        let Some(node) = action.server().and_then(|server| self.world.nodes.get(at(server))) else { return false };
        let leads = node.server().is_some_and(raft_core::Server::is_leader);
        match action {
            Action::Restart(_) => !node.is_up(),
            Action::TimeOut(_) => node.is_up() && !leads,
            Action::Heartbeat(_) | Action::Propose(_) | Action::Transfer { .. } | Action::SetMembers { .. } => leads,
            _ => node.is_up(),
        }
    }

    fn pass(&mut self, us: u64) {
        self.taken += 1;
        self.latest_us = us;
        self.in_vain_us += us;
        self.world.advance(us, u64::MAX);
    }

    /// What was brought about at this very moment happens: saves that take no time.
    fn settle(&mut self) {
        self.world.forget_what_is_void();
        self.world.advance(0, u64::MAX);
    }

    /// Takes steps from the beginning until the goal is reached. Those that were possible are returned, if it is.
    pub(crate) fn replay(&mut self, actions: &[Action], goal: &Goal) -> Option<Vec<Action>> {
        self.begin_anew();
        let mut watch = goal.watch();
        let mut performed = Vec::with_capacity(actions.len());
        if watch.reached(&self.world) {
            return Some(performed);
        }
        for action in actions {
            let step = self.perform(action);
            performed.extend(self.passed_in_vain());
            performed.extend(step);
            if watch.reached(&self.world) {
                return Some(performed);
            }
            if self.world.violation.is_some() {
                break;
            }
        }
        None
    }
}
