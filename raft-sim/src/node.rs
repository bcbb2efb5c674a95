//! A server with what stands around it: its disk, its state machine, and the messages that wait for a save.

use std::collections::VecDeque;

use raft_core::{Durable, Index, Input as CoreInput, Message, SaveNumber, Server, ServerId, Time};

use crate::client::AwaitedBy;
use crate::disk::Disk;
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
}

/// The one entry of the queue that will wake a server. It may come too early, as most timers are set anew long before
/// they run out; it is then put off.
#[derive(Clone, Copy, Hash, Debug, Default)]
pub(crate) struct WakeUp {
    pub(crate) generation: u32,
    pub(crate) at: Option<Time>,
}

impl Node {
    /// A server and what its disk holds.
    pub(crate) fn new(id: ServerId, server: Server, durable: Durable) -> Self {
        Self {
            id,
            server: Some(server),
            disk: Disk::holding(durable),
            held: VecDeque::new(),
            store: Store::default(),
            applied: Index::ZERO,
            awaited: AwaitedBy::default(),
            incarnation: 1,
            wake_up: WakeUp::default(),
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

    /// What its disk holds.
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

    /// All that is volatile goes.
    pub(crate) fn crash(&mut self) {
        self.server = None;
        self.disk.crash();
        self.held.clear();
        self.store = Store::default();
        self.applied = Index::ZERO;
        self.awaited.clear();
        self.wake_up = WakeUp { generation: self.wake_up.generation.wrapping_add(1), at: None };
    }
}
