//! What a leader keeps: of itself, and of each other member of the cluster.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use crate::membership::CatchingUp;
use crate::read::Reads;
use crate::{Index, Options, Round, ServerId, Snapshot, Time};

/// What belongs to leading.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Leading {
    /// What is known of each other member's log, learners included, by rising id.
    pub followers: Vec<Progress>,
    /// When the next heartbeats are due.
    pub heartbeat_due: Time,
    /// When it looks whether a quorum has answered; without CheckQuorum it never does.
    pub quorum_due: Time,
    /// To whom it is handing over, if it is.
    pub transfer: Option<Transfer>,
    /// The new voters that are brought up to date before they count, if there are some.
    pub catching_up: Option<CatchingUp>,
    /// The latest of its rounds of heartbeats.
    pub round: Round,
    /// The reads that wait for an answer, and what answers them.
    pub(crate) reads: Reads,
}

impl Leading {
    /// The place of a follower in the list.
    pub(crate) fn place_of(&self, id: ServerId) -> Option<usize> {
        self.followers.iter().position(|follower| follower.id == id)
    }
}

/// A leadership that is being handed over (D§3.10).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Transfer {
    /// To whom.
    pub to: ServerId,
    /// When it is given up.
    pub until: Time,
}

/// How many appends may be on their way to a follower after one of those that follow each other did not fit. With one, a
/// follower that is far behind where messages overtake each other gains an append's entries with every round trip; with all,
/// each conflict sends a whole window again.
const WINDOW_AFTER_CONFLICT: u32 = 8;

/// What a leader knows of one follower's log.
///
/// Invariant: `match_index < next_index`, and `next_index` is at most one past the leader's last index.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Progress {
    /// The follower.
    pub id: ServerId,
    /// The next entry to send it.
    pub next_index: Index,
    /// Up to where its log is known to agree with the leader's, durably.
    pub match_index: Index,
    /// How it is being sent the log.
    pub flow: Flow,
    /// Whether it has answered since the leader last looked for a quorum (D§6.2).
    pub heard: bool,
    /// The latest round that it has answered.
    pub round: Round,
    /// How many appends may be on their way. Where they get lost or overtake each other, few are sent again at a time: each
    /// of them may be answered by a conflict, and were all sent again at each, one window would bring forth many.
    window: u32,
    /// What is on its way, unacknowledged, oldest first: the last index of each append, and its bytes.
    in_flight: VecDeque<(Index, usize)>,
    bytes_in_flight: usize,
    /// The snapshot that it is being sent. It is sent to its end, whatever the leader's latest is by then: where snapshots are
    /// taken faster than they travel, none would ever arrive.
    pub(crate) snapshot: Option<Snapshot>,
}

/// How a follower is being sent the log.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Flow {
    /// Where the logs agree is not known. One append at a time looks for it.
    Probe {
        /// Whether one is on its way. It is sent again with the next heartbeat.
        asked: bool,
    },
    /// The logs agreed before `next_index` when last heard of. Appends follow each other without waiting (D§10.2.2).
    Replicate,
    /// It needs entries that are gone, and is sent the snapshot, part by part (P§7).
    Snapshot {
        /// The last index that the snapshot stands for.
        last_included_index: Index,
        /// Where the part on its way begins. It is sent again with the next heartbeat.
        offset: u64,
    },
}

impl Progress {
    /// Nothing is known; the guess is that the log equals the leader's (P§5.3).
    pub(crate) const fn fresh(id: ServerId, next_index: Index) -> Self {
        Self {
            id,
            next_index,
            match_index: Index::ZERO,
            flow: Flow::Probe { asked: false },
            heard: false,
            round: Round::ZERO,
            window: u32::MAX,
            in_flight: VecDeque::new(),
            bytes_in_flight: 0,
            snapshot: None,
        }
    }

    /// Whether an append that did not fit, with this entry before its own, says what is not known yet.
    pub(crate) fn is_conflict(&self, prev_log_index: Index) -> bool {
        prev_log_index > self.match_index
            && match self.flow {
                // A probe is answered once.
                Flow::Probe { .. } => prev_log_index.next() == self.next_index,
                // Of appends that follow each other, any may be the first that does not fit.
                Flow::Replicate => prev_log_index < self.next_index,
                Flow::Snapshot { .. } => false,
            }
    }

    /// Goes back to where the logs may agree.
    pub(crate) fn go_back(&mut self, next_index: Index) {
        if self.flow == Flow::Replicate {
            self.window = WINDOW_AFTER_CONFLICT;
        }
        self.begin(Flow::Probe { asked: false }, next_index);
    }

    /// How many entries are on their way.
    #[must_use]
    pub fn entries_in_flight(&self) -> usize {
        match self.flow {
            Flow::Replicate => self.next_index.since(self.match_index.next()) as usize,
            Flow::Probe { .. } | Flow::Snapshot { .. } => 0,
        }
    }

    /// How many entries, and how many bytes, the next append may hold; none when nothing may be sent now.
    pub(crate) fn room(&self, last: Index, options: &Options) -> Option<(usize, usize)> {
        match self.flow {
            Flow::Snapshot { .. } | Flow::Probe { asked: true } => None,
            Flow::Probe { asked: false } => Some((options.entries_per_append_max, options.bytes_per_append_max)),
            Flow::Replicate if self.next_index > last || self.in_flight.len() >= self.window as usize => None,
            Flow::Replicate => {
                let entries = options.entries_in_flight_max.checked_sub(self.entries_in_flight())?;
                let bytes = options.bytes_in_flight_max.checked_sub(self.bytes_in_flight)?;
                let waiting = last.next().since(self.next_index) as usize;
                // When more waits than there is room for, it goes in larger parts, not in driblets with every answer.
                let driblet = entries < waiting && entries * 2 < options.entries_in_flight_max;
                let room = entries > 0 && !driblet && (bytes > 0 || self.in_flight.is_empty());
                room.then(|| (entries.min(options.entries_per_append_max), bytes.min(options.bytes_per_append_max)))
            }
        }
    }

    /// An append with so many entries, of so many bytes, leaves.
    pub(crate) fn sent(&mut self, entries: usize, bytes: usize) {
        match &mut self.flow {
            // What was guessed stays guessed until it is answered.
            Flow::Probe { asked } => *asked = true,
            Flow::Replicate if entries > 0 => {
                self.next_index = self.next_index.plus(entries as u64);
                self.in_flight.push_back((self.next_index.previous(), bytes));
                self.bytes_in_flight += bytes;
            }
            Flow::Replicate | Flow::Snapshot { .. } => {}
        }
    }

    /// The log agrees up to here. Whether that is news.
    pub(crate) fn matches(&mut self, match_index: Index) -> bool {
        let news = match_index > self.match_index;
        if news {
            self.window = self.window.saturating_add(1);
        }
        self.match_index = self.match_index.max(match_index);
        self.next_index = self.next_index.max(self.match_index.next());
        while let Some(&(last, bytes)) = self.in_flight.front()
            && last <= self.match_index
        {
            self.bytes_in_flight -= bytes;
            self.in_flight.pop_front();
        }
        news
    }

    /// Changes how the follower is sent the log, beginning with this entry. What is on its way counts no longer.
    pub(crate) fn begin(&mut self, flow: Flow, next_index: Index) {
        self.flow = flow;
        self.next_index = next_index;
        self.in_flight.clear();
        self.bytes_in_flight = 0;
        self.snapshot = None;
    }
}
