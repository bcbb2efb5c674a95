//! What all clients asked and were answered, and whether that can be explained (P§8, D§6.3).

use std::collections::VecDeque;
use std::fmt::Write;

use raft_core::{Index, Payload, Term, Time};
use serde::Serialize;

use crate::checkers::{Check, Property, Violation};
use crate::linearizability::{ClientOperation, KeyHistory, OperationKind, Verdict};
use crate::short_map::ShortMap;
use crate::store::{Operation, Wanted};

/// Which operation: the client and its number for it.
pub(crate) type Which = (u32, u64);

/// How the check of the clients' history stands ([`World::linearizability`](crate::World::linearizability)).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize)]
pub struct Linearizability {
    /// How many operations clients asked for,
    pub asked: u64,
    /// how many of them they were answered,
    pub answered: u64,
    /// and how many ended without an answer.
    pub unknown: u64,
    /// How often the search for an explanation was too large to be finished: what one key's operations had been until
    /// then is not held against those that came after. 0: everything answered so far can be explained, or
    /// [`World::violation`](crate::World::violation) says what cannot.
    pub undecided: u64,
    /// When that was first.
    pub undecided_since_us: Option<Time>,
}

/// What is remembered of a key.
#[derive(Clone, Debug)]
struct Key {
    history: KeyHistory,
    /// The writes and appends that were answered last, as evidence.
    latest: VecDeque<ClientOperation>,
}

/// So many.
const LATEST: usize = 8;

/// The history of all clients, as far as it is not decided.
#[derive(Clone, Debug, Default)]
pub(crate) struct ClientHistory {
    keys: ShortMap<String, Key>,
    /// The key of each operation that is open or ended without an answer, and its number there.
    open: ShortMap<Which, (String, u32)>,
    direct: u64,
    /// Whether the run began in the middle: keys may have been written before.
    in_the_middle: bool,
    /// Up to where it was noted what servers applied.
    applied: Index,
    counts: Linearizability,
    /// Whether nothing else judges reads.
    #[cfg(test)]
    judges_alone: bool,
}

impl ClientHistory {
    /// The number of the next operation that a person asks of a server directly.
    pub(crate) const fn next_direct(&mut self) -> u64 {
        self.direct += 1;
        self.direct
    }

    /// Whether reads are not judged by the index of the state that they show as well: never, but in this module's tests.
    #[allow(clippy::unused_self)]
    pub(crate) const fn judges_alone(&self) -> bool {
        #[cfg(test)]
        return self.judges_alone;
        #[cfg(not(test))]
        false
    }

    pub(crate) const fn counts(&self) -> Linearizability {
        self.counts
    }

    pub(crate) fn asked(&mut self, now: Time, (client, sequence): Which, wanted: Wanted<'_>) {
        let (kind, key, text) = match wanted {
            Wanted::Write(key, text) => (OperationKind::Write, key, Some(text)),
            Wanted::Append(key, text) => (OperationKind::Append, key, Some(text)),
            Wanted::Read(key) => (OperationKind::Read, key, None),
        };
        let (key, value) = (key.to_owned(), text.map(str::to_owned));
        let operation =
            ClientOperation { client, sequence, kind, key: key.clone(), value, asked_us: now, answered_us: None };
        let number = self.ask(operation);
        self.open.insert((client, sequence), (key, number));
        self.counts.asked += 1;
    }

    fn ask(&mut self, operation: ClientOperation) -> u32 {
        let in_the_middle = self.in_the_middle;
        let new = || {
            let history = if in_the_middle { KeyHistory::of_anything() } else { KeyHistory::new() };
            Key { history, latest: VecDeque::new() }
        };
        self.keys.get_or_insert_with(&operation.key, new).history.ask(operation)
    }

    /// The run begins in the middle. Nobody knows what the keys held before, and what stands in some server's log, or is on
    /// its way to one, may come to be applied or not.
    pub(crate) fn begin_in_the_middle<'a>(&mut self, entries: impl Iterator<Item = (Index, Term, &'a Payload)>) {
        self.in_the_middle = true;
        let mut seen = ShortMap::default();
        for (index, term, payload) in entries {
            let Payload::Command(command) = payload else { continue };
            let Some(operation) = Operation::decode(command) else { continue };
            if seen.insert((index, term), ()).is_some() {
                continue;
            }
            let (kind, key, text) = match operation.wants() {
                Wanted::Write(key, text) => (OperationKind::Write, key, text),
                Wanted::Append(key, text) => (OperationKind::Append, key, text),
                Wanted::Read(_) => continue,
            };
            let number = self.ask(ClientOperation {
                client: operation.client,
                sequence: operation.sequence,
                kind,
                key: key.to_owned(),
                value: Some(text.to_owned()),
                asked_us: Time::ZERO,
                answered_us: None,
            });
            if let Some(key) = self.keys.get_mut(key)
                && !key.history.end(number)
            {
                self.undecided(Time::ZERO);
            }
        }
    }

    /// A server has applied an entry.
    pub(crate) fn applied(&mut self, index: Index, payload: &Payload) {
        if index <= self.applied {
            return;
        }
        self.applied = index;
        let Payload::Command(command) = payload else { return };
        if let Some(Operation { client, sequence, .. }) = Operation::decode(command)
            && let Some((name, number)) = self.open.get(&(client, sequence))
            && let Some(key) = self.keys.get_mut(name)
        {
            key.history.apply(*number);
        }
    }

    /// An operation is answered; a read with the value that it shows.
    pub(crate) fn answered(&mut self, now: Time, which: Which, shows: Option<String>) -> Check {
        let Some((name, number)) = self.open.remove(&which) else { return Ok(()) };
        let Some(key) = self.keys.get_mut(&name) else { return Ok(()) };
        self.counts.answered += 1;
        let change = key.history.get(number).filter(|operation| operation.kind != OperationKind::Read);
        if let Some(change) = change {
            if key.latest.len() == LATEST {
                key.latest.pop_front();
            }
            key.latest.push_back(ClientOperation { answered_us: Some(now), ..change.clone() });
        }
        match key.history.answer(number, now, shows) {
            Verdict::Ok => Ok(()),
            Verdict::Violated(read) => {
                let before = key.latest.iter().rfind(|change| change.answered_us <= Some(read.asked_us));
                violation(now, *read, before.cloned())
            }
            Verdict::LetGo => {
                self.undecided(now);
                Ok(())
            }
        }
    }

    /// Nobody will learn what became of an operation.
    pub(crate) fn ended(&mut self, now: Time, which: Which) {
        let Some((name, number)) = self.open.get(&which) else { return };
        self.counts.unknown += 1;
        let Some(key) = self.keys.get_mut(name) else { return };
        if !key.history.end(*number) {
            self.undecided(now);
        }
        // What became of those that are of no account any more need not be known either.
        let Self { keys, open, .. } = self;
        open.retain(|_, (name, number)| keys.get(name.as_str()).is_some_and(|key| key.history.get(*number).is_some()));
    }

    /// A person's operation was refused at once: it is as though it had never been asked for.
    pub(crate) fn take_back(&mut self, which: Which, before: Linearizability) {
        if let Some((name, number)) = self.open.remove(&which)
            && let Some(key) = self.keys.get_mut(&name)
        {
            key.history.end(number);
        }
        self.direct -= 1;
        self.counts = before;
    }

    const fn undecided(&mut self, now: Time) {
        self.counts.undecided += 1;
        if self.counts.undecided_since_us.is_none() {
            self.counts.undecided_since_us = Some(now);
        }
    }
}

/// What a read was answered that nothing explains. `before` is the latest change that was answered before it was asked
/// for.
fn violation(now: Time, read: ClientOperation, before: Option<ClientOperation>) -> Check {
    let mut text = format!("{} read {}", who(&read), shown(&read, "="));
    at(&mut text, " (asked at", Some(read.asked_us));
    at(&mut text, ", answered at", read.answered_us);
    text += ")";
    if let Some(change) = &before {
        let (what, sign) = match change.kind {
            OperationKind::Append => ("append", "+="),
            _ => ("write", "="),
        };
        text += &format!(", after {}'s {what} {} had been answered", who(change), shown(change, sign));
        at(&mut text, " (at", change.answered_us);
        text += ")";
    }
    text += &format!(". No order of the operations on {} explains what was read.", read.key);
    let mut violation = Violation::new(Property::Linearizability, now, text, &[], &[], &[]);
    if let Err(violation) = &mut violation {
        violation.operations = before.into_iter().chain([read]).collect();
    }
    violation
}

fn who(operation: &ClientOperation) -> String {
    match operation.client {
        0 => "the person".to_owned(),
        1 => "the person's client".to_owned(),
        client => format!("client {client}"),
    }
}

fn shown(operation: &ClientOperation, sign: &str) -> String {
    match &operation.value {
        Some(value) => format!("{}{sign}{value}", operation.key),
        None => format!("{} as never written", operation.key),
    }
}

/// Milliseconds, to the microsecond.
fn at(text: &mut String, before: &str, moment: Option<Time>) {
    if let Some(Time(us)) = moment {
        // Writing to a text does not fail.
        let _ = write!(text, "{before} {}.{:03} ms", us / 1_000, us % 1_000);
    }
}

#[cfg(test)]
mod tests;
