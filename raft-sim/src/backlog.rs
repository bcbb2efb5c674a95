//! What waits at a server that is paused or slow, and how it is worked off.

use std::collections::VecDeque;

use raft_core::{Input as CoreInput, SaveNumber};

use crate::client::ClientMessage;
use crate::happening::{Happening, Loss};
use crate::network::InFlight;
use crate::queue::Due;
use crate::world::World;

/// The most that waits at one server; further messages are lost.
pub const BACKLOG_MAX: usize = 5_000;

/// Something that a server has yet to handle.
#[derive(Clone, Hash, Debug)]
pub(crate) enum Work {
    /// A timer of its own has run out.
    WakeUp,
    /// A message has arrived.
    Message(InFlight),
    /// Its disk has done all saves up to this one.
    Saved(SaveNumber),
    /// A client's request has arrived; with its number.
    Request(u64, ClientMessage),
}

/// How a server gets its work done.
#[derive(Clone, Hash, Debug, Default)]
pub(crate) struct Pace {
    /// Whether it is frozen, as by SIGSTOP.
    pub(crate) paused: bool,
    /// How long it takes for each thing that it handles.
    pub(crate) step_us: u64,
    /// What it has yet to handle, in the order in which it came.
    pub(crate) backlog: VecDeque<Work>,
    /// Which entry of the queue means that the first of it is handled.
    pub(crate) turn: u32,
}

impl Pace {
    /// Whether what comes now has to wait.
    pub(crate) fn is_held_up(&self) -> bool {
        self.paused || self.step_us > 0 || !self.backlog.is_empty()
    }
}

impl World {
    /// Whether what comes to a server now has to wait.
    pub(crate) fn is_held_up(&self, node: usize) -> bool {
        self.nodes[node].pace.is_held_up()
    }

    /// Lets a server handle something when its turn has come.
    pub(crate) fn put_off(&mut self, node: usize, work: Work) {
        let pace = &mut self.nodes[node].pace;
        let is_full = pace.backlog.len() >= BACKLOG_MAX;
        match work {
            Work::Message(message) => {
                let label = message.label();
                if is_full {
                    return self.journal.note(self.now, || Happening::Lost { label, why: Loss::BacklogFull });
                }
                pace.backlog.push_back(Work::Message(message));
                self.journal.note(self.now, || Happening::Waits { label });
            }
            // Its client will ask elsewhere.
            Work::Request(..) if is_full => return,
            // There is one timer, and no more saves than were asked for.
            work => pace.backlog.push_back(work),
        }
        if self.nodes[node].pace.backlog.len() == 1 {
            self.schedule_turn(node);
        }
    }

    /// What waits first at a server is handled when it has had the time for it; what was said of that before is void.
    pub(crate) fn schedule_turn(&mut self, node: usize) {
        let pace = &mut self.nodes[node].pace;
        pace.turn = pace.turn.wrapping_add(1);
        if !pace.paused && !pace.backlog.is_empty() {
            let due = Due::Turn { server: node as u32, turn: pace.turn };
            self.queue.schedule(self.now.plus(pace.step_us), due);
        }
    }

    /// A server handles what waits first.
    pub(crate) fn take_turn(&mut self, node: usize) {
        match self.nodes[node].pace.backlog.pop_front() {
            Some(Work::WakeUp) => self.wake_up(node),
            Some(Work::Message(message)) => self.receive(message.label(), message.into_message()),
            Some(Work::Saved(number)) => self.saved(node, number),
            Some(Work::Request(number, message)) => self.hear_client(number, message),
            None => {}
        }
        self.schedule_turn(node);
    }

    /// Lets a server handle that its timer has run out.
    pub(crate) fn wake_up(&mut self, node: usize) {
        self.nodes[node].wake_up.waits = false;
        let id = self.nodes[node].id;
        self.journal.link(|links| links.woken(id));
        // Waking a server up is never refused.
        let _ = self.hand(node, CoreInput::WakeUp, None);
    }
}
