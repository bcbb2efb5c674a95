//! Whether what clients were answered about one key can be explained: whether the operations can be put into one order,
//! each at some moment between its request and its answer, in which every read shows what was written before it (P§8,
//! D§6.3). An operation whose outcome is unknown may come at any moment after its request, or never.
//!
//! The search is that of Wing & Gong with Lowe's memory: a [`Case`] is a value that the key may have by now, together with
//! those of the open operations that must have taken effect for that, and two ways that lead to the same case are one. It
//! runs along with the history: [`KeyHistory`] holds the cases as of the latest answer, and what lies behind them is
//! forgotten. What a read will show is known only when it is answered; until then the cases as of its request are kept,
//! and from there on they are worked out anew, now that they must explain it.
//!
//! Both the number of cases and the work for one answer are bounded. The first case is always that of the order in which
//! operations were applied, as far as that is known: it is only a guess at what explains the history, but where servers
//! are correct it does, however many clients write at once. Cases that are dropped cannot make a history look worse than
//! it is: if none of those that are left explains a read, the checker lets go. From then on it assumes nothing of the
//! past, and says since when it is undecided.

use std::hash::{Hash, Hasher};

use raft_core::Time;
use serde::Serialize;

use crate::fingerprint::Fingerprint;
use crate::short_map::ShortMap;
use crate::store::{VALUE_BYTES_MAX, appended};

/// What a client's operation does to its key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OperationKind {
    /// Sets its value.
    Write,
    /// Puts a text behind its value.
    Append,
    /// Asks for its value.
    Read,
}

/// An operation as its client saw it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct ClientOperation {
    /// Which client: 0 is the person who asked a server directly, 1 the person's client.
    pub client: u32,
    /// The client's number for it, counted from 1.
    pub sequence: u64,
    /// What it does.
    pub kind: OperationKind,
    /// To which key.
    pub key: String,
    /// The text to be written or appended; of a read what it was answered, none when nothing was written to the key.
    pub value: Option<String>,
    /// When the client first asked for it, in microseconds from the start.
    pub asked_us: Time,
    /// When it had its answer; none as long as it has none.
    pub answered_us: Option<Time>,
}

/// What becomes of the check with an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    /// Everything answered so far can be explained.
    Ok,
    /// It cannot: this read, which was answered now or before, is what no order explains.
    Violated(Box<ClientOperation>),
    /// The search was too large; the past is let go.
    LetGo,
}

/// The most cases that are kept, and the most that are looked at for one answer,
const LIMITS: (usize, usize) = (128, 1_000);
/// and both once some were dropped: nothing can be proven to be wrong by then, and what is left is a good guess.
const LIMITS_AFTER_A_DROP: (usize, usize) = (4, 16);
/// The most operations of one key whose outcome is unknown. With more of them nothing can be said of the key any more.
const UNKNOWN_MAX: usize = 200;
/// The most requests and answers that are kept while a read is open.
const STEPS_MAX: usize = 2_000;

/// What a key may hold.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Value {
    /// This; none when nothing was written to it.
    Is(Option<String>),
    /// Anything: the past was let go.
    Any,
}

/// A value that the key may have, and the open operations that have taken effect for that, by rising number.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Case {
    /// Of the value: most comparisons end here.
    hash: u64,
    taken: Vec<u32>,
    value: Value,
}

impl Case {
    fn new(value: Value, taken: Vec<u32>) -> Self {
        let mut hasher = Fingerprint::new();
        value.hash(&mut hasher);
        Self { hash: hasher.finish(), taken, value }
    }

    /// Of the value and of the operations.
    fn hash_of_all(&self) -> u64 {
        // Each operation's number is spread by a factor without a pattern.
        self.taken
            .iter()
            .fold(self.hash, |hash, &number| (hash ^ u64::from(number)).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn has(&self, number: u32) -> bool {
        self.taken.binary_search(&number).is_ok()
    }

    fn let_go_of(&mut self, number: u32) {
        self.taken.retain(|&taken| taken != number);
    }

    /// Lets those of the open reads take effect that show this value. They change nothing, so the sooner the better.
    fn settle(&mut self, open: &[(u32, &Known)]) {
        let Value::Is(value) = &self.value else { return };
        for (number, known) in open {
            if known.reads()
                && known.seen.value == *value
                && let Err(at) = self.taken.binary_search(number)
            {
                self.taken.insert(at, *number);
            }
        }
    }

    /// The case in which an operation has taken effect after those of the open ones that were applied before it. A read
    /// comes after as few as possible.
    fn as_applied(&self, number: u32, operation: &Known, open: &[(u32, &Known)]) -> Option<Self> {
        let mut case = self.clone();
        // Of a read nobody knows when it took effect.
        let last = if operation.reads() { Some(u64::MAX) } else { operation.applied };
        while !case.has(number) {
            let earlier = open.iter().filter(|(other, known)| {
                *other != number && known.applied.is_some() && known.applied < last && !case.has(*other)
            });
            let next = earlier.min_by_key(|(_, known)| known.applied).copied();
            let (next, known) = if operation.reads() { next? } else { next.unwrap_or((number, operation)) };
            case = case.after(next, known)?;
            case.settle(open);
        }
        case.let_go_of(number);
        Some(case)
    }

    /// Whether more operations can lead to what a read shows. By appending alone they only can while the value is its
    /// beginning.
    fn may_come_to(&self, read: &Known, open: &[(u32, &Known)]) -> bool {
        let Value::Is(Some(value)) = &self.value else { return true };
        let mut longest = value.len();
        for (number, known) in open {
            if known.seen.kind == OperationKind::Write && !self.has(*number) {
                return true;
            }
            if !known.reads() {
                longest += known.seen.value.as_ref().map_or(0, String::len);
            }
        }
        longest > VALUE_BYTES_MAX || read.seen.value.as_ref().is_some_and(|shown| shown.starts_with(value))
    }

    /// The case after an operation has taken effect; none when it cannot, here.
    fn after(&self, number: u32, operation: &Known) -> Option<Self> {
        let text = operation.seen.value.as_deref();
        let value = match (operation.seen.kind, &self.value) {
            (OperationKind::Write, _) => Value::Is(text.map(str::to_owned)),
            (OperationKind::Append, Value::Any) => Value::Any,
            (OperationKind::Append, Value::Is(old)) => {
                Value::Is(Some(appended(old.as_deref(), text.unwrap_or_default())))
            }
            (OperationKind::Read, Value::Any) => Value::Is(operation.seen.value.clone()),
            // Reads take effect as soon as they can, without being asked.
            (OperationKind::Read, Value::Is(_)) => return None,
        };
        let mut taken = self.taken.clone();
        taken.insert(taken.partition_point(|&taken| taken < number), number);
        Some(Self::new(value, taken))
    }
}

/// The cases at one moment.
#[derive(Clone, Debug)]
struct Cases {
    list: Vec<Case>,
    /// Whether there were more.
    some_dropped: bool,
}

impl Cases {
    const fn none() -> Self {
        Self { list: Vec::new(), some_dropped: false }
    }

    fn of(value: Value) -> Self {
        Self { list: vec![Case::new(value, Vec::new())], some_dropped: false }
    }
}

/// An operation that still counts.
#[derive(Clone, Debug)]
struct Known {
    seen: ClientOperation,
    /// As of which step it was asked for, and answered.
    asked: u64,
    answered: Option<u64>,
    /// How many had been applied before it; none when it was not applied yet.
    applied: Option<u64>,
    /// Whether nobody will ever learn its outcome, or whether it was open when the past was let go. Then it need not have
    /// taken effect.
    free: bool,
}

impl Known {
    fn reads(&self) -> bool {
        self.seen.kind == OperationKind::Read
    }
}

/// A request or an answer.
#[derive(Clone, Copy, Debug)]
struct Step {
    number: u32,
    answers: bool,
}

/// What is known of one key.
#[derive(Clone, Debug)]
pub(crate) struct KeyHistory {
    operations: ShortMap<u32, Known>,
    asked: u32,
    applied: u64,
    /// The requests and answers since the oldest open read was asked for, and how many there ever were.
    steps: Vec<Step>,
    steps_ever: u64,
    /// As of the latest step.
    cases: Cases,
    /// As of each open read's request, by the read's number.
    before_reads: ShortMap<u32, Cases>,
    given_up: bool,
}

impl KeyHistory {
    /// Nothing was written to the key.
    pub(crate) fn new() -> Self {
        Self {
            operations: ShortMap::default(),
            asked: 0,
            applied: 0,
            steps: Vec::new(),
            steps_ever: 0,
            cases: Cases::of(Value::Is(None)),
            before_reads: ShortMap::default(),
            given_up: false,
        }
    }

    /// Nobody knows what the key holds.
    pub(crate) fn of_anything() -> Self {
        Self { cases: Cases::of(Value::Any), ..Self::new() }
    }

    /// How many operations are remembered: those that are open, and those answered since the oldest open read.
    #[cfg(test)]
    pub(crate) fn remembered(&self) -> (usize, usize, usize) {
        (self.operations.len(), self.steps.len(), self.cases.list.len())
    }

    /// An operation is asked for. The number is for what becomes of it.
    pub(crate) fn ask(&mut self, seen: ClientOperation) -> u32 {
        self.asked = self.asked.wrapping_add(1);
        let number = self.asked;
        if self.given_up {
            return number;
        }
        if seen.kind == OperationKind::Read {
            self.before_reads.insert(number, self.cases.clone());
        }
        self.operations
            .insert(number, Known { seen, asked: self.steps_ever, answered: None, applied: None, free: false });
        self.step(Step { number, answers: false });
        self.forget();
        number
    }

    /// An operation that still counts.
    pub(crate) fn get(&self, number: u32) -> Option<&ClientOperation> {
        self.operations.get(&number).map(|known| &known.seen)
    }

    /// An operation is applied by some server, for the first time.
    pub(crate) fn apply(&mut self, number: u32) {
        if let Some(operation) = self.operations.get_mut(&number)
            && operation.applied.is_none()
        {
            self.applied += 1;
            operation.applied = Some(self.applied);
        }
    }

    /// An operation is answered; a read with what it shows.
    pub(crate) fn answer(&mut self, number: u32, now: Time, shows: Option<String>) -> Verdict {
        let asked = self.steps_ever;
        let Some(operation) = self.operations.get_mut(&number) else { return Verdict::Ok };
        operation.seen.answered_us = Some(now);
        operation.answered = Some(asked);
        let mut from = asked;
        if operation.reads() {
            operation.seen.value = shows;
            from = operation.asked;
        }
        self.step(Step { number, answers: true });
        if let Some(before) = self.before_reads.remove(&number) {
            self.cases = before;
        }
        let failed = self.work_out(from);
        self.forget();
        match failed {
            None if self.steps.len() <= STEPS_MAX => Verdict::Ok,
            Some(failed) if !self.cases.some_dropped => Verdict::Violated(failed),
            _ => {
                self.let_go();
                Verdict::LetGo
            }
        }
    }

    /// Nobody will learn what became of an operation. False when that makes the key one of which nothing can be said.
    pub(crate) fn end(&mut self, number: u32) -> bool {
        let Some(operation) = self.operations.get_mut(&number) else { return true };
        operation.free = true;
        if operation.reads() {
            // What nobody saw needs no explanation.
            self.operations.remove(&number);
            self.before_reads.remove(&number);
        }
        self.forget();
        if self.operations.values().filter(|operation| operation.free).count() > UNKNOWN_MAX {
            *self = Self { given_up: true, asked: self.asked, ..Self::new() };
        }
        !self.given_up
    }

    fn step(&mut self, step: Step) {
        self.steps_ever += 1;
        self.steps.push(step);
    }

    /// Drops what lies before the oldest open read.
    fn forget(&mut self) {
        let asked = |number| self.operations.get(number).map(|read| read.asked);
        let oldest = self.before_reads.iter().filter_map(|(number, _)| asked(number)).min().unwrap_or(self.steps_ever);
        let first = self.steps_ever - self.steps.len() as u64;
        self.steps.drain(..oldest.saturating_sub(first) as usize);
        let Self { operations, cases, before_reads, .. } = self;
        operations.retain(|&number, operation| {
            // What nobody knows the outcome of, but must have taken effect, is done with.
            let is_done = operation.free && before_reads.is_empty() && cases.list.iter().all(|case| case.has(number));
            if is_done {
                cases.list.iter_mut().for_each(|case| case.let_go_of(number));
            }
            !is_done && operation.answered.is_none_or(|answered| answered >= oldest)
        });
    }

    /// Assumes nothing of the past any more. What is open may have taken effect in it or not.
    fn let_go(&mut self) {
        self.operations.retain(|_, operation| {
            operation.free = true;
            operation.answered.is_none() && !operation.reads()
        });
        self.before_reads.clear();
        self.steps.clear();
        self.cases = Cases::of(Value::Any);
    }

    /// Goes on from the cases as of a step to those as of the latest. The read at which no case is left, if there is one.
    fn work_out(&mut self, from: u64) -> Option<Box<ClientOperation>> {
        let first = self.steps_ever - self.steps.len() as u64;
        for at in from..self.steps_ever {
            let Step { number, answers } = self.steps[(at - first) as usize];
            let Some(operation) = self.operations.get(&number) else { continue };
            if answers {
                self.cases = place(&self.operations, std::mem::replace(&mut self.cases, Cases::none()), number, at);
                if self.cases.list.is_empty() {
                    return self.operations.get(&number).map(|read| Box::new(read.seen.clone()));
                }
            } else if operation.answered.is_some() {
                self.cases.list.iter_mut().for_each(|case| case.settle(&[(number, operation)]));
            } else if let Some(before) = self.before_reads.get_mut(&number) {
                before.clone_from(&self.cases);
            }
        }
        None
    }
}

/// The cases in which an operation that is answered at a step has taken effect, and any of the others that are open
/// before it.
fn place(operations: &ShortMap<u32, Known>, cases: Cases, number: u32, at: u64) -> Cases {
    let Some(operation) = operations.get(&number) else { return cases };
    let open = |known: &Known| {
        let is_open = known.asked < at && known.answered.is_none_or(|answered| answered >= at);
        is_open && (!known.reads() || known.answered.is_some())
    };
    let open: Vec<(u32, &Known)> =
        operations.iter().filter(|(_, known)| open(known)).map(|(&number, known)| (number, known)).collect();
    let (cases_max, looked_at_max) = if cases.some_dropped { LIMITS_AFTER_A_DROP } else { LIMITS };
    let mut placed = Gathered::new(operations);
    if let Some(case) = cases.list.first().and_then(|first| first.as_applied(number, operation, &open)) {
        placed.push(case);
    }
    let mut some_dropped = cases.some_dropped;
    let mut looked_at = Gathered::new(operations);
    cases.list.into_iter().for_each(|case| looked_at.push(case));
    let mut next = 0;
    while let Some(case) = looked_at.list.get(next) {
        if next >= looked_at_max || placed.list.len() >= cases_max {
            some_dropped = true;
            break;
        }
        let case = case.clone();
        next += 1;
        if operation.free || case.has(number) {
            let mut without = case.clone();
            without.let_go_of(number);
            placed.keep(without);
        }
        if case.has(number) {
            continue;
        }
        for &(other, known) in &open {
            // Behind the last that is looked at, one more says that there were more.
            let is_full = other != number && looked_at.list.len() > looked_at_max;
            if is_full || case.has(other) {
                continue;
            }
            let Some(mut after) = case.after(other, known) else { continue };
            after.settle(&open);
            if other == number {
                after.let_go_of(number);
                placed.keep(after);
            } else if !operation.reads() || after.may_come_to(operation, &open) {
                looked_at.keep(after);
            }
        }
    }
    Cases { list: placed.list, some_dropped }
}

/// Cases that were come to, in their order.
struct Gathered<'a> {
    operations: &'a ShortMap<u32, Known>,
    list: Vec<Case>,
    /// Where those of the same value and operations are: most are come to again, by another order.
    same: Places,
    /// Where those of the same value are.
    alike: Places,
}

impl<'a> Gathered<'a> {
    const fn new(operations: &'a ShortMap<u32, Known>) -> Self {
        Self { operations, list: Vec::new(), same: Places::none(), alike: Places::none() }
    }

    #[inline(never)]
    fn push(&mut self, case: Case) {
        self.same.push(case.hash_of_all());
        self.alike.push(case.hash);
        self.list.push(case);
    }

    /// Adds a case, unless one is there from which all can come that can come from it.
    #[inline(never)]
    fn keep(&mut self, case: Case) {
        let is = |number: &u32, what: fn(&Known) -> bool| self.operations.get(number).is_some_and(what);
        let covers = |at: usize| {
            let known = &self.list[at];
            known.value == case.value
                // A read that has taken effect asks for nothing more, and what need not take effect still can.
                && known.taken.iter().all(|number| case.has(*number) || is(number, Known::reads))
                && case.taken.iter().all(|number| known.has(*number) || is(number, |known| known.free))
        };
        let is_there =
            self.same.any(case.hash_of_all(), |at| self.list[at] == case) || self.alike.any(case.hash, covers);
        if !is_there {
            self.push(case);
        }
    }
}

/// The places in a list of what has a hash, by its last digits: the latest of each, and behind each the one before it. Counted from
/// one, so that zero is none.
struct Places {
    latest: [u32; Self::HEADS],
    before: Vec<u32>,
}

impl Places {
    const HEADS: usize = 64;

    const fn none() -> Self {
        Self { latest: [0; Self::HEADS], before: Vec::new() }
    }

    fn push(&mut self, hash: u64) {
        let place = self.before.len() as u32 + 1;
        self.before.push(std::mem::replace(&mut self.latest[hash as usize % Self::HEADS], place));
    }

    /// Whether it is so of any place of those that have it, and of some others.
    fn any(&self, hash: u64, is: impl Fn(usize) -> bool) -> bool {
        let mut place = self.latest[hash as usize % Self::HEADS];
        while let Some(at) = place.checked_sub(1) {
            if is(at as usize) {
                return true;
            }
            place = self.before[at as usize];
        }
        false
    }
}

#[cfg(test)]
mod tests;
