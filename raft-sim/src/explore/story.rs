//! What was found, with times: a scenario that anybody can live, with a title and a paragraph of what happens in it.

use std::sync::Arc;

use raft_core::Time;

use super::action::Action;
use super::field::Field;
use super::ground::Ground;
use super::shrink::Shrunk;
use super::telling::{tell, title};
use crate::checkers::Property;
use crate::input::Input;
use crate::network::InFlight;
use crate::scenario::{MINUTE_US, Scenario, ScenarioError};
use crate::world::World;

/// Something that was found, to be played.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Story {
    /// The run, with a title and what happens in it.
    pub scenario: Scenario,
    /// What it violates at its end.
    pub property: Option<Property>,
    /// The steps in words.
    pub steps: Vec<String>,
    /// How long each step takes but those that let time pass, in microseconds.
    pub step_us: u64,
    /// When it ends, in microseconds.
    pub ends_us: u64,
}

/// How a message on its way ends in the steps of a story.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Ending {
    /// It arrives at this moment.
    Arrives(Time),
    /// It is lost at this moment.
    IsLost(Time),
}

impl Shrunk {
    /// Gives the steps times: one after another at an even pace. Each message travels until its step comes, and one that never
    /// arrives is lost half a step after it left. None where the run then goes another way, which would be a mistake of
    /// this crate's.
    ///
    /// # Errors
    /// Names the first field of the ground that is out of its range.
    pub fn story(&self) -> Result<Option<Story>, ScenarioError> {
        let Timetable { moments, endings, inputs } = Timetable::of(&self.ground, &self.actions)?;
        let mut stage = Playing { world: World::new(self.ground.scenario(true)?)?, endings, seen: 0, lost: Vec::new() };
        stage.live_until(Time::ZERO, self.ground.step_us());
        let mut ends = Time::ZERO;
        let mut watch = self.goal.watch();
        let mut reached = watch.reached(&stage.world);
        for (&moment, input) in moments.iter().zip(inputs) {
            stage.live_until(moment, self.ground.step_us());
            if let Some(input) = input
                && stage.world.apply(input).is_err()
            {
                return Ok(None);
            }
            stage.live_until(moment, self.ground.step_us());
            reached = watch.reached(&stage.world);
            ends = moment;
        }
        let world = stage.world;
        let property = self.goal.property(&world);
        if !reached || property != self.property {
            return Ok(None);
        }
        let scenario = Scenario {
            title: Some(title(self.goal.title(property), &self.ground.options.rules_off)),
            text: Some(tell(&world)),
            ..world.scenario()
        };
        let steps = self.actions.iter().map(ToString::to_string).collect();
        Ok(Some(Story { scenario, property, steps, step_us: self.ground.step_us(), ends_us: ends.0 }))
    }
}

/// When each step is, what is done then, and how each message ends.
struct Timetable {
    moments: Vec<Time>,
    endings: Vec<Option<Ending>>,
    inputs: Vec<Option<Input>>,
}

impl Timetable {
    fn of(ground: &Arc<Ground>, actions: &[Action]) -> Result<Self, ScenarioError> {
        let mut field = Field::new(ground.clone())?;
        let mut table = Self { moments: Vec::new(), endings: Vec::new(), inputs: Vec::new() };
        for action in actions {
            field.perform(action);
            let now = field.world().now();
            table.moments.push(now);
            let ending = match action {
                Action::Deliver(_) => Some(Ending::Arrives(now)),
                Action::Drop(_) => Some(Ending::IsLost(now)),
                _ => None,
            };
            if let (Some(ending), Some(message)) = (ending, field.touched()) {
                let place = message as usize;
                table.endings.resize(table.endings.len().max(place + 1), None);
                table.endings[place] = Some(ending);
            }
            table.inputs.push(match action {
                Action::Duplicate(_) => field.touched().map(|message| Input::Duplicate { message }),
                _ => field.latest_input(),
            });
        }
        Ok(table)
    }
}

/// The story as it is lived with times.
struct Playing {
    world: World,
    endings: Vec<Option<Ending>>,
    /// The latest message whose end was seen to.
    seen: u64,
    /// Messages that are to be lost, and when.
    lost: Vec<(Time, u64)>,
}

impl Playing {
    /// Lives up to a moment, and sees to it that each message that leaves ends as it is meant to.
    fn live_until(&mut self, until: Time, step_us: u64) {
        self.see_to_new_messages(step_us);
        while self.world.violation().is_none() {
            self.lost.sort_unstable();
            let next = self.world.next_event_at().filter(|&at| at <= until);
            if let Some(&(at, message)) = self.lost.first()
                && at <= until
                && next.is_none_or(|next| at < next)
            {
                self.lost.remove(0);
                self.world.advance(at.since(self.world.now()), u64::MAX);
                // It may be gone with its sender's step already.
                let _ = self.world.apply(Input::Drop { message });
                continue;
            }
            if next.is_none() {
                break;
            }
            self.world.step_event();
            self.see_to_new_messages(step_us);
        }
        self.world.advance(until.since(self.world.now()), u64::MAX);
    }

    fn see_to_new_messages(&mut self, step_us: u64) {
        let new = |guest: &&InFlight| guest.id() > self.seen;
        let mut messages: Vec<(u64, Time)> =
            self.world.messages().filter(new).map(|guest| (guest.id(), guest.arrives_at())).collect();
        messages.sort_unstable();
        for (message, arrives_at) in messages {
            self.seen = message;
            self.see_to(message, arrives_at, step_us);
        }
    }

    fn see_to(&mut self, message: u64, arrives_at: Time, step_us: u64) {
        let now = self.world.now();
        let wanted = match self.endings.get(message as usize).copied().flatten() {
            Some(Ending::Arrives(at)) => at,
            Some(Ending::IsLost(at)) => {
                self.lost.push((at, message));
                now.plus(at.since(now) * 3 / 2)
            }
            None => {
                self.lost.push((now.plus(step_us / 2), message));
                return;
            }
        };
        let us = wanted.since(now).clamp(1, MINUTE_US);
        if wanted != arrives_at {
            let _ = self.world.apply(Input::SetDelay { message, us });
        }
    }
}
