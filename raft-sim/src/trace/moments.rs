//! What each server was at each line of a trace.

use raft_core::{EntryId, Index, Payload, ServerId, Term, Time};

use super::forest::{Forest, Place, START};
use super::text_of;
use crate::store::Operation;

/// What a server is, as far as a trace says so.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ServerRole {
    /// A follower, or one of whom nothing else is known.
    #[default]
    Follower,
    /// A candidate.
    Candidate,
    /// The leader of its term.
    Leader,
    /// It is crashed.
    Down,
}

/// A server at some line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ServerState {
    /// What it is.
    pub role: ServerRole,
    /// Its term.
    pub term: Term,
    /// Whom it is known to have voted for last, and in which term.
    pub vote: Option<(Term, ServerId)>,
    /// Its commit index.
    pub commit: Index,
    /// Up to where its state machine is.
    pub applied: Index,
    /// Up to where a snapshot stands for its log.
    pub base: Index,
    /// Where its log and the one on its disk end.
    pub(super) last: Place,
    pub(super) disk_last: Place,
    /// The term on its disk, with the vote in it.
    pub disk_term: Term,
    /// The vote on its disk.
    pub disk_vote: Option<ServerId>,
}

impl ServerState {
    pub(super) const NEW: Self = Self {
        role: ServerRole::Follower,
        term: Term::ZERO,
        vote: None,
        commit: Index::ZERO,
        applied: Index::ZERO,
        base: Index::ZERO,
        last: START,
        disk_last: START,
        disk_term: Term::ZERO,
        disk_vote: None,
    };
}

/// An entry of a log, for people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogEntry {
    /// Its index and term.
    pub id: EntryId,
    /// The line by which it came into any log.
    pub line: u64,
    /// What it carries: a text, the members, or nothing.
    pub value: String,
}

/// All moments of a trace. To look at one takes as long as to search a list by halves, once for each server.
#[derive(Debug, Default)]
pub struct Moments {
    pub(super) forest: Forest,
    /// Of each server, what it was from a line on.
    states: Vec<Vec<(u64, ServerState)>>,
    /// The first line of each moment.
    times: Vec<(u64, Time)>,
}

impl Moments {
    /// How many servers there are at the end.
    #[must_use]
    pub const fn servers(&self) -> usize {
        self.states.len()
    }

    /// The last line whose time is no later than this; the first if all are.
    #[must_use]
    pub fn line_at(&self, time: Time) -> u64 {
        let later = self.times.partition_point(|&(_, at)| at <= time);
        match self.times.get(later) {
            Some(&(next, _)) => next - 1,
            None => u64::MAX,
        }
    }

    /// The time of a line.
    #[must_use]
    pub fn time_of(&self, line: u64) -> Time {
        let upto = self.times.partition_point(|&(first, _)| first <= line);
        self.times[..upto].last().map_or(Time::ZERO, |&(_, at)| at)
    }

    /// What a server was once this line had happened; none before it was there.
    #[must_use]
    pub fn server(&self, server: ServerId, line: u64) -> Option<&ServerState> {
        let states = self.states.get((server.0 as usize).checked_sub(1)?)?;
        let upto = states.partition_point(|&(from, _)| from <= line);
        states[..upto].last().map(|(_, state)| state)
    }

    /// The last entry of a server's log.
    #[must_use]
    pub fn last(&self, state: &ServerState) -> EntryId {
        self.forest.id(state.last)
    }

    /// The last entry of the log on its disk.
    #[must_use]
    pub fn last_on_disk(&self, state: &ServerState) -> EntryId {
        self.forest.id(state.disk_last)
    }

    /// A server's log from its end on down, to where a snapshot stands for it.
    pub fn log<'a>(&'a self, state: &'a ServerState) -> impl Iterator<Item = LogEntry> + 'a {
        let up = |&place: &Place| Some(self.forest.parent(place));
        std::iter::successors(Some(state.last), up).take_while(|&place| self.forest.id(place).index > state.base).map(
            |place| LogEntry {
                id: self.forest.id(place),
                line: self.forest.line(place),
                value: shown(self.forest.payload(place)),
            },
        )
    }

    pub(super) fn note(&mut self, line: u64, at: Time, server: usize, state: ServerState) {
        if self.times.last().is_none_or(|&(_, last)| last != at) {
            self.times.push((line, at));
        }
        self.states.resize_with(self.states.len().max(server + 1), Vec::new);
        self.states[server].push((line, state));
    }
}

fn shown(payload: &Payload) -> String {
    match payload {
        Payload::Noop => String::new(),
        Payload::Command(command) => match (text_of(command), Operation::decode(command)) {
            (Some(text), _) => text.to_owned(),
            (None, Some(operation)) => operation.shown().to_owned(),
            (None, None) => format!("{} bytes", command.bytes().len()),
        },
        Payload::Configuration(members) => {
            let names = |servers: &[ServerId]| servers.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
            let mut text = names(members.voters());
            if let Some(old) = members.old_voters() {
                text += &format!(", old {}", names(old));
            }
            if !members.learners().is_empty() {
                text += &format!(", learning {}", names(members.learners()));
            }
            text
        }
    }
}
