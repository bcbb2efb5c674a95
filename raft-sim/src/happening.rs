//! What happened, in order: what the page lists and the space-time diagram draws.

use std::borrow::Cow;
use std::collections::VecDeque;

use raft_core::{EntryId, Event, Index, ReadFailure, ReadId, Rejected, Section, ServerId, Term, Time};
use serde::ser::Error;
use serde::{Serialize, Serializer};

use crate::cause::Links;
use crate::checkers::Property;
use crate::input::Input;
use crate::plain::{Tree, Unwritable};

/// Something that happened, with its number and moment.
///
/// It is written as one flat object: its number, `time_us` and cause, then what happened, with the fields of a message's
/// [`Label`] among the others.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// Counted from 1.
    pub number: u64,
    /// When, in microseconds from the start.
    pub at: Time,
    /// The number of the record that brought it about: who sent what was delivered, what was handed to the server that
    /// decided, the decision after which a message was sent or that set the timer that ran out. None for what nothing
    /// recorded brought about: the beginning, and what is done from outside.
    pub cause: Option<u64>,
    /// What.
    pub happening: Happening,
}

impl Record {
    /// The record as plain data. (`#[serde(flatten)]` does the same by code that is compiled anew for every variant.)
    ///
    /// # Errors
    /// None.
    pub fn to_tree(&self) -> Result<Tree, Unwritable> {
        let mut fields = vec![
            (Cow::Borrowed("number"), Tree::of(&self.number)?),
            (Cow::Borrowed("time_us"), Tree::of(&self.at)?),
            (Cow::Borrowed("cause"), Tree::of(&self.cause)?),
        ];
        let Tree::Fields(happening) = Tree::of(&self.happening)? else { return Err(Unwritable) };
        for (name, value) in happening {
            match value {
                Tree::Fields(label) if name == "label" => fields.extend(label),
                value => fields.push((name, value)),
            }
        }
        Ok(Tree::Fields(fields))
    }
}

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_tree().map_err(S::Error::custom)?.serialize(serializer)
    }
}

/// Why a message does not arrive although nothing stands in its way.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// The link loses some, and this is one of them.
    Chance,
    /// It arrived, and its receiver is crashed.
    ReceiverDown,
    /// [`IN_FLIGHT_MAX`](crate::IN_FLIGHT_MAX) messages are on their way.
    TooManyInFlight,
    /// It was taken off its way by hand.
    ByHand,
    /// [`BACKLOG_MAX`](crate::BACKLOG_MAX) things wait at its receiver.
    BacklogFull,
}

/// Why a client asks again.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// No answer came in time.
    NoAnswer,
    /// The server does not lead (D§6.2).
    NotLeader,
    /// Another entry was applied in the place of its own.
    Replaced,
    /// The server cannot say any more what became of its entry: it ceased to lead, or a snapshot took the place of that
    /// part of its log.
    Unknown,
    /// The server could not answer a read.
    NotRead,
}

/// Why a read gets no answer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoRead {
    /// Whoever led when the read was asked for does so no longer, as far as the server knows.
    LeadershipLost,
    /// No quorum, or no leader, has answered for an election timeout.
    TimedOut,
    /// Whom the server took for the leader does not lead.
    NotLeader,
    /// The server crashed.
    Crashed,
}

impl From<ReadFailure> for NoRead {
    fn from(reason: ReadFailure) -> Self {
        match reason {
            ReadFailure::LeadershipLost => Self::LeadershipLost,
            ReadFailure::TimedOut => Self::TimedOut,
            ReadFailure::NotLeader => Self::NotLeader,
        }
    }
}

/// Which message. Each copy of one has a number of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Label {
    /// Its number, counted from 1.
    pub message: u64,
    /// Its sender.
    pub from: ServerId,
    /// Its receiver.
    pub to: ServerId,
    /// Which remote procedure call.
    pub name: &'static str,
    /// The sender's term.
    pub term: Term,
}

/// What happened.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Happening {
    /// A server decided something.
    Decision {
        /// Which.
        server: ServerId,
        /// Where the rule that decided is written.
        section: Section,
        /// What, with the values compared. Its moments are the world's; durations are by the server's own clock.
        event: Event,
    },
    /// A message left.
    Sent {
        /// Which message.
        label: Label,
    },
    /// A message was doubled on its way.
    Duplicated {
        /// The copy.
        label: Label,
        /// The number of the message it is a copy of.
        copy_of: u64,
    },
    /// A message arrived.
    Delivered {
        /// Which message.
        label: Label,
    },
    /// A message did not arrive.
    Lost {
        /// Which message.
        label: Label,
        /// Why.
        why: Loss,
    },
    /// A message arrived at a server that is paused or slow, and waits there. It is delivered when its turn comes.
    Waits {
        /// Which message.
        #[serde(flatten)]
        label: Label,
    },
    /// A message is held where it is.
    Held {
        /// Which message.
        #[serde(flatten)]
        label: Label,
    },
    /// A message that was held goes on.
    Released {
        /// Which message.
        #[serde(flatten)]
        label: Label,
    },
    /// A direction of a link that flaps was cut or mended.
    LinkTurned {
        /// Whose messages.
        from: ServerId,
        /// To whom.
        to: ServerId,
        /// Whether they are cut off now.
        cut: bool,
    },
    /// A message ran into a wall or a link cut by hand.
    Blocked {
        /// Which message.
        label: Label,
        /// The wall; none when the link was cut by hand.
        wall: Option<u32>,
    },
    /// A server refused a message: one that no correct server could have sent in this state, or the answer of a server that
    /// has been removed since.
    Refused {
        /// The server that refused it.
        server: ServerId,
        /// Who sent it.
        from: ServerId,
        /// Why.
        why: Rejected,
    },
    /// A server crashed.
    Crashed {
        /// Which.
        server: ServerId,
        /// How many pieces of what its disk was writing got onto it.
        written: u32,
    },
    /// A server started again.
    Restarted {
        /// Which.
        server: ServerId,
    },
    /// A server answered a read from its state machine.
    ReadAnswered {
        /// Which server.
        server: ServerId,
        /// The number of the read, counted from 1.
        read: ReadId,
        /// The key.
        key: String,
        /// Its value; none when nothing was written to it.
        value: Option<String>,
        /// The last index applied in the state that it was read from.
        index: Index,
    },
    /// A read got no answer.
    ReadFailed {
        /// The server that was asked.
        server: ServerId,
        /// The number of the read.
        read: ReadId,
        /// The key.
        key: String,
        /// Why.
        why: NoRead,
    },
    /// A server that was not there before has an empty disk and knows nobody.
    ServerAppeared {
        /// Which.
        server: ServerId,
    },
    /// A change of members was given up before it began: a new voter did not catch up (D§4.2.1).
    ChangeAbandoned {
        /// The leader.
        server: ServerId,
        /// Who was too slow.
        learner: ServerId,
    },
    /// A server led until now. It can no longer say what becomes of the entries that it had not committed.
    LeadershipLost {
        /// Which.
        server: ServerId,
        /// The first index that it did not know to be committed.
        uncertain_from: Index,
        /// The last entry of its log.
        last: EntryId,
    },
    /// A snapshot that was to take the place of a server's state could not be read. It went on with an empty state.
    SnapshotUnreadable {
        /// Which server.
        server: ServerId,
        /// Up to where the snapshot claimed to go.
        last_included: EntryId,
    },
    /// Something was done from outside.
    InputApplied {
        /// What.
        input: Input,
    },
    /// An input of the scenario could not be done when its time had come.
    InputRefused {
        /// Which.
        input: Input,
        /// Why.
        why: String,
    },
    /// A client asks a server for something.
    ClientRequested {
        /// Which client: 1 is the person's.
        client: u32,
        /// The number of its request.
        sequence: u64,
        /// Whom it asks.
        server: ServerId,
        /// What for: a text to write or append, or a key and a question mark to read it.
        value: String,
        /// Whether it is a read.
        reads: bool,
    },
    /// A client has its answer: what it asked for is applied, or read.
    ClientAnswered {
        /// Which client.
        client: u32,
        /// The number of its request.
        sequence: u64,
        /// Who answers.
        server: ServerId,
        /// The value that was read; none when it was no read, or nothing was written to the key.
        value: Option<String>,
    },
    /// A client goes on without an answer. What it asked for may be done, or still come to be done, or never.
    ClientGaveUp {
        /// Which client.
        client: u32,
        /// The number of its request.
        sequence: u64,
        /// Whom it asked.
        server: ServerId,
    },
    /// A client asks again elsewhere.
    ClientRetries {
        /// Which client.
        client: u32,
        /// The number of its request.
        sequence: u64,
        /// Whom it asks now.
        server: ServerId,
        /// Why.
        why: Retry,
    },
    /// A property that Raft guarantees does not hold. The run stops here.
    Violated {
        /// Which.
        property: Property,
    },
}

/// The latest records. Nothing in the world depends on it.
#[derive(Debug)]
pub(crate) struct Journal {
    records: VecDeque<Record>,
    /// Only what is observed is counted: two runs of one scenario number alike when both are observed from the beginning.
    count: u64,
    observed: bool,
    links: Links,
}

impl Clone for Journal {
    /// The records themselves stay: a clone goes on counting where this one is.
    fn clone(&self) -> Self {
        Self { records: VecDeque::new(), count: self.count, observed: self.observed, links: self.links.clone() }
    }
}

/// How many records are kept.
pub const RECORDS_KEPT: usize = 20_000;

impl Journal {
    pub(crate) fn new() -> Self {
        Self { records: VecDeque::new(), count: 0, observed: true, links: Links::default() }
    }

    pub(crate) fn observe(&mut self, observed: bool) {
        if observed != self.observed {
            // What was sent and set while nobody observed has no number.
            self.links = Links::default();
        }
        self.observed = observed;
    }

    /// Notes what may still bring something about.
    pub(crate) fn link(&mut self, note: impl FnOnce(&mut Links)) {
        if self.observed {
            note(&mut self.links);
        }
    }

    pub(crate) const fn observed(&self) -> bool {
        self.observed
    }

    /// The number of the latest record.
    pub(crate) const fn count(&self) -> u64 {
        self.count
    }

    /// Notes what happened; it is not even made when nobody observes.
    pub(crate) fn note(&mut self, at: Time, happening: impl FnOnce() -> Happening) {
        if self.observed {
            self.push(at, happening());
        }
    }

    /// Not inlined: `note` is compiled for each of its callers.
    #[inline(never)]
    fn push(&mut self, at: Time, happening: Happening) {
        self.count += 1;
        if self.records.len() == RECORDS_KEPT {
            self.records.pop_front();
        }
        let cause = self.links.link(self.count, &happening);
        self.records.push_back(Record { number: self.count, at, cause, happening });
    }

    /// The number of the latest record that is not kept any more.
    pub(crate) fn forgotten(&self) -> u64 {
        self.records.front().map_or(self.count, |record| record.number - 1)
    }

    /// How many bytes a clone of it takes, nearly.
    pub(crate) fn own_bytes(&self) -> usize {
        self.links.own_bytes()
    }

    /// The records with numbers above `number`, oldest first.
    pub(crate) fn since(&self, number: u64) -> impl Iterator<Item = &Record> {
        // The numbers have no gaps, so a record's number says where it stands.
        let skipped = number.saturating_sub(self.forgotten());
        self.records.iter().skip(usize::try_from(skipped).unwrap_or(usize::MAX))
    }
}
