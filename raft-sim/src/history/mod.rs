//! A run with its past and its other futures: any moment can be visited, and lived differently.
//!
//! A [`History`] holds the world as it stands at one moment of one branch. It keeps clones of worlds as checkpoints, so that
//! a moment is reached by living on from the nearest one before it; as the same scenario lives the same run, that comes to
//! the same state to the last bit. Acting at the latest moment goes on with the branch; acting before it begins a new
//! branch there, and the old one keeps what was lived and what is still planned in it.

mod branch;
mod checkpoints;
mod diff;
mod jump;
mod weight;
mod why;

use std::fmt;
use std::sync::Arc;

use raft_core::Time;
use serde::Serialize;

use crate::happening::{RECORDS_KEPT, Record};
use crate::input::{Input, TimedInput, check_text};
use crate::input_error::{InputError, InvalidInput};
use crate::scenario::{Scenario, ScenarioError};
use crate::world::{Advanced, World};
use branch::Branch;
pub use branch::BranchView;
use checkpoints::Checkpoint;
pub use diff::{Aspect, Difference, ServerDifference};
pub use jump::Mark;
pub use why::Reason;

/// A place in a run: after all that was done or happened up to it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize)]
pub struct Moment {
    /// In microseconds from the start.
    pub time_us: u64,
    /// After how many events of that very microsecond. More than there are is after the last.
    pub events: u32,
}

impl Moment {
    /// After all events of a microsecond.
    #[must_use]
    pub const fn end_of(time_us: u64) -> Self {
        Self { time_us, events: u32::MAX }
    }
}

/// Why something cannot be done with a history. It is then as it was.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum HistoryError {
    /// The moment is later than what the branch has lived.
    NotLived {
        /// The moment asked for.
        moment: Moment,
        /// How far the branch was lived.
        lived: Moment,
    },
    /// No such branch.
    NoSuchBranch {
        /// What was asked for.
        branch: u32,
        /// How many there are, numbered from 0.
        branches: u32,
    },
    /// Another branch would be one too many.
    TooManyBranches,
    /// The name is none that a branch can have.
    Name(InvalidInput),
    /// The world refuses the input.
    Input(InputError),
}

impl fmt::Display for HistoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotLived { moment, lived } => {
                write!(f, "time_us is {}; expected at most {}, the latest lived", moment.time_us, lived.time_us)
            }
            Self::NoSuchBranch { branch, branches } => write!(f, "branch is {branch}; expected 0 to {}", branches - 1),
            Self::TooManyBranches => {
                write!(f, "there are {} branches; no more than that can be kept", History::BRANCHES_MAX)
            }
            Self::Name(invalid) => write!(f, "{} is {}; expected {}", invalid.field, invalid.found, invalid.expected),
            Self::Input(refused) => refused.fmt(f),
        }
    }
}

impl std::error::Error for HistoryError {}

/// A run that can be gone back in.
///
/// ```
/// use raft_core::ServerId;
/// use raft_sim::{History, Input, Moment, Scenario};
/// let mut history = History::new(Scenario { seed: 42, ..Scenario::default() })?;
/// history.advance(3_000_000, u64::MAX);
/// let first = history.world().fingerprint();
///
/// // Two seconds earlier, something else happens.
/// history.seek(Moment::end_of(1_000_000))?;
/// history.apply(Input::Crash { server: ServerId(1), written: 0 })?;
/// history.advance(2_000_000, u64::MAX);
/// assert_ne!(history.world().fingerprint(), first);
///
/// // What was lived before is still there.
/// history.switch(0)?;
/// assert_eq!(history.world().fingerprint(), first);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct History {
    world: World,
    branches: Vec<Branch>,
    /// The branch that the world stands in.
    current: usize,
    /// How many bytes all checkpoints may take together.
    budget: usize,
    /// What they take.
    weight: usize,
}

impl History {
    /// The most branches.
    pub const BRANCHES_MAX: usize = 64;
    /// How many bytes checkpoints take by default.
    pub const BUDGET: usize = 64 << 20;

    /// The beginning of a scenario, with checkpoints in [`Self::BUDGET`] bytes.
    ///
    /// # Errors
    /// Names the first field of the scenario that is not as expected.
    pub fn new(scenario: Scenario) -> Result<Self, ScenarioError> {
        Self::with_budget(scenario, Self::BUDGET)
    }

    /// The beginning of a scenario. The checkpoints take about `budget` bytes at most, and become fewer the further they lie
    /// back; the beginning always stays, so any moment can be reached with any budget.
    ///
    /// # Errors
    /// Names the first field of the scenario that is not as expected.
    pub fn with_budget(scenario: Scenario, budget: usize) -> Result<Self, ScenarioError> {
        let world = World::new(scenario)?;
        let beginning = Checkpoint::of(&world, None);
        let mut first = Branch::new("run".into(), None, world.plan().clone());
        let weight = beginning.weight;
        first.checkpoints.push(beginning);
        Ok(Self { world, branches: vec![first], current: 0, budget, weight })
    }

    /// The world as it stands at the present moment.
    #[must_use]
    pub const fn world(&self) -> &World {
        &self.world
    }

    /// The present moment.
    #[must_use]
    pub fn moment(&self) -> Moment {
        self.world.moment()
    }

    /// The number of the present branch.
    #[must_use]
    pub const fn branch(&self) -> u32 {
        self.current as u32
    }

    /// How far the present branch was lived.
    #[must_use]
    pub fn lived(&self) -> Moment {
        self.branches[self.current].lived
    }

    /// All branches, by their numbers from 0.
    pub fn branches(&self) -> impl Iterator<Item = BranchView<'_>> {
        self.branches.iter().enumerate().map(|(number, branch)| branch.view(number as u32))
    }

    /// What the checkpoints take, in bytes, as far as can be told.
    #[must_use]
    pub const fn weight(&self) -> usize {
        self.weight
    }

    /// Lets a span of virtual time pass, as [`World::advance`] does; in the past that is what was lived before.
    pub fn advance(&mut self, duration_us: u64, max_steps: u64) -> Advanced {
        let until = self.world.now().plus(duration_us);
        let mut steps = 0;
        loop {
            let some = (max_steps - steps).min(checkpoints::EVENTS_APART);
            let advanced = self.world.advance(until.since(self.world.now()), some);
            steps += advanced.steps;
            self.note_lived();
            if advanced.reached || advanced.violation || steps == max_steps {
                return Advanced { steps, ..advanced };
            }
        }
    }

    /// Lets the very next thing happen, as [`World::step_event`] does.
    pub fn step_event(&mut self) -> bool {
        let stepped = self.world.step_event();
        self.note_lived();
        stepped
    }

    /// Goes back to the last event, or input of its own moment, before the present one. False at the beginning.
    pub fn step_back(&mut self) -> bool {
        let Some(before) = self.step_before(self.moment()) else { return false };
        self.world = self.relive(self.current, before);
        true
    }

    /// Goes to a moment that was lived in this branch.
    ///
    /// # Errors
    /// When the branch was not lived so far.
    pub fn seek(&mut self, to: Moment) -> Result<(), HistoryError> {
        let lived = self.lived();
        if to.time_us > lived.time_us {
            return Err(HistoryError::NotLived { moment: to, lived });
        }
        self.go_to(to.min(lived));
        Ok(())
    }

    /// Does something at the present moment. At the latest moment of its branch that is how the branch goes on. In the past
    /// a new branch begins, in which the rest of the scenario is still to come, but not what was done by hand later on.
    ///
    /// # Errors
    /// When the world refuses it, or there would be too many branches.
    pub fn apply(&mut self, input: Input) -> Result<(), HistoryError> {
        let here = self.moment();
        let done = self.world.planned_done();
        let by_hand = &self.branches[self.current].by_hand;
        let goes_on = here == self.lived();
        if goes_on {
            let (at, place) = (done, self.world.apply_by_hand(input).map_err(HistoryError::Input)?);
            let branch = &mut self.branches[self.current];
            branch.by_hand.push(at);
            branch.plan = place;
            return Ok(());
        }
        if self.branches.len() >= Self::BRANCHES_MAX {
            return Err(HistoryError::TooManyBranches);
        }
        let past = self.world.plan().clone();
        let stays = |at: &usize| *at < done || by_hand.binary_search(at).is_err();
        let plan = (0..past.len()).filter(stays).map(|at| past[at].clone()).collect::<Vec<TimedInput>>();
        let mut by_hand: Vec<usize> = by_hand.iter().copied().filter(|&at| at < done).collect();
        self.world.set_plan(Arc::new(plan));
        match self.world.apply_by_hand(input) {
            Err(refused) => {
                self.world.set_plan(past);
                Err(HistoryError::Input(refused))
            }
            Ok(plan) => {
                by_hand.push(done);
                let name = format!("branch {}", self.branches.len());
                let mut branch = Branch::new(name, Some((self.current, here)), plan);
                (branch.by_hand, branch.lived) = (by_hand, here);
                self.current = self.branches.len();
                self.branches.push(branch);
                Ok(())
            }
        }
    }

    /// Goes over to another branch: to the present moment there, or to the end of what was lived of it.
    ///
    /// # Errors
    /// When there is no such branch.
    pub fn switch(&mut self, branch: u32) -> Result<(), HistoryError> {
        let number = self.known(branch)?;
        let moment = self.moment().min(self.branches[number].lived);
        if number != self.current {
            self.world = self.relive(number, moment);
            self.current = number;
        }
        Ok(())
    }

    /// Gives a branch a name.
    ///
    /// # Errors
    /// When there is no such branch, or the name is not of 1 to 64 characters, none of them a control character.
    pub fn rename(&mut self, branch: u32, name: &str) -> Result<(), HistoryError> {
        let number = self.known(branch)?;
        check_text("name", name).map_err(HistoryError::Name)?;
        name.clone_into(&mut self.branches[number].name);
        Ok(())
    }

    /// What happened after the record with this number, up to the present moment, oldest first; of the latest 20,000 records.
    /// What was forgotten is lived again.
    pub fn events_since(&mut self, number: u64) -> impl Iterator<Item = &Record> {
        let count = self.world.event_count();
        let wanted = number.max(count.saturating_sub(RECORDS_KEPT as u64));
        if wanted < count && self.world.forgotten() > wanted {
            self.world = self.remembering(self.current, self.moment(), wanted);
        }
        self.world.events_since(number)
    }

    fn known(&self, branch: u32) -> Result<usize, HistoryError> {
        let branches = self.branches.len() as u32;
        if branch < branches { Ok(branch as usize) } else { Err(HistoryError::NoSuchBranch { branch, branches }) }
    }

    /// Takes down how far the branch has come, with a checkpoint now and then.
    fn note_lived(&mut self) {
        let moment = self.world.moment();
        if moment <= self.branches[self.current].lived {
            return;
        }
        self.branches[self.current].lived = moment;
        let latest = self.checkpoint_before(self.current, moment);
        if self.world.events() >= latest.world.events() + checkpoints::EVENTS_APART {
            let checkpoint = Checkpoint::of(&self.world, Some(latest));
            self.weight += checkpoint.weight;
            self.branches[self.current].checkpoints.push(checkpoint);
            self.thin_out();
        }
    }

    fn go_to(&mut self, to: Moment) {
        let here = self.moment();
        let nearest = self.checkpoint_before(self.current, to).moment();
        if here <= to && nearest <= here {
            self.world.live_to(to);
        } else {
            self.world = self.relive(self.current, to);
        }
    }

    /// A world at a moment that was lived in a branch.
    fn relive(&self, branch: usize, to: Moment) -> World {
        self.relive_from(self.checkpoint_before(branch, to), branch, to)
    }

    fn relive_from(&self, checkpoint: &Checkpoint, branch: usize, to: Moment) -> World {
        let mut world = checkpoint.world.clone();
        world.set_plan(self.branches[branch].plan.clone());
        world.catch_up_with_plan();
        world.live_to(to);
        world
    }

    /// A world at a moment that was lived in a branch, with all its records after a number.
    fn remembering(&self, branch: usize, to: Moment, number: u64) -> World {
        self.relive_from(self.checkpoint_before_record(branch, to, number), branch, to)
    }

    /// A world of the present branch just behind a record, with all records after another number.
    fn lived_up_to_record(&self, number: u64, after: u64) -> World {
        let checkpoint = self.checkpoint_before_record(self.current, self.moment(), after);
        let mut world = self.relive_from(checkpoint, self.current, checkpoint.moment());
        while world.event_count() < number && world.step_event() {}
        world
    }

    /// The latest checkpoint before a moment of a branch from which all records after a number are still to come.
    fn checkpoint_before_record(&self, branch: usize, mut before: Moment, number: u64) -> &Checkpoint {
        loop {
            let checkpoint = self.checkpoint_before(branch, before);
            if checkpoint.world.event_count() <= number || checkpoint.moment() == Moment::default() {
                return checkpoint;
            }
            before = checkpoint.moment().just_before();
        }
    }

    /// Where the last step before a moment of the present branch came to; none at the beginning.
    fn step_before(&self, moment: Moment) -> Option<Moment> {
        let mut until = moment;
        loop {
            if until == Moment::default() {
                return (moment > until).then_some(until);
            }
            let checkpoint = self.checkpoint_before(self.current, until.just_before());
            let mut world = self.relive_from(checkpoint, self.current, checkpoint.moment());
            let mut last = world.stands_behind_a_step().then(|| world.moment());
            while world.next_event_at().is_some_and(|next| next <= Time(moment.time_us)) && world.step_event() {
                if world.moment() >= moment {
                    break;
                }
                last = Some(world.moment());
            }
            if last.is_some() {
                return last;
            }
            until = checkpoint.moment();
        }
    }
}

impl Moment {
    const fn just_before(self) -> Self {
        match (self.events.checked_sub(1), self.time_us.checked_sub(1)) {
            (Some(events), _) => Self { events, ..self },
            (None, Some(time_us)) => Self::end_of(time_us),
            (None, None) => self,
        }
    }
}

impl World {
    /// Where the world stands.
    #[must_use]
    pub const fn moment(&self) -> Moment {
        let Time(time_us) = self.now;
        Moment { time_us, events: self.events_at_now }
    }

    /// The list that the world goes by: what was done up to now, done by hand or not, and what is planned.
    const fn plan(&self) -> &Arc<Vec<TimedInput>> {
        &self.planned
    }

    const fn planned_done(&self) -> usize {
        self.planned_done
    }

    /// Puts another list in the place of this one; both are alike up to what is done.
    fn set_plan(&mut self, plan: Arc<Vec<TimedInput>>) {
        self.planned = plan;
    }

    /// Does what the list holds for this very moment.
    fn catch_up_with_plan(&mut self) {
        self.apply_planned();
    }

    /// Does something now and takes it into the list, which is returned.
    fn apply_by_hand(&mut self, input: Input) -> Result<Arc<Vec<TimedInput>>, InputError> {
        let (at, at_us, after_events) = (self.planned_done, self.now.0, self.events_at_now);
        let timed = TimedInput { at_us, after_events, input: input.clone() };
        self.apply(input)?;
        Arc::make_mut(&mut self.planned).insert(at, timed);
        self.planned_done += 1;
        Ok(self.planned.clone())
    }

    /// Lives on to a moment, with all that happens up to it.
    pub fn live_to(&mut self, to: Moment) {
        let until = Time(to.time_us);
        if let Some(before) = to.time_us.checked_sub(1)
            && self.now < Time(before)
        {
            self.advance(Time(before).since(self.now), u64::MAX);
        }
        while self.violation().is_none()
            && (self.now < until || self.events_at_now < to.events)
            && self.next_event_at().is_some_and(|next| next <= until)
            && (to.events > 0 || self.next_planned_at() == Some(until))
        {
            self.step_event();
        }
        if self.violation().is_none() {
            self.pass_to(until);
        }
    }

    /// Whether a single step came to this very moment: an event, or an input whose time it is.
    fn stands_behind_a_step(&self) -> bool {
        let latest = self.planned_done.checked_sub(1).and_then(|at| self.planned.get(at));
        self.events_at_now > 0 || latest.is_some_and(|timed| timed.at_us == self.now.0)
    }
}
