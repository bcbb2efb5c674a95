//! A server with what stands around it: its disk, its state machine, and the messages that wait for a save.

use std::collections::VecDeque;

use raft_core::{Durable, ElectionTimer, Index, Input as CoreInput, Message, SaveNumber, Server, ServerId, Time};

use crate::backlog::Pace;
use crate::client::AwaitedBy;
use crate::clock::Clock;
use crate::disk::Disk;
use crate::scenario::WorldOptions;
use crate::store::Store;

/// A server of the world, running or crashed.
#[derive(Clone, Hash, Debug)]
pub struct Node {
    pub(crate) id: ServerId,
    pub(crate) server: Option<Server>,
    pub(crate) disk: Disk,
    /// Messages that promise what a save holds, in the order in which they were sent.
    pub(crate) held: VecDeque<(SaveNumber, Message)>,
    pub(crate) store: Store,
    /// The last index applied in it.
    pub(crate) applied: Index,
    pub(crate) awaited: AwaitedBy,
    /// How often it was started.
    pub(crate) incarnation: u32,
    pub(crate) wake_up: WakeUp,
    pub(crate) pace: Pace,
    pub(crate) clock: Clock,
}

/// The one entry of the queue that will wake a server. It may come too early, as most timers are set anew long before
/// they run out; it is then put off.
#[derive(Clone, Copy, Hash, Debug, Default)]
pub(crate) struct WakeUp {
    pub(crate) generation: u32,
    pub(crate) at: Option<Time>,
    /// Whether it has come, and waits with what else the server has yet to handle.
    pub(crate) waits: bool,
}

impl Node {
    /// A server and what its disk holds.
    pub(crate) fn new(id: ServerId, server: Server, durable: Durable, options: &WorldOptions) -> Self {
        Self {
            id,
            server: Some(server),
            disk: Disk::holding(durable, (options.disk_us_min, options.disk_us_max)),
            held: VecDeque::new(),
            store: Store::default(),
            applied: Index::ZERO,
            awaited: AwaitedBy::default(),
            incarnation: 1,
            wake_up: WakeUp::default(),
            pace: Pace::default(),
            clock: Clock::default(),
        }
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> ServerId {
        self.id
    }

    /// Whether it runs.
    #[must_use]
    pub const fn is_up(&self) -> bool {
        self.server.is_some()
    }

    /// The server; none while it is crashed.
    #[must_use]
    pub const fn server(&self) -> Option<&Server> {
        self.server.as_ref()
    }

    /// Whether it is paused.
    #[must_use]
    pub const fn is_paused(&self) -> bool {
        self.pace.paused
    }

    /// How long it takes for each thing that it handles, in microseconds; 0 is normal.
    #[must_use]
    pub const fn step_us(&self) -> u64 {
        self.pace.step_us
    }

    /// How many things it has yet to handle.
    #[must_use]
    pub fn backlog(&self) -> usize {
        self.pace.backlog.len()
    }

    /// Its own clock.
    #[must_use]
    pub const fn clock(&self) -> Clock {
        self.clock
    }

    /// Its election timer, in the world's time; a leader and a crashed server have none.
    #[must_use]
    pub fn election_timer(&self) -> Option<ElectionTimer> {
        let ElectionTimer { started, deadline } = self.server.as_ref()?.election_timer()?;
        Some(ElectionTimer { started: self.clock.shows_at(started), deadline: self.clock.shows_at(deadline) })
    }

    /// Its disk.
    #[must_use]
    pub const fn disk(&self) -> &Disk {
        &self.disk
    }

    /// What its disk says it holds.
    #[must_use]
    pub const fn durable(&self) -> &Durable {
        self.disk.durable()
    }

    /// Its state machine; empty while it is crashed.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// How many saves its disk has before it.
    #[must_use]
    pub fn saves_under_way(&self) -> usize {
        self.disk.under_way()
    }

    /// What lets the server take a snapshot now; none while it is crashed.
    pub(crate) fn compact(&self) -> Option<CoreInput> {
        let upto = self.server.as_ref()?.last_applied();
        Some(CoreInput::Compact { upto, data: self.store.snapshot().into() })
    }

    /// All that is volatile goes. Returns how many pieces of what the disk was writing got onto it, `written` at most.
    pub(crate) fn crash(&mut self, written: u32) -> u32 {
        self.server = None;
        let written = self.disk.crash(written);
        self.held.clear();
        self.store = Store::default();
        self.applied = Index::ZERO;
        self.awaited.clear();
        self.wake_up = WakeUp { generation: self.wake_up.generation.wrapping_add(1), ..WakeUp::default() };
        self.pace.paused = false;
        self.pace.backlog.clear();
        self.pace.turn = self.pace.turn.wrapping_add(1);
        written
    }
}
